"""From Athena's SQL to batches of rows, by way of DuckDB over the objects in the spool."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from pathlib import Path

import duckdb
import pyarrow as pa
import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError, SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.schema import MappingSchema

from ..s3.objects import ObjectStore
from .catalog import Catalog, Table
from .failures import QueryFailed, from_engine, not_imitated, syntax_error
from .inference import annotate
from .literals import install as install_literals
from .pruning import SCAN, analyse
from .rewrite import MACROS, rewrite
from .scan import find_files, relation, scanned_bytes
from .types import Type, parse_type

BATCH_ROWS = 10_000
DEEPEST_VIEW = 10
install_literals()


@dataclass
class Plan:
    """A query that is ready to run: the SQL, and what it will read."""

    sql: str
    scanned_bytes: int
    tables: list[tuple[str, str]]
    files: int


@dataclass
class Rows:
    """An open result: columns with their types, batches as they come."""

    columns: list[tuple[str, Type]]
    batches: Iterator[pa.RecordBatch]


class Engine:
    """One DuckDB for all queries; each query has its own `Session`."""

    def __init__(self, store: ObjectStore, catalog: Catalog, memory: str, spool: Path) -> None:
        self._store = store
        self.catalog = catalog
        self._database = duckdb.connect(":memory:", config={
            "memory_limit": memory, "threads": 2, "temp_directory": str(spool / "engine"),
            "autoinstall_known_extensions": False, "autoload_known_extensions": False})
        self._database.execute("SET TimeZone = 'UTC'")
        self._database.execute(MACROS)
        self._database.create_function("athena_quotient", _quotient, ["VARCHAR", "VARCHAR", "INTEGER"], "VARCHAR")
        self._database.execute(f"SET allowed_directories = ['{spool}']")
        self._database.execute("SET enable_external_access = false")

    def session(self) -> Session:
        """A connection of its own, to be closed."""
        return Session(self._database.cursor(), self._store, self.catalog)

    def close(self) -> None:
        """End the engine."""
        self._database.close()


class Session:
    """One query's connection."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, store: ObjectStore, catalog: Catalog) -> None:
        self._cursor = cursor
        self._store = store
        self._catalog = catalog

    def interrupt(self) -> None:
        """Stop what runs; from any thread."""
        self._cursor.interrupt()

    def close(self) -> None:
        """Drop everything of this query."""
        self._cursor.close()

    def plan(self, query: exp.Expression, database: str) -> Plan:
        """Resolve, type, prune and rewrite a query."""
        expanded = self._expand(query, database, 0)
        tables = self._resolve(expanded, database)
        schema = MappingSchema(dialect="athena")
        for table in tables.values():
            schema.add_table(exp.table_(table.name, db=table.database),
                             {name: kind.duckdb() for name, kind in table.all_columns.items()}, dialect="duckdb")
        _name_columns(expanded)
        try:
            qualified = qualify(expanded, schema=schema, db=database, dialect="athena")
            scans = analyse(qualified, tables, self._cursor)
            annotate(qualified, tables)
        except OptimizeError as error:
            raise QueryFailed(f"COLUMN_NOT_FOUND: {error}") from None
        except SqlglotError as error:
            raise syntax_error(str(error)) from None
        scanned, count = 0, 0
        for number, scan in scans.items():
            files = find_files(self._store, scan)
            scanned += scanned_bytes(scan, files)
            count += len(files)
            self._cursor.execute(f"CREATE TEMP VIEW laboratory_scan_{number} AS {relation(scan.table, files)}")
        rewritten = rewrite(qualified)
        for mention in list(rewritten.find_all(exp.Table)):
            if SCAN in mention.meta:
                mention.set("db", None)
                mention.set("catalog", None)
                mention.set("this", exp.to_identifier(f"laboratory_scan_{mention.meta[SCAN]}"))
        return Plan(rewritten.sql("duckdb"), scanned, sorted({(t.database, t.name) for t in tables.values()}), count)

    def run(self, plan: Plan) -> Rows:
        """Execute; rows are computed while they are read."""
        try:
            described = self._cursor.execute(f"DESCRIBE {plan.sql}").fetchall()
            wide = [str(row[0]) for row in described if row[1] in ("HUGEINT", "UHUGEINT", "UBIGINT")]
            sql = plan.sql
            if wide:
                replaced = ", ".join(f'CAST("{name}" AS BIGINT) AS "{name}"' for name in wide)
                sql = f"SELECT * REPLACE ({replaced}) FROM ({sql})"
            columns = [(str(row[0]), parse_type("bigint" if row[0] in wide else str(row[1]))) for row in described]
            reader = self._cursor.execute(sql).to_arrow_reader(BATCH_ROWS)
        except duckdb.Error as error:
            raise from_engine(error) from None
        return Rows(columns, _batches(reader))

    def _expand(self, query: exp.Expression, database: str, depth: int) -> exp.Expression:
        """Put the text of views in place of their names."""
        if depth > DEEPEST_VIEW:
            raise QueryFailed("STACK_OVERFLOW: views are nested too deeply")
        for mention in _real_tables(query):
            holder = _database_of(mention, database)
            if not self._catalog.has_table(holder, mention.name.lower()):
                continue
            table = self._catalog.table(holder, mention.name.lower())
            if table.view is not None:
                inner = self._expand(parse_query(_view_text(table.view)), holder, depth + 1)
                for name in _real_tables(inner):
                    name.set("db", exp.to_identifier(_database_of(name, holder)))
                mention.replace(exp.Subquery(this=inner, alias=exp.TableAlias(
                    this=exp.to_identifier(mention.alias_or_name))))
        return query

    def _resolve(self, query: exp.Expression, database: str) -> dict[int, Table]:
        tables: dict[int, Table] = {}
        for number, mention in enumerate(_real_tables(query)):
            name = mention.name.lower()
            holder = _database_of(mention, database)
            if holder == "information_schema":
                raise not_imitated("information_schema")
            tables[number] = self._catalog.table(holder, name)
            mention.meta[SCAN] = number
            if not mention.alias:
                mention.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
            mention.set("this", exp.to_identifier(name))
            mention.set("db", exp.to_identifier(holder))
            mention.set("catalog", None)
        return tables


def parse_query(text: str) -> exp.Expression:
    """A SELECT, WITH, VALUES or set operation; the service's error for anything else."""
    try:
        statements = [one for one in sqlglot.parse(text, read="athena") if one is not None]
    except SqlglotError as error:
        raise syntax_error(_first_line(error)) from None
    if len(statements) != 1:
        raise syntax_error("Only one sql statement is allowed")
    query = statements[0]
    if isinstance(query, exp.Values):
        width = len(query.expressions[0].expressions)
        names = [exp.to_identifier(f"_col{index}") for index in range(width)]
        query.set("alias", exp.TableAlias(this=exp.to_identifier("rows"), columns=names))
        query = exp.select("*").from_(query)
    if not isinstance(query, exp.Query):
        raise syntax_error("a query is expected")
    return query


def _first_line(error: SqlglotError) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error)).split("\n")[0]


def _real_tables(query: exp.Expression) -> list[exp.Table]:
    """Mentions of tables of the catalogue, as opposed to common table expressions."""
    found: dict[int, exp.Table] = {}
    for scope in traverse_scope(query):
        for source in scope.sources.values():
            if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
                found.setdefault(id(source), source)
    return list(found.values())


def _database_of(mention: exp.Table, default: str) -> str:
    if mention.catalog and mention.catalog.lower() != "awsdatacatalog":
        raise QueryFailed(f"CATALOG_NOT_FOUND: Catalog '{mention.catalog}' does not exist", type=1004)
    return (mention.db or default).lower()


def _name_columns(query: exp.Expression) -> None:
    """Columns without a name are called `_col0`, `_col1`, … by their place."""
    while isinstance(query, (exp.SetOperation, exp.Subquery)):
        query = query.this
    if isinstance(query, exp.Select):
        for index, select in enumerate(list(query.selects)):
            if not isinstance(select, (exp.Alias, exp.Column, exp.Star, exp.Dot)):
                select.replace(exp.alias_(select.copy(), f"_col{index}"))


def _view_text(original: str) -> str:
    found = re.fullmatch(r"/\* Presto View: ([A-Za-z0-9+/=]+) \*/", original.strip())
    return str(json.loads(base64.b64decode(found.group(1)))["originalSql"]) if found else original


def _batches(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    try:
        yield from reader
    except duckdb.Error as error:
        raise from_engine(error) from None
    except (OSError, pa.ArrowException) as error:
        raise from_engine(duckdb.Error(str(error))) from None


def _quotient(dividend: str, divisor: str, scale: int) -> str:
    with localcontext(prec=80):
        if Decimal(divisor) == 0:
            raise ValueError("Invalid Input Error: DIVISION_BY_ZERO: Division by zero")
        return str((Decimal(dividend) / Decimal(divisor)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP))
