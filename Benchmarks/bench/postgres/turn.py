"""One side's turn: calls for a few seconds, as many at a time as there are tasks."""

import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.command import run
from bench.context import Context
from bench.postgres.server import Database
from bench.rates import Turn
from bench.worker import WorkerFailed

# Where pgbench logs every transaction: in memory, where the machine has such a place.
MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Load:
    """What every side's turn is: so many tasks, each waiting for its own answer, for so long."""

    scale: int
    tasks: int
    seconds: float

    def ours(self, context: Context, case: str, database: Database, *options: str) -> Turn:
        return Turn.of(run([context.binaries / "postgres-bench", case, database.url, self.scale, self.tasks,
                            self.seconds, *options]))  # fmt: skip

    def peer(self, name: str, database: Database) -> Turn:
        return Turn.of(run([sys.executable, "-m", "bench.postgres.peer", name, database.url, self.scale, self.tasks,
                            self.seconds]))  # fmt: skip

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
