"""A Python client's turn: python -m bench.redis.peers NAME SOCKET get|set BYTES TASKS SECONDS.

Prints calls a second, and the 50th and 99th percentile of their latencies in microseconds, as ours does. redis-py
parses by hiredis, and each of its threads or tasks has a connection of its own, which costs it least.
"""

import random
import sys
from contextlib import asynccontextmanager, contextmanager

import coredis
import redis
import redis.asyncio
import uvloop

from bench.calls import by_tasks, by_threads
from bench.redis.keys import COUNT, common_value, key


class Work:
    """What a call sends, and what its answer must be."""

    def __init__(self, operation: str, size: int, number: int):
        self.gets, self.size = operation == "get", size
        self.value = common_value(size)
        self.numbers = random.Random(number)

    def next_key(self) -> bytes:
        return key(int(self.numbers.random() * COUNT))

    def check(self, name: bytes, value: bytes | None):
        if value is None or len(value) != self.size or not value.startswith(name):
            raise ValueError(f"a wrong value for {name}")


def redis_py(socket: str, operation: str, size: int, tasks: int, seconds: float) -> str:
    @contextmanager
    def thread(number: int):
        work = Work(operation, size, number)
        with redis.Redis(unix_socket_path=socket, single_connection_client=True) as client:

            def get():
                name = work.next_key()
                work.check(name, client.get(name))

            yield get if work.gets else lambda: client.set(work.next_key(), work.value)

    return by_threads(thread, tasks, seconds)


def redis_py_asyncio(socket: str, operation: str, size: int, tasks: int, seconds: float) -> str:
    @asynccontextmanager
    async def task(number: int):
        async with redis.asyncio.Redis(unix_socket_path=socket, single_connection_client=True) as client:
            yield _calls(client, Work(operation, size, number))

    return uvloop.run(by_tasks(task, tasks, seconds))


def coredis_peer(socket: str, operation: str, size: int, tasks: int, seconds: float) -> str:
    async def run():
        # One client for all tasks: it writes commands of several to one connection, as ours does.
        async with coredis.Redis.from_url(f"unix://{socket}", max_connections=tasks) as client:

            @asynccontextmanager
            async def task(number: int):
                await client.ping()
                yield _calls(client, Work(operation, size, number))

            return await by_tasks(task, tasks, seconds)

    return uvloop.run(run())


def _calls(client, work: Work):
    async def get():
        name = work.next_key()
        work.check(name, await client.get(name))

    async def set_value():
        await client.set(work.next_key(), work.value)

    return get if work.gets else set_value


PEERS = {"redis-py": redis_py, "redis-py-asyncio": redis_py_asyncio, "coredis": coredis_peer}

if __name__ == "__main__":
    print(PEERS[sys.argv[1]](sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), float(sys.argv[6])))
