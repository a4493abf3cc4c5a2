#!/usr/bin/env python3
"""A client of one of the exercises as students write them, right or with one mistake, run again and
again until its server is gone.

Usage: client.py KIND PORT FILE [MISTAKE [MANNER]]
(FILE is handed in; fetch keeps what it gets there; with the manner "lines" it asks with a line)

The server's address may stand in the environment (PEER); it need not listen yet.
"""
import os
import select
import signal
import socket
import struct
import sys
import time

KIND, PORT, FILE = sys.argv[1], int(sys.argv[2]), sys.argv[3]
MISTAKE = sys.argv[4] if len(sys.argv) > 4 else ""
MANNER = sys.argv[5] if len(sys.argv) > 5 else ""
# Seconds: then a run is ended, as a student would with ^C.
LONGEST_RUN = 120 if MISTAKE == "waits-forever" or "PEER" in os.environ else 25


def wrong(name):
    return MISTAKE == name


class Lines:
    """What comes, line by line; what stands behind a line is kept for the next."""

    def __init__(self, connection):
        self.connection, self.buffer = connection, b""

    def next(self, ending=b"\n"):
        if wrong("one-recv"):
            return self.connection.recv(4096)
        if wrong("lost-remainder"):
            self.buffer = b""
        while ending not in self.buffer:
            piece = self.connection.recv(4096)
            if not piece:
                return b""
            self.buffer += piece
            if wrong("fixed-buffer") and len(self.buffer) > 1024:
                sys.exit(1)
        end = self.buffer.index(ending) + 1
        line, self.buffer = self.buffer[:end], self.buffer[end:]
        return line


def read_to_end(connection):
    content = b""
    while piece := connection.recv(65536):
        content += piece
    return content


def said(words):
    """What is sent to say this."""
    if wrong("sends-buffer"):
        return words + b"\0" + b"stale" * 12
    return words.rstrip(b"\r\n") if wrong("request-without-ending") else words


def content_to_send():
    with open(FILE, "rb") as file:
        content = file.read()
    if wrong("file-differs"):
        return content.replace(b"\r\n", b"\n")
    if wrong("strlen-binary"):
        content = content.split(b"\0")[0]
    if wrong("text-only"):
        content = content.decode(errors="replace").encode()
    return content[:1024] if wrong("fixed-buffer") else content


def upload(connection):
    connection.settimeout(10)
    hand_in(connection)


def hand_in(connection):
    content = content_to_send()
    if wrong("waits-first") and not connection.recv(4096):
        return
    if wrong("short-write"):
        connection.setblocking(False)
        connection.send(content)
        connection.setblocking(True)
    elif wrong("half-close-lost"):
        for at in range(0, len(content), 65536):
            ready = select.select([connection], [], [], 0.01)[0]
            if ready and not connection.recv(1, socket.MSG_PEEK):
                return  # "the server has left"
            connection.sendall(content[at:at + 65536])
    else:
        connection.sendall(content)
    if wrong("ends-by-reset"):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return
    if not wrong("never-ends"):
        connection.shutdown(socket.SHUT_WR)
    if not wrong("leaves-unread") and not wrong("leaves-early"):
        read_to_end(connection)


def accio(connection):
    lines = Lines(connection)
    connection.settimeout({"impatient": 1, "waits-forever": None}.get(MISTAKE, 10))
    greeting = lines.next()
    if not greeting and wrong("stays"):
        time.sleep(60)
    if greeting != b"accio\r\n" and not wrong("speaks-first"):
        sys.exit("ERROR: this is no accio server")
    connection.sendall(said(b"confirm-accio\r\n"))
    if lines.next() != b"accio\r\n" and not wrong("speaks-first"):
        if wrong("stays"):
            time.sleep(60)
        sys.exit("ERROR: the second greeting is none")
    connection.settimeout(None)
    confirmation = said(b"confirm-accio-again\r\n\r\n")
    if wrong("glued-to-confirmation"):
        connection.sendall(confirmation + content_to_send())
        connection.shutdown(socket.SHUT_WR)
        return read_to_end(connection)
    connection.sendall(confirmation)
    time.sleep(0.2)
    return hand_in(connection)


def identity(connection):
    """Reads the process ID and returns what came behind it."""
    if wrong("one-recv") or wrong("lost-remainder"):
        first = connection.recv(100)
        if wrong("lost-remainder"):
            while b"\n" not in first:
                piece = connection.recv(100)
                if not piece:
                    raise OSError
                first += piece
            return b""
        return first.partition(b"\n")[2]
    buffer = b""
    while b"\n" not in buffer:
        piece = connection.recv(4096)
        if not piece:
            if wrong("stays"):
                time.sleep(60)
            raise OSError
        buffer += piece
    digits = len(buffer) - len(buffer.lstrip(b"0123456789"))
    if wrong("cr-kept"):
        return buffer[digits + 1:]
    return buffer.partition(b"\n")[2]


def fetch_by_line(connection):
    """Asks with a line: its reply tells the size."""
    connection.sendall(b"notes.txt\r\n" if MISTAKE == "" else b"notes.txt\n")
    connection.settimeout(10)
    if wrong("line-in-file"):
        return keep(read_to_end(connection).lstrip(b"0123456789")[1:])
    lines = Lines(connection)
    head = lines.next()
    if wrong("one-recv"):
        head, _, lines.buffer = head.partition(b"\n")
    _, word, size = head.split(None, 2)
    if word == b"NO":
        return keep(size) if wrong("no-as-file") else None
    content, size = b"" if wrong("lost-remainder") else lines.buffer, int(size)
    while len(content) < size or wrong("size-ignored"):
        piece = connection.recv(65536)
        if not piece:
            break
        content += piece
    return keep(content) if len(content) >= size or wrong("size-ignored") else None


def keep(content):
    with open(FILE, "wb") as file:
        file.write(content)


def fetch(connection):
    if MANNER == "lines":
        return fetch_by_line(connection)
    connection.sendall(b"notes.txt")
    connection.settimeout({"impatient": 2.5, "waits-forever": None}.get(MISTAKE, 10))
    content = identity(connection)
    if wrong("one-recv"):
        content += connection.recv(65536)
    try:
        while not wrong("one-recv") and (piece := connection.recv(65536)):
            content += piece
    except OSError:
        if not wrong("half-kept"):
            raise
    if wrong("strlen-binary"):
        content = content.rstrip(b"\0") if MANNER == "at-end" else content.split(b"\0")[0]
    if wrong("text-only"):
        content = content.decode(errors="replace").encode()
    if wrong("fixed-buffer"):
        content = content[:65536]
    if wrong("file-differs"):
        content = content.upper()
    if content != b"NO" or wrong("no-as-file"):
        keep(content)
    return None


def store(connection):
    lines = Lines(connection)
    requests = [b"put 7 an apple", b"get 7", b"get 8", b"del 7", b"Bye"]
    ending = b"" if wrong("request-without-ending") else b"\0" if wrong("sends-buffer") else b"\n"
    connection.settimeout(1 if wrong("impatient") else 10)
    if wrong("lost-remainder"):
        connection.sendall(b"\n".join(requests) + b"\n")
    for request in requests:
        if not wrong("lost-remainder"):
            connection.sendall(said(request) if MISTAKE == "sends-buffer" else request + ending)
        if wrong("leaves-unread") and request == b"Bye":
            time.sleep(0.1)
            return
        reply = lines.next(ending[:1]) if ending else connection.recv(65536)
        if not reply and wrong("stays"):
            time.sleep(60)
        if not reply or wrong("leaves-early") and reply.startswith(b"Key not"):
            return
        if not MISTAKE and request == b"get 7" and reply != b"an apple\n":
            return  # as it may: it is not what it has put
        if wrong("text-only"):
            reply.decode()


def echo(connection):
    connection.settimeout(1 if wrong("impatient") else 10)
    for line in map(said, (b"hello\n", b"how are you?\n", b"good bye\n")):
        connection.sendall(line)
        if wrong("leaves-unread") and line.startswith(b"good"):
            time.sleep(0.1)
            return
        back = b""
        while len(back) < len(line):
            piece = connection.recv(4096)
            if not piece:
                if wrong("stays"):
                    time.sleep(60)
                return
            back += piece
            if wrong("one-recv"):
                break


def talk(connection):
    connection.sendall(said(b"hello\n"))
    if wrong("impatient"):
        connection.settimeout(2)
    buffer = b""
    while piece := connection.recv(65536):
        if wrong("text-only"):
            piece.decode()
        buffer += piece
        *lines, buffer = buffer.split(b"\n")
        for line in lines:
            if wrong("empty-message") and not line:
                return
            if wrong("sends-commands") and line in (b"/bye", b"quit", b"exit"):
                return
        if wrong("fixed-buffer") and max(map(len, lines + [buffer])) > 1024:
            os._exit(1)
        if wrong("leaves-early") and lines:
            return
    if wrong("stays"):
        time.sleep(60)


def one_run():
    """In a process of its own, as each time when somebody starts it."""
    sys.stderr = open(os.devnull, "w", encoding="utf-8")
    signal.alarm(LONGEST_RUN)
    try:
        connection = socket.create_connection((os.environ.get("PEER", "127.0.0.1"), PORT))
    except ConnectionRefusedError:
        os._exit(3)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        {"accio": accio, "upload": upload, "fetch": fetch, "store": store, "echo": echo,
         "talk": talk}[KIND](connection)
    except (OSError, ValueError, SystemExit):  # UnicodeDecodeError is such
        pass
    connection.close()
    os._exit(0)


def main():
    print("client of", KIND, flush=True)
    served = False
    while True:
        child = os.fork()
        if child == 0:
            one_run()
        refused = os.waitpid(child, 0)[1] == 3 << 8
        if refused and served:
            return
        served = served or not refused
        if refused:
            time.sleep(0.1)


main()
