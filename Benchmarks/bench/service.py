"""A server of a run, private to it, which a script starts as the contract in Tests/Services/run says."""

import os
import subprocess
from pathlib import Path

from bench.worker import WorkerFailed


class Service:
    """Runs from `with` on until its end."""

    def __init__(self, start: Path, log: Path, *names: str):
        self.start, self.log, self.names = start, log, names
        self.said: dict[str, str] = {}
        """What it announced."""

    def __enter__(self) -> "Service":
        # The file that it announces itself in is a pipe, which says at once that it is there, or that it has ended.
        reading, writing = os.pipe()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [self.start, f"/dev/fd/{writing}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as ready:
            lines = [ready.readline().rstrip("\n") for _ in self.names]
        self.said = dict(line.split("=", 1) for line in lines if line)
        if set(self.said) != set(self.names):
            self.__exit__()
            raise WorkerFailed(f"{self.start.parent.name} did not start: {self.log.read_text().strip()}")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
