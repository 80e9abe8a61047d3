"""Every digest that a client sent, compared with what arrived."""

from __future__ import annotations

import base64
import binascii

from ..errors import ServiceError
from ..front.message import Request
from .checksums import Checksum


def check_body(request: Request) -> Checksum | None:
    """The declared checksum of a body that is what the client meant; an error for one that is not."""
    given = request.headers.get("content-md5")
    if given is not None:
        try:
            expected = base64.b64decode(given, validate=True)
        except binascii.Error:
            expected = b""
        if len(expected) != 16:
            raise ServiceError("InvalidDigest", "The Content-MD5 you specified is not valid.")
        if expected != request.body.md5:
            raise ServiceError("BadDigest", "The Content-MD5 you specified did not match what we received.")
    length = request.headers.get("x-amz-decoded-content-length")
    if length is not None and int(length) != request.body.length:
        raise ServiceError("IncompleteBody", "The request body terminated unexpectedly")
    checksum = request.body.checksum
    if checksum:
        name = f"x-amz-checksum-{checksum.algorithm.lower()}"
        sent = request.headers.get(name) or request.body.trailers.get(name)
        if sent is not None and sent != checksum.text:
            raise ServiceError("BadDigest",
                               f"The {checksum.algorithm} you specified did not match the calculated checksum.")
    return checksum


def require_digest(request: Request) -> None:
    """`DeleteObjects` and lifecycle rules are refused without a digest of their document."""
    if check_body(request) is None and "content-md5" not in request.headers:
        raise ServiceError("InvalidRequest",
                           "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
