"""`python -m laboratory READY_FILE`: run in the foreground until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import os
import signal
import threading
from pathlib import Path

from .assembly import Laboratory


def main() -> None:
    """Start, say where in the ready file, wait for the signal, stop."""
    parser = argparse.ArgumentParser(prog="laboratory", description=__doc__)
    parser.add_argument("ready_file", type=Path, help="written, whole, once requests are answered")
    parser.add_argument("--port", type=int, default=0, help="0 chooses a free one")
    arguments = parser.parse_args()
    finished = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: finished.set())
    laboratory = Laboratory(arguments.port)
    laboratory.start()
    try:
        _announce(laboratory, arguments.ready_file)
        finished.wait()
    finally:
        laboratory.stop()
    # Everything is closed: taking a few thousand loaded modules apart would only keep the caller waiting.
    os._exit(0)


def _announce(laboratory: Laboratory, ready_file: Path) -> None:
    settings = laboratory.settings
    lines = {"TOKYO_TEST_AWS_ENDPOINT_URL": laboratory.endpoint_url,
             "TOKYO_TEST_AWS_ACCESS_KEY_ID": settings.access_key_id,
             "TOKYO_TEST_AWS_SECRET_ACCESS_KEY": settings.secret_access_key,
             "TOKYO_TEST_AWS_REGION": settings.region}
    draft = ready_file.with_name(ready_file.name + ".draft")
    draft.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    os.replace(draft, ready_file)


if __name__ == "__main__":
    main()
