"""The laboratory's own endpoint, `/_laboratory`: unsigned, on loopback, for tests."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from typing import Any

from ..athena.executions import Hold
from ..clock import Clock
from ..settings import Limits
from .credentials import CredentialBook
from .faults import FaultPlan
from .message import Request, Response
from .meter import Meter
from .operations import CONTROL_PREFIX, json_body


class Control:
    """Reads and changes what a test may read and change."""

    def __init__(self, faults: FaultPlan, meter: Meter, clock: Clock, limits: Limits, hold: Hold,
                 book: CredentialBook) -> None:
        self._faults, self._meter, self._clock = faults, meter, clock
        self._limits, self._hold, self._book = limits, hold, book
        self._routes: dict[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "/health"): lambda request: {"ready": True, "pid": os.getpid()},
            ("GET", "/faults"): lambda request: {"rules": faults.describe()},
            ("POST", "/faults"): self._set_faults,
            ("DELETE", "/faults"): lambda request: faults.clear(),
            ("GET", "/log"): self._log,
            ("DELETE", "/log"): lambda request: meter.clear(),
            ("GET", "/limits"): lambda request: dataclasses.asdict(limits),
            ("POST", "/limits"): self._set_limits,
            ("DELETE", "/limits"): lambda request: self._apply_limits(dataclasses.asdict(Limits())),
            ("POST", "/clock"): self._set_clock,
            ("POST", "/hold"): self._set_hold,
            ("POST", "/expire"): lambda request: book.expire(str(json_body(request)["access_key_id"])),
            ("POST", "/reset"): self._reset,
        }

    def answer(self, request: Request) -> Response:
        """One control request."""
        route = self._routes.get((request.method, request.path.removeprefix(CONTROL_PREFIX)))
        if route is None:
            return _json(404, {"error": "no such control"})
        try:
            return _json(200, route(request) or {})
        except (KeyError, TypeError, ValueError) as error:
            return _json(400, {"error": str(error)})

    def _set_faults(self, request: Request) -> None:
        document: dict[str, Any] = json_body(request)
        self._faults.replace(int(document.get("seed", 0)), document["rules"])

    def _log(self, request: Request) -> dict[str, Any]:
        since = int(request.query.get("since", 0))
        return {"entries": self._meter.entries(since, request.query.get("operation"))}

    def _set_limits(self, request: Request) -> dict[str, Any]:
        self._apply_limits(json_body(request))
        return dataclasses.asdict(self._limits)

    def _apply_limits(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            if not hasattr(self._limits, name):
                raise ValueError(f"unknown limit: {name}")
            setattr(self._limits, name, value)

    def _set_clock(self, request: Request) -> None:
        self._clock.offset_seconds = float(str(json_body(request)["offset_seconds"]))

    def _set_hold(self, request: Request) -> None:
        self._hold.set(json_body(request).get("state"))

    def _reset(self, request: Request) -> None:
        """Faults, limits, clock and hold as at the start; data, log and credentials stay."""
        self._faults.clear()
        self._apply_limits(dataclasses.asdict(Limits()))
        self._clock.offset_seconds = 0.0
        self._hold.set(None)


def _json(status: int, document: Any) -> Response:
    return Response(status, {"Content-Type": "application/json"}, json.dumps(document, default=str).encode())
