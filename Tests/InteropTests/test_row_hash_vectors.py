"""Recomputes the published vectors of the row hash with an independent implementation.

`python test_row_hash_vectors.py --write` writes the hashes of row_hash_vectors.json anew; the Swift tests
read the same file.
"""

import json
import pathlib
import sys

import pytest
from row_hash import hash_rows, parse

FILE = pathlib.Path(__file__).with_name("row_hash_vectors.json")
PAGE = pathlib.Path(__file__).parents[2] / "Documentation" / "RowHash.md"


def recompute(vector):
    types = vector["types"]
    rows = [[parse(name, text) for name, text in zip(types, row, strict=True)] for row in vector["rows"]]
    return hash_rows(types, rows)


VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_vector_is_what_an_independent_implementation_computes(vector):
    assert recompute(vector) == vector["hash"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_page_shows_the_vector(vector):
    assert f"| {vector['name']} | `{vector['hash']}` |" in PAGE.read_text(encoding="utf-8")


def test_a_changed_value_changes_the_hash():
    vector = json.loads(json.dumps(next(v for v in VECTORS if v["name"] == "one row of every type")))
    for column in range(len(vector["types"])):
        changed = json.loads(json.dumps(vector))
        changed["rows"][0][column] = None
        assert recompute(changed) != vector["hash"], vector["types"][column]


if __name__ == "__main__" and sys.argv[1:] == ["--write"]:
    for written in VECTORS:
        written["hash"] = recompute(written)
    lines = [json.dumps(written, ensure_ascii=True) for written in VECTORS]
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    for written in VECTORS:
        print(f"| {written['name']} | `{written['hash']}` |")
