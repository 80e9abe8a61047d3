"""Query results as Parquet objects: `UNLOAD`, `CREATE TABLE AS` and `INSERT INTO`."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..clock import Clock
from ..s3.objects import ObjectStore, StoredObject
from .failures import QueryFailed, not_imitated
from .results import Columns
from .scan import split_location
from .types import Type

MOST_PARTITIONS = 100
_CODECS = {"gzip": "gzip", "snappy": "snappy", "zstd": "zstd", "none": "none", "uncompressed": "none", "lz4": "lz4"}


@dataclass
class Written:
    """What was written, for the manifest and for the catalogue."""

    uris: list[str] = field(default_factory=list)
    partitions: dict[tuple[str, ...], str] = field(default_factory=dict)
    rows: int = 0


class ParquetWriter:
    """Writes batches below a location, one object per partition."""

    def __init__(self, store: ObjectStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def require_empty(self, location: str) -> None:
        """`UNLOAD` and `CREATE TABLE AS` never add to what is there."""
        bucket, prefix = split_location(location)
        if not self._store.has_bucket(bucket):
            raise QueryFailed(f"PERMISSION_DENIED: the bucket of {location} does not exist", type=1003)
        if self._store.below(bucket, prefix):
            raise QueryFailed(f"HIVE_PATH_ALREADY_EXISTS: Target directory for table '{location}' already exists")

    def write(self, location: str, columns: Columns, batches: Iterable[pa.RecordBatch], codec: str,
              partitioned_by: list[str]) -> Written:
        """Write everything; files are put in place only when all of them are complete."""
        if codec.lower() not in _CODECS:
            raise not_imitated(f"the compression {codec}")
        bucket, prefix = split_location(location)
        stored = _fields(columns, partitioned_by)
        writers: dict[tuple[str, ...], tuple[Path, pq.ParquetWriter]] = {}
        result = Written()
        try:
            for batch in batches:
                table = pa.Table.from_batches([batch])
                for values, part in _split(table, partitioned_by):
                    if values not in writers:
                        if len(writers) == MOST_PARTITIONS:
                            raise QueryFailed("HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers "
                                              "for partitions/buckets")
                        path = self._store.new_file()
                        writers[values] = path, self._open(path, stored, codec)
                    writers[values][1].write_table(_as_stored(part, stored))
                    result.rows += part.num_rows
        finally:
            for _, writer in writers.values():
                writer.close()
        for number, (values, (path, _)) in enumerate(writers.items()):
            folder = "".join(f"{name}={value}/" for name, value in zip(partitioned_by, values))
            stamp = f"{self._clock.utc():%Y%m%d_%H%M%S}_{number:05d}_{uuid.uuid4().hex[:5]}"
            key = f"{prefix}{folder}{stamp}_{uuid.uuid4()}"
            self._put(bucket, key, path)
            result.uris.append(f"s3://{bucket}/{key}")
            result.partitions[values] = f"s3://{bucket}/{prefix}{folder}"
        return result

    def _open(self, path: Path, stored: pa.Schema, codec: str) -> pq.ParquetWriter:
        """Timestamps as INT96, which is what readers of the service's files have to cope with."""
        return pq.ParquetWriter(path, stored, compression=_CODECS[codec.lower()],
                                use_deprecated_int96_timestamps=True)

    def put_bytes(self, uri: str, data: bytes) -> None:
        """Store a small object, such as a manifest."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        path = self._store.new_file()
        path.write_bytes(data)
        self._put(bucket, key, path)

    def put_file(self, uri: str, path: Path) -> None:
        """Store a finished file of the spool."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        self._put(bucket, key, path)

    def _put(self, bucket: str, key: str, path: Path) -> None:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "md5").hexdigest()
        self._store.put(bucket, StoredObject(key, path, path.stat().st_size, digest, self._clock.utc(),
                                             headers={"content-type": "application/octet-stream"}))


def _as_stored(part: pa.Table, stored: pa.Schema) -> pa.Table:
    try:
        return part.rename_columns(stored.names).cast(stored)
    except pa.ArrowInvalid:
        raise QueryFailed("NOT_SUPPORTED: Incorrect timestamp precision; the configured precision is MILLISECONDS"
                          ) from None


def _fields(columns: Columns, partitioned_by: list[str]) -> pa.Schema:
    names = [name for name, _ in columns]
    if partitioned_by and names[-len(partitioned_by):] != partitioned_by:
        raise QueryFailed("HIVE_COLUMN_ORDER_MISMATCH: Partition keys must be the last columns in the table and in "
                          f"the same order as the table properties: {partitioned_by}")
    kept = columns[:len(columns) - len(partitioned_by)]
    for name, kind in kept:
        if kind.name == "timestamp with time zone":
            raise QueryFailed(f"NOT_SUPPORTED: Unsupported Hive type: timestamp(3) with time zone, column {name}")
    return pa.schema([(name, arrow_type(kind)) for name, kind in kept])


def arrow_type(kind: Type) -> pa.DataType:
    """How a type is stored in the files that queries write: timestamps with three digits."""
    if kind.is_decimal:
        return pa.decimal128(kind.precision, kind.scale)
    if kind.name == "array":
        return pa.list_(arrow_type(kind.children[0]))
    if kind.name == "map":
        return pa.map_(arrow_type(kind.children[0]), arrow_type(kind.children[1]))
    if kind.name == "row":
        return pa.struct([(name, arrow_type(child)) for name, child in zip(kind.fields, kind.children)])
    simple = {"boolean": pa.bool_(), "tinyint": pa.int8(), "smallint": pa.int16(), "integer": pa.int32(),
              "bigint": pa.int64(), "real": pa.float32(), "double": pa.float64(), "date": pa.date32(),
              "timestamp": pa.timestamp("ms"), "varbinary": pa.binary()}
    return simple.get(kind.name, pa.string())


def _split(table: pa.Table, keys: list[str]) -> list[tuple[tuple[str, ...], pa.Table]]:
    if not keys:
        return [((), table)] if table.num_rows else []
    kept = table.select([name for name in table.column_names if name not in keys])
    texts = [table.column(name).cast(pa.string()) for name in keys]
    groups = pa.table(texts, names=keys).group_by(keys).aggregate([]).to_pylist()
    parts = []
    for group in groups:
        mask = None
        for name, column in zip(keys, texts):
            test = pc.equal(column, group[name]) if group[name] is not None else pc.is_null(column)
            mask = test if mask is None else pc.and_(mask, test)
        values = tuple("__HIVE_DEFAULT_PARTITION__" if group[name] is None else group[name] for name in keys)
        parts.append((values, kept.filter(mask)))
    return parts
