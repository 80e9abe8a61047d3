"""What the tests work with: clients, a bucket, a database, and short ways to ask."""

from __future__ import annotations

import io
import subprocess
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import requests
from botocore.config import Config

Document = dict[str, Any]
PARQUET = "org.apache.hadoop.hive.ql.io.parquet"
START = Path(__file__).parents[1] / "start"
ENDED = ("SUCCEEDED", "FAILED", "CANCELLED")


def start_laboratory(folder: Path) -> tuple[subprocess.Popen[bytes], dict[str, str], float]:
    """Start one; its process, what its ready file says, and how long that took."""
    ready = folder / "ready"
    begun = time.monotonic()
    process = subprocess.Popen([str(START), str(ready)])
    while not ready.exists():
        if process.poll() is not None or time.monotonic() - begun > 60:
            raise RuntimeError("the laboratory does not start")
        time.sleep(0.02)
    took = time.monotonic() - begun
    return process, dict(line.split("=", 1) for line in ready.read_text().splitlines()), took


class Bench:
    """One run's own corner of a laboratory."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.endpoint = settings["TOKYO_TEST_AWS_ENDPOINT_URL"]
        self.access_key_id = settings["TOKYO_TEST_AWS_ACCESS_KEY_ID"]
        self.secret = settings["TOKYO_TEST_AWS_SECRET_ACCESS_KEY"]
        self.region = settings["TOKYO_TEST_AWS_REGION"]
        self.session = boto3.Session(self.access_key_id, self.secret, region_name=self.region)
        self.s3, self.glue, self.athena = (self.client(name) for name in ("s3", "glue", "athena"))
        unique = uuid.uuid4().hex[:10]
        self.bucket, self.results, self.database = f"lake-{unique}", f"results-{unique}", f"db_{unique}"
        for name in (self.bucket, self.results):
            self.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": self.region})
        self.glue.create_database(DatabaseInput={"Name": self.database})
        self.output = f"s3://{self.results}/out/"

    def client(self, service: str, **config: Any) -> Any:
        """A boto3 client without retries: tests want to see every answer."""
        options = {"retries": {"max_attempts": 0}, "signature_version": "s3v4" if service == "s3" else "v4",
                   **config}
        return self.session.client(service, endpoint_url=self.endpoint, config=Config(**options))

    def control(self, method: str, path: str, document: Document | None = None) -> Document:
        """The laboratory's own endpoint."""
        answer = requests.request(method, f"{self.endpoint}/_laboratory{path}", json=document, timeout=30)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def faults(self, *rules: Document, seed: int = 1) -> None:
        """Put rules in force."""
        self.control("POST", "/faults", {"seed": seed, "rules": list(rules)})

    def log(self, operation: str | None = None, since: int = 0) -> list[Document]:
        """The request log."""
        extra = f"&operation={operation}" if operation else ""
        return list(self.control("GET", f"/log?since={since}{extra}")["entries"])

    def put_parquet(self, key: str, table: pa.Table, **options: Any) -> int:
        """Write a file as pyarrow does; its size."""
        data = io.BytesIO()
        writing = {name: options.pop(name) for name in ("row_group_size", "compression") if name in options}
        pq.write_table(table, data, **writing)
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=data.getvalue(), **options)
        return len(data.getvalue())

    def put_many(self, objects: dict[str, bytes]) -> None:
        """Many small objects, several at a time."""
        def put(item: tuple[str, bytes]) -> None:
            self.s3.put_object(Bucket=self.bucket, Key=item[0], Body=item[1])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(put, objects.items()))

    def make_table(self, columns: dict[str, str], keys: dict[str, str] | None = None, name: str = "",
                   location: str = "") -> str:
        """Register a Parquet table; its name, which is also its folder."""
        name = name or f"t_{uuid.uuid4().hex[:10]}"
        self.glue.create_table(DatabaseName=self.database, TableInput=self.table_input(name, columns, keys, location))
        return name

    def table_input(self, name: str, columns: dict[str, str], keys: dict[str, str] | None = None,
                    location: str = "") -> Document:
        """The description of a Parquet table."""
        return {"Name": name, "TableType": "EXTERNAL_TABLE", "Parameters": {"classification": "parquet"},
                "PartitionKeys": [{"Name": key, "Type": kind} for key, kind in (keys or {}).items()],
                "StorageDescriptor": self.descriptor(columns, location or f"s3://{self.bucket}/{name}/")}

    def descriptor(self, columns: dict[str, str], location: str) -> Document:
        """Where files are and what they hold."""
        return {"Columns": [{"Name": column, "Type": kind} for column, kind in columns.items()],
                "Location": location, "InputFormat": f"{PARQUET}.MapredParquetInputFormat",
                "OutputFormat": f"{PARQUET}.MapredParquetOutputFormat",
                "SerdeInfo": {"SerializationLibrary": f"{PARQUET}.serde.ParquetHiveSerDe"}}

    def add_partition(self, table: str, columns: dict[str, str], values: list[str], location: str) -> None:
        """Register one partition."""
        self.glue.create_partition(DatabaseName=self.database, TableName=table, PartitionInput={
            "Values": values, "StorageDescriptor": self.descriptor(columns, location)})

    def start(self, sql: str, **options: Any) -> str:
        """Start a query; its id."""
        options.setdefault("ResultConfiguration", {"OutputLocation": self.output})
        return str(self.athena.start_query_execution(
            QueryString=sql, QueryExecutionContext={"Database": self.database}, **options)["QueryExecutionId"])

    def execution(self, identifier: str) -> Document:
        """The execution as it is now."""
        return dict(self.athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"])

    def wait(self, identifier: str, *states: str) -> Document:
        """The execution once it is in one of the states; at its end unless told."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            execution = self.execution(identifier)
            if execution["Status"]["State"] in (states or ENDED):
                return execution
        raise AssertionError(f"still {execution['Status']['State']}")

    def run(self, sql: str, **options: Any) -> Document:
        """Run a query to its end."""
        return self.wait(self.start(sql, **options))

    def rows(self, sql: str, **options: Any) -> list[tuple[str | None, ...]]:
        """The rows of a query that succeeds, as texts; NULL is None."""
        execution = self.run(sql, **options)
        assert execution["Status"]["State"] == "SUCCEEDED", execution["Status"]
        found: list[tuple[str | None, ...]] = []
        pages = self.athena.get_paginator("get_query_results").paginate(
            QueryExecutionId=execution["QueryExecutionId"])
        for page in pages:
            found += [tuple(cell.get("VarCharValue") for cell in row["Data"]) for row in page["ResultSet"]["Rows"]]
        return found[1:]

    def value(self, expression: str) -> str | None:
        """The text of one expression."""
        return self.rows(f"SELECT {expression}")[0][0]

    def failure(self, sql: str, **options: Any) -> str:
        """Why a query fails."""
        execution = self.run(sql, **options)
        assert execution["Status"]["State"] == "FAILED", execution["Status"]
        return str(execution["Status"]["StateChangeReason"])

    def object(self, uri: str) -> bytes:
        """An object by its URI."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return bytes(self.s3.get_object(Bucket=bucket, Key=key)["Body"].read())
