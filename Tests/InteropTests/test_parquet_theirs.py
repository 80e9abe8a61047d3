"""What pyarrow, DuckDB, polars and fastparquet write of the described rows, we read back equal."""

import pytest

import parquet_program
import parquet_readers
import parquet_rows
import parquet_writers


def given(matrix, content):
    """The rows of a content in several ways, each with one column for a type."""
    names = matrix.names(content)
    ways = {name.split("-")[1]: name for name in names}
    for name in ways.values():
        yield name, [column for column in matrix.columns(name) if column.encoding is None]


# Of the many contents that differ in their number of rows only, each goes through every fourth way to write.
CASES = [
    (content, writer)
    for place, content in enumerate(parquet_program.CONTENTS)
    for turn, writer in enumerate(parquet_writers.WRITERS)
    if not content.startswith("edge") or (place + turn) % 4 == 0
]


@pytest.mark.parametrize(("content", "writer"), CASES)
def test_we_read_their_rows(fixtures, matrix, tmp_path, content, writer):
    path = tmp_path / "theirs.parquet"
    differences = []
    for name, columns in given(matrix, content):
        columns = parquet_writers.columns(columns, writer, content)
        parquet_writers.WRITERS[writer](columns, path)
        found = fixtures.dump(path)
        table = parquet_readers.duck(path) if parquet_writers.alters(writer, content) else None
        assert [column.name for column in found] == [column.name for column in columns]
        for column, ours in zip(columns, found):
            expected = parquet_rows.canonical(table[column.name], ours.type) if table else column.values
            if difference := parquet_rows.difference(ours.values, expected):
                differences.append(f"{name}, {column.name}: {difference}")
    assert differences == []
