"""Glue's Data Catalog: moto's, with the checks that moto leaves out."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from ..errors import ServiceError
from ..front.body import Body
from ..front.message import Request, Response
from ..front.operations import Operation, json_body
from ..moto_backend import MotoBackend
from ..settings import Limits

Document = dict[str, Any]
NAMES = ("Name", "DatabaseName", "TableName")
BATCHES = {
    "BatchCreatePartition": ("PartitionInputList", 100), "BatchUpdatePartition": ("Entries", 100),
    "BatchDeletePartition": ("PartitionsToDelete", 25), "BatchGetPartition": ("PartitionsToGet", 1000),
    "BatchDeleteTable": ("TablesToDelete", 100), "BatchDeleteTableVersion": ("VersionIds", 100),
}
PAGED = {"GetPartitions": ("Partitions", 1000), "GetTables": ("TableList", 100),
         "GetDatabases": ("DatabaseList", 100), "GetTableVersions": ("TableVersions", 100)}


class GlueService:
    """Compare-and-swap, the version quota, batch limits, pages and lower-case names in front of moto."""

    def __init__(self, limits: Limits, moto: MotoBackend) -> None:
        self._limits = limits
        self._moto = moto
        self._special: dict[str, Callable[[Request, Document], Response]] = {
            "UpdateTable": self._update_table, "CreateTable": self._create_table,
            "BatchDeletePartition": self._delete_partitions, "BatchUpdatePartition": self._update_partitions,
            "BatchDeleteTableVersion": self._delete_versions, "DeleteTableVersion": self._delete_version,
        }

    def handle(self, operation: Operation, request: Request) -> Response:
        """One answer."""
        try:
            document = json_body(request)
        except ValueError:
            raise ServiceError("SerializationException", "The document cannot be read.") from None
        _fold_names(document)
        _check_batch(operation.name, document)
        special = self._special.get(operation.name)
        if special:
            return special(request, document)
        if operation.name in PAGED:
            return self._paged(operation.name, request, document)
        return self._forward(request, document)

    def _forward(self, request: Request, document: Document) -> Response:
        data = json.dumps(document).encode()
        return self._moto.call("glue", Request(request.method, request.target, request.headers,
                                               Body(len(data), data)))

    def _paged(self, name: str, request: Request, document: Document) -> Response:
        member, most = PAGED[name]
        limit = document.pop("MaxResults", most)
        token = document.pop("NextToken", None)
        if not 1 <= limit <= most:
            raise ServiceError("InvalidInputException", f"MaxResults must be between 1 and {most}")
        if len(document.get("Expression") or "") > 2048:
            raise ServiceError("InvalidInputException", "Expression is longer than 2048 characters")
        segment = document.pop("Segment", None)
        bare = document.pop("ExcludeColumnSchema", False)
        answer = self._forward(request, document)
        if answer.status != 200 or not isinstance(answer.body, bytes):
            return answer
        found = json.loads(answer.body)
        items = found.get(member, [])
        if segment:
            items = items[segment["SegmentNumber"]::segment["TotalSegments"]]
        start = _offset(token)
        found[member] = items[start:start + limit]
        if bare:
            for item in found[member]:
                item.get("StorageDescriptor", {}).pop("Columns", None)
        if start + limit < len(items):
            found["NextToken"] = base64.b64encode(str(start + limit).encode()).decode()
        answer.body = json.dumps(found).encode()
        return answer

    def _create_table(self, request: Request, document: Document) -> Response:
        table = document.get("TableInput") or {}
        location = (table.get("StorageDescriptor") or {}).get("Location") or ""
        if not 1 <= len(table.get("Name", "")) <= 255 or len(location) > 2056:
            raise ServiceError("InvalidInputException", "A name or location is too long or missing")
        return self._forward(request, document)

    def _update_table(self, request: Request, document: Document) -> Response:
        """With `VersionId`, a compare-and-swap: whoever read an older version loses."""
        name = document["TableInput"]["Name"]
        with self._moto.lock("glue"):
            table = self._table(document["DatabaseName"], name)
            current = str(table._current_version)
            expected = document.pop("VersionId", None)
            if expected is not None and str(expected) != current:
                raise ServiceError("ConcurrentModificationException",
                                   f"Update table failed due to concurrent modifications: {name}")
            skip_archive = bool(document.pop("SkipArchive", False))
            if not skip_archive and len(table.versions) >= self._limits.table_versions:
                raise ServiceError("ResourceNumberLimitExceededException",
                                   "Number of TABLE_VERSION exceeds the account or resource limit")
            answer = self._forward(request, document)
            if skip_archive and answer.status == 200:
                table.versions.pop(current, None)
            return answer

    def _delete_version(self, request: Request, document: Document) -> Response:
        with self._moto.lock("glue"):
            table = self._table(document["DatabaseName"], document["TableName"])
            self._check_version(table, str(document["VersionId"]))
            return self._forward(request, document)

    def _delete_versions(self, request: Request, document: Document) -> Response:
        errors = []
        with self._moto.lock("glue"):
            table = self._table(document["DatabaseName"], document["TableName"])
            for version in document["VersionIds"]:
                try:
                    self._check_version(table, str(version))
                    table.delete_version(str(version))
                except ServiceError as error:
                    errors.append({"TableName": document["TableName"], "VersionId": version,
                                   "ErrorDetail": {"ErrorCode": error.code, "ErrorMessage": error.message}})
        return _json({"Errors": errors})

    def _update_partitions(self, request: Request, document: Document) -> Response:
        """Each entry by itself: some may fail while others have happened, with a status of 200."""
        errors = []
        with self._moto.lock("glue"):
            table = self._table(document["DatabaseName"], document["TableName"])
            for entry in document["Entries"]:
                key = str(entry["PartitionValueList"])
                if key not in table.partitions:
                    errors.append({"PartitionValueList": entry["PartitionValueList"], "ErrorDetail": {
                        "ErrorCode": "EntityNotFoundException", "ErrorMessage": "Partition not found."}})
                else:
                    table.update_partition(entry["PartitionValueList"], entry["PartitionInput"])
        return _json({"Errors": errors} if errors else {})

    def _delete_partitions(self, request: Request, document: Document) -> Response:
        errors = []
        with self._moto.lock("glue"):
            table = self._table(document["DatabaseName"], document["TableName"])
            for values in (entry["Values"] for entry in document["PartitionsToDelete"]):
                if table.partitions.pop(str(values), None) is None:
                    errors.append({"PartitionValues": values, "ErrorDetail": {
                        "ErrorCode": "EntityNotFoundException", "ErrorMessage": "Partition not found."}})
        return _json({"Errors": errors} if errors else {})

    def _table(self, database: str, name: str) -> Any:
        found = self._moto.glue().databases.get(database)
        table = found.tables.get(name) if found else None
        if table is None:
            raise ServiceError("EntityNotFoundException", f"Table {name} not found.")
        return table

    def _check_version(self, table: Any, version: str) -> None:
        if version not in table.versions:
            raise ServiceError("EntityNotFoundException", f"Version {version} not found.")
        if version == str(table._current_version):
            raise ServiceError("InvalidInputException", "The current version cannot be deleted.")


def _fold_names(document: Document) -> None:
    """Glue folds the names of databases, tables and columns to lower case."""
    for holder in (document, document.get("TableInput"), document.get("DatabaseInput")):
        for name in NAMES:
            if isinstance(holder, dict) and isinstance(holder.get(name), str):
                holder[name] = holder[name].lower()
    table = document.get("TableInput") or {}
    descriptor = table.get("StorageDescriptor") or {}
    for column in [*(descriptor.get("Columns") or []), *(table.get("PartitionKeys") or [])]:
        column["Name"] = column["Name"].lower()


def _check_batch(name: str, document: Document) -> None:
    member, most = BATCHES.get(name, (None, 0))
    if member is None:
        return
    count = len(document.get(member) or [])
    if not 1 <= count <= most:
        raise ServiceError("ValidationException", f"1 validation error detected: Value at '{member}' failed to "
                           f"satisfy constraint: Member must have length between 1 and {most}")


def _offset(token: str | None) -> int:
    try:
        return int(base64.b64decode(token)) if token else 0
    except ValueError:
        raise ServiceError("InvalidInputException", "NextToken is not valid") from None


def _json(document: Document) -> Response:
    return Response(200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(document).encode())
