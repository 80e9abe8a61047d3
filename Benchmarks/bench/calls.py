"""A peer's calls by several tasks or threads, each waiting for its answer before its next call."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager

Part = tuple[list[float], float, float]
"""Latencies, and when the first call began and the last was over."""


async def by_tasks(
    task: Callable[[int], AbstractAsyncContextManager[Callable[[], Awaitable[None]]]], tasks: int, seconds: float
) -> str:
    """Lets so many tasks of one thread call for a while what `task` lends to each.

    Returns calls a second, and the 50th and 99th percentile of their latencies in microseconds.
    """
    line = asyncio.Barrier(tasks)

    async def part(number: int) -> Part:
        latencies = []
        async with task(number) as call:
            await line.wait()
            start = now = time.perf_counter()
            while now < start + seconds:
                await call()
                then = time.perf_counter()
                latencies.append(then - now)
                now = then
        return latencies, start, now

    async with asyncio.TaskGroup() as group:
        running = [group.create_task(part(number)) for number in range(tasks)]
    return _summary([task.result() for task in running])


def by_threads(
    thread: Callable[[int], AbstractContextManager[Callable[[], None]]], threads: int, seconds: float
) -> str:
    """The same by threads."""
    line = threading.Barrier(threads)

    def part(number: int) -> Part:
        latencies = []
        with thread(number) as call:
            line.wait()
            start = now = time.perf_counter()
            while now < start + seconds:
                call()
                then = time.perf_counter()
                latencies.append(then - now)
                now = then
        return latencies, start, now

    with ThreadPoolExecutor(threads) as pool:
        return _summary(list(pool.map(part, range(threads))))


def _summary(parts: list[Part]) -> str:
    latencies = sorted(latency for part, _, _ in parts for latency in part)
    elapsed = max(end for _, _, end in parts) - min(start for _, start, _ in parts)
    percentiles = [round(latencies[int(len(latencies) * share)] * 1e6) for share in (0.5, 0.99)]
    return f"{len(latencies) / elapsed:.0f} {percentiles[0]} {percentiles[1]}"
