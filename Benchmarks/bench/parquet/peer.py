"""A peer's process: python -m bench.parquet.peer NAME THREADS, which answers as Session.swift does.

    load PATH                           → rows
    settings PURPOSE                    → the names of the settings for `time`, `size` or `read`
    write PATH PURPOSE SETTING          → seconds, bytes
    read PATH SETTING [COLUMN …]        → seconds, rows

Each times itself, from its own table in memory until the file is closed, or from opening a file until its own table is
in memory.
"""

import os
import sys
import time
from pathlib import Path

from bench.parquet.peers import PEERS


def answer(peer, words: list[str]) -> list:
    match words:
        case ["load", path]:
            return [peer.load(path)]
        case ["settings", purpose]:
            return list(peer.settings[purpose])
        case ["write", path, purpose, setting]:
            options = peer.settings[purpose][setting]
            start = time.perf_counter()
            peer.write(path, options)
            seconds = time.perf_counter() - start
            return [seconds, Path(path).stat().st_size]
        case ["read", path, setting, *columns]:
            options = peer.settings["read"][setting]
            start = time.perf_counter()
            rows = peer.read(path, options, columns or None)
            seconds = time.perf_counter() - start
            return [seconds, rows.num_rows]
    raise ValueError(f"no such command: {words}")


def main(name: str, threads: int):
    # Answers go where standard output went; what libraries print there goes elsewhere.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer = PEERS[name](threads)
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        try:
            words = answer(peer, line.rstrip("\n").split("\t"))
        except Exception as error:
            words = ["error", " ".join(f"{type(error).__name__}: {error}".split())]
        print(*words, sep="\t", file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
