"""Turns of the sides: each moves the same files in a process of its own, and what it moved is compared."""

import filecmp
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.aws.cases import PROCESSOR_BARS, WALL_BARS, Case
from bench.aws.server import BUCKET, Server
from bench.context import Context
from bench.rows import Row, in_turn
from bench.worker import WorkerFailed


@dataclass(frozen=True)
class Turn:
    seconds: float
    processor: float
    """Seconds of processor time that the client took, in and outside of the kernel."""


@dataclass
class Transfer:
    """One case, with the files that go up or are to come down."""

    context: Context
    server: Server
    case: Case
    files: Path
    turns: int = 0

    @property
    def down(self) -> Path:
        """Where what comes down goes."""
        return self.context.work / "down"

    def ours(self) -> Turn:
        return self._told("tokyo", [self.context.binaries / "aws-bench"])

    def boto3(self) -> Turn:
        return self._told("boto3", [sys.executable, "-m", "bench.aws.boto3_peer"])

    def s5cmd(self) -> Turn:
        """A turn of the command line, whose start is part of it: some hundredths of a second."""
        program = Path(sys.executable).with_name("s5cmd")
        with self._moved("s5cmd"):
            if self.case.way == "up":
                words = ["cp", f"{self.files}/", f"s3://{BUCKET}/{self._prefix}/"]
            else:
                words = ["cp", f"s3://{BUCKET}/{self._prefix}/*", f"{self.down}/"]
            start = time.perf_counter()
            process = subprocess.Popen(
                [program, "--log", "error", *words], env=self.server.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL)
            _, status, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                raise WorkerFailed(f"s5cmd ended with {process.returncode}")
        return Turn(seconds, usage.ru_utime + usage.ru_stime)

    @property
    def _prefix(self) -> str:
        """Of the objects; what goes up has a new one each turn, since the server remembers what folders hold."""
        return f"{self.case.name}-{self.turns}" if self.case.way == "up" else self.case.name

    def _told(self, side: str, command: list) -> Turn:
        """A turn of a program that measures itself, without its own start."""
        folder = self.files if self.case.way == "up" else self.down
        with self._moved(side):
            finished = subprocess.run(
                [*map(str, command), self.case.way, BUCKET, self._prefix, str(folder)], env=self.server.environment,
                stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if finished.returncode:
                raise WorkerFailed(f"{side} ended with {finished.returncode}: {finished.stderr.strip()}")
        seconds, processor = map(float, finished.stdout.split())
        return Turn(seconds, processor)

    def _moved(self, side: str) -> "Moved":
        self.turns += 1
        return Moved(self, self.server.objects(self._prefix) if self.case.way == "up" else self.down, side)


class Moved:
    """An empty place before a turn; after it, what came is compared with what was to come, and forgotten."""

    def __init__(self, transfer: Transfer, place: Path, side: str):
        self.transfer, self.place, self.side = transfer, place, side

    def __enter__(self):
        shutil.rmtree(self.place, ignore_errors=True)
        if self.transfer.case.way == "down":
            self.place.mkdir()
        os.sync()  # what the turn before left to be written is not this one's to wait for

    def __exit__(self, kind, *_):
        if kind is None:
            wanted = sorted(path.name for path in self.transfer.files.iterdir())
            _, wrong, missing = filecmp.cmpfiles(self.transfer.files, self.place, wanted, shallow=False)
            bad = f"{len(wrong)} objects differ and {len(missing)} are missing" if wrong or missing else None
            self.transfer.context.check(bad, f"{self.transfer.case.name} by {self.side}")
        shutil.rmtree(self.place, ignore_errors=True)


def rows_of(context: Context, server: Server, case: Case) -> Iterator[Row]:
    files = context.work / f"files {case.name}"
    _make(files, case, context.scale)
    if case.way == "down":
        # The server looks into the bucket before, not into this folder.
        shutil.copytree(files, server.objects(case.name), dirs_exist_ok=True)
    transfer = Transfer(context, server, case, files)
    turns = in_turn(transfer.ours, {"boto3": transfer.boto3, "s5cmd": transfer.s5cmd}, context.rounds)
    for peer, pairs in turns.items():
        yield _row(case, "wall", peer, pairs, lambda turn: turn.seconds, WALL_BARS)
        yield _row(case, "processor", peer, pairs, lambda turn: turn.processor, PROCESSOR_BARS)
    shutil.rmtree(files)


def _row(
    case: Case, what: str, peer: str, turns: list[tuple[Turn, Turn]], value: Callable[[Turn], float],
    bars: dict[str, float]
) -> Row:
    pairs = [(value(ours), value(theirs)) for ours, theirs in turns]
    return Row.of(pairs, group="aws", name=f"{case.name}-{what}/{peer}", unit="s", peer=peer, bar=bars.get(peer))


def _make(folder: Path, case: Case, scale: float):
    """The files, of bytes that do not compress; fewer at a smaller scale, or where there is one, shorter."""
    folder.mkdir()
    count = max(1, round(case.objects * scale)) if case.objects > 1 else 1
    size = case.size if case.objects > 1 else max(1, round(case.size * scale))
    numbers = random.Random(case.name)
    for number in range(count):
        with (folder / f"object {number:05}").open("wb") as file:
            for start in range(0, size, 1 << 20):
                file.write(numbers.randbytes(min(1 << 20, size - start)))
