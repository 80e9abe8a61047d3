"""From a table and its chosen partitions to a relation over the files that S3 really holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from ..errors import ServiceError
from ..s3.objects import FROZEN_CLASSES, ObjectStore, StoredObject
from .catalog import Partition, Table
from .failures import QueryFailed
from .footers import Bound, Footer, footer, touched_bytes
from .types import Type, parse_type


@dataclass(frozen=True)
class DataFile:
    """An object that belongs to a partition."""

    item: StoredObject
    values: tuple[str, ...]
    footer: Footer


@dataclass
class Scan:
    """One mention of a table in a query: what it needs of it."""

    table: Table
    columns: set[str] = field(default_factory=set)
    partitions: set[int] = field(default_factory=set)
    bounds: dict[str, list[Bound]] = field(default_factory=dict)


def split_location(location: str) -> tuple[str, str]:
    """Bucket and prefix of an `s3://` location; the prefix ends with a slash or is empty."""
    for scheme in ("s3://", "s3a://", "s3n://"):
        if location.startswith(scheme):
            bucket, _, prefix = location.removeprefix(scheme).partition("/")
            return bucket, f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
    raise QueryFailed(f"HIVE_METASTORE_ERROR: not an S3 location: {location[:60]}", type=1004)


def data_objects(store: ObjectStore, location: str) -> list[StoredObject]:
    """The objects that Athena reads below a location: not frozen, not empty, nothing hidden."""
    bucket, prefix = split_location(location)
    try:
        found = store.below(bucket, prefix)
    except ServiceError:
        raise QueryFailed(f"PERMISSION_DENIED: the bucket of {location} does not exist", type=1003) from None
    return [item for item in found
            if item.storage_class not in FROZEN_CLASSES and item.size
            and not any(part.startswith(("_", ".")) for part in item.key[len(prefix):].split("/"))]


def find_files(store: ObjectStore, scan: Scan) -> list[DataFile]:
    """Every file of a scan. A partition without objects has none: zero rows, no error."""
    table = scan.table
    if not table.partition_keys:
        chosen = [Partition((), table.location, {})]
    else:
        chosen = [table.partitions[index] for index in sorted(scan.partitions)]
    files = []
    for partition in chosen:
        _check_partition_schema(table, partition)
        files += [DataFile(item, partition.values, footer(item.path))
                  for item in data_objects(store, partition.location)]
    return files


def scanned_bytes(scan: Scan, files: Iterable[DataFile]) -> int:
    """Bytes of the column chunks that the scan touches."""
    return sum(touched_bytes(file.footer, scan.columns, scan.bounds) for file in files)


def relation(table: Table, files: list[DataFile]) -> str:
    """SQL that yields the table's columns, in order, out of the files."""
    if not files:
        columns = ", ".join(f'CAST(NULL AS {kind.duckdb()}) AS "{name}"'
                            for name, kind in table.all_columns.items())
        return f"SELECT {columns} WHERE false"
    shapes: dict[object, list[DataFile]] = defaultdict(list)
    for file in files:
        shapes[file.footer.shape].append(file)
    return " UNION ALL ".join(_shape(table, members) for members in shapes.values())


def _shape(table: Table, files: list[DataFile]) -> str:
    held = {lowered: (name, kind) for lowered, name, kind in files[0].footer.types}
    columns = []
    for name, kind in table.columns.items():
        if name in held:
            columns.append(f'{_read(name, held[name], kind)} AS "{name}"')
        else:
            columns.append(f'CAST(NULL AS {kind.duckdb()}) AS "{name}"')
    paths = ", ".join(f"'{file.item.path}'" for file in files)
    source = f"read_parquet([{paths}], hive_partitioning=false, filename=true) AS f"
    distinct = {file.values for file in files}
    keys = table.partition_keys
    if len(distinct) == 1:
        columns += [f'CAST({_literal(value)} AS {kind.duckdb()}) AS "{name}"'
                    for (name, kind), value in zip(keys.items(), distinct.pop())]
    else:
        columns += [f'CAST(p."{name}" AS {kind.duckdb()}) AS "{name}"' for name, kind in keys.items()]
        rows = ", ".join(f"({', '.join(_literal(value) for value in (str(file.item.path), *file.values))})"
                         for file in files)
        names = ", ".join(f'"{name}"' for name in keys)
        source += f' JOIN (VALUES {rows}) AS p("lab file", {names}) ON f.filename = p."lab file"'
    return f"SELECT {', '.join(columns)} FROM {source}"


def _read(name: str, held: tuple[str, pa.DataType], wanted: Type) -> str:
    original, kind = held
    if not _readable(kind, wanted):
        raise QueryFailed(f"HIVE_BAD_DATA: Field {name}'s type {kind} in parquet file is incompatible with type "
                          f"{wanted.glue()} defined in table schema", type=1001)
    column = f'f."{original}"'
    if wanted.name == "timestamp":
        return f"athena_millis(CAST({column} AS TIMESTAMP))"
    return f"CAST({column} AS {wanted.duckdb()})"


def _readable(kind: pa.DataType, wanted: Type) -> bool:
    """Which file types Athena reads as which table types."""
    if wanted.is_integer:
        widths = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64}
        return pa.types.is_integer(kind) and kind.bit_width <= max(32, widths[wanted.name])
    if wanted.name == "double":
        return pa.types.is_floating(kind)
    if wanted.name == "real":
        return pa.types.is_float32(kind) or pa.types.is_float16(kind)
    if wanted.is_decimal:
        return pa.types.is_decimal(kind) and kind.scale <= wanted.scale
    checks = {"boolean": pa.types.is_boolean, "date": pa.types.is_date, "timestamp": pa.types.is_timestamp,
              "array": lambda found: pa.types.is_list(found) or pa.types.is_large_list(found),
              "map": pa.types.is_map, "row": pa.types.is_struct}
    if wanted.name in checks:
        return bool(checks[wanted.name](kind))
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary,
             pa.types.is_fixed_size_binary)
    return any(test(kind) for test in texts)


def _check_partition_schema(table: Table, partition: Partition) -> None:
    for name, spelled in partition.columns.items():
        wanted = table.columns.get(name)
        if wanted is not None and parse_type(spelled) != wanted:
            raise QueryFailed(
                "HIVE_PARTITION_SCHEMA_MISMATCH: There is a mismatch between the table and partition schemas. "
                f"The column '{name}' in table '{table.database}.{table.name}' is declared as type "
                f"'{wanted.glue()}', but the partition declared it as '{spelled}'.", type=1004)


def _literal(text: str) -> str:
    if text == "__HIVE_DEFAULT_PARTITION__":
        return "NULL"
    return "'" + text.replace("'", "''") + "'"
