"""Rows of sides that call for a few seconds: how many calls a second there were, and how long most took."""

from dataclasses import dataclass

from bench.rows import Row


@dataclass(frozen=True)
class Turn:
    rate: float
    """Calls a second, without the time that connecting took."""
    p99: float
    """Within so many microseconds 99 % of them were answered."""
    count: int = 0

    @classmethod
    def of(cls, said: str) -> "Turn":
        """What our sides and the peers print: the rate, the 50th and the 99th percentile, and perhaps the count."""
        words = said.split()
        return cls(float(words[0]), float(words[2]), int(words[3]) if len(words) > 3 else 0)


Turns = list[tuple[Turn, Turn]]


def rate_row(group: str, case: str, peer: str, turns: Turns, bar: float | None = None) -> Row:
    pairs = [(ours.rate, theirs.rate) for ours, theirs in turns]
    return Row.of(pairs, group=group, name=f"{case}/{peer}", unit="1/s", peer=peer, bar=bar, better="higher")


def p99_row(group: str, case: str, peer: str, turns: Turns, bar: float | None = None) -> Row:
    pairs = [(ours.p99, theirs.p99) for ours, theirs in turns]
    return Row.of(pairs, group=group, name=f"{case}-p99/{peer}", unit="us", peer=peer, bar=bar)
