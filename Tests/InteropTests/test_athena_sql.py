"""The SQL that we write for Athena is read by a parser that is not ours: sqlglot's, of Athena's dialect."""

import json
import os
import pathlib
import subprocess

import pytest
import sqlglot
from sqlglot import exp

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture(scope="module")
def texts(tmp_path_factory) -> list[str]:
    """What the Swift tests rendered of thousands of random queries; they are built already."""
    path = tmp_path_factory.mktemp("sql") / "texts"
    command = ["swift", "test", "--disable-xctest", "--skip-build", "--filter", "AthenaSQLTextTests"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"TOKYO_TEST_ATHENA_SQL": str(path)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_text_is_one_select_over_named_versions(texts):
    assert len(texts) > 3_000
    for text in texts:
        statements = sqlglot.parse(text, read="athena")
        assert len(statements) == 1 and isinstance(statements[0], exp.Select), text
        query = statements[0]
        assert [table.sql("athena") for table in query.find_all(exp.Table)] == ['"lake"."random_versions"'], text
        assert not list(query.find_all(exp.Placeholder)), text
        columns = {column.name for column in query.find(exp.Where).find_all(exp.Column)}
        assert {"y", "m", "d", "lake_version"} <= columns, text


def test_the_parser_reads_what_was_written(texts):
    """Written again from its tree, a text is the same tree: nothing was skipped or read as something else."""
    for text in texts[::20]:
        tree = sqlglot.parse_one(text, read="athena")
        assert sqlglot.parse_one(tree.sql("athena"), read="athena") == tree, text
        names = [select.alias for select in tree.selects]
        assert all(name and len(set(names)) == len(names) for name in names), text


def test_a_broken_text_is_noticed(texts):
    for text in (texts[0] + " AND ('", texts[0].replace(")", "", 1)):
        with pytest.raises(sqlglot.errors.SqlglotError):
            sqlglot.parse_one(text, read="athena")
