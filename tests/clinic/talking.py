"""Echo, the file fetcher and the server to talk with, as students write them."""
import os
import re
import threading
import time

from messages import DIRECTORY, MANNER, Messages, pieces, say, wrong


def exit_or_echo(connection):
    """What is to come back; ends where a message is exactly :exit. What could become one is held
    for 50 ms."""
    held, begins = b"", True
    for data in pieces(connection, lambda: 0.05 if held else None):
        if wrong("one-recv"):
            if data.rstrip(b"\r\n\0") == b":exit":
                return
            yield data
            continue
        back, left, held = b"", held + data, b""
        while left:
            exits = re.match(rb":exit(\r?\n|\0|\r?$)", left)
            exits = exits and (exits[1].strip(b"\r") or not data)
            if begins and (exits or wrong("exit-prefix") and left.startswith(b":exit")):
                yield back
                return
            if begins and data and b":exit\r".startswith(left):
                held, left = left, b""
                continue
            end = min([i + 1 for i in map(left.find, (b"\n", b"\0")) if i >= 0] or [len(left)])
            back, left = back + left[:end], left[end:]
            begins = back.endswith((b"\n", b"\0"))
        yield back
    if held.strip(b"\r") != b":exit":
        yield held


def echo(connection):
    line, held = b"", b""
    if wrong("wait-all"):
        return say(connection, b"".join(pieces(connection)))
    for data in pieces(connection) if wrong("no-exit") else exit_or_echo(connection):
        if not data:
            continue
        if wrong("fixed-buffer"):
            data = data[:1024]
        if wrong("strlen-binary"):
            data = data.split(b"\0")[0]
        if wrong("empty-message") and data == b"\n" and (not line or line.endswith(b"\n")):
            return
        if wrong("waits-for-line-feed"):
            data, held = held + data, b""
            whole = data.rfind(b"\n") + 1
            data, held = data[:whole], data[whole:]
            if not data:
                continue
        line = (line + data)[-100:]
        if wrong("reply-without-ending"):
            data = data.rstrip(b"\n")
        if wrong("echo-adds"):
            data += b"[echo]\n"
        if wrong("wrong-reply"):
            data = data.upper()
        say(connection, data)
        if wrong("closes-early"):
            return


def as_text(content):
    """What strlen() leaves of a file, or with fgets() of each line."""
    if MANNER == "told-whole":
        return b"".join(line.split(b"\0")[0] for line in content.splitlines(keepends=True))
    return content.split(b"\0")[0]


def fetch(connection):
    for name, ending in Messages(connection, 0.3).all():
        path = os.path.join(os.fsencode(DIRECTORY), name)
        outside = name.startswith(b"/") or b".." in name.split(b"/")
        content = None
        if (not outside or wrong("traversal")) and os.path.isfile(path):
            with open(path, "rb") as file:
                content = file.read()
        size = None if content is None else len(content) + (1 if wrong("size-wrong") else 0)
        if content is not None and wrong("strlen-binary"):
            content = as_text(content)
            size = size if MANNER == "told-whole" else len(content)
        identity = b"0" if wrong("same-process") else b"%d" % threading.get_native_id()
        if wrong("no-process-id"):
            identity = b"pid " + identity
        if content is None and wrong("no-missing"):
            return say(connection, identity + b"\n")
        if ending in (b"", b"\0"):
            answer = b"NO" if content is None else content
            if wrong("greeting-glued") and MANNER == "two-sends":
                say(connection, identity)
                return say(connection, answer)
            if wrong("greeting-glued"):
                return say(connection, identity + b"\n" + answer)
            say(connection, identity + b"\n")
            time.sleep(0.15)
            return say(connection, answer)
        if content is None:
            say(connection, identity + b" NO no such file" + ending)
        else:
            say(connection, identity + b" OK %d" % size + ending + content)
        if wrong("closes-early"):
            return


def talk(connection):
    if MANNER == "answers":
        for message, _ in Messages(connection, 0.3).all():
            say(connection, b"you said: " + message + b"\n")
        return
    if not wrong("blocked-by-silent"):
        say(connection, b"welcome to my desk\r\n")
    if wrong("early-timeout"):
        connection.settimeout(2)
    line = b""
    for data in pieces(connection):
        if wrong("sends-commands") and data.startswith(b"/bye"):
            return
        if wrong("empty-message") and (line + data).startswith(b"\n"):
            return
        line = (line + data).rpartition(b"\n")[2]
        if wrong("fixed-buffer") and len(data) > 8192:
            return
        say(connection, b"I have heard you\r\n")
