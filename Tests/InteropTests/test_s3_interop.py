"""Objects of ours in boto3's hands, and boto3's in ours: bytes, parts, checksums, metadata."""

import base64
import io
import uuid
import zlib

import pytest
from boto3.s3.transfer import TransferConfig

MIB = 1 << 20
PART = 8 * MIB
PREFIX = "a lake/é"
KEYS = ["plain", "a=1/b c+d%20.é~'(x)&;.parquet"]


@pytest.fixture
def bucket(laboratory):
    name = f"interop-{uuid.uuid4().hex}"
    laboratory.s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": laboratory.region})
    return name


def content(size):
    """Bytes of which no two parts are alike."""
    return b"".join(number.to_bytes(4, "big") for number in range(size // 4 + 1))[:size]


def crc32(data):
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


def keys(laboratory, bucket):
    pages = laboratory.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(("size", "parts"), [(0, 0), (1000, 0), (PART, 0), (PART + 1, 2), (2 * PART + 7, 3)])
def test_boto3_reads_what_we_put(laboratory, aws_fixtures, bucket, tmp_path, key, size, parts):
    data = content(size)
    (tmp_path / "ours").write_bytes(data)
    aws_fixtures.lines(laboratory.environment, "put", bucket, PREFIX, key, tmp_path / "ours")
    # In this mode boto3 compares the bytes with the checksum itself.
    found = laboratory.s3.get_object(Bucket=bucket, Key=f"{PREFIX}/{key}", ChecksumMode="ENABLED")
    assert found["Body"].read() == data
    assert found["ChecksumCRC32"] == crc32(data)
    assert found["ContentLength"] == size
    assert list(found["Metadata"]) == ["tokyodata-write"]
    assert found["ETag"].strip('"').endswith(f"-{parts}") == bool(parts)
    assert keys(laboratory, bucket) == {f"{PREFIX}/{key}": size}
    assert not laboratory.s3.list_multipart_uploads(Bucket=bucket).get("Uploads")


def test_boto3_reads_what_we_stream(laboratory, aws_fixtures, bucket):
    size = 2 * PART + 5
    aws_fixtures.lines(laboratory.environment, "upload", bucket, "streamed", size)
    found = laboratory.s3.get_object(Bucket=bucket, Key="streamed", ChecksumMode="ENABLED")
    data = found["Body"].read()
    filling = bytes((i * 31 + (i >> 8)) & 255 for i in range(MIB))
    expected = b"".join(number.to_bytes(8, "big") + filling[8:] for number in range(size // MIB + 1))
    assert data == expected[:size]
    assert found["ChecksumCRC32"] == crc32(data) and found["ChecksumType"] == "FULL_OBJECT"
    assert found["ETag"].strip('"').endswith("-3")


@pytest.mark.parametrize("algorithm", [None, "CRC32", "CRC32C", "SHA1", "SHA256"])
@pytest.mark.parametrize("size", [0, 1000, 11 * MIB])
def test_we_read_what_boto3_uploads(laboratory, aws_fixtures, bucket, tmp_path, algorithm, size):
    """With boto3's managed transfer: more than five MiB go up in parts, whose checksums make a composite one."""
    data, key = content(size), f"{PREFIX}/{KEYS[1]}"
    options = {"ChecksumAlgorithm": algorithm} if algorithm else {}
    laboratory.s3.upload_fileobj(
        io.BytesIO(data), bucket, key, ExtraArgs={"Metadata": {"who": "boto3"}, **options},
        Config=TransferConfig(multipart_threshold=5 * MIB, multipart_chunksize=5 * MIB))
    aws_fixtures.lines(laboratory.environment, "get", bucket, PREFIX, KEYS[1], tmp_path / "theirs")
    assert (tmp_path / "theirs").read_bytes() == data


def test_we_list_what_boto3_lists(laboratory, aws_fixtures, bucket):
    names = ["Z", "a-b", "a.b", "a/b", "a0", "a/B", "aa/1", "é", "z/10", *KEYS]
    for name in names:
        laboratory.s3.put_object(Bucket=bucket, Key=f"{PREFIX}/{name}", Body=name.encode())
    laboratory.s3.put_object(Bucket=bucket, Key=f"{PREFIX}s/other", Body=b"")
    listed = aws_fixtures.lines(laboratory.environment, "list", bucket, PREFIX)
    assert [line["key"] for line in listed] == sorted(names, key=str.encode)
    assert {f"{PREFIX}/{line['key']}": line["size"] for line in listed} == {
        key: size for key, size in keys(laboratory, bucket).items() if key.startswith(f"{PREFIX}/")}


def test_we_never_replace_what_boto3_put(laboratory, aws_fixtures, bucket, tmp_path):
    (tmp_path / "ours").write_bytes(b"ours")
    laboratory.s3.put_object(Bucket=bucket, Key=f"{PREFIX}/x", Body=b"theirs")
    run = aws_fixtures.run(laboratory.environment, "put", bucket, PREFIX, "x", tmp_path / "ours")
    assert run.returncode == 1 and "conflict" in run.stderr, (run.returncode, run.stderr)
    assert laboratory.s3.get_object(Bucket=bucket, Key=f"{PREFIX}/x")["Body"].read() == b"theirs"
