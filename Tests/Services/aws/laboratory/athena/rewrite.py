"""Where DuckDB would answer differently from Athena, the query is changed until it does not."""

from __future__ import annotations

from sqlglot import exp

from .failures import not_imitated, type_mismatch
from .inference import KEY, type_of
from .literals import MOST_DIGITS
from .types import BIGINT, REAL, UNKNOWN, Type

MACROS = """
CREATE OR REPLACE MACRO athena_millis(t) AS
  make_timestamp(epoch_us(t) + 500 - (((epoch_us(t) + 500) % 1000) + 1000) % 1000);
CREATE OR REPLACE MACRO athena_div(a, b) AS
  CASE WHEN b = 0 THEN error('DIVISION_BY_ZERO: Division by zero') ELSE a // b END;
CREATE OR REPLACE MACRO athena_mod(a, b) AS
  CASE WHEN b = 0 THEN error('DIVISION_BY_ZERO: Division by zero') ELSE a % b END;
CREATE OR REPLACE MACRO athena_nan(x) AS isnan(CAST(x AS DOUBLE));
CREATE OR REPLACE MACRO athena_eq(a, b) AS
  CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN athena_nan(a) OR athena_nan(b) THEN false ELSE a = b END;
CREATE OR REPLACE MACRO athena_lt(a, b) AS
  CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN athena_nan(a) OR athena_nan(b) THEN false ELSE a < b END;
CREATE OR REPLACE MACRO athena_lte(a, b) AS
  CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN athena_nan(a) OR athena_nan(b) THEN false ELSE a <= b END;
CREATE OR REPLACE MACRO athena_sum(total, estimate, greatest) AS
  CASE WHEN abs(estimate) > 1.5 * CAST(greatest AS DOUBLE) OR total NOT BETWEEN -greatest AND greatest
    THEN error('NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow') ELSE total END;
CREATE OR REPLACE MACRO nan() AS CAST('NaN' AS DOUBLE);
CREATE OR REPLACE MACRO infinity() AS CAST('Infinity' AS DOUBLE);
"""
_DIGITS_OF_COUNTS = 19
_WRAPPERS = (exp.Filter, exp.Window, exp.IgnoreNulls)
_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)
_NUMBERS_OR = {"varchar": "varchar", "date": "temporal", "timestamp": "temporal",
               "timestamp with time zone": "temporal", "boolean": "boolean"}


def rewrite(query: exp.Expression) -> exp.Expression:
    """The annotated query with every difference that the laboratory knows of taken out. Changes its argument."""
    for node in reversed(list(query.walk(bfs=False))):
        changed = _rewritten(node)
        if changed is not node:
            changed.meta[KEY] = type_of(node)
            if node is query:
                query = changed
            else:
                node.replace(changed)
    return query


def _rewritten(node: exp.Expression) -> exp.Expression:
    if isinstance(node, (exp.Div, exp.Mod)):
        return _divide(node)
    if isinstance(node, _COMPARISONS):
        return _compare(node)
    if isinstance(node, exp.Between):
        return _between(node)
    if isinstance(node, exp.In):
        return _member(node)
    if isinstance(node, (exp.Sum, exp.Avg, *_WRAPPERS)):
        return _aggregate(node)
    if isinstance(node, (exp.Cast, exp.TryCast)):
        return _cast(node)
    if isinstance(node, (exp.Add, exp.Sub, exp.Mul)) and type_of(node).is_decimal:
        return _widen(node)
    if isinstance(node, (exp.Add, exp.Sub, exp.DateAdd, exp.DateSub, exp.TimestampTrunc, exp.DateTrunc)):
        return _cast_to(node.copy(), type_of(node)) if type_of(node).name == "date" else node
    if isinstance(node, exp.DateDiff) and isinstance(node.args.get("unit"), exp.Expression):
        unit = exp.Literal.string(node.args["unit"].name.lower())
        return exp.Anonymous(this="date_sub", expressions=[unit, node.expression.copy(), node.this.copy()])
    if isinstance(node, (exp.Round, exp.Ceil, exp.Floor)) and type_of(node).is_decimal:
        return _cast_to(node.copy(), type_of(node))
    return node


def _divide(node: exp.Expression) -> exp.Expression:
    """Integers divide to integers, decimals to decimals of a fixed scale, and nothing divides by zero."""
    left, right, result = type_of(node.left), type_of(node.right), type_of(node)  # type: ignore[attr-defined]
    if result == UNKNOWN and not node.find(exp.Null):
        raise not_imitated("division of what it cannot tell the type of; cast the operands")
    if result.is_float or not result.is_number:
        return node
    operands = [node.left.copy(), node.right.copy()]  # type: ignore[attr-defined]
    if isinstance(node, exp.Mod):
        remainder = exp.Anonymous(this="athena_mod", expressions=operands)
        return _cast_to(remainder, result) if result.is_decimal else remainder
    if left.is_integer and right.is_integer:
        return exp.Anonymous(this="athena_div", expressions=operands)
    return decimal_quotient(operands[0], operands[1], result)


def _widen(node: exp.Expression) -> exp.Expression:
    """Athena's digits: an integer counts with all those of its type, and nothing stops at 18 of them."""
    changed, result = node.copy(), type_of(node)
    for side in ("this", "expression"):
        operand = node.args[side]
        kind = type_of(operand).as_decimal()
        wide = Type("decimal", max(19, kind.precision), kind.scale) if result.precision > 18 else kind
        if wide != type_of(operand):
            changed.set(side, _cast_to(operand.copy(), wide))
    return _cast_to(changed, result)


def decimal_quotient(dividend: exp.Expression, divisor: exp.Expression, result: Type) -> exp.Expression:
    """An exact quotient at the result's scale, rounded half up."""
    texts = [exp.cast(part, "varchar", dialect="duckdb") for part in (dividend, divisor)]
    quotient = exp.Anonymous(this="athena_quotient", expressions=[*texts, exp.Literal.number(result.scale)])
    return _cast_to(quotient, result)


def _compare(node: exp.Expression) -> exp.Expression:
    left, right = type_of(node.left), type_of(node.right)  # type: ignore[attr-defined]
    _check_families(node.key, left, right)
    if not (left.is_float or right.is_float):
        return node
    first, second = node.left.copy(), node.right.copy()  # type: ignore[attr-defined]
    if isinstance(node, (exp.GT, exp.GTE)):
        first, second = second, first
    names = {exp.EQ: "athena_eq", exp.NEQ: "athena_eq", exp.LT: "athena_lt", exp.GT: "athena_lt",
             exp.LTE: "athena_lte", exp.GTE: "athena_lte"}
    call = exp.Anonymous(this=names[type(node)], expressions=[first, second])
    return exp.Paren(this=exp.Not(this=call)) if isinstance(node, exp.NEQ) else call


def _between(node: exp.Between) -> exp.Expression:
    kind = type_of(node.this)
    low, high = node.args["low"], node.args["high"]
    for side in (low, high):
        _check_families("between", kind, type_of(side))
    if not kind.is_float:
        return node
    return exp.Paren(this=exp.And(
        this=exp.Anonymous(this="athena_lte", expressions=[low.copy(), node.this.copy()]),
        expression=exp.Anonymous(this="athena_lte", expressions=[node.this.copy(), high.copy()])))


def _member(node: exp.In) -> exp.Expression:
    for item in node.expressions:
        _check_families("in", type_of(node.this), type_of(item))
    if not type_of(node.this).is_float:
        return node
    test = exp.Not(this=exp.Anonymous(this="athena_nan", expressions=[node.this.copy()]))
    return exp.Paren(this=exp.And(this=node.copy(), expression=test))


def _check_families(operator: str, left: Type, right: Type) -> None:
    first, second = _family(left), _family(right)
    if first and second and first != second:
        raise type_mismatch(f"Cannot apply operator: {left.name} {operator} {right.name}")


def _family(kind: Type) -> str | None:
    return "number" if kind.is_number else _NUMBERS_OR.get(kind.name)


def _aggregate(node: exp.Expression) -> exp.Expression:
    """`sum` of integers is a bigint or an error; `avg` of decimals keeps their scale."""
    if isinstance(node.parent, _WRAPPERS) and node.parent.this is node:
        return node
    core = node
    while isinstance(core, _WRAPPERS):
        core = core.this
    kind = type_of(core.this) if isinstance(core, (exp.Sum, exp.Avg)) else None
    if kind == UNKNOWN and isinstance(core, exp.Avg) and not core.find(exp.Null):
        raise not_imitated("the average of what it cannot tell the type of; cast the argument")
    if kind is None or not kind.is_number:
        return node
    if isinstance(core, exp.Sum):
        if kind.is_integer:
            return _cast_to(node.copy(), BIGINT)
        if kind.is_decimal:
            return _checked_sum(node, core, kind)
        return _cast_to(node.copy(), REAL) if kind == REAL else node
    if kind.is_decimal:
        return decimal_quotient(_with_core(node, exp.Sum(this=core.this.copy())),
                                _with_core(node, exp.Count(this=core.this.copy())), kind)
    return _cast_to(node.copy(), REAL) if kind == REAL else node


def _checked_sum(node: exp.Expression, core: exp.Sum, kind: Type) -> exp.Expression:
    """A sum of more than 38 digits is an error.

    DuckDB adds 128 bits, of which the sums of its threads are put together modulo 2¹²⁸: an estimate in floating
    point finds what went round, since all that is below 1.5 · 10³⁸ has not.
    """
    if kind.precision + _DIGITS_OF_COUNTS <= MOST_DIGITS:
        return node
    estimated = core.copy()
    value = estimated.this.expressions[0] if isinstance(estimated.this, exp.Distinct) else estimated.this
    value.replace(exp.cast(value.copy(), "double", dialect="duckdb"))
    digits = "9" * MOST_DIGITS
    point = MOST_DIGITS - kind.scale
    greatest = _cast_to(exp.Literal.string(f"{digits[:point]}.{digits[point:]}"), type_of(core))
    return exp.Anonymous(this="athena_sum", expressions=[node.copy(), _with_core(node, estimated), greatest])


def _with_core(node: exp.Expression, core: exp.Expression) -> exp.Expression:
    if not isinstance(node, _WRAPPERS):
        return core
    shell = node.copy()
    innermost = shell
    while isinstance(innermost.this, _WRAPPERS):
        innermost = innermost.this
    innermost.set("this", core)
    return shell


def _cast(node: exp.Cast | exp.TryCast) -> exp.Expression:
    source, target = type_of(node.this), type_of(node)
    if target.name == "timestamp":
        digits = node.to.expressions[0].name if node.to.expressions else "3"
        plain = type(node)(this=node.this.copy(), to=exp.DataType.build("timestamp"))
        if digits.isdigit() and int(digits) > 3:
            return plain
        return exp.Anonymous(this="athena_millis", expressions=[plain])
    if target.is_integer and source.is_float:
        changed = node.copy()
        changed.set("this", exp.Anonymous(this="round", expressions=[node.this.copy()]))
        return changed
    if target.name == "varchar" and source.name == "timestamp":
        pattern = exp.Literal.string("%Y-%m-%d %H:%M:%S.%g")
        return exp.Anonymous(this="strftime", expressions=[node.this.copy(), pattern])
    if target.name == "varchar" and node.to.expressions:
        length = exp.Literal.number(node.to.expressions[0].name)
        text = type(node)(this=node.this.copy(), to=exp.DataType.build("varchar"))
        return exp.Anonymous(this="substr", expressions=[text, exp.Literal.number(1), length])
    return node


def _cast_to(node: exp.Expression, kind: Type) -> exp.Expression:
    return exp.Cast(this=node, to=exp.DataType.build(kind.duckdb(), dialect="duckdb"))
