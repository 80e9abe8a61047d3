"""Reads the command line, builds our side, runs the groups, prints the table and writes the JSON."""

import argparse
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import groups
from bench.context import Context
from bench.rows import table

ROOT = Path(__file__).resolve().parent.parent


class Arguments(argparse.ArgumentParser):
    def error(self, message: str):
        self.print_usage(sys.stderr)
        self.exit(64, f"Benchmarks/run: {message}\n")


def parse() -> argparse.Namespace:
    names = sorted(module.name for module in pkgutil.iter_modules(groups.__path__))
    parser = Arguments(prog="Benchmarks/run", description="Compares TokyoData with its peers.")
    parser.add_argument("--only", metavar="GROUP", choices=names, help=f"one group: {', '.join(names)}")
    parser.add_argument("--json", metavar="FILE", type=Path, help="writes the rows there as a JSON list")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side runs (5)")
    parser.add_argument("--scale", type=float, default=1.0, help="of the tables, for a quick look (1)")
    parser.add_argument(
        "--defaults", action="store_true", help="peers at their defaults only, which takes a third of the time")
    arguments = parser.parse_args()
    if arguments.rounds < 1 or arguments.scale <= 0:
        parser.error("--rounds and --scale must be above 0")
    arguments.groups = [arguments.only] if arguments.only else names
    return arguments


def main() -> int:
    arguments = parse()
    # SwiftPM does not notice files that came or went in a package that is next to this one: it plans anew.
    (ROOT / ".build" / "release.yaml").unlink(missing_ok=True)
    subprocess.run(
        ["swift", "build", "--configuration", "release", "--package-path", str(ROOT)], check=True, stdout=sys.stderr,
        env=os.environ | {"SWIFT_DETERMINISTIC_HASHING": "1"})
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    rows = []
    with tempfile.TemporaryDirectory(dir=cache, prefix="work-") as work:
        context = Context(
            binaries=ROOT / ".build" / "release", cache=cache, work=Path(work), scale=arguments.scale,
            rounds=arguments.rounds, tries_settings=not arguments.defaults)
        for name in arguments.groups:
            for row in importlib.import_module(f"bench.groups.{name}").run(context):
                context.note(row.line)
                rows.append(row)
    print(table(rows))
    if arguments.json:
        arguments.json.write_text(json.dumps([row.json for row in rows], indent=1) + "\n")
    for failure in context.failures:
        print(f"Benchmarks/run: FAILED: {failure}", file=sys.stderr)
    return 1 if context.failures or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
