"""The batches of requests that the demo server has been sent, and their results."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tui_chat.demo.blocks import Json
from tui_chat.records import dataclass

_LONGEST = timedelta(hours=24)
_OUTCOMES = ("succeeded", "errored", "canceled", "expired")
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(slots=True)
class _Batch:
    id: str
    began_at: datetime
    results: Mapping[str, Json]
    """By the names of the requests."""
    ended: bool = False


class Batches:
    """Keeps every batch. One is under way until it has been looked at once."""

    def __init__(self) -> None:
        self.held = False
        """True if no batch ends now, however often it is looked at."""
        self._batches: dict[str, _Batch] = {}

    def begin(self, results: Mapping[str, Json], root: str) -> Json:
        """Take a batch with these results; return its description."""
        id = f"msgbatch_demo_{len(self._batches) + 1:06}"
        batch = self._batches[id] = _Batch(id, datetime.now(UTC), results)
        return _described(batch, root)

    def look_at(self, id: str, root: str) -> Json | None:
        """Return the description of a batch, which from now on has ended; None if there is none."""
        batch = self._batches.get(id)
        if batch is None:
            return None
        described = _described(batch, root)
        batch.ended = not self.held
        return described

    def listed(self, root: str) -> Json:
        """Return the list of all, the newest first."""
        data = [_described(batch, root) for batch in reversed(self._batches.values())]
        ids = [batch["id"] for batch in data]
        return {
            "data": data,
            "has_more": False,
            "first_id": ids[0] if ids else None,
            "last_id": ids[-1] if ids else None,
        }

    def results(self, id: str) -> bytes | None:
        """Return the results of a batch that has ended as JSON lines, in an order of their own; None for any other."""
        batch = self._batches.get(id)
        if batch is None or not batch.ended:
            return None
        lines = [{"custom_id": name, "result": result} for name, result in batch.results.items()]
        return b"".join(json.dumps(line).encode() + b"\n" for line in reversed(lines))


def objection_to_batch(body: Any) -> str:
    """Return why a body is no batch; "" if it is one. The requests in it are looked at one by one, later."""
    requests = body.get("requests") if isinstance(body, dict) else None
    if not isinstance(requests, list) or not requests:
        return "requests: Field required"
    for number, request in enumerate(requests):
        name = request.get("custom_id") if isinstance(request, dict) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            return f"requests.{number}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'"
    if len({request["custom_id"] for request in requests}) < len(requests):
        return "requests: custom_id must be unique within a batch"
    return ""


def _described(batch: _Batch, root: str) -> Json:
    counts: Mapping[str, int] = Counter(result["type"] for result in batch.results.values()) if batch.ended else {}
    ends_at = batch.began_at + _LONGEST
    return {
        "id": batch.id,
        "type": "message_batch",
        "processing_status": "ended" if batch.ended else "in_progress",
        "request_counts": {
            "processing": 0 if batch.ended else len(batch.results),
            **{outcome: counts.get(outcome, 0) for outcome in _OUTCOMES},
        },
        "created_at": batch.began_at.isoformat(),
        "expires_at": ends_at.isoformat(),
        "ended_at": datetime.now(UTC).isoformat() if batch.ended else None,
        "archived_at": None,
        "cancel_initiated_at": None,
        "results_url": f"{root}/v1/messages/batches/{batch.id}/results" if batch.ended else None,
    }
