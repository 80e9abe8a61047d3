"""What kind of statement a text is, and the parts that are not a query."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from .engine import parse_query
from .failures import QueryFailed, syntax_error


@dataclass
class Statement:
    """One statement: its class as Athena reports it, and what each class needs."""

    kind: str
    substatement: str
    query: exp.Expression | None = None
    target: tuple[str, str] = ("", "")
    location: str = ""
    properties: dict[str, object] = field(default_factory=dict)
    tree: exp.Expression | None = None
    text: str = ""
    if_exists: bool = False


def parse_statement(text: str) -> Statement:
    """Classify a statement. Trouble is a `QueryFailed` whose message begins with SYNTAX_ERROR."""
    text = text.strip().rstrip(";").strip()
    word = (re.match(r"[A-Za-z]+", text) or [""])[0].upper()
    if word == "UNLOAD":
        return _unload(text)
    if word in ("SHOW", "DESCRIBE", "DESC", "MSCK", "EXPLAIN"):
        return Statement("UTILITY", _utility(text), text=text)
    if word in ("SELECT", "WITH", "VALUES", "TABLE") or text.startswith("("):
        return Statement("DML", "SELECT", query=parse_query(text), text=text)
    try:
        tree = sqlglot.parse_one(text, read="athena")
    except SqlglotError as error:
        raise syntax_error(str(error).split("\n")[0]) from None
    if isinstance(tree, exp.Insert):
        return Statement("DML", "INSERT", query=parse_query(tree.expression.sql("athena")),
                         target=_name(tree.this), tree=tree, text=text)
    if isinstance(tree, exp.Create) and tree.kind == "TABLE" and tree.expression is not None:
        return Statement("DDL", "CREATE_TABLE_AS_SELECT", query=parse_query(_after_as(text)),
                         target=_name(tree.this), properties=_ctas_properties(text), tree=tree, text=text)
    if isinstance(tree, exp.Create):
        return Statement("DDL", f"CREATE_{tree.kind}", target=_name(tree.this), tree=tree, text=text,
                         if_exists=bool(tree.args.get("exists")))
    if isinstance(tree, exp.Drop):
        return Statement("DDL", f"DROP_{tree.args.get('kind')}", target=_name(tree), tree=tree, text=text,
                         if_exists=bool(tree.args.get("exists")))
    if isinstance(tree, exp.Alter):
        return Statement("DDL", "ALTER_TABLE", target=_name(tree.this), tree=tree, text=text)
    raise syntax_error(f"mismatched input '{word}'")


def substitute(text: str, parameters: list[str] | None) -> str:
    """Put parameters in place of question marks; they are SQL literals, as in the service."""
    marks = [token for token in _tokens(text) if token.token_type == TokenType.PLACEHOLDER]
    given = parameters or []
    if len(marks) != len(given):
        raise QueryFailed(f"INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected {len(marks)} "
                          f"but found {len(given)}")
    for mark, value in reversed(list(zip(marks, given))):
        text = f"{text[:mark.start]}({_literal(value)}){text[mark.end + 1:]}"
    return text


def split_execute(text: str) -> tuple[str, list[str]] | None:
    """The name and the parameters of `EXECUTE name USING …`; None for any other text."""
    found = re.fullmatch(r"\s*EXECUTE\s+([A-Za-z_]\w*)(?:\s+USING\s+(.*?))?\s*;?\s*", text, re.I | re.S)
    if not found:
        return None
    listed = found.group(2)
    if not listed:
        return found.group(1), []
    try:
        row = sqlglot.parse_one(f"SELECT {listed}", read="athena")
    except SqlglotError as error:
        raise syntax_error(str(error).split("\n")[0]) from None
    return found.group(1), [part.sql("athena") for part in row.selects]


def _literal(value: str) -> str:
    try:
        node = sqlglot.parse_one(f"SELECT {value}", read="athena")
    except SqlglotError:
        node = None
    if not isinstance(node, exp.Select) or len(node.selects) != 1 or node.find(exp.From, exp.Column):
        raise QueryFailed("INVALID_PARAMETER_USAGE: a parameter is not a literal")
    return value


def _tokens(text: str) -> list[Token]:
    try:
        return list(sqlglot.tokenize(text, read="trino"))
    except SqlglotError as error:
        raise syntax_error(str(error).split("\n")[0]) from None


def _unload(text: str) -> Statement:
    tokens = _tokens(text)
    opening = tokens[1] if len(tokens) > 1 else None
    if opening is None or opening.token_type != TokenType.L_PAREN:
        raise syntax_error("mismatched input after UNLOAD. Expecting: '('")
    depth, closing = 0, None
    for token in tokens[1:]:
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if depth == 0:
            closing = token
            break
    rest = text[closing.end + 1:] if closing else ""
    found = re.fullmatch(r"\s*TO\s+'([^']+)'\s*(?:WITH\s*\((.*)\))?\s*", rest, re.I | re.S)
    if closing is None or found is None:
        raise syntax_error("UNLOAD needs TO 's3://…' WITH (…)")
    return Statement("DML", "UNLOAD", query=parse_query(text[opening.end + 1:closing.start]),
                     location=found.group(1), properties=_properties(found.group(2) or ""), text=text)


def _ctas_properties(text: str) -> dict[str, object]:
    found = re.match(r"\s*CREATE\s+TABLE\s+.*?\bWITH\s*\((.*?)\)\s*AS\b", text, re.I | re.S)
    return _properties(found.group(1)) if found else {}


def _after_as(text: str) -> str:
    depth = 0
    for token in _tokens(text):
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if depth == 0 and token.text.upper() == "AS":
            return text[token.end + 1:]
    raise syntax_error("CREATE TABLE needs AS")


def _properties(text: str) -> dict[str, object]:
    """`name = value` pairs; an ARRAY is a list of strings."""
    values: dict[str, object] = {}
    for name, listed, plain in re.findall(r"(\w+)\s*=\s*(?:ARRAY\s*\[(.*?)\]|('[^']*'|[\w.]+))", text, re.I | re.S):
        values[name.lower()] = re.findall(r"'([^']*)'", listed) if not plain else plain.strip("'")
    return values


def _name(node: exp.Expression) -> tuple[str, str]:
    table = node.find(exp.Table) if not isinstance(node, exp.Table) else node
    if table is None:
        return "", node.name.lower()
    return (table.db.lower(), table.name.lower()) if table.name else ("", table.db.lower())


def _utility(text: str) -> str:
    words = text.upper().split()
    if words[0] in ("DESC", "DESCRIBE"):
        return "DESCRIBE_TABLE"
    return "_".join(words[:2]) if words[0] in ("SHOW", "MSCK") else words[0]
