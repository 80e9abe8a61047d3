"""A small made table: ten finished days of moves of money, and rows of today."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import psycopg

import row_hash
from tokyo_command import Tokyo

DATASET = "moves"
TYPES = ["int64", "timestamp", "string", "decimal(12,2)", "string"]


@dataclass(frozen=True)
class Move:
    id: int
    at: datetime
    account: str
    amount: Decimal
    note: str | None

    @property
    def values(self):
        return (self.id, self.at, self.account, self.amount, self.note)


def made(day: date, number: int, count: int) -> list[Move]:
    """The rows of a day: the same for the same day and number, whoever makes them."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=timezone.utc)
    return [
        Move(
            id=number * 1000 + row, at=midnight + timedelta(minutes=7 * row, microseconds=row),
            account=f"account {row % 7}", amount=Decimal((number * 1000 + row) * 7919 % 100_000) / 100,
            note=None if row % 5 == 0 else f"note {row} – “ü”")
        for row in range(count)
    ]  # fmt: skip


class Moves:
    """The table in one database, its finished days oldest first.

    Partitioned it has one partition of the first two days, one for each other, and one from then on.
    """

    def __init__(
        self, tokyo: Tokyo, *, days=10, rows=200, rows_today=50, today: date | None = None, partitioned=False
    ):
        self.tokyo = tokyo
        self.key = "id, at" if partitioned else "id"
        with tokyo.connect() as connection:
            self.today = today or connection.execute(
                "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date").fetchone()[0]
            # The last two days stay out of it: midnight may pass while the test runs.
            self.days = [self.today - timedelta(days=2 + days - number) for number in range(days)]
            self.rows = {day: made(day, number, rows) for number, day in enumerate(self.days)}
            self.rows_today = made(self.today, 500, rows_today)
            connection.execute(
                f"""
                CREATE TABLE moves (id bigint, at timestamptz NOT NULL, account text NOT NULL,
                  amount numeric(12,2) NOT NULL, note text, PRIMARY KEY ({self.key}))
                {"PARTITION BY RANGE (at)" if partitioned else ""}
                """)
            if partitioned:
                self.make_partitions(connection)
            self.insert(connection, *self.all)
        tokyo("install", "--table", DATASET, "--time-column", "at")

    def make_partitions(self, connection: psycopg.Connection):
        bounds = [self.days[0], *self.days[2:], self.days[-1] + timedelta(days=1), None]
        for number, (first, end) in enumerate(zip(bounds, bounds[1:])):
            until = f"'{end} 00:00+00'" if end else "MAXVALUE"
            connection.execute(
                f"CREATE TABLE moves_{number} PARTITION OF moves FOR VALUES FROM ('{first} 00:00+00') TO ({until})")

    @property
    def partitions(self) -> list[str]:
        """The tables that are partitions of the table, or were."""
        with self.tokyo.connect() as connection:
            return [name for name, in connection.execute(
                "SELECT relname FROM pg_class WHERE relname ~ '^moves_[0-9a-z]+$' AND relkind = 'r' ORDER BY 1")]

    @property
    def all(self) -> list[Move]:
        return [move for moves in self.rows.values() for move in moves] + self.rows_today

    @staticmethod
    def insert(connection: psycopg.Connection, *moves: Move):
        connection.cursor().executemany(
            "INSERT INTO moves VALUES (%s, %s, %s, %s, %s)", [move.values for move in moves])

    def run(self, command: str, *arguments, **options):
        return self.tokyo.run(command, "--dataset", DATASET, *arguments, **options)

    def __call__(self, command: str, *arguments, **options):
        return self.tokyo(command, "--dataset", DATASET, *arguments, **options)

    def export(self, first: date, last: date | None = None, **options):
        return self("export", "--from", first, "--through", last or first, **options)

    def killed(self, step: str, command: str, *arguments):
        """Runs a command that must die by SIGKILL at a step."""
        finished = self.run(command, *arguments, failpoint=step)
        assert finished.status == -9, f"{step}: {finished.status}: {finished.output}{finished.log}"
        assert finished.output == ""
        self.tokyo.wait_for_the_end_of_runs(DATASET)

    @property
    def status(self) -> dict[str, dict]:
        return self.tokyo.status(DATASET)

    def outcomes(self, report: dict) -> dict[str, str]:
        return {day["day"]: day["outcome"] for day in report["days"]}

    @property
    def total(self) -> list[list]:
        """Count and sum of all rows, as one store would tell them."""
        return [[len(self.all), str(sum(move.amount for move in self.all))]]

    @property
    def question(self) -> dict:
        """A count and a sum over all days: their true values never change while money is moved."""
        return {
            "dataset": DATASET, "from": f"{self.days[0]}T00:00:00Z",
            "until": f"{self.today + timedelta(days=2)}T00:00:00Z",
            "aggregates": [{"count": "*", "as": "n"}, {"sum": "amount", "as": "total"}],
        }  # fmt: skip

    def ask(self) -> dict:
        return self.tokyo.query(self.question)

    def current_hashes(self) -> dict[str, str]:
        """The row hash of the current version of each day, as the ledger has it."""
        with self.tokyo.connect() as connection:
            return dict(connection.execute(
                """
                SELECT day::text, row_hash FROM tokyo_data.versions
                WHERE dataset = 'moves' AND state = 'current' ORDER BY day
                """).fetchall())

    def hash_in_postgres(self, day: date) -> str:
        """The row hash of what PostgreSQL holds of a day, computed here."""
        with self.tokyo.connect() as connection:
            rows = connection.execute(
                """
                SELECT id, at, account, amount, note FROM moves
                WHERE at >= %(day)s::timestamp AT TIME ZONE 'UTC'
                  AND at < (%(day)s::date + 1)::timestamp AT TIME ZONE 'UTC'
                """, {"day": str(day)}).fetchall()
        return row_hash.hash_rows(TYPES, list(rows))

    def count_in_postgres(self) -> int:
        with self.tokyo.connect() as connection:
            return connection.execute("SELECT count(*) FROM moves").fetchone()[0]
