"""Many small files, durable: by talk, by rsync --fsync, and by a bare program that has no network."""
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from upload_speed import await_port, free_port


def make_tree(path, count, size=1024, a_directory=None):
    """`a_directory`: so many files in each; none: all in one."""
    for number in range(count):
        place = f"{path}/{number // a_directory}/deep/below" if a_directory else path
        if number % (a_directory or count) == 0:
            os.makedirs(place, exist_ok=True)
        with open(f"{place}/{number}", "wb") as file:
            file.write(os.urandom(size))
    return path


def count_of(directory):
    return sum(len(files) for _, _, files in os.walk(directory))


class Server:
    """Gone with the `with`; `delay`: milliseconds each way in front of it."""

    def __init__(self, command, port, relay=None, delay=0):
        self.processes = [subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)]
        await_port(port)
        self.port = port
        if delay:
            self.port = free_port()
            self.processes.append(subprocess.Popen([relay, str(self.port), str(port), str(delay)]))
            await_port(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
            process.wait()


def talk(tools, tree, desk, delay):
    port = free_port()
    command = [tools["talk_server"], "--terminal", "none", "--bind", "127.0.0.1", str(port), desk]
    with Server(command, port, tools["delaying_relay"], delay) as server:
        start = time.monotonic()
        subprocess.run([tools["talk_client"], "--send", tree, "--", "127.0.0.1", str(server.port)],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return time.monotonic() - start


def rsync(tools, tree, desk, delay):
    port = free_port()
    conf = desk + ".conf"
    with open(conf, "w") as file:
        file.write(f"use chroot = no\nuid = root\ngid = root\n[desk]\npath = {desk}\n"
                   "read only = no\n")
    command = ["rsync", "--daemon", "--no-detach", f"--config={conf}", f"--port={port}",
               "--address=127.0.0.1"]
    with Server(command, port, tools["delaying_relay"], delay) as server:
        start = time.monotonic()
        subprocess.run(["rsync", "-r", "--fsync", tree,
                        f"rsync://127.0.0.1:{server.port}/desk/"], check=True)
        took = time.monotonic() - start
    os.unlink(conf)
    return took


def bare(tools, tree, desk, _):
    done = subprocess.run([tools["bare_files"], desk, str(count_of(tree)), "64", "16"], check=True,
                          stdout=subprocess.PIPE)
    return float(done.stdout)


def compare(tools, tree, base, repeat, delay=0):
    """Returns {name: [seconds]}, taking turns. The bare program stays at home."""
    count = count_of(tree)
    ways = {"talk": talk, "rsync -r --fsync": rsync}
    if not delay:
        ways["bare, no network"] = bare
    if not shutil.which("rsync"):
        del ways["rsync -r --fsync"]
    results = {name: [] for name in ways}
    for _ in range(repeat):
        for name, way in ways.items():
            desk = tempfile.mkdtemp(prefix="talk-bench-", dir=base)
            try:
                os.sync()
                results[name].append(way(tools, tree, desk, delay))
                if count_of(desk) != count:
                    raise RuntimeError(f"{name}: {count_of(desk)} of {count} files arrived")
            finally:
                shutil.rmtree(desk)
    return results


def report(title, results):
    """Prints them, and returns the ratios of talk's speed to each of the others'."""
    print(f"\n{title}: seconds, median (best)")
    ratios = {}
    for name, took in results.items():
        # Within a round: what else the machine does hits both alike.
        ratios[name] = statistics.median(b / a for a, b in zip(results["talk"], took))
        print(f"  {name:20s} {statistics.median(took):7.2f} ({min(took):6.2f})   "
              f"talk is {ratios[name]:5.2f} times as fast", flush=True)
    return ratios
