"""Large objects go up and down in the memory of a few parts, many requests leave nothing behind, and a process ends
beside the threads that it still has.

TOKYO_TRANSFER_BYTES is the size of the object, TOKYO_REQUEST_COUNT the number of requests.
"""

import os

import pytest

from aws_program import Rclone

TRANSFER_BYTES = int(os.environ.get("TOKYO_TRANSFER_BYTES", 256 << 20))
REQUEST_COUNT = int(os.environ.get("TOKYO_REQUEST_COUNT", 6_000))
PEAK = 200_000_000


@pytest.fixture(scope="module")
def rclone():
    return Rclone()


def test_an_object_goes_up_and_down_in_bounded_memory(rclone, aws_fixtures):
    words = [rclone.bucket, "large", TRANSFER_BYTES]
    peaks = {}
    try:
        for way in ["upload", "download"]:
            [told] = aws_fixtures.lines(rclone.environment, way, *words, timeout=3600)
            peaks[way] = told["peak"]
        assert rclone.s3.head_object(Bucket=rclone.bucket, Key="large")["ContentLength"] == TRANSFER_BYTES
    finally:
        rclone.s3.delete_object(Bucket=rclone.bucket, Key="large")
    print(f"{TRANSFER_BYTES} bytes, peaks of memory: {peaks}")
    assert all(peak < PEAK for peak in peaks.values()), peaks


def test_many_requests_leave_nothing_behind(rclone, aws_fixtures):
    words = ["requests", rclone.bucket, REQUEST_COUNT]
    [told] = aws_fixtures.lines(rclone.environment, *words, timeout=7200)
    before, after = told["before"], told["after"]
    print(f"{REQUEST_COUNT} requests: {before} before, {after} after")
    assert after["descriptors"] <= before["descriptors"] + 2  # a connection that is opened again
    assert after["threads"] <= before["threads"] + 2  # of Swift's pool, which grows to the cores and some
    assert after["memory"] <= before["memory"] + 8_000_000


def test_openssl_lives_as_long_as_our_threads(rclone, aws_fixtures):
    # It may not free what it keeps for a thread that ends in the same moment: the process crashed with it.
    run = aws_fixtures.run(rclone.environment, "end", rclone.bucket)
    assert (run.returncode, run.stderr) == (0, "")
