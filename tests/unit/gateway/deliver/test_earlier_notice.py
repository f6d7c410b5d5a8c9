"""A notice that takes an earlier one back names it."""

from typing import Any

import pytest

from gateway.model.ids import Destination
from gateway.model.planning import PlannedStep
from mappings.canonical import sample_event
from tests.support.events import a_death, a_marriage
from tests.support.house import House

POPULATION = Destination.POPULATION_DB
REPLACED = "replaced_request_id"
DEATH_NOTICE = PlannedStep("deceased_notice", POPULATION, "notice_deceased", "deceased")
NOTICE = PlannedStep("subject_notice", POPULATION, "notice_subject", "subject")


def a_cancellation(**number: str) -> dict[str, Any]:
    event = dict(sample_event("court_decision"))
    return event | {"kind": "death_declaration_cancelled", "amends": {**event["amends"], **number}}


@pytest.mark.parametrize("name", ["event_id", "source_event_id"])
def test_the_notice_of_the_amended_event_is_named_by_either_number(name: str) -> None:
    house = House()
    death = house.accept(a_death(), DEATH_NOTICE)
    house.deliver(POPULATION)
    number = death.event_id if name == "event_id" else str(a_death()["source_event_id"])
    house.accept(a_cancellation(**{name: number}), NOTICE)
    house.deliver(POPULATION)
    first, second = house.sent(POPULATION)
    assert second.body[REPLACED] == first.request_id
    assert REPLACED not in first.body


@pytest.mark.parametrize("told", [[], ["husband", "wife"]])
def test_nothing_is_named_when_it_is_not_one_notice(told: list[str]) -> None:
    house = House()
    steps = [PlannedStep(f"{role}_notice", POPULATION, f"notice_{role}", role) for role in told]
    marriage = house.accept(a_marriage(), *steps)
    for _ in told:
        house.deliver(POPULATION)
    house.accept(a_cancellation(event_id=marriage.event_id), NOTICE)
    house.deliver(POPULATION)
    assert REPLACED not in house.sent(POPULATION)[-1].body
