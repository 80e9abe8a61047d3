"""The laboratory's own idea of the time, which a test may shift."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """Wall-clock time plus an offset, so that a client's clock can be made wrong without touching it."""

    def __init__(self) -> None:
        self.offset_seconds = 0.0

    def now(self) -> float:
        """Seconds since 1970, shifted."""
        return time.time() + self.offset_seconds

    def utc(self) -> datetime:
        """The shifted time as an aware UTC datetime."""
        return datetime.fromtimestamp(self.now(), UTC)

    def shifted(self, seconds: float) -> datetime:
        """The time that a clock wrong by so many seconds would show."""
        return datetime.fromtimestamp(self.now() + seconds, UTC)
