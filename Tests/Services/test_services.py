"""What Tests/Services/run promises: variables, exit status, and that everything stops."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
import pytest

RUN = str(Path(__file__).parent / "run")


def run(*arguments, **options):
    return subprocess.run([RUN, *arguments], capture_output=True, text=True, timeout=300, **options)


def test_the_exit_status_is_the_commands():
    assert run("sh", "-c", "exit 7").returncode == 7


def test_a_service_that_does_not_exist_is_an_error_that_names_it():
    result = run("--nothing", "true")
    assert result.returncode == 64
    assert "'nothing'" in result.stderr


def test_the_command_reads_standard_input():
    assert run("cat", input="words").stdout == "words"


def test_postgres_is_there_while_the_command_runs_and_gone_after():
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)  # the server runs as another user
        environment = {**os.environ, "TMPDIR": scratch}
        result = run(
            "--postgres", "sh", "-c", 'echo "$TOKYO_TEST_POSTGRES_URL"; exit 3', env=environment)
        assert result.returncode == 3, result.stderr
        url = result.stdout.strip()
        assert url.startswith("postgresql://postgres@127.0.0.1:")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
        assert os.listdir(scratch) == []


def test_the_server_has_the_settings_the_tests_rely_on():
    url = os.environ.get("TOKYO_TEST_POSTGRES_URL") or pytest.fail("there is no server: run Tests/run")
    with psycopg.connect(url) as connection:
        for name, value in {
            "server_version_num": "15",
            "wal_level": "logical",
            "max_prepared_transactions": "10",
            "max_connections": "100",
            "server_encoding": "UTF8",
        }.items():
            assert connection.execute(f"SHOW {name}").fetchone()[0].startswith(value), name


def test_a_terminated_run_stops_its_services_and_its_command():
    with subprocess.Popen(
        [RUN, "--postgres", "sh", "-c", 'echo "$TOKYO_TEST_POSTGRES_URL"; echo $$; exec tail -f /dev/null'],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        url, command = process.stdout.readline().strip(), int(process.stdout.readline())
        psycopg.connect(url).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) == 143
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    with pytest.raises(ProcessLookupError):
        os.kill(command, 0)
