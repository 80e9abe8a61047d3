"""What Tests/Services/run promises: variables, exit status, and that everything stops."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import boto3
import psycopg
import psycopg.conninfo
import pytest
from botocore.exceptions import EndpointConnectionError

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


@pytest.fixture(scope="module")
def services():
    """What the services announce, all started anew: what is seen here is seen beside no other test."""
    with subprocess.Popen(
        [RUN, "--postgres", "--postgres-tls", "--pgbouncer", "sh", "-c", "env; echo; exec tail -f /dev/null"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        lines = iter(process.stdout.readline, "\n")
        yield dict(line.rstrip("\n").split("=", 1) for line in lines if line.startswith("TOKYO_TEST_"))
        process.send_signal(signal.SIGTERM)


@pytest.mark.parametrize(
    "variable", ["TOKYO_TEST_POSTGRES_URL", "TOKYO_TEST_POSTGRES_TLS_URL", "TOKYO_TEST_PGBOUNCER_SERVER_URL"])
def test_a_server_has_the_settings_the_tests_rely_on(services, variable):
    with psycopg.connect(services[variable]) as connection:
        for name, value in {
            "server_version_num": "15",
            "wal_level": "logical",
            "max_prepared_transactions": "10",
            "max_connections": "200",
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


def test_the_unix_socket_is_the_same_servers(services):
    port = psycopg.conninfo.conninfo_to_dict(services["TOKYO_TEST_POSTGRES_URL"])["port"]
    folder = services["TOKYO_TEST_POSTGRES_SOCKET"]
    with psycopg.connect(host=folder, port=port, user="postgres") as connection:
        assert connection.execute("SELECT inet_server_addr()").fetchone() == (None,)


def test_the_tls_server_takes_nothing_but_tls_by_scram_and_is_who_it_says(services):
    url = services["TOKYO_TEST_POSTGRES_TLS_URL"]
    with psycopg.connect(url) as connection:
        ssl = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        assert connection.execute(ssl).fetchone() == (True,)
        verifier = "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'postgres'"
        assert connection.execute(verifier).fetchone() == (True,)
    psycopg.connect(url, host="127.0.0.1").close()
    for change, words in [
        ({"sslmode": "disable"}, "no encryption"),
        ({"sslrootcert": services["TOKYO_TEST_POSTGRES_TLS_STRANGER"]}, "certificate verify failed"),
        ({"host": "elsewhere.invalid", "hostaddr": "127.0.0.1"}, "elsewhere.invalid"),
        ({"password": "another"}, "password authentication failed"),
    ]:
        with pytest.raises(psycopg.OperationalError, match=words):
            psycopg.connect(url, **change)


def test_the_pooler_gives_each_transaction_the_next_session_of_its_server(services):
    url = services["TOKYO_TEST_PGBOUNCER_URL"]
    with psycopg.connect(url) as one, psycopg.connect(url) as two:
        held = {session.execute("SELECT pg_backend_pid()").fetchone() for session in (one, two)}
        assert len(held) == 2
    with psycopg.connect(url, autocommit=True) as connection:
        met = [connection.execute("SELECT pg_backend_pid()").fetchone() for _ in range(2)]
    assert set(met) == held
    with psycopg.connect(services["TOKYO_TEST_PGBOUNCER_SERVER_URL"]) as connection:
        count = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (%s)"
        assert connection.execute(count, [[process for process, in held]]).fetchone() == (2,)


RCLONE = """
import os, sys, boto3
client = boto3.client(
    "s3", endpoint_url=os.environ["TOKYO_TEST_RCLONE_ENDPOINT_URL"], region_name="us-east-1",
    aws_access_key_id=os.environ["TOKYO_TEST_RCLONE_ACCESS_KEY_ID"],
    aws_secret_access_key=sys.argv[1] or os.environ["TOKYO_TEST_RCLONE_SECRET_ACCESS_KEY"])
bucket = os.environ["TOKYO_TEST_RCLONE_BUCKET"]
client.put_object(Bucket=bucket, Key="a/b", Body=b"words")
print(client.get_object(Bucket=bucket, Key="a/b")["Body"].read().decode(), client.meta.endpoint_url)
"""


def test_rclone_takes_objects_from_those_who_sign_and_is_gone_after():
    with tempfile.TemporaryDirectory() as scratch:
        environment = {**os.environ, "TMPDIR": scratch}
        result = run("--rclone", sys.executable, "-c", RCLONE, "", env=environment)
        assert result.returncode == 0, result.stderr
        words, endpoint = result.stdout.split()
        assert words == "words"
        client = boto3.client(
            "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
        with pytest.raises(EndpointConnectionError):
            client.list_buckets()
        assert os.listdir(scratch) == []


def test_rclone_refuses_what_another_secret_signed():
    result = run("--rclone", sys.executable, "-c", RCLONE, "another")
    assert result.returncode == 1
    assert "SignatureDoesNotMatch" in result.stderr


def redis_cli(url, *words):
    """What redis-cli prints for a command at the address of a URL without a password."""
    host, port = url.rsplit("@", 1)[-1].split("//")[-1].split(",")[0].split("/")[0].split(":")
    return subprocess.run(["redis-cli", "-h", host, "-p", port, *words], capture_output=True, text=True).stdout


def test_redis_takes_nothing_without_its_user_and_is_gone_after():
    with tempfile.TemporaryDirectory() as scratch:
        script = """
            port=${TOKYO_TEST_REDIS_URL##*:}
            redis-cli -p "${port%/*}" PING 2>&1
            socket=${TOKYO_TEST_REDIS_SOCKET_URL##*@}
            redis-cli -s "${socket%%\\?*}" --user tester --pass 'p:a@s/s%w?ord' --no-auth-warning PING
            echo "$TOKYO_TEST_REDIS_URL"
        """
        result = run("--redis", "bash", "-c", script, env={**os.environ, "TMPDIR": scratch})
        refusal, answer, url = result.stdout.split("\n")[0], result.stdout.split("\n")[-3], result.stdout.split()[-1]
        assert refusal.startswith("NOAUTH"), result.stdout + result.stderr
        assert answer == "PONG", result.stdout + result.stderr
        assert redis_cli(url, "PING") == ""
        assert os.listdir(scratch) == []


def test_the_redis_cluster_serves_every_slot_from_three_masters_and_is_gone_after():
    with tempfile.TemporaryDirectory() as scratch:
        words = 'redis-cli -p "${TOKYO_TEST_REDIS_CLUSTER_URL##*:}" CLUSTER INFO; echo "$TOKYO_TEST_REDIS_CLUSTER_URL"'
        result = run("--redis-cluster", "bash", "-c", words, env={**os.environ, "TMPDIR": scratch})
        for line in ["cluster_state:ok", "cluster_slots_ok:16384", "cluster_size:3"]:
            assert line in result.stdout.split(), result.stdout + result.stderr
        assert redis_cli(result.stdout.split()[-1], "PING") == ""
        assert os.listdir(scratch) == []


def test_three_sentinels_agree_on_the_master_and_are_gone_after():
    with tempfile.TemporaryDirectory() as scratch:
        words = """
            hosts=${TOKYO_TEST_REDIS_SENTINEL_URL#*//}
            for host in $(echo "${hosts%%/*}" | tr , ' '); do
              redis-cli -p "${host##*:}" SENTINEL CKQUORUM main
              redis-cli -p "${host##*:}" SENTINEL GET-MASTER-ADDR-BY-NAME main | tail -1
            done
            echo "$TOKYO_TEST_REDIS_SENTINEL_URL"
        """
        result = run("--redis-sentinel", "bash", "-c", words, env={**os.environ, "TMPDIR": scratch})
        lines = result.stdout.splitlines()
        assert [line.startswith("OK 3 usable Sentinels") for line in lines[:6:2]] == [True] * 3, result.stdout
        assert len(set(lines[1:6:2])) == 1
        assert redis_cli(lines[-1], "PING") == ""
        assert os.listdir(scratch) == []


def test_services_leave_nothing_behind():
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        environment = {**os.environ, "TMPDIR": scratch}
        result = run(
            "--postgres-tls", "--pgbouncer", "sh", "-c",
            'echo "$TOKYO_TEST_POSTGRES_TLS_URL"; echo "$TOKYO_TEST_PGBOUNCER_URL"; exit 3', env=environment)
        assert result.returncode == 3, result.stderr
        for url in result.stdout.split():
            with pytest.raises(psycopg.OperationalError, match="Connection refused"):
                psycopg.connect(url)
        assert os.listdir(scratch) == []
