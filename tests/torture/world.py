"""Where the torture happens: a disk that can be full, the servers, a link that can be cut, and the
book in which everything wrong is written down."""
import contextlib
import os
import random
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time

DISK = 96 << 20  # bytes


def payload(key, size):
    """Bytes that belong to `key` alone and begin with it."""
    head = f"<{key}:{size}>".encode()
    return (head + random.Random(key).randbytes(max(0, size - len(head))))[:max(size, len(head))]


class Book:
    def __init__(self):
        self.lock, self.counts, self.wrong = threading.Lock(), {}, []

    def count(self, what, number=1):
        with self.lock:
            self.counts[what] = self.counts.get(what, 0) + number

    def accuse(self, what):
        with self.lock:
            self.wrong.append(what)
            print("WRONG:", what, flush=True)

    def check(self, holds, what):
        if not holds:
            self.accuse(what)
        return holds


class Server:
    """A talk_server that can be started again on its port."""

    def __init__(self, world, name, *options):
        self.name, self.world = name, world
        self.directory = os.path.join(world.disk, name)
        os.makedirs(self.directory, exist_ok=True)
        self.options, self.port = options, 0
        self.start()

    def start(self):
        log = open(os.path.join(self.world.base, f"{self.name}.log"), "ab")
        self.process = subprocess.Popen(
            [f"{self.world.bin}/talk_server", "--terminal", "none", "--bind", "127.0.0.1",
             *self.options, str(self.port), self.directory],
            stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, text=True,
            start_new_session=True)
        log.close()
        said = self.process.stdout.readline()
        if not said.startswith("listening on"):
            raise RuntimeError(f"{self.name} does not start")
        self.port = int(said.rsplit(":", 1)[1])

    def handlers(self):
        found = []
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{self.process.pid}/task"):
                with open(f"/proc/{self.process.pid}/task/{task}/children") as file:
                    found += map(int, file.read().split())
        return [pid for pid in found if not self.hands_on_the_log(pid)]

    @staticmethod
    def hands_on_the_log(pid):
        with contextlib.suppress(OSError):
            return os.readlink(f"/proc/{pid}/exe").endswith("/talk_server")
        return False

    def stop(self):
        pids = self.handlers()
        for pid in pids:
            send(pid, signal.SIGCONT)
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(15)
            self.world.book.check(code == 0, f"{self.name}: stopped with {code}")
        except subprocess.TimeoutExpired:
            self.world.book.accuse(f"{self.name}: does not stop on SIGTERM")
            self.process.kill()
            self.process.wait()
        return pids


class Cutter:
    """A link to a port that breaks with a reset after a random number of the client's bytes."""

    def __init__(self, port, after):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.target, self.after = self.listener.getsockname()[1], port, after
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        first = True
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self.carry, daemon=True,
                                 args=(client, self.after if first else 1 << 60)).start()
                first = False

    def carry(self, client, left):
        with client, contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", self.target)) as server:
                orderly = False
                with contextlib.suppress(OSError):
                    orderly = self.hand_on(client, server, left)
                for one in () if orderly else (server, client):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @staticmethod
    def hand_on(client, server, left):
        """True where both sides came to their end, False where the link is to be cut."""
        other, towards = {client: server, server: client}, {client: b"", server: b""}
        reading = {client, server}
        while reading or any(towards.values()):
            ready, free, _ = select.select([one for one in reading if not towards[other[one]]],
                                           [one for one in towards if towards[one]], [], 60)
            if not ready and not free:
                return False
            for one in free:
                towards[one] = towards[one][one.send(towards[one], socket.MSG_DONTWAIT):]
            if left <= 0 and not towards[server]:
                return False
            for one in ready:
                towards[other[one]] = one.recv(min(left, 65536) if one is client else 65536)
                if one is client:
                    left -= len(towards[server])
                if not towards[other[one]]:
                    reading.discard(one)
                    other[one].shutdown(socket.SHUT_WR)
        return True

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def send(pid, number):
    with contextlib.suppress(OSError):
        os.kill(pid, number)


class World:
    def __init__(self, binaries, seed):
        self.bin, self.seed, self.book = os.path.abspath(binaries), seed, Book()
        self.base = tempfile.mkdtemp(prefix="talk-torture-")
        self.disk, self.over = os.path.join(self.base, "disk"), threading.Event()
        os.mkdir(self.disk)
        self.mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "torture", self.disk],
            stderr=subprocess.DEVNULL).returncode == 0
        self.servers, self.clients, self.harms = {}, {}, []

    def random(self, name):
        return random.Random(f"{self.seed} {name}")

    def add(self, name, *options):
        self.servers[name] = Server(self, name, *options)

    def harm(self, seconds, *names):
        """Notes that something is done to these services (to all) for so long."""
        now = time.monotonic()
        self.harms.append((now, now + seconds, names or tuple(self.servers)))

    def quiet(self, name, begun, ended):
        return not any(name in names and begun < end + 1 and start < ended + 1
                       for start, end, names in list(self.harms))

    def port(self, name, rng, most):
        """The service's own port, or, one time in three, that of a link that will be cut."""
        port = self.servers[name].port
        return (Cutter(port, rng.randint(0, most)) if rng.random() < 0.33 else None), port

    def close(self):
        self.over.set()
        for server in self.servers.values():
            if server.process.poll() is None:
                server.stop()
        for process in list(self.clients.values()):
            process.kill()
        if self.mounted:
            subprocess.run(["umount", "-l", self.disk], check=False)
        shutil.rmtree(self.base, ignore_errors=True)
