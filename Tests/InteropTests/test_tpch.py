"""TPC-H's published answers to Q1 and Q6 from a lake of ours: by Athena's SQL, and by our own reader.

The answers are those that DuckDB's extension `tpch` carries, for the scales that it has answers for: TOKYO_TPCH_SCALE
is 0.01, 0.1 or 1; for the larger ones TOKYO_ATHENA_BENCH names the program, built in release. TOKYO_TPCH_VERSIONS
is `undated`, or `undated dated` for a version for every ship date, too.
"""

import importlib.util
import os
import pathlib
import subprocess
import uuid
from decimal import Decimal

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from parquet_program import BUILDING

SCALE = float(os.environ.get("TOKYO_TPCH_SCALE", "0.01"))
VERSIONS = os.environ.get("TOKYO_TPCH_VERSIONS", "undated").split()
BENCHMARKS = pathlib.Path(__file__).parents[2] / "Benchmarks"
# Built where the clients of Tests/Clients are, which need the same objects.
PACKAGE = ["--package-path", str(BENCHMARKS), "--scratch-path", str(BENCHMARKS.parent / ".build" / "clients")]
# In which order rows are written: for one version of them all, and for one of every ship date.
ORDERS = {"undated": "l_orderkey, l_linenumber", "dated": "l_shipdate, l_orderkey, l_linenumber"}


@pytest.fixture(scope="module")
def program() -> pathlib.Path:
    """Our side of the benchmark, which writes lineitem and asks the two queries."""
    if built := os.environ.get("TOKYO_ATHENA_BENCH"):
        return pathlib.Path(built)
    command = ["swift", "build", "-j", "2", *PACKAGE]
    subprocess.run([*command, "--product", "athena-bench"], env=BUILDING, check=True, timeout=1800)
    shown = subprocess.run([*command, "--show-bin-path"], check=True, capture_output=True, text=True)
    return pathlib.Path(shown.stdout.strip()) / "athena-bench"


@pytest.fixture(scope="module")
def tpch() -> duckdb.DuckDBPyConnection:
    """DuckDB with TPC-H's tables, and the answers."""
    package = importlib.util.find_spec("duckdb_extension_tpch").submodule_search_locations[0]
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        connection.load_extension(f"{package}/extensions/v{duckdb.__version__}/tpch.duckdb_extension")
        connection.execute(f"CALL dbgen(sf = {SCALE})")
        yield connection


@pytest.fixture(scope="module", params=VERSIONS)
def asked(request, program, tpch, laboratory, tmp_path_factory):
    """Asks a query of a store over lineitem in a lake of its own; the rows of the answer."""
    folder, name = tmp_path_factory.mktemp("tpch"), f"tpch-{uuid.uuid4().hex[:10]}"
    place = [name, name.replace("-", "_"), str(folder / "records")]
    laboratory.s3.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": laboratory.region})
    laboratory.glue.create_database(DatabaseInput={"Name": place[1]})

    def run(*words) -> str:
        others = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        done = subprocess.run(
            [program, *words, *place], env=others | laboratory.environment, capture_output=True, text=True,
            timeout=1200)
        assert done.returncode == 0, done.stderr
        return done.stdout

    rows = tpch.execute(f"SELECT * FROM lineitem ORDER BY {ORDERS[request.param]}")
    table = rows.to_arrow_table()
    schema = pa.schema([field.with_nullable(False) for field in table.schema])
    pq.write_table(table.cast(schema), folder / "lineitem.parquet")
    del table
    versions = int(run("load", folder / "lineitem.parquet", request.param))
    assert versions == (1 if request.param == "undated" else days(tpch))

    def ask(query: str, store: str) -> list[list[str]]:
        before = queries(laboratory)
        answer = run("tpch", query, store)
        # What Athena's SQL cannot say its store reads itself, which would show nothing.
        assert bool(queries(laboratory) - before) == (store == "athena")
        return [line.split("\t") for line in answer.splitlines()]

    return ask


def queries(laboratory) -> set[str]:
    pages = laboratory.client("athena").get_paginator("list_query_executions").paginate(WorkGroup="primary")
    return {name for page in pages for name in page.get("QueryExecutionIds", [])}


def days(tpch) -> int:
    return tpch.execute("SELECT count(DISTINCT l_shipdate) FROM lineitem").fetchone()[0]


def published(tpch, number: int) -> list[list[str]]:
    """The answer's rows, without the line of names."""
    (answer,) = tpch.execute(
        "SELECT answer FROM tpch_answers() WHERE query_nr = ? AND scale_factor = ?", [number, SCALE]).fetchone()
    return [line.split("|") for line in answer.strip().splitlines()[1:]]


@pytest.mark.parametrize("store", ["athena", "lake"])
def test_q1_sums_prices_as_published(asked, tpch, store):
    ours, theirs = asked("q1", store), published(tpch, 1)
    assert len(theirs) == 4
    assert [row[:2] for row in ours] == [row[:2] for row in theirs]
    for our, their in zip(ours, theirs, strict=True):
        exact = [2, 3, 4, 5, 9]
        assert [Decimal(our[place]) for place in exact] == [Decimal(their[place]) for place in exact]
        # Ours are rounded to eight places; theirs are doubles.
        for place in [6, 7, 8]:
            assert abs(Decimal(our[place]) - Decimal(their[place])) <= Decimal("5.1e-9"), (our, their)


@pytest.mark.parametrize("store", ["athena", "lake"])
def test_q6_adds_revenue_as_published(asked, tpch, store):
    ours, theirs = asked("q6", store), published(tpch, 6)
    assert [[Decimal(value) for value in row] for row in ours] == [[Decimal(value) for value in row] for row in theirs]
