"""The laboratory of the tests, and what it says of the queries that ran in it."""

import os
import subprocess
import time
import uuid
from pathlib import Path

import boto3

from bench.worker import WorkerFailed

REPOSITORY = Path(__file__).resolve().parents[3]
SLOTS = 4
"""How many queries the laboratory runs at once."""


class Laboratory:
    """Runs from `with` on until its end, with one bucket and one database."""

    def __init__(self, work: Path):
        self.ready = work / "laboratory"
        unique = uuid.uuid4().hex[:10]
        self.bucket, self.database = f"bench-{unique}", f"bench_{unique}"

    def __enter__(self) -> "Laboratory":
        # It runs in the environment of the tests, where awswrangler and PyAthena are, too.
        subprocess.run([REPOSITORY / "Tests" / "setup"], check=True, stdout=subprocess.DEVNULL)
        start = REPOSITORY / "Tests" / "Services" / "aws" / "start"
        self.process = subprocess.Popen([start, self.ready], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not self.ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise WorkerFailed("the laboratory did not start")
            time.sleep(0.05)
        said = dict(line.split("=", 1) for line in self.ready.read_text().splitlines())
        self.url, self.region = said["TOKYO_TEST_AWS_ENDPOINT_URL"], said["TOKYO_TEST_AWS_REGION"]
        self.key, self.secret = said["TOKYO_TEST_AWS_ACCESS_KEY_ID"], said["TOKYO_TEST_AWS_SECRET_ACCESS_KEY"]
        self.client("s3").create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": self.region})
        self.client("glue").create_database(DatabaseInput={"Name": self.database})
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def client(self, service: str):
        return boto3.client(
            service, endpoint_url=self.url, region_name=self.region, aws_access_key_id=self.key,
            aws_secret_access_key=self.secret)

    @property
    def environment(self) -> dict[str, str]:
        """What tells each side where the laboratory is, and nothing else about AWS."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **others, "AWS_ENDPOINT_URL": self.url, "AWS_REGION": self.region, "AWS_DEFAULT_REGION": self.region,
            "AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret, "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "PYTHONPATH": str(REPOSITORY / "Benchmarks")}  # fmt: skip

    def queries(self) -> set[str]:
        """The ids of all queries so far."""
        pages = self.client("athena").get_paginator("list_query_executions").paginate(WorkGroup="primary")
        return {name for page in pages for name in page.get("QueryExecutionIds", [])}

    def execution_seconds(self, names: set[str], expected: int) -> list[float]:
        """How long each of these queries ran, in the order in which they began."""
        athena, rest, found = self.client("athena"), sorted(names), []
        for start in range(0, len(rest), 50):
            answer = athena.batch_get_query_execution(QueryExecutionIds=rest[start:start + 50])
            found += answer["QueryExecutions"]
        wrong = [query["Query"] for query in found if query["Status"]["State"] != "SUCCEEDED"]
        if wrong or len(found) < expected:
            raise WorkerFailed(f"{len(found)} queries of at least {expected} ran, and {len(wrong)} failed")
        ran = [
            (query["Status"]["CompletionDateTime"], query["Statistics"]["EngineExecutionTimeInMillis"] / 1000)
            for query in found]
        return [seconds for _, seconds in sorted(ran, key=lambda end: end[0].timestamp() - end[1])]


def longest_chain(seconds: list[float], slots: int) -> float:
    """When the last query would be over if each began as soon as one of the slots was free."""
    free = [0.0] * slots
    for one in seconds:
        free[free.index(min(free))] += one
    return max(free)
