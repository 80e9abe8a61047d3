"""Every type at its edges: what psycopg writes we read, what we write psycopg reads, bit by bit."""

import random
import struct
import uuid
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import psycopg
import pytest
from psycopg.adapt import Loader
from psycopg.pq import Format
from psycopg.types.json import Json, Jsonb
from psycopg.types.string import TextLoader

import parquet_rows

EPOCH = datetime(1970, 1, 1)
draw = random.Random(7)


def some(make, count=40):
    return [make() for _ in range(count)]


def instant():
    return datetime.min + draw.random() * (datetime.max - datetime.min)


TEXTS = ["", "NULL", "null", "{}", "{NULL}", 'a"b\\c,\'', "🗼行e\u0301\n\t", " ", "(,)"]

# Each column's type, our type of it, and its values.
SCALARS = {
    "bool": ("bool", [True, False]),
    "int2": ("int16", [-(2**15), -1, 0, 2**15 - 1]),
    "int4": ("int32", [-(2**31), 0, 2**31 - 1] + some(lambda: draw.randrange(-(2**31), 2**31))),
    "int8": ("int64", [-(2**63), 0, 2**63 - 1] + some(lambda: draw.randrange(-(2**63), 2**63))),
    "oid": ("int64", [0, 2**32 - 1]),
    "float4": ("float", [0.0, -0.0, 2.0**-149, float("inf"), float("nan"), 1.5]),
    "float8": (
        "double",
        [-0.0, 5e-324, 1.7976931348623157e308, float("-inf"), float("nan"), 0.1] + some(draw.random),
    ),
    "numeric(38,0)": (
        ["decimal", 38, 0],
        [Decimal("9" * 38), Decimal("-" + "9" * 38), Decimal(0), Decimal(10000)],
    ),
    "numeric(38,38)": (
        ["decimal", 38, 38],
        [Decimal("0." + "9" * 38), Decimal("-0." + "0" * 37 + "1")],
    ),
    "numeric(20,7)": (
        ["decimal", 20, 7],
        [Decimal(draw.randrange(-(10**20) + 1, 10**draw.randrange(1, 20))).scaleb(-7) for _ in range(40)],
    ),
    "numeric(5,-2)": (["decimal", 7, 0], [Decimal(9999900), Decimal(-100)]),
    "text": ("string", TEXTS),
    "varchar(9)": ("string", ["🗼" * 9, ""]),
    "json": ("string", [Json({"a": [1, "🗼", None]}), Json(None), Json("")]),
    "jsonb": ("string", [Jsonb({"a": [1, "🗼", None]}), Jsonb(None), Jsonb("")]),
    "uuid": (
        "string",
        [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1), uuid.UUID(int=draw.getrandbits(128))],
    ),
    "bytea": ("bytes", [b"", bytes(range(256)), b"\0"]),
    "date": ("date", [date.min, date.max, date(1970, 1, 1), date(2000, 2, 29)]),
    "time": ("time", [time.min, time.max, time(12, 0, 0, 1)]),
    "timestamp": ("localTimestamp", [datetime.min, datetime.max, EPOCH] + some(instant)),
    "timestamptz": (
        "timestamp",
        [
            x.replace(tzinfo=timezone.utc)
            for x in [datetime.min, datetime.max, EPOCH - timedelta(microseconds=1)] + some(instant)
        ],
    ),
}


def arrays():
    for name, (ours, values) in SCALARS.items():
        yield f"{name}[]", (["list", ours], [[None, *values, None], [], values, [None]])


COLUMNS = {**SCALARS, **dict(arrays())}


def rows():
    longest = max(len(values) for _, values in COLUMNS.values())
    for number in range(longest + 1):
        yield [number] + [
            values[number] if number < len(values) else None for _, values in COLUMNS.values()
        ]


def exact(value, ours):
    """A value of psycopg's in the form that `fixtures` prints for a column of our type."""
    if value is None:
        return None
    match ours:
        case ["list", element]:
            return [exact(each, element) for each in value]
        case ["decimal", _, scale]:
            return format(value.quantize(Decimal(1).scaleb(-scale)), "f")
        case "float":
            return struct.pack(">f", value).hex()
        case "double":
            return struct.pack(">d", value).hex()
        case "bytes":
            return bytes(value).hex()
        case "date":
            return (value - EPOCH.date()).days
        case "time":
            return (datetime.combine(EPOCH.date(), value) - EPOCH) // timedelta(microseconds=1)
        case "timestamp" | "localTimestamp":
            return (value.replace(tzinfo=None) - EPOCH) // timedelta(microseconds=1)
        case "string":
            return str(value)
    return value


class DocumentAsText(TextLoader):
    """A document as it stands, not what it says."""


class DocumentAsBytes(Loader):
    """The same in binary, where `jsonb` puts a version before it."""

    format = Format.BINARY

    def load(self, data):
        return bytes(data).removeprefix(b"\x01").decode()


def connect(url):
    connection = psycopg.connect(url, options="-c TimeZone=UTC")
    for name in ["json", "jsonb"]:
        connection.adapters.register_loader(name, DocumentAsText)
        connection.adapters.register_loader(name, DocumentAsBytes)
    return connection


@pytest.fixture(scope="module")
def server(databases):
    """A database with the table `theirs`, which psycopg filled, and two empty ones of the same columns."""
    url = databases.new()
    columns = ", ".join(f'"{name}" {name}' for name in COLUMNS)
    with connect(url) as connection:
        for table in ["theirs", "copied", "bound"]:
            connection.execute(f"CREATE TABLE {table} (number int4 PRIMARY KEY, {columns})")
        places = ", ".join(["%s"] * (len(COLUMNS) + 1))
        for row in rows():
            connection.execute(f"INSERT INTO theirs VALUES ({places})", row)
    return url


def as_psycopg_reads(url, table, binary=True):
    types = ["int32"] + [ours for ours, _ in COLUMNS.values()]
    with connect(url) as connection, connection.cursor(binary=binary) as cursor:
        found = cursor.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
    return {
        name: [exact(value, ours) for value in values]
        for name, ours, values in zip(["number", *COLUMNS], types, zip(*found))
    }


def test_what_psycopg_wrote_is_what_we_read_in_binary_as_text_and_by_copy(fixtures, server):
    run = fixtures.run("table", server, "theirs")
    assert run.returncode == 0, run.stderr
    read = parquet_rows.parse(run.stdout)
    assert {column.name: column.type for column in read} == {
        "number": "int32", **{name: ours for name, (ours, _) in COLUMNS.items()}}
    expected = as_psycopg_reads(server, "theirs")
    for column in read:
        assert column.values == expected[column.name], column.name
        assert any(value is not None for value in column.values)


def test_what_we_wrote_by_copy_and_by_parameters_is_what_psycopg_reads(fixtures, server):
    run = fixtures.run("copy", server, "theirs", "copied", "bound")
    assert run.returncode == 0, run.stderr
    expected = as_psycopg_reads(server, "theirs")
    for table in ["copied", "bound"]:
        for binary in [True, False]:
            found = as_psycopg_reads(server, table, binary)
            for name in expected:
                assert found[name] == expected[name], f"{table} {name}"
    # The server's own eyes: not one bit of the tables' texts differs.
    with connect(server) as connection:
        for table in ["copied", "bound"]:
            differing = connection.execute(
                f"SELECT count(*) FROM theirs t FULL JOIN {table} o USING (number) "
                f"WHERE t::text IS DISTINCT FROM o::text").fetchone()
            assert differing == (0,), table


def test_a_table_that_cannot_be_read_exactly_is_refused(fixtures, server):
    with connect(server) as connection:
        connection.execute("CREATE TABLE endless (number int4, d date)")
        connection.execute("INSERT INTO endless VALUES (1, 'infinity')")
    run = fixtures.run("table", server, "endless")
    assert run.returncode == 1
    assert "valueNotRepresentable" in run.stderr and "column d" in run.stderr
    assert run.stdout == ""
