"""Visitors who mean well, one class a service: each knows what it may expect, and says so where it
got something else."""
import contextlib
import os
import re
import shutil
import socket
import subprocess
import threading
import time

from world import payload

PATIENCE = 30  # seconds: a stopped process is continued long before


class Visitor(threading.Thread):
    service = ""
    most = 200_000  # bytes before a link is cut

    def __init__(self, world, number):
        super().__init__(daemon=True, name=f"{self.service}-{number}")
        self.world, self.book, self.number = world, world.book, number
        self.rng, self.server = world.random(self.name), world.servers[self.service]
        self.round = 0

    def run(self):
        while not self.world.over.is_set():
            self.round += 1
            cutter, port = self.world.port(self.service, self.rng, self.most)
            try:
                self.visit(cutter.port if cutter else port, cutter is not None)
                self.book.count(f"{self.service}: visits to the end")
            except (OSError, EOFError):
                self.book.count(f"{self.service}: visits broken")
                time.sleep(0.05)
            except Exception as error:  # a mistake of this program must not pass for a good run
                self.book.accuse(f"{self.name}: {error!r}")
            finally:
                if cutter:
                    cutter.close()

    def connect(self, port):
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)


class Echo(Visitor):
    service = "echo"

    def visit(self, port, cut):
        with self.connect(port) as one:
            sent = payload(f"{self.name} {self.round}", self.rng.randint(1, 100_000)) + b"\n"
            threading.Thread(target=self.feed, args=(one, sent), daemon=True).start()
            got = b""
            while len(got) < len(sent) and (piece := one.recv(65536)):
                got += piece
                if not self.book.check(sent.startswith(got), f"{self.name}: other bytes came back"):
                    return
            if len(got) < len(sent):
                raise EOFError
            self.book.count("echo: bytes that came back", len(got))

    def feed(self, one, sent):
        with contextlib.suppress(OSError):
            one.sendall(sent)


class Fetch(Visitor):
    service = "fetch"

    def visit(self, port, cut):
        name = self.rng.choice(["a.bin", "b.bin", "c.bin", "none.bin"])
        with self.connect(port) as one, one.makefile("rb") as stream:
            for _ in range(self.rng.randint(1, 3)):
                one.sendall(name.encode() + b"\n")
                head = stream.readline()
                if not head.endswith(b"\n"):
                    raise EOFError
                if name == "none.bin":
                    self.book.check(re.fullmatch(rb"\d+ NO .*\n", head), f"{self.name}: {head!r}")
                    continue
                with open(os.path.join(self.server.directory, name), "rb") as file:
                    whole = file.read()
                match = re.fullmatch(rb"\d+ OK (\d+)\n", head)
                if not self.book.check(match and int(match[1]) == len(whole),
                                       f"{self.name}: {head!r} for {len(whole)} bytes"):
                    return
                got = stream.read(len(whole))
                self.book.check(whole.startswith(got), f"{self.name}: other bytes of {name}")
                if len(got) < len(whole):
                    raise EOFError
                self.book.count("fetch: files")


class Store(Visitor):
    """Keys of its own, each with the values that it may have: one, or two where an answer was lost."""
    service = "store"
    contested = {}  # key -> values whose put was answered OK
    lock = threading.Lock()

    def __init__(self, world, number):
        super().__init__(world, number)
        self.possible = {}  # key -> set of values; None: not there

    def visit(self, port, cut):
        with self.connect(port) as one, one.makefile("rb") as replies:
            for _ in range(self.rng.randint(1, 60)):
                self.contest(one, replies) if self.rng.random() < 0.1 else self.change(one, replies)

    def ask(self, one, replies, request):
        one.sendall(request.encode() + b"\n")
        reply = replies.readline()
        if not reply.endswith(b"\n"):
            raise EOFError
        return reply[:-1].decode()

    def contest(self, one, replies):
        key = 10**9 + self.rng.randint(0, 5000)
        value = f"{self.name}.{self.round}.{self.rng.random()}"
        if self.ask(one, replies, f"put {key} {value}") != "OK":
            return
        self.book.count("store: OK")
        with self.lock:
            winners = self.contested.setdefault(key, [])
            winners.append(value)
        self.book.check(len(winners) == 1, f"store: two puts of {key} were answered OK: {winners}")

    def change(self, one, replies):
        key = self.number * 10**6 + self.rng.randint(0, 300)
        before = self.possible.get(key, {None})
        verb = self.rng.choice(["put", "put", "get", "del"])
        value = f"{self.round}-{self.rng.random()} " + "v" * int(self.rng.paretovariate(0.7) % 3000)
        after = {"put": {value}, "get": before, "del": {None}}[verb]
        self.possible[key] = before | after  # until the answer has come
        reply = self.ask(one, replies, f"{verb} {key}" + (f" {value}" if verb == "put" else ""))
        here = {one for one in before if one is not None}
        if verb == "get":
            found = None if reply == "Key not found" else reply
            self.possible[key] = {found}
            fine = found in before
        elif reply == "OK":
            self.possible[key] = after
            fine = None in before if verb == "put" else bool(here)
            self.book.count("store: OK")
        elif reply in ("Key already exists", "Key not found"):
            exists = reply == "Key already exists"
            self.possible[key] = here if exists else {None}
            fine = exists == (verb == "put") and (bool(here) if exists else None in before)
        else:
            self.possible[key] = before
            fine = reply.startswith("Cannot store")
            self.book.count(f"store: {reply}")
        self.book.check(fine, f"{self.name}: {verb} {key} of {shorten(before)}: {shorten(reply)}")

    def audit(self, ask):
        """With a fresh server, when all is over."""
        for key, values in self.possible.items():
            reply = ask(f"get {key}")
            found = None if reply == "Key not found" else reply
            self.book.check(found in values,
                            f"store: {key} is {shorten(found)}, not one of {shorten(values)}")
        self.book.count("store: keys audited", len(self.possible))


def shorten(value):
    text = repr(value)
    return text if len(text) < 120 else text[:120] + "…"


class Upload(Visitor):
    """The file says itself whose it is: Auditor finds it."""
    service = "upload"
    complete = {}  # key -> (size, begun, when its end was sent or None)

    def visit(self, port, cut):
        key = f"{self.name}.{self.round}"
        whole = payload(key, self.rng.randint(20, 300_000))
        begun = time.monotonic()
        Upload.complete[key] = (len(whole), begun, None)
        with self.connect(port) as one:
            self.begin(one)
            one.sendall(whole)
            one.shutdown(socket.SHUT_WR)
            if one.recv(10) == b"" and not cut:
                Upload.complete[key] = (len(whole), begun, time.monotonic())

    def begin(self, one):
        pass


class Accio(Upload):
    service = "accio"

    def begin(self, one):
        for answer in (b"confirm-accio\r\n", b"confirm-accio-again\r\n\r\n"):
            got = b""
            while len(got) < 7:
                piece = one.recv(7 - len(got))
                if not piece:
                    raise EOFError
                got += piece
            self.book.check(got == b"accio\r\n", f"{self.name}: greeted with {got!r}")
            one.sendall(answer)


class Send(Visitor):
    """talk_client --send and --get, whose exit code is their word."""
    service = "talk"
    most = 600_000

    def visit(self, port, cut):
        self.get(port) if self.rng.random() < 0.3 else self.send(port)

    def client(self, port, *words, cwd):
        process = subprocess.Popen(
            [f"{self.world.bin}/talk_client", "-n", self.name, "--retry", "15", *words, "--",
             "127.0.0.1", str(port)], cwd=cwd, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.world.clients[process.pid] = process
        try:
            _, said = process.communicate(timeout=90)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
            self.book.accuse(f"{self.name}: talk_client {words} runs for 90 s: {said[-300:]}")
        del self.world.clients[process.pid]
        self.book.count(f"talk: client left with {process.returncode}")
        return process.returncode

    def send(self, port):
        name = f"{self.name}.{self.round}.bin"
        whole = payload(name, self.rng.randint(20, 1_000_000))
        source = os.path.join(self.world.base, name)
        with open(source, "wb") as file:
            file.write(whole)
        code = self.client(port, "--send", source, cwd=self.world.base)
        os.unlink(source)
        if code != 0:
            time.sleep(2)  # what was under way on the other side
        stem = name.removesuffix(".bin")
        found = [one for one in os.listdir(self.server.directory)
                 if one.startswith((stem + ".", stem + "-"))]
        self.book.check(len(found) <= 1, f"talk: {name} is stored {len(found)} times: {found}, {code}")
        self.book.check(found or code != 0, f"talk: {name} was sent with exit 0 and is not there")
        for one in found:
            path = os.path.join(self.server.directory, one)
            with open(path, "rb") as file:
                self.book.check(file.read() == whole, f"talk: {one} has other bytes ({code})")
            os.unlink(path)
        self.book.count("talk: files stored", len(found))

    def get(self, port):
        place = os.path.join(self.world.base, f"{self.name}.got")
        os.makedirs(place)
        code = self.client(port, "--get", "shared.bin", "-d", place, cwd=self.world.base)
        found = [one for one in os.listdir(place) if not one.startswith(".")]
        with open(os.path.join(self.world.base, "share", "shared.bin"), "rb") as file:
            whole = file.read()
        self.book.check(len(found) == 1 or code != 0, f"talk: a get with exit 0 left {found}")
        self.book.check(len(found) <= 1, f"talk: a get left {found}")
        for one in found:
            with open(os.path.join(place, one), "rb") as file:
                self.book.check(file.read() == whole, f"talk: {one} has other bytes ({code})")
        self.book.count("talk: files fetched", len(found))
        shutil.rmtree(place)


class Auditor(threading.Thread):
    """Reads what appears in the upload directories, and takes it away so that the disk has room."""

    def __init__(self, world):
        super().__init__(daemon=True)
        self.world, self.book, self.seen = world, world.book, set()
        self.done = threading.Event()

    def run(self):
        while not self.done.is_set():
            self.look()
            time.sleep(0.2)

    def look(self):
        for service in ("upload", "accio"):
            directory = self.world.servers[service].directory
            for name in os.listdir(directory):
                if name.endswith(".file"):
                    with open(os.path.join(directory, name), "rb") as file:
                        self.judge(service, name, file.read())
                    os.unlink(os.path.join(directory, name))
        self.sweep(self.world.servers["talk"].directory)

    @staticmethod
    def sweep(directory):
        """Parts that nobody comes back for; a person would do so too before the disk is full."""
        for name in os.listdir(directory):
            path = os.path.join(directory, name)
            with contextlib.suppress(OSError):
                if name.startswith(".") and os.stat(path).st_mtime < time.time() - 60:
                    os.unlink(path)

    def judge(self, service, name, content):
        if content in (b"ERROR", b""):
            return self.book.count(f"{service}: {content.decode() or 'empty'}")
        match = re.match(rb"<([^:>]+):(\d+)>", content)
        key = match[1].decode() if match else ""
        if key not in Upload.complete and not content.startswith((b"<upload-", b"<accio-")):
            # A hostile visitor's: whatever came until an orderly end.
            return self.book.count(f"{service}: files of strangers")
        size = Upload.complete.get(key, (0,))[0]
        self.book.check(content == payload(key, size),
                        f"{service}: {name} is {len(content)} bytes of {key} and not the whole")
        self.book.check(key not in self.seen, f"{service}: {key} is stored twice")
        self.seen.add(key)
        self.book.count(f"{service}: files stored")

    def finish(self):
        self.done.set()
        self.join()
        self.look()
        for key, (_, begun, ended) in Upload.complete.items():
            service = key.split("-")[0]
            if ended and key not in self.seen and self.world.quiet(service, begun, ended):
                self.book.accuse(f"{service}: {key} came to its end and is nowhere")
