"""Sees Tests/sanitize fail on a report, on a failure, on silence and on blindness; its tools are stand-ins."""

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
case "$*" in
  *--show-bin-path*) echo "$TREE/bin" ;;
  demangle*) cat ;;
esac
"""
# What is compiled here is a copy of what lies beside it.
COMPILER = """\
#!/bin/sh
while [ "$1" != -o ]; do shift; done
cp "$TREE/bin/compiled" "$2"
"""
PROOF = """\
#!/bin/sh
[ "$2" = lawful ] && exit "$LAWFUL"
exit "$RACY"
"""
REPORTS = """\
path=$(printf '%s' "$TSAN_OPTIONS" | sed 's/.*log_path=//').$$
printf 'WARNING: ThreadSanitizer: data race\\nSUMMARY: ThreadSanitizer: data race in it\\n' >"$path"
"""
PROGRAM = """\
#!/bin/sh
printf '%s\\n' "$SAYS"
[ -z "$RACES" ] || { """ + REPORTS + """ }
exit "$STATUS"
"""
PASSED = "✔ Test run with 12 tests in 3 suites passed after 0.1 seconds."
NONE = "✔ Test run with 0 tests in 0 suites passed after 0.1 seconds."


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def tree(tmp_path):
    copy = tmp_path / "tree"
    for name in ["Tests/sanitize", "Tests/Services/run"]:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    for service in ["postgres", "postgres-tls", "pgbouncer", "rclone", "aws", "redis", "redis-cluster", "redis-sentinel"]:
        script(copy / "Tests/Services" / service / "start", SERVICE)
    script(copy / "Tests/setup", "#!/bin/sh\n")
    script(copy / "bin/swift", SWIFT)
    script(copy / "bin/swiftc", COMPILER)
    script(copy / "bin/clang", COMPILER)
    script(copy / "bin/compiled", PROOF)
    script(copy / "bin/tokyo-dataPackageTests.xctest", PROGRAM)
    (copy / "Tests/OneTests").mkdir()
    for name in ["command_line", "bad_input", "kills", "marks"]:
        script(copy / f"Tests/InteropTests/test_{name}.py", f"def test_{name}():\n    pass\n")
    return copy


def run(tree, *arguments, says=PASSED, status=0, races="", lawful=0, racy=66):
    environment = {
        **os.environ, "PATH": f"{tree}/bin:{os.environ['PATH']}", "TREE": str(tree), "SAYS": says,
        "STATUS": str(status), "RACES": races, "LAWFUL": str(lawful), "RACY": str(racy)}
    result = subprocess.run(
        [str(tree / "Tests/sanitize"), *arguments], capture_output=True, text=True, env=environment,
        timeout=300)
    return result.returncode, result.stdout + result.stderr


def test_all_is_well_when_tests_pass_and_nothing_is_reported_and_it_says_how_many(tree):
    status, output = run(tree)
    assert status == 0, output
    assert "16 tests passed" in output


@pytest.mark.parametrize("status", [0, 66])
def test_a_report_is_a_failure_whatever_the_status_of_who_made_it(tree, status):
    result, output = run(tree, races="yes", status=status)
    assert result == 1
    assert "1 reports of the thread sanitizer" in output
    assert "1 data race in it" in output


@pytest.mark.parametrize(
    "says, status, reason",
    [("", 0, "no closing line"), (NONE, 0, "ran no test"), (PASSED, 1, "status 1"), ("", 139, "status 139")],
)
def test_tests_that_fail_or_say_nothing_are_a_failure(tree, says, status, reason):
    result, output = run(tree, says=says, status=status)
    assert result == 1
    assert f"OneTests ({reason}" in output


def test_a_race_that_is_not_seen_and_a_lock_that_is_not_are_failures(tree):
    status, output = run(tree, racy=0)
    assert status == 1
    assert "a race beside locks is not reported" in output
    status, output = run(tree, lawful=66)
    assert status == 1
    assert "lawful locks are reported" in output


def test_a_module_in_which_the_filter_selects_nothing_is_no_failure(tree):
    (tree / "Tests/OtherTests").mkdir()
    script(tree / "bin/tokyo-dataPackageTests.xctest", """\
#!/bin/sh
case "$*" in *OtherTests*) echo "✔ Test run with 0 tests in 0 suites passed after 0.1 seconds."; exit 69 ;; esac
echo "✔ Test run with 12 tests in 3 suites passed after 0.1 seconds."
""")
    status, output = run(tree, "--only", "Suite")
    assert status == 0, output
    status, output = run(tree)
    assert status == 1
    assert "OtherTests (status 69" in output


def test_a_command_line_that_fails_is_a_failure(tree):
    script(tree / "Tests/InteropTests/test_kills.py", "def test_it():\n    assert False\n")
    result, output = run(tree)
    assert result == 1
    assert "command-line (status 1" in output


def test_a_filter_selects_swift_tests_alone_and_at_least_one(tree):
    status, output = run(tree, "--only", "Suite")
    assert status == 0, output
    assert "12 tests passed" in output
    status, output = run(tree, "--only", "no_such_test", says=NONE, status=69)
    assert status == 1
    assert "no test matches 'no_such_test'" in output
