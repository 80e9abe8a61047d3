"""How the peers ask a point query: each over its own pool, prepared once, in binary."""

from contextlib import asynccontextmanager

import asyncpg
import psycopg
import psycopg_pool
from psycopg.types.numeric import Int4


@asynccontextmanager
async def asyncpg_peer(url: str, tasks: int):
    async with asyncpg.create_pool(url, min_size=tasks, max_size=tasks) as pool:
        yield AsyncPG(pool)


class AsyncPG:
    """Prepares each connection's statements itself."""

    def __init__(self, pool: asyncpg.Pool):
        self.pool = pool

    @asynccontextmanager
    async def session(self):
        async with self.pool.acquire() as connection:
            yield AsyncPGSession(connection)


class AsyncPGSession:
    def __init__(self, connection):
        self.connection = connection

    async def balance(self, account: int) -> int:
        return await self.connection.fetchval("SELECT abalance FROM pgbench_accounts WHERE aid = $1", account)


@asynccontextmanager
async def psycopg_peer(url: str, tasks: int):
    settings = {"autocommit": True, "prepare_threshold": 0}
    async with psycopg_pool.AsyncConnectionPool(url, min_size=tasks, max_size=tasks, kwargs=settings) as pool:
        await pool.wait()
        yield Psycopg(pool)


class Psycopg:
    """Prepares a statement when it is first executed, as it is told to."""

    def __init__(self, pool: psycopg_pool.AsyncConnectionPool):
        self.pool = pool

    @asynccontextmanager
    async def session(self):
        async with self.pool.connection() as connection, connection.cursor(binary=True) as cursor:
            yield PsycopgSession(cursor)


class PsycopgSession:
    def __init__(self, cursor: psycopg.AsyncCursor):
        self.cursor = cursor

    async def balance(self, account: int) -> int:
        # An int of Python goes as the smallest type that holds it, and each type is a statement of its own.
        await self.cursor.execute("SELECT abalance FROM pgbench_accounts WHERE aid = %b", [Int4(account)])
        return (await self.cursor.fetchone())[0]


PEERS = {"asyncpg": asyncpg_peer, "psycopg": psycopg_peer}
