"""What has no peer, only a limit: a cache in memory, and a query that finds its states in Redis."""

from collections.abc import Iterator

from bench.command import run
from bench.context import Context
from bench.postgres.server import Server as PostgresServer
from bench.rates import Turn
from bench.redis.server import Server
from bench.rows import Row

GETS = 2_000_000
"""Gets from memory in a second of processor time."""
P99 = 2_000
"""Within so many microseconds 99 % of the routed queries are answered."""
ROWS = 2_000
"""Rows of a day."""
SECONDS = 3.0


def memory(context: Context, _: Server) -> Iterator[Row]:
    rates = [float(run([context.binaries / "redis-bench", "memory", SECONDS])) for _ in range(context.rounds)]
    yield Row.of([(rate, GETS) for rate in rates], group="redis", name="memory-get", unit="1/s", peer="limit", bar=1.0,
                 better="higher")  # fmt: skip


def routed(context: Context, server: Server) -> Iterator[Row]:
    server.empty()
    lake = context.work / "lake"
    rows = max(4, round(ROWS * context.scale))
    with PostgresServer(context.work) as postgres:
        database = postgres.database("routed")
        run([context.binaries / "redis-bench", "cold-days", database.url, lake, rows])
        database.settle()
        for tasks, bar in {1: 1.0, 16: None}.items():
            words = ["routed", database.url, server.socket, lake, tasks, SECONDS]
            turns = [Turn.of(run([context.binaries / "redis-bench", *words])) for _ in range(context.rounds)]
            yield Row.of([(turn.p99, P99) for turn in turns], group="redis", name=f"routed-{tasks}-p99", unit="us",
                         peer="limit", bar=bar)  # fmt: skip
