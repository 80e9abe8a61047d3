"""Who may sign: the fixed test credentials and the temporary ones that STS handed out here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from ..settings import Settings


@dataclass(frozen=True)
class Identity:
    """One set of credentials; temporary ones carry a token and an end."""

    access_key_id: str
    secret_access_key: str
    token: str | None = None
    expires_at: float | None = None


class CredentialBook:
    """Every set of credentials that the laboratory accepts."""

    def __init__(self, settings: Settings) -> None:
        fixed = Identity(settings.access_key_id, settings.secret_access_key)
        self._known = {fixed.access_key_id: fixed}

    def find(self, access_key_id: str) -> Identity | None:
        """The credentials of an access key."""
        return self._known.get(access_key_id)

    def learn(self, sts_answer: bytes) -> None:
        """Remember the credentials inside an answer of STS."""
        text = sts_answer.decode("utf-8", "replace")
        fields = {name: _element(text, name)
                  for name in ("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")}
        if all(fields.values()):
            end = datetime.fromisoformat(str(fields["Expiration"]).replace("Z", "+00:00")).timestamp()
            key = str(fields["AccessKeyId"])
            self._known[key] = Identity(key, str(fields["SecretAccessKey"]), fields["SessionToken"], end)

    def expire(self, access_key_id: str) -> None:
        """End temporary credentials now."""
        known = self._known[access_key_id]
        self._known[access_key_id] = Identity(known.access_key_id, known.secret_access_key, known.token, 0.0)


def _element(text: str, name: str) -> str | None:
    found = re.search(f"<{name}>([^<]+)</{name}>", text)
    return found.group(1).strip() if found else None
