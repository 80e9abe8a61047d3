"""A year of real flights: exported by day, verified, retired in part, and asked as one table.

What pyarrow and DuckDB read from the lake is compared with what PostgreSQL held, row for row and column for
column; three tests break one thing each and see that comparison fail.
"""

import json
import shutil
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import flights
import lake_reading
import row_hash
from tokyo_command import Tokyo

YEAR = {"from": "2013-01-01T00:00:00Z", "until": "2014-01-02T00:00:00Z"}
RETIRED_BEFORE = "2013-10-01"


@dataclass
class Year:
    tokyo: Tokyo
    rows: pa.Table
    clash: dict = field(default_factory=dict)
    exported: dict = field(default_factory=dict)
    verified: dict = field(default_factory=dict)
    retired: dict = field(default_factory=dict)
    monthly: list = field(default_factory=list)
    delays: list = field(default_factory=list)
    distance: str = ""

    @property
    def lake(self):
        return self.tokyo.lake

    def query(self, **query):
        return self.tokyo.query({"dataset": "flights", **YEAR, **query})


@pytest.fixture(scope="module")
def year(new_tokyo) -> Year:
    """The whole way once; the tests look at what it left."""
    tokyo = new_tokyo()
    with tokyo.connect() as connection:
        flights.load(connection)
        year = Year(tokyo, flights.rows(connection))
        year.monthly = connection.execute(
            """
            SELECT date_trunc('month', time_hour AT TIME ZONE 'UTC')::date::text, count(*)
            FROM flights GROUP BY 1 ORDER BY 1
            """).fetchall()
        year.delays = connection.execute(
            """
            SELECT carrier, round(avg(dep_delay), 6)::text, round(avg(arr_delay), 6)::text
            FROM flights GROUP BY carrier ORDER BY carrier COLLATE "C"
            """).fetchall()
        year.distance = connection.execute("SELECT sum(distance)::text FROM flights").fetchone()[0]
    install = ["install", "--table", "flights", "--time-column", "time_hour"]
    year.clash = tokyo.fails(*install)
    tokyo(*install, "--partition-columns", "lake_year,lake_month,lake_day", "--cluster-by", "carrier")
    year.exported = tokyo("export", "--dataset", "flights")
    year.verified = tokyo("verify", "--dataset", "flights")
    year.retired = tokyo("retire", "--dataset", "flights", "--before", RETIRED_BEFORE)
    return year


def test_columns_named_like_the_partitions_are_a_clear_error_until_the_partitions_get_other_names(year):
    assert year.clash["code"] == "invalidArgument"
    assert year.clash["context"]["column"] == "year"
    assert "partition columns" in year.clash["message"]


def test_every_utc_day_is_exported(year):
    days = year.exported["days"]
    assert len(days) == 366
    assert {day["outcome"] for day in days} == {"exported"}
    assert (days[0]["day"], days[-1]["day"]) == ("2013-01-01", "2014-01-01")
    assert days[-1]["rows"] == 88
    assert year.exported["rows"] == sum(day["rows"] for day in days) == 336_776


def test_the_copies_are_verified(year):
    assert year.verified["clean"] is True
    assert len(year.verified["days"]) == 366


def test_the_days_before_the_limit_are_only_in_the_lake(year):
    retired = [day["day"] for day in year.retired["days"]]
    assert len(retired) == 273 and retired[-1] == "2013-09-30"
    assert {day["outcome"] for day in year.retired["days"]} == {"retired"}
    with year.tokyo.connect() as connection:
        left = connection.execute(
            "SELECT count(*), min(time_hour) >= '2013-10-01T00:00:00Z' FROM flights").fetchone()
    assert left == (336_776 - sum(day["rows"] for day in year.retired["days"]), True)
    states = [day["state"] for day in year.tokyo.status("flights").values()]
    assert states == ["cold"] * 273 + ["both"] * 93


READERS = {"pyarrow": lake_reading.by_pyarrow, "duckdb": lake_reading.by_duckdb}


def difference(year: Year, lake, read) -> str | None:
    """How what a reader finds in a lake differs from what PostgreSQL held."""
    found = read(lake_reading.current_files(lake, "flights"))
    twin = found["time_hour__us"].cast(pa.timestamp("us", tz="UTC"))
    if not twin.equals(found["time_hour"].cast(twin.type)):
        return "time_hour__us is not time_hour"
    return lake_reading.first_difference(year.rows, found.drop_columns("time_hour__us"), key="id")


@pytest.mark.parametrize("reader", READERS)
def test_the_current_versions_are_what_postgres_held(year, reader):
    assert difference(year, year.lake, READERS[reader]) is None


@pytest.fixture
def broken_lake(year, tmp_path):
    """A copy of the lake to break, and one file in the middle of it."""
    lake = tmp_path / "lake"
    shutil.copytree(year.lake, lake)
    version = lake_reading.current(lake, "flights")["2013-07-04"]
    return lake, lake_reading.files(lake, version)[0]


def difference_or_error(year, lake, read) -> str | None:
    try:
        return difference(year, lake, read)
    except Exception as error:  # a reader that cannot read the file has noticed, too
        return str(error)


@pytest.mark.parametrize("reader", READERS)
def test_one_changed_byte_is_noticed(year, broken_lake, reader):
    lake, file = broken_lake
    chunk = pq.ParquetFile(file).metadata.row_group(0).column(0)
    data = bytearray(file.read_bytes())
    data[chunk.data_page_offset + chunk.total_compressed_size // 2] ^= 0x04
    file.write_bytes(data)
    assert difference_or_error(year, lake, READERS[reader])


@pytest.mark.parametrize("reader", READERS)
def test_one_missing_row_is_noticed(year, broken_lake, reader):
    lake, file = broken_lake
    table = pq.ParquetFile(file).read()
    pq.write_table(pa.concat_tables([table.slice(0, 100), table.slice(101)]), file)
    assert "336775 rows instead of 336776" in difference(year, lake, READERS[reader])


@pytest.mark.parametrize("reader", READERS)
def test_one_swapped_column_is_noticed(year, broken_lake, reader):
    lake, file = broken_lake
    table = pq.ParquetFile(file).read()
    swapped = {name: table[name] for name in table.schema.names}
    swapped["hour"], swapped["minute"] = table["minute"], table["hour"]
    pq.write_table(pa.table(swapped, schema=table.schema), file)
    assert "column hour" in difference(year, lake, READERS[reader])


def tiers(answer: dict) -> set[str]:
    return {day["tier"] for day in answer["days"]}


def test_monthly_counts_come_from_both_tiers_as_from_one(year):
    answer = year.query(
        groupBy=[{"bucket": "month", "column": "time_hour", "as": "month"}],
        aggregates=[{"count": "*", "as": "n"}], orderBy=["month"])
    assert [tuple(row) for row in answer["rows"]] == year.monthly
    assert len(year.monthly) == 13 and year.monthly[-1] == ("2014-01-01", 88)
    assert tiers(answer) == {"cold", "hot"}
    assert answer["partial"] is False
    assert [column["name"] for column in answer["columns"]] == ["month", "n"]


def test_mean_delays_per_carrier_come_from_both_tiers_as_from_one(year):
    answer = year.query(
        groupBy=["carrier"], aggregates=[{"avg": "dep_delay", "as": "dep"}, {"avg": "arr_delay", "as": "arr"}],
        orderBy=["carrier"])
    assert [tuple(row) for row in answer["rows"]] == year.delays
    assert tiers(answer) == {"cold", "hot"}
    assert answer["read"]["hotRows"] + answer["read"]["coldRows"] == 336_776
    assert answer["read"]["hotRows"] > 0 and answer["read"]["coldRows"] > 0
    assert answer["cost"]["scannedBytes"] == answer["read"]["coldBytes"] > 0


def test_the_sum_of_distances_comes_from_both_tiers_as_from_one(year):
    answer = year.query(aggregates=[{"sum": "distance", "as": "miles"}])
    assert answer["rows"] == [[year.distance]]
    assert answer["columns"] == [{"name": "miles", "type": "decimal(38,0)"}]
    assert tiers(answer) == {"cold", "hot"}


def test_the_issues_own_query_equals_the_same_over_the_rows(year):
    answer = year.query(
        where={"and": [{"eq": ["carrier", "UA"]}, {"notNull": "dep_delay"}]},
        groupBy=[{"bucket": "month", "column": "time_hour", "as": "month"}, "carrier"],
        aggregates=[
            {"count": "*", "as": "n"}, {"avg": "dep_delay", "as": "delay"}, {"sum": "distance", "as": "miles"}],
        orderBy=["month", {"desc": "n"}], limit=100)
    expected: dict[tuple, list] = {}
    columns = ["time_hour", "carrier", "dep_delay", "distance"]
    for time, carrier, delay, miles in zip(*(year.rows[name].to_pylist() for name in columns)):
        if carrier == "UA" and delay is not None:
            group = expected.setdefault((f"{time:%Y-%m}-01", carrier), [0, 0, 0])
            group[0] += 1
            group[1] += delay
            group[2] += miles
    rows = [
        [month, carrier, n, str((Decimal(delay) / n).quantize(Decimal("0.000001"), "ROUND_HALF_UP")), str(miles)]
        for (month, carrier), (n, delay, miles) in sorted(expected.items())
    ]
    assert answer["rows"] == rows


def test_a_plan_names_the_tier_the_version_and_the_reason_of_each_day(year):
    query = {"dataset": "flights", **YEAR, "aggregates": [{"sum": "distance"}]}
    plan = year.tokyo("explain", "--query", "-", input=json.dumps(query))
    status = year.tokyo.status("flights")
    assert [day["day"] for day in plan["days"]] == list(status)
    for day in plan["days"]:
        known = status[day["day"]]
        assert day["reason"]
        assert day["tier"] == ("cold" if known["state"] == "cold" else "hot")
        assert day["version"] == (known["version"] if known["state"] == "cold" else None)


def test_the_row_hash_of_a_day_can_be_computed_by_others(year):
    """Once from the Parquet file, once from what PostgreSQL held: both are what the ledger says."""
    catalog = lake_reading.catalog(year.lake, "flights")
    columns = [column for column in catalog["columns"] if column["name"] != "time_hour__us"]
    with year.tokyo.connect() as connection:
        for day in ("2013-02-08", "2013-11-28"):
            version = lake_reading.current(year.lake, "flights")[day]
            ledger = connection.execute(
                "SELECT row_hash FROM tokyo_data.versions WHERE version = %s", [version["version"]]).fetchone()
            assert version["rowHash"] == ledger[0]
            held = year.rows.filter([f"{time:%Y-%m-%d}" == day for time in year.rows["time_hour"].to_pylist()])
            for rows in (lake_reading.by_pyarrow(lake_reading.files(year.lake, version)), held):
                assert row_hash.hash_table(rows, columns) == version["rowHash"]
            assert version["rowHash"].endswith(f":{held.num_rows}")
