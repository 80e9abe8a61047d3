"""Types as Glue writes them, as Athena reports them and as DuckDB computes with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

INTEGERS = {"tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19}
FLOATS = ("real", "double")
_NAMES = {"int": "integer", "float": "real", "string": "varchar", "binary": "varbinary", "text": "varchar",
          "struct": "row", "list": "array", "blob": "varbinary"}
_DUCKDB = {"real": "FLOAT", "varbinary": "BLOB", "timestamp with time zone": "TIMESTAMPTZ"}
_DISPLAY = {"real": "float"}
_PRECISION = {"boolean": 1, "tinyint": 3, "smallint": 5, "integer": 10, "bigint": 19, "real": 17, "double": 17,
              "timestamp": 3, "timestamp with time zone": 3, "varbinary": 1073741824}
UNBOUNDED = 2147483647


@dataclass(frozen=True)
class Type:
    """One type. `children` are element types; `fields` the names of a row's fields."""

    name: str
    precision: int = 0
    scale: int = 0
    children: tuple[Type, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def is_integer(self) -> bool:
        """Whether it is one of the four integers."""
        return self.name in INTEGERS

    @property
    def is_float(self) -> bool:
        """Whether it is `real` or `double`."""
        return self.name in FLOATS

    @property
    def is_decimal(self) -> bool:
        """Whether it is a decimal."""
        return self.name == "decimal"

    @property
    def is_number(self) -> bool:
        """Whether arithmetic takes it."""
        return self.is_integer or self.is_float or self.is_decimal

    def as_decimal(self) -> Type:
        """What an integer is when it meets a decimal."""
        return self if self.is_decimal else decimal(INTEGERS[self.name], 0)

    def duckdb(self) -> str:
        """The type in DuckDB's SQL."""
        if self.is_decimal:
            return f"DECIMAL({self.precision},{self.scale})"
        if self.name == "array":
            return f"{self.children[0].duckdb()}[]"
        if self.name == "map":
            return f"MAP({self.children[0].duckdb()}, {self.children[1].duckdb()})"
        if self.name == "row":
            inner = ", ".join(f'"{name}" {child.duckdb()}' for name, child in zip(self.fields, self.children))
            return f"STRUCT({inner})"
        return _DUCKDB.get(self.name, self.name.upper())

    def glue(self) -> str:
        """The type in a Glue column."""
        if self.is_decimal:
            return f"decimal({self.precision},{self.scale})"
        if self.name == "array":
            return f"array<{self.children[0].glue()}>"
        if self.name == "map":
            return f"map<{self.children[0].glue()},{self.children[1].glue()}>"
        if self.name == "row":
            inner = ",".join(f"{name}:{child.glue()}" for name, child in zip(self.fields, self.children))
            return f"struct<{inner}>"
        return {"integer": "int", "real": "float", "varchar": "string", "varbinary": "binary"}.get(self.name,
                                                                                                   self.name)

    def column_info(self, name: str) -> dict[str, Any]:
        """A column of `ResultSetMetadata`."""
        precision = self.precision or _PRECISION.get(self.name, UNBOUNDED if self.name == "varchar" else 0)
        return {"CatalogName": "hive", "SchemaName": "", "TableName": "", "Name": name, "Label": name,
                "Type": _DISPLAY.get(self.name, self.name), "Precision": precision, "Scale": self.scale,
                "Nullable": "UNKNOWN", "CaseSensitive": self.name == "varchar"}


UNKNOWN = Type("unknown")
BIGINT, INTEGER, DOUBLE, REAL = Type("bigint"), Type("integer"), Type("double"), Type("real")
VARCHAR, BOOLEAN, DATE, TIMESTAMP = Type("varchar"), Type("boolean"), Type("date"), Type("timestamp")


def decimal(precision: int, scale: int) -> Type:
    """A decimal, at most 38 digits."""
    return Type("decimal", min(38, precision), scale)


def parse_type(text: str) -> Type:
    """A type from Glue's spelling, Trino's, or DuckDB's."""
    text = text.strip()
    lowered = text.lower()
    if lowered.endswith("[]"):
        return Type("array", children=(parse_type(text[:-2]),))
    found = re.fullmatch(r"([a-z_]+)\s*[(<](.*)[)>]", lowered, re.DOTALL)
    if found is None:
        if lowered.startswith("timestamp"):
            zoned = "time zone" in lowered or lowered == "timestamptz"
            return Type("timestamp with time zone") if zoned else TIMESTAMP
        name = _NAMES.get(lowered, lowered)
        return decimal(10, 0) if name == "decimal" else Type(name)
    name = _NAMES.get(found.group(1), found.group(1))
    parts = _split(text[found.start(2):found.end(2)])
    if name == "decimal":
        return decimal(int(parts[0]), int(parts[1]) if len(parts) > 1 else 0)
    if name in ("array", "map"):
        return Type(name, children=tuple(parse_type(part) for part in parts))
    if name == "row":
        pairs = [re.match(r'\s*"?([^":\s]+)"?\s*[: ]\s*(.*)', part, re.DOTALL) for part in parts]
        return Type("row", children=tuple(parse_type(pair.group(2)) for pair in pairs if pair),
                    fields=tuple(pair.group(1) for pair in pairs if pair))
    if name == "timestamp":
        return Type("timestamp with time zone") if "time zone" in lowered else TIMESTAMP
    return Type(name)


def _split(text: str) -> list[str]:
    parts, depth, current = [], 0, ""
    for character in text:
        depth += (character in "(<") - (character in ")>")
        if character == "," and depth == 0:
            parts.append(current.strip())
            current = ""
        else:
            current += character
    return [*parts, current.strip()]
