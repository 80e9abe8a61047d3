"""The S3 server of a run: rclone's, over a folder, which checks every side's signatures."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from bench.aws.cases import CASES
from bench.worker import WorkerFailed

BUCKET = "bench"


class Server:
    """Runs from `with` on until its end."""

    def __init__(self, work: Path):
        self.folder = work / "s3"
        self.key, self.secret = secrets.token_hex(10), secrets.token_hex(20)

    def __enter__(self) -> "Server":
        # What is there before it starts it sees at once; later it believes what it remembers.
        for case in CASES:
            (self.folder / BUCKET / case.name).mkdir(parents=True)
        rclone = Path(sys.executable).with_name("rclone")
        self.process = subprocess.Popen(
            [rclone, "serve", "s3", "--config", "/dev/null", "--addr", "127.0.0.1:0", "--auth-key",
             f"{self.key},{self.secret}", "--vfs-cache-mode", "off", self.folder],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # fmt: skip
        said = ""
        for line in self.process.stderr:
            said += line
            if "http://" in line:
                self.url = line[line.index("http://"):].split()[0].rstrip("/]")
                return self
        self.__exit__()
        raise WorkerFailed(f"rclone did not start: {said.strip()}")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()

    @property
    def environment(self) -> dict[str, str]:
        """What tells each side where the server is, and nothing else about AWS."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **others, "AWS_ENDPOINT_URL": self.url, "S3_ENDPOINT_URL": self.url, "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret,
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}  # fmt: skip

    def objects(self, prefix: str) -> Path:
        """Where the objects lie whose keys begin with `prefix/`."""
        return self.folder / BUCKET / prefix
