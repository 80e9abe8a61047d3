"""awswrangler reads a lake that pyarrow wrote, in each of its three ways."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import awswrangler
import pandas
import pyarrow as pa
import pytest
from bench import Bench

DAY, AT = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 23, 59, 59, 123_000)
TYPES = {"id": "bigint", "small": "int", "price": "decimal(12,2)", "ratio": "double", "note": "string",
         "paid": "boolean", "day_of": "date", "at": "timestamp"}


@pytest.fixture(scope="module")
def lake(bench: Bench) -> str:
    """Three rows in one registered partition: values, empty text, NULLs."""
    name = bench.make_table(TYPES, {"day": "string"})
    bench.put_parquet(f"{name}/day=29/part-00000.snappy.parquet", pa.table({
        "id": pa.array([1, 2, 3], pa.int64()), "small": pa.array([7, 8, None], pa.int32()),
        "price": pa.array([Decimal("1234567890.12"), Decimal("-0.01"), None], pa.decimal128(12, 2)),
        "ratio": pa.array([0.1, 1e300, None]), "note": ["text, \"quoted\"\nand broken", "", None],
        "paid": [True, False, None], "day_of": pa.array([DAY, DAY, None], pa.date32()),
        "at": pa.array([AT, AT, None], pa.timestamp("us", "UTC"))}))
    bench.add_partition(name, TYPES, ["29"], f"s3://{bench.bucket}/{name}/day=29/")
    return name


@pytest.fixture(autouse=True)
def endpoints(bench: Bench) -> Iterator[None]:
    """awswrangler takes endpoints from its own configuration."""
    names = ("s3_endpoint_url", "athena_endpoint_url", "glue_endpoint_url", "sts_endpoint_url")
    for name in names:
        setattr(awswrangler.config, name, bench.endpoint)
    yield
    for name in names:
        awswrangler.config.reset(name)


MODES: dict[str, dict[str, Any]] = {
    "ctas": {"ctas_approach": True}, "unload": {"ctas_approach": False, "unload_approach": True},
    "csv": {"ctas_approach": False, "unload_approach": False}}


def read(bench: Bench, sql: str, mode: str, **options: Any) -> pandas.DataFrame:
    if mode == "unload":
        options["s3_output"] = f"s3://{bench.results}/unload-{abs(hash(sql))}/"
    options.setdefault("s3_output", bench.output)
    return awswrangler.athena.read_sql_query(sql, database=bench.database, boto3_session=bench.session,
                                             workgroup="primary", athena_query_wait_polling_delay=0.02,
                                             **MODES[mode], **options)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_returns_the_right_typed_answer(bench: Bench, lake: str, mode: str) -> None:
    frame = read(bench, f"SELECT * FROM {lake} WHERE day = '29' ORDER BY id", mode).sort_values("id")
    frame = frame.reset_index(drop=True)
    assert list(frame.columns) == [*TYPES, "day"]
    assert frame["id"].tolist() == [1, 2, 3] and str(frame["id"].dtype) == "Int64"
    assert frame["small"].tolist()[:2] == [7, 8] and str(frame["small"].dtype) == "Int32"
    assert frame["price"].tolist()[:2] == [Decimal("1234567890.12"), Decimal("-0.01")]
    assert frame["ratio"].tolist()[:2] == [0.1, 1e300]
    assert frame["paid"].tolist()[:2] == [True, False]
    assert frame["day_of"].tolist()[:2] == [DAY, DAY]
    assert frame["at"].tolist()[:2] == [pandas.Timestamp(AT)] * 2
    assert frame["day"].tolist() == ["29"] * 3
    for column in TYPES.keys() - {"id", "note"}:
        assert frame[column].isna().tolist() == [False, False, True], column
    note = frame["note"].tolist()
    assert note[0] == "text, \"quoted\"\nand broken" and pandas.isna(note[2])
    # awswrangler itself reads '' in a CSV as missing (na_values=[""]); the laboratory's CSV tells them apart.
    assert pandas.isna(note[1]) if mode == "csv" else note[1] == ""


@pytest.mark.parametrize("mode", MODES)
def test_aggregates_in_every_mode(bench: Bench, lake: str, mode: str) -> None:
    frame = read(bench, f"SELECT day, count(*) AS n, sum(price) AS total FROM {lake} GROUP BY day", mode)
    assert frame.to_dict("records") == [{"day": "29", "n": 3, "total": Decimal("1234567890.11")}]


def test_an_empty_answer_has_typed_columns(bench: Bench, lake: str) -> None:
    frame = read(bench, f"SELECT id, price FROM {lake} WHERE id > 99", "ctas")
    assert list(frame.columns) == ["id", "price"] and len(frame) == 0
    with pytest.raises(awswrangler.exceptions.EmptyDataFrame):
        read(bench, f"SELECT id, price FROM {lake} WHERE id > 99", "unload")


def test_parameters_and_chunks(bench: Bench, lake: str) -> None:
    frame = read(bench, f"SELECT id FROM {lake} WHERE id = ?", "csv", params=["2"], paramstyle="qmark")
    assert frame["id"].tolist() == [2]
    chunks = list(read(bench, f"SELECT id FROM {lake} ORDER BY id", "csv", chunksize=2))
    assert [len(chunk) for chunk in chunks] == [2, 1]


def test_a_failed_query_is_an_exception_with_athenas_reason(bench: Bench, lake: str) -> None:
    with pytest.raises(awswrangler.exceptions.QueryFailed, match="DIVISION_BY_ZERO"):
        read(bench, f"SELECT id / 0 AS x FROM {lake}", "csv")


def test_a_data_set_that_awswrangler_wrote_is_read_back(bench: Bench) -> None:
    frame = pandas.DataFrame({"id": [1, 2, 3], "name": ["a", "", None], "day": ["01", "01", "02"]})
    awswrangler.s3.to_parquet(frame, path=f"s3://{bench.bucket}/wrangled/", dataset=True, database=bench.database,
                              table="wrangled", partition_cols=["day"], boto3_session=bench.session)
    assert bench.rows("SELECT id, name FROM wrangled WHERE day = '01' ORDER BY id") == [("1", "a"), ("2", "")]
    back = read(bench, "SELECT id, name FROM wrangled ORDER BY id", "ctas").sort_values("id")
    assert back["name"].tolist()[:2] == ["a", ""] and pandas.isna(back["name"].tolist()[2])
