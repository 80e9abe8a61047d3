"""Reading objects and writing them in one piece."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, unquote

from ..clock import Clock
from ..errors import ServiceError
from ..front.message import FileSlice, Request, Response
from .integrity import check_body
from .objects import STORAGE_CLASSES, ObjectStore, StoredObject, precondition_failed
from .xml import document, element, http_date, iso

KEPT_HEADERS = ("content-type", "content-encoding", "content-disposition", "content-language", "cache-control",
                "expires")


class Transfer:
    """`PutObject`, `GetObject`, `HeadObject`, `CopyObject`, `DeleteObject`."""

    def __init__(self, store: ObjectStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def put_object(self, request: Request) -> Response:
        """Store the payload, after every digest that came with it has been compared."""
        bucket, key = request.bucket_and_key
        self._store.bucket(bucket)
        checksum = check_body(request)
        path = self._store.new_file()
        length, etag = request.body.length, request.body.md5.hex()
        request.body.move_to(path)
        kept = (checksum.algorithm, checksum.text, "FULL_OBJECT") if checksum else None
        self._store.put(bucket, StoredObject(key, path, length, etag, self._clock.utc(), storage_class(request),
                                             stored_headers(request), kept, tags=tags(request)),
                        request.headers.get("if-match"), request.headers.get("if-none-match"))
        answer = {"ETag": f'"{etag}"'}
        if checksum:
            answer[f"x-amz-checksum-{checksum.algorithm.lower()}"] = checksum.text
            answer["x-amz-checksum-type"] = "FULL_OBJECT"
        return Response(200, answer)

    def get_object(self, request: Request) -> Response:
        """The bytes, straight from the file."""
        item = self._readable(request)
        if item.frozen:
            raise ServiceError("InvalidObjectState", "The operation is not valid for the object's storage class",
                               403, StorageClass=item.storage_class)
        start, end, partial = extent(request, item)
        try:
            body = FileSlice(item.path.open("rb"), start, end - start)
        except FileNotFoundError:
            raise ServiceError("NoSuchKey", "The specified key does not exist.", 404, Key=item.key) from None
        headers = _answer_headers(request, item, whole=not partial)
        if partial:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{item.size}"
        return Response(206 if partial else 200, headers, body)

    def head_object(self, request: Request) -> Response:
        """As `get_object`, without bytes, also for frozen objects."""
        item = self._readable(request)
        start, end, partial = extent(request, item)
        headers = {**_answer_headers(request, item, whole=not partial), "Content-Length": str(end - start)}
        if partial:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{item.size}"
        return Response(206 if partial else 200, headers)

    def delete_object(self, request: Request) -> Response:
        """Absent objects are deleted too."""
        self._store.remove(*request.bucket_and_key, if_match=request.headers.get("if-match"))
        return Response(204)

    def copy_object(self, request: Request) -> Response:
        """A copy on the server's side; onto itself it changes metadata or storage class."""
        bucket, key = request.bucket_and_key
        source = self.copy_source(request)
        path = self._store.new_file()
        shutil.copyfile(source.path, path)
        replaced = request.headers.text("x-amz-metadata-directive").upper() == "REPLACE"
        self._store.put(bucket, replace(
            source, key=key, path=path, modified=self._clock.utc(), storage_class=storage_class(request),
            headers=stored_headers(request) if replaced else source.headers, restored_until=None,
            tags=tags(request) or source.tags),
            request.headers.get("if-match"), request.headers.get("if-none-match"))
        return document("CopyObjectResult", element("LastModified", iso(self._clock.utc()))
                        + element("ETag", f'"{source.etag}"'))

    def copy_source(self, request: Request) -> StoredObject:
        """The object that `x-amz-copy-source` names, if its conditions hold."""
        name = unquote(request.headers.text("x-amz-copy-source").partition("?versionId=")[0]).lstrip("/")
        bucket, _, key = name.partition("/")
        source = self._store.get(bucket, key)
        if source.frozen:
            raise ServiceError("InvalidObjectState", "The source object is archived", 403)
        wanted = request.headers.get("x-amz-copy-source-if-match")
        if wanted is not None and wanted.strip('"') != source.etag:
            raise precondition_failed("x-amz-copy-source-If-Match")
        return source

    def _readable(self, request: Request) -> StoredObject:
        item = self._store.get(*request.bucket_and_key)
        headers = request.headers
        if_match, if_none_match = headers.get("if-match"), headers.get("if-none-match")
        if if_match not in (None, "*") and str(if_match).strip('"') != item.etag:
            raise precondition_failed("If-Match")
        if if_none_match == "*" or (if_none_match or "").strip('"') == item.etag:
            raise ServiceError("NotModified", "Not Modified", 304)
        modified = item.modified.replace(microsecond=0)
        since, until = headers.get("if-modified-since"), headers.get("if-unmodified-since")
        if since and if_none_match is None and modified <= parsedate_to_datetime(since):
            raise ServiceError("NotModified", "Not Modified", 304)
        if until and if_match is None and modified > parsedate_to_datetime(until):
            raise precondition_failed("If-Unmodified-Since")
        return item


def storage_class(request: Request) -> str:
    """The storage class that a request asks for."""
    name = request.headers.get("x-amz-storage-class") or "STANDARD"
    if name not in STORAGE_CLASSES:
        raise ServiceError("InvalidStorageClass", "The storage class you specified is not valid")
    return name


def stored_headers(request: Request) -> dict[str, str]:
    """The headers that come back with the object, user metadata among them."""
    kept = {name.lower(): value for name, value in request.headers
            if name.lower() in KEPT_HEADERS or name.lower().startswith("x-amz-meta-")}
    encodings = [part.strip() for part in kept.get("content-encoding", "").split(",")]
    kept["content-encoding"] = ",".join(part for part in encodings if part and part != "aws-chunked")
    kept.setdefault("content-type", "binary/octet-stream")
    return {name: value for name, value in kept.items() if value}


def tags(request: Request) -> dict[str, str]:
    """Tags in `x-amz-tagging`."""
    return dict(parse_qsl(request.headers.text("x-amz-tagging"), keep_blank_values=True))


def _answer_headers(request: Request, item: StoredObject, whole: bool) -> dict[str, str]:
    headers = {**item.headers, "ETag": f'"{item.etag}"', "Last-Modified": http_date(item.modified),
               "Accept-Ranges": "bytes"}
    if item.storage_class != "STANDARD":
        headers["x-amz-storage-class"] = item.storage_class
    if item.restored_until:
        headers["x-amz-restore"] = f'ongoing-request="false", expiry-date="{item.restored_until}"'
    if item.checksum and whole and request.headers.text("x-amz-checksum-mode").upper() == "ENABLED":
        algorithm, value, kind = item.checksum
        headers[f"x-amz-checksum-{algorithm.lower()}"] = value
        headers["x-amz-checksum-type"] = kind
    if item.tags:
        headers["x-amz-tagging-count"] = str(len(item.tags))
    if "partNumber" in request.query:
        headers["x-amz-mp-parts-count"] = str(len(item.part_sizes) or 1)
    for name, value in request.query.items():
        if name.startswith("response-"):
            headers[name.removeprefix("response-")] = value
    return headers


def extent(request: Request, item: StoredObject) -> tuple[int, int, bool]:
    """First byte, end and whether it is less than the whole, as `Range` or `partNumber` ask."""
    part = request.query.get("partNumber")
    if part:
        sizes = item.part_sizes or (item.size,)
        if not part.isdigit() or not 1 <= int(part) <= len(sizes):
            raise ServiceError("InvalidPartNumber", "The requested partnumber is not satisfiable", 416)
        start = sum(sizes[:int(part) - 1])
        return start, start + sizes[int(part) - 1], True
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.text("range"))
    if not found or found.groups() == ("", ""):
        return 0, item.size, False
    first, last = found.groups()
    if not first:
        start, end = max(0, item.size - int(last)), item.size
    else:
        start, end = int(first), min(int(last) + 1, item.size) if last else item.size
    if start >= item.size or start >= end:
        raise ServiceError("InvalidRange", "The requested range is not satisfiable", 416,
                           ActualObjectSize=item.size)
    return start, end, True
