"""Multipart uploads: parts are files, and completing joins them without reading them into memory."""

from __future__ import annotations

import base64
import hashlib
import os
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from ..clock import Clock
from ..errors import ServiceError
from ..front.message import Request, Response
from .checksums import Checksum
from .integrity import check_body
from .objects import ObjectStore, StoredObject, check_write
from .transfer import Transfer, extent, storage_class, stored_headers, tags
from .xml import document, element, iso, parse

SMALLEST_PART = 5 * 1024 * 1024
MOST_PARTS = 10_000
BLOCK = 1024 * 1024


@dataclass
class Part:
    """One uploaded part."""

    path: Path
    size: int
    md5: bytes
    checksum: Checksum | None
    modified: datetime

    @property
    def etag(self) -> str:
        """The part's entity tag."""
        return self.md5.hex()


@dataclass
class Upload:
    """An upload under way."""

    identifier: str
    bucket: str
    key: str
    started: datetime
    storage_class: str
    headers: dict[str, str]
    tags: dict[str, str]
    algorithm: str | None
    checksum_type: str
    parts: dict[int, Part] = field(default_factory=dict)


class Multipart:
    """The operations of multipart uploads."""

    def __init__(self, store: ObjectStore, transfer: Transfer, clock: Clock) -> None:
        self._store = store
        self._transfer = transfer
        self._clock = clock
        self._uploads: dict[str, Upload] = {}
        self._lock = threading.Lock()

    def create(self, request: Request) -> Response:
        """`CreateMultipartUpload`."""
        bucket, key = request.bucket_and_key
        self._store.bucket(bucket)
        algorithm = request.headers.get("x-amz-checksum-algorithm")
        kind = request.headers.get("x-amz-checksum-type") or (
            "FULL_OBJECT" if algorithm == "CRC64NVME" else "COMPOSITE")
        upload = Upload(uuid.uuid4().hex, bucket, key, self._clock.utc(), storage_class(request),
                        stored_headers(request), tags(request), algorithm, kind)
        with self._lock:
            self._uploads[upload.identifier] = upload
        headers = {"x-amz-checksum-algorithm": algorithm, "x-amz-checksum-type": kind} if algorithm else {}
        return document("InitiateMultipartUploadResult", element("Bucket", bucket) + element("Key", key)
                        + element("UploadId", upload.identifier), **headers)

    def upload_part(self, request: Request) -> Response:
        """`UploadPart`: sent again, a part replaces the earlier one."""
        upload = self._find(request)
        checksum = check_body(request)
        path = self._store.new_file()
        length, md5 = request.body.length, request.body.md5
        request.body.move_to(path)
        part = self._add(upload, request, Part(path, length, md5, checksum, self._clock.utc()))
        headers = {"ETag": f'"{part.etag}"'}
        if checksum:
            headers[f"x-amz-checksum-{checksum.algorithm.lower()}"] = checksum.text
        return Response(200, headers)

    def upload_part_copy(self, request: Request) -> Response:
        """`UploadPartCopy`: a part out of an object that is already here."""
        upload = self._find(request)
        source = self._transfer.copy_source(request)
        wanted = request.headers.get("x-amz-copy-source-range")
        if wanted:
            request.headers.items.append(("range", wanted))
        start, end, _ = extent(Request("GET", "/", request.headers, request.body), source)
        path, digest = self._store.new_file(), hashlib.md5()
        with source.path.open("rb") as reader, path.open("wb") as writer:
            reader.seek(start)
            remaining = end - start
            while remaining:
                block = reader.read(min(BLOCK, remaining))
                digest.update(block)
                writer.write(block)
                remaining -= len(block)
        part = self._add(upload, request, Part(path, end - start, digest.digest(), None, self._clock.utc()))
        return document("CopyPartResult", element("LastModified", iso(part.modified))
                        + element("ETag", f'"{part.etag}"'))

    def complete(self, request: Request) -> Response:
        """`CompleteMultipartUpload`: the parts named, in order, become one object."""
        upload = self._find(request)
        parts = _chosen(upload, request)
        with self._store.lock:
            check_write(self._store.bucket(upload.bucket).get(upload.key), upload.key,
                        request.headers.get("if-match"), request.headers.get("if-none-match"))
        size = sum(part.size for part in parts)
        expected = request.headers.get("x-amz-mp-object-size")
        if expected is not None and int(expected) != size:
            raise ServiceError("InvalidRequest", "The provided 'x-amz-mp-object-size' header does not match")
        with self._lock:
            if self._uploads.pop(upload.identifier, None) is None:
                raise _no_such_upload(upload.identifier)
        etag = f"{hashlib.md5(b''.join(part.md5 for part in parts)).hexdigest()}-{len(parts)}"
        path = self._store.new_file()
        checksum = _join(upload, parts, path)
        for part in upload.parts.values():
            part.path.unlink(missing_ok=True)
        self._store.put(upload.bucket, StoredObject(
            upload.key, path, size, etag, self._clock.utc(), upload.storage_class, upload.headers, checksum,
            tuple(part.size for part in parts), upload.tags),
            request.headers.get("if-match"), request.headers.get("if-none-match"))
        inner = (element("Location", f"http://{request.headers.text('host')}/{upload.bucket}/{quote(upload.key)}")
                 + element("Bucket", upload.bucket) + element("Key", upload.key)
                 + element("ETag", f'"{etag}"'))
        if checksum:
            inner += element(f"Checksum{checksum[0]}", checksum[1]) + element("ChecksumType", checksum[2])
        return document("CompleteMultipartUploadResult", inner)

    def abort(self, request: Request) -> Response:
        """`AbortMultipartUpload`."""
        upload = self._find(request)
        with self._lock:
            self._uploads.pop(upload.identifier, None)
        for part in upload.parts.values():
            part.path.unlink(missing_ok=True)
        return Response(204)

    def list_parts(self, request: Request) -> Response:
        """`ListParts`."""
        upload = self._find(request)
        after, limit = int(request.query.get("part-number-marker", 0)), int(request.query.get("max-parts", 1000))
        numbers = sorted(number for number in upload.parts if number > after)
        inner = (element("Bucket", upload.bucket) + element("Key", upload.key)
                 + element("UploadId", upload.identifier) + element("PartNumberMarker", after)
                 + element("MaxParts", limit) + element("IsTruncated", str(len(numbers) > limit).lower())
                 + element("StorageClass", upload.storage_class))
        for number in numbers[:limit]:
            part = upload.parts[number]
            inner += "<Part>" + "".join((
                element("PartNumber", number), element("LastModified", iso(part.modified)),
                element("ETag", f'"{part.etag}"'), element("Size", part.size),
                element(f"Checksum{part.checksum.algorithm}", part.checksum.text) if part.checksum else "",
            )) + "</Part>"
        if len(numbers) > limit:
            inner += element("NextPartNumberMarker", numbers[limit - 1])
        return document("ListPartsResult", inner)

    def list_uploads(self, request: Request) -> Response:
        """`ListMultipartUploads`, in one page."""
        bucket, _ = request.bucket_and_key
        self._store.bucket(bucket)
        prefix = request.query.get("prefix", "")
        inner = element("Bucket", bucket) + element("IsTruncated", "false") + element("MaxUploads", 1000)
        with self._lock:
            found = [one for one in self._uploads.values() if one.bucket == bucket and one.key.startswith(prefix)]
        for upload in sorted(found, key=lambda one: (one.key, one.started)):
            inner += ("<Upload>" + element("Key", upload.key) + element("UploadId", upload.identifier)
                      + element("Initiated", iso(upload.started))
                      + element("StorageClass", upload.storage_class) + "</Upload>")
        return document("ListMultipartUploadsResult", inner)

    def _find(self, request: Request) -> Upload:
        identifier = request.query.get("uploadId", "")
        with self._lock:
            upload = self._uploads.get(identifier)
        if upload is None or (upload.bucket, upload.key) != request.bucket_and_key:
            raise _no_such_upload(identifier)
        return upload

    def _add(self, upload: Upload, request: Request, part: Part) -> Part:
        number = request.query.get("partNumber", "")
        if not number.isdigit() or not 1 <= int(number) <= MOST_PARTS:
            part.path.unlink(missing_ok=True)
            raise ServiceError("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive")
        with self._lock:
            before = upload.parts.get(int(number))
            upload.parts[int(number)] = part
        if before:
            before.path.unlink(missing_ok=True)
        return part


def _chosen(upload: Upload, request: Request) -> list[Part]:
    named = [(int(node.findtext("PartNumber", "0")), node.findtext("ETag", "").strip('" '))
             for node in parse(request.body.read()).findall("Part")]
    if not named:
        raise ServiceError("MalformedXML", "The XML you provided was not well-formed")
    if any(first >= second for (first, _), (second, _) in zip(named, named[1:])):
        raise ServiceError("InvalidPartOrder", "The list of parts was not in ascending order.")
    parts = []
    for number, etag in named:
        part = upload.parts.get(number)
        if part is None or part.etag != etag:
            raise ServiceError("InvalidPart", "One or more of the specified parts could not be found.")
        parts.append(part)
    if any(part.size < SMALLEST_PART for part in parts[:-1]):
        raise ServiceError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
    return parts


def _join(upload: Upload, parts: list[Part], path: Path) -> tuple[str, str, str] | None:
    whole = Checksum.start(upload.algorithm) if upload.algorithm and upload.checksum_type == "FULL_OBJECT" else None
    with path.open("wb") as writer:
        for part in parts:
            with part.path.open("rb") as reader:
                remaining = part.size
                while remaining:
                    remaining -= os.copy_file_range(reader.fileno(), writer.fileno(), remaining)
                reader.seek(0)
                for block in iter(lambda: reader.read(BLOCK), b"") if whole else ():
                    whole.update(block)
            part.path.unlink()
    if upload.algorithm is None:
        return None
    if whole:
        return upload.algorithm, whole.text, "FULL_OBJECT"
    if not all(part.checksum for part in parts):
        return None
    composite = Checksum.start(upload.algorithm)
    for part in parts:
        composite.update(part.checksum.raw if part.checksum else b"")
    return upload.algorithm, f"{base64.b64encode(composite.raw).decode()}-{len(parts)}", "COMPOSITE"


def _no_such_upload(identifier: str) -> ServiceError:
    return ServiceError("NoSuchUpload", "The specified multipart upload does not exist.", 404, UploadId=identifier)
