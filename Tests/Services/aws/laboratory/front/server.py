"""A thread per connection, requests one after another on each."""

from __future__ import annotations

import socket
import socketserver
from pathlib import Path
from typing import cast

from .gateway import Gateway
from .message import Response
from .wire import Malformed, read_request, write_response

IDLE_SECONDS = 300


class Server(socketserver.ThreadingTCPServer):
    """Listens on loopback until `shutdown`."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], spool: Path) -> None:
        super().__init__(address, _Connection)
        self.spool = spool
        self.gateway: Gateway | None = None

    @property
    def port(self) -> int:
        """The port that was chosen."""
        return int(self.socket.getsockname()[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that ends badly is the client's affair or an injected fault: nothing to print."""


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    rbufsize = 256 * 1024

    def handle(self) -> None:
        while self._exchange():
            pass

    def _exchange(self) -> bool:
        server = cast(Server, self.server)
        connection = cast(socket.socket, self.connection)
        try:
            request = read_request(self.rfile, connection, server.spool)
        except (Malformed, ValueError):
            write_response(connection, Response(400, {"Content-Type": "text/plain"}, b"not HTTP"), False, False)
            return False
        if request is None or server.gateway is None:
            return False
        try:
            outcome = server.gateway.answer(request)
        finally:
            request.body.discard()
        if outcome.silent:
            return False
        keep = request.headers.text("connection").lower() != "close" and outcome.cut is None
        write_response(connection, outcome.response, request.method == "HEAD", keep, outcome.cut)
        return keep
