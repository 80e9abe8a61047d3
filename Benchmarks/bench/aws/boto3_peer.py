"""boto3's turn: python -m bench.aws.boto3_peer up|down BUCKET PREFIX FOLDER.

Moves all files of the folder to the prefix, or all objects of the prefix into the folder, with its managed
transfer at its defaults, which has ten threads. Prints seconds, and seconds of processor time.
"""

import os
import resource
import sys
import time
from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from s3transfer.manager import TransferManager


def move(way: str, bucket: str, prefix: str, folder: Path):
    # One connection for each of the transfer's threads, and one for listing.
    config = TransferConfig()
    client = boto3.client("s3", config=Config(max_pool_connections=config.max_concurrency + 1))
    start, processor = time.perf_counter(), _processor()
    with TransferManager(client, config) as transfers:
        if way == "up":
            futures = [
                transfers.upload(str(path), bucket, f"{prefix}/{path.name}") for path in sorted(folder.iterdir())]
        else:
            pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{prefix}/")
            futures = [
                transfers.download(bucket, entry["Key"], os.fspath(folder / entry["Key"].rpartition("/")[2]))
                for page in pages for entry in page.get("Contents", [])]
        for future in futures:
            future.result()
    print(time.perf_counter() - start, _processor() - processor)


def _processor() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    move(sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4]))
