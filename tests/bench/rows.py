#!/usr/bin/env python3
"""The table at the end of `make bench`: each measurement puts its ratio into a file, in turn.

  tests/bench/rows.py FILE [PICTURE.png]      prints the table; draws it, where gnuplot is there
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

# Work, and what it is compared with: the ratio that is aimed at. Higher is better, always.
GOALS = {
    ("upload of one file", "plain framed loop"): 1.0,
    ("many small files, durable", "rsync -r --fsync"): 1.2,
    ("connections, 16 clients", "tcpserver, static C"): 1.15,
    ("connections, 16 clients", "a bare vfork loop, static C"): 0.95,
    ("memory of an idle session", "tcpserver, static C"): 1.0,
    ("first byte in an xterm", "bare xterm"): 0.75,
    ("store, put: 1 client", "SQLite, WAL, FULL"): 1.0,
    ("store, put: 16 clients", "redis, appendfsync always"): 0.9,
    ("store, get: 16 clients", "redis, appendfsync always"): 1.0,
    ("store, get: 16 clients", "SQLite, WAL, FULL"): 1.0,
    ("store, put: 1 client, 16 in flight", "redis, appendfsync always"): 0.7,
    ("store, get: 1 client, 16 in flight", "redis, appendfsync always"): 0.7,
}


def add(work, other, ratio, ours, unit):
    """A ratio of ours to another's, so that more is better; and our own figure."""
    path = os.environ.get("TALK_BENCH_ROWS")
    if path:
        with open(path, "a") as file:
            json.dump({"work": work, "other": other, "ratio": ratio, "ours": ours, "unit": unit},
                      file)
            file.write("\n")


def read(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


def print_table(rows):
    print(f"\n{'ratio':>6} {'goal':>5}  {'work':44}{'beside':30}{'ours':>12}")
    for row in rows:
        goal = GOALS.get((row["work"], row["other"]))
        print(f"{row['ratio']:6.2f} {goal if goal else '':>5}  {row['work']:44}{row['other']:30}"
              f"{row['ours']:>12,.4g} {row['unit']}")


def plot(rows, picture):
    if not shutil.which("gnuplot"):
        return print("  no picture: there is no gnuplot")
    with tempfile.NamedTemporaryFile("w", suffix=".dat") as data:
        for row in reversed(rows):
            label = f"{row['work']} / {row['other']}"
            data.write(f"\"{label}\" {row['ratio']:.3f}\n")
        data.flush()
        height = 90 + 26 * len(rows)
        subprocess.run(["gnuplot", "-e", (
            f"set terminal pngcairo size 1000,{height} font 'DejaVu Sans,10';"
            f"set output '{picture}'; set logscale x 2; set xrange [0.125:16]; set grid x;"
            f"set yrange [-0.7:{len(rows) - 0.3}]; set lmargin 60; unset key;"
            "set xlabel 'speed of talk, as a multiple of the other'; set style fill solid;"
            "set arrow from 1, graph 0 to 1, graph 1 nohead lw 2 lc rgb '#555555' front;"
            f"plot '{data.name}' using (1):0:(1):2:($0-0.35):($0+0.35):ytic(1) "
            "with boxxyerror lc rgb '#2266aa'")], check=True)
    print(f"  picture: {picture}")


if __name__ == "__main__":
    found = read(sys.argv[1])
    print_table(found)
    if len(sys.argv) > 2:
        plot(found, sys.argv[2])
