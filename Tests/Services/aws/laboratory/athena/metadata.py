"""Athena's view of the catalogue: databases and tables through its own operations."""

from __future__ import annotations

import re
from typing import Any

from ..errors import ServiceError
from .catalog import Catalog

Document = dict[str, Any]


class Metadata:
    """`GetDatabase`, `ListDatabases`, `GetTableMetadata`, `ListTableMetadata` and the one data catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def get_database(self, document: Document) -> Document:
        """`GetDatabase`."""
        name = document["DatabaseName"].lower()
        self._require(name)
        return {"Database": {"Name": name}}

    def list_databases(self, document: Document) -> Document:
        """`ListDatabases`, in one page."""
        return {"DatabaseList": [{"Name": name} for name in self._catalog.databases()]}

    def get_table(self, document: Document) -> Document:
        """`GetTableMetadata`."""
        database, name = document["DatabaseName"].lower(), document["TableName"].lower()
        self._require(database)
        for table in self._catalog.raw_tables(database):
            if table["Name"] == name:
                return {"TableMetadata": _table(table)}
        raise ServiceError("MetadataException", f"EntityNotFoundException: Table {name} not found.")

    def list_tables(self, document: Document) -> Document:
        """`ListTableMetadata`, in one page."""
        database = document["DatabaseName"].lower()
        self._require(database)
        pattern = re.compile(document.get("Expression") or ".*")
        return {"TableMetadataList": [_table(table) for table in self._catalog.raw_tables(database)
                                      if pattern.fullmatch(table["Name"])]}

    def get_data_catalog(self, document: Document) -> Document:
        """`GetDataCatalog`."""
        if document["Name"].lower() != "awsdatacatalog":
            raise ServiceError("InvalidRequestException", f"Catalog {document['Name']} does not exist")
        return {"DataCatalog": {"Name": "AwsDataCatalog", "Type": "GLUE"}}

    def list_data_catalogs(self, document: Document) -> Document:
        """`ListDataCatalogs`."""
        return {"DataCatalogsSummary": [{"CatalogName": "AwsDataCatalog", "Type": "GLUE"}]}

    def _require(self, database: str) -> None:
        if not self._catalog.has_database(database):
            raise ServiceError("MetadataException", f"EntityNotFoundException: Database {database} not found.")


def _table(table: Document) -> Document:
    def columns(listed: list[Document] | None) -> list[Document]:
        return [{key: column[key] for key in ("Name", "Type", "Comment") if key in column}
                for column in listed or []]

    descriptor = table.get("StorageDescriptor") or {}
    parameters = {**(table.get("Parameters") or {}), "location": descriptor.get("Location", "")}
    return {"Name": table["Name"], "TableType": table.get("TableType", "EXTERNAL_TABLE"),
            "CreateTime": table["CreateTime"].timestamp(), "Columns": columns(descriptor.get("Columns")),
            "PartitionKeys": columns(table.get("PartitionKeys")), "Parameters": parameters}
