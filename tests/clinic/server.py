#!/usr/bin/env python3
"""A server of one of the exercises as students write them: right, or with one mistake.

Usage: server.py KIND PORT DIR [MISTAKE]   (prints "listening on PORT")
"""
import os
import select
import socket
import sys
import threading
import time

KIND, PORT, DIRECTORY = sys.argv[1], int(sys.argv[2]), sys.argv[3]
MISTAKE = sys.argv[4] if len(sys.argv) > 4 else ""


def wrong(name):
    return MISTAKE == name


def say(connection, data):
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

    def next(self):
        if wrong("one-recv"):
            data = hear(self.connection)
            message = data.rstrip(b"\r\n\0")
            return (message, data[len(message):]) if data else None
        while True:
            found = self.cut()
            if found:
                return found
            if wrong("fixed-buffer") and len(self.buffer) >= 1024:
                found, self.buffer = self.buffer[:1024], b""
                return found, b"\n"
            if self.buffer and not self.knows_endings and not wrong("waits-for-line-feed"):
                if not select.select([self.connection], [], [], self.pause)[0]:
                    found, self.buffer = self.buffer, b""
                    return found, b""
            piece = hear(self.connection)
            if not piece:
                rest, self.buffer = self.buffer, b""
                return (rest, b"") if rest else None
            self.buffer += piece


def echo(connection):
    line = b""
    while True:
        data = hear(connection)
        if not data:
            return
        if wrong("text-only"):
            data.decode()
        if wrong("fixed-buffer"):
            data = data[:1024]
        if wrong("strlen-binary"):
            data = data.split(b"\0")[0]
        if wrong("empty-message") and data == b"\n" and (not line or line.endswith(b"\n")):
            return
        line = (line + data)[-100:]
        if line.split(b"\n")[-2 if line.endswith(b"\n") else -1].strip(b"\r\0") == b":exit":
            if not wrong("no-exit"):
                return
        if wrong("reply-without-ending"):
            data = data.rstrip(b"\n")
        if wrong("echo-adds"):
            data += b"[echo]\n"
        say(connection, data)
        if wrong("closes-early"):
            return


class Store:
    def __init__(self):
        self.data, self.lock = {}, threading.Lock()
        self.file = open(os.path.join(DIRECTORY, "database.txt"), "ab", buffering=0)

    def changed(self, key, value):
        if not wrong("not-on-disk"):
            self.file.write(b"%d %s\n" % (key if isinstance(key, int) else 0, value))

    def key(self, word):
        if wrong("key-as-text"):
            return word if -(2**63) <= int(word) < 2**63 else int(b"")
        if wrong("atoi"):
            digits = word[: len(word) - len(word.lstrip(b"-0123456789"))]
            return int(digits or b"0") % 2**63
        if b"_" in word or b"+" in word or not -(2**63) <= int(word) < 2**63:
            raise ValueError
        return int(word)

    def answer(self, message, data):
        words = message.split(b" ", 2)
        command = words[0].lower()
        if command == b"bye" and not wrong("no-bye"):
            return b"Goodbye"
        if command in (b"get", b"del") and len(words) != 2:
            return b"Invalid command"
        if command not in (b"get", b"put", b"del") or command == b"put" and len(words) != 3:
            return b"Invalid command"
        try:
            key = self.key(words[1])
        except ValueError:
            return b"Invalid key"
        if command == b"put":
            return self.put(key, words[2], data)
        with self.lock:
            if key not in data:
                return b"Key not found"
            if command == b"get":
                return data[key]
            del data[key]
        return b"OK"

    def put(self, key, value, data):
        if len(value) > 65536:
            return b"Value too long"
        if wrong("value-cut"):
            value = value.split()[0]
        if wrong("not-atomic"):
            taken = key in data
            time.sleep(0.05)
            if not taken:
                data[key] = value
                self.changed(key, value)
            return b"Key already exists" if taken else b"OK"
        with self.lock:
            if key in data and not wrong("overwrites"):
                return b"Key already exists"
            data[key] = value
            self.changed(key, value)
        return b"OK"

    def serve(self, connection):
        messages, data = Messages(connection, 0.3), {} if wrong("not-shared") else self.data
        while True:
            found = messages.next()
            if found is None:
                return
            message, ending = found
            if not message:
                if wrong("empty-message"):
                    return
                continue
            if wrong("text-only"):
                message.decode()
            if wrong("half-close-lost") and not messages.buffer:
                time.sleep(0.1)
                if select.select([connection], [], [], 0)[0] and not connection.recv(1, socket.MSG_PEEK):
                    return
            reply = self.answer(message, data)
            say(connection, reply + (b"" if wrong("reply-without-ending") else ending))
            if reply == b"Goodbye" or wrong("closes-early"):
                return


def fetch(connection):
    messages = Messages(connection, 0.3)
    while True:
        found = messages.next()
        if found is None:
            return
        name, ending = found
        if not name:
            if wrong("empty-message"):
                return
            continue
        if wrong("text-only"):
            name.decode()
        path = os.path.join(os.fsencode(DIRECTORY), name)
        outside = name.startswith(b"/") or b".." in name.split(b"/")
        content = None
        if (not outside or wrong("traversal")) and os.path.isfile(path):
            with open(path, "rb") as file:
                content = file.read()
        if content is not None and wrong("strlen-binary"):
            content = content.split(b"\0")[0]
        identity = b"0" if wrong("same-process") else b"%d" % threading.get_native_id()
        if wrong("no-process-id"):
            identity = b"pid " + identity
        if content is None and wrong("no-missing"):
            return say(connection, identity + b"\n")
        if ending in (b"", b"\0"):
            answer = b"NO" if content is None else content
            if wrong("greeting-glued"):
                return say(connection, identity + b"\n" + answer)
            say(connection, identity + b"\n")
            time.sleep(0.15)
            return say(connection, answer)
        if content is None:
            say(connection, identity + b" NO no such file" + ending)
        else:
            size = len(content) + (1 if wrong("size-wrong") else 0)
            say(connection, identity + b" OK %d" % size + ending + content)
        if wrong("closes-early"):
            return


class Sink:
    def __init__(self):
        self.count = 0

    def handshake(self, connection):
        """What of the file has come with the confirmation."""
        if not wrong("no-greeting") and not wrong("blocked-by-silent"):
            say(connection, b"accio\r\n")
        first, again = b"confirm-accio\r\n", b"confirm-accio-again\r\n"
        buffer = b""
        while first.startswith(buffer) and buffer != first:
            piece = hear(connection, len(first) - len(buffer))
            if not piece:
                return buffer
            buffer += piece
            if wrong("one-recv"):
                break
        if buffer != first:
            return buffer
        if not wrong("second-greeting"):
            say(connection, b"accio\r\n")
        kept, buffer = b"", b""
        if wrong("glued-to-handshake"):
            while not buffer.endswith(again + b"\r\n"):
                piece = hear(connection)
                if not piece:
                    return b""
                buffer += piece
                if again in buffer:
                    return b""
        while not buffer.startswith(again):
            piece = hear(connection)
            if not piece:
                return buffer
            buffer += piece
        if wrong("confirm-in-file"):
            return buffer
        kept = buffer[len(again):]
        if not kept:
            kept = hear(connection)
        return kept[2:] if kept.startswith(b"\r\n") else kept

    def next(self):
        self.count += 1
        number = self.count
        return lambda connection: self.serve(connection, number)

    def serve(self, connection, number):
        path = os.path.join(DIRECTORY, "%d.file" % number)
        limit = {"no-timeout": None, "early-timeout": 2}.get(MISTAKE, 10)
        connection.settimeout(limit)
        failed, content = False, b""
        try:
            content = self.handshake(connection) if KIND == "accio" else b""
            if content.startswith(b"Content-Disposition:"):
                content = content.split(b"\r\n\r\n", 1)[-1]
            while True:
                piece = hear(connection)
                if not piece:
                    break
                content += piece
                if wrong("one-recv"):
                    break
        except OSError:
            failed = True
        if wrong("text-only"):
            content = content.decode(errors="replace").encode()
        if wrong("strlen-binary"):
            content = content.split(b"\0")[0]
        if failed and wrong("error-not-written"):
            return
        if failed and not wrong("half-kept"):
            content = b"ERROR"
        with open(path + ".part", "wb") as file:
            file.write(content)
        os.replace(path + ".part", path)


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


def talk(connection):
    if not wrong("blocked-by-silent"):
        say(connection, b"welcome to my desk\r\n")
    while True:
        data = hear(connection)
        if not data:
            return
        if wrong("text-only"):
            data.decode()
        if wrong("sends-commands") and data.startswith(b"/bye"):
            return
        if wrong("empty-message") and data.startswith(b"\n"):
            return
        if wrong("fixed-buffer") and len(data) > 8192:
            return
        say(connection, b"I have heard you\r\n")


def attend(handler, connection):
    """Gives the connection a process or a thread of its own."""
    whole_server = MISTAKE in ("sigpipe", "reset-kills", "no-close")  # ends or fills the one process
    if KIND == "fetch" and not whole_server or wrong("zombies"):
        if os.fork() == 0:
            serve(handler, connection)
            os._exit(0)
        return connection.close()
    threading.Thread(target=serve, args=(handler, connection), daemon=True).start()


kept = []


def main():
    handler = {"echo": echo, "fetch": fetch, "talk": talk}.get(KIND)
    if KIND == "store":
        handler = Store().serve
    if KIND in ("accio", "upload"):
        sink = Sink()
    if not wrong("zombies"):
        import signal
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket()
    if not wrong("no-reuseaddr"):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", PORT))
    listener.listen(64)
    print("listening on", listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        if KIND in ("accio", "upload"):
            handler = sink.next()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if wrong("blocked-by-silent"):
            try:
                connection.sendall({"accio": b"accio\r\n", "talk": b"welcome\r\n"}.get(KIND, b""))
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
