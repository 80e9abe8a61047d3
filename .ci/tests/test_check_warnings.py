"""Sees .ci/check-warnings tell our warnings from others', with a compiler that only talks."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "check-warnings"

# Acts as `swift build`: makes the checkout of a dependency, says what it is told to, and ends so.
SWIFT = """\
#!/bin/sh
while [ "$1" != --scratch-path ]; do shift; done
mkdir -p "$2/checkouts/swift-log"
touch "$2/checkouts/swift-log/Package.swift"
printf '%b\\n' "$SAYS"
exit "$STATUS"
"""


def check(tmp_path, says, status=0):
    (tmp_path / "bin").mkdir()
    swift = tmp_path / "bin" / "swift"
    swift.write_text(SWIFT)
    swift.chmod(0o755)
    tree = tmp_path / "tree"
    for package in ["", "Examples", "Tests/Programs", "Tests/Clients/One"]:
        (tree / package).mkdir(parents=True, exist_ok=True)
        (tree / package / "Package.swift").touch()
    environment = {
        **os.environ, "PATH": f"{swift.parent}:{os.environ['PATH']}", "SAYS": says, "STATUS": str(status)}
    result = subprocess.run([str(SCRIPT), str(tree)], capture_output=True, text=True, env=environment)
    return result.returncode, result.stdout


@pytest.mark.parametrize(
    "says",
    [
        "Build complete! (1 s)",
        "/x/.build/checkouts/swift-log/Sources/A.swift:1:2: warning: old\\nBuild complete!",
        "/x/.build/checkouts/swift-log/a.c:1:2: warning: old\\n  |  `- warning: old\\nBuild complete!",
        "warning: 'swift-log': found 1 file(s) which are unhandled\\nBuild complete!",
    ],
)
def test_a_build_that_says_nothing_of_ours_passes(tmp_path, says):
    status, output = check(tmp_path, says)
    assert status == 0, output
    assert [line for line in output.splitlines() if line.startswith("·")] == [
        "· .", "· Examples", "· Tests/Programs"]


@pytest.mark.parametrize(
    "says, status, message",
    [
        ("error: no", 1, "does not build"),
        ("Build complete!", 1, "does not build"),
        ("", 0, "does not say that it is complete"),
        ("/x/Sources/A.swift:1:2: warning: unused\\nBuild complete!", 0, "A.swift:1:2: warning: unused"),
        ("warning: 'tree': found 1 file(s) which are unhandled\\nBuild complete!", 0, "'tree': found 1 file"),
        ("warning: couldn't find pc file for libpq\\nBuild complete!", 0, "couldn't find pc file"),
    ],
)
def test_every_other_build_fails_and_says_why(tmp_path, says, status, message):
    result, output = check(tmp_path, says, status)
    assert result == 1
    assert message in output
