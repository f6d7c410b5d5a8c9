"""Canonical event in, message of the registry's generation 1 out, with its XML text, compared exactly.

Changed on purpose only: `HOTICH_WRITE_GOLDEN=1 pytest tests/golden` writes the files anew.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from adapters.national_registry.first_wire import push_content
from adapters.port import OutboundMessage, RequestId
from gateway.receive.plan import plan_steps, shipped_plans
from mappings.canonical import parse_event
from mappings.catalog import TranslatedMessage, TranslationContext, load_catalog
from tests.support.mapping_scenes import FACTS, NOW, REQUEST_ID

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent / "national_registry_generation_1"
EXAMPLES = {path.stem: path for path in sorted((ROOT / "examples" / "events").glob("*.json"))}
WRITE = os.environ.get("HOTICH_WRITE_GOLDEN") == "1"
PARTNER = "national_registry"
LAST_EVENING = datetime(2025, 6, 30, 16, 59, 59, tzinfo=UTC)
"""One second before the new units in Vietnam: the catalogue still chooses generation 1."""


def _event(example: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(EXAMPLES[example].read_text(encoding="utf-8"))
    return event


def _cases() -> list[tuple[str, str]]:
    catalog, plans = load_catalog(), shipped_plans({"personal_id_wait_seconds": 1})
    cases: list[tuple[str, str]] = []
    for example in EXAMPLES:
        event = parse_event(_event(example))
        first = {
            name for name, generation in catalog.versions(event.event_type, PARTNER) if generation == "1"
        }
        steps = ((step.destination, step.message) for step in plan_steps(plans, event))
        sent = {step.message for step in plan_steps(plans, event)}
        has_late_number = "personal_id_request" in sent
        later = plans[event.event_type].later if has_late_number else ()
        planned = [*steps, *later]
        cases += [(example, name) for to, name in planned if to.value == PARTNER and name in first]
    return cases


def _outcome(example: str, message: str) -> dict[str, Any]:
    facts = {**FACTS, "personal_id": "099326000021"} if message == "personal_id_update" else FACTS
    context = TranslationContext(REQUEST_ID, facts, NOW)
    result = load_catalog().translate(parse_event(_event(example)), PARTNER, message, context, LAST_EVENING)
    if not isinstance(result, TranslatedMessage):
        return {"violations": [{"path": each.path, "code": each.code} for each in result]}
    outbound = OutboundMessage(RequestId(REQUEST_ID), result.operation, result.body, result.routing)
    return {"operation": result.operation, "body": json.loads(push_content(outbound))}


def _golden(example: str, message: str) -> Path:
    return HERE / f"{example}.{message}.json"


@pytest.mark.parametrize(("example", "message"), _cases())
def test_the_message_is_the_one_agreed(example: str, message: str) -> None:
    path = _golden(example, message)
    text = json.dumps(_outcome(example, message), ensure_ascii=False, indent=2) + "\n"
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {_golden(*case) for case in _cases()} == set(HERE.glob("*"))


def test_every_message_has_an_example_in_which_it_can_be_made() -> None:
    made = {
        (_event(example)["event_type"], message)
        for example, message in _cases()
        if "body" in json.loads(_golden(example, message).read_text(encoding="utf-8"))
    }
    wanted = {
        (each.event_type, each.name)
        for each in load_catalog().all_messages()
        if (each.destination, each.generation) == (PARTNER, "1")
    }
    assert wanted - made == set()


@pytest.mark.parametrize(("example", "message"), _cases())
def test_the_xml_text_is_one_flat_dossier(example: str, message: str) -> None:
    golden = json.loads(_golden(example, message).read_text(encoding="utf-8"))
    if "body" not in golden:
        assert golden["violations"]
        return
    root = etree.fromstring(golden["body"]["data"])
    assert [root.tag, *(each.tag for each in root)] == ["hotich", "hoso"]
    assert all(len(field) == 0 and field.text for field in root[0])
    assert len({field.tag for field in root[0]}) == len(root[0]) > 0
