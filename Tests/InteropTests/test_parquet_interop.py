"""What we write, pyarrow and DuckDB read; what they write, we read."""

import json
import pathlib
import subprocess

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

import parquet_rows

HERE = pathlib.Path(__file__).parent


@pytest.fixture(scope="session")
def program():
    package = ["--package-path", str(HERE / "Fixtures")]
    subprocess.run(["swift", "build", "-j", "2", *package], check=True, timeout=1800)
    found = subprocess.run(
        ["swift", "build", *package, "--show-bin-path"], check=True, capture_output=True, text=True
    )
    return pathlib.Path(found.stdout.strip()) / "fixtures"


@pytest.fixture(scope="session")
def folder(program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ours")
    subprocess.run([program, "write", folder], check=True, timeout=300)
    return folder


def cat(program, path, *columns):
    run = subprocess.run(
        [program, "cat", path, *columns], check=True, capture_output=True, text=True, timeout=300
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def bits(rows):
    """Rows in which NaN equals itself and the sign of a zero counts."""
    return json.dumps(rows)


@pytest.mark.parametrize("case", parquet_rows.CASES)
def test_pyarrow_reads_our_rows(folder, case):
    expected = parquet_rows.table(case)
    found = pq.read_table(folder / f"{case}.parquet", page_checksum_verification=True)
    assert found.schema.remove_metadata() == expected.schema
    assert bits(parquet_rows.as_json(found)) == bits(parquet_rows.as_json(expected))


@pytest.mark.parametrize("case", parquet_rows.CASES)
def test_duckdb_reads_our_rows(folder, case):
    expected = parquet_rows.table(case)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        path = folder / f"{case}.parquet"
        found = connection.read_parquet(str(path)).to_arrow_table()
    assert found.schema.names == expected.schema.names
    assert [str(f.type) for f in found.schema] == [str(f.type) for f in expected.schema]
    assert bits(parquet_rows.as_json(found)) == bits(parquet_rows.as_json(expected))


@pytest.mark.parametrize("case", parquet_rows.CASES)
def test_we_read_our_rows(program, folder, case):
    expected = parquet_rows.as_json(parquet_rows.table(case))
    assert bits(cat(program, folder / f"{case}.parquet")) == bits(expected)


@pytest.mark.parametrize("case", parquet_rows.CASES)
def test_our_statistics_are_those_of_the_rows(folder, case):
    expected = parquet_rows.table(case)
    metadata = pq.read_metadata(folder / f"{case}.parquet")
    start = 0
    for group in range(metadata.num_row_groups):
        described = metadata.row_group(group)
        rows = expected.slice(start, described.num_rows)
        start += described.num_rows
        for index, field in enumerate(expected.schema):
            column = rows[field.name]
            statistics = described.column(index).statistics
            assert statistics.null_count == column.null_count, field.name
            values = column.drop_null()
            has_nan = pa.types.is_floating(field.type) and pc.any(pc.is_nan(values)).as_py()
            if len(values) == 0 or has_nan:
                assert not statistics.has_min_max, field.name
                continue
            assert statistics.has_min_max, field.name
            ordered = sorted(values.to_pylist(), key=lambda v: v.encode() if isinstance(v, str) else v)
            low, high = statistics.min, statistics.max
            if field.type == pa.string() and len(ordered[-1].encode()) > 64:
                assert high.encode() > ordered[-1].encode() and len(high.encode()) <= 64
            else:
                assert high == ordered[-1], field.name
            assert low == ordered[0], field.name
    assert start == expected.num_rows


def test_the_footer_says_what_readers_look_for(folder):
    metadata = pq.read_metadata(folder / "dictionary.parquet")
    assert metadata.created_by.startswith("tokyo-data version ")
    assert metadata.metadata[b"fixture"] == b"dictionary"
    assert metadata.num_row_groups == 3
    group = metadata.row_group(0)
    assert [s.column_index for s in group.sorting_columns] == [0]
    chunk = group.column(0)
    assert chunk.compression == "SNAPPY"
    assert "RLE_DICTIONARY" in chunk.encodings
    assert chunk.has_dictionary_page


PYARROW_OPTIONS = {
    "defaults": {},
    "no_dictionary": {"use_dictionary": False},
    "uncompressed": {"compression": "none"},
    "small_pages": {"data_page_size": 300, "write_batch_size": 10, "row_group_size": 170},
    "version_two_pages": {"data_page_version": "2.0", "row_group_size": 300},
    "version_two_plain": {"data_page_version": "2.0", "use_dictionary": False},
    "integer_decimals": {"store_decimal_as_integer": True},
    "format_one": {"version": "1.0"},
    "checksums": {"write_page_checksum": True},
}


@pytest.mark.parametrize("case", parquet_rows.CASES)
@pytest.mark.parametrize("options", PYARROW_OPTIONS)
def test_we_read_the_rows_of_pyarrow(program, tmp_path, case, options):
    expected = parquet_rows.table(case)
    path = tmp_path / "theirs.parquet"
    pq.write_table(expected, path, **PYARROW_OPTIONS[options])
    assert bits(cat(program, path)) == bits(parquet_rows.as_json(expected))


@pytest.mark.parametrize("case", parquet_rows.CASES)
@pytest.mark.parametrize("codec", ["snappy", "uncompressed"])
def test_we_read_the_rows_of_duckdb(program, tmp_path, case, codec):
    expected = parquet_rows.table(case)
    path = tmp_path / "theirs.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("rows", expected)
        connection.execute(f"COPY rows TO '{path}' (FORMAT parquet, CODEC '{codec}')")
    assert bits(cat(program, path)) == bits(parquet_rows.as_json(expected))


def test_columns_without_a_type_of_ours_are_refused_by_name_and_can_be_left_out(program, tmp_path):
    path = tmp_path / "lists.parquet"
    pq.write_table(pa.table({"id": [1, 2], "tags": [["a"], []]}), path)
    refused = subprocess.run([program, "cat", path], capture_output=True, text=True)
    assert refused.returncode == 1
    assert "unsupported" in refused.stderr and "column tags" in refused.stderr
    assert cat(program, path, "id") == [{"id": 1}, {"id": 2}]


def test_one_changed_byte_fails(program, folder, tmp_path):
    content = bytearray((folder / "plain.parquet").read_bytes())
    content[len(content) // 3] ^= 1
    path = tmp_path / "changed.parquet"
    path.write_bytes(content)
    run = subprocess.run([program, "cat", path], capture_output=True, text=True)
    assert run.returncode == 1
    assert "checksumMismatch" in run.stderr
