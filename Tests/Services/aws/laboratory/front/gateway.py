"""The way of a request: who signed it, what fails on purpose, who answers, what is written down."""

from __future__ import annotations

import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from ..clock import Clock
from ..errors import ServiceError
from ..s3.xml import http_date
from .credentials import CredentialBook
from .faults import FaultPlan, Rule, throttled
from .message import FileSlice, Request, Response
from .meter import Meter, request_price
from .operations import Operation, OperationNames, is_control
from .render import error_response
from .signature import Claim, SignatureCheck, expired_token

Handler = Callable[[Operation, Request], Response]
UNSIGNED_ACTIONS = ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML")


@dataclass
class Outcome:
    """What goes on the wire: nothing at all if `cut` is zero, its first `cut` body bytes otherwise."""

    response: Response
    cut: int | None = None
    silent: bool = False


@dataclass
class _Visit:
    """One request while it is answered."""

    request: Request
    request_id: str
    started: float
    operation: Operation = Operation("unknown", "Unknown")
    claim: Claim | None = None
    rules: list[Rule] = field(default_factory=list)
    error: ServiceError | None = None


class Gateway:
    """Answers every request of every service."""

    def __init__(self, check: SignatureCheck, book: CredentialBook, names: OperationNames, faults: FaultPlan,
                 meter: Meter, clock: Clock, handlers: dict[str, Handler],
                 control: Callable[[Request], Response]) -> None:
        self._check = check
        self._book = book
        self._names = names
        self._faults = faults
        self._meter = meter
        self._clock = clock
        self._handlers = handlers
        self._control = control

    def answer(self, request: Request) -> Outcome:
        """The outcome of one request; it is in the log when this returns."""
        if is_control(request):
            return Outcome(self._control(request))
        visit = _Visit(request, uuid.uuid4().hex[:16].upper(), time.monotonic())
        outcome = self._attempt(visit)
        headers = {"Date": http_date(self._clock.utc()), "Server": "TokyoLaboratory",
                   "x-amzn-RequestId": visit.request_id, "x-amz-request-id": visit.request_id,
                   "x-amz-id-2": "laboratory"}
        skew = next((rule.seconds for rule in visit.rules if rule.kind == "clock_skew"), 0.0)
        if skew:
            headers["Date"] = http_date(self._clock.shifted(skew))
        outcome.response.headers = {**headers, **outcome.response.headers}
        self._write_down(visit, outcome)
        return outcome

    def _attempt(self, visit: _Visit) -> Outcome:
        try:
            self._identify(visit)
            return self._perform(visit)
        except ServiceError as error:
            visit.error = error
        except Exception:
            traceback.print_exc()
            visit.error = ServiceError("InternalFailure", "The laboratory itself failed; see its output", 500)
        return Outcome(error_response(visit.error, visit.operation.service, visit.request, visit.request_id))

    def _identify(self, visit: _Visit) -> None:
        request = visit.request
        authorization = request.headers.text("authorization") or request.query.get("X-Amz-Credential", "")
        service = authorization.partition(",")[0].rsplit("/", 2)[-2] if authorization.count("/") >= 4 else ""
        unsigned = not authorization and any(name.encode() in request.body.read() for name in UNSIGNED_ACTIONS)
        service = "sts" if unsigned else service
        if service not in self._handlers:
            service = "s3" if "x-amz-target" not in request.headers else "unknown"
        visit.operation = Operation(service, "Unknown")
        visit.operation = self._names.name(service, request)
        # Calls of JSON services all have one target: a test aims at its own by the client's name.
        visit.rules = self._faults.draw(visit.operation, f"{request.target} {request.headers.get('user-agent', '')}")
        skew = sum(rule.seconds for rule in visit.rules if rule.kind == "clock_skew")
        if not unsigned:
            visit.claim = self._check.verify(request, self._clock.now() + skew)
            if visit.operation.service != visit.claim.service:
                raise ServiceError("InvalidSignatureException", "Credential should be scoped to correct service",
                                   403)

    def _perform(self, visit: _Visit) -> Outcome:
        service = visit.operation.service
        for rule in visit.rules:
            if rule.kind == "delay":
                time.sleep(rule.seconds)
            elif rule.kind == "status":
                raise rule.service_error()
            elif rule.kind == "throttle":
                raise throttled(service)
            elif rule.kind == "expired_token":
                raise expired_token(service)
            elif rule.kind == "cut" and rule.when == "before":
                return Outcome(Response(0), silent=True)
            elif rule.kind == "ok_with_error" and rule.when == "before":
                return Outcome(_ok_with_error(rule, visit))
        response = self._handlers[service](visit.operation, visit.request)
        if service == "sts" and response.status == 200 and isinstance(response.body, bytes):
            self._book.learn(response.body)
        return _spoil(response, visit)

    def _write_down(self, visit: _Visit, outcome: Outcome) -> None:
        response = outcome.response
        sent = 0 if outcome.silent or visit.request.method == "HEAD" else response.length
        self._meter.record(
            operation=str(visit.operation), target=visit.request.target,
            status=0 if outcome.silent else response.status,
            error=visit.error.code if visit.error else None, bytes_in=visit.request.body.length,
            bytes_out=sent if outcome.cut is None else min(outcome.cut, sent),
            seconds=time.monotonic() - visit.started,
            dollars=0.0 if response.status in (403, 0) else request_price(visit.operation),
            access_key_id=visit.claim.access_key_id if visit.claim else None, request_id=visit.request_id,
            faults=[rule.kind for rule in visit.rules], note=response.note)


def _spoil(response: Response, visit: _Visit) -> Outcome:
    """An answer as the rules leave it: the operation itself has happened."""
    outcome = Outcome(response)
    for rule in visit.rules:
        if rule.kind == "cut" and rule.when == "after":
            _close(response)
            return Outcome(Response(0), silent=True)
        if rule.kind == "cut" and rule.when == "body":
            outcome.cut = rule.at
        elif rule.kind == "ok_with_error":
            _close(response)
            return Outcome(_ok_with_error(rule, visit))
        elif rule.kind in ("truncate", "corrupt"):
            body = bytearray(_bytes(outcome.response))
            if rule.kind == "truncate":
                del body[rule.at:]
            elif body:
                body[rule.at % len(body)] ^= 1
            outcome.response = replace(outcome.response, body=bytes(body))
    return outcome


def _ok_with_error(rule: Rule, visit: _Visit) -> Response:
    """The service's own error, where success was announced before it was known how the work ends."""
    error = error_response(rule.service_error(), visit.operation.service, visit.request, visit.request_id)
    return replace(error, status=200)


def _bytes(response: Response) -> bytes:
    if isinstance(response.body, bytes):
        return response.body
    with response.body.file as file:
        file.seek(response.body.offset)
        return file.read(response.body.length)


def _close(response: Response) -> None:
    if isinstance(response.body, FileSlice):
        response.body.file.close()
