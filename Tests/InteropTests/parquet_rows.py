"""The rows of all fixture cases, by the same formulas as Fixtures/Sources/fixtures/FixtureRows.swift."""

import datetime
import decimal
import math

import pyarrow as pa

decimal.getcontext().prec = 60

CASES = {
    # name: (modulus, nullable, rows)
    "plain": (1 << 40, True, 1000),
    "plain_pages": (1 << 40, True, 1000),
    "required": (1 << 40, False, 1000),
    "dictionary": (13, True, 1000),
    "dictionary_pages": (13, True, 1000),
    "dictionary_required": (9, False, 1000),
    "one_value": (1, True, 777),
    "one_row": (1, False, 1),
    "empty": (1, True, 0),
}

COLUMNS = [
    ("i64", pa.int64()),
    ("flag", pa.bool_()),
    ("i16", pa.int16()),
    ("i32", pa.int32()),
    ("f32", pa.float32()),
    ("f64", pa.float64()),
    ("nan", pa.float64()),
    ("text", pa.string()),
    ("blob", pa.binary()),
    ("dec9", pa.decimal128(9, 2)),
    ("dec18", pa.decimal128(18, 4)),
    ("dec38", pa.decimal128(38, 10)),
    ("day", pa.date32()),
    ("ts", pa.timestamp("us", tz="UTC")),
    ("local", pa.timestamp("us")),
    ("nothing", pa.int32()),
]

EPOCH = datetime.datetime(1970, 1, 1)


def wrapped(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def scaled(digits, scale):
    return decimal.Decimal(digits).scaleb(-scale)


def value(column, v):
    signed = v if v % 2 == 0 else -v
    match column:
        case "i64":
            return {3: -(2**63), 4: 2**63 - 1}.get(v, wrapped(v * 0x1_0000_0001, 64))
        case "flag":
            return v % 3 == 0
        case "i16":
            return wrapped(v * 31, 16)
        case "i32":
            return wrapped(v * 2_031_647, 32)
        case "f32":
            return {6: -0.0, 7: math.inf}.get(v, v / 8 - 10)
        case "f64":
            return {6: -0.0, 7: -math.inf}.get(v, v / 7 - 3)
        case "nan":
            return math.nan if v % 5 == 1 else float(v)
        case "text":
            return {2: "", 3: "xü" * 250}.get(v, f"text {v} ü😀")
        case "blob":
            return bytes([v % 256]) * (v % 5)
        case "dec9":
            return scaled(999_999_999 if v == 4 else v * 12345 - 5000, 2)
        case "dec18":
            return scaled(signed * 123_456_789_012, 4)
        case "dec38":
            digits = {4: 10**38 - 1, 5: 1 - 10**38}.get(v, signed * 12_345_678_901_234_567_890_123)
            return scaled(digits, 10)
        case "day":
            return datetime.date(1970, 1, 1) + datetime.timedelta(days=v * 37 - 2000)
        case "ts":
            instant = EPOCH + datetime.timedelta(microseconds=v * 1_000_000_000_003 - 7)
            return instant.replace(tzinfo=datetime.timezone.utc)
        case "local":
            return EPOCH + datetime.timedelta(microseconds=1_600_000_000_000_000 + v * 61_000_007)


def table(case):
    """The rows of a case as an Arrow table."""
    modulus, nullable, rows = CASES[case]
    arrays = []
    fields = []
    for index, (name, kind) in enumerate(COLUMNS):
        values = []
        for row in range(rows):
            is_null = (nullable and (row * 7 + index) % 5 == 0) or name == "nothing"
            values.append(None if is_null else value(name, row % modulus))
        arrays.append(pa.array(values, kind))
        fields.append(pa.field(name, kind, nullable=nullable or name == "nothing"))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def as_json(table):
    """The rows of a table as `fixtures cat` prints them, parsed."""
    import base64

    def convert(value, kind):
        if value is None:
            return None
        if pa.types.is_floating(kind):
            if math.isnan(value):
                return "NaN"
            if math.isinf(value):
                return "Infinity" if value > 0 else "-Infinity"
            return value
        if pa.types.is_decimal(kind):
            return f"{value:.{kind.scale}f}"
        if pa.types.is_binary(kind) or pa.types.is_fixed_size_binary(kind):
            return base64.b64encode(value).decode()
        if pa.types.is_date(kind):
            return value.isoformat()
        if pa.types.is_timestamp(kind):
            text = value.replace(tzinfo=None).strftime("%Y-%m-%dT%H:%M:%S.%f")
            return text + ("Z" if kind.tz else "")
        return value

    columns = [[convert(v, f.type) for v in table[f.name].to_pylist()] for f in table.schema]
    return [dict(zip(table.column_names, row)) for row in zip(*columns)]
