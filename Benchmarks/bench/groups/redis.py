"""Values by Redis, against redis-benchmark and Python's clients; a cache in memory; a query over cached cold days."""

from collections.abc import Iterator

from bench.context import Context
from bench.redis.limits import memory, routed
from bench.redis.server import Server
from bench.redis.values import values
from bench.rows import Row

CASES = {"values": values, "memory": memory, "routed": routed}


def run(context: Context) -> Iterator[Row]:
    with context.case("server"), Server(context.work) as server:
        for name, case in CASES.items():
            with context.case(name):
                yield from case(context, server)
