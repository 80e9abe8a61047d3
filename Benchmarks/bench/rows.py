"""The rows that a run gives, from turns that two sides took."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Literal, TypeVar

Turn = TypeVar("Turn")
Pair = tuple[float, float]
"""What one turn of ours cost, and what the peer's after it did."""


@dataclass
class Row:
    """Ours against one peer; the names are those of the JSON."""

    group: str
    name: str
    unit: str
    ours: float
    peer: str
    peer_value: float
    ratio: float
    bar: float | None
    runs: list[float]
    better: Literal["lower", "higher"] = "lower"
    """Of a ratio; a bar is the most, or the least, that is asked for."""

    @classmethod
    def of(
        cls, pairs: list[Pair], *, group: str, name: str, unit: str, peer: str, bar: float | None = None,
        better: Literal["lower", "higher"] = "lower"
    ) -> "Row":
        """Medians of each side, and the median of the ratios of the pairs."""
        runs = [ours / theirs for ours, theirs in pairs]
        return cls(
            group, name, unit, median(ours for ours, _ in pairs), peer, median(theirs for _, theirs in pairs),
            median(runs), bar, runs, better)

    @property
    def json(self) -> dict:
        return asdict(self)

    @property
    def line(self) -> str:
        return " ".join(self._cells)

    @property
    def _cells(self) -> list[str]:
        sign = "<=" if self.better == "lower" else ">="
        verdict = "" if self.bar is None else "met" if self._is_met else "MISSED"
        return [
            self.group, self.name, self.unit, _number(self.ours), self.peer, _number(self.peer_value),
            f"{self.ratio:.3f}", "" if self.bar is None else f"{sign} {self.bar:g}", verdict]  # fmt: skip

    @property
    def _is_met(self) -> bool:
        return self.ratio <= self.bar if self.better == "lower" else self.ratio >= self.bar


def in_turn(
    ours: Callable[[], Turn], peers: dict[str, Callable[[], Turn]], rounds: int
) -> dict[str, list[tuple[Turn, Turn]]]:
    """Lets ours and a peer run one after the other, peer by peer and round by round."""
    pairs: dict[str, list[tuple[Turn, Turn]]] = {name: [] for name in peers}
    for _ in range(rounds):
        for name, theirs in peers.items():
            pairs[name].append((ours(), theirs()))
    return pairs


def fastest(pairs: dict[str, list[Pair]]) -> str:
    """The peer whose median costs least."""
    return min(pairs, key=lambda name: median(theirs for _, theirs in pairs[name]))


def table(rows: list[Row]) -> str:
    titles = ["group", "name", "unit", "ours", "peer", "peer's", "ratio", "bar", ""]
    lines = [titles, *(row._cells for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]
    numbers = {3, 5, 6, 7}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip()
        for line in lines)  # fmt: skip


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3f}"
