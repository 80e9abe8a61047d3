"""Read times, ours against pyarrow: the same file on both sides."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.context import Context
from bench.parquet.equality import difference_of_dump
from bench.parquet.tables import Table, ours, peer
from bench.rows import Row, in_turn
from bench.worker import Worker

BAR = 0.7


class Reading:
    """All that is read of one table, from the files that writing it has left."""

    def __init__(self, context: Context, table: Table):
        self.context = context
        self.table = table

    def rows(self) -> Iterator[Row]:
        for threads in (1, 2):
            with ours(self.context) as us, peer("pyarrow", threads) as them:
                for width, columns in (("all", ()), ("three", self.table.three)):
                    case = f"{self.table.name}-read-{width}-{threads}t"
                    yield from self._of_our_file(case, us, them, threads, columns)
                    yield from self._of_their_file(case, us, them, threads, columns)

    def _of_our_file(self, case, us: Worker, them: Worker, threads: int, columns) -> Iterator[Row]:
        file = self.table.written(self.context, "ours-1t")
        if not self._is_right(case, file, us, threads, columns):
            return
        yield self._row(case, "pyarrow", file, us, them, threads, columns, bar=BAR)
        if not self.context.tries_settings:
            return
        # Each setting is tried twice; the first time may be slow for reasons of its own.
        seconds = {
            setting: min(self._read(them, file, setting, columns) for _ in range(2))
            for setting in them.ask("settings", "read")
        }
        best = min(seconds, key=seconds.get)
        yield self._row(f"{case}/pyarrow-best", f"pyarrow ({best})", file, us, them, threads, columns, best)

    def _of_their_file(self, case, us: Worker, them: Worker, threads: int, columns) -> Iterator[Row]:
        file = self.table.written(self.context, "pyarrow")
        name = f"{case}/file-of-pyarrow"
        if file.exists() and self._is_right(name, file, us, threads, columns):
            yield self._row(name, "pyarrow", file, us, them, threads, columns)

    def _is_right(self, name: str, file: Path, us: Worker, threads: int, columns) -> bool:
        """Whether ours reads what pyarrow reads; the first read of each side, whose time does not count."""
        us.ask("read", file, threads, *columns)
        with tempfile.TemporaryDirectory(dir=self.context.work) as dump:
            us.ask("dump", dump)
            difference = difference_of_dump(file, list(columns), Path(dump))
        return self.context.check(difference, name)

    def _row(
        self, name, label, file: Path, us: Worker, them: Worker, threads: int, columns, setting="default", bar=None
    ) -> Row:
        pairs = in_turn(
            lambda: float(us.ask("read", file, threads, *columns)[0]),
            {label: lambda: self._read(them, file, setting, columns)}, self.context.rounds)
        return Row.of(pairs[label], group="parquet", name=name, unit="s", peer=label, bar=bar)

    @staticmethod
    def _read(them: Worker, file: Path, setting: str, columns) -> float:
        return float(them.ask("read", file, setting, *columns)[0])
