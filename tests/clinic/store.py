"""The key-value store as students write it."""
import ctypes
import os
import threading
import time

from messages import DIRECTORY, Messages, pieces, say, wrong

OWN_WORDS = {b"OK": b"STORED", b"Key not found": b"404 NO SUCH KEY", b"Invalid key": b"400 KEY?",
             b"Key already exists": b"409 TAKEN", b"Invalid command": b"400 WHAT?",
             b"Value too long": b"413 TOO LONG"}


class Store:
    def __init__(self):
        self.data, self.lock = {}, threading.Lock()
        self.file = open(os.path.join(DIRECTORY, "database.txt"), "ab", buffering=0)

    def changed(self, key, value):
        if not wrong("not-on-disk"):
            self.file.write(b"%d %s\n" % (key if isinstance(key, int) else 0, value))

    def key(self, word):
        if wrong("key-as-text"):
            return word
        if wrong("atoi"):
            digits = word[: len(word) - len(word.lstrip(b"-0123456789"))]
            return int(digits or b"0") % 2**63
        if b"_" in word or b"+" in word or not -(2**63) <= int(word) < 2**63:
            raise ValueError
        return ctypes.c_int32(int(word)).value if wrong("narrow-key") else int(word)

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
        if wrong("value-stripped"):
            value = value.strip()
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
        if wrong("wait-all"):
            requests = b"".join(pieces(connection)).splitlines()
            return say(connection, b"".join(self.answer(r, self.data) + b"\n" for r in requests))
        messages, data = Messages(connection, 0.3), {} if wrong("not-shared") else self.data
        for message, ending in messages.all():
            reply = self.answer(message, data)
            if wrong("wrong-reply"):
                reply = OWN_WORDS.get(reply, reply)
            say(connection, reply + (b"" if wrong("reply-without-ending") else ending))
            if reply == b"Goodbye" or wrong("closes-early"):
                return
