"""A peer's turn of point queries: python -m bench.postgres.peer NAME URL SCALE TASKS SECONDS.

Prints queries a second, and the 50th and 99th percentile of their latencies in microseconds, as ours does.
"""

import asyncio
import random
import sys
import time
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import uvloop

from bench.postgres.peers import PEERS


class Peer(Protocol):
    """A pool of a peer's connections."""

    def session(self) -> AbstractAsyncContextManager:
        """Lends a connection whose `balance(account)` asks for that account's balance."""


async def measure(peer: Peer, accounts: int, tasks: int, seconds: float) -> str:
    """Tasks that ask again and again, each waiting for its answer, over a connection that it keeps."""
    line = asyncio.Barrier(tasks)

    async def task(number: int) -> tuple[list[float], float, float]:
        numbers = random.Random(number)
        latencies = []
        async with peer.session() as session:
            await line.wait()
            start = now = time.perf_counter()
            while now < start + seconds:
                account = int(numbers.random() * accounts) + 1
                balance = await session.balance(account)
                if balance != -account:
                    raise ValueError(f"a wrong answer for account {account}: {balance}")
                then = time.perf_counter()
                latencies.append(then - now)
                now = then
        return latencies, start, now

    async with asyncio.TaskGroup() as group:
        running = [group.create_task(task(number)) for number in range(tasks)]
    parts = [task.result() for task in running]
    latencies = sorted(latency for part, _, _ in parts for latency in part)
    elapsed = max(end for _, _, end in parts) - min(start for _, start, _ in parts)
    percentiles = [round(latencies[int(len(latencies) * share)] * 1e6) for share in (0.5, 0.99)]
    return f"{len(latencies) / elapsed:.0f} {percentiles[0]} {percentiles[1]}"


async def run(name: str, url: str, scale: int, tasks: int, seconds: float):
    async with PEERS[name](url, tasks) as peer:
        print(await measure(peer, scale * 100_000, tasks, seconds))


if __name__ == "__main__":
    uvloop.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
