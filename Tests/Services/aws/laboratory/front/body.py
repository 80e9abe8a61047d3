"""Request bodies: small ones in memory, large ones in a spool file, hashed while they arrive."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ..s3.checksums import Checksum

IN_MEMORY = 256 * 1024
BLOCK = 256 * 1024


@dataclass
class SignedChunk:
    """The signature that came with one `aws-chunked` chunk, and the hash of the bytes that came with it."""

    signature: str
    sha256: str


@dataclass
class Body:
    """The decoded payload: `data`, or a file at `path` whose owner is whoever takes it."""

    length: int = 0
    data: bytes = b""
    path: Path | None = None
    sha256: str = hashlib.sha256().hexdigest()
    md5: bytes = hashlib.md5().digest()
    checksum: Checksum | None = None
    chunks: list[SignedChunk] = field(default_factory=list)
    trailers: dict[str, str] = field(default_factory=dict)
    trailer_text: bytes = b""

    def read(self) -> bytes:
        """The whole payload in memory: for documents, never for objects."""
        return self.path.read_bytes() if self.path else self.data

    def move_to(self, target: Path) -> None:
        """Give the payload to the object store: a rename for a spooled one."""
        if self.path:
            os.replace(self.path, target)
            self.path = None
        else:
            target.write_bytes(self.data)

    def discard(self) -> None:
        """Remove the spool file if nobody took it."""
        if self.path:
            self.path.unlink(missing_ok=True)
            self.path = None


class Spool:
    """Collects blocks into a `Body`, computing the digests that the request will be judged by."""

    def __init__(self, folder: Path, algorithm: str | None) -> None:
        self._folder = folder
        self._sha256 = hashlib.sha256()
        self._md5 = hashlib.md5()
        self._checksum = Checksum.start(algorithm) if algorithm else None
        self._memory = bytearray()
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._length = 0

    def write(self, block: bytes) -> None:
        """Add a block."""
        self._sha256.update(block)
        self._md5.update(block)
        if self._checksum:
            self._checksum.update(block)
        self._length += len(block)
        if self._file is None and self._length > IN_MEMORY:
            handle, name = tempfile.mkstemp(dir=self._folder, prefix="body-")
            self._file, self._path = os.fdopen(handle, "wb"), Path(name)
            self._file.write(self._memory)
            self._memory.clear()
        if self._file:
            self._file.write(block)
        else:
            self._memory += block

    def abandon(self) -> None:
        """Forget what came: the connection broke."""
        if self._file and self._path:
            self._file.close()
            self._path.unlink(missing_ok=True)

    def finish(self) -> Body:
        """The body, complete."""
        if self._file:
            self._file.close()
        return Body(self._length, bytes(self._memory), self._path, self._sha256.hexdigest(),
                    self._md5.digest(), self._checksum)


def receive(blocks: Iterable[bytes], folder: Path, algorithm: str | None, aws_chunked: bool) -> Body:
    """Read a payload to its end. With `aws_chunked` the inner chunk frames are removed and remembered."""
    spool = Spool(folder, algorithm)
    try:
        if aws_chunked:
            return _receive_chunks(_Buffered(iter(blocks)), spool)
        for block in blocks:
            spool.write(block)
        return spool.finish()
    except BaseException:
        spool.abandon()
        raise


def _receive_chunks(stream: _Buffered, spool: Spool) -> Body:
    chunks: list[SignedChunk] = []
    while True:
        size, _, extension = stream.line().partition(b";")
        remaining = int(size, 16)
        digest = hashlib.sha256()

        def take(block: bytes) -> None:
            digest.update(block)
            spool.write(block)

        stream.copy(remaining, take)
        chunks.append(SignedChunk(extension.partition(b"chunk-signature=")[2].decode("latin-1"),
                                  digest.hexdigest()))
        if remaining == 0:
            break
        stream.line()
    body = spool.finish()
    body.chunks = chunks
    for line in iter(stream.line, b""):
        name, _, value = line.partition(b":")
        body.trailers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
        if not name.lower().startswith(b"x-amz-trailer-signature"):
            body.trailer_text += line + b"\n"
    for _ in stream.rest():
        pass
    return body


class _Buffered:
    """Lines and exact counts out of a stream of blocks."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._pending = b""

    def line(self) -> bytes:
        while b"\r\n" not in self._pending:
            block = next(self._blocks, None)
            if block is None:
                rest, self._pending = self._pending, b""
                return rest.rstrip(b"\n")
            self._pending += block
        line, _, self._pending = self._pending.partition(b"\r\n")
        return line.rstrip(b"\n")

    def copy(self, count: int, take: Callable[[bytes], None]) -> None:
        while count:
            if not self._pending:
                self._pending = next(self._blocks)
            block, self._pending = self._pending[:count], self._pending[count:]
            take(block)
            count -= len(block)

    def rest(self) -> Iterator[bytes]:
        yield from self._blocks
