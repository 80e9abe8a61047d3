"""Writing a million rows into a dataset: insertMany, psql's \\copy of a binary file, and the peers' COPY."""

from collections.abc import Iterator
from contextlib import ExitStack

from bench.command import run
from bench.context import Context
from bench.postgres.bulk_peers import PEERS, peer
from bench.postgres.server import Database, Server
from bench.rows import Row, in_turn
from bench.worker import Worker

ROWS = 1_000_000
BAR = 1.1
TABLE = """
CREATE TABLE payments (
  id bigint PRIMARY KEY, customer bigint NOT NULL, state text NOT NULL, amount numeric(12,2) NOT NULL,
  paid_at timestamptz NOT NULL, weight float8 NOT NULL, note text)
"""
# What ours says of its rows, and a sum of hashes of whole rows, in whatever order they lie.
SUMS = """
SELECT count(*), sum(customer), (sum(amount) * 100)::numeric(20), sum((extract(epoch FROM paid_at) * 1000000)::int8),
  sum(coalesce(octet_length(note), 0)), sum(hashtextextended(payments::text, 0)) FROM payments
"""


def insert_many(context: Context, server: Server) -> Iterator[Row]:
    """Every side writes the same rows into the same table: one with a key and with a dataset's triggers."""
    inserting = Inserting(context, server.database("insert_many"))
    inserting.prepare()
    yield from inserting.rows()


class Inserting:
    def __init__(self, context: Context, database: Database):
        self.context = context
        self.database = database
        self.count = round(ROWS * min(1, context.scale))
        self.file = context.work / "payments.binary"

    def prepare(self):
        """Our first rows, whose time does not count, are those that the others write."""
        self.database.ask(TABLE)
        self._bench("install", "payments", "paid_at")
        # Rows of a day that is not over, which is what a hot store is given.
        self.day = self.database.ask("SELECT current_date")
        _, *said = self._bench("insert-many", self.count, self.day)
        *found, self.hash = self.database.ask(SUMS).split("|")
        self.context.check(None if found == said else f"the sums are {found} where {said} are due", "insert-many")
        self.database.ask(f"\\copy payments TO '{self.file}' (FORMAT binary)")

    def rows(self) -> Iterator[Row]:
        with ExitStack() as workers:
            peers = {name: workers.enter_context(peer(name, self.database)) for name in PEERS}
            for worker in peers.values():
                worker.ask("load", "payments")
            turns = in_turn(
                lambda: self._write("ours", self._ours),
                {
                    "psql": lambda: self._write("psql", self._psql),
                    **{
                        name: lambda name=name, worker=worker: self._write(name, lambda: self._peer(worker))
                        for name, worker in peers.items()
                    },
                },
                self.context.rounds)  # fmt: skip
        for name, pairs in turns.items():
            yield Row.of(
                pairs, group="postgres", name=f"insert-many/{name}", unit="s", peer=name,
                bar=BAR if name == "psql" else None)

    def _write(self, name: str, write) -> float:
        """One turn into the emptied table; the rows that it leaves are the right ones."""
        self.database.ask("TRUNCATE payments")
        self.database.settle()
        seconds = write()
        found = self.database.ask(SUMS).split("|")[-1]
        self.context.check(None if found == self.hash else "other rows than are due", f"insert-many, {name}")
        return seconds

    def _ours(self) -> float:
        return float(self._bench("insert-many", self.count, self.day)[0])

    def _psql(self) -> float:
        return self.database.time(f"\\copy payments FROM '{self.file}' (FORMAT binary)")

    @staticmethod
    def _peer(worker: Worker) -> float:
        return float(worker.ask("insert", "payments")[0])

    def _bench(self, case: str, *words) -> list[str]:
        return run([self.context.binaries / "postgres-bench", case, self.database.url, *words]).split()
