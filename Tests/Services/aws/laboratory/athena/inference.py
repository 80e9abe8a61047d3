"""The Athena type of every node of a qualified query, written into the node's `meta`.

sqlglot's own annotation knows neither decimal scales nor where Athena refuses to mix types, so it is not used.
A node whose type is not found out is `UNKNOWN` and is left to DuckDB's rules.
"""

from __future__ import annotations

from functools import reduce

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from .catalog import Table
from .pruning import SCAN
from .types import BIGINT, BOOLEAN, DATE, DOUBLE, INTEGER, REAL, TIMESTAMP, UNKNOWN, VARCHAR, Type, decimal, parse_type

KEY = "athena_type"
_BOOLEANS = (exp.Predicate, exp.Connector, exp.Not, exp.Boolean, exp.LogicalAnd, exp.LogicalOr)
_BIGINTS = (exp.Count, exp.CountIf, exp.ApproxDistinct, exp.Length, exp.DateDiff, exp.Extract, exp.Year, exp.Month,
            exp.Day, exp.Quarter, exp.Week, exp.DayOfWeek, exp.DayOfYear, exp.RowNumber, exp.StrPosition)
_TEXTS = (exp.Concat, exp.DPipe, exp.Substring, exp.Upper, exp.Lower, exp.Trim, exp.TimeToStr, exp.Replace)
_SAME = (exp.Alias, exp.Paren, exp.Neg, exp.Abs, exp.Min, exp.Max, exp.AnyValue, exp.ArgMax, exp.ArgMin, exp.Window,
         exp.Filter, exp.IgnoreNulls, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.Distinct)
_DOUBLES = (exp.Stddev, exp.StddevPop, exp.StddevSamp, exp.Variance, exp.VariancePop, exp.Sqrt, exp.Ln, exp.Exp,
            exp.Pow, exp.Corr)


def type_of(node: exp.Expression | None) -> Type:
    """The type that was found out for a node."""
    found = node.meta.get(KEY, UNKNOWN) if node is not None else UNKNOWN
    return found if isinstance(found, Type) else UNKNOWN


def annotate(query: exp.Expression, tables: dict[int, Table]) -> None:
    """Type every node, innermost queries first."""
    for scope in traverse_scope(query):
        nodes = [node for node in scope.expression.walk(bfs=False)]
        for node in reversed(nodes):
            if KEY not in node.meta:
                found = _column(node, scope, tables) if isinstance(node, exp.Column) else infer(node)
                if found != UNKNOWN or not isinstance(node, exp.Column):
                    node.meta[KEY] = found


def _column(column: exp.Column, scope: Scope, tables: dict[int, Table]) -> Type:
    source = scope.sources.get(column.table)
    if isinstance(source, exp.Table):
        table = tables.get(source.meta.get(SCAN, -1))
        return table.all_columns.get(column.name, UNKNOWN) if table else UNKNOWN
    if isinstance(source, Scope) and isinstance(source.expression, (exp.Values, exp.Unnest)):
        return _row_column(column.name, source.expression)
    if isinstance(source, Scope) and isinstance(source.expression, exp.Query):
        for index, select in enumerate(source.expression.selects):
            if select.alias_or_name == column.name:
                return _output(source.expression, index)
    return UNKNOWN


def _row_column(name: str, source: exp.Values | exp.Unnest) -> Type:
    """A column of `VALUES` or of `UNNEST`, by the place of its name in the alias."""
    names = [column.name for column in source.args["alias"].columns] if source.args.get("alias") else []
    if name not in names:
        return UNKNOWN
    index = names.index(name)
    if isinstance(source, exp.Values):
        cells = [row.expressions[index] if isinstance(row, exp.Tuple) else row for row in source.expressions]
        return reduce(common, [infer_deep(cell) for cell in cells], UNKNOWN)
    if index == len(source.expressions):
        return BIGINT
    listed = source.expressions[index] if index < len(source.expressions) else None
    if listed is None:
        return UNKNOWN
    found = infer_deep(listed)
    return found.children[0] if found.name == "array" else UNKNOWN


def infer_deep(node: exp.Expression) -> Type:
    """The type of a node after its children's, for nodes that no scope has visited yet."""
    for child in reversed(list(node.walk(bfs=False))):
        if KEY not in child.meta and not isinstance(child, exp.Column):
            child.meta[KEY] = infer(child)
    return type_of(node)


def _output(query: exp.Expression, index: int) -> Type:
    if isinstance(query, exp.SetOperation):
        return common(_output(query.left, index), _output(query.right, index))
    if isinstance(query, exp.Subquery):
        return _output(query.this, index)
    selects = query.selects if isinstance(query, exp.Query) else []
    return type_of(selects[index]) if index < len(selects) else UNKNOWN


def infer(node: exp.Expression) -> Type:
    """The type of a node whose children are typed."""
    if isinstance(node, exp.Literal):
        return VARCHAR if node.is_string else _number(node.name)
    if isinstance(node, (exp.Cast, exp.TryCast)):
        return parse_type(node.to.sql("trino"))
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)):
        return arithmetic(node)
    if isinstance(node, exp.Subquery):
        return _output(node.this, 0)
    for classes, found in ((_BOOLEANS, BOOLEAN), (_BIGINTS, BIGINT), (_TEXTS, VARCHAR), (_DOUBLES, DOUBLE)):
        if isinstance(node, classes):
            return found
    if isinstance(node, _SAME):
        return type_of(node.this)
    if isinstance(node, (exp.DateAdd, exp.DateSub, exp.TimestampTrunc, exp.DateTrunc)):
        return type_of(node.this)
    if isinstance(node, exp.Array):
        element = reduce(common, [type_of(item) for item in node.expressions], UNKNOWN)
        return Type("array", children=(element,))
    if isinstance(node, exp.GenerateSeries):
        return Type("array", children=(BIGINT,))
    if isinstance(node, exp.Bracket):
        held = type_of(node.this)
        return held.children[-1] if held.children and held.name in ("array", "map") else UNKNOWN
    if isinstance(node, exp.CurrentDate):
        return DATE
    if isinstance(node, (exp.Sum, exp.Avg)):
        return aggregate(node)
    if isinstance(node, exp.Round):
        return _rounded(type_of(node.this), node.args.get("decimals") is not None)
    if isinstance(node, (exp.Coalesce, exp.Greatest, exp.Least)):
        return reduce(common, [type_of(part) for part in (node.this, *node.expressions)])
    if isinstance(node, exp.Nullif):
        return type_of(node.this)
    if isinstance(node, exp.If):
        other = node.args.get("false")
        return common(type_of(node.args["true"]), type_of(other)) if other else type_of(node.args["true"])
    if isinstance(node, exp.Case):
        branches = [branch.args["true"] for branch in node.args["ifs"]]
        default = node.args.get("default")
        parts = [*branches, *([default] if default else [])]
        return reduce(common, [type_of(part) for part in parts if not isinstance(part, exp.Null)] or [UNKNOWN])
    return UNKNOWN


def _number(text: str) -> Type:
    if "e" in text.lower():
        return DOUBLE
    if "." in text:
        whole, _, fraction = text.partition(".")
        digits = len(whole.lstrip("0")) + len(fraction)
        return decimal(max(1, digits), len(fraction))
    return INTEGER if int(text) < 2**31 else BIGINT


def common(left: Type, right: Type) -> Type:
    """The type that both sides become; `UNKNOWN` where Athena has none."""
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    if left.is_number and right.is_number:
        if left.is_float or right.is_float:
            return DOUBLE if DOUBLE in (left, right) or left.is_decimal or right.is_decimal else REAL
        if left.is_integer and right.is_integer:
            order = ("tinyint", "smallint", "integer", "bigint")
            return max(left, right, key=lambda kind: order.index(kind.name))
        first, second = left.as_decimal(), right.as_decimal()
        scale = max(first.scale, second.scale)
        return decimal(max(first.precision - first.scale, second.precision - second.scale) + scale, scale)
    if {left.name, right.name} == {"date", "timestamp"}:
        return TIMESTAMP
    return UNKNOWN


def arithmetic(node: exp.Expression) -> Type:
    """`+ - * / %` with Trino's precisions and scales."""
    left, right = type_of(node.left), type_of(node.right)  # type: ignore[attr-defined]
    if left.name in ("date", "timestamp") and isinstance(node, (exp.Add, exp.Sub)):
        return left if right.name not in ("date", "timestamp") else UNKNOWN
    if not (left.is_number and right.is_number):
        return UNKNOWN
    if not (left.is_decimal or right.is_decimal) or left.is_float or right.is_float:
        return common(left, right)
    first, second = left.as_decimal(), right.as_decimal()
    (p1, s1), (p2, s2) = (first.precision, first.scale), (second.precision, second.scale)
    if isinstance(node, exp.Mul):
        return decimal(p1 + p2, s1 + s2)
    if isinstance(node, exp.Div):
        return decimal(p1 + s2 + max(0, s2 - s1), max(s1, s2))
    if isinstance(node, exp.Mod):
        return decimal(min(p1 - s1, p2 - s2) + max(s1, s2), max(s1, s2))
    return decimal(max(p1 - s1, p2 - s2) + max(s1, s2) + 1, max(s1, s2))


def aggregate(node: exp.Expression) -> Type:
    """`sum` and `avg`."""
    kind = type_of(node.this)
    if kind.is_integer:
        return BIGINT if isinstance(node, exp.Sum) else DOUBLE
    if kind.is_decimal:
        return decimal(38, kind.scale) if isinstance(node, exp.Sum) else kind
    return kind if kind.is_float else UNKNOWN


def _rounded(kind: Type, with_digits: bool) -> Type:
    if not kind.is_decimal:
        return kind
    return decimal(kind.precision + 1, kind.scale) if with_digits else decimal(kind.precision - kind.scale + 1, 0)
