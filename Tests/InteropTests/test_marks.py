"""Late writes: no committed row is missed, and nothing is copied that did not change."""

import os
import signal
from decimal import Decimal

import psycopg
import pytest

import lake_reading
from moves import DATASET, Move, Moves


@pytest.fixture
def moves(tokyo) -> Moves:
    return Moves(tokyo, days=3, rows=20, rows_today=5)


def late(moves: Moves, day: int, number: int) -> Move:
    """A row that comes late to a finished day."""
    first = moves.rows[moves.days[day]][0]
    return Move(90_000 + number, first.at, "late", Decimal(number), None)


def test_a_transaction_that_stays_open_across_two_exports_is_exported_once_after_its_commit(moves):
    moves("export")
    day = str(moves.days[1])
    versions = [moves.status[day]["version"]]

    def export() -> str:
        outcome = moves.outcomes(moves("export")).get(day, "not touched")
        versions.append(moves.status[day]["version"])
        return outcome

    with moves.tokyo.connect() as slow, moves.tokyo.connect() as quick:
        moves.insert(slow, late(moves, 1, 1))
        moves.insert(quick, late(moves, 1, 2))
        quick.commit()
        assert moves.status[day]["marked"]
        assert export() == "exported"  # the mark of the quick one
        assert export() == "not touched"  # the slow one is still open
        slow.commit()
    assert export() == "exported"
    assert moves.current_hashes()[day] == moves.hash_in_postgres(moves.days[1])
    assert not moves.status[day]["marked"]
    assert export() == "not touched"
    assert [versions.index(version) for version in versions] == [0, 1, 1, 3, 3]


def test_transactions_that_write_the_same_day_do_not_wait_for_each_other(moves):
    moves("export")
    with moves.tokyo.connect() as one, moves.tokyo.connect() as other:
        for connection in (one, other):
            connection.execute("SET lock_timeout = '1ms'")
        moves.insert(one, late(moves, 1, 1))
        moves.insert(other, late(moves, 1, 2))  # a wait would be an error
        one.execute("UPDATE moves SET amount = 1 WHERE id = %s", [moves.rows[moves.days[1]][3].id])
        other.execute("UPDATE moves SET amount = 1 WHERE id = %s", [moves.rows[moves.days[1]][4].id])
        other.commit()
        one.commit()
        marks = one.execute("SELECT count(*) FROM tokyo_data.marks WHERE day = %s", [moves.days[1]]).fetchone()
        assert marks == (2,)
    moves("export")
    assert moves.current_hashes()[str(moves.days[1])] == moves.hash_in_postgres(moves.days[1])


def test_a_full_export_after_a_retirement_leaves_cold_days_alone(moves):
    moves("export")
    moves("retire", "--before", moves.days[2])
    with moves.tokyo.connect() as connection:
        moves.insert(connection, late(moves, 1, 1))
    before = moves.status
    files = {path: path.stat().st_mtime_ns for path in lake_reading.current_files(moves.tokyo.lake, DATASET)}
    report = moves.outcomes(moves("export", "--full"))
    assert report == {str(moves.days[1]): "awaitsMerge", str(moves.days[2]): "unchanged"}
    after = moves.status
    assert {day: status["version"] for day, status in after.items()} == {
        day: status["version"] for day, status in before.items()
    }
    assert after[str(moves.days[1])]["marked"], "the overlay row waits for its merge"
    assert files == {
        path: path.stat().st_mtime_ns for path in lake_reading.current_files(moves.tokyo.lake, DATASET)
    }
    assert moves.ask()["rows"] == [[66, str(Decimal(moves.total[0][1]) + 1)]]


def test_a_row_that_comes_between_the_hash_of_a_retirement_and_its_commit_is_not_lost(moves):
    moves("export")
    day = moves.days[0]
    process = moves.tokyo.start(
        "retire", "--dataset", DATASET, "--before", moves.days[1], failpoint="before-retire-commit:stop")
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status), status
    with moves.tokyo.connect() as connection:
        moves.insert(connection, late(moves, 0, 7))
    process.send_signal(signal.SIGCONT)
    output, log = process.communicate(timeout=60)
    assert process.returncode == 0, output + log
    assert moves.status[str(day)]["state"] == "cold"
    with moves.tokyo.connect() as connection:
        held = connection.execute("SELECT id FROM moves WHERE at < %s", [moves.days[1]]).fetchall()
    assert held == [(90_007,)]
    answer = moves.ask()
    assert answer["rows"] == [[66, str(Decimal(moves.total[0][1]) + 7)]]
    assert answer["days"][0]["tier"] == "cold+overlay"


def test_a_late_row_replaces_the_cold_row_of_its_key(moves):
    moves("export")
    moves("retire", "--before", moves.days[1])
    replaced = moves.rows[moves.days[0]][4]
    with moves.tokyo.connect() as connection:
        moves.insert(
            connection, Move(replaced.id, replaced.at, replaced.account, replaced.amount + 3, "corrected"))
    assert moves.ask()["rows"] == [[65, str(Decimal(moves.total[0][1]) + 3)]]
    with moves.tokyo.connect() as connection, pytest.raises(psycopg.Error, match="replaces one in the lake"):
        connection.execute("DELETE FROM moves WHERE id = %s", [replaced.id])
