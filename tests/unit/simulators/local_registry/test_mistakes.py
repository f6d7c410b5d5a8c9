import json
from datetime import UTC, datetime

import pytest

from gateway.receive.parse import BodyLimits, parse_body
from gateway.receive.validate import Rulebook, validate_event, violations_of
from simulators.local_registry.mistakes import plant
from simulators.local_registry.township import invent

START = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_broken_message_has_several_faults_and_each_is_found(seed: int) -> None:
    planted = plant(seed, invent(seed, 300, START, 20).registered)
    assert len(planted.broken) == 6
    for broken in planted.broken:
        parsed = parse_body(json.dumps(broken.message).encode(), BodyLimits())
        assert parsed.value is not None
        found = validate_event(parsed.value, frozenset({"08"}), Rulebook(), START)
        assert len(broken.pointers) >= 4
        assert broken.pointers <= {each.pointer for each in violations_of(found.findings)}


def test_planting_leaves_the_good_messages_as_they_are() -> None:
    registered = invent(4, 60, START, 8).registered
    before = json.dumps([event.message for event in registered])
    plant(4, registered)
    assert json.dumps([event.message for event in registered]) == before


def test_repeats_begin_with_the_first_event_and_name_each_once() -> None:
    registered = invent(4, 60, START, 8).registered
    names = [event.source_event_id for event in plant(4, registered).repeated]
    assert names[0] == registered[0].source_event_id
    assert len(set(names)) == len(names) >= 3


def test_conflicts_keep_the_number_or_the_entry_and_change_the_rest() -> None:
    registered = invent(4, 60, START, 8).registered
    planted = plant(4, registered)
    first, last = registered[0].message, registered[-1].message
    assert planted.changed["source_event_id"] == first["source_event_id"]
    assert planted.changed != first
    assert planted.renamed["registration"] == last["registration"]
    assert planted.renamed["source_event_id"] != last["source_event_id"]
