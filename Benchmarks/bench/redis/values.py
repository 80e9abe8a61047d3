"""Values of 100 bytes and of 10 kB, got and set by 1, 16 and 64 tasks: ours, redis-benchmark and Python clients."""

import sys
from collections.abc import Callable, Iterator

from bench.command import run
from bench.context import Context
from bench.rates import Turn, p99_row, rate_row
from bench.redis.server import Server
from bench.rows import Row, in_turn

SIZES = {"100B": 100, "10kB": 10_000}
TASKS = (1, 16, 64)
PYTHON = ("redis-py", "redis-py-asyncio", "coredis")

# Bars of the rate: against redis-benchmark with as many clients, and against each Python client.
BENCHMARK_BARS = {64: 0.6}
PYTHON_BAR = 1.0


def values(context: Context, server: Server) -> Iterator[Row]:
    for operation in ("get", "set"):
        for name, size in SIZES.items():
            for tasks in TASKS:
                with context.case(f"{operation}-{name}-{tasks}"):
                    yield from _rows(context, server, operation, name, size, tasks)


def _rows(context: Context, server: Server, operation: str, name: str, size: int, tasks: int) -> Iterator[Row]:
    case = f"{operation}-{name}-{tasks}"
    seconds = 2.0 if context.scale >= 1 else 0.5

    if operation == "get":
        server.fill(size)

    def turn(side: Callable[[], Turn], is_checked: bool = True) -> Turn:
        if operation == "get":
            return side()
        server.empty()
        result = side()
        if is_checked:
            context.check(server.difference(size), case)
        return result

    def ours() -> Turn:
        return Turn.of(run([context.binaries / "redis-bench", operation, server.socket, size, tasks, seconds]))

    def benchmark(clients: int, pipeline: int) -> Callable[[], Turn]:
        # Its values are its own.
        return lambda: turn(
            lambda: server.benchmark(operation, size, clients, pipeline, seconds), is_checked=False)

    def python(peer: str) -> Callable[[], Turn]:
        return lambda: turn(lambda: Turn.of(
            run([sys.executable, "-m", "bench.redis.peers", peer, server.socket, operation, size, tasks, seconds])))

    peers = {"redis-benchmark": benchmark(tasks, 1), **{peer: python(peer) for peer in PYTHON}}
    if tasks > 1:
        peers["redis-benchmark-pipelined"] = benchmark(1, tasks)
    turns = in_turn(lambda: turn(ours), peers, context.rounds)
    yield rate_row("redis", case, "redis-benchmark", turns["redis-benchmark"], BENCHMARK_BARS.get(tasks))
    yield p99_row("redis", case, "redis-benchmark", turns["redis-benchmark"])
    for peer in PYTHON:
        yield rate_row("redis", case, peer, turns[peer], PYTHON_BAR)
    if tasks > 1:
        yield rate_row("redis", case, "redis-benchmark-pipelined", turns["redis-benchmark-pipelined"])
