"""How Athena treats a query: states, tokens, pages, result objects, parameters, workgroups, limits, errors."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pyarrow as pa
import pytest
from bench import Bench
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def table(bench: Bench) -> str:
    """Five rows, NULL and the empty string among them."""
    name = bench.make_table({"id": "bigint", "note": "string"})
    bench.put_parquet(f"{name}/part-00000.parquet", pa.table({
        "id": pa.array([1, 2, 3, 4, 5]), "note": ["plain", "", None, 'say "hi", twice', "two\nlines"]}))
    return name


def error(caught: Any) -> dict[str, Any]:
    return {**caught.value.response["Error"], **caught.value.response}


def test_a_query_is_queued_then_runs_then_succeeds(bench: Bench) -> None:
    bench.control("POST", "/hold", {"state": "QUEUED"})
    identifier = bench.start("SELECT 1")
    assert bench.execution(identifier)["Status"]["State"] == "QUEUED"
    bench.control("POST", "/hold", {"state": "RUNNING"})
    assert "CompletionDateTime" not in bench.wait(identifier, "RUNNING")["Status"]
    with pytest.raises(ClientError, match="has not yet finished"):
        bench.athena.get_query_results(QueryExecutionId=identifier)
    bench.control("POST", "/hold", {"state": None})
    done = bench.wait(identifier)
    assert done["Status"]["State"] == "SUCCEEDED"
    assert done["Status"]["CompletionDateTime"] >= done["Status"]["SubmissionDateTime"]
    assert (done["StatementType"], done["SubstatementType"]) == ("DML", "SELECT")
    assert done["Statistics"]["TotalExecutionTimeInMillis"] >= done["Statistics"]["EngineExecutionTimeInMillis"]
    logged = [entry for entry in bench.log("athena:Execution") if entry["target"] == identifier]
    assert logged[0]["note"]["states"] == ["QUEUED", "RUNNING"]


def test_a_transient_error_may_send_a_query_back_into_the_queue(bench: Bench) -> None:
    bench.faults({"operation": "athena:Execution", "kind": "requeue", "times": 1})
    execution = bench.run("SELECT 1")
    assert execution["Status"]["State"] == "SUCCEEDED"
    logged = [entry for entry in bench.log("athena:Execution") if entry["target"] == execution["QueryExecutionId"]]
    assert logged[0]["note"]["states"] == ["QUEUED", "RUNNING", "QUEUED", "RUNNING"]


@pytest.mark.parametrize("state", ["QUEUED", "RUNNING"])
def test_a_query_can_be_stopped(bench: Bench, state: str) -> None:
    bench.control("POST", "/hold", {"state": state})
    identifier = bench.start("SELECT 1")
    bench.wait(identifier, state)
    bench.athena.stop_query_execution(QueryExecutionId=identifier)
    assert bench.wait(identifier)["Status"]["State"] == "CANCELLED"
    bench.control("POST", "/hold", {"state": None})
    bench.athena.stop_query_execution(QueryExecutionId=identifier)
    assert bench.execution(identifier)["Status"]["State"] == "CANCELLED"


NUMBERS = "UNNEST(sequence(1, 5000)) AS {}(x)"
SLOW = (f"SELECT count(*) FROM {NUMBERS.format('a')} CROSS JOIN {NUMBERS.format('b')} CROSS JOIN {NUMBERS.format('c')}"
        " WHERE a.x + b.x + c.x < 0")


def test_a_query_that_computes_is_interrupted(bench: Bench) -> None:
    identifier = bench.start(SLOW)
    bench.wait(identifier, "RUNNING")
    bench.athena.stop_query_execution(QueryExecutionId=identifier)
    assert bench.wait(identifier)["Status"]["State"] == "CANCELLED"


def test_a_query_that_takes_too_long_fails_with_a_timeout(bench: Bench) -> None:
    bench.control("POST", "/limits", {"dml_timeout_seconds": 0.5})
    status = bench.run(SLOW)["Status"]
    assert (status["State"], status["AthenaError"]["ErrorType"]) == ("FAILED", 206)


def test_the_same_token_is_the_same_query(bench: Bench) -> None:
    token = uuid.uuid4().hex
    first = bench.start("SELECT 1", ClientRequestToken=token)
    assert bench.start("SELECT 1", ClientRequestToken=token) == first
    with pytest.raises(ClientError, match="Idempotent parameters do not match"):
        bench.start("SELECT 2", ClientRequestToken=token)
    assert bench.start("SELECT 1", ClientRequestToken=uuid.uuid4().hex) != first


def test_a_short_token_is_refused(bench: Bench) -> None:
    with pytest.raises(ClientError, match="between 32 and 128"):
        bench.client("athena", parameter_validation=False).start_query_execution(
            QueryString="SELECT 1", ClientRequestToken="short", ResultConfiguration={"OutputLocation": bench.output})


def test_pages_hold_a_thousand_rows_and_the_first_begins_with_the_header(bench: Bench) -> None:
    execution = bench.run("SELECT x, 'v' AS v FROM UNNEST(sequence(1, 2500)) AS t(x) ORDER BY x")
    identifier, token, pages = execution["QueryExecutionId"], {}, []
    while True:
        page = bench.athena.get_query_results(QueryExecutionId=identifier, **token)
        pages.append([row["Data"][0]["VarCharValue"] for row in page["ResultSet"]["Rows"]])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert [len(page) for page in pages] == [1000, 1000, 501]
    assert pages[0][:2] == ["x", "1"] and pages[1][0] == "1000" and pages[2][-1] == "2500"
    assert len(bench.athena.get_query_results(QueryExecutionId=identifier, MaxResults=3)["ResultSet"]["Rows"]) == 3
    with pytest.raises(ClientError, match="MaxResults"):
        bench.client("athena", parameter_validation=False).get_query_results(QueryExecutionId=identifier,
                                                                             MaxResults=1001)


def test_null_is_an_absent_value_and_the_empty_string_is_not(bench: Bench, table: str) -> None:
    rows = bench.rows(f"SELECT note FROM {table} ORDER BY id")
    assert rows == [("plain",), ("",), (None,), ('say "hi", twice',), ("two\nlines",)]


def test_the_result_csv_quotes_everything_but_null(bench: Bench, table: str) -> None:
    execution = bench.run(f"SELECT id, note FROM {table} ORDER BY id")
    location = execution["ResultConfiguration"]["OutputLocation"]
    assert location == f"{bench.output}{execution['QueryExecutionId']}.csv"
    assert bench.object(location) == (b'"id","note"\n"1","plain"\n"2",""\n"3",\n"4","say ""hi"", twice"\n'
                                      b'"5","two\nlines"\n')


def test_a_metadata_object_lies_beside_the_csv(bench: Bench, table: str) -> None:
    execution = bench.run(f"SELECT id, CAST(1.5 AS decimal(10,2)) AS price FROM {table}")
    data = bench.object(execution["ResultConfiguration"]["OutputLocation"] + ".metadata")
    fields = read_protobuf(data)
    assert fields[0] == (1, execution["QueryExecutionId"].encode())
    columns = [dict(read_protobuf(value)) for number, value in fields if number == 4]
    assert [(column[4], column[6], column[7], column[8]) for column in columns] == [
        (b"id", b"bigint", 19, 0), (b"price", b"decimal", 10, 2)]


def read_protobuf(data: bytes) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            found.append((tag >> 3, varint()))
        else:
            length = varint()
            found.append((tag >> 3, data[at:at + length]))
            at += length
    return found


def test_columns_carry_athenas_types(bench: Bench) -> None:
    execution = bench.run("SELECT 1 AS i, CAST(1 AS bigint) AS l, 1.25 AS d, 1e0 AS f, CAST(1 AS real) AS r,"
                          " 'x' AS s, true AS b, DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 01:02:03.004' AS t,"
                          " ARRAY[1, 2] AS a, MAP(ARRAY['k'], ARRAY[1]) AS m,"
                          " CAST(ROW(1, 'x') AS ROW(n int, t varchar)) AS o, X'00ff' AS v, 1 + 1")
    found = bench.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]
    columns = [(info["Name"], info["Type"]) for info in found["ResultSetMetadata"]["ColumnInfo"]]
    assert columns == [("i", "integer"), ("l", "bigint"), ("d", "decimal"), ("f", "double"), ("r", "float"),
                       ("s", "varchar"), ("b", "boolean"), ("day", "date"), ("t", "timestamp"), ("a", "array"),
                       ("m", "map"), ("o", "row"), ("v", "varbinary"), ("_col13", "integer")]
    assert [cell["VarCharValue"] for cell in found["Rows"][1]["Data"]] == [
        "1", "1", "1.25", "1.0", "1.0", "x", "true", "2024-02-29", "2024-02-29 01:02:03.004", "[1, 2]", "{k=1}",
        "{n=1, t=x}", "00 ff", "2"]


def test_parameters_are_literals_in_the_order_of_the_question_marks(bench: Bench, table: str) -> None:
    sql = f"SELECT id FROM {table} WHERE id > ? AND note = ? -- and no ? here\n ORDER BY id"
    assert bench.rows(sql, ExecutionParameters=["1", "'say \"hi\", twice'"]) == [("4",)]
    with pytest.raises(ClientError, match="Incorrect number of parameters: expected 2 but found 1"):
        bench.start(sql, ExecutionParameters=["1"])
    with pytest.raises(ClientError, match="not a literal"):
        bench.start(sql, ExecutionParameters=["1", "'x') OR (1=1"])
    assert "ExecutionParameters" not in bench.run("SELECT ?", ExecutionParameters=["1"])


def test_prepared_statements_live_in_their_workgroup(bench: Bench, table: str) -> None:
    name = f"by_id_{uuid.uuid4().hex[:8]}"
    made = {"StatementName": name, "WorkGroup": "primary"}
    bench.athena.create_prepared_statement(**made, QueryStatement=f"SELECT note FROM {table} WHERE id = ?")
    assert bench.rows(f"EXECUTE {name} USING 2") == [("",)]
    assert bench.rows(f"EXECUTE {name}", ExecutionParameters=["1"]) == [("plain",)]
    with pytest.raises(ClientError, match="already exists"):
        bench.athena.create_prepared_statement(**made, QueryStatement="SELECT 1")
    bench.athena.update_prepared_statement(**made, QueryStatement="SELECT ? + 1")
    assert bench.rows(f"EXECUTE {name} USING 2") == [("3",)]
    assert bench.athena.get_prepared_statement(**made)["PreparedStatement"]["QueryStatement"] == "SELECT ? + 1"
    bench.athena.delete_prepared_statement(**made)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        bench.start(f"EXECUTE {name} USING 2")


def test_prepare_and_deallocate_by_sql(bench: Bench) -> None:
    bench.run("PREPARE plus_one FROM SELECT ? + 1 AS n")
    assert bench.rows("EXECUTE plus_one USING 41") == [("42",)]
    bench.run("DEALLOCATE PREPARE plus_one")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        bench.start("EXECUTE plus_one USING 41")


def test_an_enforcing_workgroup_decides_where_results_go(bench: Bench) -> None:
    name = f"forced-{uuid.uuid4().hex[:8]}"
    place = f"s3://{bench.results}/forced/"
    bench.athena.create_work_group(Name=name, Configuration={
        "EnforceWorkGroupConfiguration": True, "ResultConfiguration": {"OutputLocation": place}})
    execution = bench.run("SELECT 1", WorkGroup=name)
    assert execution["ResultConfiguration"]["OutputLocation"].startswith(place)
    bench.athena.update_work_group(WorkGroup=name, ConfigurationUpdates={"EnforceWorkGroupConfiguration": False})
    execution = bench.run("SELECT 1", WorkGroup=name)
    assert execution["ResultConfiguration"]["OutputLocation"].startswith(bench.output)
    assert bench.athena.list_query_executions(WorkGroup=name)["QueryExecutionIds"][0] == execution["QueryExecutionId"]
    bench.athena.update_work_group(WorkGroup=name, State="DISABLED")
    with pytest.raises(ClientError, match="disabled"):
        bench.start("SELECT 1", WorkGroup=name)
    bench.athena.delete_work_group(WorkGroup=name)
    with pytest.raises(ClientError, match="not found"):
        bench.athena.get_work_group(WorkGroup=name)


def test_a_query_without_an_output_location_is_refused(bench: Bench) -> None:
    with pytest.raises(ClientError, match="No output location provided"):
        bench.athena.start_query_execution(QueryString="SELECT 1")
    with pytest.raises(ClientError, match="Unable to verify/create output bucket"):
        bench.start("SELECT 1", ResultConfiguration={"OutputLocation": "s3://nobody-has-this-bucket/x/"})


def test_a_workgroup_with_managed_results_shows_them_through_the_api_only(bench: Bench) -> None:
    name = f"managed-{uuid.uuid4().hex[:8]}"
    bench.athena.create_work_group(Name=name, Configuration={"ManagedQueryResultsConfiguration": {"Enabled": True}})
    execution = bench.run("SELECT 7 AS n", WorkGroup=name, ResultConfiguration={})
    assert "OutputLocation" not in execution["ResultConfiguration"]
    rows = bench.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])["ResultSet"]["Rows"]
    assert rows[1]["Data"] == [{"VarCharValue": "7"}]


def test_a_scan_over_the_cutoff_is_cancelled_and_paid_for(bench: Bench) -> None:
    name = f"small-{uuid.uuid4().hex[:8]}"
    with pytest.raises(ClientError, match="at least 10000000"):
        bench.client("athena", parameter_validation=False).create_work_group(
            Name=name, Configuration={"BytesScannedCutoffPerQuery": 9_999_999})
    bench.athena.create_work_group(Name=name, Configuration={
        "EnforceWorkGroupConfiguration": False, "BytesScannedCutoffPerQuery": 10_000_000})
    table = bench.make_table({"x": "bigint", "y": "bigint"})
    numbers = pa.array(range(1_400_000), pa.int64())
    bench.put_parquet(f"{table}/big.parquet", pa.table({"x": numbers, "y": numbers}), compression="none")
    status = bench.run(f"SELECT sum(x + y) FROM {table}", WorkGroup=name)
    assert status["Status"]["State"] == "CANCELLED"
    assert "Bytes scanned limit was exceeded" in status["Status"]["StateChangeReason"]
    charged = next(entry for entry in bench.log("athena:Execution") if entry["target"] == status["QueryExecutionId"])
    assert charged["note"]["billed_bytes"] > 10_000_000
    assert bench.run(f"SELECT count(*) FROM {table}", WorkGroup=name)["Status"]["State"] == "SUCCEEDED"


def test_result_reuse_never_looks_at_the_data(bench: Bench) -> None:
    table = bench.make_table({"n": "bigint"})
    bench.put_parquet(f"{table}/1.parquet", pa.table({"n": [1]}))
    reuse = {"ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 10}}}
    sql = f"SELECT sum(n) AS s FROM {table}"
    first = bench.run(sql, **reuse)
    assert not first["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]
    bench.put_parquet(f"{table}/2.parquet", pa.table({"n": [41]}))
    second = bench.run(sql, **reuse)
    assert second["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]
    assert second["Statistics"]["DataScannedInBytes"] == 0
    assert bench.rows(sql, **reuse) == [("1",)]
    assert bench.rows(sql) == [("42",)]
    assert bench.rows(sql + " ", **reuse) == [("42",)]
    for changing in (f"SELECT n FROM {table} LIMIT 1", f"SELECT n, now() FROM {table}"):
        bench.run(changing, **reuse)
        again = bench.run(changing, **reuse)
        assert not again["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]


def test_an_old_result_is_not_reused(bench: Bench) -> None:
    reuse = {"ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": True, "MaxAgeInMinutes": 1}}}
    sql = f"SELECT '{uuid.uuid4()}' AS unique_text"
    bench.run(sql)
    bench.control("POST", "/clock", {"offset_seconds": 120})
    assert not bench.run(sql, **reuse)["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]
    assert bench.run(sql, **reuse)["Statistics"]["ResultReuseInformation"]["ReusedPreviousResult"]


def test_too_many_active_queries_are_refused(bench: Bench) -> None:
    bench.control("POST", "/hold", {"state": "QUEUED"})
    bench.control("POST", "/limits", {"active_queries": 2})
    waiting = [bench.start("SELECT 1"), bench.start("SELECT 2")]
    with pytest.raises(ClientError) as caught:
        bench.start("SELECT 3")
    assert error(caught)["Code"] == "TooManyRequestsException"
    assert error(caught)["Reason"] == "CONCURRENT_QUERY_LIMIT_EXCEEDED"
    assert error(caught)["ResponseMetadata"]["HTTPStatusCode"] == 400
    bench.control("POST", "/hold", {"state": None})
    assert [bench.wait(one)["Status"]["State"] for one in waiting] == ["SUCCEEDED"] * 2
    assert bench.run("SELECT 3")["Status"]["State"] == "SUCCEEDED"


def test_calls_above_their_rate_are_throttled(bench: Bench) -> None:
    bench.control("POST", "/limits", {"read_rate_per_second": 0.001, "read_burst": 2})
    identifier = bench.start("SELECT 1")
    bench.execution(identifier)
    bench.execution(identifier)
    with pytest.raises(ClientError, match="ThrottlingException"):
        bench.execution(identifier)


def test_many_executions_are_read_at_once(bench: Bench) -> None:
    known = [bench.run(f"SELECT {number}")["QueryExecutionId"] for number in range(3)]
    missing = str(uuid.uuid4())
    found = bench.athena.batch_get_query_execution(QueryExecutionIds=[*known, missing])
    assert [one["QueryExecutionId"] for one in found["QueryExecutions"]] == known
    assert [one["QueryExecutionId"] for one in found["UnprocessedQueryExecutionIds"]] == [missing]
    with pytest.raises(ClientError, match="between 1 and 50"):
        bench.client("athena", parameter_validation=False).batch_get_query_execution(
            QueryExecutionIds=[str(uuid.uuid4()) for _ in range(51)])


@pytest.mark.parametrize(("sql", "code", "kind"), [
    ("SELECT nothing FROM {table}", "COLUMN_NOT_FOUND", 1000), ("SELECT 1 FROM nowhere", "TABLE_NOT_FOUND", 1004),
    ("SELECT 1 FROM nobase.t", "SCHEMA_NOT_FOUND", 1004), ("SELECT id / 0 FROM {table}", "DIVISION_BY_ZERO", 1001),
    ("SELECT CAST(note AS bigint) FROM {table}", "INVALID_CAST_ARGUMENT", 1001),
    ("SELECT * FROM {table} WHERE id = '1'", "TYPE_MISMATCH", 1000)])
def test_errors_of_the_user_are_category_2_and_not_retryable(bench: Bench, table: str, sql: str, code: str,
                                                             kind: int) -> None:
    status = bench.run(sql.format(table=table))["Status"]
    assert status["State"] == "FAILED" and status["StateChangeReason"].startswith(code)
    told = status["AthenaError"]
    assert (told["ErrorCategory"], told["ErrorType"], told["Retryable"]) == (2, kind, False)


def test_errors_of_the_system_can_be_injected_with_their_category(bench: Bench) -> None:
    bench.faults({"operation": "athena:Execution", "kind": "fail", "category": 1, "type": 233, "retryable": True,
                  "message": "ICEBERG_COMMIT_ERROR: try again", "times": 1})
    status = bench.run("SELECT 1")["Status"]
    assert status["AthenaError"] == {"ErrorCategory": 1, "ErrorType": 233, "Retryable": True,
                                     "ErrorMessage": "ICEBERG_COMMIT_ERROR: try again"}
    assert bench.run("SELECT 1")["Status"]["State"] == "SUCCEEDED"


def test_text_that_is_not_sql_is_refused_at_once(bench: Bench) -> None:
    for text in ("SELEC 1", "SELECT FROM WHERE", "SELECT 1; SELECT 2"):
        with pytest.raises(ClientError) as caught:
            bench.start(text)
        assert error(caught)["Code"] == "InvalidRequestException"
        assert error(caught)["AthenaErrorCode"] == "MALFORMED_QUERY"


def test_a_text_of_more_than_262144_bytes_is_refused(bench: Bench) -> None:
    fitting = "SELECT '" + "ü" * 131_067 + "'"
    assert bench.run(fitting)["Status"]["State"] == "SUCCEEDED"
    with pytest.raises(ClientError, match="262144"):
        bench.client("athena", parameter_validation=False).start_query_execution(
            QueryString=fitting + " AS long_name", ResultConfiguration={"OutputLocation": bench.output})


def test_results_that_were_deleted_are_not_found(bench: Bench) -> None:
    execution = bench.run("SELECT 1")
    bucket, _, key = execution["ResultConfiguration"]["OutputLocation"].removeprefix("s3://").partition("/")
    bench.s3.delete_object(Bucket=bucket, Key=key)
    with pytest.raises(ClientError, match="Could not find results"):
        bench.athena.get_query_results(QueryExecutionId=execution["QueryExecutionId"])


def test_runtime_statistics_count_rows(bench: Bench, table: str) -> None:
    execution = bench.run(f"SELECT id FROM {table}")
    found = bench.athena.get_query_runtime_statistics(QueryExecutionId=execution["QueryExecutionId"])
    assert found["QueryRuntimeStatistics"]["Rows"]["OutputRows"] == 5


def test_a_query_can_be_kept_in_the_queue_while_others_pass(bench: Bench) -> None:
    bench.faults({"operation": "athena:Queue", "kind": "delay", "seconds": 0.3, "target": "kept"},
                 {"operation": "athena:Queue", "kind": "delay", "seconds": 60, "target": "stopped"})
    begun = time.monotonic()
    kept, stopped = bench.start("SELECT 'kept'"), bench.start("SELECT 'stopped'")
    assert bench.run("SELECT 1")["Status"]["State"] == "SUCCEEDED"
    assert bench.execution(kept)["Status"]["State"] == "QUEUED"
    assert bench.wait(kept)["Status"]["State"] == "SUCCEEDED"
    assert time.monotonic() - begun >= 0.3
    bench.athena.stop_query_execution(QueryExecutionId=stopped)
    assert bench.wait(stopped)["Status"]["State"] == "CANCELLED"
