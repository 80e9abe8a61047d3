"""Transactions: ours against pgbench's built-in tpcb-like, and whether the money adds up."""

from collections.abc import Iterator

from bench.context import Context
from bench.postgres.server import Database, Server
from bench.postgres.turn import Load
from bench.postgres.workload import initialized, pgbench_scale, seconds
from bench.rates import Turn, p99_row, rate_row
from bench.rows import Row, in_turn

TASKS = (1, 4, 16)
BAR = 0.9


def tpcb(context: Context, server: Server) -> Iterator[Row]:
    database = initialized(server, "tpcb", context)
    for tasks in TASKS:
        case = f"tpcb-{tasks}"
        load = Load(pgbench_scale(context), tasks, seconds(context))
        turns = in_turn(
            lambda: _ours(context, database, load, case),
            {"pgbench": lambda: pgbench_turn(database, load, "--builtin", "tpcb-like")}, context.rounds)
        yield rate_row("postgres", case, "pgbench", turns["pgbench"], BAR)
        yield p99_row("postgres", case, "pgbench", turns["pgbench"])


def _ours(context: Context, database: Database, load: Load, case: str) -> Turn:
    database.settle()
    before = _rows(database)
    turn = load.ours(context, "tpcb", database)
    written = _rows(database) - before
    context.check(
        None if written == turn.count else f"{turn.count} transactions left {written} rows of history", case)
    context.check(difference_of_balances(database), case)
    return turn


def pgbench_turn(database: Database, load: Load, *script: str) -> Turn:
    database.settle()
    return load.pgbench(database, *script)


def _rows(database: Database) -> int:
    return int(database.ask("SELECT count(*) FROM pgbench_history"))


def difference_of_balances(database: Database) -> str | None:
    """Why the four sums are not the same, or nothing."""
    sums = database.ask(
        "SELECT (SELECT sum(abalance) FROM pgbench_accounts), (SELECT sum(bbalance) FROM pgbench_branches), "
        "(SELECT sum(tbalance) FROM pgbench_tellers), (SELECT coalesce(sum(delta), 0) FROM pgbench_history)")
    return None if len(set(sums.split("|"))) == 1 else f"accounts, branches, tellers and history add up to {sums}"
