"""The process dies at every step of export, retire and gc; nobody sees it, and nothing is left of it."""

import pytest

import lake_reading
from moves import DATASET, Moves
from traffic import Readers, Writers

EXPORT_STEPS = [
    "first-rows", "middle-of-file", "files-without-manifest", "manifest-without-partition", "before-publish",
    "after-publish",
]  # fmt: skip
DETACH_STEPS = ["before-detach-commit", "detached", "before-drop"]
STEPS = [*EXPORT_STEPS, "before-retire-commit", *DETACH_STEPS, "condemned"]


def test_the_steps_are_those_that_the_command_line_knows(tokyo):
    """A step that is added must be added here too."""
    error = tokyo.fails("gc", "--dataset", "none", failpoint="no-such-step")
    assert error["code"] == "invalidArgument"
    assert error["message"].endswith("steps: " + ", ".join(STEPS))


@pytest.fixture(params=["folder", "s3"])
def new_tokyo(request, new_tokyo):
    """Makes command lines with a lake of each kind."""
    return new_tokyo if request.param == "folder" else request.getfixturevalue("new_s3_tokyo")


def undisturbed(new_tokyo, like: Moves) -> Moves:
    """The same rows, exported and retired without anything in the way."""
    moves = Moves(
        new_tokyo(), days=len(like.days), rows=len(like.rows[like.days[0]]), rows_today=len(like.rows_today),
        today=like.today)
    moves("export")
    return moves


def require_clean(moves: Moves):
    """After a collection without grace the lake holds the current versions and nothing else."""
    moves("gc", "--grace", "0s")
    assert lake_reading.unreferenced(moves.tokyo.lake, DATASET) == []
    current = lake_reading.current(moves.tokyo.lake, DATASET)
    assert {day: version["rowHash"] for day, version in current.items()} == moves.current_hashes()
    assert {day["state"] for day in moves.status.values()} <= {"both", "cold"}
    verified = moves("verify")
    assert verified["clean"] and len(verified["days"]) == len(moves.days)


@pytest.mark.parametrize("step", [step for step in STEPS if step not in DETACH_STEPS])
def test_a_command_that_was_killed_and_run_again_leaves_what_an_undisturbed_one_leaves(new_tokyo, step):
    moves = Moves(new_tokyo(), days=3, rows=40, rows_today=5)
    retire = ["retire", "--before", moves.days[2]]
    if step in EXPORT_STEPS:
        moves.killed(step, "export")
        moves("export")
        moves(*retire)
    elif step == "before-retire-commit":
        moves("export")
        moves.killed(step, *retire)
        assert moves.count_in_postgres() == len(moves.all)
        moves(*retire)
    else:
        moves.killed("before-publish", "export")
        moves("export")
        moves(*retire)
        moves.killed(step, "gc", "--grace", "0s")
    assert moves.ask()["rows"] == moves.total
    require_clean(moves)
    assert moves.current_hashes() == undisturbed(new_tokyo, moves).current_hashes()


def retire_against_writers(moves: Moves, writers: Writers):
    """A retirement while the days are written to: it takes them or leaves them, and nothing between."""
    finished = moves.run("retire", "--before", moves.days[4])
    outcomes = set(moves.outcomes(finished.document).values())
    assert finished.status == (0 if outcomes <= {"retired"} else 1)
    assert outcomes <= {"retired", "changed"}


@pytest.mark.parametrize("writes_exported_days", [False, True])
def test_readers_and_writers_notice_nothing_of_processes_that_are_killed(new_tokyo, writes_exported_days):
    moves = Moves(new_tokyo())
    days = moves.days
    moves.export(days[0], days[2])
    moves("retire", "--before", days[2])
    with Readers(moves) as readers, Writers(moves, retired=days[:2]) as writers:
        exported = [days[2]]
        for step, day in zip(EXPORT_STEPS, days[3:9], strict=True):
            moves.killed(step, "export", "--from", day, "--through", day)
            moves.export(day)
            exported.append(day)
            if writes_exported_days:
                writers.touch(exported)
        if writes_exported_days:
            retire_against_writers(moves, writers)
            writers.touch(days[4:9])
            moves("export")
        if not writes_exported_days or moves.status[str(days[3])]["state"] == "both":
            moves.killed("before-retire-commit", "retire", "--before", days[4])
            moves("retire", "--before", days[4])
        moves.killed("condemned", "gc", "--grace", "0s")
        moves("gc", "--grace", "0s")
        readers.wait_for(answers=200, of_both_tiers=20)
        writers.stop()
        moves("export")
    assert readers.wrong == []
    assert readers.answers >= 200 and readers.answers_of_both_tiers >= 20
    assert writers.failures == [] and writers.transactions > 100

    assert moves.ask()["rows"] == moves.total
    require_clean(moves)
    states = {day: status["state"] for day, status in moves.status.items()}
    assert states == {str(day): "cold" if day < days[4] else "both" for day in days}
    hashes = moves.current_hashes()
    if writes_exported_days:
        assert all(hashes[str(day)] == moves.hash_in_postgres(day) for day in days[4:])
    else:
        assert hashes == undisturbed(new_tokyo, moves).current_hashes()


def require_no_trace_of_partitions(moves: Moves, retired: int):
    """The retired partitions are gone, and the ledger waits for none."""
    assert not {f"moves_{number}" for number in range(retired)} & set(moves.partitions)
    assert "moves_overlay" in moves.partitions
    with moves.tokyo.connect() as connection:
        assert connection.execute("SELECT count(*) FROM tokyo_data.detached").fetchone() == (0,)


def ways(report: dict) -> list[tuple]:
    return [(day["outcome"], day["way"], day["partition"]) for day in report["days"]]


@pytest.mark.parametrize("step", DETACH_STEPS)
def test_a_partition_whose_retirement_was_killed_is_finished_by_the_next_run(new_tokyo, step):
    moves = Moves(new_tokyo(), days=4, rows=40, rows_today=5, partitioned=True)
    retire = ["retire", "--before", moves.days[3]]
    moves("export")
    detached = [("planned", "detach", "public.moves_0")] * 2 + [("planned", "detach", "public.moves_1")]
    assert ways(moves(*retire, "--dry-run")) == detached
    moves.killed(step, *retire)
    assert moves.count_in_postgres() == len(moves.all) - (0 if step == "before-detach-commit" else 80)
    assert moves.ask()["rows"] == moves.total
    assert "moves_0" in moves.partitions
    finished = moves(*retire)
    # What was finished at the run's begin is no longer a day to retire.
    assert set(moves.outcomes(finished).values()) == {"retired"}
    assert moves.count_in_postgres() == len(moves.all) - 120
    assert moves.ask()["rows"] == moves.total
    require_no_trace_of_partitions(moves, retired=2)
    require_clean(moves)
    assert moves.current_hashes() == undisturbed(new_tokyo, moves).current_hashes()


def test_readers_and_writers_notice_nothing_of_partitions_that_leave(new_tokyo):
    moves = Moves(new_tokyo(), days=6, partitioned=True)
    days = moves.days
    moves("export")
    moves("retire", "--before", days[2])
    with Readers(moves) as readers, Writers(moves, retired=days[:2]) as writers:
        for step, day in zip(DETACH_STEPS, days[3:6], strict=True):
            moves.killed(step, "retire", "--before", day)
            moves("retire", "--before", day)
        readers.wait_for(answers=100, of_both_tiers=20)
        writers.stop()
    assert readers.wrong == []
    assert writers.failures == [] and writers.transactions > 100
    assert moves.ask()["rows"] == moves.total
    require_no_trace_of_partitions(moves, retired=4)
    states = {day: status["state"] for day, status in moves.status.items()}
    assert states == {str(day): "cold" if day < days[5] else "both" for day in days}
    require_clean(moves)
