"""Writes the published set of test messages: good ones and bad ones of every event type, with their faults.

`python -m tools.conformance_set [FOLDER]`; a test fails when the set is out of date. The good ones are the
examples; in the bad ones a fault is planted, and what the rules then say of the message is written down.
"""

import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gateway.model.conforming import Fault
from gateway.receive.conformance.judge import Judge, Measure
from gateway.receive.conformance.readers import JsonReader
from gateway.receive.parse import BodyLimits
from gateway.receive.validate import Rulebook
from mappings.canonical import EVENT_TYPES, sample_event
from tests.support.faulty_messages import FAULTY_MESSAGES, OF_BODIES
from tests.support.submissions import PROVINCE

DEFAULT_FOLDER: Final = Path("gateway") / "receive" / "conformance" / "test_set"
EXAMPLES: Final = Path("examples") / "events"
SET_FILE: Final = "set.json"
EXPECTED_FILE: Final = "expected.json"
AUTHORITIES: Final = (PROVINCE, "MLA01")
"""The sender speaks for a province and for a mission abroad."""
NOW: Final = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
"""The set is measured at this moment, whenever that is done."""
BYTES_MAX: Final = 50_000
"""Faults that only a huge message can have are not published."""
NOT_AS_A_FILE: Final = frozenset({"body_not_utf8", "idempotency_key_invalid"})
"""No text file can hold the first; the second is one of the request."""
_RAW: Final = frozenset(faulty.body for faulty in OF_BODIES)
"""What JSON cannot say again must stay as it is, byte for byte."""


@dataclass(frozen=True, slots=True)
class BadMessage:
    """A message with what was planted in it."""

    name: str
    body: bytes
    planted: Fault


def files() -> Mapping[str, bytes]:
    """Every file of the set by its path."""
    judge = Judge(
        Measure(Rulebook(), frozenset(AUTHORITIES), is_complete=True),
        (JsonReader(BodyLimits()),),
        lambda: NOW,
    )
    found: dict[str, bytes] = {
        SET_FILE: _json({"now": NOW.isoformat(), "authorities": list(AUTHORITIES), "is_complete": True})
    }
    for path in sorted(EXAMPLES.glob("*.json")):
        list(judge.judge(path.name, path.read_bytes()))  # so that others may name it
    for event_type in EVENT_TYPES:
        for path in sorted(EXAMPLES.glob("*.json")):
            body = path.read_bytes()
            if json.loads(body)["event_type"] == event_type:
                (judged,) = judge.judge(path.name, body)
                if not judged.conforms:
                    raise ValueError(path.name, judged.violations)
                found[f"{event_type}/good/{path.name}"] = body
    for event_type in EVENT_TYPES:
        expected: dict[str, list[dict[str, str]]] = {}
        for bad in _bad(event_type):
            (judged,) = judge.judge(bad.name, bad.body)
            if bad.planted in judged.faults:
                found[f"{event_type}/bad/{bad.name}"] = bad.body
                expected[bad.name] = [
                    {"code": each.code, "pointer": each.pointer}
                    for each in sorted(judged.faults, key=lambda each: (each.pointer, each.code))
                ]
        found[f"{event_type}/bad/{EXPECTED_FILE}"] = _json(expected)
    return found


def _bad(event_type: str) -> Iterator[BadMessage]:
    names: dict[str, int] = {}
    for bad in (*_collected(event_type), *_of_every_type(event_type)):
        names[bad.name] = names.get(bad.name, 0) + 1
        suffix = "" if names[bad.name] == 1 else f"_{names[bad.name]}"
        yield BadMessage(f"{bad.name}{suffix}.json", bad.body, bad.planted)


def _collected(event_type: str) -> Iterator[BadMessage]:
    """Those by which the rules themselves are tested."""
    for faulty in FAULTY_MESSAGES:
        is_raw = faulty.body in _RAW
        if len(faulty.body) > BYTES_MAX or faulty.code in NOT_AS_A_FILE:
            continue
        if _type_of(faulty.body) == event_type:
            body = faulty.body if is_raw else _json(json.loads(faulty.body))
            yield BadMessage(faulty.code, body, Fault(faulty.code, faulty.pointer))


def _of_every_type(event_type: str) -> Iterator[BadMessage]:
    for code, path, value in _PLANTS:
        event = sample_event(event_type)
        *parents, name = path
        holder: Any = event
        for parent in parents:
            holder = holder[parent]
        if value is None:
            del holder[name]
        else:
            holder[name] = value
        yield BadMessage(code, _json(event), Fault(code, "".join(f"/{step}" for step in path)))
    if event_type == "guardianship_end":
        differs = sample_event(event_type)
        differs["amends"]["source_event_id"] = sample_event("guardianship_start")["source_event_id"]
        differs["amends"]["entry"]["number"] = "9999"
        yield BadMessage(
            "amended_entry_differs", _json(differs), Fault("amended_entry_differs", "/amends/entry")
        )
    several = sample_event(event_type)
    del several["source_event_id"]
    several["extra_field"] = "x"
    several["registration"]["authority_code"] = "99999"
    yield BadMessage("several_faults", _json(several), Fault("field_missing", "/source_event_id"))


_PLANTS: Final = (
    ("field_missing", ("source_event_id",), None),
    ("field_unknown", ("extra_field",), "x"),
    ("wrong_type", ("source_event_id",), 7),
    ("wrong_format", ("registration", "authority_code"), "8"),
    ("not_in_list", ("registration", "kind"), "usual"),
    ("instant_offset_missing", ("registration", "registered_at"), "2026-11-16T09:00:00"),
    ("registered_in_future", ("registration", "registered_at"), "2026-12-24T09:40:00+07:00"),
    ("authority_unknown", ("registration", "authority_code"), "99999"),
    ("authority_not_yours", ("registration", "authority_code"), "00004"),
    ("authority_not_competent", ("registration", "authority_code"), "08"),
)
"""Code, where, and the value that breaks the rule; nothing: the field is taken out."""


def _type_of(body: bytes) -> str:
    """What cannot be read stands among the births."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    named = value.get("event_type") if isinstance(value, dict) else None
    return named if isinstance(named, str) and named in EVENT_TYPES else "birth"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")


def write(folder: Path) -> int:
    """Replace the folder; says how many files."""
    shutil.rmtree(folder, ignore_errors=True)
    written = files()
    for name, content in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return len(written)


if __name__ == "__main__":
    print(write(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_FOLDER), "files")
