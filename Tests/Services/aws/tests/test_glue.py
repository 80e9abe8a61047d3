"""Glue's checks that moto leaves out: compare-and-swap, quotas, batches, pages, names."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from bench import Bench
from botocore.exceptions import ClientError

COLUMNS = {"id": "bigint"}


def update(bench: Bench, table: str, **options: Any) -> None:
    bench.glue.update_table(DatabaseName=bench.database, TableInput=bench.table_input(table, COLUMNS), **options)


def version(bench: Bench, table: str) -> str:
    return str(bench.glue.get_table(DatabaseName=bench.database, Name=table)["Table"]["VersionId"])


def test_update_table_with_an_old_version_is_refused(bench: Bench) -> None:
    table = bench.make_table(COLUMNS)
    read = version(bench, table)
    update(bench, table, VersionId=read)
    with pytest.raises(ClientError) as caught:
        update(bench, table, VersionId=read)
    assert caught.value.response["Error"]["Code"] == "ConcurrentModificationException"
    update(bench, table, VersionId=version(bench, table))
    update(bench, table)


def test_of_many_that_compare_and_swap_at_once_exactly_one_wins(bench: Bench) -> None:
    table = bench.make_table(COLUMNS)
    for _ in range(5):
        read, outcomes = version(bench, table), []
        gate = threading.Barrier(8)

        def attempt() -> None:
            gate.wait()
            try:
                update(bench, table, VersionId=read)
                outcomes.append("won")
            except ClientError as error:
                outcomes.append(error.response["Error"]["Code"])

        threads = [threading.Thread(target=attempt) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes) == ["ConcurrentModificationException"] * 7 + ["won"]


def test_versions_are_kept_unless_the_archive_is_skipped(bench: Bench) -> None:
    table = bench.make_table(COLUMNS)
    update(bench, table)
    update(bench, table, SkipArchive=True)
    found = bench.glue.get_table_versions(DatabaseName=bench.database, TableName=table)["TableVersions"]
    assert sorted(one["VersionId"] for one in found) == ["1", "3"]


def test_the_quota_of_table_versions_ends_updates(bench: Bench) -> None:
    table = bench.make_table(COLUMNS)
    bench.control("POST", "/limits", {"table_versions": 3})
    update(bench, table)
    update(bench, table)
    with pytest.raises(ClientError, match="ResourceNumberLimitExceededException"):
        update(bench, table)
    update(bench, table, SkipArchive=True)
    found = bench.glue.batch_delete_table_version(DatabaseName=bench.database, TableName=table,
                                                  VersionIds=["1", "77", version(bench, table)])
    codes = {one["VersionId"]: one["ErrorDetail"]["ErrorCode"] for one in found["Errors"]}
    assert codes == {"77": "EntityNotFoundException", version(bench, table): "InvalidInputException"}
    update(bench, table)


def entry(bench: Bench, value: str) -> dict[str, Any]:
    return {"Values": [value], "StorageDescriptor": bench.descriptor(COLUMNS, f"s3://{bench.bucket}/p/{value}/")}


def test_a_batch_creates_what_it_can_and_names_what_it_cannot(bench: Bench) -> None:
    table = bench.make_table(COLUMNS, {"day": "string"})
    call = {"DatabaseName": bench.database, "TableName": table}
    assert not bench.glue.batch_create_partition(**call, PartitionInputList=[entry(bench, "1")]).get("Errors")
    found = bench.glue.batch_create_partition(**call, PartitionInputList=[entry(bench, "1"), entry(bench, "2")])
    assert [(one["PartitionValues"], one["ErrorDetail"]["ErrorCode"]) for one in found["Errors"]] == [
        (["1"], "AlreadyExistsException")]
    changed = bench.glue.batch_update_partition(**call, Entries=[
        {"PartitionValueList": [value], "PartitionInput": entry(bench, value)} for value in ("2", "3")])
    assert [one["PartitionValueList"] for one in changed["Errors"]] == [["3"]]
    dropped = bench.glue.batch_delete_partition(**call, PartitionsToDelete=[{"Values": ["2"]}, {"Values": ["9"]}])
    assert [one["PartitionValues"] for one in dropped["Errors"]] == [["9"]]
    left = bench.glue.get_partitions(**call)["Partitions"]
    assert [one["Values"] for one in left] == [["1"]]


@pytest.mark.parametrize(("operation", "member", "most"), [
    ("batch_create_partition", "PartitionInputList", 100), ("batch_delete_partition", "PartitionsToDelete", 25),
    ("batch_get_partition", "PartitionsToGet", 1000)])
def test_batches_have_their_limits(bench: Bench, operation: str, member: str, most: int) -> None:
    table = bench.make_table(COLUMNS, {"day": "string"})
    glue = bench.client("glue", parameter_validation=False)
    items = [{"Values": [str(number)]} for number in range(most + 1)]
    call = {"DatabaseName": bench.database, "TableName": table}
    with pytest.raises(ClientError, match="ValidationException"):
        getattr(glue, operation)(**call, **{member: items})
    getattr(glue, operation)(**call, **{member: items[:most]})


def test_partitions_come_in_pages_and_by_expression(bench: Bench) -> None:
    table = bench.make_table(COLUMNS, {"day": "string"})
    call = {"DatabaseName": bench.database, "TableName": table}
    for start in range(0, 1100, 100):
        bench.glue.batch_create_partition(**call, PartitionInputList=[
            entry(bench, f"{number:04}") for number in range(start, start + 100)])
    first = bench.glue.get_partitions(**call)
    assert len(first["Partitions"]) == 1000 and first["NextToken"]
    pages = bench.glue.get_paginator("get_partitions").paginate(**call, ExcludeColumnSchema=True)
    found = [part for page in pages for part in page["Partitions"]]
    assert [part["Values"][0] for part in found] == [f"{number:04}" for number in range(1100)]
    assert "Columns" not in found[0]["StorageDescriptor"]
    some = bench.glue.get_partitions(**call, Expression="day >= '1090' AND day < '1093'")["Partitions"]
    assert [part["Values"][0] for part in some] == ["1090", "1091", "1092"]
    parts = [bench.glue.get_partitions(**call, Segment={"SegmentNumber": number, "TotalSegments": 3}, MaxResults=1000)
             for number in range(3)]
    assert sum(len(one["Partitions"]) for one in parts) == 1100


def test_names_are_folded_to_lower_case(bench: Bench) -> None:
    name = f"Mixed_{uuid.uuid4().hex[:8]}"
    bench.glue.create_table(DatabaseName=bench.database.upper(), TableInput=bench.table_input(name, {"Id": "bigint"}))
    found = bench.glue.get_table(DatabaseName=bench.database, Name=name.upper())["Table"]
    assert (found["Name"], found["StorageDescriptor"]["Columns"][0]["Name"]) == (name.lower(), "id")
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        bench.glue.create_table(DatabaseName=bench.database, TableInput=bench.table_input(name.lower(), COLUMNS))


def test_a_partition_can_be_moved_to_another_place(bench: Bench) -> None:
    table = bench.make_table(COLUMNS, {"day": "string"})
    bench.add_partition(table, COLUMNS, ["1"], f"s3://{bench.bucket}/{table}/old/")
    bench.glue.update_partition(DatabaseName=bench.database, TableName=table, PartitionValueList=["1"],
                                PartitionInput=entry(bench, "1"))
    found = bench.glue.get_partition(DatabaseName=bench.database, TableName=table, PartitionValues=["1"])["Partition"]
    assert found["StorageDescriptor"]["Location"].endswith("/p/1/")
