"""`tokyo parquet rewrite`: what it writes, what it says about it, and what it leaves behind."""

import json
import random
from datetime import date, datetime, time, timezone
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tokyo_command import Tokyo

CODECS = {"snappy": "SNAPPY", "zstd": "ZSTD", "gzip": "GZIP", "none": "UNCOMPRESSED"}


def a_table(rows: int = 3000) -> pa.Table:
    draw = random.Random(7)
    some = [draw.random() for _ in range(rows)]
    return pa.table({
        "i": pa.array([None if x < 0.2 else int(x * 1000) for x in some], pa.int64()),
        "d": pa.array([Decimal(int(x * 10_000)).scaleb(-2) for x in some], pa.decimal128(12, 2)),
        "t": pa.array([datetime(2020, 1, 1, 0, 0, int(x * 60), 7, tzinfo=timezone.utc) for x in some],
                      pa.timestamp("us", tz="UTC")),
        "day": pa.array([date(2020, 1, 1 + int(x * 28)) for x in some]),
        "s": pa.array([f"name {int(x * 40)}" for x in some]),
        "f": pa.array(some),
        "l": pa.array([None if x < 0.1 else [int(x * 9), None][: int(x * 3)] for x in some], pa.list_(pa.int32())),
        "r": pa.array([{"a": int(x * 5), "b": None if x < 0.5 else str(x)} for x in some]),
        "m": pa.array([[("k", int(x * 7))] for x in some], pa.map_(pa.string(), pa.int64())),
    })  # fmt: skip


@pytest.fixture
def tokyo(binary, tmp_path_factory) -> Tokyo:
    """The command line without the database that other tests give it."""
    return Tokyo(binary, "", tmp_path_factory.mktemp("lake"))


@pytest.fixture
def table() -> pa.Table:
    return a_table()


@pytest.fixture
def theirs(table, tmp_path):
    file = tmp_path / "theirs.parquet"
    pq.write_table(table, file, row_group_size=1000)
    return file


@pytest.mark.parametrize("codec", CODECS)
def test_a_rewritten_file_has_the_same_rows_in_the_codec_asked_for(tokyo, theirs, table, tmp_path, codec):
    out = tmp_path / "ours.parquet"
    report = tokyo("parquet", "rewrite", theirs, out, "--codec", codec, "--threads", "2")
    assert report == {
        "rows": table.num_rows, "inputBytes": theirs.stat().st_size, "outputBytes": out.stat().st_size}
    written = pq.ParquetFile(out)
    assert written.read().to_pylist() == table.to_pylist()
    columns = written.metadata.row_group(0)
    assert {columns.column(index).compression for index in range(columns.num_columns)} == {CODECS[codec]}
    assert [file.name for file in tmp_path.iterdir() if "partial" in file.name] == []


def test_the_number_of_threads_does_not_show(tokyo, theirs, tmp_path):
    files = [tmp_path / f"{threads}.parquet" for threads in (1, 4)]
    for threads, file in zip((1, 4), files, strict=True):
        tokyo("parquet", "rewrite", theirs, file, "--threads", threads)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_chosen_columns_come_in_the_order_asked_for(tokyo, theirs, table, tmp_path):
    out = tmp_path / "ours.parquet"
    tokyo("parquet", "rewrite", theirs, out, "--columns", "m,s,i")
    written = pq.read_table(out)
    assert written.column_names == ["m", "s", "i"]
    assert written.to_pylist() == table.select(["m", "s", "i"]).to_pylist()


def test_timings_are_one_line_of_json_with_and_without_json(tokyo, theirs, table, tmp_path):
    out = tmp_path / "ours.parquet"
    for as_json in (False, True):
        shown = tokyo.run("parquet", "rewrite", theirs, out, "--timings", json=as_json)
        assert (shown.status, shown.output.count("\n")) == (0, 1)
        timings = json.loads(shown.output)
        assert set(timings) == {
            "read_seconds", "write_seconds", "rows", "input_bytes", "output_bytes", "peak_rss_bytes"}
        assert timings["read_seconds"] > 0 and timings["write_seconds"] > 0
        assert timings["rows"] == table.num_rows
        assert timings["input_bytes"] == theirs.stat().st_size
        assert timings["output_bytes"] == out.stat().st_size
        assert 1 << 20 < timings["peak_rss_bytes"] < 1 << 32


def test_times_of_day_leave_the_profile_and_say_so(tokyo, tmp_path):
    file, out = tmp_path / "theirs.parquet", tmp_path / "ours.parquet"
    table = pa.table({"t": pa.array([time(1, 2, 3, 4), None], pa.time64("us"))})
    pq.write_table(table, file)
    shown = tokyo.run("parquet", "rewrite", file, out)
    assert shown.status == 0 and "profile" in shown.log
    assert pq.read_table(out).to_pylist() == table.to_pylist()


def test_labels_of_texts_stay(tokyo, tmp_path):
    file, out = tmp_path / "theirs.parquet", tmp_path / "ours.parquet"
    with duckdb.connect() as connection:
        connection.sql(
            "SELECT {'a': 1} AS r, '{\"b\": 2}'::JSON AS j, 'x' AS s, uuid() AS u FROM range(10)"
        ).write_parquet(str(file))
        before = connection.read_parquet(str(file)).fetchall()
        tokyo("parquet", "rewrite", file, out)
        after = connection.read_parquet(str(out))
        assert after.fetchall() == before
        assert [str(type) for type in after.types[1:]] == ["JSON", "VARCHAR", "UUID"]


# What is refused, and what is then left behind


@pytest.mark.parametrize(
    "more", [["--codec", "lzo"], ["--columns", "a,,b"], ["--threads", "0"], ["--threads", "many"]])
def test_wrong_usage_ends_with_64(tokyo, theirs, tmp_path, more):
    error = tokyo.fails("parquet", "rewrite", theirs, tmp_path / "ours.parquet", *more, status=64)
    assert error["code"] == "invalidArgument"


def test_an_unknown_column_is_named(tokyo, theirs, tmp_path):
    out = tmp_path / "ours.parquet"
    error = tokyo.fails("parquet", "rewrite", theirs, out, "--columns", "i,absent")
    assert error["code"] == "unknownColumn"
    assert error["context"] == {"file": "theirs.parquet", "column": "absent"}
    assert list(tmp_path.iterdir()) == [theirs]


def test_a_column_asked_for_twice_is_refused(tokyo, theirs, tmp_path):
    error = tokyo.fails("parquet", "rewrite", theirs, tmp_path / "ours.parquet", "--columns", "i,i")
    assert error["code"] == "invalidArgument"


def test_a_file_is_not_rewritten_into_itself(tokyo, theirs, tmp_path):
    before = theirs.read_bytes()
    link = tmp_path / "link.parquet"
    link.symlink_to(theirs)
    for out in (theirs, tmp_path / "." / "theirs.parquet", link):
        assert tokyo.fails("parquet", "rewrite", theirs, out)["code"] == "invalidArgument"
        assert theirs.read_bytes() == before


def test_a_folder_is_not_replaced(tokyo, theirs, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    assert tokyo.fails("parquet", "rewrite", theirs, folder)["code"] == "invalidArgument"
    assert folder.is_dir()


def test_a_failure_leaves_out_as_it_was_and_nothing_beside_it(tokyo, theirs, tmp_path):
    out = tmp_path / "ours.parquet"
    out.write_bytes(b"before")
    bytes = bytearray(theirs.read_bytes())
    # The last row group is broken, so that the first ones are written before it is seen.
    place = pq.ParquetFile(theirs).metadata.row_group(2).column(5).data_page_offset
    bytes[place : place + 40] = b"\xff" * 40
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(bytes)
    error = tokyo.fails("parquet", "rewrite", broken, out)
    assert (error["code"], error["context"]["file"]) == ("invalidData", "broken.parquet")
    assert error["context"]["rowGroup"] == 2
    assert out.read_bytes() == b"before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["broken.parquet", "ours.parquet", "theirs.parquet"]


def test_absent_files_and_folders_are_not_found(tokyo, theirs, tmp_path):
    error = tokyo.fails("parquet", "rewrite", tmp_path / "absent.parquet", tmp_path / "ours.parquet")
    assert (error["code"], error["context"]["file"]) == ("notFound", "absent.parquet")
    error = tokyo.fails("parquet", "rewrite", theirs, tmp_path / "no folder" / "ours.parquet")
    assert (error["code"], error["context"]["file"]) == ("notFound", "ours.parquet")
