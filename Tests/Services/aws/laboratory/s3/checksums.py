"""S3's additional checksums: which one a request declares, and its value."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from typing import Protocol

from awscrt import checksums as crt


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class _Crc:
    """A CRC with the shape of a hashlib hash."""

    def __init__(self, function: Callable[[bytes, int], int], width: int) -> None:
        self._function, self._width, self._value = function, width, 0

    def update(self, data: bytes) -> None:
        self._value = self._function(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(self._width, "big")


_ALGORITHMS: dict[str, Callable[[], _Hash]] = {
    "CRC32": lambda: _Crc(zlib.crc32, 4),
    "CRC32C": lambda: _Crc(crt.crc32c, 4),
    "CRC64NVME": lambda: _Crc(crt.crc64nvme, 8),
    "SHA1": hashlib.sha1,
    "SHA256": hashlib.sha256,
}


class Checksum:
    """A running checksum of one of S3's algorithms."""

    def __init__(self, algorithm: str, state: _Hash) -> None:
        self.algorithm = algorithm
        self._state = state

    @classmethod
    def start(cls, algorithm: str) -> Checksum:
        """A fresh checksum; the name must be one that `declared` returns."""
        return cls(algorithm, _ALGORITHMS[algorithm]())

    def update(self, block: bytes) -> None:
        """Add bytes."""
        self._state.update(block)

    @property
    def raw(self) -> bytes:
        """The digest."""
        return self._state.digest()

    @property
    def text(self) -> str:
        """The digest as S3 writes it."""
        return base64.b64encode(self.raw).decode()


def declared(get_header: Callable[[str], str | None]) -> str | None:
    """The algorithm that a request says its payload carries, in a header or in a trailer."""
    for algorithm in _ALGORITHMS:
        if get_header(f"x-amz-checksum-{algorithm.lower()}") is not None:
            return algorithm
    trailer = (get_header("x-amz-trailer") or "").lower()
    named = trailer.removeprefix("x-amz-checksum-") or get_header("x-amz-sdk-checksum-algorithm") or ""
    return named.upper() if named.upper() in _ALGORITHMS else None
