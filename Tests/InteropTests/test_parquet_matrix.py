"""What we write, our reader, pyarrow, DuckDB and polars read back equal."""

import pytest

import parquet_program
import parquet_readers


def test_every_file_is_written(matrix):
    assert matrix.written.returncode == 0, matrix.written.stderr


def test_we_read_every_file_back(matrix):
    assert matrix.checked.returncode == 0, matrix.checked.stderr


def test_no_content_is_left_out(matrix):
    assert {name.split("-")[0] for name in matrix.names()} == set(parquet_program.CONTENTS)


@pytest.mark.parametrize("reader", parquet_readers.READERS)
@pytest.mark.parametrize("content", parquet_program.CONTENTS)
def test_others_read_our_rows(matrix, content, reader):
    differences = []
    for name in matrix.names(content):
        found = parquet_readers.differences(matrix.path(name), matrix.columns(name), reader)
        differences += [f"{name}: {difference}" for difference in found]
    assert differences == []


@pytest.mark.parametrize(
    ("reader", "column"),
    [(reader, column) for reader, limits in parquet_readers.LIMITS.items() for column in limits],
)
def test_what_others_do_not_read_they_refuse(matrix, reader, column):
    """Columns are left out above only as long as their reader refuses them."""
    with pytest.raises(Exception, match=parquet_readers.LIMITS[reader][column]):
        parquet_readers.READERS[reader](matrix.path(matrix.names("sequence")[0]), [column])
