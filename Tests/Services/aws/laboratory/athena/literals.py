"""Literals that sqlglot reads with another type than Athena does."""

from __future__ import annotations

import re

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.parser import Parser
from sqlglot.parsers.trino import TrinoParser

MOST_DIGITS = 38


def install() -> None:
    """From now on `DECIMAL '…'` has the digits and places that are written, not those of a bare `DECIMAL`."""
    TrinoParser.TYPE_LITERAL_PARSERS = {**TrinoParser.TYPE_LITERAL_PARSERS, exp.DType.DECIMAL: _decimal}


def _decimal(parser: Parser, literal: exp.Expression, kind: exp.DataType) -> exp.Expression:
    if not kind.expressions and isinstance(literal, exp.Literal):
        found = re.fullmatch(r"[+-]?0*(\d*)(?:\.(\d*))?", literal.name)
        if found is None or not re.search(r"\d", literal.name):
            raise ParseError("Invalid DECIMAL literal")
        whole, places = found.group(1), found.group(2) or ""
        digits = max(1, len(whole) + len(places))
        if digits > MOST_DIGITS:
            raise ParseError(f"DECIMAL literal of more than {MOST_DIGITS} digits")
        kind = exp.DataType.build(f"decimal({digits},{len(places)})")
    return parser.expression(exp.Cast(this=literal, to=kind))
