"""Whoever did not sign, or signed something else, is refused."""

from __future__ import annotations

import http.client
import random
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
import requests
from bench import Bench
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

ODD_KEYS = ["a b", "trailing ", "日本/ü", "😀", "x//y", "x///", "../z", "a/../b", "./c", "p+q", "100%", "a%2Fb",
            "~!*()'", "q?x=1#y", "&=;,", "key\twith\ttabs", "ends/", "-._~", "\"quoted\"", "<xml>&amp;"]


def signed(bench: Bench, service: str, method: str, path: str, body: bytes, headers: dict[str, str],
           query: str = "") -> AWSRequest:
    request = AWSRequest(method, f"{bench.endpoint}{path}{'?' + query if query else ''}", headers, body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(Credentials(bench.access_key_id, bench.secret), service, bench.region).add_auth(request)
    request.headers["host"] = urlsplit(bench.endpoint).netloc
    return request


def send(bench: Bench, method: str, target: bytes, headers: list[tuple[str, bytes]], body: bytes) -> int:
    """Send bytes as they are: no library may repair them."""
    host = urlsplit(bench.endpoint)
    connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=30)
    connection.connect()
    lines = [method.encode() + b" " + target + b" HTTP/1.1"]
    lines += [name.encode() + b": " + value for name, value in headers]
    lines += [b"content-length: %d" % len(body), b"connection: close", b"", b""]
    assert connection.sock is not None
    connection.sock.sendall(b"\r\n".join(lines) + body)
    answer = http.client.HTTPResponse(connection.sock)
    answer.begin()
    connection.close()
    return answer.status


def parts(request: AWSRequest) -> tuple[bytes, list[tuple[str, bytes]]]:
    split = urlsplit(request.url)
    target = split.path + ("?" + split.query if split.query else "")
    return target.encode(), [(name.lower(), str(value).encode("latin-1")) for name, value in request.headers.items()]


def flip(data: bytes, dice: random.Random) -> bytes:
    """One bit changed, but never into a line end, which would be another message, not another value."""
    while True:
        place, bit = dice.randrange(len(data)), dice.randrange(8)
        changed = data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1:]
        if changed[place] not in b"\r\n" and changed.strip(b" \t") != data.strip(b" \t"):
            return changed


@pytest.mark.parametrize("service", ["s3", "athena"])
def test_one_flipped_bit_in_any_signed_part_is_a_403(bench: Bench, service: str) -> None:
    dice = random.Random(5)
    if service == "s3":
        method, path, query, body = "PUT", f"/{bench.bucket}/bits/a%20b%2Bc", "tagging=", b"the payload of an object"
        headers = {"x-amz-meta-owner": "someone  else", "content-type": "text/plain",
                   "x-amz-checksum-crc32": "AAAAAA=="}
    else:
        method, path, query, body = "POST", "/", "", b'{"WorkGroup": "primary"}'
        headers = {"x-amz-target": "AmazonAthena.GetWorkGroup", "content-type": "application/x-amz-json-1.1"}
    request = signed(bench, service, method, path, body, headers, query)
    target, fields = parts(request)
    statuses = []
    for _ in range(12):
        statuses.append(("target", send(bench, method, b"/" + flip(target[1:] or b"x", dice), fields, body)))
        statuses.append(("body", send(bench, method, target, fields, flip(body, dice))))
    for index, (name, value) in enumerate(fields):
        for _ in range(6):
            value_changed = flip(value, dice)
            if name == "authorization":
                value_changed = value[:-64] + flip(value[-64:], dice)
            changed = [*fields[:index], (name, value_changed), *fields[index + 1:]]
            statuses.append((name, send(bench, method, target, changed, body)))
    statuses.append(("method", send(bench, "PET", target, fields, body)))
    assert {status for _, status in statuses} == {403}, [one for one in statuses if one[1] != 403]


def test_the_same_request_unchanged_is_accepted(bench: Bench) -> None:
    body = b'{"WorkGroup": "primary"}'
    request = signed(bench, "athena", "POST", "/", body, {"x-amz-target": "AmazonAthena.GetWorkGroup"})
    target, fields = parts(request)
    assert send(bench, "POST", target, fields, body) == 200


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_botocore_signed_request_is_accepted_whatever_the_key(bench: Bench, key: str) -> None:
    data = key.encode()
    bench.s3.put_object(Bucket=bench.bucket, Key="odd/" + key, Body=data)
    assert bench.s3.get_object(Bucket=bench.bucket, Key="odd/" + key)["Body"].read() == data
    listed = bench.s3.list_objects_v2(Bucket=bench.bucket, Prefix="odd/" + key)["Contents"]
    assert "odd/" + key in [item["Key"] for item in listed]
    source = {"Bucket": bench.bucket, "Key": "odd/" + key}
    bench.s3.copy_object(Bucket=bench.bucket, Key="copy/" + key, CopySource=source)
    assert bench.s3.head_object(Bucket=bench.bucket, Key="copy/" + key)["ContentLength"] == len(data)
    bench.s3.delete_objects(Bucket=bench.bucket, Delete={"Objects": [{"Key": "odd/" + key}]})
    with pytest.raises(ClientError):
        bench.s3.head_object(Bucket=bench.bucket, Key="odd/" + key)


def test_random_keys_signed_by_botocore_are_accepted(bench: Bench) -> None:
    dice = random.Random(7)
    alphabet = " +/._-~!$&'()*,;=:@%#?[]{}|\\^`\"<>aZ0äπ漢😀"
    for _ in range(150):
        key = "r" + "".join(dice.choice(alphabet) for _ in range(dice.randrange(1, 25)))
        bench.s3.put_object(Bucket=bench.bucket, Key=key, Body=b"x", Metadata={"m": "two  blanks"})
        assert bench.s3.get_object(Bucket=bench.bucket, Key=key)["Metadata"] == {"m": "two  blanks"}


def test_a_presigned_url_works_until_it_expires(bench: Bench) -> None:
    bench.s3.put_object(Bucket=bench.bucket, Key="signed/ü +", Body=b"hello")
    url = bench.s3.generate_presigned_url("get_object", {"Bucket": bench.bucket, "Key": "signed/ü +"}, ExpiresIn=60)
    assert requests.get(url, timeout=10).content == b"hello"
    assert requests.get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"), timeout=10).status_code == 403
    bench.control("POST", "/clock", {"offset_seconds": 120})
    assert requests.get(url, timeout=10).status_code == 403


def test_an_unsigned_request_is_a_403(bench: Bench) -> None:
    assert requests.get(f"{bench.endpoint}/{bench.bucket}", timeout=10).status_code == 403


def test_an_unknown_access_key_is_a_403(bench: Bench) -> None:
    stranger = bench.session.client("s3", endpoint_url=bench.endpoint, aws_access_key_id="AKIASTRANGER00000000",
                                    aws_secret_access_key=bench.secret)
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        stranger.list_buckets()


def test_an_unsigned_amz_header_is_a_403(bench: Bench) -> None:
    request = signed(bench, "s3", "PUT", f"/{bench.bucket}/extra", b"x", {})
    target, fields = parts(request)
    assert send(bench, "PUT", target, [*fields, ("x-amz-storage-class", b"GLACIER")], b"x") == 403


def test_another_region_in_the_scope_names_the_right_one(bench: Bench) -> None:
    elsewhere = bench.session.client("s3", region_name="eu-west-1", endpoint_url=bench.endpoint)
    elsewhere.put_object(Bucket=bench.bucket, Key="from elsewhere", Body=b"")
    told = [entry["error"] for entry in bench.log() if entry["target"].endswith("/from%20elsewhere")]
    assert told == ["AuthorizationHeaderMalformed", None]


def test_temporary_credentials_of_sts_are_accepted_and_need_their_token(bench: Bench) -> None:
    given = bench.client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="tests")
    key = given["Credentials"]
    keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    good = bench.session.client("s3", endpoint_url=bench.endpoint, aws_session_token=key["SessionToken"], **keys)
    assert good.list_buckets()["Buckets"]
    bad = bench.session.client("s3", endpoint_url=bench.endpoint, aws_session_token="x" * 100, **keys)
    with pytest.raises(ClientError, match="InvalidToken"):
        bad.list_buckets()
    bench.control("POST", "/expire", {"access_key_id": key["AccessKeyId"]})
    with pytest.raises(ClientError, match="ExpiredToken"):
        good.list_buckets()


def test_a_clock_that_is_wrong_by_more_than_fifteen_minutes_is_refused(bench: Bench) -> None:
    bench.control("POST", "/clock", {"offset_seconds": 3600})
    with pytest.raises(ClientError, match="RequestTimeTooSkewed") as caught:
        bench.s3.list_buckets()
    shown = caught.value.response["ResponseMetadata"]["HTTPHeaders"]["date"]
    there = datetime.strptime(shown, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(there - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        bench.athena.list_work_groups()


def chunked(bench: Bench, path: str, chunks: list[bytes], spoil: bool) -> int:
    """A payload whose every chunk is signed, as older SDKs send it."""
    import hashlib
    import hmac

    length = sum(map(len, chunks))
    headers = {"x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "content-encoding": "aws-chunked",
               "x-amz-decoded-content-length": str(length)}
    request = AWSRequest("PUT", f"{bench.endpoint}{path}", headers, b"")
    signer = S3SigV4Auth(Credentials(bench.access_key_id, bench.secret), "s3", bench.region)
    signer._modify_request_before_signing = lambda request: None  # type: ignore[method-assign]
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    request.context["timestamp"] = stamp
    request.headers["x-amz-date"] = stamp
    request.headers["host"] = urlsplit(bench.endpoint).netloc
    canonical = signer.canonical_request(request)
    previous = signer.signature(signer.string_to_sign(request, canonical), request)
    scope = signer.credential_scope(request)
    names = signer.signed_headers(signer.headers_to_sign(request))
    request.headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={bench.access_key_id}/{scope}, "
                                        f"SignedHeaders={names}, Signature={previous}")
    key = f"AWS4{bench.secret}".encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    body = b""
    for chunk in [*chunks, b""]:
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", stamp, scope, previous, hashlib.sha256(b"").hexdigest(),
                          hashlib.sha256(chunk).hexdigest()])
        previous = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        sent = bytes([chunk[0] ^ 1]) + chunk[1:] if spoil and chunk else chunk
        body += b"%x;chunk-signature=%s\r\n%s\r\n" % (len(chunk), previous.encode(), sent)
    target, fields = parts(request)
    return send(bench, "PUT", target, fields, body)


def test_signed_chunks_are_checked_one_by_one(bench: Bench) -> None:
    path = f"/{bench.bucket}/{quote('chunks of mine')}"
    assert chunked(bench, path, [b"a" * 70_000, b"b" * 5], spoil=False) == 200
    assert bench.s3.get_object(Bucket=bench.bucket, Key="chunks of mine")["Body"].read() == b"a" * 70_000 + b"b" * 5
    assert chunked(bench, path, [b"a" * 70_000, b"b" * 5], spoil=True) == 403
