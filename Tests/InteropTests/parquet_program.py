"""The program `fixtures`, the matrix of files that it writes, and what it reads in any file."""

import dataclasses
import functools
import os
import pathlib
import subprocess

import parquet_rows

FOLDER = pathlib.Path(__file__).parent / "Fixtures"
# Built where the command line is, which needs the same objects.
SCRATCH = pathlib.Path(__file__).parents[2] / "Examples" / ".build"
BUILDING = os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"}  # see Documentation/Testing.md
PACKAGE = ["-c", "release", "--package-path", str(FOLDER), "--scratch-path", str(SCRATCH)]

# What the rows of the files are (FixtureContent.swift); that the list is whole is a test.
CONTENTS = ["empty", "one_row", "one_value", "few_values", "sequence", "descending", "random", "runs"]
CONTENTS += ["extremes", "long", "wide"]
CONTENTS += [f"edge{n}" for n in [1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257]]


def built(program):
    """The path of a program of the package, which is built first."""
    command = ["swift", "build", "-j", "2", *PACKAGE, "--product", program]
    subprocess.run(command, env=BUILDING, check=True, timeout=1800)
    shown = subprocess.run(
        ["swift", "build", *PACKAGE, "--show-bin-path"], check=True, capture_output=True, text=True
    )
    return pathlib.Path(shown.stdout.strip()) / program


def build():
    return Fixtures(built("fixtures"))


@dataclasses.dataclass(frozen=True)
class Fixtures:
    path: pathlib.Path

    def run(self, *arguments, timeout=300):
        return subprocess.run([self.path, *arguments], capture_output=True, text=True, timeout=timeout)

    def dump(self, path, *columns):
        """The columns of a file as our reader reads them."""
        run = self.run("dump", path, *columns)
        assert run.returncode == 0, run.stderr
        return parquet_rows.parse(run.stdout)


@dataclasses.dataclass(frozen=True)
class Matrix:
    folder: pathlib.Path
    #: How writing and reading back ended.
    written: subprocess.CompletedProcess
    checked: subprocess.CompletedProcess

    @classmethod
    def write(cls, fixtures, folder):
        written = fixtures.run("write", folder)
        return cls(folder, written, fixtures.run("check", folder))

    def names(self, content=None):
        """The files whose rows are of a content."""
        names = sorted(path.stem for path in self.folder.glob("*.jsonl"))
        return [name for name in names if content in (None, name.split("-")[0])]

    def path(self, name):
        return self.folder / f"{name}.parquet"

    def columns(self, name):
        return described(self.folder / f"{name}.jsonl")


@functools.lru_cache(maxsize=24)
def described(path):
    return parquet_rows.parse(path.read_text())
