"""What a batch answers: one line for each line, and a last one that says that nothing is missing."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, assert_never

from gateway.api.batch_lines import Line
from gateway.api.problems import Problem, problem_json
from gateway.api.receipts import receipt_json
from gateway.model.submission import Accepted, Conflict, IntakeResult, Repeated
from gateway.observability.metrics import Metrics

_ACCEPTED: Final = 202
_REPEATED: Final = 200
_STOPPING: Final = 503
_SOURCE_CHARACTERS_MAX: Final = 100


@dataclass(slots=True)
class Tally:
    """How many lines came to what; the same words as the metric."""

    metrics: Metrics
    counts: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: str) -> None:
        """One line more."""
        self.metrics.submissions.labels(outcome).inc()
        self.counts[outcome] += 1

    @property
    def lines(self) -> int:
        """Answered so far."""
        return self.counts.total()


def committed(
    line: Line, source_event_id: str, result: IntakeResult, tally: Tally
) -> Mapping[str, Any] | Problem:
    """The result of a line that reached the store; a conflict is a problem."""
    match result:
        case Accepted(receipt):
            tally.count("accepted")
            return _with_receipt(line, source_event_id, _ACCEPTED, receipt_json(receipt))
        case Repeated(receipt):
            tally.count("repeated")
            return _with_receipt(line, source_event_id, _REPEATED, receipt_json(receipt))
        case Conflict():
            tally.count("conflict")
            return Problem(result.kind.value, **first_of(result))
    assert_never(result)


def first_of(conflict: Conflict) -> dict[str, Any]:
    """What may be told of the event that came first."""
    members: dict[str, Any] = {}
    if conflict.first_event_id is not None:
        members["first_event_id"] = conflict.first_event_id
    if conflict.first_registered_at is not None:
        members["first_registered_at"] = conflict.first_registered_at.isoformat()
    if conflict.first_authority_code is not None:
        members["first_authority_code"] = conflict.first_authority_code
    return members


def refused(line: Line, source_event_id: str | None, problem: Problem) -> Mapping[str, Any]:
    """The result of a line that was not stored."""
    document = problem_json(problem)
    return {
        "line": line.number,
        "source_event_id": source_event_id,
        "status": document["status"],
        "problem": document,
    }


def stops_the_batch(result: Mapping[str, Any]) -> bool:
    """Nothing can be stored now: to go on would only turn every further line away."""
    return bool(result["status"] == _STOPPING)


def summary(tally: Tally, stopped: Problem | None) -> Mapping[str, Any]:
    """The last line; without it the answer was cut."""
    counts = tally.counts
    told: dict[str, Any] = {
        "complete": stopped is None,
        "lines": tally.lines,
        "accepted": counts["accepted"],
        "repeated": counts["repeated"],
        "refused": tally.lines - counts["accepted"] - counts["repeated"],
    }
    if stopped is not None:
        told["problem"] = problem_json(stopped)
    return {"summary": told}


def as_line(result: Mapping[str, Any]) -> bytes:
    """As it goes over the wire."""
    return json.dumps(result, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def find_source_event_id(body: bytes) -> str | None:
    """The sender's own number in a line that was refused, if it can be read."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    found = value.get("source_event_id") if isinstance(value, dict) else None
    return found[:_SOURCE_CHARACTERS_MAX] if isinstance(found, str) and found.isprintable() else None


def _with_receipt(line: Line, source_event_id: str, status: int, receipt: object) -> Mapping[str, Any]:
    return {"line": line.number, "source_event_id": source_event_id, "status": status, "receipt": receipt}


BATCH_RESULT_SCHEMA: Final[dict[str, Any]] = {
    "application/x-ndjson": {
        "schema": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["line", "source_event_id", "status"],
                    "properties": {
                        "line": {"type": "integer", "description": "Number of the line, from 1."},
                        "source_event_id": {"type": ["string", "null"], "description": "If readable."},
                        "status": {"type": "integer", "description": "As of a single post."},
                        "receipt": {"$ref": "#/components/schemas/receipt"},
                        "problem": {"$ref": "#/components/schemas/problem"},
                    },
                },
                {
                    "type": "object",
                    "description": "The last line: without it the answer was cut.",
                    "required": ["summary"],
                    "properties": {
                        "summary": {
                            "type": "object",
                            "required": ["complete", "lines", "accepted", "repeated", "refused"],
                            "properties": {
                                "complete": {"type": "boolean", "description": "Every line was read."},
                                "lines": {"type": "integer"},
                                "accepted": {"type": "integer"},
                                "repeated": {"type": "integer"},
                                "refused": {"type": "integer"},
                                "problem": {"$ref": "#/components/schemas/problem"},
                            },
                        }
                    },
                },
            ]
        }
    }
}
