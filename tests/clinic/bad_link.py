#!/usr/bin/env python3
"""A long and lossy link: a server and a client in network namespaces of their own, and between them
packets that take their time, of which some never arrive.

Usage: bad_link.py MILLISECONDS PERCENT SEED SERVER... -- CLIENT...
MILLISECONDS for one way. The server is told its address in the environment (ADDRESS), and the
client's (PEER); in CLIENT {host} stands for it and {port} for what the server's first line ends
with. Ends as the client does; 77: the system has no such link.
"""
import ctypes
import fcntl
import heapq
import os
import random
import select
import signal
import socket
import struct
import subprocess
import sys
import time

ADDRESSES = ("10.99.0.1", "10.99.0.2")  # of the client, of the server
CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 1, 0x1000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8914, 0x8916, 0x891C
IFF_UP = 1


def bring_up(name, address=None):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        def set_address(request, value):
            packed = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, socket.inet_aton(value))
            fcntl.ioctl(control, request, packed)
        if address:
            set_address(SIOCSIFADDR, address)
            set_address(SIOCSIFNETMASK, "255.255.255.0")
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", name, IFF_UP))


def own_network(address):
    """This process gets a network with nothing but one end of the link, which is returned."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"link", IFF_TUN | IFF_NO_PI))
    bring_up(b"lo")
    bring_up(b"link", address)
    return tun


def start_server(command):
    """The server, and its end of the link."""
    ours, theirs = socket.socketpair()
    out_read, out_write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        tun = own_network(ADDRESSES[1])
        socket.send_fds(theirs, [b"x"], [tun])
        os.dup2(out_write, 1)
        os.environ["ADDRESS"], os.environ["PEER"] = ADDRESSES[1], ADDRESSES[0]
        os.execvp(command[0], command)
    theirs.close()
    os.close(out_write)
    _, tuns, _, _ = socket.recv_fds(ours, 1, 1)
    line = os.fdopen(out_read).readline()
    return child, tuns[0], line.split()[-1].rpartition(":")[2]


def carry(ends, delay, loss, chance, client):
    """Packets from each end to the other, until the client has ended."""
    waiting = []  # (when it arrives, in which order it was sent, where, what)
    count = 0
    while client.poll() is None:
        patience = 0.1 if not waiting else max(0, min(0.1, waiting[0][0] - time.monotonic()))
        for end in select.select(ends, [], [], patience)[0]:
            packet = os.read(end, 65536)
            count += 1
            if chance.random() >= loss:
                other = ends[1 - ends.index(end)]
                heapq.heappush(waiting, (time.monotonic() + delay, count, other, packet))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(waiting)
            os.write(end, packet)
    return client.returncode


def main():
    delay, loss, seed = (float(word) for word in sys.argv[1:4])
    commands = sys.argv[4:]
    at = commands.index("--")
    try:
        near = own_network(ADDRESSES[0])
        server, far, port = start_server(commands[:at])
    except (OSError, IndexError) as error:
        print(f"no such link here: {error}", file=sys.stderr)
        return 77
    try:
        client = subprocess.Popen([word.replace("{host}", ADDRESSES[1]).replace("{port}", port)
                                   for word in commands[at + 1:]])
        return carry([near, far], delay / 1000, loss / 100, random.Random(seed), client)
    finally:
        os.killpg(server, signal.SIGKILL)


sys.exit(main())
