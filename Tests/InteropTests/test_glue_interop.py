"""A catalog of ours as boto3 sees it, and one that boto3 made as we see it, field by field."""

import json
import urllib.request
import uuid

import pytest

ROOT = "s3://lake/a lake/of ours/"
PACKAGE = "org.apache.hadoop.hive.ql.io.parquet"
COLUMNS = {
    "id": "bigint", "at": "timestamp", "flag": "boolean", "tiny": "tinyint", "small": "smallint",
    "middle": "int", "single": "float", "double": "double", "amount": "decimal(12,2)", "note": "string",
    "raw": "binary", "born": "date", "noon": "bigint", "local": "timestamp", "at__us": "bigint",
}  # fmt: skip
DAYS = ["year", "month", "day"]
KEYS = {"events": DAYS, "events_versions": [*DAYS, "lake_version"]}
ROLES = {"events": "current", "events_versions": "versions"}
# What Glue adds of itself.
SERVER = {
    "DatabaseName", "CreateTime", "UpdateTime", "CreatedBy", "IsRegisteredWithLakeFormation", "CatalogId",
    "VersionId", "CreationTime", "Retention", "LastAccessTime", "TableName",
}  # fmt: skip


def storage(location):
    return {
        "Columns": [{"Name": name, "Type": kind} for name, kind in COLUMNS.items()],
        "Location": location,
        "InputFormat": f"{PACKAGE}.MapredParquetInputFormat",
        "OutputFormat": f"{PACKAGE}.MapredParquetOutputFormat",
        "SerdeInfo": {
            "SerializationLibrary": f"{PACKAGE}.serde.ParquetHiveSerDe",
            "Parameters": {"serialization.format": "1"},
        },
    }


def table(name):
    return {
        "Name": name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {
            "EXTERNAL": "TRUE", "classification": "parquet", "partition_filtering.enabled": "true",
            "tokyodata.dataset": "events", "tokyodata.role": ROLES[name],
        },
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in KEYS[name]],
        "StorageDescriptor": storage(f"{ROOT}events/"),
    }  # fmt: skip


def partition(name, planned):
    values = planned["day"].split("-")
    return {
        "Values": values if name == "events" else [*values, planned["version"]],
        "StorageDescriptor": storage(f"{ROOT}{planned['location']}/"),
        "Parameters": {
            "tokyodata.lake_version": planned["version"],
            "tokyodata.schema_fingerprint": planned["fingerprint"],
        },
    }


def without_server(document):
    """What was set, at every depth; Glue answers fields that nobody set as empty ones or not at all."""
    if isinstance(document, dict):
        kept = {key: without_server(value) for key, value in document.items() if key not in SERVER}
        return {key: value for key, value in kept.items() if value not in ({}, [], "", None, False, 0, -1)}
    if isinstance(document, list):
        return [without_server(item) for item in document]
    return document


def partitions(laboratory, database, name):
    pages = laboratory.glue.get_paginator("get_partitions").paginate(DatabaseName=database, TableName=name)
    found = [item for page in pages for item in page["Partitions"]]
    return sorted(map(without_server, found), key=lambda item: item["Values"])


class Catalog:
    """Our program's, with one database and so many versions."""

    def __init__(self, laboratory, program, count):
        self.laboratory, self.program, self.count = laboratory, program, count
        self.database = f"interop_{uuid.uuid4().hex}"

    def run(self, step):
        words = ["catalog", step, self.database, "lake", self.count]
        return self.program.lines(self.laboratory.environment, *words)

    def make_by_boto3(self):
        glue, plan = self.laboratory.glue, self.run("plan")
        glue.create_database(DatabaseInput={"Name": self.database})
        for name in KEYS:
            index = {"Keys": DAYS, "IndexName": "by_day"}
            glue.create_table(DatabaseName=self.database, TableInput=table(name), PartitionIndexes=[index])
            for start in range(0, len(plan), 100):
                answer = glue.batch_create_partition(
                    DatabaseName=self.database, TableName=name,
                    PartitionInputList=[partition(name, planned) for planned in plan[start : start + 100]])
                assert not answer.get("Errors")


def log(laboratory):
    with urllib.request.urlopen(f"{laboratory.endpoint}/_laboratory/log") as answer:
        return json.load(answer)["entries"]


@pytest.fixture(params=[1, 120], ids=["one", "several batches"])
def catalog(request, laboratory, aws_fixtures):
    return Catalog(laboratory, aws_fixtures, request.param)


def test_boto3_reads_our_catalog(laboratory, catalog):
    catalog.run("sync")
    database = laboratory.glue.get_database(Name=catalog.database)["Database"]
    assert database["Name"] == catalog.database
    plan = catalog.run("plan")
    for name in KEYS:
        found = laboratory.glue.get_table(DatabaseName=catalog.database, Name=name)["Table"]
        assert without_server(found) == without_server(table(name))
        assert partitions(laboratory, catalog.database, name) == [partition(name, planned) for planned in plan]


def test_we_read_a_catalog_of_boto3s(laboratory, catalog):
    catalog.make_by_boto3()
    plan = catalog.run("plan")
    assert catalog.run("read") == [*plan, {"shown": [planned["version"] for planned in plan]}]


def test_we_find_nothing_to_change_in_a_catalog_of_boto3s(laboratory, catalog):
    catalog.make_by_boto3()
    before = log(laboratory)[-1]["number"]
    catalog.run("sync")
    asked = {entry["operation"] for entry in log(laboratory) if entry["number"] > before}
    assert asked, "nothing was asked"
    assert not {name for name in asked if not name.startswith(("glue:Get", "glue:BatchGet"))}


def test_what_boto3_spoiled_is_shown_as_it_should_be_again(laboratory, catalog):
    catalog.run("sync")
    glue, plan = laboratory.glue, catalog.run("plan")
    spoiled = partition("events", plan[0])
    spoiled["StorageDescriptor"]["Location"] = f"{ROOT}elsewhere/"
    glue.update_partition(
        DatabaseName=catalog.database, TableName="events", PartitionValueList=spoiled["Values"],
        PartitionInput=spoiled)
    if len(plan) > 1:
        glue.delete_partition(
            DatabaseName=catalog.database, TableName="events", PartitionValues=partition("events", plan[1])["Values"])
    catalog.run("sync")
    found = partitions(laboratory, catalog.database, "events")
    assert found == [partition("events", planned) for planned in plan]
