"""HTTP/1.1 on a socket: just enough of it, and nothing rewritten on the way in.

The standard library's server merges leading slashes and re-reads headers as mail; a signature is over the
bytes received, so the bytes are what this module keeps.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from http.client import responses as reasons
from pathlib import Path
from typing import BinaryIO

from ..s3.checksums import declared
from .body import BLOCK, receive
from .message import FileSlice, Headers, Request, Response

MAX_LINE = 64 * 1024
MAX_HEADERS = 200


class Malformed(Exception):
    """Not HTTP: the connection cannot go on."""


def read_request(reader: BinaryIO, writer: socket.socket, spool: Path) -> Request | None:
    """The next request of a connection, or None at its orderly end."""
    line = reader.readline(MAX_LINE)
    if not line.strip():
        return None
    parts = line.rstrip(b"\r\n").split(b" ")
    if len(parts) < 3 or not parts[-1].startswith(b"HTTP/1."):
        raise Malformed("request line")
    method, target = parts[0], b" ".join(parts[1:-1])
    headers = _read_headers(reader)
    if (headers.get("expect") or "").lower() == "100-continue":
        writer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    streaming = headers.text("x-amz-content-sha256").startswith("STREAMING-")
    body = receive(_read_payload(reader, headers), spool, declared(headers.get), streaming)
    return Request(method.decode("latin-1"), target.decode("latin-1"), headers, body)


def _read_headers(reader: BinaryIO) -> Headers:
    items: list[tuple[str, str]] = []
    while True:
        line = reader.readline(MAX_LINE)
        if not line.endswith(b"\n"):
            raise Malformed("header line")
        line = line.rstrip(b"\r\n")
        if not line:
            return Headers(items)
        name, colon, value = line.partition(b":")
        if not colon or len(items) == MAX_HEADERS:
            raise Malformed("header field")
        items.append((name.decode("latin-1"), value.decode("latin-1").strip(" \t")))


def _read_payload(reader: BinaryIO, headers: Headers) -> Iterator[bytes]:
    if headers.text("transfer-encoding").lower() == "chunked":
        while size := int(reader.readline(MAX_LINE).partition(b";")[0], 16):
            yield from _read_exactly(reader, size)
            reader.readline(MAX_LINE)
        while reader.readline(MAX_LINE).strip():
            pass
    else:
        yield from _read_exactly(reader, int(headers.text("content-length") or 0))


def _read_exactly(reader: BinaryIO, count: int) -> Iterator[bytes]:
    while count:
        block = reader.read(min(count, BLOCK))
        if not block:
            raise ConnectionError("the body ended early")
        count -= len(block)
        yield block


def write_response(connection: socket.socket, response: Response, head_only: bool,
                   keep_alive: bool, stop_after: int | None = None) -> int:
    """Send an answer; `stop_after` cuts its body there. Returns the body bytes sent."""
    lines = [f"HTTP/1.1 {response.status} {reasons.get(response.status, 'Unknown')}"]
    headers = {"Content-Length": str(response.length), **response.headers,
               "Connection": "keep-alive" if keep_alive else "close"}
    if response.status in (204, 304):
        del headers["Content-Length"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")
    if head_only or response.status in (204, 304):
        connection.sendall(head)
        return 0
    length = response.length if stop_after is None else min(stop_after, response.length)
    if isinstance(response.body, FileSlice):
        connection.sendall(head)
        with response.body.file as file:
            return connection.sendfile(file, response.body.offset, length) if length else 0
    connection.sendall(head + response.body[:length])
    return length
