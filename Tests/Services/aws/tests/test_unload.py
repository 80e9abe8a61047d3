"""Results as Parquet: `UNLOAD`, `CREATE TABLE AS`, `INSERT INTO`, and the statements around tables."""

from __future__ import annotations

import datetime
import io
import uuid
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench import Bench


def place(bench: Bench) -> str:
    return f"s3://{bench.bucket}/out-{uuid.uuid4().hex[:8]}/"


def read(bench: Bench, uri: str) -> pa.Table:
    return pq.read_table(io.BytesIO(bench.object(uri)))


def manifest(bench: Bench, execution: dict[str, dict[str, str]]) -> list[str]:
    return bench.object(execution["Statistics"]["DataManifestLocation"]).decode().splitlines()


def test_unload_writes_typed_parquet_and_a_manifest(bench: Bench) -> None:
    target = place(bench)
    execution = bench.run(
        "UNLOAD (SELECT * FROM (VALUES (1, 'a', 1.50, DATE '2024-01-02', TIMESTAMP '2024-01-02 03:04:05.678', true), "
        "(2, NULL, NULL, NULL, NULL, NULL), (3, '', 2.25, NULL, NULL, false)) AS t(i, s, d, day, at, b)) "
        f"TO '{target}' WITH (format = 'PARQUET', compression = 'SNAPPY')")
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    assert execution["SubstatementType"] == "UNLOAD"
    location = execution["Statistics"]["DataManifestLocation"]
    assert location == f"{bench.output}{execution['QueryExecutionId']}-manifest.csv"
    listed = manifest(bench, execution)
    objects = bench.s3.list_objects_v2(Bucket=bench.bucket, Prefix=target.split("/", 3)[3])["Contents"]
    assert [f"s3://{bench.bucket}/{item['Key']}" for item in objects] == listed
    table = read(bench, listed[0])
    assert table.schema.field("d").type == pa.decimal128(3, 2)
    footer = pq.ParquetFile(io.BytesIO(bench.object(listed[0])))
    assert footer.schema.column(4).physical_type == "INT96"
    rows = table.set_column(4, "at", table.column("at").cast(pa.timestamp("ms"))).to_pylist()
    assert rows == [
        {"i": 1, "s": "a", "d": Decimal("1.50"), "day": datetime.date(2024, 1, 2),
         "at": datetime.datetime(2024, 1, 2, 3, 4, 5, 678_000), "b": True},
        {"i": 2, "s": None, "d": None, "day": None, "at": None, "b": None},
        {"i": 3, "s": "", "d": Decimal("2.25"), "day": None, "at": None, "b": False}]
    assert footer.metadata.row_group(0).column(0).compression == "SNAPPY"


def test_unload_by_partition(bench: Bench) -> None:
    target = place(bench)
    execution = bench.run(f"UNLOAD (SELECT x, y FROM (VALUES (1, 'a'), (2, 'b'), (3, 'a')) AS t(x, y)) TO '{target}' "
                          "WITH (format = 'PARQUET', partitioned_by = ARRAY['y'])")
    found = {uri.removeprefix(target).split("/")[0]: read(bench, uri).to_pylist() for uri in manifest(bench, execution)}
    assert found == {"y=a": [{"x": 1}, {"x": 3}], "y=b": [{"x": 2}]}


def test_unload_refuses_a_target_that_is_not_empty(bench: Bench) -> None:
    target = place(bench)
    sql = f"UNLOAD (SELECT 1 AS x) TO '{target}' WITH (format = 'PARQUET')"
    assert bench.run(sql)["Status"]["State"] == "SUCCEEDED"
    assert bench.failure(sql).startswith("HIVE_PATH_ALREADY_EXISTS")


def test_unload_of_no_rows_writes_no_files(bench: Bench) -> None:
    execution = bench.run(f"UNLOAD (SELECT 1 AS x WHERE false) TO '{place(bench)}' WITH (format = 'PARQUET')")
    assert execution["Status"]["State"] == "SUCCEEDED"
    assert manifest(bench, execution) == []


def test_unload_refuses_timestamps_with_a_zone_and_too_many_partitions(bench: Bench) -> None:
    assert "with time zone" in bench.failure(
        f"UNLOAD (SELECT now() AS t) TO '{place(bench)}' WITH (format = 'PARQUET')")
    assert bench.failure(f"UNLOAD (SELECT x, x AS y FROM UNNEST(sequence(1, 101)) AS t(x)) TO '{place(bench)}' "
                         "WITH (format = 'PARQUET', partitioned_by = ARRAY['y'])").startswith(
        "HIVE_TOO_MANY_OPEN_PARTITIONS")


def test_a_cancelled_unload_leaves_no_manifest(bench: Bench) -> None:
    bench.control("POST", "/hold", {"state": "RUNNING"})
    identifier = bench.start(f"UNLOAD (SELECT 1 AS x) TO '{place(bench)}' WITH (format = 'PARQUET')")
    bench.wait(identifier, "RUNNING")
    bench.athena.stop_query_execution(QueryExecutionId=identifier)
    execution = bench.wait(identifier)
    assert execution["Status"]["State"] == "CANCELLED"
    assert "DataManifestLocation" not in execution["Statistics"]


def test_unload_takes_parameters(bench: Bench) -> None:
    execution = bench.run(f"UNLOAD (SELECT x FROM (VALUES 1, 2) AS t(x) WHERE x = ?) TO '{place(bench)}' "
                          "WITH (format = 'PARQUET')", ExecutionParameters=["2"])
    assert read(bench, manifest(bench, execution)[0]).to_pylist() == [{"x": 2}]


def test_create_table_as_and_insert(bench: Bench) -> None:
    name, target = f"made_{uuid.uuid4().hex[:8]}", place(bench)
    execution = bench.run(f"CREATE TABLE {name} WITH (format = 'PARQUET', external_location = '{target}', "
                          "partitioned_by = ARRAY['y']) AS SELECT x, y FROM (VALUES (1, 'a'), (2, 'b')) AS t(x, y)")
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    assert (execution["StatementType"], execution["SubstatementType"]) == ("DDL", "CREATE_TABLE_AS_SELECT")
    assert bench.rows(f"SELECT x FROM {name} WHERE y = 'b'") == [("2",)]
    assert bench.run(f"INSERT INTO {name} SELECT 3, 'c'")["Status"]["State"] == "SUCCEEDED"
    assert bench.rows(f"SELECT y, x FROM {name} ORDER BY x") == [("a", "1"), ("b", "2"), ("c", "3")]
    assert bench.failure(f"CREATE TABLE {name} WITH (format = 'PARQUET', external_location = '{place(bench)}') AS "
                         "SELECT 1 AS x").startswith("TABLE_ALREADY_EXISTS")


def test_statements_about_tables(bench: Bench) -> None:
    name, base = f"ddl_{uuid.uuid4().hex[:8]}", place(bench)
    execution = bench.run(f"CREATE EXTERNAL TABLE {name} (id bigint, price decimal(12,2)) PARTITIONED BY (day string) "
                          f"STORED AS PARQUET LOCATION '{base}'")
    assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
    assert execution["StatementType"] == "DDL" and execution["ResultConfiguration"]["OutputLocation"].endswith(".txt")
    key = base.split("/", 3)[3]
    table = pa.table({"id": pa.array([1], pa.int64()), "price": pa.array([Decimal("1.00")], pa.decimal128(12, 2))})
    for day in ("01", "02"):
        bench.put_parquet(f"{key}day={day}/f.parquet", table)
    bench.run(f"ALTER TABLE {name} ADD IF NOT EXISTS PARTITION (day = '01') LOCATION '{base}day=01/'")
    assert bench.rows(f"SELECT day FROM {name}") == [("01",)]
    bench.run(f"MSCK REPAIR TABLE {name}")
    shown = bench.run(f"SHOW PARTITIONS {name}")
    lines = bench.athena.get_query_results(QueryExecutionId=shown["QueryExecutionId"])["ResultSet"]["Rows"]
    assert [row["Data"][0]["VarCharValue"] for row in lines] == ["day=01", "day=02"]
    bench.run(f"ALTER TABLE {name} DROP PARTITION (day = '01')")
    assert bench.rows(f"SELECT day FROM {name}") == [("02",)]
    assert bench.run(f"DROP TABLE {name}")["Status"]["State"] == "SUCCEEDED"
    assert bench.failure(f"SELECT 1 FROM {name}").startswith("TABLE_NOT_FOUND")
    status = bench.run(f"DROP TABLE {name}")["Status"]
    assert (status["State"], status["AthenaError"]["ErrorType"]) == ("FAILED", 1003)
    assert bench.run(f"DROP TABLE IF EXISTS {name}")["Status"]["State"] == "SUCCEEDED"


@pytest.mark.parametrize("sql", ["UNLOAD (SELECT 1) TO 's3://x/y/' WITH (format = 'ORC')", "SHOW CREATE TABLE t",
                                 "EXPLAIN SELECT 1", "ALTER TABLE {table} ADD COLUMNS (x int)"])
def test_statements_that_are_not_imitated_say_so(bench: Bench, sql: str) -> None:
    table = bench.make_table({"id": "bigint"})
    assert "does not imitate" in bench.failure(sql.format(table=table))
