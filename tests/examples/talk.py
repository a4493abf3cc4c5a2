#!/usr/bin/env python3
"""A client of TALK/1, written from its page, talk(7): says the lines of its input, prints what is
said, sends the files that it is given, takes what is offered. Usage: talk.py HOST PORT [FILE]..."""
import os, select, socket, struct, sys

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF

def send(tag, form="", *fields, text=b""):
    payload = struct.pack(">" + form, *fields) + text
    link.sendall(struct.pack(">cI", tag, len(payload)) + payload)

def receive(count):
    data = link.recv(count, socket.MSG_WAITALL) if count else b""
    return data if len(data) == count else sys.exit("ERROR: the connection was lost")

def upload(number, start):  # a small file, which fits into the receiver's first limit
    data = open(sending[number], "rb").read()
    for at in range(start, len(data), 4096):
        send(b"D", "I", number, text=data[at:at + 4096])
    send(b"E", "II", number, crc32c(data))

def store(number, crc):
    name, data = receiving.pop(number)
    if crc32c(data) != crc:
        return send(b"R", "I", number, text=b"the checksum differs")
    with open(name, "xb") as file:
        file.write(data), file.flush(), os.fsync(file.fileno())
    send(b"S", "I", number, text=name.encode())

def take(tag, text):
    number = struct.unpack(">I", text[:4])[0] if tag in b"OADESRX" else 0
    if tag in b"TN": print(text.decode(), flush=True)
    elif tag == b"P": send(b"p", text=text)
    elif tag == b"B": send(b"B"), sys.exit(0)
    elif tag == b"A": upload(number, struct.unpack(">Q", text[4:12])[0])
    elif tag in b"SRX" and number in sending: print(tag.decode(), text[4:].decode(), sending.pop(number))
    elif tag == b"O":
        receiving[number] = os.path.basename(text[20:].decode()).lstrip(".-") or "file", b""
        send(b"A", "IQQ", number, 0, struct.unpack(">Q", text[4:12])[0])
    elif tag == b"D": receiving[number] = receiving[number][0], receiving[number][1] + text[4:]
    elif tag == b"E" and number in receiving: store(number, struct.unpack(">I", text[4:8])[0])

link = socket.create_connection((sys.argv[1], int(sys.argv[2])))
greeting = b""
while not greeting.endswith(b"\n"): greeting += receive(1)
link.sendall(b"TALK/1 name=python\r\n")
sending, receiving, typing = dict(zip(range(1, 999, 2), sys.argv[3:])), {}, True
for number, path in sending.items():
    send(b"O", "IQq", number, os.path.getsize(path), int(os.path.getmtime(path)), text=os.path.basename(path).encode())
while typing or sending:
    ready = select.select([link] + [sys.stdin] * typing, [], [])[0]
    if sys.stdin in ready:
        typing = (line := sys.stdin.readline()) != ""
        if typing: send(b"T", text=line.rstrip("\n").encode())
    if link in ready: take(*(lambda head: (head[0], receive(head[1])))(struct.unpack(">cI", receive(5))))
send(b"B")
