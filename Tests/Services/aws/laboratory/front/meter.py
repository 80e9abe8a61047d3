"""The request log: what was asked, how many bytes moved, and what it would have cost."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from .operations import Operation

KEPT = 200_000
ATHENA_MINIMUM_BYTES = 10_000_000
MEGABYTE = 1_000_000
DOLLARS_PER_TERABYTE = 5.0
S3_WRITES = {"PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "UploadPartCopy",
             "CompleteMultipartUpload", "ListObjects", "ListObjectsV2", "ListBuckets", "ListParts",
             "ListMultipartUploads", "RestoreObject"}
S3_FREE = {"DeleteObject", "DeleteObjects", "AbortMultipartUpload", "DeleteBucket"}


@dataclass
class Entry:
    """One request, or one executed query (`athena:Execution`)."""

    number: int
    at: float
    operation: str
    target: str
    status: int
    error: str | None
    bytes_in: int
    bytes_out: int
    seconds: float
    dollars: float
    access_key_id: str | None
    request_id: str
    faults: list[str] = field(default_factory=list)
    note: dict[str, Any] = field(default_factory=dict)


class Meter:
    """Collects entries; the oldest leave first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0

    def record(self, **values: Any) -> None:
        """Add an entry; its number and time are given here."""
        with self._lock:
            self._count += 1
            self._entries.append(Entry(number=self._count, at=time.time(), **values))

    def entries(self, since: int = 0, operation: str | None = None) -> list[dict[str, Any]]:
        """The entries after a number, oldest first."""
        with self._lock:
            return [asdict(entry) for entry in self._entries
                    if entry.number > since and operation in (None, entry.operation)]

    def clear(self) -> None:
        """Forget the entries; numbering goes on."""
        with self._lock:
            self._entries.clear()


def request_price(operation: Operation) -> float:
    """Dollars of one request at the list prices of 2026 for `ap-northeast-1`, storage and transfer left out."""
    if operation.service == "s3":
        if operation.name in S3_FREE:
            return 0.0
        return 0.0047 / 1000 if operation.name in S3_WRITES else 0.00037 / 1000
    if operation.service == "glue":
        return 1.0 / 1_000_000
    return 0.0


def billed_bytes(scanned: int) -> int:
    """What a query pays for: whole megabytes, at least ten."""
    return max(ATHENA_MINIMUM_BYTES, -(-scanned // MEGABYTE) * MEGABYTE)


def scan_price(scanned: int) -> float:
    """Dollars of a query that scanned so many bytes."""
    return billed_bytes(scanned) * DOLLARS_PER_TERABYTE / 1e12
