"""What a group is run with."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.worker import WorkerFailed


@dataclass
class Context:
    """Where things are, how much is asked for, and what went wrong."""

    binaries: Path
    """Our built executables."""
    cache: Path
    """What is made once and kept."""
    work: Path
    """Emptied in the end."""
    scale: float
    rounds: int
    tries_settings: bool = True
    """Whether peers also run at their best settings, which are found by trying."""
    failures: list[str] = field(default_factory=list)

    def note(self, text: str):
        """Tells people who watch."""
        print(f"· {text}", file=sys.stderr, flush=True)

    def check(self, difference: str | None, what: str) -> bool:
        """Whether results are equal; a difference makes the whole run fail."""
        if difference is not None:
            self.failures.append(f"{what}: {difference}")
            self.note(f"FAILED: {self.failures[-1]}")
        return difference is None

    @contextmanager
    def case(self, name: str) -> Iterator[None]:
        """One case, without which the others go on where a side fails."""
        try:
            yield
        except WorkerFailed as failure:
            self.check(str(failure), name)
