"""A request as it was received and a response as it will be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO
from urllib.parse import unquote, unquote_plus

from .body import Body


class Headers:
    """Header fields in the order received; names compare without case, values stay as sent."""

    def __init__(self, items: list[tuple[str, str]] | None = None) -> None:
        self.items: list[tuple[str, str]] = items or []

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a field."""
        wanted = name.lower()
        return next((value for key, value in self.items if key.lower() == wanted), default)

    def text(self, name: str) -> str:
        """The first value of a field, or the empty string."""
        return self.get(name) or ""

    def get_all(self, name: str) -> list[str]:
        """Every value of a field."""
        wanted = name.lower()
        return [value for key, value in self.items if key.lower() == wanted]

    def __contains__(self, name: str) -> bool:
        return self.get(name) is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.items)


@dataclass
class Request:
    """One request. `target` is the raw request target: nothing decoded, nothing normalised."""

    method: str
    target: str
    headers: Headers
    body: Body

    @cached_property
    def path(self) -> str:
        """The raw path, still percent-encoded."""
        return self.target.partition("?")[0]

    @cached_property
    def raw_query(self) -> str:
        """The raw query string, still percent-encoded."""
        return self.target.partition("?")[2]

    @cached_property
    def query(self) -> dict[str, str]:
        """Decoded query parameters; one without `=` has an empty value."""
        pairs = (part.partition("=") for part in self.raw_query.split("&") if part)
        return {unquote_plus(name): unquote_plus(value) for name, _, value in pairs}

    @cached_property
    def bucket_and_key(self) -> tuple[str, str]:
        """Path-style bucket and object key; the key keeps `//`, `.` and `..` as sent."""
        bucket, _, key = self.path[1:].partition("/")
        return unquote(bucket), unquote(key)


@dataclass
class FileSlice:
    """Bytes of an open file that go to the socket without passing through memory; sending closes it."""

    file: BinaryIO
    offset: int
    length: int


@dataclass
class Response:
    """One answer. `note` goes to the request log and never on the wire."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | FileSlice = b""
    note: dict[str, object] = field(default_factory=dict)

    @property
    def length(self) -> int:
        """How many body bytes a complete answer has."""
        return self.body.length if isinstance(self.body, FileSlice) else len(self.body)
