"""Failures on demand, the request log, and what things cost."""

from __future__ import annotations

import contextlib
import time

import pytest
from bench import Bench
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)


@pytest.fixture
def thing(bench: Bench) -> dict[str, str]:
    where = {"Bucket": bench.bucket, "Key": "thing"}
    bench.s3.put_object(**where, Body=b"0123456789" * 100, ChecksumAlgorithm="CRC32")
    return where


def get(bench: Bench, where: dict[str, str]) -> bytes:
    return bytes(bench.s3.get_object(**where)["Body"].read())


def test_a_status_of_choice(bench: Bench, thing: dict[str, str]) -> None:
    bench.faults({"operation": "s3:GetObject", "kind": "status", "status": 503, "code": "ServiceUnavailable"})
    with pytest.raises(ClientError) as caught:
        get(bench, thing)
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
    assert caught.value.response["Error"]["Code"] == "ServiceUnavailable"
    bench.s3.head_object(**thing)
    bench.control("DELETE", "/faults")
    assert len(get(bench, thing)) == 1000


@pytest.mark.parametrize(("service", "operation", "code", "status"), [
    ("s3", "list_buckets", "SlowDown", 503), ("athena", "list_work_groups", "TooManyRequestsException", 400),
    ("glue", "get_databases", "ThrottlingException", 400), ("sts", "get_caller_identity", "Throttling", 400)])
def test_throttling_as_each_service_says_it(bench: Bench, service: str, operation: str, code: str,
                                            status: int) -> None:
    bench.faults({"operation": f"{service}:*", "kind": "throttle"})
    with pytest.raises(ClientError) as caught:
        getattr(bench.client(service), operation)()
    assert caught.value.response["Error"]["Code"] == code
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_cloudwatch_fails_in_its_own_protocol(bench: Bench) -> None:
    cloudwatch = bench.client("cloudwatch")
    cloudwatch.put_metric_data(Namespace="tests", MetricData=[{"MetricName": "m", "Value": 1}])
    assert [one["MetricName"] for one in cloudwatch.list_metrics(Namespace="tests")["Metrics"]] == ["m"]
    bench.faults({"operation": "monitoring:*", "kind": "throttle"})
    with pytest.raises(ClientError, match="ThrottlingException"):
        cloudwatch.list_metrics()


def test_a_delay(bench: Bench, thing: dict[str, str]) -> None:
    bench.faults({"operation": "s3:HeadObject", "kind": "delay", "seconds": 0.4})
    begun = time.monotonic()
    bench.s3.head_object(**thing)
    assert time.monotonic() - begun >= 0.4
    with pytest.raises(ReadTimeoutError):
        bench.client("s3", read_timeout=0.1).head_object(**thing)


def test_a_connection_cut_before_anything_happens(bench: Bench) -> None:
    bench.faults({"operation": "s3:PutObject", "kind": "cut", "when": "before"})
    with pytest.raises(ConnectionClosedError):
        bench.s3.put_object(Bucket=bench.bucket, Key="never", Body=b"x")
    bench.control("DELETE", "/faults")
    with pytest.raises(ClientError, match="404"):
        bench.s3.head_object(Bucket=bench.bucket, Key="never")


def test_an_answer_lost_after_the_work_was_done(bench: Bench) -> None:
    bench.faults({"operation": "s3:PutObject", "kind": "cut", "when": "after"})
    with pytest.raises(ConnectionClosedError):
        bench.s3.put_object(Bucket=bench.bucket, Key="done", Body=b"x")
    assert bench.object(f"s3://{bench.bucket}/done") == b"x"


def test_a_body_cut_in_the_middle(bench: Bench, thing: dict[str, str]) -> None:
    bench.faults({"operation": "s3:GetObject", "kind": "cut", "when": "body", "at": 300})
    with pytest.raises((ResponseStreamingError, IncompleteReadError)):
        get(bench, thing)


def test_a_wrong_body_and_a_short_body(bench: Bench, thing: dict[str, str]) -> None:
    whole = get(bench, thing)
    plain = bench.client("s3", response_checksum_validation="when_required")
    bench.faults({"operation": "s3:GetObject", "kind": "corrupt", "at": 7})
    assert plain.get_object(**thing)["Body"].read() == whole[:7] + b"6" + whole[8:]
    with pytest.raises(Exception, match="checksum"):
        get(bench, thing)
    bench.faults({"operation": "s3:GetObject", "kind": "truncate", "at": 300})
    assert plain.get_object(**thing)["Body"].read() == whole[:300]


@pytest.mark.parametrize(("when", "there"), [("before", False), ("after", True)])
def test_a_200_that_is_an_error(bench: Bench, when: str, there: bool) -> None:
    key = f"double-{when}"
    upload = bench.s3.create_multipart_upload(Bucket=bench.bucket, Key=key)["UploadId"]
    part = bench.s3.upload_part(Bucket=bench.bucket, Key=key, UploadId=upload, PartNumber=1, Body=b"x")
    bench.faults({"operation": "s3:CompleteMultipartUpload", "kind": "ok_with_error", "when": when})
    with pytest.raises(ClientError, match="InternalError"):
        bench.s3.complete_multipart_upload(Bucket=bench.bucket, Key=key, UploadId=upload, MultipartUpload={
            "Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    entry = bench.log("s3:CompleteMultipartUpload")[-1]
    assert (entry["status"], entry["faults"]) == (200, ["ok_with_error"])
    listed = bench.s3.list_objects_v2(Bucket=bench.bucket, Prefix=key)
    assert (listed["KeyCount"] == 1) == there


@pytest.mark.parametrize(("service", "operation", "sign"), [
    ("glue", "get_databases", b'"__type": "InternalError"'),
    ("athena", "list_work_groups", b'"__type": "InternalError"'),
    ("sts", "get_caller_identity", b"<ErrorResponse><Error>")])
def test_a_200_with_the_error_of_each_service(bench: Bench, service: str, operation: str, sign: bytes) -> None:
    client, bodies = bench.client(service), []
    client.meta.events.register("before-parse", lambda response_dict, **_: bodies.append(
        (response_dict["status_code"], response_dict["body"])))
    bench.faults({"operation": f"{service}:*", "kind": "ok_with_error"})
    with contextlib.suppress(Exception):  # what boto3 makes of it is boto3's affair
        getattr(client, operation)()
    [(status, body)] = bodies
    assert status == 200
    assert sign in body


def test_an_expired_token(bench: Bench) -> None:
    bench.faults({"operation": "*", "kind": "expired_token", "times": 2})
    with pytest.raises(ClientError, match="ExpiredToken"):
        bench.s3.list_buckets()
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        bench.athena.list_work_groups()
    bench.s3.list_buckets()


def test_a_clock_skew_for_single_requests(bench: Bench) -> None:
    bench.faults({"operation": "s3:ListBuckets", "kind": "clock_skew", "seconds": -7200, "times": 1})
    with pytest.raises(ClientError, match="RequestTimeTooSkewed"):
        bench.s3.list_buckets()
    bench.s3.list_buckets()


def test_rules_can_wait_stop_and_aim(bench: Bench, thing: dict[str, str]) -> None:
    bench.faults({"operation": "s3:GetObject", "kind": "status", "after": 1, "times": 2, "target": "/thing"})
    bench.s3.put_object(Bucket=bench.bucket, Key="other", Body=b"x")
    outcomes = []
    for _ in range(5):
        bench.object(f"s3://{bench.bucket}/other")
        try:
            get(bench, thing)
            outcomes.append("ok")
        except ClientError:
            outcomes.append("failed")
    assert outcomes == ["ok", "failed", "failed", "ok", "ok"]
    rule = bench.control("GET", "/faults")["rules"][0]
    assert (rule["seen"], rule["hits"]) == (5, 2)


def test_the_same_seed_gives_the_same_failures(bench: Bench, thing: dict[str, str]) -> None:
    def pattern(seed: int) -> str:
        bench.faults({"operation": "s3:HeadObject", "kind": "status", "probability": 0.5}, seed=seed)
        marks = ""
        for _ in range(30):
            try:
                bench.s3.head_object(**thing)
                marks += "."
            except ClientError:
                marks += "x"
        return marks

    first = pattern(11)
    assert pattern(11) == first != pattern(12)
    assert 5 < first.count("x") < 25


def test_the_log_has_operations_bytes_and_cost(bench: Bench) -> None:
    since = bench.log()[-1]["number"]
    bench.s3.put_object(Bucket=bench.bucket, Key="logged", Body=b"x" * 1234)
    bench.s3.get_object(Bucket=bench.bucket, Key="logged", Range="bytes=0-99")["Body"].read()
    bench.s3.delete_object(Bucket=bench.bucket, Key="logged")
    with pytest.raises(ClientError):
        bench.s3.get_object(Bucket=bench.bucket, Key="logged")
    bench.glue.get_databases()
    entries = [entry for entry in bench.log(since=since)]
    assert [(one["operation"], one["status"], one["error"]) for one in entries] == [
        ("s3:PutObject", 200, None), ("s3:GetObject", 206, None), ("s3:DeleteObject", 204, None),
        ("s3:GetObject", 404, "NoSuchKey"), ("glue:GetDatabases", 200, None)]
    assert (entries[0]["bytes_in"], entries[1]["bytes_out"]) == (1234, 100)
    assert [entry["dollars"] > 0 for entry in entries] == [True, True, False, True, True]
    assert {entry["access_key_id"] for entry in entries} == {bench.access_key_id}
    assert all(entry["seconds"] < 30 for entry in entries)


def test_an_unknown_kind_of_fault_is_refused(bench: Bench) -> None:
    with pytest.raises(AssertionError, match="unknown kind"):
        bench.faults({"operation": "*", "kind": "earthquake"})


def test_a_client_with_retries_lives_through_throttling(bench: Bench) -> None:
    bench.faults({"operation": "s3:ListBuckets", "kind": "throttle", "times": 2})
    patient = bench.client("s3", retries={"max_attempts": 5, "mode": "standard"})
    assert patient.list_buckets()["ResponseMetadata"]["RetryAttempts"] == 2


def test_a_rule_can_aim_at_one_client(bench: Bench) -> None:
    bench.faults({"operation": "athena:GetWorkGroup", "kind": "throttle", "target": "aimed-at"})
    bench.athena.get_work_group(WorkGroup="primary")
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        bench.client("athena", user_agent_extra="aimed-at").get_work_group(WorkGroup="primary")
