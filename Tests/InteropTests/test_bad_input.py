"""Bad input gets a clear error, and nothing is lost."""

import json
import shutil
from decimal import Decimal

import psycopg
import pyarrow.parquet as pq
import pytest
from psycopg import conninfo, sql

import lake_reading
from moves import DATASET, Move, Moves


@pytest.fixture
def moves(tokyo) -> Moves:
    return Moves(tokyo, days=3, rows=20, rows_today=5)


@pytest.fixture
def exported(moves) -> Moves:
    moves("export")
    return moves


def make(tokyo, *statements: str):
    with tokyo.connect() as connection:
        for statement in statements:
            connection.execute(statement)


def rejected_install(tokyo, *arguments) -> dict:
    """An installation that fails and leaves no dataset behind."""
    error = tokyo.fails("install", "--table", "t", *arguments)
    with tokyo.connect() as connection:
        if connection.execute("SELECT to_regclass('tokyo_data.datasets')").fetchone()[0]:
            assert connection.execute("SELECT count(*) FROM tokyo_data.datasets").fetchone() == (0,)
    return error


# Definitions


def test_a_table_that_is_not_there(tokyo):
    error = tokyo.fails("install", "--table", "nowhere.nothing")
    assert error["code"] == "notFound" and "nowhere.nothing" in error["message"]


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--time-column", "nope"), ("--key", "nope"), ("--cluster-by", "nope"), ("--column", "nope=string"),
    ],
)  # fmt: skip
def test_an_unknown_column(tokyo, option, value):
    make(tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL)")
    error = rejected_install(tokyo, option, value)
    assert (error["code"], error["context"]["column"]) == ("unknownColumn", "nope")


def test_a_time_column_of_a_type_without_days(tokyo):
    make(tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at text NOT NULL)")
    error = rejected_install(tokyo, "--time-column", "at")
    assert (error["code"], error["context"]["column"]) == ("typeMismatch", "at")


def test_a_nullable_time_column(tokyo):
    make(tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz)")
    error = rejected_install(tokyo, "--time-column", "at")
    assert (error["code"], error["context"]["column"]) == ("invalidArgument", "at")
    assert "nullable" in error["message"]


def test_an_unconstrained_numeric_is_never_guessed(tokyo):
    make(tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, amount numeric)")
    error = rejected_install(tokyo, "--time-column", "at")
    assert (error["code"], error["context"]["column"]) == ("unsupported", "amount")
    assert "decimal(" in error["message"] and "string" in error["message"], "the choices are named"
    for chosen in ("decimal(12,2)", "string"):
        definition = tokyo("install", "--table", "t", "--time-column", "at", "--column", f"amount={chosen}")
        assert {"name": "amount", "type": chosen, "nullable": True} in definition["columns"]


def test_a_column_type_that_the_table_cannot_give(tokyo):
    make(tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, note text)")
    error = rejected_install(tokyo, "--time-column", "at", "--column", "note=int32")
    assert (error["code"], error["context"]["column"]) == ("typeMismatch", "note")


def test_values_that_the_chosen_type_cannot_hold_stop_the_export(tokyo):
    make(
        tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL, amount numeric)",
        "INSERT INTO t VALUES (1, '2020-01-01Z', 1.25), (2, '2020-01-02Z', 1.234), (3, '2020-01-03Z', 'NaN')")
    tokyo("install", "--table", "t", "--time-column", "at", "--column", "amount=decimal(12,2)")
    for day in ("2020-01-02", "2020-01-03"):
        error = tokyo.fails("export", "--dataset", "t", "--from", day, "--through", day)
        assert error["code"] == "valueOutOfRange"
        assert (error["context"]["column"], error["context"]["day"]) == ("amount", day)
        assert "1.234" not in json.dumps(error), "errors never show values"
    assert {day: status["state"] for day, status in tokyo.status("t").items()} == {
        "2020-01-01": "hot", "2020-01-02": "hot", "2020-01-03": "hot",
    }  # fmt: skip
    tokyo("export", "--dataset", "t", "--from", "2020-01-01", "--through", "2020-01-01")


def test_an_infinite_time_is_never_lost(tokyo):
    make(
        tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL)",
        "INSERT INTO t VALUES (1, '2020-01-01T12:00:00Z'), (2, 'infinity'), (3, '-infinity')")
    tokyo("install", "--table", "t", "--time-column", "at")
    report = tokyo("export", "--dataset", "t")
    assert [day["day"] for day in report["days"]] == ["2020-01-01"]
    tokyo("retire", "--dataset", "t")
    with tokyo.connect() as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (2,)


# Servers


def test_an_unreachable_server(tokyo):
    error = tokyo.fails("status", "--dataset", "t", "--postgres", "postgresql://nobody@127.0.0.1:1/none")
    assert error["code"] == "unavailable"
    assert "127.0.0.1" not in error["message"], "errors name no hosts"


def test_a_dataset_that_is_not_installed(moves):
    for command in ("status", "export", "verify", "retire", "gc"):
        error = moves.tokyo.fails(command, "--dataset", "nothing")
        assert (error["code"], error["context"]["dataset"]) == ("unknownDataset", "nothing")


def test_a_database_without_a_ledger(tokyo):
    error = tokyo.fails("export", "--dataset", "nothing")
    assert error["code"] == "unknownDataset" and "installed" in error["message"]


def test_a_lake_on_a_service_that_we_do_not_know(moves):
    error = moves.tokyo.fails("export", "--dataset", DATASET, "--lake", "gs://bucket/prefix")
    assert error["code"] == "unsupported" and "s3://" in error["message"]


# Queries


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ({"where": {"eq": ["nope", 1]}}, "unknownColumn"),
        ({"select": ["nope"]}, "unknownColumn"),
        ({"aggregates": [{"sum": "nope"}]}, "unknownColumn"),
        ({"groupBy": ["nope"]}, "unknownColumn"),
        ({"aggregates": [{"sum": "note"}]}, "typeMismatch"),
        ({"where": {"eq": ["amount", "a text"]}}, "typeMismatch"),
        ({"where": {"resembles": ["note", "a"]}}, "invalidArgument"),
        ({"from": "yesterday"}, "invalidArgument"),
        ({"format": 99}, "unsupported"),
        ({"dataset": "nothing"}, "unknownDataset"),
        ({"dataset": "No Name"}, "invalidArgument"),
        ({"limit": -1}, "invalidArgument"),
    ],
)  # fmt: skip
def test_a_query_that_makes_no_sense(moves, part, code):
    for command in ("query", "explain"):
        error = moves.tokyo.fails(command, "--query", "-", input=json.dumps({"dataset": DATASET, **part}))
        assert error["code"] == code


@pytest.mark.parametrize("text", ["", "{", "[]", '{"from": "2020-01-01"}', "null"])
def test_a_query_that_is_no_query(moves, text):
    assert moves.tokyo.fails("query", "--query", "-", input=text)["code"] == "invalidArgument"


# Copies that are not what they should be


def untouched(moves: Moves, states: dict[str, str] | None = None):
    """PostgreSQL still holds all rows, and answers from it are right."""
    assert moves.count_in_postgres() == len(moves.all)
    assert {day["state"] for day in moves.status.values()} == {"both"}
    assert moves.ask()["rows"] == moves.total


def change_a_byte(file):
    """Changes the last byte of the pages of a column that the question reads."""
    group = pq.ParquetFile(file).metadata.row_group(0)
    chunk = next(c for c in map(group.column, range(group.num_columns)) if c.path_in_schema == "amount")
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    data = bytearray(file.read_bytes())
    data[start + chunk.total_compressed_size - 1] ^= 0xFF
    file.write_bytes(data)


def other_manifest(file):
    manifest = json.loads(file.read_text())
    manifest["files"][0]["rows"] += 1
    file.write_text(json.dumps(manifest))


def first(pattern: str):
    return lambda folder: next(folder.glob(pattern))


BREAKS = {
    "a truncated file": (first("*.parquet"), lambda file: file.write_bytes(file.read_bytes()[:-200])),
    "a corrupted file": (first("*.parquet"), change_a_byte),
    "an empty file": (first("*.parquet"), lambda file: file.write_bytes(b"")),
    "a missing file": (first("*.parquet"), lambda file: file.unlink()),
    "a missing manifest": (first("_manifest.json"), lambda file: file.unlink()),
    "a manifest that disagrees with its files": (first("_manifest.json"), other_manifest),
    "a manifest that is no manifest": (first("_manifest.json"), lambda file: file.write_text("{}")),
    "a file too many": (lambda folder: folder, lambda folder: (folder / "part-00009.parquet").touch()),
    "a missing version": (lambda folder: folder, shutil.rmtree),
}


@pytest.mark.parametrize("damage", BREAKS)
def test_a_copy_that_is_not_what_it_should_be_is_found_and_never_trusted(exported, damage):
    day = str(exported.days[1])
    find, damaging = BREAKS[damage]
    damaging(find(exported.tokyo.lake / lake_reading.current(exported.tokyo.lake, DATASET)[day]["location"]))

    finished = exported.run("verify")
    assert finished.status == 1
    assert finished.document["clean"] is False
    assert [found["day"] for found in finished.document["days"] if found["difference"]] == [day]
    assert finished.document["error"]["code"] == "verificationFailed"
    assert finished.document["error"]["context"]["day"] == day

    error = exported.tokyo.fails("retire", "--dataset", DATASET, "--before", exported.days[2])
    assert (error["code"], error["context"]["day"]) == ("verificationFailed", day)
    with exported.tokyo.connect() as connection:
        held = connection.execute(
            "SELECT count(*) FROM moves WHERE at >= %s AND at < %s", [exported.days[1], exported.days[2]])
        assert held.fetchone() == (20,), "the day's rows stay in hot"
    assert exported.status[day]["state"] == "both"
    assert exported.ask()["rows"] == exported.total


@pytest.mark.parametrize("damage", ["a truncated file", "a corrupted file", "a missing file", "a missing version"])
def test_a_query_that_needs_a_broken_copy_is_an_error_and_never_fewer_rows(exported, damage):
    exported("retire", "--before", exported.days[2])
    day = str(exported.days[1])
    find, damaging = BREAKS[damage]
    damaging(find(exported.tokyo.lake / lake_reading.current(exported.tokyo.lake, DATASET)[day]["location"]))
    error = exported.tokyo.fails("query", "--query", "-", input=json.dumps(exported.question))
    assert error["code"] in ("invalidData", "notFound")
    assert error["context"]["day"] == day


def test_a_catalog_that_forgot_a_version(exported):
    path = exported.tokyo.lake / DATASET / "_catalog.json"
    document = json.loads(path.read_text())
    document["partitions"] = document["partitions"][1:]
    path.write_text(json.dumps(document))
    finished = exported.run("verify")
    assert finished.status == 1
    assert "catalog" in finished.document["days"][0]["difference"]


# Retirements that would lose something


def test_days_that_were_never_exported_do_not_retire(moves):
    moves.export(moves.days[0])
    finished = moves.run("retire", "--before", moves.today)
    assert finished.status == 1
    assert list(moves.outcomes(finished.document).values()) == ["retired", "neverExported", "neverExported"]
    error = finished.document["error"]
    assert (error["code"], error["context"]["day"]) == ("notFound", str(moves.days[1]))
    assert moves.count_in_postgres() == len(moves.all) - 20
    assert moves.ask()["rows"] == moves.total


def test_a_day_that_changed_since_its_export_does_not_retire(exported):
    with exported.tokyo.connect() as connection:
        connection.execute("UPDATE moves SET amount = amount WHERE id = 3")
        connection.execute("UPDATE moves SET note = 'changed' WHERE id = 4")
    finished = exported.run("retire", "--before", exported.days[1])
    assert finished.status == 1
    assert exported.outcomes(finished.document) == {str(exported.days[0]): "changed"}
    assert finished.document["error"]["code"] == "conflict"
    untouched(exported)
    exported("export")
    exported("retire", "--before", exported.days[1])
    assert exported.ask()["rows"] == exported.total


def test_a_difference_that_no_writer_explains_is_for_a_person_to_resolve(exported):
    with exported.tokyo.connect() as connection:
        connection.execute("ALTER TABLE moves DISABLE TRIGGER USER")
        connection.execute("UPDATE moves SET note = 'in secret' WHERE id = 1004")
        connection.execute("ALTER TABLE moves ENABLE ALWAYS TRIGGER tokyo_data_insert")
        connection.execute("ALTER TABLE moves ENABLE ALWAYS TRIGGER tokyo_data_update")
        connection.execute("ALTER TABLE moves ENABLE ALWAYS TRIGGER tokyo_data_delete")
        connection.execute("ALTER TABLE moves ENABLE ALWAYS TRIGGER tokyo_data_truncate")
        # As if nobody had noticed the triggers: the record is taken anew.
        connection.execute("UPDATE tokyo_data.datasets SET structure = NULL")
    day = str(exported.days[1])
    finished = exported.run("retire", "--before", exported.days[2])
    assert finished.status == 1
    assert finished.document["error"]["code"] in ("verificationFailed", "conflict")
    assert exported.count_in_postgres() == len(exported.all) - 20, "the first day retired, no other"
    if exported.status[day]["state"] == "suspect":
        error = exported.tokyo.fails("query", "--query", "-", input=json.dumps(exported.question))
        assert (error["code"], error["context"]["day"]) == ("daysUnavailable", day)
        exported("resolve", "--day", day, "--keep", "hot", "--dry-run")
        exported("resolve", "--day", day, "--keep", "hot")
    exported("export")
    assert exported.ask()["rows"] == exported.total


def test_resolving_a_day_that_is_not_suspect(exported):
    for arguments in ([], ["--dry-run"]):
        error = exported.tokyo.fails(
            "resolve", "--dataset", DATASET, "--day", exported.days[0], "--keep", "copy", *arguments)
        assert (error["code"], error["context"]["day"]) == ("conflict", str(exported.days[0]))
    untouched(exported)


def test_a_table_with_columns_that_are_not_exported_does_not_retire(exported):
    with exported.tokyo.connect() as connection:
        connection.execute("ALTER TABLE moves ADD COLUMN secret text DEFAULT 'dear'")
    error = exported.tokyo.fails("retire", "--dataset", DATASET, "--before", exported.days[1])
    assert (error["code"], error["context"]["column"]) == ("unsupported", "secret")
    untouched(exported)


@pytest.mark.parametrize(
    ("statements", "word"),
    [
        (["CREATE TABLE parts (move bigint REFERENCES moves ON DELETE CASCADE)"], "foreign key"),
        (
            [
                "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
                "CREATE TRIGGER watch BEFORE DELETE ON moves FOR EACH ROW EXECUTE FUNCTION watch()",
            ],
            "DELETE trigger",
        ),
        (["CREATE PUBLICATION everything FOR TABLE moves"], "publication"),
    ],
)
def test_deletes_that_others_would_follow_do_not_happen(exported, statements, word):
    make(exported.tokyo, *statements)
    error = exported.tokyo.fails("retire", "--dataset", DATASET, "--before", exported.days[1])
    assert error["code"] == "unsupported" and word in error["message"]
    untouched(exported)


def test_row_security_that_hides_rows_is_an_error_and_never_a_subset(exported):
    role = f"reader_of_{exported.tokyo.postgres.split('dbname=')[1].split()[0]}"
    name = sql.Identifier(role)
    with exported.tokyo.connect() as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
        connection.execute(sql.SQL("GRANT ALL ON moves TO {}").format(name))
        connection.execute(sql.SQL("GRANT ALL ON SCHEMA tokyo_data TO {}").format(name))
        connection.execute(sql.SQL("GRANT ALL ON ALL TABLES IN SCHEMA tokyo_data TO {}").format(name))
        connection.execute("ALTER TABLE moves ENABLE ROW LEVEL SECURITY")
        connection.execute("CREATE POLICY even_ones ON moves USING (id % 2 = 0)")
    try:
        poor = {"TOKYO_POSTGRES_URL": conninfo.make_conninfo(exported.tokyo.postgres, user=role)}
        for command in (["export", "--full"], ["retire", "--before", exported.days[1]]):
            error = exported.tokyo.fails(*command, "--dataset", DATASET, environment=poor)
            assert error["code"] == "permissionDenied" and "row security" in error["message"]
        error = exported.tokyo.fails("query", "--query", "-", input=json.dumps(exported.question), environment=poor)
        assert error["code"] == "permissionDenied"
        untouched(exported)
        verified = exported("verify")
        assert verified["clean"]
    finally:
        with exported.tokyo.connect() as connection:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(name))
            connection.execute(sql.SQL("DROP ROLE {}").format(name))


def test_writes_that_a_dataset_rejects(tokyo):
    make(tokyo, "CREATE TABLE t (id bigint PRIMARY KEY, at timestamptz NOT NULL)",
         "INSERT INTO t VALUES (1, '2020-01-01T12:00:00Z')")  # fmt: skip
    tokyo("install", "--table", "t", "--time-column", "at", "--late-writes", "reject")
    tokyo("export", "--dataset", "t")
    tokyo("retire", "--dataset", "t")
    with tokyo.connect() as connection, pytest.raises(psycopg.Error, match="rejects late writes"):
        connection.execute("INSERT INTO t VALUES (2, '2020-01-01T13:00:00Z')")


# Runs


def test_two_runs_of_a_dataset_exclude_each_other(exported):
    with exported.tokyo.connect() as connection:
        held = Move(90_001, exported.rows[exported.days[0]][0].at, "late", Decimal(1), None)
        exported.insert(connection, held)
    stopped = exported.tokyo.start("export", "--dataset", DATASET, failpoint="before-publish:stop")
    import os
    import signal

    os.waitpid(stopped.pid, os.WUNTRACED)
    try:
        for command in (["export"], ["retire"], ["gc"], ["verify"]):
            error = exported.tokyo.fails(*command, "--dataset", DATASET)
            assert error["code"] == "busy"
    finally:
        stopped.send_signal(signal.SIGCONT)
    output, log = stopped.communicate(timeout=60)
    assert stopped.returncode == 0, output + log
