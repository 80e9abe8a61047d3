"""Prepared statements, kept per workgroup."""

from __future__ import annotations

import re
import threading
import time
from typing import Any

from ..errors import ServiceError

MOST_PER_WORKGROUP = 1000
Document = dict[str, Any]


class PreparedStatements:
    """The operations on prepared statements, and the SQL that does the same."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Document] = {}

    def find(self, workgroup: str, name: str) -> str:
        """The text of a prepared statement."""
        return str(self._get(workgroup, name)["QueryStatement"])

    def create(self, document: Document) -> Document:
        """`CreatePreparedStatement`."""
        workgroup, name = document["WorkGroup"], document["StatementName"]
        if not re.fullmatch(r"[a-zA-Z_][a-zA-Z0-9_@:]{0,255}", name):
            raise _invalid("StatementName is not valid")
        with self._lock:
            if (workgroup, name) in self._known:
                raise _invalid(f"PreparedStatement {name} already exists in WorkGroup {workgroup}")
            if sum(group == workgroup for group, _ in self._known) >= MOST_PER_WORKGROUP:
                raise _invalid("The limit of prepared statements is reached")
            self._store(workgroup, name, document)
        return {}

    def get(self, document: Document) -> Document:
        """`GetPreparedStatement`."""
        return {"PreparedStatement": self._get(document["WorkGroup"], document["StatementName"])}

    def batch_get(self, document: Document) -> Document:
        """`BatchGetPreparedStatement`."""
        workgroup, names = document["WorkGroup"], document["PreparedStatementNames"]
        found = [self._known[workgroup, name] for name in names if (workgroup, name) in self._known]
        missing = [{"StatementName": name, "ErrorCode": "STATEMENT_NOT_FOUND", "ErrorMessage": "not found"}
                   for name in names if (workgroup, name) not in self._known]
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}

    def update(self, document: Document) -> Document:
        """`UpdatePreparedStatement`."""
        workgroup, name = document["WorkGroup"], document["StatementName"]
        self._get(workgroup, name)
        with self._lock:
            self._store(workgroup, name, document)
        return {}

    def delete(self, document: Document) -> Document:
        """`DeletePreparedStatement`."""
        workgroup, name = document["WorkGroup"], document["StatementName"]
        self._get(workgroup, name)
        with self._lock:
            del self._known[workgroup, name]
        return {}

    def list(self, document: Document) -> Document:
        """`ListPreparedStatements`, in one page."""
        return {"PreparedStatements": [
            {"StatementName": name, "LastModifiedTime": statement["LastModifiedTime"]}
            for (workgroup, name), statement in self._known.items() if workgroup == document["WorkGroup"]]}

    def by_sql(self, workgroup: str, text: str) -> bool:
        """Carry out `PREPARE` and `DEALLOCATE PREPARE`; false for any other statement."""
        prepare = re.fullmatch(r"\s*PREPARE\s+(\w+)\s+FROM\s+(.*?);?\s*", text, re.I | re.S)
        if prepare:
            with self._lock:
                self._store(workgroup, prepare.group(1), {"QueryStatement": prepare.group(2)})
            return True
        dropped = re.fullmatch(r"\s*DEALLOCATE\s+PREPARE\s+(\w+)\s*;?\s*", text, re.I)
        if dropped:
            self.delete({"WorkGroup": workgroup, "StatementName": dropped.group(1)})
        return bool(dropped)

    def _get(self, workgroup: str, name: str) -> Document:
        found = self._known.get((workgroup, name))
        if found is None:
            raise ServiceError("ResourceNotFoundException", f"PreparedStatement {name} was not found in workGroup "
                               f"{workgroup}", ResourceName=name)
        return found

    def _store(self, workgroup: str, name: str, document: Document) -> None:
        self._known[workgroup, name] = {
            "StatementName": name, "QueryStatement": document["QueryStatement"], "WorkGroupName": workgroup,
            "Description": document.get("Description", ""), "LastModifiedTime": time.time()}


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidRequestException", message, AthenaErrorCode="INVALID_INPUT")
