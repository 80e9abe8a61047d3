"""What a query reads: registered partitions, the objects that are there, and how many bytes of them."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench import Bench

COLUMNS = {"id": "bigint", "note": "string"}
KEYS = {"year": "string", "month": "string", "day": "string", "lake_version": "string"}


def days(*numbers: int) -> Iterable[tuple[str, str]]:
    """A day and its version, as the lake spells them."""
    return ((f"{number:02}", f"v{number}") for number in numbers)


@pytest.fixture(scope="module")
def lake(bench: Bench) -> str:
    """Five days with ten rows each; a day has two versions, and both are registered."""
    name = bench.make_table(COLUMNS, KEYS)
    for day, version in [*days(1, 2, 3, 4, 5), ("03", "newer")]:
        folder = f"{name}/year=2024/month=02/day={day}/lake_version={version}"
        ids = [int(day) * 100 + index for index in range(10)]
        bench.put_parquet(f"{folder}/part-00000.snappy.parquet", pa.table({
            "id": pa.array(ids, pa.int64()), "note": [f"{version} {number}" for number in ids]}))
        bench.s3.put_object(Bucket=bench.bucket, Key=f"{folder}/_manifest.json", Body=b"{}")
        bench.add_partition(name, COLUMNS, ["2024", "02", day, version], f"s3://{bench.bucket}/{folder}/")
    return name


def scanned(bench: Bench, sql: str) -> int:
    execution = bench.run(sql)
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    return int(execution["Statistics"]["DataScannedInBytes"])


def chunk_bytes(bench: Bench, key: str, *columns: str) -> int:
    """What the footer says about columns: the independent count."""
    data = bench.s3.get_object(Bucket=bench.bucket, Key=key)["Body"].read()
    metadata = pq.ParquetFile(io.BytesIO(data)).metadata
    return sum(metadata.row_group(group).column(column).total_compressed_size
               for group in range(metadata.num_row_groups) for column in range(metadata.num_columns)
               if metadata.row_group(group).column(column).path_in_schema in columns)


def test_partition_columns_come_from_the_catalogue(bench: Bench, lake: str) -> None:
    rows = bench.rows(f"SELECT DISTINCT year, month, day, lake_version FROM {lake} ORDER BY day, lake_version")
    assert rows == [("2024", "02", "01", "v1"), ("2024", "02", "02", "v2"), ("2024", "02", "03", "newer"),
                    ("2024", "02", "03", "v3"), ("2024", "02", "04", "v4"), ("2024", "02", "05", "v5")]


def test_versions_that_a_query_names_are_the_only_ones_it_reads(bench: Bench, lake: str) -> None:
    sql = f"SELECT count(*), min(note) FROM {lake} WHERE lake_version IN ('v2', 'newer')"
    assert bench.rows(sql) == [("20", "newer 300")]
    expected = sum(chunk_bytes(bench, f"{lake}/year=2024/month=02/day={day}/lake_version={version}/"
                               "part-00000.snappy.parquet", "note") for day, version in (("02", "v2"), ("03", "newer")))
    assert scanned(bench, sql) == expected


@pytest.mark.parametrize(("condition", "days_read"), [
    ("day = '01'", 1), ("day > '03'", 2), ("day BETWEEN '01' AND '02'", 2), ("day IN ('01') OR lake_version = 'v5'", 2),
    ("(day = '01' AND id > 5) OR (day = '02' AND note LIKE 'v%')", 2), ("NOT day = '03'", 4), ("day = '09'", 0),
    ("year || month || day = '20240204'", 1), ("id > 0 OR day = '01'", 6), ("lower(lake_version) = 'v1'", 1)])
def test_only_partitions_that_can_match_are_scanned(bench: Bench, lake: str, condition: str, days_read: int) -> None:
    with_notes = "note" in condition
    columns = ("id", "note") if with_notes else ("id",)
    whole = sum(chunk_bytes(bench, f"{lake}/year=2024/month=02/day={day}/lake_version={version}/"
                            "part-00000.snappy.parquet", *columns) for day, version in [*days(1, 2, 3, 4, 5),
                                                                                      ("03", "newer")])
    found = scanned(bench, f"SELECT sum(id) FROM {lake} WHERE {condition}")
    assert abs(found / whole - days_read / 6) < 0.02
    nested = f"SELECT sum(id) FROM (SELECT id, note, year, month, day, lake_version FROM {lake}) t WHERE {condition}"
    assert scanned(bench, nested) == found


def test_an_outer_join_prunes_only_what_it_may(bench: Bench, lake: str) -> None:
    anti = (f"SELECT count(*) FROM {lake} a LEFT JOIN (SELECT * FROM {lake}) b ON a.id = b.id AND b.day = '01' "
            "WHERE b.day IS NULL AND a.lake_version IN ('v1', 'v2')")
    assert bench.rows(anti) == [("10",)]
    bare = (f"SELECT count(*) FROM {lake} a LEFT JOIN {lake} b ON a.id = b.id AND b.day = '01' "
            "WHERE b.day IS NULL AND a.lake_version IN ('v1', 'v2')")
    assert bench.rows(bare) == [("10",)]
    right = f"SELECT count(*) FROM {lake} a RIGHT JOIN {lake} b ON a.id = b.id AND a.day = '01' WHERE a.day IS NULL"
    assert bench.rows(right) == [("50",)]


def test_a_view_prunes_through(bench: Bench, lake: str) -> None:
    view = f"v_{lake}"
    bench.run(f"CREATE VIEW {view} AS SELECT id, day, lake_version FROM {lake} WHERE lake_version <> 'v3'")
    assert bench.rows(f"SELECT count(*) FROM {view} WHERE day = '03'") == [("10",)]
    assert scanned(bench, f"SELECT sum(id) FROM {view} WHERE day = '03'") == chunk_bytes(
        bench, f"{lake}/year=2024/month=02/day=03/lake_version=newer/part-00000.snappy.parquet", "id")


def test_what_is_not_registered_is_not_read(bench: Bench, lake: str) -> None:
    folder = f"{lake}/year=2024/month=02/day=06/lake_version=v6"
    bench.put_parquet(f"{folder}/part-00000.parquet", pa.table({"id": [600], "note": ["x"]}))
    assert bench.rows(f"SELECT count(*) FROM {lake} WHERE day = '06'") == [("0",)]


def test_a_missing_partition_reads_as_zero_rows(bench: Bench, lake: str) -> None:
    bench.add_partition(lake, COLUMNS, ["2024", "02", "28", "gone"], f"s3://{bench.bucket}/{lake}/nothing/here/")
    assert bench.rows(f"SELECT count(*), sum(id) FROM {lake} WHERE day = '28'") == [("0", None)]
    assert bench.rows(f"SELECT count(*) FROM {lake} WHERE day = '29'") == [("0",)]
    bench.glue.delete_partition(DatabaseName=bench.database, TableName=lake,
                                PartitionValues=["2024", "02", "28", "gone"])


@pytest.mark.parametrize(("storage_class", "rows"), [
    ("GLACIER", "1"), ("DEEP_ARCHIVE", "1"), ("GLACIER_IR", "2"), ("STANDARD_IA", "2")])
def test_objects_in_glacier_classes_are_ignored(bench: Bench, storage_class: str, rows: str) -> None:
    table = bench.make_table({"n": "bigint"})
    bench.put_parquet(f"{table}/a.parquet", pa.table({"n": [1]}))
    bench.put_parquet(f"{table}/b.parquet", pa.table({"n": [2]}), StorageClass=storage_class)
    assert bench.rows(f"SELECT count(*) FROM {table}") == [(rows,)]
    if storage_class == "GLACIER":
        bench.s3.restore_object(Bucket=bench.bucket, Key=f"{table}/b.parquet", RestoreRequest={"Days": 1})
        assert bench.rows(f"SELECT count(*) FROM {table}") == [("1",)], "restored objects stay ignored"


def test_names_that_start_with_an_underscore_or_a_dot_are_hidden(bench: Bench) -> None:
    table = bench.make_table({"n": "bigint"})
    for key in ("a.parquet", "_b.parquet", ".c.parquet", "_tmp/d.parquet", "sub/e.parquet", "sub/_f.parquet"):
        bench.put_parquet(f"{table}/{key}", pa.table({"n": [1]}))
    assert bench.rows(f"SELECT count(*) FROM {table}") == [("2",)]


def test_a_folder_that_only_begins_alike_is_not_read(bench: Bench) -> None:
    table = bench.make_table({"n": "bigint"})
    bench.put_parquet(f"{table}/a.parquet", pa.table({"n": [1]}))
    bench.put_parquet(f"{table}_old/a.parquet", pa.table({"n": [1]}))
    assert bench.rows(f"SELECT count(*) FROM {table}") == [("1",)]


def test_scanned_bytes_are_the_column_chunks_that_are_touched(bench: Bench) -> None:
    table = bench.make_table({"a": "bigint", "b": "string", "c": "double"})
    numbers = list(range(30_000))
    bench.put_parquet(f"{table}/f.parquet", pa.table({
        "a": pa.array(numbers, pa.int64()), "b": [str(number) for number in numbers],
        "c": [float(number) for number in numbers]}), row_group_size=10_000)
    key = f"{table}/f.parquet"
    assert scanned(bench, f"SELECT count(*) FROM {table}") == 0
    assert scanned(bench, f"SELECT sum(a) FROM {table}") == chunk_bytes(bench, key, "a")
    assert scanned(bench, f"SELECT b FROM {table} WHERE c >= 0") == chunk_bytes(bench, key, "b", "c")
    assert scanned(bench, f"SELECT * FROM {table}") == chunk_bytes(bench, key, "a", "b", "c")
    assert scanned(bench, f"SELECT count(*) FROM (SELECT * FROM {table}) t WHERE t.a > 5") == chunk_bytes(
        bench, key, "a")
    third = scanned(bench, f"SELECT sum(a) FROM {table} WHERE a BETWEEN 10000 AND 19999")
    assert abs(third / chunk_bytes(bench, key, "a") - 1 / 3) < 0.02
    assert scanned(bench, f"SELECT sum(a) FROM {table} WHERE a > 99999") == 0


def test_ten_megabytes_are_the_least_that_is_billed(bench: Bench, lake: str) -> None:
    execution = bench.run(f"SELECT sum(id) FROM {lake}")
    entry = next(one for one in bench.log("athena:Execution") if one["target"] == execution["QueryExecutionId"])
    assert entry["note"]["scanned_bytes"] == execution["Statistics"]["DataScannedInBytes"] > 0
    assert entry["note"]["billed_bytes"] == 10_000_000
    assert entry["dollars"] == pytest.approx(0.00005)


def test_columns_are_matched_by_name_and_missing_ones_are_null(bench: Bench) -> None:
    table = bench.make_table({"id": "bigint", "added": "int", "note": "string"})
    bench.put_parquet(f"{table}/old.parquet", pa.table({"note": ["x"], "ID": pa.array([1], pa.int64()), "gone": [1]}))
    bench.put_parquet(f"{table}/new.parquet", pa.table({
        "id": pa.array([2], pa.int64()), "added": pa.array([5], pa.int32()), "note": ["y"]}))
    assert bench.rows(f"SELECT * FROM {table} ORDER BY id") == [("1", None, "x"), ("2", "5", "y")]


def test_files_that_do_not_fit_the_table_are_bad_data(bench: Bench) -> None:
    table = bench.make_table({"id": "int"})
    bench.put_parquet(f"{table}/f.parquet", pa.table({"id": ["text"]}))
    assert bench.failure(f"SELECT * FROM {table}").startswith("HIVE_BAD_DATA: Field id's type string")
    other = bench.make_table({"id": "int"})
    bench.s3.put_object(Bucket=bench.bucket, Key=f"{other}/f.parquet", Body=b"not parquet at all")
    assert bench.failure(f"SELECT * FROM {other}").startswith("HIVE_BAD_DATA")


def test_a_partition_that_declares_another_type_is_a_schema_mismatch(bench: Bench) -> None:
    table = bench.make_table({"id": "bigint"}, {"day": "string"})
    bench.add_partition(table, {"id": "int"}, ["01"], f"s3://{bench.bucket}/{table}/day=01/")
    assert bench.failure(f"SELECT * FROM {table}").startswith("HIVE_PARTITION_SCHEMA_MISMATCH")


def test_partition_projection_is_refused(bench: Bench) -> None:
    made = bench.table_input("projected", {"id": "bigint"}, {"day": "string"})
    made["Parameters"]["projection.enabled"] = "true"
    bench.glue.create_table(DatabaseName=bench.database, TableInput=made)
    assert "does not imitate partition projection" in bench.failure("SELECT * FROM projected")


def test_typed_partition_columns(bench: Bench) -> None:
    table = bench.make_table({"id": "bigint"}, {"n": "int", "d": "date"})
    for number, day in ((1, "2024-01-01"), (10, "2024-01-02"), (9, "2024-01-03")):
        bench.put_parquet(f"{table}/n={number}/d={day}/f.parquet", pa.table({"id": pa.array([number], pa.int64())}))
        bench.add_partition(table, {"id": "bigint"}, [str(number), day],
                            f"s3://{bench.bucket}/{table}/n={number}/d={day}/")
    assert bench.rows(f"SELECT id FROM {table} WHERE n > 8 AND d < DATE '2024-01-03'") == [("10",)]
    assert bench.failure(f"SELECT id FROM {table} WHERE n = '9'").startswith("TYPE_MISMATCH")


def test_seven_hundred_days_are_read_in_one_query(bench: Bench) -> None:
    table = bench.make_table({"id": "bigint"}, {"day": "string"})
    data = io.BytesIO()
    pq.write_table(pa.table({"id": pa.array([1, 2], pa.int64())}), data)
    entries = []
    bench.put_many({f"{table}/{number}/f.parquet": data.getvalue() for number in range(700)})
    for number in range(700):
        entries.append({"Values": [f"{number:03}"], "StorageDescriptor": bench.descriptor(
            {"id": "bigint"}, f"s3://{bench.bucket}/{table}/{number}/")})
    for start in range(0, 700, 100):
        bench.glue.batch_create_partition(DatabaseName=bench.database, TableName=table,
                                          PartitionInputList=entries[start:start + 100])
    assert bench.rows(f"SELECT count(*), count(DISTINCT day) FROM {table} WHERE id = 1") == [("700", "700")]


def test_a_query_cannot_read_files_of_the_machine(bench: Bench) -> None:
    assert bench.run("SELECT * FROM read_csv('/etc/hostname')")["Status"]["State"] == "FAILED"
    assert bench.run("SELECT content FROM read_text('/etc/hostname')")["Status"]["State"] == "FAILED"


def test_a_delete_during_a_query_is_seen_by_the_next(bench: Bench) -> None:
    table = bench.make_table({"id": "bigint"})
    bench.put_parquet(f"{table}/f.parquet", pa.table({"id": pa.array([1], pa.int64())}))
    assert bench.rows(f"SELECT count(*) FROM {table}") == [("1",)]
    bench.s3.delete_object(Bucket=bench.bucket, Key=f"{table}/f.parquet")
    assert bench.rows(f"SELECT count(*) FROM {table}") == [("0",)]
