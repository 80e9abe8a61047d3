"""One error type for everything the laboratory refuses, rendered later in the caller's own protocol."""

from __future__ import annotations

from typing import Any


class ServiceError(Exception):
    """An answer that is an error: `code` and `status` are the service's, `extra` are its further members."""

    def __init__(self, code: str, message: str, status: int = 400, **extra: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.extra = extra
