"""What Parquet footers say: types, and the bytes of column chunks that a query touches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .failures import QueryFailed


@dataclass(frozen=True)
class Chunk:
    """One column of one row group."""

    size: int
    minimum: Any = None
    maximum: Any = None
    has_bounds: bool = False


@dataclass(frozen=True)
class Footer:
    """One file: its columns by lower-case name, its row groups' chunks by the same name."""

    types: tuple[tuple[str, str, pa.DataType], ...]
    groups: tuple[dict[str, Chunk], ...]

    @property
    def shape(self) -> tuple[tuple[str, str, str], ...]:
        """Files of one shape can be read together."""
        return tuple((lowered, name, str(kind)) for lowered, name, kind in self.types)


Bound = Callable[[Chunk], bool]


@lru_cache(maxsize=20_000)
def footer(path: Path) -> Footer:
    """The footer of a spooled object. Objects never change, so neither does it."""
    try:
        file = pq.ParquetFile(path)
        with file:
            schema, metadata = file.schema_arrow, file.metadata
            types = tuple((field.name.lower(), field.name, field.type) for field in schema)
            groups = tuple(_group(metadata.row_group(index)) for index in range(metadata.num_row_groups))
    except FileNotFoundError:
        raise QueryFailed("HIVE_CANNOT_OPEN_SPLIT: an object disappeared while it was read") from None
    except (pa.ArrowInvalid, OSError):
        raise QueryFailed("HIVE_BAD_DATA: Not valid Parquet file", type=1001) from None
    return Footer(types, groups)


def touched_bytes(file: Footer, columns: Iterable[str], bounds: dict[str, list[Bound]]) -> int:
    """Bytes of the named columns in the row groups that the bounds cannot rule out."""
    wanted = list(columns)
    total = 0
    for group in file.groups:
        if all(test(group[name]) for name, tests in bounds.items() if name in group for test in tests):
            total += sum(group[name].size for name in wanted if name in group)
    return total


def _group(metadata: pq.RowGroupMetaData) -> dict[str, Chunk]:
    chunks: dict[str, Chunk] = {}
    for index in range(metadata.num_columns):
        column = metadata.column(index)
        name = column.path_in_schema.partition(".")[0].lower()
        before = chunks.get(name)
        statistics = column.statistics if "." not in column.path_in_schema else None
        bounded = statistics is not None and statistics.has_min_max
        chunks[name] = Chunk(column.total_compressed_size + (before.size if before else 0),
                             statistics.min if bounded else None, statistics.max if bounded else None, bounded)
    return chunks
