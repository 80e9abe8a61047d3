"""moto, called inside this process: what the laboratory does not do itself."""

from __future__ import annotations

import io
import os
import threading
from functools import cached_property
from typing import Any
from urllib.parse import unquote_to_bytes

from .front.message import Request, Response
from .settings import Settings

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"})


class MotoBackend:
    """moto's server application without its socket. One call at a time per service: moto has no locks."""

    def __init__(self, settings: Settings) -> None:
        os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "true"
        self._settings = settings
        self._locks = {name: threading.RLock() for name in ("s3", "glue", "sts", "monitoring", "logs", "athena")}

    @cached_property
    def _application(self) -> Any:
        """Loaded when first needed: importing moto takes longer than everything else at the start."""
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

        return DomainDispatcherApplication(create_backend_app)

    def warm_up(self) -> None:
        """Load moto now, so that the first request need not wait for all of it."""
        with self._locks["s3"]:
            _ = self._application
        self.glue()

    def lock(self, service: str) -> threading.RLock:  # type: ignore[valid-type]
        """The lock of a service: held by whoever compares before changing."""
        return self._locks[service]

    def call(self, service: str, request: Request) -> Response:
        """Let moto answer a request, in the laboratory's account whoever signed it."""
        status: list[str] = []
        received: list[tuple[str, str]] = []

        def start_response(line: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
            status.append(line)
            received.extend(headers)
            return lambda data: None

        with self._locks["s3"]:
            application = self._application
        with self._locks[service]:
            result = application(self._environment(service, request), start_response)
            body = b"".join(result)
            if hasattr(result, "close"):
                result.close()
        headers = {name: value for name, value in received if name.lower() not in HOP_BY_HOP}
        return Response(int(status[0].split(" ")[0]), headers, body)

    def glue(self) -> Any:
        """moto's Glue catalogue as objects, for the query engine."""
        from moto.glue.models import glue_backends

        return glue_backends[self._settings.account_id][self._settings.region]

    def _environment(self, service: str, request: Request) -> dict[str, Any]:
        body = request.body.read()
        scope = f"{self._settings.access_key_id}/20260101/{self._settings.region}/{service}/aws4_request"
        environment: dict[str, Any] = {
            "REQUEST_METHOD": request.method, "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1",
            "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
            "QUERY_STRING": request.raw_query, "RAW_URI": request.target, "REQUEST_URI": request.target,
            "SERVER_NAME": self._settings.host, "SERVER_PORT": str(self._settings.port),
            "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": False,
            "wsgi.run_once": False, "CONTENT_LENGTH": str(len(body)),
        }
        for name, value in request.headers:
            key = name.upper().replace("-", "_")
            if key == "CONTENT_TYPE":
                environment[key] = value
            elif key not in ("CONTENT_LENGTH", "TRANSFER_ENCODING", "X_AMZ_CONTENT_SHA256"):
                environment[f"HTTP_{key}"] = value
        environment["HTTP_AUTHORIZATION"] = (f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, "
                                             "Signature=checked")
        return environment
