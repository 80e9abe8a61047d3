"""What the ledger's triggers cost: pgbench on a history that is a dataset, against the same one that is none."""

from collections.abc import Iterator

from bench.command import run
from bench.context import Context
from bench.postgres.server import Database, Server
from bench.postgres.tpcb import TASKS, difference_of_balances, pgbench_turn
from bench.postgres.turn import Load
from bench.postgres.workload import initialized, pgbench_scale, seconds
from bench.rates import Turn, rate_row
from bench.rows import Row, in_turn

BAR = 0.85
PEER = "without"

# As the built-in tpcb-like, but its history is written into a finished day, where every transaction leaves a mark.
LATE = r"""
\set aid random(1, 100000 * :scale)
\set bid random(1, 1 * :scale)
\set tid random(1, 10 * :scale)
\set delta random(-5000, 5000)
BEGIN;
UPDATE pgbench_accounts SET abalance = abalance + :delta WHERE aid = :aid;
SELECT abalance FROM pgbench_accounts WHERE aid = :aid;
UPDATE pgbench_tellers SET tbalance = tbalance + :delta WHERE tid = :tid;
UPDATE pgbench_branches SET bbalance = bbalance + :delta WHERE bid = :bid;
INSERT INTO pgbench_history (tid, bid, aid, delta, mtime)
  VALUES (:tid, :bid, :aid, :delta, CURRENT_TIMESTAMP - interval '1 day');
END;
"""


def triggers(context: Context, server: Server) -> Iterator[Row]:
    with_triggers = _history(context, server, "with_triggers")
    run([context.binaries / "postgres-bench", "install", with_triggers.url, "pgbench_history", "mtime"])
    without = _history(context, server, "without_triggers")
    late = context.work / "late.sql"
    late.write_text(LATE)
    today_script = ("--builtin", "tpcb-like")
    late_script = ("--file", str(late), "--scale", str(pgbench_scale(context)))
    for name, script, marks_each, bar in (("", today_script, 0, BAR), ("-late", late_script, 1, None)):
        for tasks in TASKS:
            load = Load(pgbench_scale(context), tasks, seconds(context))
            case = f"triggers{name}-{tasks}"
            turns = in_turn(
                lambda: _with(context, case, with_triggers, load, script, marks_each),
                {PEER: lambda: pgbench_turn(without, load, *script)}, context.rounds)
            yield rate_row("postgres", case, PEER, turns[PEER], bar)
    for database in (with_triggers, without):
        context.check(difference_of_balances(database), f"triggers, {database.name}")


def _history(context: Context, server: Server, name: str) -> Database:
    """pgbench's tables, with what a dataset needs of the history: a key, and an instant in every row."""
    database = initialized(server, name, context)
    database.ask(
        "ALTER TABLE pgbench_history ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "
        "ALTER mtime SET NOT NULL, ALTER mtime TYPE timestamptz")
    return database


def _with(
    context: Context, case: str, database: Database, load: Load, script: tuple[str, ...], marks_each: int
) -> Turn:
    """A turn with triggers, which leave the marks that are due and no others."""
    marks = "SELECT count(*) FROM tokyo_data.marks"
    before = int(database.ask(marks))
    turn = pgbench_turn(database, load, *script)
    left = int(database.ask(marks)) - before
    due = turn.count * marks_each
    context.check(None if left == due else f"{turn.count} transactions left {left} marks, not {due}", case)
    return turn
