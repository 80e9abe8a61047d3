"""Values as Athena writes them into CSV and into `VarCharValue`."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .types import Type


def renderer(kind: Type) -> Callable[[Any], str | None]:
    """A function from a Python value to its text; None stays None, which is NULL."""
    inner = _by_type(kind)
    return lambda value: None if value is None else inner(value)


def _by_type(kind: Type) -> Callable[[Any], str]:
    if kind.is_float:
        return _float
    if kind.name in ("array", "map", "row"):
        return _nested(kind)
    return {"boolean": _boolean, "timestamp": _timestamp, "timestamp with time zone": _zoned,
            "varbinary": lambda value: bytes(value).hex(" "), "decimal": _decimal}.get(kind.name, str)


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _decimal(value: Decimal) -> str:
    return format(value, "f")


def _float(value: float) -> str:
    """Java's `Double.toString`: plain between 10⁻³ and 10⁷, with an exponent outside."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        return format(Decimal(text), "f") if "e" in text else text
    mantissa, _, exponent = format(Decimal(repr(value)).normalize(), "E").partition("E")
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{int(exponent)}"


def _timestamp(value: datetime.datetime) -> str:
    micros = f"{value.microsecond:06d}"
    digits = micros[:3] if micros.endswith("000") else micros
    return f"{value.year:04d}-{value.month:02d}-{value.day:02d} {value:%H:%M:%S}.{digits}"


def _zoned(value: datetime.datetime) -> str:
    return f"{_timestamp(value.astimezone(datetime.UTC))} UTC"


def _nested(kind: Type) -> Callable[[Any], str]:
    parts = [renderer(child) for child in kind.children]

    def text(index: int, value: Any) -> str:
        rendered = parts[index](value)
        return "null" if rendered is None else rendered

    if kind.name == "array":
        return lambda value: "[" + ", ".join(text(0, item) for item in value) + "]"
    if kind.name == "map":
        return lambda value: "{" + ", ".join(f"{text(0, key)}={text(1, item)}" for key, item in
                                             (value.items() if isinstance(value, dict) else value)) + "}"
    return lambda value: "{" + ", ".join(f"{name}={text(index, value[name])}"
                                         for index, name in enumerate(kind.fields)) + "}"
