"""One side's turn: calls for a few seconds, as many at a time as there are tasks."""

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.context import Context
from bench.postgres.server import Database, run
from bench.rows import Row
from bench.worker import WorkerFailed

# Where pgbench logs every transaction: in memory, where the machine has such a place.
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Turn:
    rate: float
    """Calls a second, without the time that connecting took."""
    p99: float
    """Within so many microseconds 99 % of them were answered."""
    count: int = 0


@dataclass(frozen=True)
class Load:
    """What every side's turn is: so many tasks, each waiting for its own answer, for so long."""

    scale: int
    tasks: int
    seconds: float

    def ours(self, context: Context, case: str, database: Database, *options: str) -> Turn:
        words = run([context.binaries / "postgres-bench", case, database.url, self.scale, self.tasks, self.seconds,
                     *options]).split()  # fmt: skip
        return Turn(float(words[0]), float(words[2]), int(words[3]) if len(words) > 3 else 0)

    def peer(self, name: str, database: Database) -> Turn:
        words = run([sys.executable, "-m", "bench.postgres.peer", name, database.url, self.scale, self.tasks,
                     self.seconds]).split()  # fmt: skip
        return Turn(float(words[0]), float(words[2]))

    def pgbench(self, database: Database, *script: str) -> Turn:
        """A turn of pgbench with a script as its options say."""
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            said = database.pgbench(
                *script, "--no-vacuum", "--protocol", "prepared", "--jobs", "2", "--client", str(self.tasks),
                "--time", str(round(self.seconds)), "--log", "--log-prefix", f"{folder}/log")  # fmt: skip
            latencies = sorted(
                int(line.split(" ", 3)[2]) for log in Path(folder).iterdir() for line in log.open())
        rate = re.search(r"^tps = ([0-9.]+) \(without initial connection time\)", said, re.MULTILINE)
        if rate is None or not latencies:
            raise WorkerFailed(f"pgbench did nothing: {said.strip()}")
        return Turn(float(rate[1]), latencies[int(len(latencies) * 0.99)], len(latencies))


Turns = list[tuple[Turn, Turn]]


def rate_row(case: str, peer: str, turns: Turns, bar: float | None = None) -> Row:
    pairs = [(ours.rate, theirs.rate) for ours, theirs in turns]
    return Row.of(pairs, group="postgres", name=f"{case}/{peer}", unit="1/s", peer=peer, bar=bar, better="higher")


def p99_row(case: str, peer: str, turns: Turns, bar: float | None = None) -> Row:
    pairs = [(ours.p99, theirs.p99) for ours, theirs in turns]
    return Row.of(pairs, group="postgres", name=f"{case}-p99/{peer}", unit="us", peer=peer, bar=bar)
