"""Reads a lake as an outside reader does: through _catalog.json, never by globbing."""

import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq


def catalog(lake: Path, dataset: str) -> dict:
    return json.loads((lake / dataset / "_catalog.json").read_text())


def current(lake: Path, dataset: str) -> dict[str, dict]:
    """The current version of each day."""
    return {version["day"]: version for version in catalog(lake, dataset)["current"]}


def files(lake: Path, version: dict) -> list[Path]:
    folder = lake / version["location"]
    manifest = json.loads((folder / "_manifest.json").read_text())
    return [folder / file["name"] for file in manifest["files"]]


def current_files(lake: Path, dataset: str) -> list[Path]:
    return [file for version in current(lake, dataset).values() for file in files(lake, version)]


def unreferenced(lake: Path, dataset: str) -> list[str]:
    """What lies in the lake and belongs neither to a current version nor to the catalog."""
    owned = {lake / dataset / "_catalog.json"}
    for version in current(lake, dataset).values():
        owned.add(lake / version["location"] / "_manifest.json")
        owned.update(files(lake, version))
    found = {path for path in lake.rglob("*") if not path.is_dir()}
    assert owned <= found, f"missing: {sorted(map(str, owned - found))}"
    return sorted(str(path.relative_to(lake)) for path in found - owned)


def by_pyarrow(paths: list[Path]) -> pa.Table:
    # One file at a time, without what folders say: the files alone must hold all columns.
    return pa.concat_tables([pq.ParquetFile(path).read() for path in paths])


def by_duckdb(paths: list[Path]) -> pa.Table:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(
            "SELECT * FROM read_parquet(?, hive_partitioning = false)", [[str(path) for path in paths]]
        ).to_arrow_table()


def first_difference(expected: pa.Table, actual: pa.Table, key: str) -> str | None:
    """How two tables differ, by row and by column, nulls and types included; None where they are equal."""
    if expected.schema.names != actual.schema.names:
        return f"columns {actual.schema.names} instead of {expected.schema.names}"
    for wanted, got in zip(expected.schema, actual.schema):
        if wanted.type != got.type:
            return f"{got.name} is {got.type} instead of {wanted.type}"
    if expected.num_rows != actual.num_rows:
        return f"{actual.num_rows} rows instead of {expected.num_rows}"
    expected, actual = expected.sort_by(key), actual.sort_by(key)
    for name in expected.schema.names:
        wanted, got = expected[name].combine_chunks(), actual[name].combine_chunks()
        if wanted.equals(got):
            continue
        for row in range(expected.num_rows):
            if wanted[row] != got[row] or wanted[row].is_valid != got[row].is_valid:
                place = f"{key} {expected[key][row]}, column {name}"
                return f"{place}: {got[row]} instead of {wanted[row]}"
    return None
