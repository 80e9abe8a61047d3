"""Statements that change or show the catalogue."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from sqlglot import exp

from ..errors import ServiceError
from ..s3.objects import ObjectStore
from .catalog import Catalog
from .failures import QueryFailed, not_imitated
from .results import Columns
from .scan import split_location
from .statements import Statement
from .types import parse_type

_PARTITION = re.compile(r"PARTITION\s*\(([^)]*)\)(?:\s*LOCATION\s*'([^']*)')?", re.I)


def parquet_table(name: str, columns: Columns, keys: Columns, location: str) -> dict[str, Any]:
    """A `TableInput` for Parquet files."""
    formats = "org.apache.hadoop.hive.ql.io.parquet"
    return {
        "Name": name, "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "classification": "parquet"},
        "PartitionKeys": [{"Name": key, "Type": kind.glue()} for key, kind in keys],
        "StorageDescriptor": {
            "Columns": [{"Name": column, "Type": kind.glue()} for column, kind in columns], "Location": location,
            "InputFormat": f"{formats}.MapredParquetInputFormat",
            "OutputFormat": f"{formats}.MapredParquetOutputFormat",
            "SerdeInfo": {"SerializationLibrary": f"{formats}.serde.ParquetHiveSerDe"}}}


class Definitions:
    """Carries out DDL and utility statements. Every method gives the lines of its result."""

    def __init__(self, catalog: Catalog, store: ObjectStore) -> None:
        self._catalog = catalog
        self._store = store
        self._handlers: dict[str, Callable[[Statement, str], list[str]]] = {
            "CREATE_SCHEMA": self._create_database, "CREATE_DATABASE": self._create_database,
            "CREATE_TABLE": self._create_table, "CREATE_VIEW": self._create_view,
            "DROP_SCHEMA": self._drop_database, "DROP_DATABASE": self._drop_database,
            "DROP_TABLE": self._drop_table, "DROP_VIEW": self._drop_table, "ALTER_TABLE": self._alter_table,
            "MSCK_REPAIR": self._repair, "SHOW_TABLES": self._show_tables, "SHOW_DATABASES": self._show_databases,
            "SHOW_SCHEMAS": self._show_databases, "SHOW_PARTITIONS": self._show_partitions,
            "DESCRIBE_TABLE": self._describe}

    def carry_out(self, statement: Statement, database: str) -> list[str]:
        """The lines that the statement shows."""
        handler = self._handlers.get(statement.substatement)
        if handler is None:
            raise not_imitated(statement.substatement.replace("_", " "))
        with self._catalog.lock():
            try:
                return handler(statement, database)
            except ServiceError as error:
                raise QueryFailed(f"FAILED: {error.message}", type=1003) from None

    def add_table(self, database: str, table: dict[str, Any]) -> None:
        """Create a table for `CREATE TABLE AS`."""
        with self._catalog.lock():
            self._require_absent(database, table["Name"])
            self._catalog.backend().create_table(database, table["Name"], table)

    def add_partition(self, database: str, table: str, values: list[str], location: str) -> None:
        """Register a partition unless it is there."""
        with self._catalog.lock():
            raw = self._catalog.backend().databases[database].tables[table]
            if str(values) not in raw.partitions:
                descriptor = dict(raw.as_dict().get("StorageDescriptor") or {}, Location=location)
                raw.create_partition({"Values": values, "StorageDescriptor": descriptor})

    def _create_database(self, statement: Statement, _: str) -> list[str]:
        name = statement.target[1]
        if self._catalog.has_database(name):
            if statement.if_exists:
                return []
            raise QueryFailed(f"FAILED: Database {name} already exists", type=1003)
        self._catalog.backend().create_database(name, {"Name": name})
        return []

    def _create_table(self, statement: Statement, database: str) -> list[str]:
        holder, name = statement.target[0] or database, statement.target[1]
        if statement.if_exists and self._catalog.has_table(holder, name):
            return []
        self._require_absent(holder, name)
        tree = statement.tree
        location = tree.find(exp.LocationProperty) if tree else None
        partitioned = tree.find(exp.PartitionedByProperty) if tree else None
        if tree is None or location is None or "PARQUET" not in statement.text.upper():
            raise not_imitated("tables that are not external Parquet tables with a location")
        keys = _columns(partitioned.this) if partitioned else []
        key_names = {key for key, _ in keys}
        columns = [(column, kind) for column, kind in _columns(tree.this) if column not in key_names]
        self._catalog.backend().create_table(holder, name, parquet_table(name, columns, keys, location.this.name))
        return []

    def _create_view(self, statement: Statement, database: str) -> list[str]:
        holder, name = statement.target[0] or database, statement.target[1]
        found = re.search(r"\bAS\b(.*)", statement.text, re.I | re.S)
        replace = bool(re.match(r"\s*CREATE\s+OR\s+REPLACE", statement.text, re.I))
        if found is None:
            raise QueryFailed("SYNTAX_ERROR: CREATE VIEW needs AS", type=1006)
        original = json.dumps({"originalSql": found.group(1).strip(), "catalog": "awsdatacatalog",
                               "schema": holder, "columns": []})
        text = f"/* Presto View: {base64.b64encode(original.encode()).decode()} */"
        view = {"Name": name, "TableType": "VIRTUAL_VIEW", "ViewOriginalText": text,
                "ViewExpandedText": "/* Presto View */", "Parameters": {"presto_view": "true"},
                "StorageDescriptor": {"Columns": []}, "PartitionKeys": []}
        if replace and self._catalog.has_table(holder, name):
            self._catalog.backend().update_table(holder, name, view)
        else:
            self._require_absent(holder, name)
            self._catalog.backend().create_table(holder, name, view)
        return []

    def _drop_database(self, statement: Statement, _: str) -> list[str]:
        name = statement.target[1]
        if not self._catalog.has_database(name):
            if statement.if_exists:
                return []
            raise QueryFailed(f"FAILED: SemanticException Database does not exist: {name}", type=1003)
        if self._catalog.raw_tables(name) and "CASCADE" not in statement.text.upper():
            raise QueryFailed(f"FAILED: Database {name} is not empty. One or more tables exist.", type=1003)
        self._catalog.backend().delete_database(name)
        return []

    def _drop_table(self, statement: Statement, database: str) -> list[str]:
        holder, name = statement.target[0] or database, statement.target[1]
        if not self._catalog.has_table(holder, name):
            if statement.if_exists:
                return []
            raise QueryFailed(f"FAILED: SemanticException Table not found {name}", type=1003)
        self._catalog.backend().delete_table(holder, name)
        return []

    def _alter_table(self, statement: Statement, database: str) -> list[str]:
        holder, name = statement.target[0] or database, statement.target[1]
        table = self._catalog.table(holder, name)
        action = re.search(r"\b(ADD|DROP)\s+(IF\s+(?:NOT\s+)?EXISTS\s+)?PARTITION", statement.text, re.I)
        if action is None:
            raise not_imitated("this form of ALTER TABLE")
        raw = self._catalog.backend().databases[holder].tables[name]
        for inner, location in _PARTITION.findall(statement.text):
            named = {key.lower(): value for key, value in re.findall(r"(\w+)\s*=\s*'?([^',]*)'?", inner)}
            values = [named[key].strip() for key in table.partition_keys]
            known = str(values) in raw.partitions
            if action.group(1).upper() == "DROP":
                if known:
                    raw.delete_partition(values)
                elif not action.group(2):
                    raise QueryFailed("FAILED: SemanticException Partition not found", type=1003)
            elif known and not action.group(2):
                raise QueryFailed("FAILED: AlreadyExistsException Partition already exists.", type=1003)
            else:
                path = "/".join(f"{key}={value}" for key, value in zip(table.partition_keys, values))
                self.add_partition(holder, name, values, location or f"{table.location.rstrip('/')}/{path}/")
        return []

    def _repair(self, statement: Statement, database: str) -> list[str]:
        holder, name = _split(statement.text.split()[-1], database)
        table = self._catalog.table(holder, name)
        bucket, prefix = split_location(table.location)
        raw = self._catalog.backend().databases[holder].tables[name]
        lines = []
        for item in self._store.below(bucket, prefix):
            folders = item.key[len(prefix):].split("/")[:len(table.partition_keys)]
            pairs = [folder.partition("=") for folder in folders]
            if [pair[0] for pair in pairs] == list(table.partition_keys) and "/" in item.key[len(prefix):]:
                values = [pair[2] for pair in pairs]
                if str(values) not in raw.partitions:
                    self.add_partition(holder, name, values, f"s3://{bucket}/{prefix}{'/'.join(folders)}/")
                    lines.append(f"Repair: Added partition to metastore {name}:{'/'.join(folders)}")
        return lines

    def _show_tables(self, statement: Statement, database: str) -> list[str]:
        found = re.search(r"\b(?:IN|FROM)\s+[`\"]?(\w+)", statement.text, re.I)
        return sorted(table["Name"] for table in self._catalog.raw_tables(found.group(1) if found else database))

    def _show_databases(self, _: Statement, __: str) -> list[str]:
        return self._catalog.databases()

    def _show_partitions(self, statement: Statement, database: str) -> list[str]:
        table = self._catalog.table(*_split(statement.text.split()[-1], database))
        return sorted("/".join(f"{key}={value}" for key, value in zip(table.partition_keys, part.values))
                      for part in table.partitions)

    def _describe(self, statement: Statement, database: str) -> list[str]:
        table = self._catalog.table(*_split(statement.text.split()[-1], database))
        lines = [f"{name:<20}\t{kind.glue():<20}\t{'':<20}" for name, kind in table.all_columns.items()]
        if table.partition_keys:
            lines += ["\t \t ", "# Partition Information\t \t ", f"{'# col_name':<20}\t{'data_type':<20}\tcomment", ""]
            lines += [f"{name:<20}\t{kind.glue():<20}\t" for name, kind in table.partition_keys.items()]
        return lines

    def _require_absent(self, database: str, name: str) -> None:
        if not self._catalog.has_database(database):
            raise QueryFailed(f"SCHEMA_NOT_FOUND: Schema {database} not found", type=1004)
        if self._catalog.has_table(database, name):
            raise QueryFailed(f"TABLE_ALREADY_EXISTS: Destination table '{database}.{name}' already exists",
                              type=1003)


def _columns(schema: exp.Expression) -> Columns:
    return [(column.name.lower(), parse_type(column.args["kind"].sql("hive")))
            for column in schema.find_all(exp.ColumnDef)]


def _split(name: str, database: str) -> tuple[str, str]:
    parts = name.replace("`", "").replace('"', "").lower().split(".")
    return (parts[-2] if len(parts) > 1 else database), parts[-1]
