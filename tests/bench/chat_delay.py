"""How long a line of talk takes from talk_client to the desk, while other things go on.

The desk is a real talk_server whose window is pty_reader; the visitor is a real talk_client with
its input on a pipe. Both clocks are CLOCK_MONOTONIC of one machine.
"""
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time


class Place:
    """Where the two ends run: on loopback, or in a network namespace each with a narrow link."""

    def __init__(self, rate=None, latency="5ms"):
        self.rate = rate
        self.address = "127.0.0.1"
        if rate is None:
            return
        self.address = "10.99.0.1"
        run = lambda command: subprocess.run(command.split(), check=True)
        self.close()
        run("ip netns add talkdesk")
        run("ip netns add talkvisitor")
        run("ip link add tdesk netns talkdesk type veth peer name tvisitor netns talkvisitor")
        for space, device, address in (("talkdesk", "tdesk", "10.99.0.1"),
                                       ("talkvisitor", "tvisitor", "10.99.0.2")):
            ip = f"ip -n {space} "
            run(ip + f"addr add {address}/24 dev {device}")
            run(ip + f"link set {device} up")
            run(ip + "link set lo up")
            # As a real network card of that speed would do it: no packets of 64 KiB.
            subprocess.run(f"ip netns exec {space} ethtool -K {device} tso off gso off".split(),
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            tc = f"tc -n {space} qdisc add dev {device} root "
            run(tc + f"tbf rate {rate} burst 4kb latency 500ms")

    def command(self, side, words):
        return words if self.rate is None else ["ip", "netns", "exec", "talk" + side] + words

    def close(self):
        if self.rate is None:
            return
        for space in ("talkdesk", "talkvisitor"):
            subprocess.run(["ip", "netns", "del", space], stderr=subprocess.DEVNULL)


def measure(tools, place, file=None, chat=True, duration=10.0, pause=0.02, until_sent=False,
            preload_visitor=None, preload_desk=None):
    """Returns (delays in ms, seconds the upload took or None, bytes that had come)."""
    work = tempfile.mkdtemp(prefix="talk-bench-", dir="/dev/shm")
    desk = os.path.join(work, "desk")
    os.mkdir(desk)
    log = os.path.join(work, "log")
    environment = dict(os.environ, TALK_SCREEN="plain", TALK_LINGER="0")
    window = f"{tools['pty_reader']} {log}"
    if preload_desk:
        window = f"env LD_PRELOAD={preload_desk} " + window
    server = subprocess.Popen(
        place.command("desk", [tools["talk_server"], "--plain", "--linger", "0", "--terminal",
                               window, "--bind", place.address, "0", desk]),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    port = re.search(rb":(\d+)\n", server.stdout.readline()).group(1).decode()
    environment = dict(os.environ)
    if preload_visitor:
        environment["LD_PRELOAD"] = preload_visitor
    visitor = subprocess.Popen(
        place.command("visitor", [tools["talk_client"], "--plain", "--commands", "--name", "alice",
                                  place.address, port]),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
        bufsize=0)
    os.set_blocking(visitor.stderr.fileno(), False)
    said = b""
    deadline = time.monotonic() + 10
    while b"connected" not in said and time.monotonic() < deadline:
        said += visitor.stderr.read() or b""
        time.sleep(0.01)
    began = time.monotonic()
    took = None
    sent = {}
    try:
        if file:
            visitor.stdin.write(f"/send {file}\n".encode())
        number = 0
        while True:
            now = time.monotonic()
            said += visitor.stderr.read() or b""
            if b"stored by" in said and took is None:
                took = now - began
            if (until_sent and took is not None) or (not until_sent and now - began > duration):
                break
            if now - began > 120:
                raise RuntimeError("the upload does not end: " + said.decode())
            if chat and (took is None or not file):
                sent[number] = time.monotonic_ns()
                visitor.stdin.write(f"@{number}@\n".encode())
                number += 1
            time.sleep(pause)
        arrived = sum(os.path.getsize(os.path.join(desk, name)) for name in os.listdir(desk))
        time.sleep(0.7)
    finally:
        visitor.send_signal(signal.SIGKILL)
        visitor.wait()
        time.sleep(0.2)
        server.send_signal(signal.SIGTERM)
        server.wait()
    delays = []
    with open(log) as lines:
        for line in lines:
            number, at = line.split()
            delays.append((int(at) - sent[int(number)]) / 1e6)
    shutil.rmtree(work)
    return delays, took, arrived


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))] if values else float("nan")
