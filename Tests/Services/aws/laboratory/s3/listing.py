"""Listing a bucket, in both of S3's versions of it."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.parse import quote

from ..errors import ServiceError
from ..front.message import Request, Response
from .objects import Bucket, StoredObject
from .xml import document, element, iso

PAGE = 1000


@dataclass
class Page:
    """One page: objects and rolled-up prefixes, and where the next one starts."""

    objects: list[StoredObject] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    last: str | None = None
    truncated: bool = False


def list_page(bucket: Bucket, prefix: str, delimiter: str, marker: str, limit: int) -> Page:
    """The page after a marker."""
    page, rolled = Page(), ""
    for key in bucket.keys_after(prefix, marker):
        if rolled and key.startswith(rolled):
            continue
        cut = key.find(delimiter, len(prefix)) if delimiter else -1
        common = key[:cut + len(delimiter)] if cut >= 0 else ""
        if common and marker.startswith(common):
            continue
        if len(page.objects) + len(page.prefixes) >= limit:
            page.truncated = True
            return page
        if common:
            rolled = common
            page.prefixes.append(common)
            page.last = common + "\U0010ffff"
        elif item := bucket.get(key):
            page.objects.append(item)
            page.last = key
    return page


def list_objects_v2(bucket: Bucket, request: Request) -> Response:
    """`GET /bucket?list-type=2`."""
    query = request.query
    token = query.get("continuation-token")
    marker = _decode_token(token) if token else query.get("start-after", "")
    page, inner = _common(bucket, request, marker)
    inner += element("KeyCount", len(page.objects) + len(page.prefixes))
    if token:
        inner += element("ContinuationToken", token)
    if query.get("start-after"):
        inner += element("StartAfter", _encoded(query["start-after"], request))
    if page.truncated and page.last is not None:
        inner += element("NextContinuationToken", base64.urlsafe_b64encode(page.last.encode()).decode())
    return document("ListBucketResult", inner)


def list_objects(bucket: Bucket, request: Request) -> Response:
    """`GET /bucket`, the older form."""
    marker = request.query.get("marker", "")
    page, inner = _common(bucket, request, marker)
    inner += element("Marker", _encoded(marker, request))
    if page.truncated and page.last is not None and request.query.get("delimiter"):
        inner += element("NextMarker", _encoded(page.last.rstrip("\U0010ffff"), request))
    return document("ListBucketResult", inner)


def _common(bucket: Bucket, request: Request, marker: str) -> tuple[Page, str]:
    query = request.query
    prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
    try:
        limit = min(int(query.get("max-keys", PAGE)), PAGE)
    except ValueError:
        raise ServiceError("InvalidArgument", "Provided max-keys not an integer") from None
    page = list_page(bucket, prefix, delimiter, marker, limit) if limit > 0 else Page()
    inner = (element("Name", bucket.name) + element("Prefix", _encoded(prefix, request))
             + element("MaxKeys", limit) + element("IsTruncated", str(page.truncated).lower()))
    if delimiter:
        inner += element("Delimiter", _encoded(delimiter, request))
    if query.get("encoding-type"):
        inner += element("EncodingType", query["encoding-type"])
    for item in page.objects:
        inner += "<Contents>" + "".join((
            element("Key", _encoded(item.key, request)), element("LastModified", iso(item.modified)),
            element("ETag", f'"{item.etag}"'),
            element("ChecksumAlgorithm", item.checksum[0]) if item.checksum else "",
            element("Size", item.size), element("StorageClass", item.storage_class))) + "</Contents>"
    for common in page.prefixes:
        inner += f"<CommonPrefixes>{element('Prefix', _encoded(common, request))}</CommonPrefixes>"
    return page, inner


def _encoded(text: str, request: Request) -> str:
    return quote(text, safe="/-_.~*") if request.query.get("encoding-type") == "url" else text


def _decode_token(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token.encode()).decode()
    except ValueError:
        raise ServiceError("InvalidArgument", "The continuation token provided is incorrect") from None
