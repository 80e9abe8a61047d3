"""What the peers do with a table of their own in memory, at their defaults and at settings that may be better.

`settings` has, for each purpose, what is tried for a peer's second row: the best for `time` (among codecs as quick as
Snappy, and files that hold the rows in the same order), the best for `size`, the best to `read`. `default` is the first
row's: Snappy, and whatever the peer does otherwise.
"""

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

# Columns in which a dictionary pays, and others that delta encodings suit: what a patient user would find out.
FEW_VALUES = {
    "l_suppkey", "l_linenumber", "l_quantity", "l_discount", "l_tax", "l_returnflag", "l_linestatus", "l_shipdate",
    "l_commitdate", "l_receiptdate", "l_shipinstruct", "l_shipmode", "status", "currency", "due_on",
}  # fmt: skip
ASCENDING = {"l_orderkey", "id", "issued_at", "paid_at"}
TEXTS = {"l_comment", "reference", "note"}


class PyArrow:
    """A pyarrow.Table and pyarrow.parquet. Its writer encodes on one thread whatever it is given."""

    def __init__(self, threads: int):
        pa.set_cpu_count(threads)
        pa.set_io_thread_count(threads)
        self.threads = threads
        self.settings = {
            "time": {
                "default": {},
                "few": {"few": True},
                "few, integers": {"few": True, "store_decimal_as_integer": True},
                "few, integers, lz4": {"few": True, "store_decimal_as_integer": True, "compression": "lz4"},
                "few, integers, no statistics": {
                    "few": True, "store_decimal_as_integer": True, "write_statistics": False},
            },
            "size": {
                "default": {},
                "zstd": {"compression": "zstd"},
                "zstd, few, delta": {
                    "compression": "zstd", "few": True, "delta": True, "store_decimal_as_integer": True},
                "zstd 9, few, delta": {
                    "compression": "zstd", "compression_level": 9, "few": True, "delta": True,
                    "store_decimal_as_integer": True},
            },
            "read": {
                "default": {},
                "no pre-buffer": {"pre_buffer": False},
                "memory map": {"memory_map": True},
                "memory map, no pre-buffer": {"memory_map": True, "pre_buffer": False},
            },
        }  # fmt: skip

    def load(self, path: str) -> int:
        self.table = pq.read_table(path)
        return self.table.num_rows

    def write(self, path: str, options: dict):
        options = {"compression": "snappy", **options}
        names = set(self.table.column_names)
        if options.pop("few", False):
            options["use_dictionary"] = sorted(names & FEW_VALUES)
        if options.pop("delta", False):
            options["column_encoding"] = {
                **{name: "DELTA_BINARY_PACKED" for name in sorted(names & ASCENDING)},
                **{name: "DELTA_LENGTH_BYTE_ARRAY" for name in sorted(names & TEXTS)},
            }
        pq.write_table(self.table, path, **options)

    def read(self, path: str, options: dict, columns: list[str] | None) -> pa.Table:
        return pq.read_table(path, columns=columns, use_threads=self.threads > 1, **options)


class Polars:
    """A polars.DataFrame; its process is started with POLARS_MAX_THREADS."""

    def __init__(self, threads: int):
        if pl.thread_pool_size() != threads:
            raise ValueError(f"polars has {pl.thread_pool_size()} threads")
        self.settings = {
            "time": {
                "default": {},
                "large row groups": {"row_group_size": 1 << 20},
                "no statistics": {"statistics": False},
                "lz4": {"compression": "lz4"},
                "lz4, large row groups, no statistics": {
                    "compression": "lz4", "row_group_size": 1 << 20, "statistics": False},
            },
            "size": {
                "default": {},
                "zstd": {"compression": "zstd"},
                "zstd, large row groups": {"compression": "zstd", "row_group_size": 1 << 20},
                "zstd 9, large row groups": {
                    "compression": "zstd", "compression_level": 9, "row_group_size": 1 << 20},
            },
        }  # fmt: skip

    def load(self, path: str) -> int:
        self.frame = pl.read_parquet(path)
        return self.frame.height

    def write(self, path: str, options: dict):
        self.frame.write_parquet(path, **{"compression": "snappy", **options})


class DuckDB:
    """A table of an in-memory DuckDB."""

    def __init__(self, threads: int):
        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads = {threads}")
        self.connection.execute("SET enable_progress_bar = false")
        self.settings = {
            "time": {
                "default": "",
                "large row groups": ", ROW_GROUP_SIZE 1000000",
                "version 2": ", PARQUET_VERSION v2",
                "lz4": ", CODEC lz4_raw",
                "lz4, version 2, large row groups": ", CODEC lz4_raw, PARQUET_VERSION v2, ROW_GROUP_SIZE 1000000",
            },
            "size": {
                "default": "",
                "zstd": ", CODEC zstd",
                "zstd, version 2, large row groups": ", CODEC zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 1000000",
                "zstd 9, version 2, large row groups":
                    ", CODEC zstd, COMPRESSION_LEVEL 9, PARQUET_VERSION v2, ROW_GROUP_SIZE 1000000",
            },
        }  # fmt: skip

    def load(self, path: str) -> int:
        self.connection.execute("CREATE OR REPLACE TABLE rows AS FROM read_parquet($path)", {"path": path})
        return self.connection.execute("SELECT count(*) FROM rows").fetchone()[0]

    def write(self, path: str, options: str):
        codec = "" if "CODEC" in options else ", CODEC snappy"
        place = path.replace("'", "''")
        self.connection.execute(f"COPY rows TO '{place}' (FORMAT parquet{codec}{options})")


PEERS = {"pyarrow": PyArrow, "polars": Polars, "duckdb": DuckDB}
