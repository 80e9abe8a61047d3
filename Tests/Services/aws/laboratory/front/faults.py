"""Failures on demand: which request is hit is decided by rules and a seed, so that a run can be repeated."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ..errors import ServiceError
from .operations import Operation

KINDS = ("status", "throttle", "delay", "cut", "corrupt", "truncate", "ok_with_error", "expired_token",
         "clock_skew", "fail", "requeue")
THROTTLES = {
    "s3": ("SlowDown", "Please reduce your request rate.", 503),
    "athena": ("TooManyRequestsException", "Rate exceeded", 400),
    "sts": ("Throttling", "Rate exceeded", 400),
}


@dataclass
class Rule:
    """One kind of failure for the operations that a pattern names.

    `after` matching requests pass first; then each is hit with `probability`, at most `times` times.
    """

    operation: str
    kind: str
    probability: float = 1.0
    times: int | None = None
    after: int = 0
    target: str = ""
    status: int = 500
    code: str = "InternalError"
    message: str = "injected by the laboratory"
    seconds: float = 0.0
    at: int = 0
    when: str = "after"
    category: int = 1
    type: int = 0
    retryable: bool = True
    seen: int = 0
    hits: int = 0
    dice: random.Random = field(default_factory=random.Random, repr=False)

    def describe(self) -> dict[str, Any]:
        """The rule as the control endpoint shows it."""
        return {name: value for name, value in vars(self).items() if name != "dice"}

    def service_error(self) -> ServiceError:
        """The error that a `status` rule answers with."""
        return ServiceError(self.code, self.message, self.status)


class FaultPlan:
    """The rules in force. Each has its own dice, seeded by its place, so rules do not disturb each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []

    def replace(self, seed: int, rules: list[dict[str, Any]]) -> None:
        """Put new rules in force, from the control endpoint's document."""
        fresh = []
        for index, values in enumerate(rules):
            rule = Rule(**values)
            if rule.kind not in KINDS:
                raise ValueError(f"unknown kind of fault: {rule.kind}")
            rule.dice = random.Random(f"{seed}:{index}")
            fresh.append(rule)
        with self._lock:
            self._rules = fresh

    def clear(self) -> None:
        """No more failures."""
        self.replace(0, [])

    def describe(self) -> list[dict[str, Any]]:
        """The rules with what they saw and hit."""
        with self._lock:
            return [rule.describe() for rule in self._rules]

    def draw(self, operation: Operation | str, target: str = "") -> list[Rule]:
        """The rules that hit this request. Asking counts: ask once per request."""
        name, hit = str(operation), []
        with self._lock:
            for rule in self._rules:
                if not fnmatchcase(name, rule.operation) or rule.target not in target:
                    continue
                rule.seen += 1
                spent = rule.times is not None and rule.hits >= rule.times
                if rule.seen > rule.after and not spent and rule.dice.random() < rule.probability:
                    rule.hits += 1
                    hit.append(rule)
        return hit


def throttled(service: str) -> ServiceError:
    """How each service says "slower"."""
    code, message, status = THROTTLES.get(service, ("ThrottlingException", "Rate exceeded", 400))
    extra = {"Reason": "THROTTLED"} if service == "athena" else {}
    return ServiceError(code, message, status, **extra)
