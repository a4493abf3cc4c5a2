#!/usr/bin/env python3
"""Measures the services beside their neighbours: interleaved rounds in one run, medians, ratios.

  tests/bench/services/measure.py TOOLS_DIRECTORY BIN_DIRECTORY [connect] [start] [memory] [store] [upload]

after `make all bench-tools`. ROUNDS and SECONDS_EACH (environment) say how long.
On a machine that does other things too, run it with `chrt -r 1`.
"""
import os, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
import rows  # noqa: E402

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = os.environ.get("SECONDS_EACH", "1")
TOOLS, BIN = map(os.path.abspath, sys.argv[1:3])
ECHO, ECHO_PIE, LOAD = f"{TOOLS}/echo", f"{TOOLS}/echo_pie", f"{TOOLS}/load"
QUIET = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.01)
    sys.exit(f"ERROR: nothing listens on port {port}")


class Running:
    """Servers that are gone when the measurement is, with everything that they started."""

    def __init__(self):
        self.ports, self.processes, self.pids = {}, [], {}

    def start(self, name, command, cwd=None):
        port = free_port()
        process = subprocess.Popen([str(word).replace("PORT", str(port)) for word in command],
                                   cwd=cwd, start_new_session=True, **QUIET)
        self.processes.append(process)
        self.ports[name], self.pids[name] = port, process.pid
        wait_for(port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes:
            process.wait()


def talk(handler, directory="."):
    return [f"{BIN}/talk_server", "--handler", handler, "--bind", "127.0.0.1", "-m", "2000", "PORT",
            directory]


def load(*words):
    return float(subprocess.run([LOAD, *map(str, words)], check=True, capture_output=True).stdout)


def report(title, results, unit, scale=1.0, work=None, less_is_better=False):
    """`results`: name -> list of measurements. The first name is ours. `work`: its name in the
    table at the end; none: it has no place there."""
    medians = {name: statistics.median(values) for name, values in results.items()}
    ours = next(iter(medians.values()))
    print(title)
    for name, median in medians.items():
        values = results[name]
        spread = f"{min(values) * scale:,.0f}..{max(values) * scale:,.0f}"
        if work and median != ours:
            ratio = median / ours if less_is_better else ours / median
            rows.add(work, name, ratio, ours * scale, unit)
        print(f"  {name:28}{median * scale:>12,.0f} {unit:10}{spread:>20}   ours/it {ours / median:6.2f}")
    sys.stdout.flush()


def interleaved(names, measure):
    results = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            results[name].append(measure(name))
    return results


def connect():
    with Running() as servers:
        servers.start("talk_server, echo_handler", talk("echo"))
        servers.start("tcpserver, static C",
                      ["tcpserver", "-RHl0", "-b", "512", "-c", "1000", "127.0.0.1", "PORT", ECHO])
        servers.start("a bare vfork loop, static C", [f"{TOOLS}/vfork_loop", "PORT", ECHO])
        servers.start("systemd-socket-activate", ["systemd-socket-activate", "--accept", "--inetd",
                                                  "-l", "127.0.0.1:PORT", ECHO])
        servers.start("socat", ["socat", "TCP-LISTEN:PORT,bind=127.0.0.1,fork,reuseaddr,backlog=512",
                                f"EXEC:{ECHO}"])
        servers.start("ncat", ["ncat", "-lkm", "1000", "--exec", ECHO, "127.0.0.1", "PORT"])
        for clients in (1, 16, 64):
            results = interleaved(servers.ports, lambda name: load(
                "connect", servers.ports[name], clients, SECONDS))
            report(f"connect, one line echoed, close: {clients} clients", results, "a second",
                   work=f"connections, {clients} clients" if clients == 16 else None)


def first_answer(program, confine, says, environment):
    """Seconds from before the handler's start until a visitor, who is there already, hears of it."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        visitor = socket.create_connection(door.getsockname())
        connection, _ = door.accept()
    connection.set_inheritable(True)
    visitor.sendall(says)
    null = [(os.POSIX_SPAWN_OPEN, fd, "/dev/null", os.O_RDWR, 0) for fd in (0, 1, 2)]
    began = time.perf_counter()
    pid = os.posix_spawn(program, [program, str(connection.fileno())],
                         {"TALK_CONFINE": confine, **environment}, file_actions=null)
    connection.close()
    visitor.recv(1)
    took = time.perf_counter() - began
    visitor.close()
    os.waitpid(pid, 0)
    return took


def start(times=100):
    """What confinement adds to a start, beside a static program that confines itself to nothing in
    particular: an empty Landlock ruleset, and a system call filter of one instruction."""
    directory = tempfile.mkdtemp(prefix="talk-bench-", dir=os.environ.get("BENCH_DIR"))
    programs = {"echo_handler": b"hello\n", "fetch_handler": b"missing\n",
                "store_handler": b"get 1\n", "server_handler": b"", "bare_confined": b"hello\n"}
    took = {(name, how): [] for name in programs for how in ("off", "auto")}
    for _ in range(times):
        for (name, how), values in took.items():
            path = f"{TOOLS if name == 'bare_confined' else BIN}/{name}"
            values.append(first_answer(path, how, programs[name], {"TALK_DIR": directory}))
    shutil.rmtree(directory)
    print("start until the first answer, median, and what confinement adds to it")
    for name in programs:
        off, auto = (statistics.median(took[name, how]) * 1e6 for how in ("off", "auto"))
        print(f"  {name:28}{off:>8,.0f} us  + {auto - off:>6,.0f} us")
    sys.stdout.flush()


def children(pid):
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):  # each is listed with the thread that started it
        with open(f"/proc/{pid}/task/{task}/children") as file:
            found += map(int, file.read().split())
    return found


def pss(pid):
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:"))


def memory(sessions=500):
    with Running() as servers:
        servers.start("talk_server, echo_handler", talk("echo"))
        servers.start("tcpserver, static C",
                      ["tcpserver", "-RHl0", "-b", "512", "-c", "1000", "127.0.0.1", "PORT", ECHO])
        servers.start("tcpserver, static-pie C",
                      ["tcpserver", "-RHl0", "-b", "512", "-c", "1000", "127.0.0.1", "PORT", ECHO_PIE])
        results = {}
        for name, port in servers.ports.items():
            sockets = [socket.create_connection(("127.0.0.1", port)) for _ in range(sessions)]
            for one in sockets:
                one.sendall(b"x\n")
                one.recv(10)
            pid = servers.pids[name]
            results[name] = [(pss(pid) + sum(map(pss, children(pid)))) / sessions]
            for one in sockets:
                one.close()
        report(f"memory, {sessions} idle sessions, listener and handlers (PSS)", results, "KiB each",
               work="memory of an idle session", less_is_better=True)


def store(keys=20000):
    directory = tempfile.mkdtemp(prefix="talk-bench-", dir=os.environ.get("BENCH_DIR"))
    with Running() as servers:
        servers.start("store_handler", talk("store", directory))
        servers.start("redis, appendfsync always",
                      ["redis-server", "--port", "PORT", "--bind", "127.0.0.1", "--appendonly", "yes",
                       "--appendfsync", "always", "--save", "", "--dir", directory])
        servers.start("SQLite, WAL, FULL", [f"{TOOLS}/sqlite_server", "PORT", f"{directory}/sqlite.db"])
        servers.start("append, fdatasync, no more",
                      [f"{TOOLS}/append_server", "PORT", f"{directory}/appended"])
        # The limits of a process for each visitor.
        servers.start("limit: append, process each",
                      [f"{TOOLS}/forked_append", "PORT", f"{directory}/forked"])
        servers.start("limit: echo, a process each", [f"{TOOLS}/vfork_loop", "PORT", ECHO])
        words = {name: ("redis-" if "redis" in name else "") for name in servers.ports}
        first = keys
        for name, port in servers.ports.items():
            load(words[name] + "fill", port, 16, 0, keys)
        for verb, clients, in_flight in ((verb, *how) for verb in ("put", "get")
                                         for how in ((1, 1), (16, 1), (1, 16))):
            def measure(name):
                nonlocal first
                first += 1_000_000
                return load(words[name] + verb, servers.ports[name], clients, SECONDS,
                            first if verb == "put" else keys, in_flight)
            # The one on SQLite takes a request at a time; what only appends has nothing to get.
            no_store = "echo" if verb == "put" else "append"
            names = [name for name in servers.ports if (in_flight == 1 or "SQLite" not in name) and
                     no_store not in name.split(",")[0]]
            title = f"store, {verb}: {clients} client{'s' if clients > 1 else ''}"
            title += f", {in_flight} in flight" if in_flight > 1 else ""
            report(title, interleaved(names, measure), "a second", work=title)
    shutil.rmtree(directory)


def upload(size=1 << 30):
    directory = tempfile.mkdtemp(prefix="talk-bench-", dir=os.environ.get("BENCH_DIR"))
    source = f"{directory}/source"
    with open(source, "wb") as file:
        block = os.urandom(1 << 20)
        for _ in range(size >> 20):
            file.write(block)

    def measure(name):
        with Running() as servers:
            port = free_port()
            target = f"{directory}/target"
            if name == "upload_handler":
                servers.start(name, talk("upload", directory))
                port = servers.ports[name]
            else:
                shell = {"ncat -l > file": f"exec ncat -l 127.0.0.1 {port} > {target}",
                         "socat": f"exec socat -u TCP-LISTEN:{port},bind=127.0.0.1 OPEN:{target},creat,trunc"}
                servers.processes.append(subprocess.Popen(
                    ["sh", "-c", shell[name]], stdin=subprocess.DEVNULL, start_new_session=True))
                time.sleep(0.2)
            with socket.create_connection(("127.0.0.1", port)) as one, open(source, "rb") as file:
                start = time.monotonic()
                one.sendfile(file)
                one.shutdown(socket.SHUT_WR)
                if name == "upload_handler":
                    one.recv(1)  # its end
                else:
                    servers.processes.pop().wait()
                took = time.monotonic() - start
            if name == "upload_handler":
                target = f"{directory}/2.file"  # the first connection asked whether it listens
            if os.path.getsize(target) != size:
                sys.exit(f"ERROR: {name} stored {os.path.getsize(target)} bytes")
            os.unlink(target)
            return size / took / 1e6

    report("raw upload of 1 GiB", interleaved(["upload_handler", "ncat -l > file", "socat"], measure),
           "MB/s")
    shutil.rmtree(directory)


if __name__ == "__main__":
    os.environ["PATH"] += ":/usr/sbin"
    for part in sys.argv[3:] or ["connect", "start", "memory", "store", "upload"]:
        {"connect": connect, "start": start, "memory": memory, "store": store, "upload": upload}[part]()
