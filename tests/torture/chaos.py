"""What is done to the servers, their handlers, the clients and the disk; and visitors who mean harm."""
import contextlib
import os
import signal
import socket
import threading
import time

from world import send

LONGEST_STOP = 6  # seconds


class Chaos(threading.Thread):
    def __init__(self, world):
        super().__init__(daemon=True, name="chaos")
        self.world, self.book, self.rng = world, world.book, world.random("chaos")
        self.restarting = False
        self.hostile = threading.Semaphore(8)

    def run(self):
        deeds = [self.kill, self.kill, self.terminate, self.stop, self.stop, self.stop_client,
                 self.kill_client, self.harass, self.harass, self.harass, self.fill_disk, self.restart]
        while not self.world.over.wait(self.rng.uniform(0.02, 0.4)):
            deed = self.rng.choice(deeds)
            deed()

    def handler(self):
        server = self.rng.choice(list(self.world.servers.values()))
        pids = server.handlers()
        return (server, self.rng.choice(pids)) if pids else (server, None)

    def signal_handler(self, number, word, seconds=1):
        server, pid = self.handler()
        if pid:
            self.world.harm(seconds, server.name)
            send(pid, number)
            self.book.count(f"chaos: handlers {word}")
        return pid

    def kill(self):
        self.signal_handler(signal.SIGKILL, "killed")

    def terminate(self):
        self.signal_handler(signal.SIGTERM, "terminated")

    def stop(self):
        seconds = self.rng.uniform(0.1, LONGEST_STOP)
        if pid := self.signal_handler(signal.SIGSTOP, "stopped", seconds):
            threading.Timer(seconds, send, (pid, signal.SIGCONT)).start()

    def client(self):
        clients = list(self.world.clients.values())
        return self.rng.choice(clients) if clients else None

    def stop_client(self):
        if client := self.client():
            client.send_signal(signal.SIGSTOP)
            threading.Timer(self.rng.uniform(0.1, LONGEST_STOP), client.send_signal,
                            (signal.SIGCONT,)).start()
            self.book.count("chaos: clients stopped")

    def kill_client(self):
        if client := self.client():
            client.send_signal(self.rng.choice([signal.SIGKILL, signal.SIGTERM]))
            self.book.count("chaos: clients killed")

    def fill_disk(self):
        """For a while there is no room at all."""
        if not self.world.mounted or self.rng.random() < 0.7:
            return
        seconds = self.rng.uniform(0.1, 1.5)
        self.world.harm(seconds + 3)
        path = os.path.join(self.world.disk, "balloon")
        with contextlib.suppress(OSError), open(path, "wb", buffering=0) as balloon:
            while balloon.write(b"x" * 65536):
                pass
        self.book.count("chaos: disks full")
        time.sleep(seconds)
        os.unlink(path)

    def restart(self):
        """Not of those that number their files from 1."""
        server = self.world.servers[self.rng.choice(["store", "talk", "echo", "fetch"])]
        if self.rng.random() < 0.8:
            return
        self.world.harm(20, server.name)
        self.restarting = True
        if self.rng.random() < 0.5:
            server.stop()
        else:
            pids = server.handlers()
            server.process.kill()
            server.process.wait()
            for pid in pids:
                send(pid, signal.SIGCONT)
                send(pid, signal.SIGKILL)
        server.start()
        self.restarting = False
        self.book.count("chaos: servers started again")

    def harass(self):
        server = self.world.servers[self.rng.choice(list(self.world.servers))]
        way = self.rng.choice([self.flood, self.garbage, self.drip, self.never_read, self.knock])
        if self.hostile.acquire(blocking=False):
            threading.Thread(target=self.do_harm, args=(way, server.port), daemon=True).start()

    def do_harm(self, way, port):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
                way(one, port)
        except OSError:
            pass
        finally:
            self.hostile.release()
            self.book.count(f"hostile: {way.__name__}")

    def flood(self, one, _):
        byte = self.rng.choice([b"\0", b"\n", b"x", b"P\0\0\0\1x"])
        for _ in range(200):
            one.sendall(byte * 10_000)

    def garbage(self, one, _):
        one.sendall(self.rng.choice([b"", b"TALK/1 name=mallory\r\n", b"put 1 ", b"confirm-accio\r\n"]))
        for _ in range(20):
            one.sendall(self.rng.randbytes(self.rng.randint(1, 5000)))

    def drip(self, one, _):
        for _ in range(40):
            one.sendall(self.rng.choice([b"a", b"\r", b"T", b"\xff"]))
            time.sleep(0.1)

    def never_read(self, one, _):
        one.sendall(b"TALK/1 name=stone\r\n")
        one.settimeout(1)
        for _ in range(3000):
            one.sendall(b"P\0\0\0\x08againxyz" * 100 + b"get 1\n" * 100)

    def knock(self, _, port):
        for _ in range(50):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
