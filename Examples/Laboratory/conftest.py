"""Starts a laboratory for the tests of the example, or uses the one that is running."""

from __future__ import annotations

import os
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from revenue import Revenue

START = Path(__file__).parents[2] / "Tests" / "Services" / "aws" / "start"
PREFIX = "TOKYO_TEST_AWS_"


@pytest.fixture(scope="session")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Where it is and who may sign."""
    if PREFIX + "ENDPOINT_URL" in os.environ:
        yield {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
        return
    ready = tmp_path_factory.mktemp("laboratory") / "ready"
    process = subprocess.Popen([str(START), str(ready)])
    while not ready.exists() and process.poll() is None:
        time.sleep(0.05)
    yield dict(line.split("=", 1) for line in ready.read_text().splitlines())
    process.terminate()
    process.wait(30)


@pytest.fixture
def revenue(laboratory: dict[str, str]) -> Revenue:
    """The service, in a bucket and a database of its own."""
    def client(service: str) -> Any:
        return boto3.client(
            service, endpoint_url=laboratory[PREFIX + "ENDPOINT_URL"], region_name=laboratory[PREFIX + "REGION"],
            aws_access_key_id=laboratory[PREFIX + "ACCESS_KEY_ID"],
            aws_secret_access_key=laboratory[PREFIX + "SECRET_ACCESS_KEY"],
            config=Config(retries={"max_attempts": 4, "mode": "standard"}))

    name = f"example-{uuid.uuid4().hex[:10]}"
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": laboratory[PREFIX + "REGION"]})
    service = Revenue(s3, client("glue"), client("athena"), name, name.replace("-", "_"))
    service.create()
    return service


@pytest.fixture
def control(laboratory: dict[str, str]) -> Iterator[Callable[..., dict[str, Any]]]:
    """The laboratory's own endpoint; everything that a test sets is taken back."""
    base = laboratory[PREFIX + "ENDPOINT_URL"] + "/_laboratory"

    def call(method: str, path: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = requests.request(method, base + path, json=document, timeout=10)
        answer.raise_for_status()
        return dict(answer.json())

    yield call
    call("POST", "/reset")
