"""Which operation a request asks for, read from botocore's own service models."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from botocore.loaders import Loader

from .message import Request

SERVICES_BY_TARGET = {"AmazonAthena": "athena", "AWSGlue": "glue"}
CONTROL_PREFIX = "/_laboratory"


@dataclass(frozen=True)
class Operation:
    """A service's operation, named as boto3 names it: `s3:GetObject`, `athena:StartQueryExecution`."""

    service: str
    name: str

    def __str__(self) -> str:
        return f"{self.service}:{self.name}"


@dataclass(frozen=True)
class _Route:
    name: str
    method: str
    with_bucket: bool
    with_key: bool
    constants: tuple[tuple[str, str], ...]
    parameters: frozenset[str]
    headers: frozenset[str] = field(default_factory=frozenset)

    def matches(self, request: Request, bucket: str, key: str) -> bool:
        return (self.method == request.method and self.with_bucket == bool(bucket)
                and self.with_key == bool(key) and self.parameters <= request.query.keys()
                and all(request.query.get(name) == value for name, value in self.constants)
                and all(name in request.headers for name in self.headers))

    @property
    def weight(self) -> int:
        return len(self.constants) + len(self.parameters) + len(self.headers)


class OperationNames:
    """Names operations; S3's, which are spread over methods, paths and queries, through a table."""

    def __init__(self) -> None:
        model = Loader().load_service_model("s3", "service-2")
        routes = [_route(name, body, model["shapes"]) for name, body in model["operations"].items()]
        self._routes = sorted(routes, key=lambda route: (-route.weight, route.name))

    def name(self, service: str, request: Request) -> Operation:
        """The operation of a request whose signature names `service`."""
        target = request.headers.get("x-amz-target")
        if target:
            prefix, _, name = target.rpartition(".")
            return Operation(SERVICES_BY_TARGET.get(prefix.partition("_")[0], service), name)
        if service == "s3":
            return Operation("s3", self._storage(request))
        if "/operation/" in request.path:
            return Operation(service, request.path.rpartition("/")[2])
        form = parse_qs(request.body.read().decode("utf-8", "replace")) if request.method == "POST" else {}
        action = form.get("Action", [request.query.get("Action", "Unknown")])[0]
        return Operation(service, action)

    def _storage(self, request: Request) -> str:
        bucket, key = request.bucket_and_key
        return next((route.name for route in self._routes if route.matches(request, bucket, key)), "Unknown")


def _route(name: str, operation: dict[str, object], shapes: dict[str, dict[str, object]]) -> _Route:
    http: dict[str, str] = operation["http"]  # type: ignore[assignment]
    path, _, query = http["requestUri"].partition("?")
    constants, parameters, headers = [], set(), set()
    for part in filter(None, query.split("&")):
        key, _, value = part.partition("=")
        if key != "x-id":
            constants.append((key, value)) if value else parameters.add(key)
    shape = shapes[operation["input"]["shape"]] if "input" in operation else {}  # type: ignore[index]
    members: dict[str, dict[str, str]] = shape.get("members", {})  # type: ignore[assignment]
    for required in shape.get("required", []):  # type: ignore[attr-defined]
        member = members[required]
        if member.get("location") == "querystring":
            parameters.add(member["locationName"])
        elif member.get("location") == "header":
            headers.add(member["locationName"].lower())
    return _Route(name, http["method"], "{Bucket}" in path, "{Key+}" in path, tuple(constants),
                  frozenset(parameters), frozenset(headers))


def is_control(request: Request) -> bool:
    """Whether a request is for the laboratory itself."""
    return request.path.startswith(CONTROL_PREFIX)


def json_body(request: Request) -> dict[str, object]:
    """The document of a JSON request; an empty body is an empty document."""
    document = json.loads(request.body.read() or b"{}")
    if not isinstance(document, dict):
        raise ValueError("the document is not an object")
    return document
