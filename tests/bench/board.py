#!/usr/bin/env python3
"""board.py BIN: what a board costs 64 sessions, and how soon it shows a change.

CPU (percent of one core, per session) and private memory (KiB, per session) of the handlers for ten
seconds without a board and ten with one; then, 20 times, the time from a visitor's line to the
board's terminal, and from a session that stands still."""
import fcntl, os, pty, re, select, signal, socket, statistics, struct, subprocess, sys, tempfile, termios, time

bin_directory, sessions, seconds = sys.argv[1], 64, 10


def frame(tag, payload):
    return tag + struct.pack(">I", len(payload)) + payload


def cpu(pids):
    return sum(int(open(f"/proc/{pid}/schedstat").read().split()[0]) for pid in pids) / 1e9


def memory(pids):
    text = [open(f"/proc/{pid}/smaps_rollup").read() for pid in pids]
    return sum(int(re.search(r"Private_Dirty:\s+(\d+)", each)[1]) for each in text)


def measure(pids, during=lambda: None):
    before, end = cpu(pids), time.time() + seconds
    while time.time() < end:
        during()
        time.sleep(0.02)
    return 100 * (cpu(pids) - before) / seconds / len(pids), memory(pids) / len(pids)


def open_board(environment, port):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(bin_directory + "/talk_desk", ["talk_desk", str(port)], environment)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 100, 120, 0, 0))
    os.kill(pid, signal.SIGWINCH)
    return pid, terminal


def drain(terminal, patience=0.0):
    text = b""
    while select.select([terminal], [], [], patience)[0]:
        text += os.read(terminal, 65536)
    return text


with tempfile.TemporaryDirectory() as directory:
    environment = dict(os.environ, XDG_RUNTIME_DIR=directory, TERM="xterm-256color")
    server = subprocess.Popen([bin_directory + "/talk_server", "--terminal", "none", "0", directory],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        visitors, pids = [], []
        for n in range(sessions):
            visitor = socket.create_connection(("127.0.0.1", port))
            pids.append(int(re.search(rb"pid=(\d+)", visitor.recv(512))[1]))
            visitor.sendall(b"TALK/1 name=v%d\r\n" % n)
            visitors.append(visitor)
        time.sleep(1)
        alone = measure(pids)
        board, terminal = open_board(environment, port)
        time.sleep(1)
        watched = measure(pids, lambda: drain(terminal))
        board_cpu = cpu([board])
        delays = []
        for n in range(20):
            time.sleep(0.37)
            drain(terminal)
            start, seen = time.time(), b""
            visitors[n].sendall(frame(b"T", b"hello"))
            while b"*1" not in seen and time.time() < start + 5:
                seen += drain(terminal, 0.005)
            delays.append(1000 * (time.time() - start))
        drain(terminal)
        os.kill(pids[40], signal.SIGSTOP)
        start, seen = time.time(), b""
        while b"frozen" not in seen and time.time() < start + 5:
            seen += drain(terminal, 0.005)
        frozen = 1000 * (time.time() - start)
        os.kill(pids[40], signal.SIGCONT)
        print(f"{sessions} sessions      CPU a session    memory a session")
        print(f"without a board     {alone[0]:.3f} %        {alone[1]:.1f} KiB")
        print(f"with one            {watched[0]:.3f} %        {watched[1]:.1f} KiB")
        print(f"the board itself    {100 * board_cpu / (seconds + 1):.1f} %")
        print(f"a line is on the board after {statistics.median(delays):.0f} ms (median), "
              f"{max(delays):.0f} ms (longest of 20)")
        print(f"a session that stands still is frozen there after {frozen:.0f} ms")
        os.kill(board, signal.SIGTERM)
    finally:
        server.terminate()
        server.wait()
