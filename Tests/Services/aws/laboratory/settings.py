"""What the laboratory is set to: its account, its credentials, its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

ACCESS_KEY_ID = "AKIATOKYOLABORATORY1"
SECRET_ACCESS_KEY = "laboratory/secret+key/for/tests/only0001"
REGION = "ap-northeast-1"
ACCOUNT_ID = "123456789012"


@dataclass
class Limits:
    """The quotas that a test may lower through `/_laboratory/limits`; zero means "not limited"."""

    active_queries: int = 200
    running_queries: int = 4
    start_rate_per_second: float = 0
    start_burst: int = 0
    read_rate_per_second: float = 0
    read_burst: int = 0
    dml_timeout_seconds: float = 1800
    table_versions: int = 100_000
    partitions_per_write: int = 100


@dataclass
class Settings:
    """Fixed for the life of one laboratory, but for `limits`."""

    spool: Path
    host: str = "127.0.0.1"
    port: int = 0
    access_key_id: str = ACCESS_KEY_ID
    secret_access_key: str = SECRET_ACCESS_KEY
    region: str = REGION
    account_id: str = ACCOUNT_ID
    engine_memory: str = "192MB"
    limits: Limits = field(default_factory=Limits)
