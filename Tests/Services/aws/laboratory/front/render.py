"""Errors in the three protocols that the services speak."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

from ..errors import ServiceError
from .message import Request, Response


def error_response(error: ServiceError, service: str, request: Request, request_id: str) -> Response:
    """An error as `service` would send it for this request."""
    if service == "s3":
        return _storage(error, request, request_id)
    if request.headers.text("content-type").startswith("application/cbor"):
        return Response(error.status, {"Content-Type": "application/cbor",
                                       "smithy-protocol": "rpc-v2-cbor"}, _cbor_error(error))
    if "x-amz-target" in request.headers:
        document = {"__type": error.code, "message": error.message, "Message": error.message, **error.extra}
        return Response(error.status, {"Content-Type": "application/x-amz-json-1.1",
                                       "x-amzn-ErrorType": error.code}, json.dumps(document).encode())
    kind = "Sender" if error.status < 500 else "Receiver"
    text = (f"<ErrorResponse><Error><Type>{kind}</Type><Code>{escape(error.code)}</Code>"
            f"<Message>{escape(error.message)}</Message></Error><RequestId>{request_id}</RequestId>"
            "</ErrorResponse>")
    return Response(error.status, {"Content-Type": "text/xml"}, text.encode())


def _storage(error: ServiceError, request: Request, request_id: str) -> Response:
    if request.method == "HEAD" or error.status == 304:
        return Response(error.status)
    members = {"Code": error.code, "Message": error.message, "Resource": request.path, **error.extra,
               "RequestId": request_id, "HostId": "laboratory"}
    inner = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in members.items())
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{inner}</Error>'
    return Response(error.status, {"Content-Type": "application/xml"}, document.encode())


def _cbor_error(error: ServiceError) -> bytes:
    def text(value: str) -> bytes:
        data = value.encode()
        head = bytes([0x60 | len(data)]) if len(data) < 24 else b"\x79" + len(data).to_bytes(2, "big")
        return head + data

    return b"\xa2" + text("__type") + text(error.code) + text("message") + text(error.message)
