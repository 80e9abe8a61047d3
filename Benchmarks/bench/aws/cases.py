"""What is moved, and what is asked of it."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Case:
    name: str
    way: Literal["up", "down"]
    objects: int
    size: int
    """Of each object, in bytes."""


CASES = [
    Case("1GB-up", "up", 1, 1 << 30), Case("1GB-down", "down", 1, 1 << 30),
    Case("5000-up", "up", 5_000, 10_000), Case("5000-down", "down", 5_000, 10_000),
]  # fmt: skip

WALL_BARS = {"boto3": 0.8, "s5cmd": 1.0}
PROCESSOR_BARS = {"boto3": 0.4}
