"""`tokyo catalog`, and Athena behind `tokyo query`; boto3 changes things by hand and looks."""

import json
import uuid

import pytest

from moves import DATASET, Moves


@pytest.fixture
def moves(new_s3_tokyo) -> Moves:
    moves = Moves(new_s3_tokyo(), days=4, rows=20, rows_today=5)
    moves("export")
    return moves


def catalog(moves: Moves, command: str, *arguments, **options):
    return moves.tokyo.run("catalog", command, "--dataset", DATASET, *arguments, **options)


def check(moves: Moves) -> list[str]:
    """The kinds of what a check finds."""
    finished = catalog(moves, "check")
    report = finished.document
    assert finished.status == (1 if report["left"] else 0)
    assert report["found"] == report["left"]
    return [finding["finding"] for finding in report["found"]]


def test_a_fresh_export_has_a_clean_catalog(moves):
    assert check(moves) == []
    shown = catalog(moves, "check", json=False)
    assert shown.status == 0 and "as it should be" in shown.output


def test_what_was_changed_by_hand_is_found_and_repaired(moves):
    glue, database = moves.tokyo.laboratory.glue, moves.tokyo.database
    table = glue.get_table(DatabaseName=database, Name=DATASET)["Table"]
    changed = {key: table[key] for key in ("Name", "StorageDescriptor", "PartitionKeys", "TableType", "Parameters")}
    columns = changed["StorageDescriptor"]["Columns"]
    columns[0]["Type"] = "string"
    changed["StorageDescriptor"]["SerdeInfo"]["Parameters"]["parquet.column.index.access"] = "true"
    glue.update_table(DatabaseName=database, TableInput=changed)
    partitions = moves.tokyo.partitions(f"{DATASET}_versions")
    glue.delete_partition(
        DatabaseName=database, TableName=f"{DATASET}_versions", PartitionValues=partitions[0]["Values"])
    assert sorted(check(moves)) == ["missingPartition", "tableColumns", "tableProperties"]

    keys = moves.tokyo.keys()
    dry = catalog(moves, "repair", "--dry-run").document
    assert dry["dryRun"] is True and len(dry["found"]) == 3 and dry["left"] == []
    assert len(check(moves)) == 3
    repaired = catalog(moves, "repair")
    assert repaired.status == 0 and repaired.document["left"] == []
    assert check(moves) == []
    assert moves.tokyo.keys() == keys
    mended = glue.get_table(DatabaseName=database, Name=DATASET)["Table"]["StorageDescriptor"]
    assert mended["Columns"][0]["Type"] == "bigint"
    assert "parquet.column.index.access" not in mended["SerdeInfo"]["Parameters"]


def test_what_the_lake_has_lost_is_named_and_not_mended(moves):
    tokyo = moves.tokyo
    lost = next(key for key in tokyo.keys() if key.endswith(".parquet"))
    tokyo.laboratory.s3.delete_object(Bucket=tokyo.bucket, Key=lost)
    assert check(moves) == ["brokenVersion"]
    finished = catalog(moves, "repair")
    assert finished.status == 1 and finished.document["error"]["code"] == "verificationFailed"


def test_a_dropped_catalog_comes_back_and_the_data_never_went(moves):
    tokyo, keys = moves.tokyo, moves.tokyo.keys()
    assert catalog(moves, "drop", "--dry-run").document == {"dataset": DATASET, "dryRun": True}
    assert check(moves) == []
    assert catalog(moves, "drop").status == 0
    assert tokyo.laboratory.glue.get_tables(DatabaseName=tokyo.database)["TableList"] == []
    assert tokyo.keys() == keys
    assert check(moves) == ["missingTable", "missingTable"]
    assert catalog(moves, "repair").document["left"] == []
    assert check(moves) == [] and tokyo.keys() == keys


def test_what_a_killed_export_published_the_next_one_shows(new_s3_tokyo):
    moves = Moves(new_s3_tokyo(), days=3, rows=10, rows_today=1)
    moves.killed("after-publish", "export")
    assert moves.tokyo.partitions(DATASET) == []
    assert moves("export")["rows"] == 0
    assert len(moves.tokyo.partitions(DATASET)) == 3


# Athena


def test_queries_go_through_athena_where_a_workgroup_is_named(new_s3_tokyo):
    tokyo = new_s3_tokyo()
    moves = Moves(tokyo, days=10, rows=20, rows_today=5)
    moves("export")
    moves("retire", "--before", moves.today)
    workgroup, results = f"reports-{uuid.uuid4().hex}", f"results-{uuid.uuid4().hex}"
    tokyo("provision", "--results", f"s3://{results}", "--athena", workgroup)
    athena = tokyo.laboratory.client("athena")

    def queries() -> int:
        return len(athena.list_query_executions(WorkGroup=workgroup)["QueryExecutionIds"])

    question = json.dumps(moves.question)
    without = tokyo("query", "--query", "-", input=question)
    assert without["rows"] == moves.total and without["cost"]["dollars"] == 0 and queries() == 0
    answer = tokyo("query", "--query", "-", "--athena", workgroup, input=question)
    assert answer["rows"] == moves.total and answer["cost"]["dollars"] > 0 and queries() == 1
    by_variable = tokyo("query", "--query", "-", input=question, environment={"TOKYO_ATHENA_WORKGROUP": workgroup})
    assert by_variable["rows"] == moves.total and queries() == 2
    plan = tokyo("explain", "--query", "-", "--athena", workgroup, input=question)
    assert plan["cost"]["dollars"] > 0 and queries() == 2
    assert moves("verify", "--athena", workgroup)["clean"] is True


def test_athena_does_not_read_a_lake_in_a_folder(tokyo):
    moves = Moves(tokyo, days=2, rows=5, rows_today=1)
    question = json.dumps(moves.question)
    error = tokyo.fails("query", "--query", "-", "--athena", "reports", input=question)
    assert error["code"] == "unsupported" and "on S3 only" in error["message"]
    environment = {"TOKYO_ATHENA_WORKGROUP": "reports"}
    assert tokyo("query", "--query", "-", input=question, environment=environment)["rows"] == moves.total
