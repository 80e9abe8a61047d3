"""Who may start now: the quota of active queries and the rates of calls."""

from __future__ import annotations

import threading
import time

from ..errors import ServiceError
from ..settings import Limits

STARTING = frozenset({"StartQueryExecution", "StopQueryExecution"})
READING = frozenset({"GetQueryExecution", "GetQueryResults", "BatchGetQueryExecution", "ListQueryExecutions"})


class Admission:
    """Token buckets, off while their rate is zero."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._tokens: dict[str, tuple[float, float]] = {}

    def call(self, operation: str) -> None:
        """Count a call; an error above the rate."""
        if operation in STARTING:
            self._take("start", self._limits.start_rate_per_second, self._limits.start_burst)
        elif operation in READING:
            self._take("read", self._limits.read_rate_per_second, self._limits.read_burst)

    def start(self, active: int) -> None:
        """An error when so many queued and running queries are the most there may be."""
        if self._limits.active_queries and active >= self._limits.active_queries:
            raise ServiceError("TooManyRequestsException", "You have exceeded the limit for the number of queries "
                               "you can run concurrently. Reduce the number of concurrent queries submitted by "
                               "this account.", Reason="CONCURRENT_QUERY_LIMIT_EXCEEDED")

    def _take(self, name: str, rate: float, burst: int) -> None:
        if not rate:
            return
        with self._lock:
            now = time.monotonic()
            tokens, before = self._tokens.get(name, (float(burst), now))
            tokens = min(float(burst), tokens + (now - before) * rate)
            self._tokens[name] = (tokens - 1 if tokens >= 1 else tokens, now)
        if tokens < 1:
            raise ServiceError("ThrottlingException", "Rate exceeded")
