"""Puts the parts of the laboratory together."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

from .athena.service import AthenaService
from .clock import Clock
from .front.control import Control
from .front.credentials import CredentialBook
from .front.faults import FaultPlan
from .front.gateway import Gateway, Handler
from .front.meter import Meter
from .front.operations import OperationNames
from .front.server import Server
from .front.signature import SignatureCheck
from .glue.service import GlueService
from .moto_backend import MotoBackend
from .s3.objects import ObjectStore
from .s3.service import StorageService
from .settings import Settings


class Laboratory:
    """A running laboratory: `start`, then `endpoint_url`, then `stop`."""

    def __init__(self, port: int = 0, spool: Path | None = None) -> None:
        self._owned = spool is None
        self.spool = spool or Path(tempfile.mkdtemp(prefix="tokyo-laboratory-"))
        (self.spool / "incoming").mkdir(parents=True, exist_ok=True)
        self.settings = Settings(self.spool, port=port)
        self._server = Server((self.settings.host, port), self.spool / "incoming")
        self.settings.port = self._server.port
        clock, meter, faults = Clock(), Meter(), FaultPlan()
        book = CredentialBook(self.settings)
        self._moto = moto = MotoBackend(self.settings)
        store = ObjectStore(self.spool / "objects")
        self._athena = AthenaService(self.settings, store, moto, clock, meter, faults)
        control = Control(faults, meter, clock, self.settings.limits, self._athena.hold, book)
        self._server.gateway = Gateway(
            SignatureCheck(self.settings, book), book, OperationNames(), faults, meter, clock,
            self._handlers(store, moto, clock), control.answer)
        self._thread = threading.Thread(target=self._server.serve_forever, name="laboratory", daemon=True)

    @property
    def endpoint_url(self) -> str:
        """Where clients connect to."""
        return f"http://{self.settings.host}:{self.settings.port}"

    def start(self) -> None:
        """Begin to answer; what takes long to load is loaded meanwhile."""
        self._thread.start()
        threading.Thread(target=self._moto.warm_up, name="warm-up", daemon=True).start()

    def stop(self) -> None:
        """End every query, close the socket, remove the spool."""
        self._server.shutdown()
        self._server.server_close()
        self._athena.close()
        if self._owned:
            shutil.rmtree(self.spool, ignore_errors=True)

    def _handlers(self, store: ObjectStore, moto: MotoBackend, clock: Clock) -> dict[str, Handler]:
        def plain(service: str) -> Handler:
            return lambda operation, request: moto.call(service, request)

        return {"s3": StorageService(self.settings, store, moto, clock).handle,
                "glue": GlueService(self.settings.limits, moto).handle,
                "athena": self._athena.handle, "sts": plain("sts"), "monitoring": plain("monitoring"),
                "logs": plain("logs")}
