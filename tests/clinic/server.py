#!/usr/bin/env python3
"""A server of one of the exercises as students write them: right, or with one mistake.

Usage: server.py KIND PORT DIR [MISTAKE [MANNER]]   (prints "listening on PORT")
"""
import os
import resource
import signal
import socket
import struct
import threading
import time

from messages import KIND, MANNER, MISTAKE, PORT, wrong
from sink import Sink
from store import Store
from talking import echo, fetch, talk

kept = []


def serve(handler, connection):
    try:
        handler(connection)
    except (OSError, UnicodeDecodeError):
        pass
    if wrong("no-close"):
        kept.append(connection)
        return
    try:
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    connection.close()


def attend(handler, connection):
    """Gives the connection a process or a thread of its own."""
    # Ends, fills or holds the one process.
    whole_server = MISTAKE in ("sigpipe", "reset-kills", "no-close", "blocked-by-deaf")
    if KIND == "fetch" and not whole_server or wrong("zombies"):
        if os.fork() == 0:
            serve(handler, connection)
            os._exit(0)
        return connection.close()
    threading.Thread(target=serve, args=(handler, connection), daemon=True).start()


def drip(connection):
    """Says something for ever, and never an answer."""
    try:
        while True:
            connection.sendall(b"x")
            time.sleep(1)
    except OSError:
        pass


def main():
    handler = {"echo": echo, "fetch": fetch, "talk": talk}.get(KIND)
    if KIND == "store":
        handler = Store().serve
    if KIND in ("accio", "upload"):
        sink = Sink()
    if not wrong("zombies"):
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    if wrong("leak"):
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 200))
    listener = socket.socket()
    if not wrong("no-reuseaddr"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((os.environ.get("ADDRESS", "127.0.0.1"), PORT))
    listener.listen(64)
    print("listening on", listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        if KIND in ("accio", "upload"):
            handler = sink.next()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if wrong("hangs-up"):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
            continue
        if MANNER == "drips":
            threading.Thread(target=drip, args=(connection,), daemon=True).start()
            continue
        if wrong("leak"):
            kept.append(connection.dup())
        if wrong("blocked-by-silent"):
            try:
                greeting = {"accio": b"accio\r\n", "talk": b"welcome\r\n"}.get(KIND, b"")
                connection.sendall(b"" if MANNER == "answers" else greeting)
                connection.recv(1, socket.MSG_PEEK)
            except OSError:
                continue
        if wrong("one-at-a-time") or wrong("no-accept-loop"):
            serve(handler, connection)
        else:
            attend(handler, connection)
        if wrong("no-accept-loop"):
            return


main()
