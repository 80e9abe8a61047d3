"""The PostgreSQL server of a run, private to it, which both sides reach by the same Unix socket."""

import subprocess
import time
from pathlib import Path

from bench.command import run
from bench.service import Service
from bench.worker import WorkerFailed

START = Path(__file__).with_name("start")
PSQL = ("psql", "--no-psqlrc", "--quiet")


class Server(Service):
    """Runs from `with` on until its end."""

    def __init__(self, work: Path):
        super().__init__(START, work / "server.log", "SOCKET", "PORT")

    def database(self, name: str) -> "Database":
        """A new database."""
        Database(self, "postgres").ask(f'CREATE DATABASE "{name}"')
        return Database(self, name)


class Database:
    """A database of the server, as programs reach it."""

    def __init__(self, server: Server, name: str):
        self.server = server
        self.name = name
        self.url = f"postgresql://postgres@/{name}?host={server.said['SOCKET']}&port={server.said['PORT']}"

    def ask(self, *commands: str) -> str:
        """Runs SQL and psql's commands, each of its own; the rows of all, with | between columns."""
        arguments = [word for command in commands for word in ("--command", command)]
        return run([*PSQL, "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", "--dbname", self.url,
                    *arguments]).strip()  # fmt: skip

    def time(self, command: str) -> float:
        """The seconds that psql takes for one command, whose rows nobody keeps."""
        start = time.perf_counter()
        finished = subprocess.run([*PSQL, "--dbname", self.url, "--command", command], stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
        if finished.returncode:
            raise WorkerFailed(f"psql ended with {finished.returncode}")
        return seconds

    def pgbench(self, *arguments: str) -> str:
        return run(["pgbench", *arguments, self.url])

    def settle(self):
        """What autovacuum and checkpoints would do at some time or other."""
        self.ask("VACUUM ANALYZE", "CHECKPOINT")
