"""Programs that say something and end."""

import subprocess
from pathlib import Path

from bench.worker import WorkerFailed


def run(command: list) -> str:
    """What a command prints.

    Raises WorkerFailed where it fails.
    """
    finished = subprocess.run(list(map(str, command)), text=True, capture_output=True, stdin=subprocess.DEVNULL)
    if finished.returncode:
        raise WorkerFailed(f"{Path(command[0]).name} ended with {finished.returncode}: {finished.stderr.strip()}")
    return finished.stdout
