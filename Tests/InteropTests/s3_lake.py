"""A lake in the laboratory: its bucket, and what outside readers see of it, as a folder to look into."""

import json
import os
import shutil
import tempfile
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config

from tokyo_command import Tokyo


def service(variable: str) -> str:
    return os.environ.get(variable) or pytest.fail(f"{variable} is not set: run Tests/run")


class Laboratory:
    """boto3's clients of the laboratory."""

    def __init__(self):
        self.endpoint = service("TOKYO_TEST_AWS_ENDPOINT_URL")
        self.region = service("TOKYO_TEST_AWS_REGION")
        self.key = service("TOKYO_TEST_AWS_ACCESS_KEY_ID")
        self.secret = service("TOKYO_TEST_AWS_SECRET_ACCESS_KEY")
        self.s3 = self.client("s3", config=Config(s3={"addressing_style": "path"}))
        self.glue = self.client("glue")

    def client(self, name: str, **options):
        return boto3.client(
            name, endpoint_url=self.endpoint, region_name=self.region, aws_access_key_id=self.key,
            aws_secret_access_key=self.secret, **options)

    @property
    def environment(self) -> dict:
        """What tells `tokyo` where the laboratory is."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint, "AWS_REGION": self.region, "AWS_ACCESS_KEY_ID": self.key,
            "AWS_SECRET_ACCESS_KEY": self.secret, "AWS_EC2_METADATA_DISABLED": "true",
        }  # fmt: skip


class S3Tokyo(Tokyo):
    """The command line with one database, and a lake in a bucket and a Glue database of its own."""

    def __init__(self, binary, postgres: str, laboratory: Laboratory):
        self.laboratory = laboratory
        name = uuid.uuid4().hex
        self.bucket, self.prefix, self.database = f"tokyo-{name}", "a lake/of ours", f"tokyo_{name}"
        laboratory.s3.create_bucket(
            Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": laboratory.region})
        self.mirrors: list[Path] = []
        super().__init__(binary, postgres, Path())

    @property
    def environment(self) -> dict:
        inherited = {name: value for name, value in super().environment.items() if not name.startswith("AWS_")}
        return {**inherited, **self.laboratory.environment, "TOKYO_GLUE_DATABASE": self.database}

    @property
    def lake_url(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"

    @property
    def lake(self) -> Path:
        """A copy of the lake as it is now, as a folder.

        What Glue shows of each dataset stands in `_catalog.json`, as in a lake on disk, and an upload that was
        neither finished nor aborted is a file of its own, for which nobody has a use.
        """
        folder = Path(tempfile.mkdtemp())
        self.mirrors.append(folder)
        for key in self.keys():
            path = folder / key.removeprefix(self.prefix + "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            self.laboratory.s3.download_file(self.bucket, key, str(path))
        for upload in self.uploads():
            (folder / f"unfinished {upload['UploadId']}").touch()
        for dataset, document in self.catalogs(folder):
            (folder / dataset).mkdir(exist_ok=True)
            (folder / dataset / "_catalog.json").write_text(json.dumps(document))
        return folder

    @lake.setter
    def lake(self, path: Path):
        pass  # where it is says the bucket

    def keys(self) -> list[str]:
        pages = self.laboratory.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def uploads(self) -> list[dict]:
        return self.laboratory.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])

    def catalogs(self, folder: Path):
        """What Glue shows of each dataset, and which versions it knows."""
        glue = self.laboratory.glue
        try:
            tables = glue.get_tables(DatabaseName=self.database)["TableList"]
        except glue.exceptions.EntityNotFoundException:
            return
        for dataset in {table["Parameters"]["tokyodata.dataset"] for table in tables}:
            current = [self.version(folder, partition) for partition in self.partitions(dataset)]
            known = [
                {"location": self.location(partition), "version": partition["Values"][-1]}
                for partition in self.partitions(f"{dataset}_versions")]
            yield dataset, {"current": current, "partitions": known}

    def partitions(self, table: str) -> list[dict]:
        """Those of a table, which comes into being with the first of them."""
        glue = self.laboratory.glue
        pages = glue.get_paginator("get_partitions").paginate(DatabaseName=self.database, TableName=table)
        try:
            return [partition for page in pages for partition in page["Partitions"]]
        except glue.exceptions.EntityNotFoundException:
            return []

    def location(self, partition: dict) -> str:
        root = f"s3://{self.bucket}/{self.prefix}/"
        location = partition["StorageDescriptor"]["Location"]
        assert location.startswith(root) and location.endswith("/")
        return location.removeprefix(root).rstrip("/")

    def version(self, folder: Path, partition: dict) -> dict:
        """A current version, with what its manifest says of it."""
        location = self.location(partition)
        manifest = json.loads((folder / location / "_manifest.json").read_text())
        assert partition["Parameters"]["tokyodata.lake_version"] == manifest["version"]
        return {
            "day": manifest["day"], "version": manifest["version"], "location": location,
            "rowHash": manifest["rowHash"]}  # fmt: skip

    def forget(self):
        """Removes the copies."""
        for folder in self.mirrors:
            shutil.rmtree(folder)
