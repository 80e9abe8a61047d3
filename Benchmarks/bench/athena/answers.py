"""Turns of the sides, each in a process of its own, and what they took beyond the laboratory's own time."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from bench.athena.laboratory import REPOSITORY, SLOTS, Laboratory, longest_chain
from bench.context import Context
from bench.parquet.data import prepare
from bench.rows import Row, fastest, in_turn
from bench.worker import WorkerFailed

PEERS = {
    "awswrangler-ctas": "ctas", "awswrangler-unload": "unload", "awswrangler-plain": "plain",
    "pyathena": "arrow", "pyathena-unload": "arrow-unload"}  # fmt: skip
OUR_POLLING = "0.04"
"""Seconds: the shortest pause that ours makes between two questions; while a query runs on, its pauses grow."""
MEMORY = 200_000_000
LEAST = 0.001
"""What the laboratory tells is whole milliseconds."""


@dataclass(frozen=True)
class Case:
    name: str
    queries: int
    bar: float

    def words(self, scale: float) -> list[str]:
        return ["all"] if self.queries == 1 else ["many", str(self.count(scale))]

    def count(self, scale: float) -> int:
        """Of its queries; fewer at a smaller scale."""
        return max(1, min(self.queries, round(self.queries * max(scale, 0.1))))


CASES = [Case("all", 1, 0.5), Case("many", 100, 0.7)]


@dataclass(frozen=True)
class Turn:
    seconds: float
    """Beyond what the laboratory needed."""
    answer: list[str]
    peak: int = 0
    """The most bytes that our process had in memory."""


@dataclass
class Sides:
    context: Context
    laboratory: Laboratory
    records: Path
    case: Case

    def ours(self) -> Turn:
        program = self.context.binaries / "athena-bench"
        turn = self._turn([program, *self.case.words(self.context.scale), *self._place, self.records])
        *answer, peak = turn.answer
        return Turn(turn.seconds, answer, int(peak))

    def peer(self, name: str, polling: str) -> Turn:
        what, *count = self.case.words(self.context.scale)
        python = REPOSITORY / ".venv" / "bin" / "python"
        return self._turn([python, "-m", "bench.athena.peer", name, what, polling, *self._place, *count])

    @property
    def _place(self) -> list[str]:
        return [self.laboratory.bucket, self.laboratory.database]

    def _turn(self, command: list) -> Turn:
        before = self.laboratory.queries()
        finished = subprocess.run(
            list(map(str, command)), env=self.laboratory.environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True)
        if finished.returncode:
            raise WorkerFailed(f"{' '.join(map(str, command[:4]))} ended with {finished.returncode}: "
                               f"{finished.stderr.strip()[-600:]}")  # fmt: skip
        seconds, *answer = finished.stdout.split()
        count = self.case.count(self.context.scale)
        ran = self.laboratory.execution_seconds(self.laboratory.queries() - before, count)
        beyond = float(seconds) - (sum(ran) if count == 1 else longest_chain(ran, SLOTS))
        return Turn(max(LEAST, beyond), answer)


def load(context: Context, laboratory: Laboratory) -> Path:
    """A million rows of lineitem as one version in the laboratory's lake; the file that tells which."""
    table = pq.read_table(prepare("lineitem", context.scale / 6, context.cache))
    plain = context.work / "lineitem.parquet"
    pq.write_table(table.cast(pa.schema([field.with_nullable(False) for field in table.schema])), plain)
    records = context.work / "lineitem.json"
    loaded = subprocess.run(
        [context.binaries / "athena-bench", "load", plain, "undated", laboratory.bucket, laboratory.database, records],
        env=laboratory.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if loaded.returncode:
        raise WorkerFailed(f"lineitem was not written: {loaded.stderr.strip()}")
    return records


def rows_of(context: Context, laboratory: Laboratory, records: Path, case: Case) -> Iterator[Row]:
    sides = Sides(context, laboratory, records, case)
    for variant, polling in {"": "default", "-polling": OUR_POLLING}.items():
        peers = {
            name: lambda word=word: sides.peer(word, polling) for name, word in PEERS.items()}  # fmt: skip
        turns = in_turn(sides.ours, peers, context.rounds)
        for name, pairs in turns.items():
            for ours, theirs in pairs:
                context.check(
                    None if ours.answer == theirs.answer else f"{ours.answer} and {theirs.answer}",
                    f"{case.name} by {name}")
        seconds = {
            name: [(ours.seconds, theirs.seconds) for ours, theirs in pairs] for name, pairs in turns.items()}
        for name, pairs in seconds.items():
            yield Row.of(pairs, group="athena", name=f"{case.name}{variant}/{name}", unit="s", peer=name)
        best = fastest(seconds)
        yield Row.of(
            seconds[best], group="athena", name=f"{case.name}{variant}/fastest", unit="s", peer=best, bar=case.bar)
        peaks = [(ours.peak, MEMORY) for pairs in turns.values() for ours, _ in pairs]
        yield Row.of(peaks, group="athena", name=f"{case.name}{variant}-memory", unit="bytes", peer="limit", bar=1.0)
