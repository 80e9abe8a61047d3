"""Result files: the CSV with Athena's NULL rules, the metadata beside it, and pages read back from the CSV."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..errors import ServiceError
from .render import renderer
from .types import Type

LARGEST_PAGE = 1000
Columns = list[tuple[str, Type]]
_CELL = re.compile(rb'(?:"((?:[^"]|"")*)")?(,|\r?\n|$)')


@dataclass(frozen=True)
class ResultFile:
    """A finished result, still in the spool."""

    path: Path
    columns: Columns
    rows: int


def write_csv(path: Path, columns: Columns, batches: Iterable[pa.RecordBatch]) -> ResultFile:
    """Everything is quoted; NULL is nothing at all, so that it differs from `""`."""
    renderers = [renderer(kind) for _, kind in columns]
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(_quoted(name) for name, _ in columns) + "\n")
        for batch in batches:
            count += batch.num_rows
            texts = [[_quoted(render(value)) for value in column.to_pylist()]
                     for render, column in zip(renderers, batch.columns)]
            file.writelines(",".join(row) + "\n" for row in zip(*texts))
    return ResultFile(path, columns, count)


def write_text(path: Path, lines: Iterable[str]) -> ResultFile:
    """The result of a utility statement: a line per row, no header."""
    rows = list(lines)
    path.write_text("".join(f"{line}\n" for line in rows), encoding="utf-8")
    return ResultFile(path, [("result", Type("varchar"))], len(rows))


def _quoted(text: str | None) -> str:
    return "" if text is None else '"' + text.replace('"', '""') + '"'


def page_of_csv(path: Path, columns: Columns, token: str | None, limit: int) -> dict[str, Any]:
    """One page of `GetQueryResults`; the first row of the first page is the header."""
    return _page(path, columns, token, limit, _cells)


def page_of_text(path: Path, columns: Columns, token: str | None, limit: int) -> dict[str, Any]:
    """One page of a utility statement's lines."""
    return _page(path, columns, token, limit, lambda line, _: [line.rstrip(b"\n").decode()])


def _page(path: Path, columns: Columns, token: str | None, limit: int, split: Any) -> dict[str, Any]:
    offset = _decode(token)
    rows = []
    with path.open("rb") as file:
        file.seek(offset)
        while len(rows) < limit and (record := _record(file)):
            offset += len(record)
            rows.append({"Data": [{} if cell is None else {"VarCharValue": cell}
                                  for cell in split(record, len(columns))]})
        more = bool(file.read(1))
    answer: dict[str, Any] = {"UpdateCount": 0, "ResultSet": {
        "Rows": rows, "ResultSetMetadata": {"ColumnInfo": [kind.column_info(name) for name, kind in columns]}}}
    if more:
        answer["NextToken"] = base64.b64encode(f"at:{offset}".encode()).decode()
    return answer


def _record(file: Any) -> bytes:
    """A line, or several when a quoted value holds line breaks."""
    record = bytes(file.readline())
    while record.count(b'"') % 2:
        line = file.readline()
        if not line:
            break
        record += line
    return record


def _cells(record: bytes, width: int) -> list[str | None]:
    cells: list[str | None] = []
    for found in _CELL.finditer(record):
        value = found.group(1)
        cells.append(None if value is None else value.replace(b'""', b'"').decode())
        if len(cells) == width:
            break
    return cells


def _decode(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.b64decode(token).decode().removeprefix("at:"))
    except ValueError:
        raise ServiceError("InvalidRequestException", "NextToken is not valid",
                           AthenaErrorCode="INVALID_INPUT") from None


def metadata_document(query_id: str, columns: Columns) -> bytes:
    """The `.metadata` object: protocol buffers, field 4 per column, as public readers of it describe."""
    return _field(1, query_id.encode()) + b"".join(_field(4, _column(name, kind)) for name, kind in columns)


def _column(name: str, kind: Type) -> bytes:
    info = kind.column_info(name)
    texts = b"".join(_field(number, info[member].encode()) for number, member in
                     ((1, "CatalogName"), (4, "Name"), (5, "Label"), (6, "Type")))
    return (texts + _number(7, info["Precision"]) + _number(8, info["Scale"]) + _number(9, 3)
            + _number(10, int(info["CaseSensitive"])))


def _field(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _varint(len(data)) + data


def _number(number: int, value: int) -> bytes:
    return bytes([number << 3]) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
