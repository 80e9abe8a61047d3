"""S3's operations by name: objects are ours, the configuration of buckets is moto's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..clock import Clock
from ..errors import ServiceError
from ..front.message import Request, Response
from ..front.operations import Operation
from ..moto_backend import MotoBackend
from ..settings import Settings
from . import listing
from .integrity import require_digest
from .multipart import Multipart
from .objects import Bucket, ObjectStore
from .transfer import Transfer
from .xml import document, element, parse

NOT_IMITATED = frozenset({"PutBucketVersioning", "ListObjectVersions", "SelectObjectContent", "PutObjectAcl",
                          "GetObjectAcl", "PutObjectLockConfiguration", "PutObjectRetention",
                          "PutObjectLegalHold", "GetObjectAttributes", "GetObjectTorrent", "RenameObject",
                          "CreateSession"})


class StorageService:
    """Answers every request that was signed for S3."""

    def __init__(self, settings: Settings, store: ObjectStore, moto: MotoBackend, clock: Clock) -> None:
        self._settings = settings
        self._store = store
        self._moto = moto
        self._clock = clock
        transfer = Transfer(store, clock)
        multipart = Multipart(store, transfer, clock)
        self._handlers: dict[str, Callable[[Request], Response]] = {
            "PutObject": transfer.put_object, "GetObject": transfer.get_object,
            "HeadObject": transfer.head_object, "DeleteObject": transfer.delete_object,
            "CopyObject": transfer.copy_object, "DeleteObjects": self._delete_objects,
            "CreateMultipartUpload": multipart.create, "UploadPart": multipart.upload_part,
            "UploadPartCopy": multipart.upload_part_copy, "CompleteMultipartUpload": multipart.complete,
            "AbortMultipartUpload": multipart.abort, "ListParts": multipart.list_parts,
            "ListMultipartUploads": multipart.list_uploads,
            "ListObjects": lambda request: listing.list_objects(self._bucket(request), request),
            "ListObjectsV2": lambda request: listing.list_objects_v2(self._bucket(request), request),
            "RestoreObject": self._restore, "GetObjectTagging": self._get_tags,
            "PutObjectTagging": self._put_tags, "DeleteObjectTagging": self._delete_tags,
            "CreateBucket": self._create_bucket, "DeleteBucket": self._delete_bucket,
            "HeadBucket": self._head_bucket,
            "PutBucketLifecycleConfiguration": self._put_lifecycle,
        }

    def handle(self, operation: Operation, request: Request) -> Response:
        """One answer."""
        owner = request.headers.get("x-amz-expected-bucket-owner")
        if owner is not None and owner != self._settings.account_id:
            raise ServiceError("AccessDenied", "Access Denied", 403)
        if operation.name in NOT_IMITATED:
            raise ServiceError("NotImplemented", f"The laboratory does not imitate {operation.name}", 501)
        handler = self._handlers.get(operation.name)
        if handler:
            return handler(request)
        bucket, _ = request.bucket_and_key
        if bucket:
            self._store.bucket(bucket)
        return self._moto.call("s3", request)

    def _bucket(self, request: Request) -> Bucket:
        return self._store.bucket(request.bucket_and_key[0])

    def _create_bucket(self, request: Request) -> Response:
        answer = self._moto.call("s3", request)
        if answer.status == 200:
            self._store.add_bucket(request.bucket_and_key[0], self._clock.utc())
        return answer

    def _delete_bucket(self, request: Request) -> Response:
        self._store.remove_bucket(request.bucket_and_key[0])
        return self._moto.call("s3", request)

    def _head_bucket(self, request: Request) -> Response:
        self._bucket(request)
        return Response(200, {"x-amz-bucket-region": self._settings.region})

    def _put_lifecycle(self, request: Request) -> Response:
        self._bucket(request)
        require_digest(request)
        return self._moto.call("s3", request)

    def _delete_objects(self, request: Request) -> Response:
        bucket = self._bucket(request).name
        require_digest(request)
        root = parse(request.body.read())
        named = root.findall("Object")
        if len(named) > 1000:
            raise ServiceError("MalformedXML", "The XML you provided was not well-formed")
        quiet, inner = root.findtext("Quiet", "false").lower() == "true", ""
        for node in named:
            key = node.findtext("Key", "")
            try:
                self._store.remove(bucket, key, node.findtext("ETag"))
                inner += "" if quiet else f"<Deleted>{element('Key', key)}</Deleted>"
            except ServiceError as error:
                inner += ("<Error>" + element("Key", key) + element("Code", error.code)
                          + element("Message", error.message) + "</Error>")
        return document("DeleteResult", inner)

    def _restore(self, request: Request) -> Response:
        bucket, key = request.bucket_and_key
        item = self._store.get(bucket, key)
        if not item.frozen and item.restored_until is None:
            raise ServiceError("InvalidObjectState", "Restore is not allowed for the object's storage class", 403)
        self._store.put(bucket, replace(item, restored_until="Fri, 31 Dec 2100 00:00:00 GMT"))
        return Response(202)

    def _get_tags(self, request: Request) -> Response:
        item = self._store.get(*request.bucket_and_key)
        inner = "".join(f"<Tag>{element('Key', key)}{element('Value', value)}</Tag>"
                        for key, value in item.tags.items())
        return document("Tagging", f"<TagSet>{inner}</TagSet>")

    def _put_tags(self, request: Request) -> Response:
        bucket, key = request.bucket_and_key
        found = {node.findtext("Key", ""): node.findtext("Value", "")
                 for node in parse(request.body.read()).iter("Tag")}
        self._store.put(bucket, replace(self._store.get(bucket, key), tags=found))
        return Response(200)

    def _delete_tags(self, request: Request) -> Response:
        bucket, key = request.bucket_and_key
        self._store.put(bucket, replace(self._store.get(bucket, key), tags={}))
        return Response(204)
