"""Which tables are written and read, and who does it."""

import sys
from dataclasses import dataclass
from pathlib import Path

from bench.context import Context
from bench.parquet import data
from bench.worker import Worker


@dataclass(frozen=True)
class Table:
    name: str
    three: tuple[str, str, str]
    """The columns of a narrow read."""

    def source(self, context: Context) -> Path:
        """The file that every side loads its own table from."""
        return data.prepare(self.name, context.scale, context.cache)

    def written(self, context: Context, by: str) -> Path:
        """Where a side's file lies until the run ends."""
        return context.work / f"{self.name}-{by}.parquet"


TABLES = (
    Table("lineitem", ("l_orderkey", "l_extendedprice", "l_shipdate")),
    Table("billing", ("id", "amount", "issued_at")),
)


def ours(context: Context) -> Worker:
    return Worker("ours", [str(context.binaries / "parquet-bench"), "serve"])


def peer(name: str, threads: int) -> Worker:
    return Worker(
        name, [sys.executable, "-m", "bench.parquet.peer", name, str(threads)], {"POLARS_MAX_THREADS": str(threads)})
