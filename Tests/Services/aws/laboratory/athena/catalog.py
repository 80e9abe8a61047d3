"""The Glue catalogue as a query sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..moto_backend import MotoBackend
from .failures import QueryFailed, not_imitated
from .types import Type, parse_type


@dataclass(frozen=True)
class Partition:
    """A registered partition."""

    values: tuple[str, ...]
    location: str
    columns: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A table: what its files hold, what its partitions add."""

    database: str
    name: str
    location: str
    columns: dict[str, Type]
    partition_keys: dict[str, Type]
    partitions: tuple[Partition, ...]
    view: str | None
    parameters: dict[str, str]

    @property
    def all_columns(self) -> dict[str, Type]:
        """File columns, then partition columns."""
        return {**self.columns, **self.partition_keys}


class Catalog:
    """Reads moto's catalogue under its lock; changes go through Glue's own operations."""

    def __init__(self, moto: MotoBackend) -> None:
        self._moto = moto

    def table(self, database: str, name: str) -> Table:
        """A table, or the failure that a query would show."""
        with self._moto.lock("glue"):
            found = self._moto.glue().databases.get(database)
            raw = found.tables.get(name) if found else None
            if found is None:
                raise QueryFailed(f"SCHEMA_NOT_FOUND: Schema '{database}' does not exist", type=1004)
            if raw is None:
                raise QueryFailed(f"TABLE_NOT_FOUND: Table 'awsdatacatalog.{database}.{name}' does not exist",
                                  type=1004)
            return _read(raw)

    def raw_tables(self, database: str) -> list[dict[str, Any]]:
        """Every table of a database as Glue would return it."""
        with self._moto.lock("glue"):
            found = self._moto.glue().databases.get(database)
            return [table.as_dict() for table in found.tables.values()] if found else []

    def has_database(self, database: str) -> bool:
        """Whether a database exists."""
        return database in self._moto.glue().databases

    def databases(self) -> list[str]:
        """The names of all databases."""
        return sorted(self._moto.glue().databases)

    def has_table(self, database: str, name: str) -> bool:
        """Whether a table exists."""
        found = self._moto.glue().databases.get(database)
        return bool(found) and name in found.tables

    def backend(self) -> Any:
        """moto's Glue, for statements that change the catalogue."""
        return self._moto.glue()

    def lock(self) -> Any:
        """Held while a statement changes the catalogue."""
        return self._moto.lock("glue")


def _read(raw: Any) -> Table:
    table = raw.as_dict()
    descriptor = table.get("StorageDescriptor") or {}
    parameters = table.get("Parameters") or {}
    if parameters.get("projection.enabled", "").lower() == "true":
        raise not_imitated("partition projection")
    if parameters.get("table_type", "").upper() == "ICEBERG":
        raise not_imitated("Iceberg tables")
    view = table.get("ViewOriginalText") if table.get("TableType") == "VIRTUAL_VIEW" else None
    serde = (descriptor.get("SerdeInfo") or {}).get("SerializationLibrary", "")
    if view is None and "parquet" not in (serde + descriptor.get("InputFormat", "")).lower():
        raise not_imitated("tables that are not Parquet")
    keys = {column["Name"].lower(): parse_type(column.get("Type", "string"))
            for column in table.get("PartitionKeys") or []}
    return Table(table["DatabaseName"], table["Name"], descriptor.get("Location", ""),
                 dict(_columns(descriptor)), keys,
                 tuple(_partition(part, table) for part in raw.partitions.values()) if keys else (), view,
                 parameters)


def _columns(descriptor: dict[str, Any]) -> Iterator[tuple[str, Type]]:
    for column in descriptor.get("Columns") or []:
        yield column["Name"].lower(), parse_type(column.get("Type", "string"))


def _partition(raw: Any, table: dict[str, Any]) -> Partition:
    descriptor = raw.partition_input.get("StorageDescriptor") or {}
    location = descriptor.get("Location")
    if not location:
        keys = [column["Name"] for column in table["PartitionKeys"]]
        path = "/".join(f"{key}={value}" for key, value in zip(keys, raw.values))
        location = f"{table['StorageDescriptor']['Location'].rstrip('/')}/{path}"
    return Partition(tuple(str(value) for value in raw.values), location,
                     {column["Name"].lower(): column.get("Type", "")
                      for column in descriptor.get("Columns") or []})
