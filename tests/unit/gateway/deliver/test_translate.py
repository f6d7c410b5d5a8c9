from adapters.port import OutboundMessage
from gateway.deliver.assignment import Assignment
from gateway.deliver.translate import known_facts, translate
from gateway.model.delivery import Fact
from gateway.model.ids import Destination
from gateway.model.outcome import NotTranslated
from mappings.catalog import MappingViolation
from tests.support.deliveries import ACCEPTED_AT, EVENT_ID, a_delivery, a_stored_event
from tests.support.events import a_birth
from tests.support.house import StandInCatalog

NUMBER = "099312345678"


def an_assignment(subject: str | None = None, facts: dict[str, str] | None = None) -> Assignment:
    fact = Fact(EVENT_ID, "personal_id.child", NUMBER, Destination.POPULATION_DB, ACCEPTED_AT)
    delivery = a_delivery(subject=subject, facts=facts or {})
    return Assignment(delivery, a_stored_event(a_birth()), {fact.name: fact})


def test_facts_are_known_by_their_full_name() -> None:
    assert known_facts(an_assignment()) == {"personal_id.child": NUMBER}


def test_a_message_about_one_person_knows_that_persons_facts_by_their_short_name() -> None:
    assert known_facts(an_assignment(subject="child"))["personal_id"] == NUMBER
    assert "personal_id" not in known_facts(an_assignment(subject="mother"))


def test_what_was_fixed_when_the_delivery_was_planned_is_known_too() -> None:
    assert known_facts(an_assignment(facts={"stage": "completed"}))["stage"] == "completed"


def test_the_message_bears_the_request_id_of_the_delivery() -> None:
    message = translate(an_assignment(), StandInCatalog(), ACCEPTED_AT)
    assert isinstance(message, OutboundMessage)
    assert (message.request_id, message.operation) == ("GW-1", "national_registry/record")


def test_every_reason_why_there_is_no_message_is_handed_on() -> None:
    catalog = StandInCatalog()
    catalog.violations = tuple(
        MappingViolation(path, "code_unknown", "Không có mã", "No code") for path in ("/child", "/mother")
    )
    assert translate(an_assignment(), catalog, ACCEPTED_AT) == NotTranslated(catalog.violations)
