"""Reading all of lineitem: ours into column batches, psql, asyncpg and psycopg as bytes that nobody looks at."""

from collections.abc import Iterator

from bench.command import run
from bench.context import Context
from bench.postgres import lineitem
from bench.postgres.bulk_peers import PEERS, peer
from bench.postgres.server import Database, Server
from bench.rows import Row, in_turn

BAR = 1.1
COPY = "COPY lineitem TO STDOUT (FORMAT binary)"


def copy_out(context: Context, server: Server) -> Iterator[Row]:
    database = server.database("copy_out")
    context.note("loading lineitem")
    lineitem.load(context, database)
    database.settle()
    expected = lineitem.checksum(database)
    found = run([context.binaries / "postgres-bench", "copy-out", database.url, "checked"]).split()
    context.check(None if found == expected else f"the sums are {found} where {expected} are due", "copy-out")

    turns = in_turn(
        lambda: _ours(context, database, int(expected[0])),
        {"psql": lambda: database.time(COPY), **{name: lambda name=name: _peer(name, database) for name in PEERS}},
        context.rounds)
    for name, pairs in turns.items():
        yield Row.of(
            pairs, group="postgres", name=f"copy-out-lineitem/{name}", unit="s", peer=name,
            bar=BAR if name == "psql" else None)


def _ours(context: Context, database: Database, rows: int) -> float:
    seconds, read = run([context.binaries / "postgres-bench", "copy-out", database.url]).split()
    context.check(None if int(read) == rows else f"{read} rows where {rows} are due", "copy-out")
    return float(seconds)


def _peer(name: str, database: Database) -> float:
    with peer(name, database) as worker:
        return float(worker.ask("copy-out", "lineitem")[0])
