"""Carries out one execution: plans, reads, writes the result and whatever the statement makes."""

from __future__ import annotations

import time
from pathlib import Path

from ..clock import Clock
from ..s3.objects import ObjectStore
from .ddl import Definitions, parquet_table
from .engine import Engine, Plan, Session
from .executions import Execution
from .failures import QueryCancelled, QueryFailed
from .results import Columns, ResultFile, metadata_document, write_csv, write_text
from .unload import ParquetWriter, Written


class Runner:
    """The work behind an execution's RUNNING state."""

    def __init__(self, engine: Engine, store: ObjectStore, clock: Clock, spool: Path) -> None:
        self._engine = engine
        self._store = store
        self._writer = ParquetWriter(store, clock)
        self._definitions = Definitions(engine.catalog, store)
        self._spool = spool
        spool.mkdir(parents=True, exist_ok=True)

    def run(self, execution: Execution) -> None:
        """Do it; failures are `QueryFailed`, a scan over the limit is `QueryCancelled`."""
        if execution.statement.query is None:
            lines = self._definitions.carry_out(execution.statement, execution.database)
            execution.is_text = True
            self._keep(execution, write_text(self._file(execution), lines))
            return
        session = self._engine.session()
        execution.interrupt = session.interrupt
        try:
            self._query(execution, session)
        finally:
            execution.interrupt = None
            session.close()

    def _query(self, execution: Execution, session: Session) -> None:
        begun = time.monotonic()
        statement = execution.statement
        if statement.query is None:
            raise QueryFailed("GENERIC_INTERNAL_ERROR: no query")
        plan = session.plan(statement.query.copy(), execution.database)
        execution.planning_seconds = time.monotonic() - begun
        execution.scanned = plan.scanned_bytes
        if execution.cutoff is not None and plan.scanned_bytes > execution.cutoff:
            raise QueryCancelled("Query cancelled! : Bytes scanned limit was exceeded")
        if statement.substatement == "SELECT":
            rows = session.run(plan)
            self._keep(execution, write_csv(self._file(execution), rows.columns, rows.batches))
        elif statement.substatement == "UNLOAD":
            self._unload(execution, session, plan)
        elif statement.substatement == "INSERT":
            self._insert(execution, session, plan)
        else:
            self._create_table(execution, session, plan)

    def _unload(self, execution: Execution, session: Session, plan: Plan) -> None:
        statement, properties = execution.statement, execution.statement.properties
        if str(properties.get("format", "")).upper() != "PARQUET":
            raise QueryFailed("NOT_SUPPORTED: the laboratory does not imitate UNLOAD to other formats than PARQUET")
        self._writer.require_empty(statement.location)
        rows = session.run(plan)
        written = self._writer.write(statement.location, rows.columns, rows.batches,
                                     str(properties.get("compression", "gzip")), _listed(properties))
        self._finish_write(execution, rows.columns, written)

    def _create_table(self, execution: Execution, session: Session, plan: Plan) -> None:
        statement, properties = execution.statement, execution.statement.properties
        if str(properties.get("format", "PARQUET")).upper() != "PARQUET":
            raise QueryFailed("NOT_SUPPORTED: the laboratory does not imitate tables other than PARQUET")
        database, name = statement.target[0] or execution.database, statement.target[1]
        location = str(properties.get("external_location") or f"{execution.output.rsplit('/', 1)[0]}/tables/"
                       f"{execution.identifier}/")
        self._writer.require_empty(location)
        rows = session.run(plan)
        keys = _listed(properties)
        codec = str(properties.get("write_compression") or properties.get("parquet_compression") or "gzip")
        held = [column for column in rows.columns if column[0] not in keys]
        table = parquet_table(name, held, [column for column in rows.columns if column[0] in keys], location)
        written = self._writer.write(location, rows.columns, rows.batches, codec, keys)
        self._definitions.add_table(database, table)
        for values, place in written.partitions.items() if keys else ():
            self._definitions.add_partition(database, name, list(values), place)
        self._finish_write(execution, rows.columns, written)

    def _insert(self, execution: Execution, session: Session, plan: Plan) -> None:
        database, name = execution.statement.target[0] or execution.database, execution.statement.target[1]
        table = self._engine.catalog.table(database, name)
        rows = session.run(plan)
        wanted = list(table.all_columns.items())
        if len(wanted) != len(rows.columns):
            raise QueryFailed(f"TYPE_MISMATCH: Insert query has mismatched column count: Table has {len(wanted)}, "
                              f"query has {len(rows.columns)}")
        keys = list(table.partition_keys)
        batches = (batch.rename_columns([column for column, _ in wanted]) for batch in rows.batches)
        written = self._writer.write(table.location, wanted, batches, "gzip", keys)
        for values, place in written.partitions.items() if keys else ():
            self._definitions.add_partition(database, name, list(values), place)
        self._finish_write(execution, wanted, written)

    def _finish_write(self, execution: Execution, columns: Columns, written: Written) -> None:
        base = execution.output.removesuffix(".csv")
        execution.output = base
        execution.manifest = f"{base}-manifest.csv"
        path = self._file(execution)
        path.write_bytes(b"")
        execution.result = ResultFile(path, columns, written.rows)
        if not execution.managed:
            self._put(execution.manifest, "".join(f"{uri}\n" for uri in written.uris).encode())
            self._put(f"{base}.metadata", metadata_document(execution.identifier, columns))

    def _keep(self, execution: Execution, result: ResultFile) -> None:
        execution.result = result
        if execution.managed:
            return
        copy = self._store.new_file()
        copy.hardlink_to(result.path)
        try:
            self._writer.put_file(execution.output, copy)
        except Exception as error:
            raise _unwritable() from error
        self._put(f"{execution.output}.metadata", metadata_document(execution.identifier, result.columns))

    def _put(self, uri: str, data: bytes) -> None:
        try:
            self._writer.put_bytes(uri, data)
        except Exception as error:
            raise _unwritable() from error

    def _file(self, execution: Execution) -> Path:
        return self._spool / execution.identifier


def _unwritable() -> QueryFailed:
    return QueryFailed("Access denied when writing output to the output location", type=401)


def _listed(properties: dict[str, object]) -> list[str]:
    listed = properties.get("partitioned_by") or []
    return [str(name).lower() for name in listed] if isinstance(listed, list) else []
