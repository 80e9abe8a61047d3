"""A small service: it files invoices in a lake and answers what a month brought in."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

COLUMNS = {"id": "bigint", "amount": "decimal(12,2)"}
PARQUET = "org.apache.hadoop.hive.ql.io.parquet"


class ReportFailed(Exception):
    """Athena could not answer; the reason is Athena's."""


@dataclass
class Revenue:
    """Clients come from outside, so that a test can point them at the laboratory."""

    s3: Any
    glue: Any
    athena: Any
    bucket: str
    database: str

    def create(self) -> None:
        """Make the table once."""
        self.glue.create_database(DatabaseInput={"Name": self.database})
        self.glue.create_table(DatabaseName=self.database, TableInput={
            "Name": "invoices", "TableType": "EXTERNAL_TABLE",
            "PartitionKeys": [{"Name": "day", "Type": "string"}],
            "StorageDescriptor": self._descriptor(f"s3://{self.bucket}/invoices/")})

    def file_day(self, day: str, invoices: list[tuple[int, Decimal]]) -> None:
        """Write one day and register it; a day that is already there is left alone."""
        table = pa.table({"id": pa.array([number for number, _ in invoices], pa.int64()),
                          "amount": pa.array([amount for _, amount in invoices], pa.decimal128(12, 2))})
        data = io.BytesIO()
        pq.write_table(table, data)
        self.s3.put_object(Bucket=self.bucket, Key=f"invoices/day={day}/part-00000.parquet", Body=data.getvalue(),
                           IfNoneMatch="*")
        self.glue.create_partition(DatabaseName=self.database, TableName="invoices", PartitionInput={
            "Values": [day], "StorageDescriptor": self._descriptor(f"s3://{self.bucket}/invoices/day={day}/")})

    def of_month(self, month: str) -> Decimal | None:
        """The sum of a month; None when there were no invoices."""
        started = self.athena.start_query_execution(
            QueryString="SELECT sum(amount) FROM invoices WHERE day LIKE ?", ExecutionParameters=[f"'{month}-%'"],
            QueryExecutionContext={"Database": self.database},
            ResultConfiguration={"OutputLocation": f"s3://{self.bucket}/results/"})
        identifier = started["QueryExecutionId"]
        while (status := self._status(identifier))["State"] in ("QUEUED", "RUNNING"):
            time.sleep(0.05)
        if status["State"] != "SUCCEEDED":
            raise ReportFailed(status.get("StateChangeReason", status["State"]))
        rows = self.athena.get_query_results(QueryExecutionId=identifier)["ResultSet"]["Rows"]
        value = rows[1]["Data"][0].get("VarCharValue")
        return None if value is None else Decimal(value)

    def _status(self, identifier: str) -> dict[str, Any]:
        return dict(self.athena.get_query_execution(QueryExecutionId=identifier)["QueryExecution"]["Status"])

    def _descriptor(self, location: str) -> dict[str, Any]:
        return {"Columns": [{"Name": name, "Type": kind} for name, kind in COLUMNS.items()], "Location": location,
                "InputFormat": f"{PARQUET}.MapredParquetInputFormat",
                "OutputFormat": f"{PARQUET}.MapredParquetOutputFormat",
                "SerdeInfo": {"SerializationLibrary": f"{PARQUET}.serde.ParquetHiveSerDe"}}
