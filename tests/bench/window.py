#!/usr/bin/env python3
"""window.py BIN: from a visitor's call to the first byte that comes out of its xterm window, beside
what a bare xterm takes (a bitmap font, no scrollbar, no input method) from its start to the first
byte of what runs in it. Interleaved rounds (ROUNDS, 5; ten windows each) on an X server of its own;
medians, and for each of the comforts that ours has what it costs a bare one."""
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import rows  # noqa: E402

BIN = os.path.abspath(sys.argv[1])
WINDOWS = 2 * int(os.environ.get("ROUNDS", "5"))
QUIET = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
NO_INPUT_METHOD = ["-xrm", "XTerm*openIm: false"]
BARE = {
    "bare xterm": ["-fn", "fixed", "-ut", "+sb", *NO_INPUT_METHOD],
    "bare xterm, input method": ["-fn", "fixed", "-ut", "+sb"],
    "bare xterm, scalable font": ["-fa", "Monospace", "-fs", "10", "-ut", "+sb", *NO_INPUT_METHOD],
    "bare xterm, both": ["-fa", "Monospace", "-fs", "10", "-ut", "+sb"],
}


def start_display():
    """An X server that chooses its own number, and says it when clients may come."""
    readable, writable = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writable), "-screen", "0", "1280x1024x24",
                               "-nolisten", "tcp"], pass_fds=[writable], **QUIET)
    os.close(writable)
    with os.fdopen(readable) as number:
        os.environ["DISPLAY"] = ":" + number.readline().strip()
    return server


def bare(options):
    readable, writable = os.pipe()
    start = time.monotonic()
    xterm = subprocess.Popen(["xterm", *options, "-e", "sh", "-c",
                              f"echo >/proc/{os.getpid()}/fd/{writable}"], **QUIET)
    os.read(readable, 1)
    took = time.monotonic() - start
    xterm.wait()
    os.close(readable)
    os.close(writable)
    return took


def talk(port):
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as visitor:
        visitor.recv(1)
        took = time.monotonic() - start
        visitor.sendall(b"TALK/1 name=bench\r\nB\0\0\0\0")
        visitor.settimeout(10)
        while visitor.recv(4096):
            pass
    return took


def main():
    display = start_display()
    with tempfile.TemporaryDirectory() as desk:
        os.environ["XDG_RUNTIME_DIR"] = desk
        server = subprocess.Popen([f"{BIN}/talk_server", "--terminal", "xterm", "--linger", "0",
                                   "--bind", "127.0.0.1", "0", desk],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            port = int(re.search(r":(\d+)$", server.stdout.readline())[1])
            results = {"talk": [], **{name: [] for name in BARE}}
            for _ in range(WINDOWS):
                results["talk"].append(talk(port))
                for name, options in BARE.items():
                    results[name].append(bare(options))
        finally:
            server.terminate()
            server.wait()
            display.terminate()
            display.wait()
    ours = statistics.median(results["talk"])
    print(f"\nFirst byte out of an xterm window, median of {WINDOWS} (best)")
    for name, times in results.items():
        median = statistics.median(times)
        print(f"  {name:28s} {1e3 * median:7.1f} ms ({1e3 * min(times):5.1f})   "
              f"talk is {median / ours:4.2f} of it")
    rows.add("first byte in an xterm", "bare xterm",
             statistics.median(results["bare xterm"]) / ours, 1e3 * ours, "ms")


if __name__ == "__main__":
    main()
