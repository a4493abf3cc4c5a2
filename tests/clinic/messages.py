"""How these servers hear and say, and where their one mistake is looked up."""
import contextlib
import os
import select
import socket
import sys
import threading
import time

KIND, PORT, DIRECTORY = sys.argv[1], int(sys.argv[2]), sys.argv[3]
MISTAKE = sys.argv[4] if len(sys.argv) > 4 else ""
MANNER = sys.argv[5] if len(sys.argv) > 5 else ""  # one of several of that mistake


def wrong(name):
    return MISTAKE == name


# One process that writes to all: who does not read keeps the others waiting.
TURNS = threading.Lock() if wrong("blocked-by-deaf") else contextlib.nullcontext()


def say(connection, data):
    if wrong("reply-split") and len(data) < 100:
        send(connection, data[:-1])
        time.sleep(0.05)
        data = data[-1:]
    with TURNS:
        send(connection, data)


def send(connection, data):
    try:
        if wrong("short-write"):
            connection.setblocking(False)
            try:
                connection.send(data)
            except BlockingIOError:
                pass
            connection.setblocking(True)
        else:
            connection.sendall(data)
    except OSError:
        if wrong("sigpipe"):
            os._exit(1)
        raise


def hear(connection, size=65536):
    try:
        return connection.recv(size)
    except ConnectionResetError:
        if wrong("reset-kills"):
            os._exit(1)
        raise


def pieces(connection, limit=lambda: None):
    """What comes, until its end, as recv() gives it; nothing where `limit` seconds are over."""
    while True:
        if limit() and not select.select([connection], [], [], limit())[0]:
            yield b""
            continue
        data = hear(connection)
        if not data:
            return
        if wrong("text-only"):
            data.decode()
        yield data


class Messages:
    """Messages end at LF, CR LF, NUL, or, for a client that never sent one, at a pause."""

    def __init__(self, connection, pause):
        self.connection, self.pause = connection, pause
        self.buffer, self.knows_endings = b"", False

    def cut(self):
        """A whole message and its ending, if there is one."""
        ends = [i for i in (self.buffer.find(b"\n"), self.buffer.find(b"\0")) if i >= 0]
        if not ends:
            return None
        end = min(ends)
        message, ending = self.buffer[:end], self.buffer[end:end + 1]
        self.buffer = b"" if wrong("lost-remainder") or ending == b"\0" else self.buffer[end + 1:]
        if ending == b"\n" and message.endswith(b"\r") and not wrong("cr-kept"):
            message, ending = message[:-1], b"\r\n"
        self.knows_endings = self.knows_endings or ending != b"\0"
        return message, ending

    def has_ended(self):
        if self.buffer:
            return False
        time.sleep(0.1)
        ready = select.select([self.connection], [], [], 0)[0]
        return bool(ready) and not self.connection.recv(1, socket.MSG_PEEK)

    def next(self):
        if wrong("one-recv"):
            data = hear(self.connection)
            message = data.rstrip(b"\r\n\0")
            return (message, data[len(message):]) if data else None
        while True:
            found = self.cut()
            if found:
                return None if wrong("half-close-lost") and self.has_ended() else found
            if wrong("fixed-buffer") and len(self.buffer) >= 1024:
                found, self.buffer = self.buffer[:1024], self.buffer[1024:]
                return found, b"\n"
            if self.buffer and not self.knows_endings and not wrong("waits-for-line-feed"):
                if not select.select([self.connection], [], [], self.pause)[0]:
                    found, self.buffer = self.buffer, b""
                    return found, b""
            piece = hear(self.connection, 1024 if wrong("fixed-buffer") else 65536)
            if not piece:
                rest, self.buffer = self.buffer, b""
                return (rest, b"") if rest else None
            self.buffer += piece

    def all(self):
        """Those that say something, each with its ending."""
        while True:
            found = self.next()
            if found is None:
                return
            if not found[0]:
                if wrong("empty-message"):
                    return
                continue
            if wrong("text-only"):
                found[0].decode()
            yield found
