"""A large object each way and thousands of small ones, by boto3's managed transfer, s5cmd and ours."""

from collections.abc import Iterator

from bench.aws.cases import CASES
from bench.aws.server import Server
from bench.aws.transfers import rows_of
from bench.context import Context
from bench.rows import Row


def run(context: Context) -> Iterator[Row]:
    with context.case("server"), Server(context.work) as server:
        for case in CASES:
            with context.case(case.name):
                yield from rows_of(context, server, case)
