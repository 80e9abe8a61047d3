"""The life of a query execution: queued, running, and one of three ends."""

from __future__ import annotations

import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..clock import Clock
from ..front.faults import FaultPlan
from ..settings import Limits
from .failures import OTHER, QueryCancelled, QueryFailed
from .results import ResultFile
from .statements import Statement

WORKERS = 8
INTERRUPT_SECONDS = 0.05
ENGINE_VERSION = {"SelectedEngineVersion": "Athena engine version 3",
                  "EffectiveEngineVersion": "Athena engine version 3"}


@dataclass
class Execution:
    """One execution and everything that `GetQueryExecution` tells of it."""

    query: str
    statement: Statement
    workgroup: str
    database: str
    catalog: str
    output: str
    sql: str = ""
    prefix: str = ""
    cutoff: int | None = None
    reuse: dict[str, Any] | None = None
    managed: bool = False
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "QUEUED"
    states: list[str] = field(default_factory=lambda: ["QUEUED"])
    reason: str | None = None
    failure: QueryFailed | None = None
    submitted: float = 0.0
    started: float | None = None
    completed: float | None = None
    scanned: int = 0
    planning_seconds: float = 0.0
    manifest: str | None = None
    reused: bool = False
    result: ResultFile | None = None
    is_text: bool = False
    cancel: threading.Event = field(default_factory=threading.Event)
    timed_out: bool = False
    interrupt: Callable[[], None] | None = None
    not_before: float = 0.0

    @property
    def finished(self) -> bool:
        """Whether the end is reached."""
        return self.state in ("SUCCEEDED", "FAILED", "CANCELLED")

    def describe(self) -> dict[str, Any]:
        """The `QueryExecution` document."""
        status: dict[str, Any] = {"State": self.state, "SubmissionDateTime": self.submitted}
        if self.reason:
            status["StateChangeReason"] = self.reason
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.failure:
            status["AthenaError"] = {"ErrorCategory": self.failure.category, "ErrorType": self.failure.type,
                                     "Retryable": self.failure.retryable, "ErrorMessage": self.failure.message}
        document: dict[str, Any] = {
            "QueryExecutionId": self.identifier, "Query": self.query, "StatementType": self.statement.kind,
            "SubstatementType": self.statement.substatement, "Status": status, "WorkGroup": self.workgroup,
            "QueryExecutionContext": {"Database": self.database, "Catalog": self.catalog},
            "ResultConfiguration": {} if self.managed else {"OutputLocation": self.output},
            "Statistics": self.statistics(), "EngineVersion": ENGINE_VERSION}
        if self.managed:
            document["ManagedQueryResultsConfiguration"] = {"Enabled": True}
        if self.reuse:
            document["ResultReuseConfiguration"] = self.reuse
        return document

    def statistics(self) -> dict[str, Any]:
        """The `Statistics` document."""
        end = self.completed if self.completed is not None else time.time()
        begun = self.started if self.started is not None else end
        values: dict[str, Any] = {
            "DataScannedInBytes": self.scanned,
            "QueryQueueTimeInMillis": _millis(begun - self.submitted),
            "EngineExecutionTimeInMillis": _millis(end - begun),
            "QueryPlanningTimeInMillis": _millis(self.planning_seconds),
            "TotalExecutionTimeInMillis": _millis(end - self.submitted),
            "ServicePreProcessingTimeInMillis": 0, "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": self.reused}}
        if self.manifest:
            values["DataManifestLocation"] = self.manifest
        return values


class Hold:
    """Keeps executions in a state until a test lets them go."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.state: str | None = None

    def set(self, state: object) -> None:
        """`QUEUED`, `RUNNING`, or None to let go."""
        if state not in (None, "QUEUED", "RUNNING"):
            raise ValueError(f"cannot hold {state}")
        with self.changed:
            self.state = state if isinstance(state, str) else None
            self.changed.notify_all()


class Queue:
    """Runs executions, so many at once as the limits say, oldest first."""

    def __init__(self, limits: Limits, hold: Hold, clock: Clock, faults: FaultPlan,
                 work: Callable[[Execution], None], ended: Callable[[Execution], None]) -> None:
        self._limits, self._hold, self._clock, self._faults = limits, hold, clock, faults
        self._work, self._ended = work, ended
        self._waiting: deque[Execution] = deque()
        self._running = 0
        self._closed = False
        for number in range(WORKERS):
            threading.Thread(target=self._serve, name=f"athena-{number}", daemon=True).start()

    @property
    def active(self) -> int:
        """How many are queued or running."""
        with self._hold.changed:
            return len(self._waiting) + self._running

    def submit(self, execution: Execution) -> None:
        """Queue an execution; a rule for `athena:Queue` keeps it from running for so long."""
        execution.submitted = self._clock.now()
        execution.not_before = time.monotonic() + sum(
            rule.seconds for rule in self._faults.draw("athena:Queue", execution.query) if rule.kind == "delay")
        with self._hold.changed:
            self._waiting.append(execution)
            self._hold.changed.notify_all()

    def stop(self, execution: Execution) -> None:
        """Cancel an execution; one that has ended stays as it is."""
        with self._hold.changed:
            execution.cancel.set()
            if execution in self._waiting:
                self._waiting.remove(execution)
                self._finish(execution, "CANCELLED", "Query cancelled by user")
            self._hold.changed.notify_all()
        if not execution.finished:
            threading.Thread(target=self._press, args=[execution], daemon=True).start()

    def _press(self, execution: Execution) -> None:
        """Interrupt until it is heard: the engine forgets what reaches it before it computes."""
        while not execution.finished and not self._closed:
            interrupt = execution.interrupt
            if interrupt:
                interrupt()
            time.sleep(INTERRUPT_SECONDS)

    def close(self) -> None:
        """Start nothing more."""
        with self._hold.changed:
            self._closed = True
            self._hold.changed.notify_all()

    def _serve(self) -> None:
        while (execution := self._next()) is not None:
            try:
                self._run(execution)
            finally:
                with self._hold.changed:
                    self._running -= 1
                    self._hold.changed.notify_all()

    def _next(self) -> Execution | None:
        with self._hold.changed:
            execution = self._ready()
            while execution is None and not self._closed:
                self._hold.changed.wait(self._patience())
                execution = self._ready()
            if self._closed or execution is None:
                return None
            self._running += 1
            self._waiting.remove(execution)
            self._enter(execution, "RUNNING")
            execution.started = self._clock.now()
            return execution

    def _ready(self) -> Execution | None:
        """The first that may run now."""
        if self._hold.state == "QUEUED" or self._running >= self._limits.running_queries:
            return None
        now = time.monotonic()
        return next((execution for execution in self._waiting if execution.not_before <= now), None)

    def _patience(self) -> float | None:
        """How long until one may run that was kept from it; None where nobody was."""
        now = time.monotonic()
        return min((one.not_before - now for one in self._waiting if one.not_before > now), default=None)

    def _run(self, execution: Execution) -> None:
        with self._hold.changed:
            self._hold.changed.wait_for(
                lambda: self._hold.state != "RUNNING" or execution.cancel.is_set() or self._closed)
        timer = threading.Timer(self._limits.dml_timeout_seconds, self._time_out, [execution])
        timer.daemon = True
        timer.start()
        try:
            if self._inject(execution):
                return
            if execution.cancel.is_set():
                raise QueryCancelled
            self._work(execution)
            self._finish(execution, "SUCCEEDED", None)
        except QueryCancelled as cancelled:
            self._finish(execution, "CANCELLED", str(cancelled) or "Query cancelled by user")
        except QueryFailed as failure:
            if execution.cancel.is_set():
                self._finish(execution, "CANCELLED", "Query cancelled by user")
            else:
                execution.failure = (QueryFailed("Query timeout", OTHER, 206) if execution.timed_out else failure)
                self._finish(execution, "FAILED", execution.failure.message)
        except Exception as error:
            execution.failure = QueryFailed(f"GENERIC_INTERNAL_ERROR: {type(error).__name__}: {error}", 1, 200, True)
            self._finish(execution, "FAILED", execution.failure.message)
        finally:
            timer.cancel()

    def _inject(self, execution: Execution) -> bool:
        """Failures of executions; true if the execution went back into the queue."""
        for rule in self._faults.draw("athena:Execution", execution.query):
            if rule.kind == "delay":
                execution.cancel.wait(rule.seconds)
            elif rule.kind == "requeue":
                with self._hold.changed:
                    self._enter(execution, "QUEUED")
                    self._waiting.append(execution)
                    self._hold.changed.notify_all()
                return True
            elif rule.kind == "fail":
                raise QueryFailed(rule.message, rule.category, rule.type, rule.retryable)
        return False

    def _time_out(self, execution: Execution) -> None:
        execution.timed_out = True
        self._press(execution)

    def _finish(self, execution: Execution, state: str, reason: str | None) -> None:
        execution.interrupt = None
        execution.reason = reason
        execution.completed = self._clock.now()
        self._ended(execution)
        self._enter(execution, state)

    def _enter(self, execution: Execution, state: str) -> None:
        execution.state = state
        execution.states.append(state)


def _millis(seconds: float) -> int:
    return max(0, round(seconds * 1000))
