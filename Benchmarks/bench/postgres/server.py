"""The PostgreSQL server of a run, private to it, which both sides reach by the same Unix socket."""

import os
import subprocess
import time
from pathlib import Path

from bench.worker import WorkerFailed

START = Path(__file__).with_name("start")
PSQL = ("psql", "--no-psqlrc", "--quiet")


class Server:
    """Runs from `with` on until its end."""

    def __init__(self, work: Path):
        self.log = work / "server.log"

    def __enter__(self) -> "Server":
        # The file that it announces itself in is a pipe, which says at once that it is there, or that it has ended.
        reading, writing = os.pipe()
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [START, f"/dev/fd/{writing}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as ready:
            said = dict(line.rstrip("\n").split("=", 1) for line in (ready.readline(), ready.readline()) if line)
        if len(said) < 2:
            self.__exit__()
            raise WorkerFailed(f"PostgreSQL did not start: {self.log.read_text().strip()}")
        self.socket, self.port = said["SOCKET"], said["PORT"]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def database(self, name: str) -> "Database":
        """A new database."""
        Database(self, "postgres").ask(f'CREATE DATABASE "{name}"')
        return Database(self, name)


class Database:
    """A database of the server, as programs reach it."""

    def __init__(self, server: Server, name: str):
        self.server = server
        self.name = name
        self.url = f"postgresql://postgres@/{name}?host={server.socket}&port={server.port}"

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


def run(command: list) -> str:
    """What a command prints.

    Raises WorkerFailed where it fails.
    """
    finished = subprocess.run(list(map(str, command)), text=True, capture_output=True, stdin=subprocess.DEVNULL)
    if finished.returncode:
        raise WorkerFailed(f"{Path(command[0]).name} ended with {finished.returncode}: {finished.stderr.strip()}")
    return finished.stdout
