#!/usr/bin/env python3
"""Prints how fast files go and how long a line of talk takes meanwhile, beside other programs.

  tests/bench/files.py TOOLS_DIRECTORY BIN_DIRECTORY [PART]...
PARTS: upload (RAM disk), disk, many (small files), far (the same, a link of 50 ms), idle, loopback,
slow (receiver's disk), stall (the sender's), narrow (link), plot; default all.
TALK_BENCH_REPEAT (5) says how often, TALK_BENCH_SIZE
(1024) how many MiB an upload has, TALK_BENCH_FILES (10000) how many small files there are.
"""
import os
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import chat_delay  # noqa: E402
import many_files  # noqa: E402
import rows  # noqa: E402
import upload_speed  # noqa: E402

REPEAT = int(os.environ.get("TALK_BENCH_REPEAT", "5"))
FILES = int(os.environ.get("TALK_BENCH_FILES", "10000"))
SIZE = int(os.environ.get("TALK_BENCH_SIZE", "1024")) << 20


def make_file(path, size):
    block = os.urandom(1 << 20)
    with open(path, "wb") as file:
        for _ in range(size >> 20):
            file.write(block)
        file.write(block[:size & 0xFFFFF])
    with open(path, "rb") as file:  # into the page cache
        while file.read(1 << 20):
            pass
    return path


def memory_of(tools, source, desk_base):
    """Peak memory of client and server in KiB, started by a small shell: a large parent would
    count for its children."""
    with tempfile.TemporaryDirectory(dir=desk_base) as desk:
        server = subprocess.Popen(
            ["sh", "-c", "/usr/bin/time -f %M \"$@\" 2>&1 >/dev/null | tail -n 1", "sh",
             tools["talk_server"], "--terminal", "none", "--bind", "127.0.0.1",
             str(port := upload_speed.free_port()), desk], stdout=subprocess.PIPE)
        upload_speed.await_port(port)
        client = subprocess.run(["/usr/bin/time", "-f", "%M", tools["talk_client"], "--send",
                                 source, "--", "127.0.0.1", str(port)], stderr=subprocess.PIPE)
        listener = subprocess.run(["ss", "-Hltnp", f"sport = :{port}"], stdout=subprocess.PIPE)
        pid = int(listener.stdout.split(b"pid=")[1].split(b",")[0])
        os.kill(pid, 15)
        return int(client.stderr.split()[-1]), int(server.communicate()[0].split()[-1])


def uploads(tools, source, desk_base, title, repeat):
    results = upload_speed.compare(tools, source, desk_base, repeat)
    size = os.path.getsize(source)
    speed = {name: [size / 1e6 / run[0] for run in runs] for name, runs in results.items()}
    print(f"\nUpload of {size >> 20} MiB from the page cache to {title}, median of {repeat} "
          "(best), interleaved")
    for name, runs in results.items():
        median = statistics.median(speed[name])
        # Ratios within a round: what else the machine does hits both alike.
        ratio = statistics.median(a / b for a, b in zip(speed["talk"], speed[name]))
        if name != "talk" and "RAM" in title:
            rows.add("upload of one file", name, ratio, statistics.median(speed["talk"]), "MB/s")
        cpu = statistics.median(run[1] for run in runs) / (size / 2**30)
        print(f"  {name:20s} {median:6.0f} MB/s ({max(speed[name]):5.0f})   "
              f"talk is {ratio:4.2f} of it   {cpu:5.2f} CPU s/GiB, both ends")
    client, server = memory_of(tools, source, desk_base)
    print(f"  peak memory of talk: client {client} KiB, listener and handler {server} KiB each "
          "at most")


def many(tools, scratch, delay=0):
    """`delay`: milliseconds each way."""
    count = FILES // 10 if delay else FILES
    trees = {"": many_files.make_tree(f"{scratch}/many{count}", count)}
    if not delay:
        trees[", a deep tree"] = many_files.make_tree(f"{scratch}/deep", count // 2, a_directory=20)
    for shape, tree in trees.items():
        work = "many small files, durable" + shape + (f", {2 * delay} ms away" if delay else "")
        results = many_files.compare(tools, tree, scratch, REPEAT, delay)
        ratios = many_files.report(f"{many_files.count_of(tree):,} files of 1 KiB: {work}", results)
        speed = many_files.count_of(tree) / statistics.median(results["talk"])
        for name, ratio in ratios.items():
            if name != "talk":
                rows.add(work, name, ratio, speed, "files/s")


def delays(title, result, extra=""):
    values = result[0]
    at = lambda part: chat_delay.percentile(values, part)
    print(f"  {title:34s} p50 {at(.5):7.2f}  p90 {at(.9):7.2f}  p99 {at(.99):7.2f} ms   "
          f"({len(values)} lines){extra}", flush=True)


def narrow_link(tools, scratch):
    source = make_file(scratch + "/narrow", 12_500_000)
    place = chat_delay.Place("10mbit")
    measure = lambda **more: chat_delay.measure(tools, place, file=source, until_sent=True, **more)
    try:
        delays("10 Mbit/s, no upload", chat_delay.measure(tools, place, duration=5))
        with_chat = measure()
        without = measure(chat=False)
        delays("10 Mbit/s, upload", with_chat,
               f"   {12.5 * 8 / with_chat[1]:.2f} Mbit/s of file; "
               f"{without[1] / with_chat[1]:.3f} of an upload without chat")
        no_gate = measure(preload_visitor=tools["open_gate.so"])
        delays("10 Mbit/s, upload, gate taken away", no_gate,
               f"   {12.5 * 8 / no_gate[1]:.2f} Mbit/s of file")
    finally:
        place.close()
    return with_chat[0], no_gate[0]


def plot(series, path, scratch):
    for name, values in series.items():
        with open(f"{scratch}/{name}", "w") as data:
            data.writelines(f"{i * 0.02:.2f} {value:.3f}\n" for i, value in enumerate(values))
    script = (
        f"set terminal pngcairo size 900,480; set output '{path}'; set logscale y;"
        "set xlabel 'seconds into an upload over a 10 Mbit/s link';"
        "set ylabel 'delay of a line of talk, ms'; set yrange [1:2000]; set grid; set key top left;"
        f"plot '{scratch}/without' with points pt 7 ps 0.4 lc rgb '#cc4444' title 'without the "
        f"gate', '{scratch}/with' with points pt 7 ps 0.4 lc rgb '#2266aa' title 'with the gate'")
    subprocess.run(["gnuplot", "-e", script], check=True)
    print(f"  picture: {path}")


def main():
    tools_directory, programs, *parts = sys.argv[1:]
    parts = parts or ["upload", "disk", "many", "far", "idle", "loopback", "slow", "stall",
                      "narrow", "plot"]
    tools = {name: f"{os.path.abspath(programs)}/{name}" for name in ("talk_server", "talk_client")}
    for name in ("framed_loop", "pty_reader", "bare_files", "delaying_relay", "open_gate.so",
                 "slow_disk.so"):
        tools[name] = f"{os.path.abspath(tools_directory)}/{name}"
    with tempfile.TemporaryDirectory() as scratch:
        if {"upload", "disk", "loopback", "slow", "stall"} & set(parts):
            source = make_file(scratch + "/large", SIZE)
        if "upload" in parts:
            uploads(tools, source, "/dev/shm", "a RAM disk", REPEAT)
        if "disk" in parts:
            uploads(tools, source, scratch, "disk, until it is on it", REPEAT)
        if "many" in parts:
            many(tools, scratch)
        if "far" in parts:
            many(tools, scratch, 25)
        if {"idle", "loopback", "slow", "stall", "narrow", "plot"} & set(parts):
            print("\nDelay of a line of talk")
        if "idle" in parts:
            delays("loopback, no upload",
                   chat_delay.measure(tools, chat_delay.Place(), duration=5))
        if "loopback" in parts:
            lines = []
            for _ in range(REPEAT):
                lines += chat_delay.measure(tools, chat_delay.Place(), file=source,
                                            until_sent=True, pause=0.002)[0]
            delays(f"loopback, {SIZE >> 20} MiB at full speed", (lines,))
        if "slow" in parts:
            result = chat_delay.measure(tools, chat_delay.Place(), file=source, duration=8,
                                        preload_desk=tools["slow_disk.so"])
            delays("receiver's disk takes 1 MB/s", result)
        if "stall" in parts:
            result = chat_delay.measure(tools, chat_delay.Place(), file=source, duration=8,
                                        preload_visitor=tools["slow_disk.so"])
            delays("sender's disk gives 1 MB/s", result)
        if "narrow" in parts or "plot" in parts:
            with_gate, without_gate = narrow_link(tools, scratch)
            if "plot" in parts:
                plot({"with": with_gate, "without": without_gate},
                     f"{os.path.abspath(tools_directory)}/chat_delay.png", scratch)


if __name__ == "__main__":
    main()
