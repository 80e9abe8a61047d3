"""Workgroups: where results go, how much a query may scan, and whose word counts."""

from __future__ import annotations

import copy
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from ..errors import ServiceError
from .executions import ENGINE_VERSION

SMALLEST_CUTOFF = 10_000_000
MOST_WORKGROUPS = 1000
Document = dict[str, Any]


@dataclass
class Workgroup:
    """One workgroup."""

    name: str
    description: str = ""
    state: str = "ENABLED"
    configuration: Document = field(default_factory=dict)
    created: float = field(default_factory=time.time)

    @property
    def enforced(self) -> bool:
        """Whether a client's own configuration is ignored."""
        return bool(self.configuration.get("EnforceWorkGroupConfiguration", True))

    @property
    def output(self) -> str | None:
        """The output location that the workgroup sets."""
        return (self.configuration.get("ResultConfiguration") or {}).get("OutputLocation")

    @property
    def managed(self) -> bool:
        """Whether the service keeps results itself."""
        return bool((self.configuration.get("ManagedQueryResultsConfiguration") or {}).get("Enabled"))

    @property
    def cutoff(self) -> int | None:
        """Bytes that one query may scan."""
        return self.configuration.get("BytesScannedCutoffPerQuery")

    def describe(self) -> Document:
        """The `WorkGroup` document."""
        configuration = {"EnforceWorkGroupConfiguration": True, "PublishCloudWatchMetricsEnabled": False,
                         "RequesterPaysEnabled": False, "EngineVersion": ENGINE_VERSION, **self.configuration}
        return {"Name": self.name, "State": self.state, "Description": self.description,
                "CreationTime": self.created, "Configuration": configuration}


class Workgroups:
    """The operations on workgroups; `primary` is always there."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        primary = Workgroup("primary", configuration={"EnforceWorkGroupConfiguration": False})
        self._known = {"primary": primary}

    def find(self, name: str) -> Workgroup:
        """A workgroup, or the service's error."""
        found = self._known.get(name)
        if found is None:
            raise _invalid(f"WorkGroup {name} is not found.")
        return found

    def create(self, document: Document) -> Document:
        """`CreateWorkGroup`."""
        name = document["Name"]
        if not re.fullmatch(r"[a-zA-Z0-9._-]{1,128}", name):
            raise _invalid("WorkGroup name is not valid")
        configuration = document.get("Configuration") or {}
        _check(configuration)
        with self._lock:
            if name in self._known:
                raise _invalid("WorkGroup is already created")
            if len(self._known) >= MOST_WORKGROUPS:
                raise _invalid("The limit of workgroups is reached")
            self._known[name] = Workgroup(name, document.get("Description", ""), configuration=configuration)
        return {}

    def get(self, document: Document) -> Document:
        """`GetWorkGroup`."""
        return {"WorkGroup": self.find(document["WorkGroup"]).describe()}

    def update(self, document: Document) -> Document:
        """`UpdateWorkGroup`."""
        group = self.find(document["WorkGroup"])
        updates: Document = copy.deepcopy(document.get("ConfigurationUpdates") or {})
        fresh = copy.deepcopy(group.configuration)
        if updates.pop("RemoveBytesScannedCutoffPerQuery", False):
            fresh.pop("BytesScannedCutoffPerQuery", None)
        result = updates.pop("ResultConfigurationUpdates", None) or {}
        if result:
            held = fresh.setdefault("ResultConfiguration", {})
            if result.pop("RemoveOutputLocation", False):
                held.pop("OutputLocation", None)
            held.update(result)
        fresh.update(updates)
        _check(fresh)
        with self._lock:
            group.configuration = fresh
            group.description = document.get("Description", group.description)
            group.state = document.get("State", group.state)
        return {}

    def delete(self, document: Document) -> Document:
        """`DeleteWorkGroup`."""
        name = document["WorkGroup"]
        if name == "primary":
            raise _invalid("The primary workgroup cannot be deleted")
        self.find(name)
        with self._lock:
            del self._known[name]
        return {}

    def list(self, document: Document) -> Document:
        """`ListWorkGroups`, in one page."""
        return {"WorkGroups": [{"Name": group.name, "State": group.state, "Description": group.description,
                                "CreationTime": group.created, "EngineVersion": ENGINE_VERSION}
                               for group in self._known.values()]}


def _check(configuration: Document) -> None:
    cutoff = configuration.get("BytesScannedCutoffPerQuery")
    if cutoff is not None and cutoff < SMALLEST_CUTOFF:
        raise _invalid("BytesScannedCutoffPerQuery must be at least 10000000")
    managed = (configuration.get("ManagedQueryResultsConfiguration") or {}).get("Enabled")
    if managed and (configuration.get("ResultConfiguration") or {}).get("OutputLocation"):
        raise _invalid("An output location cannot be set with managed query results")


def _invalid(message: str) -> ServiceError:
    return ServiceError("InvalidRequestException", message, AthenaErrorCode="INVALID_INPUT")
