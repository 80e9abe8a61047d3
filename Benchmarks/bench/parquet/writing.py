"""Write times and sizes, ours against pyarrow, polars and DuckDB."""

import filecmp
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.context import Context
from bench.parquet.equality import difference_of_files
from bench.parquet.tables import Table, ours, peer
from bench.rows import Pair, Row, fastest, in_turn
from bench.worker import Worker

PEERS = ("pyarrow", "polars", "duckdb")
TIME_BAR = 0.45
SIZE_BAR = 0.85


class Writing:
    """All that is written of one table."""

    def __init__(self, context: Context, table: Table):
        self.context = context
        self.table = table
        self.source = table.source(context)
        self.sizes: dict[str, int] = {}
        self.best_sizes: dict[str, tuple[int, str]] = {}

    def rows(self) -> Iterator[Row]:
        for threads in (1, 2):
            with ExitStack() as workers:
                us = workers.enter_context(ours(self.context))
                us.ask("load", self.source)
                if not self._ours_is_right(us, threads):
                    return
                peers = {}
                for name in PEERS:
                    peers[name] = workers.enter_context(peer(name, threads))
                    peers[name].ask("load", self.source)
                yield from self._times(us, peers, threads)
        yield from self._size_rows()

    # Times

    def _times(self, us: Worker, peers: dict[str, Worker], threads: int) -> Iterator[Row]:
        case = f"{self.table.name}-write-{threads}t"
        right = {name: worker for name, worker in peers.items() if self._default_is_right(case, name, worker)}
        best = dict.fromkeys(right, "default")
        if self.context.tries_settings:
            if threads == 1:
                self._try_sizes(case, right)
            best = {name: self._quickest(case, name, worker) for name, worker in right.items()}

        pairs = self._in_turn(us, right, threads, {name: "default" for name in right})
        for name in pairs:
            yield self._time_row(f"{case}/{name}", name, pairs[name])
        # A bar against the fastest of all peers means nothing where one of them is left out.
        if set(pairs) == set(PEERS):
            name = fastest(pairs)
            yield self._time_row(f"{case}/fastest", name, pairs[name], TIME_BAR)

        if not self.context.tries_settings:
            return
        others = {name: worker for name, worker in right.items() if best[name] != "default"}
        pairs |= self._in_turn(us, others, threads, best)
        for name in pairs:
            yield self._time_row(f"{case}/{name}-best", f"{name} ({best[name]})", pairs[name])

    def _in_turn(
        self, us: Worker, peers: dict[str, Worker], threads: int, settings: dict[str, str]
    ) -> dict[str, list[Pair]]:
        return in_turn(
            lambda: self._write_ours(us, threads)[0],
            {
                name: lambda name=name, worker=worker: self._write(worker, name, "time", settings[name])[0]
                for name, worker in peers.items()
            },
            self.context.rounds)  # fmt: skip

    def _time_row(self, name: str, peer: str, pairs: list[Pair], bar: float | None = None) -> Row:
        return Row.of(pairs, group="parquet", name=name, unit="s", peer=peer, bar=bar)

    def _quickest(self, case: str, name: str, worker: Worker) -> str:
        """The settings with which a peer is quickest: each that writes the right rows is tried twice."""
        seconds = {"default": self._write(worker, name, "time", "default")[0]}
        for setting in worker.ask("settings", "time"):
            if setting != "default":
                first, _, path = self._write(worker, name, "time", setting)
                if self._is_right(path, f"{case}/{name} ({setting})"):
                    seconds[setting] = min(first, self._write(worker, name, "time", setting)[0])
        return min(seconds, key=seconds.get)

    # Sizes

    def _try_sizes(self, case: str, peers: dict[str, Worker]):
        for name, worker in peers.items():
            sizes = {"default": self.sizes[name]}
            for setting in worker.ask("settings", "size"):
                if setting != "default":
                    _, size, path = self._write(worker, name, "size", setting)
                    if self._is_right(path, f"{case}/{name} ({setting})"):
                        sizes[setting] = size
            setting = min(sizes, key=sizes.get)
            self.best_sizes[name] = (sizes[setting], setting)

    def _size_rows(self) -> Iterator[Row]:
        case = f"{self.table.name}-size"
        pairs = {name: [self._sizes(self.sizes[name])] for name in PEERS if name in self.sizes}
        for name in pairs:
            yield self._size_row(f"{case}/{name}", name, pairs[name])
        if set(pairs) == set(PEERS):
            name = fastest(pairs)
            yield self._size_row(f"{case}/fastest", name, pairs[name], SIZE_BAR)
        for name, (size, setting) in self.best_sizes.items():
            yield self._size_row(f"{case}/{name}-best", f"{name} ({setting})", [self._sizes(size)])

    def _sizes(self, theirs: int) -> Pair:
        return (self.sizes["ours"], theirs)

    def _size_row(self, name: str, peer: str, pairs: list[Pair], bar: float | None = None) -> Row:
        # Sizes do not vary from run to run; what was written once is said as often as times are taken.
        return Row.of(pairs * self.context.rounds, group="parquet", name=name, unit="bytes", peer=peer, bar=bar)

    # Writing once

    def _write_ours(self, us: Worker, threads: int) -> tuple[float, int, Path]:
        path = self.table.written(self.context, f"ours-{threads}t")
        path.unlink(missing_ok=True)
        seconds, size, _ = us.ask("write", path, threads)
        return float(seconds), int(size), path

    def _write(self, worker: Worker, name: str, purpose: str, setting: str) -> tuple[float, int, Path]:
        path = self.table.written(self.context, name if setting == "default" else f"{name}-tried")
        path.unlink(missing_ok=True)
        seconds, size = worker.ask("write", path, purpose, setting)
        return float(seconds), int(size), path

    def _is_right(self, path: Path, what: str) -> bool:
        return self.context.check(difference_of_files(self.source, path), what)

    def _default_is_right(self, case: str, name: str, worker: Worker) -> bool:
        _, size, path = self._write(worker, name, "time", "default")
        if not self._is_right(path, f"{case}/{name}"):
            return False
        self.sizes.setdefault(name, size)
        return True

    def _ours_is_right(self, us: Worker, threads: int) -> bool:
        _, size, path = self._write_ours(us, threads)
        what = f"{self.table.name}-write-{threads}t by ours"
        if not self._is_right(path, what):
            return False
        self.sizes.setdefault("ours", size)
        one = self.table.written(self.context, "ours-1t")
        same = filecmp.cmp(one, path, shallow=False)
        return self.context.check(None if same else "other bytes than on one thread", what)
