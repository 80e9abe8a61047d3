"""The command line itself: usage, documents, dry runs, values, Parquet files."""

import base64
import json
import math
from datetime import date, datetime, timezone
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lake_reading
from moves import DATASET, Moves


@pytest.fixture
def moves(tokyo) -> Moves:
    return Moves(tokyo, days=3, rows=20, rows_today=5)


# Usage


@pytest.mark.parametrize(
    "arguments",
    [
        ["fly"],
        ["export"],
        ["export", "--dataset", "No Name"],
        ["export", "--dataset", "a", "--full", "--from", "2020-01-01", "--through", "2020-01-02"],
        ["export", "--dataset", "a", "--from", "2020-01-01"],
        ["export", "--dataset", "a", "--from", "2020-01-02", "--through", "2020-01-01"],
        ["export", "--dataset", "a", "--from", "2020-02-30", "--through", "2020-03-01"],
        ["retire", "--dataset", "a", "--before", "tomorrow"],
        ["gc", "--dataset", "a", "--grace", "7"],
        ["gc", "--dataset", "a", "--grace", "-1s"],
        ["gc", "--dataset", "a", "--grace", "99999999999999999999d"],
        ["resolve", "--dataset", "a", "--day", "2020-01-01", "--keep", "both"],
        ["install"],
        ["install", "--table", "t", "--hot-days", "-1"],
        ["install", "--table", "t", "--partition-columns", "a,b"],
        ["install", "--table", "t", "--partition-columns", "a,b,b"],
        ["install", "--table", "t", "--column", "amount"],
        ["install", "--table", "t", "--column", "amount=decimal(39,2)"],
        ["install", "--table", "t", "--column", "a=string", "--column", "a=bytes"],
        ["install", "--table", "t", "--late-writes", "perhaps"],
        ["query"],
        ["parquet", "cat"],
    ],
)
def test_wrong_usage_ends_with_64(tokyo, arguments):
    error = tokyo.fails(*arguments, status=64)
    assert error["code"] == "invalidArgument"
    plain = tokyo.run(*arguments, json=False)
    assert (plain.status, plain.output) == (64, "") and plain.log


def test_a_command_without_a_lake_says_so(tokyo):
    error = tokyo.fails("export", "--dataset", "a", status=64, environment={"TOKYO_LAKE_URL": ""})
    assert "--lake" in error["message"]


def test_help_is_not_a_failure(tokyo):
    shown = tokyo.run("export", "--help", json=False)
    assert shown.status == 0 and "--through" in shown.output


# Documents and tables


def test_each_command_prints_one_document_and_its_progress_elsewhere(moves):
    first = str(moves.days[0])
    exported = moves.run("export")
    assert exported.output.count("\n") == 1 and first in exported.log
    report = exported.document
    assert set(report) == {"dataset", "dryRun", "rows", "days", "collected"}
    assert set(report["days"][0]) == {"day", "outcome", "version", "rows", "bytes"}

    status = moves.run("status").document
    assert [set(day) for day in status] == [{"day", "state", "version", "rows", "bytes", "marked", "verifiedAt"}] * 3
    assert status[0]["day"] == first and status[0]["state"] == "both" and status[0]["rows"] == 20
    assert status[0]["version"] == report["days"][0]["version"]
    assert status[0]["bytes"] == report["days"][0]["bytes"] > 0
    assert status[0]["marked"] is False and status[0]["verifiedAt"] is None

    verified = moves("verify", "--from", first, "--through", first)
    assert [day["day"] for day in verified["days"]] == [first]
    assert verified["days"][0]["difference"] is None
    instant = moves.status[first]["verifiedAt"]
    assert instant == f"{datetime.fromisoformat(instant):%Y-%m-%dT%H:%M:%S.%f}Z"


@pytest.mark.parametrize("command", [["export"], ["verify"], ["retire"], ["gc"], ["status"]])
def test_people_get_tables(moves, command):
    moves("export")
    shown = moves.run(*command, json=False)
    assert shown.status == 0 and shown.output.strip() and "{" not in shown.output


def test_people_get_answers_with_their_plan(moves):
    moves("export")
    moves("retire", "--before", moves.days[1])
    text = json.dumps(moves.question)
    shown = moves.tokyo.run("query", "--query", "-", input=text, json=False)
    assert shown.status == 0
    assert moves.total[0][1] in shown.output and "cold" in shown.output and "hot" in shown.output
    assert "cold" in moves.tokyo.run("explain", "--query", "-", input=text, json=False).output


def test_the_server_comes_from_the_option_or_the_environment(moves, tmp_path):
    elsewhere = {"TOKYO_POSTGRES_URL": "postgresql://nobody@127.0.0.1:1/none", "TOKYO_LAKE_URL": "/nowhere"}
    report = moves(
        "export", "--postgres", moves.tokyo.postgres, "--lake", f"file://{tmp_path}/a%20lake",
        environment=elsewhere)
    assert report["rows"] == 60
    assert len(lake_reading.current_files(tmp_path / "a lake", DATASET)) == 3


def test_a_query_comes_from_a_file_or_from_standard_input(moves, tmp_path):
    file = tmp_path / "query.json"
    file.write_text(json.dumps(moves.question))
    assert moves.tokyo("query", "--query", file)["rows"] == moves.ask()["rows"] == moves.total


def test_a_query_needs_no_lake_while_nothing_is_cold(moves):
    answer = moves.tokyo.run(
        "query", "--query", "-", input=json.dumps(moves.question), environment={"TOKYO_LAKE_URL": ""})
    assert answer.document["rows"] == moves.total


# Dry runs


def test_dry_runs_change_nothing(new_tokyo):
    tokyo = new_tokyo()
    with tokyo.connect() as connection:
        connection.execute("CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL)")
    definition = tokyo("install", "--table", "t", "--time-column", "at", "--dry-run")
    assert definition["dryRun"] is True and definition["key"] == ["id"]
    with tokyo.connect() as connection:
        assert connection.execute("SELECT to_regnamespace('tokyo_data')").fetchone() == (None,)
        connection.execute("DROP TABLE t")

    moves = Moves(tokyo, days=3, rows=20, rows_today=5)
    planned = moves("export", "--dry-run")
    assert set(moves.outcomes(planned).values()) == {"planned"} and len(planned["days"]) == 3
    assert {day["state"] for day in moves.status.values()} == {"hot"}
    assert not any(path.is_file() for path in tokyo.lake.rglob("*"))

    moves("export")
    planned = moves("retire", "--before", moves.days[1], "--dry-run")
    assert moves.outcomes(planned) == {str(moves.days[0]): "planned"}
    assert {day["state"] for day in moves.status.values()} == {"both"}

    with tokyo.connect() as connection:
        connection.execute("UPDATE moves SET note = 'new' WHERE id = 1")
    moves("export")
    due = moves("gc", "--grace", "0s", "--dry-run")["versions"]
    assert len(due) == 1 and len(lake_reading.unreferenced(tokyo.lake, DATASET)) == 2
    assert moves("gc", "--grace", "0s")["versions"] == due
    assert lake_reading.unreferenced(tokyo.lake, DATASET) == []


def test_installing_twice_changes_nothing(moves):
    moves("export")
    before = moves.status
    again = ["install", "--table", DATASET, "--time-column", "at"]
    assert moves.tokyo(*again) == moves.tokyo(*again)
    assert moves.status == before


# Values


@pytest.fixture
def values(tokyo):
    """Every type once with its extremes, and a row of nulls."""
    with tokyo.connect() as connection:
        connection.execute(
            """
            CREATE TABLE v (id bigint PRIMARY KEY, at timestamptz NOT NULL, b boolean, i2 smallint, i4 integer,
              i8 bigint, f4 real, f8 double precision, n numeric(38,3), s text, y bytea, d date, l timestamp,
              u uuid);
            INSERT INTO v VALUES
              (1, '2020-01-01T00:00:00Z', true, -32768, 2147483647, 9223372036854775807, 0.1, 0.1, 1.5,
                E'a "quote" \\\\ \\n\\u0001 é 😀', '\\x00ff', '0001-01-01', '2020-01-01T00:00:00.000001',
                'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'),
              (2, '2020-01-01T23:59:59.999999Z', false, 32767, -2147483648, -9223372036854775808, 'NaN',
                '-Infinity', -99999999999999999999999999999999999.999, '', '', '9999-12-31',
                '1969-12-31T23:59:59.999999', null),
              (3, '2020-01-01T12:00:00Z', null, null, null, null, 'Infinity', 5e-324, 0, null, null, null, null,
                null);
            """)
    tokyo("install", "--table", "v", "--time-column", "at")
    tokyo("export", "--dataset", "v")
    return tokyo


EXPECTED = [
    {
        "id": 1, "at": "2020-01-01T00:00:00.000000Z", "b": True, "i2": -32768, "i4": 2147483647,
        "i8": 9223372036854775807, "f4": 0.1, "f8": 0.1, "n": "1.500", "s": 'a "quote" \\ \n\u0001 é 😀',
        "y": base64.b64encode(b"\0\xff").decode(), "d": "0001-01-01", "l": "2020-01-01T00:00:00.000001",
        "u": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    },
    {
        "id": 2, "at": "2020-01-01T23:59:59.999999Z", "b": False, "i2": 32767, "i4": -2147483648,
        "i8": -9223372036854775808, "f4": "NaN", "f8": "-Infinity",
        "n": "-99999999999999999999999999999999999.999", "s": "", "y": "", "d": "9999-12-31",
        "l": "1969-12-31T23:59:59.999999", "u": None,
    },
    {
        "id": 3, "at": "2020-01-01T12:00:00.000000Z", "b": None, "i2": None, "i4": None, "i8": None,
        "f4": "Infinity", "f8": 5e-324, "n": "0.000", "s": None, "y": None, "d": None, "l": None, "u": None,
    },
]  # fmt: skip


def test_values_in_json_are_exact_from_either_tier(values):
    query = {"dataset": "v", "orderBy": ["id"]}
    for state in ("both", "cold"):
        answer = values.query(query)
        names = [column["name"] for column in answer["columns"]]
        assert [dict(zip(names, row, strict=True)) for row in answer["rows"]] == EXPECTED
        assert values.status("v")["2020-01-01"]["state"] == state
        values("retire", "--dataset", "v")


def test_parquet_cat_prints_an_object_a_row(values):
    file = lake_reading.current_files(values.lake, "v")[0]
    shown = values.run("parquet", "cat", file, json=False)
    assert shown.status == 0
    rows = [json.loads(line) for line in shown.output.splitlines()]
    twins = [row.pop("at__us") for row in rows]
    assert rows == EXPECTED
    assert twins == [1577836800000000, 1577923199999999, 1577880000000000]
    twice = values.run("parquet", "cat", file, file)
    assert twice.output == shown.output * 2


def test_parquet_cat_reads_what_pyarrow_writes(tokyo, tmp_path):
    file = tmp_path / "theirs.parquet"
    table = pa.table({
        "i": pa.array([1, None, -3], pa.int64()), "d": pa.array([Decimal("1.50"), None, Decimal("-0.05")]),
        "t": pa.array([datetime(2020, 1, 2, 3, 4, 5, 6, tzinfo=timezone.utc), None, None]),
        "day": pa.array([date(2020, 1, 2), None, None]), "s": pa.array(["a", "", None]),
        "f": pa.array([1.5, math.nan, None]), "y": pa.array([b"\1", None, b""]),
    })  # fmt: skip
    pq.write_table(table, file, row_group_size=2)
    shown = tokyo.run("parquet", "cat", file)
    assert [json.loads(line) for line in shown.output.splitlines()] == [
        {"i": 1, "d": "1.50", "t": "2020-01-02T03:04:05.000006Z", "day": "2020-01-02", "s": "a", "f": 1.5, "y": "AQ=="},
        {"i": None, "d": None, "t": None, "day": None, "s": "", "f": "NaN", "y": None},
        {"i": -3, "d": "-0.05", "t": None, "day": None, "s": None, "f": None, "y": ""},
    ]


def test_parquet_cat_shows_what_is_nested(tokyo, tmp_path):
    file = tmp_path / "theirs.parquet"
    table = pa.table({
        "l": pa.array([[Decimal("1.50"), None], None, []], pa.list_(pa.decimal128(5, 2))),
        "s": pa.array([{"a": 1, "b": ["x"]}, {"a": None, "b": None}, None]),
        "m": pa.array([[("k", 7), ("z", None)], [], None], pa.map_(pa.string(), pa.int32())),
    })  # fmt: skip
    pq.write_table(table, file)
    shown = tokyo.run("parquet", "cat", file)
    assert [json.loads(line) for line in shown.output.splitlines()] == [
        {"l": ["1.50", None], "s": {"a": 1, "b": ["x"]}, "m": [["k", 7], ["z", None]]},
        {"l": None, "s": {"a": None, "b": None}, "m": []},
        {"l": [], "s": None, "m": None},
    ]


def test_parquet_meta_prints_one_document(values):
    file = lake_reading.current_files(values.lake, "v")[0]
    document = values("parquet", "meta", file)
    described = document["files"][0]
    theirs = pq.ParquetFile(file).metadata
    assert described["rows"] == theirs.num_rows == 3
    assert described["createdBy"] == theirs.created_by
    assert len(described["rowGroups"]) == theirs.num_row_groups == 1
    chunks = {chunk["name"]: chunk for chunk in described["rowGroups"][0]["columns"]}
    assert list(chunks) == [theirs.schema.column(index).path for index in range(theirs.num_columns)]
    assert (chunks["i8"]["minimum"], chunks["i8"]["maximum"], chunks["i8"]["nulls"]) == (
        -9223372036854775808, 9223372036854775807, 1)
    group = theirs.row_group(0)
    assert [chunk["codec"] for chunk in chunks.values()] == [
        group.column(index).compression for index in range(theirs.num_columns)]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"not a parquet file at all", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_a_file_that_is_no_parquet_file(tokyo, tmp_path, content):
    file = tmp_path / "broken.parquet"
    file.write_bytes(content)
    for command in ("cat", "meta"):
        error = tokyo.fails("parquet", command, file)
        assert (error["code"], error["context"]["file"]) == ("invalidData", "broken.parquet")
        assert tokyo.fails("parquet", command, tmp_path / "absent.parquet")["code"] == "notFound"
