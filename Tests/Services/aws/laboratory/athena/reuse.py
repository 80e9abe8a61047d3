"""Result reuse: the same text in the same place gives the earlier result, whatever happened to the data."""

from __future__ import annotations

from sqlglot import exp

from ..clock import Clock
from .executions import Execution

DEFAULT_MINUTES = 60
LONGEST_MINUTES = 10_080
_CHANGING = (exp.CurrentTimestamp, exp.CurrentDate, exp.CurrentTime, exp.Rand, exp.Uuid)
_CHANGING_NAMES = frozenset({"NOW", "RANDOM", "RAND", "UUID", "SHUFFLE", "LOCALTIME", "LOCALTIMESTAMP"})
_Key = tuple[str, str, str, str, str]


class ReuseBook:
    """Remembers the newest execution of each text and place."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._newest: dict[_Key, Execution] = {}

    def offer(self, execution: Execution) -> None:
        """Let later executions find this one, which has succeeded."""
        if not execution.managed and reusable(execution):
            self._newest[_key(execution)] = execution

    def find(self, execution: Execution) -> Execution | None:
        """An earlier execution whose result this one may show."""
        wish = (execution.reuse or {}).get("ResultReuseByAgeConfiguration") or {}
        if not wish.get("Enabled") or not reusable(execution):
            return None
        earlier = self._newest.get(_key(execution))
        if earlier is None or earlier.completed is None:
            return None
        age = min(wish.get("MaxAgeInMinutes", DEFAULT_MINUTES), LONGEST_MINUTES) * 60
        return earlier if self._clock.now() - earlier.completed <= age else None


def reusable(execution: Execution) -> bool:
    """A deterministic SELECT: not `now()`, not a LIMIT that any rows could fill."""
    query = execution.statement.query
    if execution.statement.substatement != "SELECT" or query is None:
        return False
    if query.find(*_CHANGING):
        return False
    if any(call.name.upper() in _CHANGING_NAMES for call in query.find_all(exp.Anonymous)):
        return False
    return not (query.args.get("limit") and not query.args.get("order"))


def _key(execution: Execution) -> _Key:
    return execution.sql, execution.database, execution.catalog, execution.workgroup, execution.prefix
