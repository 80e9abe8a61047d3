"""A million rows and a hundred small answers from the laboratory, by awswrangler, PyAthena and ours."""

from collections.abc import Iterator

from bench.athena.answers import CASES, load, rows_of
from bench.athena.laboratory import Laboratory
from bench.context import Context
from bench.rows import Row


def run(context: Context) -> Iterator[Row]:
    with context.case("laboratory"), Laboratory(context.work) as laboratory:
        records = load(context, laboratory)
        for case in CASES:
            with context.case(case.name):
                yield from rows_of(context, laboratory, records, case)
