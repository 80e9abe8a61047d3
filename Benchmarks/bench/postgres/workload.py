"""The tables of pgbench, and how long a turn is."""

from bench.context import Context
from bench.postgres.server import Database, Server

SCALE = 10
SECONDS = 5.0


def pgbench_scale(context: Context) -> int:
    return max(1, round(SCALE * context.scale))


def seconds(context: Context) -> float:
    return SECONDS if context.scale >= 1 else 2.0


def initialized(server: Server, name: str, context: Context) -> Database:
    """A new database with the tables of `pgbench --initialize`."""
    context.note(f"making the database {name}")
    database = server.database(name)
    database.pgbench("--initialize", "--quiet", "--scale", str(pgbench_scale(context)))
    return database
