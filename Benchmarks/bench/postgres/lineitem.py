"""TPC-H's lineitem as a table of PostgreSQL, and its checksum."""

from pathlib import Path

import duckdb

from bench.context import Context
from bench.parquet import data
from bench.postgres.server import Database

# As TPC-H's own dss.ddl has it.
TABLE = """
CREATE TABLE lineitem (
  l_orderkey integer NOT NULL, l_partkey integer NOT NULL, l_suppkey integer NOT NULL,
  l_linenumber integer NOT NULL, l_quantity decimal(15,2) NOT NULL, l_extendedprice decimal(15,2) NOT NULL,
  l_discount decimal(15,2) NOT NULL, l_tax decimal(15,2) NOT NULL, l_returnflag char(1) NOT NULL,
  l_linestatus char(1) NOT NULL, l_shipdate date NOT NULL, l_commitdate date NOT NULL,
  l_receiptdate date NOT NULL, l_shipinstruct char(25) NOT NULL, l_shipmode char(10) NOT NULL,
  l_comment varchar(44) NOT NULL)
"""
# An expression of every column, in the table's order, as LineitemChecksum.swift has it.
WEIGHT = "(l_orderkey::int8 * 7 + l_linenumber) % 1000003"
NUMBERS = (
    [f"l_{name}" for name in ("orderkey", "partkey", "suppkey", "linenumber")]
    + [f"(l_{name} * 100)::int8" for name in ("quantity", "extendedprice", "discount", "tax")]
    + ["TEXT l_returnflag", "TEXT l_linestatus"]
    + [f"(l_{name} - date '1970-01-01')" for name in ("shipdate", "commitdate", "receiptdate")]
    + ["TEXT l_shipinstruct", "TEXT l_shipmode", "TEXT l_comment"])  # fmt: skip


def load(context: Context, database: Database):
    """Makes the table and fills it with the rows of the group `parquet`, in their order."""
    parquet = data.prepare("lineitem", context.scale, context.cache)
    rows = Path(context.work, "lineitem.csv")
    duckdb.execute("COPY (FROM read_parquet($parquet)) TO $rows (FORMAT csv, HEADER false)",
                   {"parquet": str(parquet), "rows": str(rows)})  # fmt: skip
    database.ask(TABLE, f"\\copy lineitem FROM '{rows}' (FORMAT csv)")
    rows.unlink()


def checksum(database: Database) -> list[str]:
    """The number of rows, and of each column the sum that our side makes of its batches."""
    sums = ", ".join(f"sum(weight * {_number(number)})" for number in NUMBERS)
    return database.ask(f"SELECT count(*), {sums} FROM (SELECT *, {WEIGHT} AS weight FROM lineitem) AS rows").split("|")


def _number(number: str) -> str:
    """A text's length and one of its bytes: of a char(n) with its blanks, which a cast to text would take away."""
    if not number.startswith("TEXT "):
        return number
    # Such a cast reads backslashes as escapes, and TPC-H has none.
    bytes_ = f"{number.removeprefix('TEXT ')}::bytea"
    length = f"octet_length({bytes_})"
    return f"({length} * 256 + CASE {length} WHEN 0 THEN 0 ELSE get_byte({bytes_}, (weight % {length})::int) END)"
