"""Drives the `tokyo` command line as a person or a scheduler would."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
import xxhash

# Every command ends long before; only a test of a broken command line waits as long.
PATIENCE = 300


@dataclass
class Finished:
    """What a command left: its exit status (negative for a signal) and what it printed."""

    status: int
    output: str
    log: str

    @property
    def document(self):
        assert self.output, self.log
        return json.loads(self.output)


def described_threads(pid: int) -> str:
    """Where each thread of a process is, as far as the kernel tells: its name, what it waits in, its system call."""
    lines = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines.append(" ".join((task / name).read_text().strip() for name in ("comm", "wchan", "syscall")))
    return "\n".join(lines)


class Tokyo:
    """The command line with one database and one lake."""

    def __init__(self, binary, postgres: str, lake: Path):
        self.binary = binary
        self.postgres = postgres
        self.lake = Path(lake)

    def connect(self, **options) -> psycopg.Connection:
        # The server's zone is far from UTC on purpose; what the tests write means UTC.
        return psycopg.connect(self.postgres, options="-c TimeZone=UTC", **options)

    @property
    def lake_url(self) -> str:
        return str(self.lake)

    @property
    def environment(self) -> dict:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "TOKYO_")) or name == "PGPASSFILE"
        }
        return {**inherited, "TOKYO_POSTGRES_URL": self.postgres, "TOKYO_LAKE_URL": self.lake_url}

    def start(self, *arguments, failpoint: str | None = None) -> subprocess.Popen:
        """Starts a command and goes on."""
        environment = self.environment
        if failpoint:
            environment["TOKYO_FAILPOINT"] = failpoint
        return subprocess.Popen(
            [str(self.binary), *map(str, arguments), "--json"], env=environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments, failpoint=None, input=None, json=True, environment=None) -> Finished:
        """Runs a command, however it ends."""
        own = {**self.environment, **(environment or {})}
        if failpoint:
            own["TOKYO_FAILPOINT"] = failpoint
        with subprocess.Popen(
            [str(self.binary), *map(str, arguments), *(["--json"] if json else [])], env=own, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                output, log = process.communicate(input or "", timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                threads = described_threads(process.pid)
                process.kill()
                output, log = process.communicate()
                raise AssertionError(
                    f"{arguments[0]} does not end; its threads:\n{threads}\nit had printed: {output}{log}") from None
            except BaseException:
                process.kill()
                raise
        return Finished(process.returncode, output, log)

    def __call__(self, *arguments, **options):
        """Runs a command that must succeed, and gives its document."""
        finished = self.run(*arguments, **options)
        assert finished.status == 0, finished.output + finished.log
        return finished.document

    def fails(self, *arguments, status=1, **options) -> dict:
        """Runs a command that must fail with this status, and gives its error."""
        finished = self.run(*arguments, **options)
        assert finished.status == status, f"{finished.status}: {finished.output}{finished.log}"
        error = finished.document["error"]
        assert set(error) == {"code", "message", "context"}
        assert error["message"]
        assert finished.log, "a failure says on stderr what it is"
        return error

    def query(self, query: dict) -> dict:
        return self("query", "--query", "-", input=json.dumps(query))

    def status(self, dataset: str) -> dict[str, dict]:
        return {day["day"]: day for day in self("status", "--dataset", dataset)}

    def wait_for_the_end_of_runs(self, dataset: str):
        """Waits until the server has noticed that the process of a run is gone, and freed its lock."""
        key = xxhash.xxh64_intdigest(f"tokyo_data.run:{dataset}".encode())
        key -= 1 << 64 if key >= 1 << 63 else 0
        with self.connect() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [key])
