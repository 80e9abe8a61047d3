"""The program `aws-fixtures`, which uses S3 and Glue as the environment says, and the servers that it is told of."""

import dataclasses
import json
import os
import pathlib
import subprocess
import uuid

import boto3
import pytest
from botocore.config import Config

from s3_lake import service


@dataclasses.dataclass(frozen=True)
class AWSFixtures:
    path: pathlib.Path

    def run(self, environment, *words, timeout=300):
        """How the program ended, with what it printed; `environment` is all that it knows of AWS."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        try:
            return subprocess.run(
                [self.path, *map(str, words)], env={**others, **environment}, capture_output=True, text=True,
                timeout=timeout)  # fmt: skip
        except subprocess.TimeoutExpired as late:
            # A crash that is still being reported looks like this as well.
            pytest.fail(f"{words[0]} did not end in {timeout} s: {(late.stderr or b'').decode(errors='replace')}")

    def lines(self, environment, *words, timeout=300):
        """What the program printed, which must have succeeded."""
        run = self.run(environment, *words, timeout=timeout)
        # Below 0 it is the signal that killed it, and then stderr may be empty.
        assert run.returncode == 0, f"{words[0]} ended with {run.returncode}: {run.stderr}"
        return [json.loads(line) for line in run.stdout.splitlines()]


class Rclone:
    """rclone's S3 as boto3 and our program find it, with a bucket of its own."""

    def __init__(self):
        endpoint = service("TOKYO_TEST_RCLONE_ENDPOINT_URL")
        key, secret = service("TOKYO_TEST_RCLONE_ACCESS_KEY_ID"), service("TOKYO_TEST_RCLONE_SECRET_ACCESS_KEY")
        self.environment = {
            "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret, "AWS_EC2_METADATA_DISABLED": "true",
        }  # fmt: skip
        self.s3 = boto3.client(
            "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=key,
            aws_secret_access_key=secret, config=Config(s3={"addressing_style": "path"}))  # fmt: skip
        self.bucket = f"tokyo-{uuid.uuid4().hex}"
        self.s3.create_bucket(Bucket=self.bucket)
