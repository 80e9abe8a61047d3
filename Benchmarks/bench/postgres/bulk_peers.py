"""A peer's process for rows by the million: python -m bench.postgres.bulk_peers NAME URL.

    copy-out TABLE    → seconds; the bytes are read and not looked at
    load TABLE        → rows, kept as tuples
    insert TABLE      → seconds until they are committed, by binary COPY

Both times include that of connecting, as ours do.
"""

import asyncio
import sys
import time

import asyncpg
import psycopg
import uvloop

from bench.postgres.server import Database
from bench.worker import Worker

COLUMN_TYPES = ["int8", "int8", "text", "numeric", "timestamptz", "float8", "text"]
"""Of the table `payments`: psycopg asks the caller for them."""


class AsyncPG:
    def __init__(self, url: str):
        self.url = url

    async def copy_out(self, table: str):
        async def forget(_: bytes):
            pass

        connection = await asyncpg.connect(self.url)
        await connection.copy_from_table(table, output=forget, format="binary")
        await connection.close()

    async def load(self, table: str) -> int:
        connection = await asyncpg.connect(self.url)
        self.rows = [tuple(row) for row in await connection.fetch(f"SELECT * FROM {table}")]
        await connection.close()
        return len(self.rows)

    async def insert(self, table: str):
        connection = await asyncpg.connect(self.url)
        await connection.copy_records_to_table(table, records=self.rows)
        await connection.close()


class Psycopg:
    def __init__(self, url: str):
        self.url = url

    async def copy_out(self, table: str):
        async with await psycopg.AsyncConnection.connect(self.url) as connection, connection.cursor() as cursor:
            async with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                async for _ in copy:
                    pass

    async def load(self, table: str) -> int:
        async with await psycopg.AsyncConnection.connect(self.url) as connection:
            cursor = await connection.cursor(binary=True).execute(f"SELECT * FROM {table}")
            self.rows = await cursor.fetchall()
        return len(self.rows)

    async def insert(self, table: str):
        async with await psycopg.AsyncConnection.connect(self.url) as connection, connection.cursor() as cursor:
            async with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.set_types(COLUMN_TYPES)
                for row in self.rows:
                    await copy.write_row(row)


PEERS = {"asyncpg": AsyncPG, "psycopg": Psycopg}


def peer(name: str, database: Database) -> Worker:
    return Worker(name, [sys.executable, "-m", "bench.postgres.bulk_peers", name, database.url])


async def answer(side: AsyncPG | Psycopg, words: list[str]) -> float | int:
    if words[0] == "load":
        return await side.load(words[1])
    work = {"copy-out": side.copy_out, "insert": side.insert}[words[0]]
    start = time.perf_counter()
    await work(words[1])
    return time.perf_counter() - start


def main(name: str, url: str):
    side = PEERS[name](url)
    print("ready", flush=True)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for line in sys.stdin:
            try:
                words = [runner.run(answer(side, line.rstrip("\n").split("\t")))]
            except Exception as error:
                words = ["error", " ".join(f"{type(error).__name__}: {error}".split())]
            print(*words, sep="\t", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
