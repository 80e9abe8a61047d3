"""Rows in the form of `fixtures dump`: a description of the columns, then the values of each, exactly.

A type is a name such as "int32", or ["decimal", precision, scale], ["list", element],
["structure", [[name, type], …]] or ["map", key, value]. Floating-point values are their bits in hexadecimal,
decimals their digits, byte strings hexadecimal, dates days and times microseconds; structures and maps are
lists of their parts.
"""

import contextlib
import dataclasses
import decimal
import gc
import json
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

decimal.getcontext().prec = 60

INTEGERS = {"int8": pa.int8(), "int16": pa.int16(), "int32": pa.int32(), "int64": pa.int64()}
BITS = {"float": (pa.float32(), np.uint32, "08x"), "double": (pa.float64(), np.uint64, "016x")}
COUNTS = {
    "date": (pa.date32(), pa.int32()),
    "time": (pa.time64("us"), pa.int64()),
    "timestamp": (pa.timestamp("us", tz="UTC"), pa.int64()),
    "localTimestamp": (pa.timestamp("us"), pa.int64()),
}
PER_MICROSECOND = {"s": (1_000_000, 1), "ms": (1000, 1), "us": (1, 1), "ns": (1, 1000)}


@dataclasses.dataclass
class Column:
    name: str
    type: object
    nullable: bool
    values: list
    label: str | None = None
    encoding: str | None = None
    bloom: bool = False


def parse(text):
    """The columns of what `fixtures` wrote."""
    described, *lines = text.splitlines()
    with without_collection():
        rows = json.loads("[" + ",".join(lines) + "]")
    columns = [Column(values=[], **fields) for fields in json.loads(described)]
    for column, values in zip(columns, zip(*rows)):
        column.values = list(values)
    return columns


@contextlib.contextmanager
def without_collection():
    """While only new lists are made, looking for cycles among them again and again takes half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def difference(found, expected):
    """Where the values of one column differ, in words; None where they do not."""
    if found == expected:
        return None
    if len(found) != len(expected):
        return f"{len(found)} rows instead of {len(expected)}"
    row = next(row for row, (a, b) in enumerate(zip(found, expected)) if a != b)
    return f"row {row} is {found[row]!r:.200} instead of {expected[row]!r:.200}"


def canonical(array, kind):
    """The values of an Arrow array that was read for a column of a type."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array.type, pa.BaseExtensionType):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_null(array.type):
        return [None] * len(array)
    match kind:
        case "float" | "double":
            arrow, bits, form = BITS[kind]
            numbers = array.cast(arrow).fill_null(0).to_numpy(zero_copy_only=False).view(bits).tolist()
            return masked(array, [format(number, form) for number in numbers])
        case "date":
            return array.cast(pa.date32()).view(pa.int32()).to_pylist()
        case "time" | "timestamp" | "localTimestamp":
            return microseconds(array)
        case "bytes":
            return [value if value is None else value.hex() for value in array.to_pylist()]
        case "string":
            return [text(value) for value in array.to_pylist()]
        case ["decimal", _, scale]:
            return [None if value is None else f"{value:.{scale}f}" for value in array.to_pylist()]
        case ["list", element]:
            return entries(array, canonical(array.values, element))
        case ["structure", fields]:
            parts = [canonical(array.field(name), field) for name, field in fields]
            return masked(array, [list(row) for row in zip(*parts)])
        case ["map", key, value]:
            if isinstance(array, pa.MapArray):
                keys, items = array.keys, array.items
            else:  # a list of structures, as polars has it
                keys, items = array.values.field(0), array.values.field(1)
            pairs = zip(canonical(keys, key), canonical(items, value))
            return entries(array, [list(pair) for pair in pairs])
        case _:
            return array.to_pylist()


def masked(array, values):
    if array.null_count == 0:
        return values
    return [value if valid else None for value, valid in zip(values, array.is_valid().to_pylist())]


def entries(array, values):
    if pa.types.is_fixed_size_list(array.type):
        size = array.type.list_size
        start = array.offset * size
        return masked(array, [values[start + i * size : start + (i + 1) * size] for i in range(len(array))])
    ends = array.offsets.to_pylist()
    return masked(array, [values[start:end] for start, end in zip(ends, ends[1:])])


def microseconds(array):
    factor, divisor = PER_MICROSECOND[array.type.unit]
    numbers = array.view(pa.int32() if pa.types.is_time32(array.type) else pa.int64()).to_pylist()
    return [None if number is None else number * factor // divisor for number in numbers]


def text(value):
    """A text, which some readers hand out as its bytes, or as the 16 bytes of a UUID."""
    if isinstance(value, bytes):
        return str(uuid.UUID(bytes=value)) if len(value) == 16 else value.decode()
    return value


def arrow_type(kind, nullable=True):
    match kind:
        case ["decimal", precision, scale]:
            return pa.decimal128(precision, scale)
        case ["list", element]:
            return pa.list_(pa.field("element", arrow_type(element)))
        case ["structure", fields]:
            return pa.struct([pa.field(name, arrow_type(field)) for name, field in fields])
        case ["map", key, value]:
            return pa.map_(arrow_type(key), arrow_type(value))
        case "bool":
            return pa.bool_()
        case "string":
            return pa.string()
        case "bytes":
            return pa.binary()
        case _:
            return INTEGERS.get(kind) or (BITS.get(kind) or COUNTS[kind])[0]


def arrow_array(values, kind):
    """The Arrow array of canonical values."""
    arrow = arrow_type(kind)
    mask = pa.array([value is None for value in values], pa.bool_())
    match kind:
        case "float" | "double":
            bits = np.array([int(value or "0", 16) for value in values], BITS[kind][1])
            numbers = pa.array(bits.view(arrow.to_pandas_dtype()), arrow)
            return pc.if_else(mask, pa.scalar(None, arrow), numbers)
        case "bytes":
            return pa.array([None if value is None else bytes.fromhex(value) for value in values], arrow)
        case "date" | "time" | "timestamp" | "localTimestamp":
            return pa.array(values, COUNTS[kind][1]).view(arrow)
        case ["decimal", _, _]:
            return pa.array([None if value is None else decimal.Decimal(value) for value in values], arrow)
        case ["list", element]:
            elements = [part for value in values for part in value or []]
            return pa.ListArray.from_arrays(ends(values), arrow_array(elements, element), arrow, mask=mask)
        case ["structure", fields]:
            parts = [
                arrow_array([None if value is None else value[index] for value in values], field)
                for index, (_, field) in enumerate(fields)
            ]
            return pa.StructArray.from_arrays(parts, fields=list(arrow), mask=mask)
        case ["map", key, value]:
            pairs = [pair for entry in values for pair in entry or []]
            keys = arrow_array([pair[0] for pair in pairs], key)
            items = arrow_array([pair[1] for pair in pairs], value)
            return pa.MapArray.from_arrays(ends(values), keys, items, arrow, mask=mask)
        case _:
            return pa.array(values, arrow)


def ends(values):
    offsets = np.cumsum([0] + [len(value or []) for value in values], dtype=np.int32)
    return pa.array(offsets, pa.int32())


def arrow_table(columns):
    """The columns as an Arrow table, in which those that are not nullable have no nulls."""
    arrays = [arrow_array(column.values, column.type) for column in columns]
    fields = [
        pa.field(column.name, array.type, nullable=column.nullable) for column, array in zip(columns, arrays)
    ]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))
