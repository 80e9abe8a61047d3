"""Statements and transactions a second, what the ledger's triggers cost, and rows by the million."""

from collections.abc import Iterator

from bench.context import Context
from bench.postgres.copy_out import copy_out
from bench.postgres.insert_many import insert_many
from bench.postgres.select_only import select_only
from bench.postgres.server import Server
from bench.postgres.tpcb import tpcb
from bench.postgres.triggers import triggers
from bench.rows import Row

CASES = {"select": select_only, "tpcb": tpcb, "triggers": triggers, "copy-out": copy_out, "insert-many": insert_many}


def run(context: Context) -> Iterator[Row]:
    with context.case("server"), Server(context.work) as server:
        for name, case in CASES.items():
            with context.case(name):
                yield from case(context, server)
