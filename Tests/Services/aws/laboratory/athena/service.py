"""Athena's operations by name."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from ..clock import Clock
from ..errors import ServiceError
from ..front.faults import FaultPlan
from ..front.message import Request, Response
from ..front.meter import Meter, billed_bytes, scan_price
from ..front.operations import Operation, json_body
from ..moto_backend import MotoBackend
from ..s3.objects import ObjectStore
from ..settings import Settings
from . import results
from .admission import Admission
from .catalog import Catalog
from .engine import Engine
from .executions import Execution, Hold, Queue
from .failures import QueryFailed
from .metadata import Metadata
from .prepared import PreparedStatements
from .reuse import ReuseBook
from .runner import Runner
from .scan import split_location
from .statements import Statement, parse_statement, split_execute, substitute
from .workgroups import Workgroup, Workgroups

LONGEST_QUERY = 262_144
LARGEST_BATCH = 50
Document = dict[str, Any]


class AthenaService:
    """Answers every request that was signed for Athena."""

    def __init__(self, settings: Settings, store: ObjectStore, moto: MotoBackend, clock: Clock, meter: Meter,
                 faults: FaultPlan) -> None:
        self.hold = Hold()
        self._store, self._moto, self._clock, self._meter = store, moto, clock, meter
        catalog = Catalog(moto)
        self._engine = Engine(store, catalog, settings.engine_memory, settings.spool)
        runner = Runner(self._engine, store, clock, settings.spool / "results")
        self._queue = Queue(settings.limits, self.hold, clock, faults, runner.run, self._ended)
        self._admission = Admission(settings.limits)
        self._workgroups, self._prepared = Workgroups(), PreparedStatements()
        self._reuse = ReuseBook(clock)
        self._lock = threading.Lock()
        self._executions: dict[str, Execution] = {}
        self._tokens: dict[str, tuple[Document, str]] = {}
        metadata, groups, prepared = Metadata(catalog), self._workgroups, self._prepared
        self._operations: dict[str, Callable[[Document], Document]] = {
            "StartQueryExecution": self._start, "StopQueryExecution": self._stop,
            "GetQueryExecution": lambda document: {"QueryExecution": self._find(document).describe()},
            "BatchGetQueryExecution": self._batch_get, "ListQueryExecutions": self._list,
            "GetQueryResults": self._results, "GetQueryRuntimeStatistics": self._runtime_statistics,
            "CreateWorkGroup": groups.create, "GetWorkGroup": groups.get, "UpdateWorkGroup": groups.update,
            "DeleteWorkGroup": groups.delete, "ListWorkGroups": groups.list,
            "CreatePreparedStatement": prepared.create, "GetPreparedStatement": prepared.get,
            "UpdatePreparedStatement": prepared.update, "DeletePreparedStatement": prepared.delete,
            "ListPreparedStatements": prepared.list, "BatchGetPreparedStatement": prepared.batch_get,
            "GetDatabase": metadata.get_database, "ListDatabases": metadata.list_databases,
            "GetTableMetadata": metadata.get_table, "ListTableMetadata": metadata.list_tables,
            "GetDataCatalog": metadata.get_data_catalog, "ListDataCatalogs": metadata.list_data_catalogs}

    def handle(self, operation: Operation, request: Request) -> Response:
        """One answer; what is neither about queries nor the catalogue is moto's."""
        handler = self._operations.get(operation.name)
        if handler is None:
            return self._moto.call("athena", request)
        self._admission.call(operation.name)
        try:
            answer = handler(json_body(request))
        except QueryFailed as failure:
            raise _invalid(failure.message.removeprefix("SYNTAX_ERROR: "), "MALFORMED_QUERY") from None
        except (KeyError, ValueError) as error:
            raise _invalid(f"a member is missing or cannot be read: {error}") from None
        return Response(200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(answer).encode())

    def close(self) -> None:
        """Stop what runs and end the engine."""
        self._queue.close()
        for execution in list(self._executions.values()):
            if not execution.finished:
                self._queue.stop(execution)
        self._engine.close()

    def _start(self, document: Document) -> Document:
        token = document.get("ClientRequestToken")
        if token is not None and not 32 <= len(token) <= 128:
            raise _invalid("ClientRequestToken must have between 32 and 128 characters")
        with self._lock:
            known = self._tokens.get(token) if token else None
            if known:
                if known[0] != document:
                    raise _invalid("Idempotent parameters do not match")
                return {"QueryExecutionId": known[1]}
            execution = self._admit(document)
            self._executions[execution.identifier] = execution
            if token:
                self._tokens[token] = (document, execution.identifier)
            if not execution.finished:
                self._queue.submit(execution)
        return {"QueryExecutionId": execution.identifier}

    def _admit(self, document: Document) -> Execution:
        """Everything that is checked before a query has an id."""
        text = document["QueryString"]
        if not 1 <= len(text.encode()) <= LONGEST_QUERY:
            raise _invalid("QueryString must have between 1 and 262144 bytes")
        self._admission.start(self._queue.active)
        group = self._workgroups.find(document.get("WorkGroup", "primary"))
        if group.state != "ENABLED":
            raise _invalid(f"WorkGroup {group.name} is disabled.")
        output = self._output(document, group)
        statement, sql = self._statement(text, document.get("ExecutionParameters"), group.name)
        context = document.get("QueryExecutionContext") or {}
        execution = Execution(
            text, statement, group.name, context.get("Database", "default").lower(),
            context.get("Catalog", "AwsDataCatalog"), "", sql=sql, cutoff=group.cutoff,
            reuse=document.get("ResultReuseConfiguration"), managed=group.managed)
        suffix = ".csv" if statement.substatement in ("SELECT", "EXECUTE") else ""
        suffix = ".txt" if statement.query is None else suffix
        if statement.substatement == "CREATE_TABLE_AS_SELECT":
            output += "tables/"
        execution.output = f"{output}{execution.identifier}{suffix}"
        execution.prefix = output
        earlier = self._reuse.find(execution)
        if earlier:
            execution.submitted = execution.started = execution.completed = self._clock.now()
            execution.result, execution.output, execution.reused = earlier.result, earlier.output, True
            execution.state = "SUCCEEDED"
        return execution

    def _statement(self, text: str, parameters: list[str] | None, workgroup: str) -> tuple[Statement, str]:
        if self._prepared.by_sql(workgroup, text):
            return Statement("DDL", "PREPARE", text=text), text
        execute = split_execute(text)
        if execute:
            name, given = execute
            text, parameters = self._prepared.find(workgroup, name), given or parameters
        sql = substitute(text, parameters)
        return parse_statement(sql), sql

    def _output(self, document: Document, group: Workgroup) -> str:
        """The prefix of the result's objects. An enforcing workgroup's word counts alone."""
        if group.managed:
            return "s3://managed/"
        own = (document.get("ResultConfiguration") or {}).get("OutputLocation")
        chosen = group.output if group.enforced or not own else own
        if not chosen:
            raise _invalid("No output location provided. An output location is required either through the "
                           "Workgroup result configuration setting or as an API input.")
        try:
            bucket, prefix = split_location(chosen)
        except QueryFailed:
            raise _invalid("outputLocation is not a valid S3 path.") from None
        if not self._store.has_bucket(bucket):
            raise _invalid(f"Unable to verify/create output bucket {bucket}")
        return f"s3://{bucket}/{prefix}"

    def _ended(self, execution: Execution) -> None:
        """Write the query into the log before anybody can see that it has ended."""
        if execution.failure is None and execution.reason is None:
            self._reuse.offer(execution)
        execution.statement.query = execution.statement.tree = None
        charged = (execution.statement.kind == "DML" and execution.failure is None
                   and execution.started is not None)
        billed = billed_bytes(execution.scanned) if charged else 0
        self._meter.record(
            operation="athena:Execution", target=execution.identifier, status=200, bytes_in=len(execution.query),
            error=execution.failure.message.partition(":")[0] if execution.failure else None,
            bytes_out=execution.result.path.stat().st_size if execution.result else 0,
            seconds=(execution.completed or 0) - execution.submitted,
            dollars=scan_price(execution.scanned) if charged else 0.0, access_key_id=None, request_id="",
            note={"scanned_bytes": execution.scanned, "billed_bytes": billed, "workgroup": execution.workgroup,
                  "states": [*execution.states], "reason": execution.reason, "query": execution.query[:1000]})

    def _find(self, document: Document) -> Execution:
        found = self._executions.get(document["QueryExecutionId"])
        if found is None:
            raise _invalid(f"QueryExecution {document['QueryExecutionId']} was not found")
        return found

    def _stop(self, document: Document) -> Document:
        self._queue.stop(self._find(document))
        return {}

    def _batch_get(self, document: Document) -> Document:
        identifiers = document["QueryExecutionIds"]
        if not 1 <= len(identifiers) <= LARGEST_BATCH:
            raise _invalid("QueryExecutionIds must have between 1 and 50 members")
        missing = [{"QueryExecutionId": one, "ErrorCode": "INVALID_INPUT", "ErrorMessage": "not found"}
                   for one in identifiers if one not in self._executions]
        return {"QueryExecutions": [self._executions[one].describe() for one in identifiers
                                    if one in self._executions], "UnprocessedQueryExecutionIds": missing}

    def _list(self, document: Document) -> Document:
        group = self._workgroups.find(document.get("WorkGroup", "primary")).name
        limit, start = document.get("MaxResults", LARGEST_BATCH), int(document.get("NextToken") or 0)
        if not 0 <= limit <= LARGEST_BATCH:
            raise _invalid("MaxResults must be between 0 and 50")
        found = [one.identifier for one in reversed(list(self._executions.values())) if one.workgroup == group]
        answer: Document = {"QueryExecutionIds": found[start:start + limit]}
        if start + limit < len(found):
            answer["NextToken"] = str(start + limit)
        return answer

    def _results(self, document: Document) -> Document:
        execution = self._find(document)
        limit = document.get("MaxResults", results.LARGEST_PAGE)
        if not 1 <= limit <= results.LARGEST_PAGE:
            raise _invalid("MaxResults must be between 1 and 1000")
        if execution.state != "SUCCEEDED" or execution.result is None:
            raise _invalid(f"Query has not yet finished. Current state: {execution.state}"
                           if not execution.finished else
                           f"Query did not finish successfully. Final query state: {execution.state}")
        if not execution.managed and execution.statement.substatement == "SELECT":
            bucket, _, key = execution.output.removeprefix("s3://").partition("/")
            try:
                self._store.get(bucket, key)
            except ServiceError:
                raise _invalid("Could not find results") from None
        page = results.page_of_text if execution.is_text else results.page_of_csv
        return page(execution.result.path, execution.result.columns, document.get("NextToken"), limit)

    def _runtime_statistics(self, document: Document) -> Document:
        execution = self._find(document)
        timeline = {key: value for key, value in execution.statistics().items() if key.endswith("Millis")}
        rows = execution.result.rows if execution.result else 0
        return {"QueryRuntimeStatistics": {
            "Timeline": timeline, "Rows": {"InputBytes": execution.scanned, "OutputRows": rows}}}


def _invalid(message: str, code: str = "INVALID_INPUT") -> ServiceError:
    return ServiceError("InvalidRequestException", message, AthenaErrorCode=code)
