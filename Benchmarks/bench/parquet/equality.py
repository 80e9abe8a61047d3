"""Whether two sides hold the same rows, said by pyarrow."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def difference_of_files(source: Path, written: Path) -> str | None:
    """What is different in a file that was written from the rows of another, or nothing."""
    expected, actual = pq.ParquetFile(source), pq.ParquetFile(written)
    if actual.schema_arrow.names != expected.schema_arrow.names:
        return f"the columns are {actual.schema_arrow.names}"
    for name in expected.schema_arrow.names:  # one by one: both tables need not fit into memory together
        difference = difference_of_columns(
            name, expected.read([name]).column(name), actual.read([name]).column(name))
        if difference:
            return difference
    return None


def difference_of_dump(file: Path, columns: list[str] | None, dump: Path) -> str | None:
    """What is different in columns that ours read from a file and dumped (see Dump.swift), or nothing."""
    expected = pq.ParquetFile(file)
    for index, name in enumerate(columns or expected.schema_arrow.names):
        theirs = expected.read([name]).column(name)
        ours = dumped(theirs.type, dump / str(index))
        difference = difference_of_columns(name, theirs, pa.chunked_array([ours]))
        if difference:
            return difference
    return None


def difference_of_columns(name: str, expected: pa.ChunkedArray, actual: pa.ChunkedArray) -> str | None:
    if len(actual) != len(expected):
        return f"{name} has {len(actual)} rows where {len(expected)} are due"
    try:
        actual = actual.cast(expected.type)
    except pa.ArrowException as error:
        return f"{name} is of type {actual.type} where {expected.type} is due: {error}"
    return None if actual.equals(expected) else f"the values of {name}"


def dumped(kind: pa.DataType, path: Path) -> pa.Array:
    valid = np.fromfile(path.with_suffix(".valid"), np.uint8)
    buffers = [pa.py_buffer(np.packbits(valid, bitorder="little"))]
    values = np.fromfile(path.with_suffix(".values"), np.uint8)
    if pa.types.is_string(kind):
        lengths = np.fromfile(path.with_suffix(".lengths"), np.int32)
        buffers.append(pa.py_buffer(np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])))
        kind = pa.large_string()
    elif pa.types.is_boolean(kind):
        values = np.packbits(values, bitorder="little")
    array = pa.Array.from_buffers(kind, len(valid), [*buffers, pa.py_buffer(values)])
    array.validate(full=True)
    return array
