"""The Redis server of a run, private to it, which all sides reach by the same Unix socket."""

import csv
from pathlib import Path

import redis

from bench.command import run
from bench.rates import Turn
from bench.redis.keys import COUNT, common_value, key, own_value
from bench.service import Service
from bench.worker import WorkerFailed

START = Path(__file__).with_name("start")


class Server(Service):
    """Runs from `with` on until its end."""

    def __init__(self, work: Path):
        super().__init__(START, work / "redis.log", "SOCKET")

    @property
    def socket(self) -> str:
        return self.said["SOCKET"]

    def fill(self, size: int):
        """Nothing is there but a value of so many bytes under each key."""
        self.empty()
        with redis.Redis(unix_socket_path=self.socket) as client:
            for start in range(0, COUNT, 100):
                client.mset({key(number): own_value(number, size) for number in range(start, start + 100)})

    def empty(self):
        with redis.Redis(unix_socket_path=self.socket) as client:
            client.flushall()

    def difference(self, size: int) -> str | None:
        """What is wrong after sets: there are other keys than ours, or other values than the one that was set."""
        with redis.Redis(unix_socket_path=self.socket) as client:
            there = client.mget([key(number) for number in range(COUNT)])
            values = [value for value in there if value is not None]
            if not values or client.dbsize() != len(values):
                return f"{len(values)} of {client.dbsize()} keys are ours"
        wrong = sum(value != common_value(size) for value in values)
        return f"{wrong} of {len(values)} values are wrong" if wrong else None

    def benchmark(self, operation: str, size: int, clients: int, pipeline: int, seconds: float) -> Turn:
        """A turn of redis-benchmark, which counts requests and not seconds: a short one tells how many."""
        quick = self._benchmark(operation, size, clients, pipeline, 20_000)
        return self._benchmark(operation, size, clients, pipeline, max(20_000, round(quick.rate * seconds)))

    def _benchmark(self, operation: str, size: int, clients: int, pipeline: int, requests: int) -> Turn:
        said = run(["redis-benchmark", "-s", self.socket, "-t", operation, "-d", size, "-c", clients, "-P", pipeline,
                    "-n", requests, "-r", COUNT, "--csv"])  # fmt: skip
        lines = list(csv.DictReader(said.splitlines()))
        if len(lines) != 1:
            raise WorkerFailed(f"redis-benchmark did nothing: {said.strip()}")
        return Turn(float(lines[0]["rps"]), float(lines[0]["p99_latency_ms"]) * 1000)
