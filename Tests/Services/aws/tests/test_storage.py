"""S3's own behaviour: conditions, digests, ranges, parts, listings, storage classes."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import Any

import pytest
import requests
from bench import Bench
from boto3.s3.transfer import TransferConfig
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

MIB = 1024 * 1024


def code(caught: Any) -> tuple[str, int]:
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_put_only_if_absent(bench: Bench) -> None:
    put = {"Bucket": bench.bucket, "Key": "once", "IfNoneMatch": "*"}
    bench.s3.put_object(**put, Body=b"first")
    with pytest.raises(ClientError) as caught:
        bench.s3.put_object(**put, Body=b"second")
    assert code(caught) == ("PreconditionFailed", 412)
    assert bench.object(f"s3://{bench.bucket}/once") == b"first"


def test_put_only_if_unchanged(bench: Bench) -> None:
    etag = bench.s3.put_object(Bucket=bench.bucket, Key="swap", Body=b"1")["ETag"]
    bench.s3.put_object(Bucket=bench.bucket, Key="swap", Body=b"2", IfMatch=etag)
    with pytest.raises(ClientError) as caught:
        bench.s3.put_object(Bucket=bench.bucket, Key="swap", Body=b"3", IfMatch=etag)
    assert code(caught) == ("PreconditionFailed", 412)


def test_complete_multipart_only_if_absent(bench: Bench) -> None:
    bench.s3.put_object(Bucket=bench.bucket, Key="taken", Body=b"x")
    upload = bench.s3.create_multipart_upload(Bucket=bench.bucket, Key="taken")["UploadId"]
    part = bench.s3.upload_part(Bucket=bench.bucket, Key="taken", UploadId=upload, PartNumber=1, Body=b"y")
    done = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    with pytest.raises(ClientError) as caught:
        bench.s3.complete_multipart_upload(Bucket=bench.bucket, Key="taken", UploadId=upload, MultipartUpload=done,
                                           IfNoneMatch="*")
    assert code(caught) == ("PreconditionFailed", 412)


def test_a_wrong_digest_is_refused(bench: Bench) -> None:
    wrong = base64.b64encode(hashlib.md5(b"other").digest()).decode()
    with pytest.raises(ClientError) as caught:
        bench.s3.put_object(Bucket=bench.bucket, Key="digest", Body=b"this", ContentMD5=wrong)
    assert code(caught) == ("BadDigest", 400)
    with pytest.raises(ClientError) as caught:
        bench.s3.put_object(Bucket=bench.bucket, Key="digest", Body=b"this", ChecksumSHA256=base64.b64encode(
            hashlib.sha256(b"other").digest()).decode())
    assert code(caught) == ("BadDigest", 400)


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums_come_back_with_the_object(bench: Bench, algorithm: str) -> None:
    put = bench.s3.put_object(Bucket=bench.bucket, Key=f"sum/{algorithm}", Body=b"abc", ChecksumAlgorithm=algorithm)
    got = bench.s3.get_object(Bucket=bench.bucket, Key=f"sum/{algorithm}", ChecksumMode="ENABLED")
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]
    assert got["Body"].read() == b"abc"


def test_delete_objects_needs_a_digest(bench: Bench) -> None:
    body = b"<Delete><Object><Key>x</Key></Object></Delete>"
    request = AWSRequest("POST", f"{bench.endpoint}/{bench.bucket}?delete", {}, body)
    S3SigV4Auth(Credentials(bench.access_key_id, bench.secret), "s3", bench.region).add_auth(request)
    answer = requests.post(request.url, data=body, headers=dict(request.headers.items()), timeout=10)
    assert answer.status_code == 400
    assert "Content-MD5" in answer.text


def test_an_unsigned_trailer_carries_the_checksum(bench: Bench) -> None:
    checksum = base64.b64encode((0x352441C2).to_bytes(4, "big")).decode()
    for value, status in ((checksum, 200), ("AAAAAA==", 400)):
        body = b"3\r\nabc\r\n0\r\nx-amz-checksum-crc32:" + value.encode() + b"\r\n\r\n"
        headers = {"x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "content-encoding": "aws-chunked",
                   "x-amz-trailer": "x-amz-checksum-crc32", "x-amz-decoded-content-length": "3"}
        request = AWSRequest("PUT", f"{bench.endpoint}/{bench.bucket}/trailer", headers, body)
        signer = S3SigV4Auth(Credentials(bench.access_key_id, bench.secret), "s3", bench.region)
        request.context["checksum"] = {"request_algorithm": {"in": "trailer"}}
        signer.add_auth(request)
        answer = requests.put(request.url, data=body, headers=dict(request.headers.items()), timeout=10)
        assert answer.status_code == status, answer.text
    assert bench.object(f"s3://{bench.bucket}/trailer") == b"abc"


def test_ranges_and_pinned_reads(bench: Bench) -> None:
    etag = bench.s3.put_object(Bucket=bench.bucket, Key="range", Body=bytes(range(100)))["ETag"]
    def get(span: str) -> bytes:
        return bytes(bench.s3.get_object(Bucket=bench.bucket, Key="range", Range=span, IfMatch=etag)["Body"].read())
    assert get("bytes=10-19") == bytes(range(10, 20))
    assert get("bytes=90-") == bytes(range(90, 100))
    assert get("bytes=-5") == bytes(range(95, 100))
    assert get("bytes=95-500") == bytes(range(95, 100))
    with pytest.raises(ClientError) as caught:
        get("bytes=100-")
    assert code(caught) == ("InvalidRange", 416)
    bench.s3.put_object(Bucket=bench.bucket, Key="range", Body=b"changed")
    with pytest.raises(ClientError) as caught:
        get("bytes=0-1")
    assert code(caught) == ("PreconditionFailed", 412)


def test_parts_appear_only_when_they_are_joined(bench: Bench) -> None:
    key, pieces = "parts", [b"a" * 5 * MIB, b"b" * 5 * MIB, b"tail"]
    upload = bench.s3.create_multipart_upload(Bucket=bench.bucket, Key=key)["UploadId"]
    tags = [bench.s3.upload_part(Bucket=bench.bucket, Key=key, UploadId=upload, PartNumber=number, Body=piece)["ETag"]
            for number, piece in enumerate(pieces, 1)]
    with pytest.raises(ClientError):
        bench.s3.head_object(Bucket=bench.bucket, Key=key)
    listed = bench.s3.list_parts(Bucket=bench.bucket, Key=key, UploadId=upload)["Parts"]
    assert [part["Size"] for part in listed] == [len(piece) for piece in pieces]
    assert [one["Key"] for one in bench.s3.list_multipart_uploads(Bucket=bench.bucket, Prefix=key)["Uploads"]] == [key]
    named = [{"PartNumber": number, "ETag": tag} for number, tag in enumerate(tags, 1)]
    done = {"Bucket": bench.bucket, "Key": key, "UploadId": upload}
    for wrong, expected in (([named[1], named[0]], "InvalidPartOrder"), ([{**named[0], "ETag": "x"}], "InvalidPart")):
        with pytest.raises(ClientError) as caught:
            bench.s3.complete_multipart_upload(**done, MultipartUpload={"Parts": wrong})
        assert code(caught)[0] == expected
    with pytest.raises(ClientError) as caught:
        bench.s3.complete_multipart_upload(**done, MultipartUpload={"Parts": named}, MpuObjectSize=5)
    assert code(caught)[0] == "InvalidRequest"
    etag = bench.s3.complete_multipart_upload(**done, MultipartUpload={"Parts": named})["ETag"]
    digest = hashlib.md5(b"".join(hashlib.md5(piece).digest() for piece in pieces)).hexdigest()
    assert etag == f'"{digest}-3"'
    assert bench.object(f"s3://{bench.bucket}/{key}") == b"".join(pieces)
    second = bench.s3.get_object(Bucket=bench.bucket, Key=key, PartNumber=3)
    assert second["Body"].read() == b"tail" and second["PartsCount"] == 3
    with pytest.raises(ClientError) as caught:
        bench.s3.complete_multipart_upload(**done, MultipartUpload={"Parts": named})
    assert code(caught) == ("NoSuchUpload", 404)


def test_a_small_part_that_is_not_the_last_is_refused(bench: Bench) -> None:
    upload = bench.s3.create_multipart_upload(Bucket=bench.bucket, Key="small")["UploadId"]
    named = [{"PartNumber": number, "ETag": bench.s3.upload_part(
        Bucket=bench.bucket, Key="small", UploadId=upload, PartNumber=number, Body=b"x")["ETag"]} for number in (1, 2)]
    with pytest.raises(ClientError) as caught:
        bench.s3.complete_multipart_upload(Bucket=bench.bucket, Key="small", UploadId=upload,
                                           MultipartUpload={"Parts": named})
    assert code(caught)[0] == "EntityTooSmall"
    bench.s3.abort_multipart_upload(Bucket=bench.bucket, Key="small", UploadId=upload)
    assert "Uploads" not in bench.s3.list_multipart_uploads(Bucket=bench.bucket, Prefix="small")


@pytest.mark.parametrize("kind", ["COMPOSITE", "FULL_OBJECT"])
def test_checksums_of_multipart_objects(bench: Bench, kind: str) -> None:
    key = f"multi/{kind}"
    made = bench.s3.create_multipart_upload(Bucket=bench.bucket, Key=key, ChecksumAlgorithm="CRC32", ChecksumType=kind)
    part = bench.s3.upload_part(Bucket=bench.bucket, Key=key, UploadId=made["UploadId"], PartNumber=1, Body=b"abc",
                                ChecksumAlgorithm="CRC32")
    done = bench.s3.complete_multipart_upload(
        Bucket=bench.bucket, Key=key, UploadId=made["UploadId"], MultipartUpload={"Parts": [
            {"PartNumber": 1, "ETag": part["ETag"], "ChecksumCRC32": part["ChecksumCRC32"]}]})
    assert done["ChecksumType"] == kind
    assert done["ChecksumCRC32"].endswith("-1") == (kind == "COMPOSITE")


def test_a_part_can_be_copied_from_another_object(bench: Bench) -> None:
    bench.s3.put_object(Bucket=bench.bucket, Key="source", Body=b"0123456789")
    upload = bench.s3.create_multipart_upload(Bucket=bench.bucket, Key="joined")["UploadId"]
    part = bench.s3.upload_part_copy(Bucket=bench.bucket, Key="joined", UploadId=upload, PartNumber=1,
                                     CopySource={"Bucket": bench.bucket, "Key": "source"}, CopySourceRange="bytes=2-4")
    bench.s3.complete_multipart_upload(Bucket=bench.bucket, Key="joined", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]})
    assert bench.object(f"s3://{bench.bucket}/joined") == b"234"


def test_listings_come_in_pages_of_a_thousand(bench: Bench) -> None:
    bench.put_many({f"many/{number:05}": b"" for number in range(1203)})
    first = bench.s3.list_objects_v2(Bucket=bench.bucket, Prefix="many/")
    assert first["KeyCount"] == 1000 and first["IsTruncated"]
    pages = bench.s3.get_paginator("list_objects_v2").paginate(Bucket=bench.bucket, Prefix="many/")
    assert [item["Key"] for page in pages for item in page["Contents"]] == [f"many/{n:05}" for n in range(1203)]
    older = bench.s3.get_paginator("list_objects").paginate(Bucket=bench.bucket, Prefix="many/")
    assert sum(len(page["Contents"]) for page in older) == 1203


def test_a_delimiter_rolls_keys_up(bench: Bench) -> None:
    for key in ("d/a/1", "d/a/2", "d/b/1", "d/c", "d/d/1"):
        bench.s3.put_object(Bucket=bench.bucket, Key=key, Body=b"")
    pages = bench.s3.get_paginator("list_objects_v2").paginate(
        Bucket=bench.bucket, Prefix="d/", Delimiter="/", PaginationConfig={"PageSize": 2})
    seen = [(([item["Prefix"] for item in page.get("CommonPrefixes", [])]),
             ([item["Key"] for item in page.get("Contents", [])])) for page in pages]
    assert sorted(prefix for prefixes, _ in seen for prefix in prefixes) == ["d/a/", "d/b/", "d/d/"]
    assert [key for _, keys in seen for key in keys] == ["d/c"]


def test_archived_objects_cannot_be_read_until_they_are_restored(bench: Bench) -> None:
    bench.s3.put_object(Bucket=bench.bucket, Key="cold", Body=b"ice", StorageClass="GLACIER")
    assert bench.s3.head_object(Bucket=bench.bucket, Key="cold")["StorageClass"] == "GLACIER"
    with pytest.raises(ClientError) as caught:
        bench.s3.get_object(Bucket=bench.bucket, Key="cold")
    assert code(caught) == ("InvalidObjectState", 403)
    bench.s3.restore_object(Bucket=bench.bucket, Key="cold", RestoreRequest={"Days": 1})
    assert bench.object(f"s3://{bench.bucket}/cold") == b"ice"


def test_another_owner_of_the_bucket_is_refused(bench: Bench) -> None:
    with pytest.raises(ClientError) as caught:
        bench.s3.list_objects_v2(Bucket=bench.bucket, ExpectedBucketOwner="999999999999")
    assert code(caught) == ("AccessDenied", 403)


def test_a_lifecycle_rule_is_kept(bench: Bench) -> None:
    rule = {"ID": "abort", "Status": "Enabled", "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3}}
    bench.s3.put_bucket_lifecycle_configuration(Bucket=bench.bucket, LifecycleConfiguration={"Rules": [rule]})
    assert bench.s3.get_bucket_lifecycle_configuration(Bucket=bench.bucket)["Rules"][0]["ID"] == "abort"


def test_what_is_not_imitated_says_so(bench: Bench) -> None:
    with pytest.raises(ClientError) as caught:
        bench.s3.put_bucket_versioning(Bucket=bench.bucket, VersioningConfiguration={"Status": "Enabled"})
    assert code(caught) == ("NotImplemented", 501)


def test_a_bucket_that_holds_objects_is_not_deleted(bench: Bench) -> None:
    name = f"{bench.bucket}-other"
    bench.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": bench.region})
    bench.s3.put_object(Bucket=name, Key="k", Body=b"")
    with pytest.raises(ClientError) as caught:
        bench.s3.delete_bucket(Bucket=name)
    assert code(caught) == ("BucketNotEmpty", 409)
    bench.s3.delete_object(Bucket=name, Key="k")
    bench.s3.delete_bucket(Bucket=name)
    with pytest.raises(ClientError) as caught:
        bench.s3.head_bucket(Bucket=name)
    assert code(caught)[1] == 404


class Pattern(io.RawIOBase):
    """Many bytes that nobody holds in memory."""

    def __init__(self, size: int) -> None:
        self.size, self.at = size, 0
        self.block = hashlib.sha256(b"pattern").digest() * 32768

    def readable(self) -> bool:
        return True

    def read(self, count: int = -1) -> bytes:
        count = min(count if count >= 0 else self.size, self.size - self.at)
        start = self.at % len(self.block)
        self.at += count
        repeated = self.block * (count // len(self.block) + 2)
        return repeated[start:start + count]


class Digest(io.RawIOBase):
    """Takes bytes and remembers only their hash."""

    def __init__(self) -> None:
        self.hash, self.size = hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.hash.update(data)
        self.size += len(data)
        return len(data)


def resident_peak(pid: int) -> int:
    """The most memory that a process has held since the peak was forgotten, in bytes."""
    with open(f"/proc/{pid}/status") as file:
        line = next(line for line in file if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def test_a_gigabyte_goes_in_and_out_below_500_megabytes_of_memory(new_bench: Bench,
                                                                  record_property: Any) -> None:
    # A new one: what one holds after a thousand other tests is theirs.
    size, pid = 1024 * MIB, new_bench.control("GET", "/health")["pid"]
    with open(f"/proc/{pid}/clear_refs", "w") as file:
        file.write("5")
    transfer = TransferConfig(multipart_chunksize=16 * MIB, multipart_threshold=16 * MIB, max_concurrency=4)
    new_bench.s3.upload_fileobj(Pattern(size), new_bench.bucket, "huge", Config=transfer)
    assert "-" in new_bench.s3.head_object(Bucket=new_bench.bucket, Key="huge")["ETag"]
    received = Digest()
    body = new_bench.s3.get_object(Bucket=new_bench.bucket, Key="huge")["Body"]
    for block in body.iter_chunks(MIB):
        received.write(block)
    peak = resident_peak(pid)
    new_bench.s3.delete_object(Bucket=new_bench.bucket, Key="huge")
    expected = hashlib.sha256()
    source = Pattern(size)
    for _ in range(64):
        expected.update(source.read(16 * MIB))
    record_property("peak_megabytes", peak // 1_000_000)
    print(f"peak of the laboratory: {peak // 1_000_000} MB")
    assert (received.size, received.hash.digest()) == (size, expected.digest())
    assert peak < 500_000_000
