"""Point queries: ours against pgbench's built-in select-only, asyncpg and psycopg."""

from collections.abc import Iterator

from bench.context import Context
from bench.postgres.peers import PEERS
from bench.postgres.server import Database, Server
from bench.postgres.turn import Load
from bench.postgres.workload import initialized, pgbench_scale, seconds
from bench.rates import p99_row, rate_row
from bench.rows import Row, in_turn

# Bars of the rate against pgbench's, by tasks; of the p99 from FIRST_P99_BAR tasks up.
BARS = {1: 0.75, 4: 1.0, 16: 1.0, 64: 2.0}
LEASED_BAR = 1.0
FIRST_P99_BAR = 4
P99_BAR = 1.0


def select_only(context: Context, server: Server) -> Iterator[Row]:
    database = initialized(server, "select_only", context)
    # Every answer is held against its query; the table is then as compact as it was.
    database.ask("UPDATE pgbench_accounts SET abalance = -aid", "VACUUM FULL pgbench_accounts")
    database.settle()
    # Every page is in memory before the first turn.
    database.ask("SELECT count(*), sum(abalance) FROM pgbench_accounts")
    yield from _leased(context, database)
    for tasks, bar in BARS.items():
        yield from _shared(context, database, tasks, bar)


def _leased(context: Context, database: Database) -> Iterator[Row]:
    """One task whose queries all go over a session of its own."""
    load = Load(pgbench_scale(context), 1, seconds(context))
    turns = in_turn(
        lambda: load.ours(context, "select", database, "leased", "checked"),
        {"pgbench": lambda: load.pgbench(database, "--select-only")}, context.rounds)
    yield rate_row("postgres", "select-1-leased", "pgbench", turns["pgbench"], LEASED_BAR)
    yield p99_row("postgres", "select-1-leased", "pgbench", turns["pgbench"])


def _shared(context: Context, database: Database, tasks: int, bar: float) -> Iterator[Row]:
    load = Load(pgbench_scale(context), tasks, seconds(context))
    case = f"select-{tasks}"
    turns = in_turn(
        lambda: load.ours(context, "select", database, "shared", "checked"),
        {
            "pgbench": lambda: load.pgbench(database, "--select-only"),
            **{name: lambda name=name: load.peer(name, database) for name in PEERS},
        },
        context.rounds)  # fmt: skip
    p99_bar = P99_BAR if tasks >= FIRST_P99_BAR else None
    for name, pairs in turns.items():
        yield rate_row("postgres", case, name, pairs, bar if name == "pgbench" else None)
        yield p99_row("postgres", case, name, pairs, p99_bar if name == "pgbench" else None)
