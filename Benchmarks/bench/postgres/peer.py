"""A peer's turn of point queries: python -m bench.postgres.peer NAME URL SCALE TASKS SECONDS.

Prints queries a second, and the 50th and 99th percentile of their latencies in microseconds, as ours does.
"""

import random
import sys
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import uvloop

from bench.calls import by_tasks
from bench.postgres.peers import PEERS


class Peer(Protocol):
    """A pool of a peer's connections."""

    def session(self) -> AbstractAsyncContextManager:
        """Lends a connection whose `balance(account)` asks for that account's balance."""


async def run(name: str, url: str, scale: int, tasks: int, seconds: float):
    async with PEERS[name](url, tasks) as peer:
        print(await by_tasks(lambda number: queries(peer, number, scale * 100_000), tasks, seconds))


@asynccontextmanager
async def queries(peer: Peer, number: int, accounts: int):
    """Point queries over a connection that a task keeps."""
    numbers = random.Random(number)
    async with peer.session() as session:

        async def query():
            account = int(numbers.random() * accounts) + 1
            balance = await session.balance(account)
            if balance != -account:
                raise ValueError(f"a wrong answer for account {account}: {balance}")

        yield query


if __name__ == "__main__":
    uvloop.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
