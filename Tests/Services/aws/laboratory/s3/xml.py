"""S3's documents, written and read."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from ..errors import ServiceError
from ..front.message import Response

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def element(name: str, content: object) -> str:
    """`<name>content</name>` with the content escaped."""
    return f"<{name}>{escape(str(content), {chr(34): '&quot;', chr(13): '&#13;'})}</{name}>"


def document(root: str, inner: str, **headers: str) -> Response:
    """A 200 with a document of S3's namespace."""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{inner}</{root}>'
    return Response(200, {"Content-Type": "application/xml", **headers}, text.encode())


def parse(data: bytes) -> ElementTree.Element:
    """A request's document, without namespaces."""
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        raise ServiceError("MalformedXML", "The XML you provided was not well-formed") from None
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2]
    return root


def iso(moment: datetime) -> str:
    """A time inside a document."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def http_date(moment: datetime) -> str:
    """A time inside a header."""
    return format_datetime(moment, usegmt=True)
