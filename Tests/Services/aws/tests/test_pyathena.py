"""PyAthena's cursors over a lake that pyarrow wrote."""

from __future__ import annotations

import datetime
import functools
from decimal import Decimal
from typing import Any

import pandas
import pyarrow as pa
import pyarrow.fs
import pyathena
import pytest
from bench import Bench
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor
from pyathena.connection import Connection
from pyathena.cursor import Cursor, DictCursor
from pyathena.error import OperationalError
from pyathena.pandas.cursor import PandasCursor
from pyathena.s3fs.cursor import S3FSCursor

AT = datetime.datetime(2024, 2, 29, 23, 59, 59, 123_000)
COLUMNS = {"id": "bigint", "price": "decimal(12,2)", "ratio": "double", "note": "string", "paid": "boolean",
           "day_of": "date", "at": "timestamp"}
VALUES = [(1, Decimal("12.50"), 0.1, "text", True, AT.date(), AT),
          (2, Decimal("-0.01"), 1e300, "", False, AT.date(), AT),
          (3, None, None, None, None, None, None)]


@pytest.fixture(scope="module")
def lake(bench: Bench) -> str:
    """Three rows: values, empty text, NULLs."""
    name = bench.make_table(COLUMNS)
    kinds = [pa.int64(), pa.decimal128(12, 2), pa.float64(), pa.string(), pa.bool_(), pa.date32(),
             pa.timestamp("us", "UTC")]
    bench.put_parquet(f"{name}/part-00000.snappy.parquet", pa.table(
        [pa.array(column, kind) for column, kind in zip(zip(*VALUES), kinds)], names=list(COLUMNS)))
    return name


@pytest.fixture(autouse=True)
def endpoint(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyAthena's boto3 clients know the variable; pyarrow's S3, which is AWS's C++ SDK, has to be told."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", bench.endpoint)
    monkeypatch.setattr(pyarrow.fs, "S3FileSystem", functools.partial(
        pyarrow.fs.S3FileSystem, endpoint_override=bench.endpoint.removeprefix("http://"), scheme="http"))


def connect(bench: Bench, cursor: type[Any], **options: Any) -> Connection[Any]:
    return pyathena.connect(
        s3_staging_dir=bench.output, schema_name=bench.database, poll_interval=0.02, cursor_class=cursor,
        region_name=bench.region, aws_access_key_id=bench.access_key_id, aws_secret_access_key=bench.secret,
        **options)


def ordered(lake: str) -> str:
    return f"SELECT * FROM {lake} ORDER BY id"


def test_cursor(bench: Bench, lake: str) -> None:
    with connect(bench, Cursor).cursor() as cursor:
        cursor.execute(ordered(lake))
        assert [column[:2] for column in cursor.description] == [
            ("id", "bigint"), ("price", "decimal"), ("ratio", "double"), ("note", "varchar"), ("paid", "boolean"),
            ("day_of", "date"), ("at", "timestamp")]
        assert cursor.fetchall() == VALUES
        assert cursor.data_scanned_in_bytes > 0 and cursor.state == "SUCCEEDED"


def test_dict_cursor(bench: Bench, lake: str) -> None:
    with connect(bench, DictCursor).cursor() as cursor:
        assert cursor.execute(ordered(lake)).fetchone() == dict(zip(COLUMNS, VALUES[0]))


def test_async_cursor(bench: Bench, lake: str) -> None:
    with connect(bench, AsyncCursor).cursor() as cursor:
        _, future = cursor.execute(ordered(lake))
        assert future.result(timeout=60).fetchall() == VALUES


def test_s3fs_cursor_reads_the_csv(bench: Bench, lake: str) -> None:
    with connect(bench, S3FSCursor).cursor() as cursor:
        rows = cursor.execute(ordered(lake)).fetchall()
        assert [row[:3] for row in rows] == [row[:3] for row in VALUES]
        assert (rows[0][3], rows[2][3]) == ("text", None)


@pytest.mark.parametrize("unload", [False, True])
def test_pandas_cursor(bench: Bench, lake: str, unload: bool) -> None:
    with connect(bench, PandasCursor).cursor(unload=unload) as cursor:
        frame = cursor.execute(ordered(lake)).as_pandas().sort_values("id")
        assert frame["id"].tolist() == [1, 2, 3]
        assert frame["price"].tolist()[:2] == [Decimal("12.50"), Decimal("-0.01")]
        assert frame["ratio"].tolist()[:2] == [0.1, 1e300]
        assert frame["at"].tolist()[0] == pandas.Timestamp(AT)
        assert pandas.isna(frame["price"].tolist()[2]) and pandas.isna(frame["note"].tolist()[2])
        if unload:
            assert frame["note"].tolist()[1] == ""


@pytest.mark.parametrize("unload", [False, True])
def test_arrow_cursor(bench: Bench, lake: str, unload: bool) -> None:
    with connect(bench, ArrowCursor).cursor(unload=unload) as cursor:
        table = cursor.execute(ordered(lake)).as_arrow().sort_by("id")
        assert table.column("id").to_pylist() == [1, 2, 3]
        prices = [Decimal(str(value)) if value not in (None, "") else None for value in table["price"].to_pylist()]
        assert prices == [Decimal("12.50"), Decimal("-0.01"), None]
        assert table.column("at").to_pylist()[0].replace(tzinfo=None) == AT
        notes = table.column("note").to_pylist()
        # Without UNLOAD, PyAthena turns missing text into '' (and decimals into text): its choice, not the CSV's.
        assert notes[0] == "text" and (notes[1:] == ["", None] if unload else notes[2] in (None, ""))


def test_more_than_a_page(bench: Bench) -> None:
    with connect(bench, Cursor).cursor() as cursor:
        cursor.execute("SELECT x FROM UNNEST(sequence(1, 3210)) AS t(x) ORDER BY x")
        assert [row[0] for row in cursor] == list(range(1, 3211))


def test_question_marks(bench: Bench, lake: str) -> None:
    with connect(bench, Cursor).cursor() as cursor:
        cursor.execute(f"SELECT id FROM {lake} WHERE note = ? OR id = ? ORDER BY id", ["'text'", "3"],
                       paramstyle="qmark")
        assert cursor.fetchall() == [(1,), (3,)]


def test_a_failed_query_raises_with_the_reason(bench: Bench) -> None:
    with connect(bench, Cursor).cursor() as cursor, pytest.raises(OperationalError, match="DIVISION_BY_ZERO"):
        cursor.execute("SELECT 1 / 0")


def test_cancelling(bench: Bench) -> None:
    bench.control("POST", "/hold", {"state": "RUNNING"})
    with connect(bench, AsyncCursor).cursor() as cursor:
        identifier, future = cursor.execute("SELECT 1")
        cursor.cancel(identifier).result(timeout=60)
        assert future.result(timeout=60).state == "CANCELLED"


def test_metadata_of_tables(bench: Bench, lake: str) -> None:
    with connect(bench, Cursor).cursor() as cursor:
        found = cursor.get_table_metadata(lake)
        assert [(column.name, column.type) for column in found.columns] == list(COLUMNS.items())
        assert lake in [table.name for table in cursor.list_table_metadata()]
