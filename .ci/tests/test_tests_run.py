"""Sees Tests/run fail when a runner fails, dies without a word or runs nothing; its runners are stand-ins."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SERVICE = """\
#!/bin/sh
echo TOKYO_TEST_POSTGRES_URL=postgresql://stand-in >"$1"
tail --pid="$PPID" -f /dev/null & wait
"""
SWIFT = """\
#!/bin/sh
printf '%s\\n' "$SAYS"
exit "$STATUS"
"""
PASSED = "✔ Test run with 12 tests in 3 suites passed after 0.1 seconds."
NONE = "✔ Test run with 0 tests in 0 suites passed after 0.1 seconds."
PYTHON_TEST = """\
import os
def test_the_service_is_there():
    assert os.environ["TOKYO_TEST_POSTGRES_URL"] == "postgresql://stand-in"
"""


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def tree(tmp_path):
    copy = tmp_path / "tree"
    # With all that the environment was made from: from anything else the set-up would make it again.
    for name in ["Tests/run", "Tests/setup", "Tests/requirements.txt", "Tests/Services/aws/requirements.txt",
                 "Tests/Services/run"]:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    for service in ["postgres", "postgres-tls", "pgbouncer", "rclone", "aws", "redis", "redis-cluster", "redis-sentinel"]:
        script(copy / "Tests/Services" / service / "start", SERVICE)
    script(copy / "Tests/Clients/build", "#!/bin/sh\n")
    script(copy / "bin/swift", SWIFT)
    (copy / "Tests/InteropTests").mkdir()
    (copy / "Tests/InteropTests/test_it.py").write_text(PYTHON_TEST)
    return copy


def run(tree, *arguments, says=PASSED, status=0):
    environment = {
        **os.environ, "PATH": f"{tree}/bin:{os.environ['PATH']}", "SAYS": says, "STATUS": str(status)}
    result = subprocess.run(
        [str(tree / "Tests/run"), *arguments], capture_output=True, text=True, env=environment, timeout=300)
    return result.returncode, result.stdout + result.stderr


def test_all_is_well_when_both_runners_close_well_and_their_closing_lines_are_printed(tree):
    status, output = run(tree)
    assert status == 0, output
    assert PASSED in output
    assert "1 passed in" in output


@pytest.mark.parametrize(
    "says, status, reason",
    [("", 0, "no closing line"), (NONE, 0, "ran no test"), (PASSED, 1, "status 1"), ("", 139, "status 139")],
)
def test_a_swift_runner_that_fails_or_says_nothing_is_a_failure(tree, says, status, reason):
    result, output = run(tree, says=says, status=status)
    assert result == 1
    assert f"swift test, the rest ({reason})" in output
    assert f"swift test, Parquet ({reason})" in output


@pytest.mark.parametrize(
    "text, message", [("def test_it():\n    assert False\n", "pytest (status 1)"), ("", "pytest (status 5)")])
def test_a_python_failure_or_no_python_test_is_a_failure(tree, text, message):
    (tree / "Tests/InteropTests/test_it.py").write_text(text)
    result, output = run(tree)
    assert result == 1
    assert message in output


def test_a_client_that_does_not_build_is_a_failure(tree):
    script(tree / "Tests/Clients/build", "#!/bin/sh\nexit 1\n")
    result, output = run(tree)
    assert result == 1
    assert "FAILED: clients" in output


def test_a_missing_service_is_a_failure(tree):
    script(tree / "Tests/Services/postgres/start", "#!/bin/sh\necho no room >&2\nexit 1\n")
    result, output = run(tree)
    assert result != 0
    assert "'postgres' did not start" in output
    assert "no room" in output
    assert PASSED not in output


def test_a_filter_may_select_tests_of_one_runner_only(tree):
    assert run(tree, "--only", "Suite.*/case()")[0] == 0
    assert run(tree, "--only", "service_is_there", says=NONE)[0] == 0


def test_a_filter_that_selects_nothing_is_a_failure(tree):
    status, output = run(tree, "--only", "no_such_test", says=NONE)
    assert status == 1
    assert "no test matches 'no_such_test'" in output
