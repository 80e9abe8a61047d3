"""The described rows as the leaves of a file: values with their levels, and the bounds of values."""

import dataclasses
import struct
import uuid

import pyarrow as pa
import pyarrow.compute as pc

import parquet_rows


@dataclasses.dataclass
class Leaf:
    """The slots below one column of values: where rows begin among them, levels, and values or None."""

    path: str
    kind: object
    label: str | None
    column: parquet_rows.Column
    repetition: list
    definition: list
    values: list
    starts: list

    def slots(self, first, last):
        return slice(self.starts[first], self.starts[last])


def paths(path, kind):
    match kind:
        case ["list", element]:
            return paths(f"{path}.list.element", element)
        case ["map", key, value]:
            return paths(f"{path}.key_value.key", key) + paths(f"{path}.key_value.value", value)
        case ["structure", fields]:
            return [leaf for name, field in fields for leaf in paths(f"{path}.{name}", field)]
        case _:
            return [(path, kind)]


def leaves(columns):
    """The leaves of all columns, in order. What lies within a nullable column of the matrix may be null too."""
    for column in columns:
        found = [
            Leaf(path, kind, column.label, column, [], [], [], [0])
            for path, kind in paths(column.name, column.type)
        ]
        if column.type == found[0].kind:
            leaf, count = found[0], len(column.values)
            leaf.values, leaf.starts = column.values, range(count + 1)
            leaf.repetition = [0] * count
            leaf.definition = [int(column.nullable and value is not None) for value in column.values]
        else:
            with parquet_rows.without_collection():
                for value in column.values:
                    shred(value, column.type, column.nullable, column.nullable, 0, 0, 0, found)
                    for leaf in found:
                        leaf.starts.append(len(leaf.values))
        yield from found


def shred(value, kind, optional, inner, start, repetition, definition, into):
    """Adds a value to the leaves below it; `inner` says whether its parts may be null."""
    if value is None or (isinstance(kind, list) and kind[0] in ("list", "map") and not value):
        for leaf in into:
            leaf.repetition.append(start)
            leaf.definition.append(definition + (optional and value is not None))
            leaf.values.append(None)
        return
    definition += optional
    match kind:
        case ["list", element]:
            for index, part in enumerate(value):
                at = repetition + 1 if index else start
                shred(part, element, inner, inner, at, repetition + 1, definition + 1, into)
        case ["map", key, item]:
            keys = len(paths("", key))
            for index, (left, right) in enumerate(value):
                at = repetition + 1 if index else start
                shred(left, key, False, inner, at, repetition + 1, definition + 1, into[:keys])
                shred(right, item, inner, inner, at, repetition + 1, definition + 1, into[keys:])
        case ["structure", fields]:
            position = 0
            for (_, field), part in zip(fields, value):
                count = len(paths("", field))
                below = into[position : position + count]
                shred(part, field, inner, inner, start, repetition, definition, below)
                position += count
        case _:
            into[0].repetition.append(start)
            into[0].definition.append(definition)
            into[0].values.append(value)


def bounds(values, kind, label):
    """The least and greatest value as the file has them in bytes, by pyarrow; None without any, or with NaN."""
    values = [value for value in values if value is not None]
    if not values:
        return None
    if kind in ("float", "double"):
        numbers = parquet_rows.arrow_array(values, kind)
        if pc.any(pc.is_nan(numbers)).as_py():
            return None
        found = pc.min_max(numbers).as_py()
        # A bound of zero stands for both zeros.
        form = "<f" if kind == "float" else "<d"
        return struct.pack(form, found["min"] or -0.0), struct.pack(form, found["max"] or 0.0)
    found = pc.min_max(comparable(values, kind, label)).as_py()
    return plain(found["min"], kind), plain(found["max"], kind)


def comparable(values, kind, label):
    """An Arrow array of values in whose order the file's bounds are."""
    match kind:
        case "string" if label == "uuid":
            return pa.array([uuid.UUID(value).bytes for value in values])
        case "string":
            return pa.array([value.encode() for value in values], pa.binary())
        case "date" | "time" | "timestamp" | "localTimestamp":
            return pa.array(values, parquet_rows.COUNTS[kind][1])
        case _:
            return parquet_rows.arrow_array(values, kind)


def plain(value, kind):
    """A value that pyarrow gives, as PLAIN has it."""
    match kind:
        case "string" | "bytes":
            return value
        case "bool":
            return bytes([value])
        case "int8" | "int16" | "int32" | "date":
            return value.to_bytes(4, "little", signed=True)
        case ["decimal", precision, scale]:
            digits = int(value.scaleb(scale))
            if precision <= 18:
                return digits.to_bytes(4 if precision <= 9 else 8, "little", signed=True)
            length = next(n for n in range(1, 17) if 10**precision <= 1 << 8 * n - 1)
            return digits.to_bytes(length, "big", signed=True)
        case _:
            return value.to_bytes(8, "little", signed=True)


def order(kind):
    """Puts bounds in bytes in the order of their values."""
    match kind:
        case "float":
            return lambda raw: struct.unpack("<f", raw)[0]
        case "double":
            return lambda raw: struct.unpack("<d", raw)[0]
        case "string" | "bytes":
            return lambda raw: raw
        case "bool":
            return lambda raw: raw
        case ["decimal", precision, _] if precision > 18:
            return lambda raw: int.from_bytes(raw, "big", signed=True)
        case _:
            return lambda raw: int.from_bytes(raw, "little", signed=True)
