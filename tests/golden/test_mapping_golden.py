"""Canonical event in, wire message out, compared exactly.

Changed on purpose only: `HOTICH_WRITE_GOLDEN=1 pytest tests/golden` writes the files anew.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters.population_db.wire import contract
from gateway.receive.plan import plan_steps, shipped_plans
from mappings.canonical import EVENT_TYPES, AnyEvent, parse_event
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from mappings.loading import PARTNERS
from mappings.one_stop.converters import LINKED_STATES
from tests.support.mapping_scenes import FACTS, NOW, REQUEST_ID, STAGE_FACTS

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples" / "events").glob("*.json"))}
WRITE = os.environ.get("HOTICH_WRITE_GOLDEN") == "1"
SCHEMA = ROOT / "adapters" / "population_db" / "contract" / "xsd" / "dancuquocgia.xsd"
PLANS = shipped_plans({"personal_id_wait_seconds": 1})
_STARTS = {"progress": "dossier", "linked_status": "linked_status"}
"""What must have been sent before a message that follows can be sent at all."""

# Facts that a message needs and that no example can hold, because they come later or from elsewhere.
LATER_FACTS: Mapping[str, Mapping[str, str]] = {
    "personal_id_update": {**FACTS, "personal_id": "099326000021"},
    "notice_husband": {**FACTS, "personal_id": "099085000022"},
    "notice_wife": {**FACTS, "personal_id": "099189000023"},
    "progress": STAGE_FACTS,
}
STATE = "."
"""Between a message that is sent more than once and the state that it tells."""
QUESTIONS = ("lookup_", "verify_")
"""A check is never planned: it is asked when a person wants to know."""


def _event(example: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(EXAMPLES[example].read_text(encoding="utf-8"))
    return event


def _sent(event: AnyEvent) -> set[tuple[str, str]]:
    """Destination and message of all that may be sent about this event; nothing else is a message of ours."""
    plan = PLANS[event.event_type]
    sent = {(step.destination.value, step.message) for step in plan_steps(PLANS, event)}
    for destination, message in plan.later:
        if destination.value == "national_registry" and ("population_db", "personal_id_request") not in sent:
            continue
        if destination.value == "one_stop" and ("one_stop", _STARTS[message]) not in sent:
            continue
        sent.add((destination.value, message))
    return sent


def _can_be_asked(event: AnyEvent, message: str) -> bool:
    return message.startswith(QUESTIONS) and message.partition("_")[2] in event.parties()


def _cases() -> list[tuple[str, str, str]]:
    catalog = load_catalog()
    cases: list[tuple[str, str, str]] = []
    for example in EXAMPLES:
        event = parse_event(_event(example))
        sent = _sent(event)
        for partner in PARTNERS:
            for message in catalog.messages(event.event_type, partner):
                if message == "linked_status" and (partner, message) in sent:
                    cases += [(partner, example, f"{message}{STATE}{state}") for state in LINKED_STATES]
                elif (partner, message) in sent or _can_be_asked(event, message):
                    cases.append((partner, example, message))
    return cases


def _outcome(partner: str, example: str, case: str) -> dict[str, Any]:
    message, _, state = case.partition(STATE)
    facts = LATER_FACTS.get(message, FACTS)
    if state:
        before = {**FACTS, "linked_state": state}
        facts = before if state in {"taken_in", "accepted"} else {**STAGE_FACTS, **before}
    context = TranslationContext(REQUEST_ID, facts, NOW)
    result = load_catalog().translate(parse_event(_event(example)), partner, message, context)
    if isinstance(result, TranslatedMessage):
        return {"operation": result.operation, "routing": result.routing, "body": result.body}
    return {"violations": [{"path": each.path, "code": each.code} for each in result]}


def _golden(partner: str, example: str, message: str) -> Path:
    return HERE / partner / f"{example}.{message}.json"


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize(("partner", "example", "message"), _cases())
def test_the_message_is_the_one_agreed(partner: str, example: str, message: str) -> None:
    path = _golden(partner, example, message)
    text = _text(_outcome(partner, example, message))
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    expected = {_golden(*case) for case in _cases()}
    assert {path for partner in PARTNERS for path in (HERE / partner).glob("*")} == expected


def test_every_message_has_an_example_in_which_it_can_be_made() -> None:
    made = {
        (_event(example)["event_type"], partner, message.partition(STATE)[0])
        for partner, example, message in _cases()
        if "body" in json.loads(_golden(partner, example, message).read_text(encoding="utf-8"))
    }
    wanted = {(each.event_type, each.destination, each.name) for each in load_catalog().all_messages()}
    assert {kind for kind, _, _ in wanted} == set(EVENT_TYPES)
    assert wanted - made == set()


@pytest.mark.parametrize(
    ("example", "message"),
    [(example, message) for partner, example, message in _cases() if partner == PARTNERS[1]],
)
def test_what_the_population_database_is_sent_follows_its_schema(example: str, message: str) -> None:
    golden = json.loads(_golden(PARTNERS[1], example, message).read_text(encoding="utf-8"))
    if "body" not in golden:
        assert golden["violations"]
        return
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    envelope = etree.fromstring(contract().write(golden["operation"], golden["body"]))
    schema.assertValid(envelope[-1][0])
