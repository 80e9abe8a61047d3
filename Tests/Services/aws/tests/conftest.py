"""A laboratory for the tests: the one that is running, or one of their own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bench import Bench, start_laboratory

PREFIX = "TOKYO_TEST_AWS_"


@pytest.fixture(scope="session")
def settings() -> Iterator[dict[str, str]]:
    """Endpoint and credentials, by the names of the environment variables."""
    if PREFIX + "ENDPOINT_URL" in os.environ:
        yield {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
        return
    with laboratory_of_its_own() as found:
        yield found


@contextmanager
def laboratory_of_its_own() -> Iterator[dict[str, str]]:
    """Endpoint and credentials of one that runs until the end."""
    with tempfile.TemporaryDirectory() as folder:
        process, found, _ = start_laboratory(Path(folder))
        try:
            yield found
        finally:
            process.terminate()
            assert process.wait(30) == 0


@pytest.fixture(scope="session")
def bench(settings: dict[str, str]) -> Bench:
    """Clients, buckets and a database of this run's own."""
    return Bench(settings)


@pytest.fixture
def new_bench() -> Iterator[Bench]:
    """In a laboratory of which nobody has asked anything."""
    with laboratory_of_its_own() as found:
        yield Bench(found)


@pytest.fixture(autouse=True)
def as_at_the_start(bench: Bench) -> Iterator[None]:
    """No failure, limit, hold or wrong clock outlives its test."""
    yield
    bench.control("POST", "/reset")
