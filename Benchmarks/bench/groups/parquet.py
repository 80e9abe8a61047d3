"""Writing and reading Parquet files, their size, and the memory of a streaming write."""

from collections.abc import Iterator

from bench.context import Context
from bench.parquet.memory import streaming_write
from bench.parquet.reading import Reading
from bench.parquet.tables import TABLES
from bench.parquet.writing import Writing
from bench.rows import Row


def run(context: Context) -> Iterator[Row]:
    for table in TABLES:
        with context.case(f"{table.name}-write"):
            yield from Writing(context, table).rows()
        with context.case(f"{table.name}-read"):
            yield from Reading(context, table).rows()
    for threads in (1, 2):
        with context.case(f"memory-write-{threads}t"):
            yield from streaming_write(context, threads)
