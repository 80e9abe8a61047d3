"""How pyarrow, DuckDB and polars read a file, and what each of them is known not to read."""

import duckdb
import polars
import pyarrow.parquet as pq

import parquet_rows


def pyarrow(path):
    return pq.read_table(path, page_checksum_verification=True)


def duck(path):
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.read_parquet(str(path)).to_arrow_table()


def polar(path):
    return polars.read_parquet(path).to_arrow()


READERS = {"pyarrow": pyarrow, "duckdb": duck, "polars": polar}

# (reader, content, beginning of a column's name): why the reader does not give the rows as they are.
LIMITS = {}


def limit(reader, content, column):
    """Why the reader does not read a column, or None."""
    return next(
        (
            reason
            for (limited, where, beginning), reason in LIMITS.items()
            if limited == reader and where in (content, "*") and column.startswith(beginning)
        ),
        None,
    )


def differences(table, columns, reader, content):
    """What differs from the described columns, leaving out what the reader is known not to read."""
    found = []
    if table.column_names != [column.name for column in columns]:
        found.append(f"the columns {table.column_names}")
    for column in columns:
        if limit(reader, content, column.name):
            continue
        values = parquet_rows.canonical(table[column.name], column.type)
        if difference := parquet_rows.difference(values, column.values):
            found.append(f"{column.name}: {difference}")
    return found
