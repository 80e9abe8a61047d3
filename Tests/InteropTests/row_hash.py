"""The row hash v1, computed by other code than ours: see Documentation/RowHash.md."""

import struct
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
import xxhash

# The first 16 hexadecimal digits of the fractions of the square roots of 2 and 3.
LOW_SEED = 0x6A09E667F3BCC908
HIGH_SEED = 0xBB67AE8584CAA73B

INTEGERS = {"int16", "int32", "int64", "date", "timestamp", "localTimestamp"}


def encoded(value, column_type: str) -> bytes:
    """One value: a byte 0 for null, else 1 and the value. Dates are days, times are microseconds."""
    if value is None:
        return b"\0"
    if column_type in INTEGERS:
        return b"\1" + struct.pack("<q", value)
    if column_type.startswith("decimal("):
        scale = int(column_type.removesuffix(")").split(",")[1])
        return b"\1" + int(Decimal(value).scaleb(scale)).to_bytes(16, "little", signed=True)
    if column_type == "bool":
        return b"\1" + bytes([value])
    if column_type in ("float", "double"):
        value = value if value == value else float("nan")
        return b"\1" + struct.pack("<f" if column_type == "float" else "<d", value)
    data = value.encode() if column_type == "string" else value
    return b"\1" + struct.pack("<I", len(data)) + data


def of_rows(rows, types: list[str]) -> str:
    total = count = 0
    for row in rows:
        data = b"".join(encoded(value, column_type) for value, column_type in zip(row, types, strict=True))
        total += xxhash.xxh64_intdigest(data, HIGH_SEED) << 64 | xxhash.xxh64_intdigest(data, LOW_SEED)
        count += 1
    return f"v1:{total % (1 << 128):032x}:{count}"


def of_table(table: pa.Table, columns: list[dict]) -> str:
    """The hash of a table's columns with the names and types that the catalog gives."""
    values = []
    for column in columns:
        data = table[column["name"]]
        if column["type"] in ("date", "timestamp", "localTimestamp"):
            data = pc.cast(data, pa.int32() if column["type"] == "date" else pa.int64())
        values.append(data.to_pylist())
    return of_rows(zip(*values), [column["type"] for column in columns])
