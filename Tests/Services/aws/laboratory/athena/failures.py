"""How a query fails: the text, and Athena's category, type and "may be tried again"."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

SYSTEM, USER, OTHER = 1, 2, 3


@dataclass
class QueryFailed(Exception):
    """A query that ends as FAILED. Types are those of the Athena error catalogue."""

    message: str
    category: int = USER
    type: int = 1000
    retryable: bool = False


class QueryCancelled(Exception):
    """A query that somebody stopped."""


def syntax_error(text: str) -> QueryFailed:
    """The text is not SQL that Athena would read."""
    return QueryFailed(f"SYNTAX_ERROR: {text}", type=1006)


def type_mismatch(text: str) -> QueryFailed:
    """Athena compares and computes only like with like."""
    return QueryFailed(f"TYPE_MISMATCH: {text}")


def not_imitated(what: str) -> QueryFailed:
    """What the laboratory refuses rather than answer wrongly."""
    return QueryFailed(f"NOT_SUPPORTED: the laboratory does not imitate {what}")


_ENGINE = (
    ("Overflow in", "NUMERIC_VALUE_OUT_OF_RANGE"),
    ("out of range", "NUMERIC_VALUE_OUT_OF_RANGE"),
    ("Conversion Error", "INVALID_CAST_ARGUMENT"),
    ("More than one row returned by a subquery", "SUBQUERY_MULTIPLE_ROWS"),
    ("Out of Memory", "EXCEEDED_MEMORY_LIMIT"),
    ("Catalog Error: Scalar Function", "FUNCTION_NOT_FOUND"),
)


def from_engine(error: duckdb.Error) -> QueryFailed:
    """DuckDB's error in Athena's words. Values stay out where DuckDB puts them after the first line."""
    text = str(error).strip().split("\n")[0]
    own = re.search(r"Invalid Input Error: ([A-Z_]+: .*)", text)
    if own:
        return QueryFailed(own.group(1), type=1001)
    if "No such file" in text or "Cannot open file" in text:
        return QueryFailed("HIVE_CANNOT_OPEN_SPLIT: an object disappeared while it was read", retryable=True)
    code = next((code for sign, code in _ENGINE if sign in text), "GENERIC_USER_ERROR")
    kind = 1001 if code.startswith(("NUMERIC", "INVALID")) else 1000
    return QueryFailed(f"{code}: {text}", type=kind)
