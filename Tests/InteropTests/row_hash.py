"""The row hash v1 of Documentation/RowHash.md, written from that page alone: no code of ours is used."""

import datetime
import decimal
import math
import re
import struct

import xxhash

LOW_SEED = 0x6A09E667F3BCC908
HIGH_SEED = 0xBB67AE8584CAA73B
EPOCH = datetime.datetime(1970, 1, 1)
MICROSECOND = datetime.timedelta(microseconds=1)

# Exact whatever the caller's context says: 38 digits and their products fit.
DECIMALS = decimal.Context(prec=100, traps=[decimal.Inexact, decimal.InvalidOperation])


def encode_value(type_name, value):
    """The bytes of one value; None is null, other values are what Python has for the type."""
    if value is None:
        return b"\x00"
    return b"\x01" + encode_present(type_name, value)


def encode_present(type_name, value):
    if type_name == "bool":
        return b"\x01" if value else b"\x00"
    if type_name in ("int16", "int32", "int64"):
        return struct.pack("<q", value)
    if type_name == "float":
        return struct.pack("<I", 0x7FC00000) if math.isnan(value) else struct.pack("<f", value)
    if type_name == "double":
        return struct.pack("<Q", 0x7FF8 << 48) if math.isnan(value) else struct.pack("<d", value)
    if type_name == "string":
        encoded = value.encode("utf-8")
        return struct.pack("<I", len(encoded)) + encoded
    if type_name == "bytes":
        return struct.pack("<I", len(value)) + value
    if type_name == "date":
        return struct.pack("<q", (value - EPOCH.date()).days)
    if type_name in ("timestamp", "localTimestamp"):
        aware = value.tzinfo is not None
        naive = value.astimezone(datetime.timezone.utc).replace(tzinfo=None) if aware else value
        return struct.pack("<q", (naive - EPOCH) // MICROSECOND)
    match = re.fullmatch(r"decimal\(\d+,(\d+)\)", type_name)
    unscaled = DECIMALS.scaleb(value, int(match.group(1)))
    return int(unscaled).to_bytes(16, "little", signed=True)


def hash_row(types, row):
    encoded = b"".join(encode_value(type_name, value) for type_name, value in zip(types, row, strict=True))
    low = xxhash.xxh64_intdigest(encoded, seed=LOW_SEED)
    high = xxhash.xxh64_intdigest(encoded, seed=HIGH_SEED)
    return high << 64 | low


def hash_rows(types, rows):
    """The hash of some rows as it is written: v1:<32 hex>:<rows>."""
    total = sum(hash_row(types, row) for row in rows) % 2**128
    return f"v1:{total:032x}:{len(rows)}"


def parse(type_name, text):
    """A value of a vector, which is written as the text of its type; None is null."""
    if text is None:
        return None
    if type_name == "bool":
        return {"true": True, "false": False}[text]
    if type_name in ("int16", "int32", "int64"):
        return int(text)
    if type_name in ("float", "double"):
        return float(text)
    if type_name == "string":
        return text
    if type_name == "bytes":
        return bytes.fromhex(text)
    if type_name == "date":
        return datetime.date.fromisoformat(text)
    if type_name in ("timestamp", "localTimestamp"):
        return datetime.datetime.fromisoformat(text.removesuffix("Z"))
    return decimal.Decimal(text)


def hash_table(table, columns):
    """The hash of a pyarrow table's columns with the names and types that the catalog gives."""
    values = [table[column["name"]].to_pylist() for column in columns]
    return hash_rows([column["type"] for column in columns], list(zip(*values)))
