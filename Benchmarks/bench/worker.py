"""Processes that stay alive between the turns, so that what loading costs is paid once."""

import os
import subprocess


class WorkerFailed(Exception):
    """A side that ended, or that answered with an error."""


# Freed memory stays with the process, for either side: the pools of pyarrow, polars and DuckDB keep it anyway, and
# without this glibc gives it back after every turn and takes it anew, page by page. It does so for the arenas of
# further threads whatever it is told; hence one arena.
ALLOCATOR = {
    "MALLOC_TRIM_THRESHOLD_": str(1 << 32), "MALLOC_MMAP_THRESHOLD_": str(32 << 20), "MALLOC_ARENA_MAX": "1",
}


class Worker:
    """A process that answers each line of words, with tabs between, by another."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str] | None = None):
        self.name = name
        self.process = subprocess.Popen(
            command, env={**ALLOCATOR, **os.environ, **(environment or {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self._answer()

    def ask(self, *words) -> list[str]:
        try:
            self.process.stdin.write("\t".join(map(str, words)) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended, as its answer will say
        return self._answer()

    def _answer(self) -> list[str]:
        line = self.process.stdout.readline()
        if not line:
            raise WorkerFailed(f"{self.name} ended with status {self.process.wait()}")
        words = line.rstrip("\n").split("\t")
        if words[0] == "error":
            raise WorkerFailed(f"{self.name}: {' '.join(words[1:])}")
        return words

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
