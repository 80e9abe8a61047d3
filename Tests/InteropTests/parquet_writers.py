"""How pyarrow, DuckDB, polars and fastparquet write the described rows, and what each cannot write."""

import duckdb
import fastparquet
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.parquet as pq

import parquet_rows

PYARROW = {
    "defaults": {},
    "no_dictionary": {"use_dictionary": False},
    "uncompressed": {"compression": "none"},
    "gzip": {"compression": "gzip", "data_page_version": "2.0"},
    "zstd": {"compression": "zstd"},
    "zstd_pages_v2": {"compression": "zstd", "data_page_version": "2.0", "use_dictionary": False},
    "small_pages": {"data_page_size": 300, "write_batch_size": 10, "row_group_size": 97},
    "small_pages_v2": {
        "data_page_size": 300, "write_batch_size": 10, "row_group_size": 97, "data_page_version": "2.0"
    },
    "small_dictionary": {"dictionary_pagesize_limit": 200, "data_page_size": 300, "write_batch_size": 10},
    "integer_decimals": {"store_decimal_as_integer": True, "write_page_index": True},
    "format_1_0": {"version": "1.0"},
    "format_2_4": {"version": "2.4", "data_page_version": "2.0"},
    "checksums": {"write_page_checksum": True, "write_page_index": True},
    "without_arrow_schema": {"store_schema": False},
    "plain_names": {"use_compliant_nested_type": False},
}


def encodings(name):
    """An encoding for every leaf that allows it."""

    def chosen(leaf):
        kind = leaf.physical_type
        if name == "DELTA" and kind in ("INT32", "INT64"):
            return "DELTA_BINARY_PACKED"
        if name == "DELTA" and kind == "BYTE_ARRAY":
            return "DELTA_LENGTH_BYTE_ARRAY"
        if name == "DELTA_BYTE_ARRAY" and kind in ("BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"):
            return name
        if name == "BYTE_STREAM_SPLIT" and kind not in ("BYTE_ARRAY", "BOOLEAN"):
            return name
        return "RLE" if kind == "BOOLEAN" and name == "DELTA" else "PLAIN"

    def options(table):
        sink = pa.BufferOutputStream()
        pq.write_table(table.slice(0, 0), sink)
        schema = pq.ParquetFile(sink.getvalue()).schema
        return {
            "use_dictionary": False,
            "column_encoding": {leaf.path: chosen(leaf) for leaf in (schema[i] for i in range(len(schema)))},
        }

    return options


def pyarrow(options):
    def write(columns, path):
        table = parquet_rows.arrow_table(columns)
        chosen = options(table) if callable(options) else options
        pq.write_table(table, path, **chosen)

    return write


def duck(options):
    def write(columns, path):
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.register("described", parquet_rows.arrow_table(columns))
            connection.execute(f"COPY described TO '{path}' (FORMAT parquet{options})")

    return write


def polar(**options):
    def write(columns, path):
        polars.from_arrow(parquet_rows.arrow_table(columns)).write_parquet(path, **options)

    return write


def fast(**options):
    """fastparquet takes pandas' columns, and infers from their first values what objects are."""

    def write(columns, path):
        series, kinds = {}, {}
        for column in columns:
            array = parquet_rows.arrow_array(column.values, column.type)
            if column.type in ("string", "bytes"):
                series[column.name] = pd.Series(array.to_pylist(), dtype=object)
                kinds[column.name] = "utf8" if column.type == "string" else "bytes"
            elif column.type == "bool":
                series[column.name] = pd.Series(array.to_pylist(), dtype="boolean")
            elif column.type in parquet_rows.INTEGERS:
                series[column.name] = pd.Series(array.to_pylist(), dtype=column.type.capitalize())
            else:
                series[column.name] = array.to_pandas()
        frame = pd.DataFrame(series)
        fastparquet.write(str(path), frame, object_encoding=kinds, write_index=False, **options)

    return write


WRITERS = (
    {f"pyarrow_{name}": pyarrow(options) for name, options in PYARROW.items()}
    | {
        f"pyarrow_{name.lower()}": pyarrow(encodings(name))
        for name in ("DELTA", "DELTA_BYTE_ARRAY", "BYTE_STREAM_SPLIT")
    }
    | {
        "duckdb_v1": duck(""),
        "duckdb_v1_uncompressed": duck(", CODEC 'uncompressed', ROW_GROUP_SIZE 2048"),
        "duckdb_v2": duck(", PARQUET_VERSION 'V2'"),
        "duckdb_v2_zstd": duck(", PARQUET_VERSION 'V2', CODEC 'zstd', DICTIONARY_SIZE_LIMIT 1"),
        "duckdb_gzip": duck(", CODEC 'gzip'"),
        "polars_zstd": polar(),
        "polars_pages": polar(compression="snappy", data_page_size=300, row_group_size=97),
        "polars_gzip": polar(compression="gzip", statistics="full"),
        "polars_uncompressed": polar(compression="uncompressed"),
        "fastparquet_snappy": fast(compression="SNAPPY"),
        "fastparquet_groups": fast(compression="GZIP", row_group_offsets=50, stats=True),
    }
)

# (beginning of a writer's name, content, beginning of a column's name): why the rows are not written.
LIMITS = {
    ("polars", "*", "map"): "polars has no maps",
    ("fastparquet", "*", "list"): "fastparquet writes nested values as JSON only",
    ("fastparquet", "*", "structure"): "fastparquet writes nested values as JSON only",
    ("fastparquet", "*", "map"): "fastparquet writes nested values as JSON only",
    ("fastparquet", "*", "decimal"): "fastparquet writes decimals as floating-point numbers",
    ("fastparquet", "*", "date"): "pandas has no dates",
    ("fastparquet", "*", "time_"): "pandas has no times of day",
    ("fastparquet", "extremes", "float"): "a NaN is a null to pandas",
    ("fastparquet", "extremes", "double"): "a NaN is a null to pandas",
    ("fastparquet", "extremes", "timestamp"): "the least timestamp is a null to pandas",
    ("fastparquet", "extremes", "localTimestamp"): "the least timestamp is a null to pandas",
}

# (beginning of a writer's name, content): why not all rows are in the file as they were given. What the
# writer's own library reads counts then.
ALTERED = {("duckdb", "extremes"): "DuckDB's dictionaries hold -0.0 and 0.0 as one value"}


def alters(writer, content):
    return any(writer.startswith(beginning) and content == where for beginning, where in ALTERED)


def columns(columns, writer, content):
    """The described columns that the writer can write."""
    return [
        column
        for column in columns
        if not any(
            writer.startswith(limited) and where in (content, "*") and column.name.startswith(beginning)
            for limited, where, beginning in LIMITS
        )
    ]
