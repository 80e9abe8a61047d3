"""What a query needs of each table: columns, partitions, and bounds that rule row groups out.

Only an analysis: the full predicate stays in the query that runs. Whatever cannot be read here reads more.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
from sqlglot import exp
from sqlglot.optimizer.pushdown_predicates import pushdown_predicates
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.scope import Scope, traverse_scope

from .catalog import Table
from .footers import Bound, Chunk
from .scan import Scan

SCAN = "laboratory_scan"


def analyse(query: exp.Expression, tables: dict[int, Table], cursor: duckdb.DuckDBPyConnection) -> dict[int, Scan]:
    """The scan of every table mention; mentions carry their number in `meta[SCAN]`."""
    narrowed = pushdown_projections(pushdown_predicates(query.copy(), dialect="athena"))
    scans = {number: Scan(table) for number, table in tables.items()}
    for scope in traverse_scope(narrowed):
        for alias, source in scope.sources.items():
            number = source.meta.get(SCAN) if isinstance(source, exp.Table) else None
            if number in scans:
                _narrow(scans[number], alias, scope, cursor)
    return scans


def _narrow(scan: Scan, alias: str, scope: Scope, cursor: duckdb.DuckDBPyConnection) -> None:
    scan.columns |= {column.name for column in scope.columns
                     if column.table == alias and column.name in scan.table.columns}
    conjuncts = list(_conjuncts_on(alias, scope))
    scan.partitions |= _surviving(scan.table, alias, conjuncts, cursor)
    for conjunct in conjuncts:
        for name, bound in _bounds(conjunct, alias):
            if name in scan.table.columns:
                scan.bounds.setdefault(name, []).append(bound)


def _conjuncts_on(alias: str, scope: Scope) -> Iterator[exp.Expression]:
    """Predicates that every row of this table must pass to matter, given the joins around it."""
    select = scope.expression
    if not isinstance(select, exp.Select):
        return
    joins = select.args.get("joins") or []
    preserved = any(join.side in ("LEFT", "FULL") for join in joins)
    nullable = False
    for join in joins:
        if join.alias_or_name == alias:
            nullable = join.side in ("LEFT", "FULL")
            if join.side in ("", "LEFT") and join.args.get("on") is not None:
                yield from join.args["on"].flatten() if isinstance(join.args["on"], exp.And) else [join.args["on"]]
        elif join.side in ("RIGHT", "FULL"):
            nullable = True
        elif not join.side and not preserved and join.args.get("on") is not None:
            on = join.args["on"]
            yield from on.flatten() if isinstance(on, exp.And) else [on]
    where = select.args.get("where")
    if where is not None and not nullable:
        condition = where.this
        yield from condition.flatten() if isinstance(condition, exp.And) else [condition]


def _surviving(table: Table, alias: str, conjuncts: list[exp.Expression],
               cursor: duckdb.DuckDBPyConnection) -> set[int]:
    everything = set(range(len(table.partitions)))
    tests = [relaxed for conjunct in conjuncts
             if not isinstance(relaxed := _relax(conjunct, alias, table), exp.Boolean)]
    if not tests or not everything:
        return everything
    values = list(zip(*(partition.values for partition in table.partitions), strict=True))
    columns = {"laboratory_number": pa.array(range(len(everything)))}
    columns |= {name: pa.array([None if value == "__HIVE_DEFAULT_PARTITION__" else value for value in column])
                for name, column in zip(table.partition_keys, values)}
    cursor.register("laboratory_partitions", pa.table(columns))
    typed = ", ".join(f'CAST("{name}" AS {kind.duckdb()}) AS "{name}"'
                      for name, kind in table.partition_keys.items())
    condition = exp.and_(*tests).sql("duckdb")
    try:
        rows = cursor.execute(f'SELECT laboratory_number FROM (SELECT laboratory_number, {typed} '
                              f'FROM laboratory_partitions) AS "{alias}" WHERE {condition}').fetchall()
    except duckdb.Error:
        return everything
    finally:
        cursor.unregister("laboratory_partitions")
    return {number for (number,) in rows}


def _relax(condition: exp.Expression, alias: str, table: Table) -> exp.Expression:
    """A weaker condition on partition columns alone: what is not about them becomes TRUE."""
    if isinstance(condition, exp.Paren):
        return _relax(condition.this, alias, table)
    if isinstance(condition, (exp.And, exp.Or)):
        left, right = _relax(condition.left, alias, table), _relax(condition.right, alias, table)
        trivial = [isinstance(side, exp.Boolean) for side in (left, right)]
        if isinstance(condition, exp.Or):
            return exp.true() if any(trivial) else exp.or_(left, right)
        if all(trivial):
            return exp.true()
        return exp.and_(left, right) if not any(trivial) else (right if trivial[0] else left)
    columns = list(condition.find_all(exp.Column))
    known = all(column.table == alias and column.name in table.partition_keys for column in columns)
    if not columns or not known or condition.find(exp.Query, exp.AggFunc, exp.Window):
        return exp.true()
    return condition.copy()


def _bounds(condition: exp.Expression, alias: str) -> Iterator[tuple[str, Bound]]:
    """Tests on a chunk's minimum and maximum out of `column op literal`."""
    column = condition.this
    if not isinstance(column, exp.Column) or column.table != alias:
        return
    if isinstance(condition, exp.Between):
        low, high = _value(condition.args["low"]), _value(condition.args["high"])
        if low is not None and high is not None:
            yield column.name, _test(lambda chunk: chunk.maximum >= low and chunk.minimum <= high)
    elif isinstance(condition, exp.In) and condition.expressions:
        values = [_value(item) for item in condition.expressions]
        if None not in values:
            yield column.name, _test(lambda chunk: any(chunk.minimum <= one <= chunk.maximum for one in values))
    elif isinstance(condition, (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE)):
        value = _value(condition.expression)
        if value is None:
            return
        tests: dict[type, Callable[[Chunk], bool]] = {
            exp.EQ: lambda chunk: chunk.minimum <= value <= chunk.maximum,
            exp.GT: lambda chunk: chunk.maximum > value, exp.GTE: lambda chunk: chunk.maximum >= value,
            exp.LT: lambda chunk: chunk.minimum < value, exp.LTE: lambda chunk: chunk.minimum <= value}
        yield column.name, _test(tests[type(condition)])


def _test(inner: Callable[[Chunk], bool]) -> Bound:
    def test(chunk: Chunk) -> bool:
        if not chunk.has_bounds:
            return True
        try:
            return inner(chunk)
        except TypeError:
            return True

    return test


def _value(node: exp.Expression) -> Any:
    if isinstance(node, exp.Neg):
        value = _value(node.this)
        return None if value is None else -value
    if isinstance(node, exp.Literal):
        if node.is_string:
            return node.name
        number = Decimal(node.name) if "e" not in node.name.lower() else None
        return int(number) if number is not None and number == number.to_integral_value() else number
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal) and node.this.is_string:
        if node.to.this == exp.DataType.Type.DATE:
            try:
                return datetime.date.fromisoformat(node.this.name)
            except ValueError:
                return None
    return None
