#!/usr/bin/env python3
"""All services at once, under random kills, cuts, full disks, stopped processes and hostile visitors;
every stored byte and every OK is held against what was sent. On loopback, in a directory (and, for
root, a small RAM disk) of its own, which is gone afterwards. Ends with `N promises broken`.

  tests/torture/torture.py [--minutes N] [--seed N] [BIN_DIRECTORY]
"""
import argparse
import os
import random
import signal
import socket
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from chaos import Chaos, LONGEST_STOP  # noqa: E402
from visitors import Accio, Auditor, Echo, Fetch, Send, Store, Upload  # noqa: E402
from world import World, payload  # noqa: E402


def prepare(world):
    share = os.path.join(world.base, "share")
    os.mkdir(share)
    with open(os.path.join(share, "shared.bin"), "wb") as file:
        file.write(payload("shared", 400_000))
    world.add("talk", "--share", share, "-m", "100")
    for name in ("echo", "store", "fetch", "accio", "upload"):
        world.add(name, "--handler", name)
    for name, size in (("a.bin", 10), ("b.bin", 70_000), ("c.bin", 500_000)):
        with open(os.path.join(world.servers["fetch"].directory, name), "wb") as file:
            file.write(payload(name, size))


def audit_store(world, visitors):
    """What a server that knows nothing finds in the directory."""
    store = world.servers["store"]
    store.stop()
    store.start()
    with socket.create_connection(("127.0.0.1", store.port), timeout=60) as one:
        replies = one.makefile("rb")

        def ask(request):
            one.sendall(request.encode() + b"\n")
            return replies.readline()[:-1].decode()
        for visitor in visitors:
            if isinstance(visitor, Store):
                visitor.audit(ask)
        for key, winners in Store.contested.items():
            found = ask(f"get {key}")
            world.book.check(found in winners, f"store: {key} is {found!r}, OK was said of {winners}")


def run(world, minutes):
    prepare(world)
    kinds = [Echo, Fetch, Store, Store, Store, Store, Upload, Upload, Accio, Accio, Send, Send, Send]
    visitors = [kind(world, number) for number, kind in enumerate(kinds)]
    auditor, chaos = Auditor(world), Chaos(world)
    for thread in (*visitors, auditor, chaos):
        thread.start()
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        time.sleep(1)
        for server in list(world.servers.values()):
            if not chaos.restarting and server.process.poll() is not None:
                world.book.accuse(f"{server.name}: the listener has died: {server.process.returncode}")
                server.start()
    world.over.set()
    chaos.join()
    time.sleep(LONGEST_STOP + 1)  # what was stopped has been continued by now
    for visitor in visitors:
        visitor.join(120)
        world.book.check(not visitor.is_alive(), f"{visitor.name}: waits for ever")
    for server in world.servers.values():
        patience = time.monotonic() + 20
        while (left := server.handlers()) and time.monotonic() < patience:
            time.sleep(0.1)
        world.book.check(not left, f"{server.name}: handlers {left} stay behind without visitors")
    audit_store(world, visitors)
    auditor.finish()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("bin", nargs="?", default="bin")
    options = parser.parse_args()
    print(f"torture: {options.minutes:g} minutes, seed {options.seed}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    world = World(options.bin, options.seed)
    try:
        run(world, options.minutes)
    finally:
        world.close()
    for what, number in sorted(world.book.counts.items()):
        print(f"  {number:>12,}  {what}")
    print(f"{len(world.book.wrong)} promises broken (seed {options.seed})")
    return 1 if world.book.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
