"""The objects themselves: every one a file in the spool, every fact about it in memory."""

from __future__ import annotations

import bisect
import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from ..errors import ServiceError

FROZEN_CLASSES = frozenset({"GLACIER", "DEEP_ARCHIVE"})
STORAGE_CLASSES = frozenset({"STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR",
                             "REDUCED_REDUNDANCY"}) | FROZEN_CLASSES


@dataclass(frozen=True)
class StoredObject:
    """One object. The file never changes: a new upload is a new file."""

    key: str
    path: Path
    size: int
    etag: str
    modified: datetime
    storage_class: str = "STANDARD"
    headers: dict[str, str] = field(default_factory=dict)
    checksum: tuple[str, str, str] | None = None
    part_sizes: tuple[int, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    restored_until: str | None = None

    @property
    def frozen(self) -> bool:
        """Whether reading it needs a restore that has not happened."""
        return self.storage_class in FROZEN_CLASSES and self.restored_until is None


class Bucket:
    """Keys in code-point order, which is the order of their UTF-8 bytes."""

    def __init__(self, name: str, created: datetime) -> None:
        self.name = name
        self.created = created
        self._objects: dict[str, StoredObject] = {}
        self._keys: list[str] = []

    def get(self, key: str) -> StoredObject | None:
        """An object, if it is there."""
        return self._objects.get(key)

    def put(self, item: StoredObject) -> StoredObject | None:
        """Store an object; the one that it replaces."""
        before = self._objects.get(item.key)
        if before is None:
            bisect.insort(self._keys, item.key)
        self._objects[item.key] = item
        return before

    def remove(self, key: str) -> StoredObject | None:
        """Remove an object, if it is there."""
        item = self._objects.pop(key, None)
        if item:
            del self._keys[bisect.bisect_left(self._keys, key)]
        return item

    def keys_after(self, prefix: str, marker: str) -> list[str]:
        """Keys with a prefix that come after a marker."""
        start = max(bisect.bisect_left(self._keys, prefix), bisect.bisect_right(self._keys, marker))
        if not prefix:
            return self._keys[start:]
        return self._keys[start:bisect.bisect_left(self._keys, prefix + "\U0010ffff", lo=start)]

    def __len__(self) -> int:
        return len(self._keys)


class ObjectStore:
    """All buckets. Every change of what exists happens under one lock; bytes are moved outside of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self._buckets: dict[str, Bucket] = {}
        self.lock = threading.RLock()

    def new_file(self) -> Path:
        """A fresh name in the spool."""
        return self._folder / uuid.uuid4().hex

    def add_bucket(self, name: str, created: datetime) -> None:
        """A bucket exists from now on."""
        with self.lock:
            self._buckets.setdefault(name, Bucket(name, created))

    def remove_bucket(self, name: str) -> None:
        """A bucket is gone; it must be empty."""
        with self.lock:
            if len(self.bucket(name)):
                raise ServiceError("BucketNotEmpty", "The bucket you tried to delete is not empty", 409)
            del self._buckets[name]

    def bucket(self, name: str) -> Bucket:
        """A bucket, or the service's error."""
        found = self._buckets.get(name)
        if found is None:
            raise ServiceError("NoSuchBucket", "The specified bucket does not exist", 404, BucketName=name)
        return found

    def has_bucket(self, name: str) -> bool:
        """Whether a bucket exists."""
        return name in self._buckets

    def get(self, bucket: str, key: str) -> StoredObject:
        """An object, or the service's error."""
        with self.lock:
            item = self.bucket(bucket).get(key)
        if item is None:
            raise ServiceError("NoSuchKey", "The specified key does not exist.", 404, Key=key)
        return item

    def put(self, bucket: str, item: StoredObject, if_match: str | None = None,
            if_none_match: str | None = None) -> None:
        """Store an object whose file is complete, if the conditions hold at that instant."""
        with self.lock:
            current = self.bucket(bucket).get(item.key)
            try:
                check_write(current, item.key, if_match, if_none_match)
            except ServiceError:
                item.path.unlink(missing_ok=True)
                raise
            before = self.bucket(bucket).put(item)
        if before and before.path != item.path:
            before.path.unlink(missing_ok=True)

    def remove(self, bucket: str, key: str, if_match: str | None = None) -> None:
        """Remove an object; absent is fine, as in the service."""
        with self.lock:
            current = self.bucket(bucket).get(key)
            if if_match is not None and (current is None or current.etag != if_match.strip('"')):
                raise precondition_failed("If-Match")
            self.bucket(bucket).remove(key)
        if current:
            current.path.unlink(missing_ok=True)

    def below(self, bucket: str, prefix: str) -> list[StoredObject]:
        """Every object whose key starts with a prefix, in order."""
        with self.lock:
            found = self.bucket(bucket)
            return [item for key in found.keys_after(prefix, "") if (item := found.get(key))]


def check_write(current: StoredObject | None, key: str, if_match: str | None, if_none_match: str | None) -> None:
    """The conditions of a conditional write."""
    if if_none_match is not None and current is not None:
        raise precondition_failed("If-None-Match")
    if if_match is not None:
        if current is None:
            raise ServiceError("NoSuchKey", "The specified key does not exist.", 404, Key=key)
        if current.etag != if_match.strip('"'):
            raise precondition_failed("If-Match")


def precondition_failed(condition: str) -> ServiceError:
    """Somebody else was first."""
    return ServiceError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
                        412, Condition=condition)
