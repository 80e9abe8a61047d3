"""How pyarrow, DuckDB and polars read a file, and what each of them is known not to read."""

import duckdb
import polars
import pyarrow.parquet as pq

import parquet_rows


def pyarrow(path, columns=None):
    return pq.read_table(path, columns=columns, page_checksum_verification=True)


def duck(path, columns=None):
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        relation = connection.read_parquet(str(path))
        return (relation.select(*columns) if columns else relation).to_arrow_table()


def polar(path, columns=None):
    return polars.read_parquet(path, columns=columns).to_arrow()


READERS = {"pyarrow": pyarrow, "duckdb": duck, "polars": polar}

# The columns that a reader does not read, by their names, and what it says then.
FIXED = ("decimal19_0", "decimal38_10", "decimal38_38", "uuid")
LIMITS = {
    "polars": dict.fromkeys(
        [f"{name}_delta_byte_array" for name in FIXED] + ["list_decimal_last"],
        'Decoding FixedLenByteArray.*"DeltaByteArray"-encoded .* not yet supported',
    )
}


def readable(columns, reader):
    """The described columns that the reader reads."""
    return [column for column in columns if column.name not in LIMITS.get(reader, {})]


def differences(path, columns, reader):
    """What a reader reads otherwise than described, of the columns that it reads."""
    chosen = readable(columns, reader)
    all_of_them = len(chosen) == len(columns)
    table = READERS[reader](path, None if all_of_them else [column.name for column in chosen])
    found = []
    if table.column_names != [column.name for column in chosen]:
        found.append(f"the columns {table.column_names}")
    for column in chosen:
        values = parquet_rows.canonical(table[column.name], column.type)
        if difference := parquet_rows.difference(values, column.values):
            found.append(f"{column.name}: {difference}")
    return found
