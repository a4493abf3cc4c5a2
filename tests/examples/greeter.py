#!/usr/bin/env python3
# A handler in ten lines: says who called, then answers every line in capitals.
#   talk_server --handler ./greeter.py 1234
import os, socket, sys

connection = socket.socket(fileno=int(sys.argv[1]))
stream = connection.makefile("rw", newline="\n")
print(f"hello {os.environ['TCPREMOTEIP']}, you are visitor {os.environ['TALK_SESSION']}",
      file=stream, flush=True)
for line in stream:
    print(line.strip().upper(), file=stream, flush=True)
connection.shutdown(socket.SHUT_RDWR)
