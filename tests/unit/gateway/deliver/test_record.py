from adapters.errors import OutcomeUnknown, RefusalReason, Refused
from adapters.port import FACT_EXISTING_PERSONAL_ID, FACT_PERSONAL_ID, Absent, Accepted
from gateway.model.ids import Destination
from gateway.model.planning import PlannedStep
from retry_queue.states import State
from tests.support.events import ABSENT, a_birth
from tests.support.house import DOSSIER, NUMBER_REQUEST, RECORD, House
from tests.support.partner import EVIDENCE

REGISTRY, POPULATION, ONE_STOP = (
    Destination.NATIONAL_REGISTRY,
    Destination.POPULATION_DB,
    Destination.ONE_STOP,
)
NUMBER = "099312345678"
GATED_RECORD = PlannedStep(
    "registry_record",
    REGISTRY,
    "record",
    gate="personal_id.child",
    gate_opens_after_seconds=7200,
)
WITH_NUMBER = Accepted(EVIDENCE, facts={FACT_PERSONAL_ID: NUMBER})
LATER = Accepted(EVIDENCE, pending=True)


def test_a_number_opens_the_gate_of_the_record_and_goes_with_it() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, GATED_RECORD)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    assert house.state(event.event_id, "registry_record") is State.WAITING
    house.deliver(POPULATION)
    house.deliver(REGISTRY)
    (message,) = house.sent(REGISTRY)
    assert message.body["personal_id.child"] == NUMBER
    assert "registry_personal_id_update" not in house.steps(event.event_id)


def test_a_number_becomes_an_attribute_of_the_person() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.deliver(POPULATION)
    with house.database.read() as transaction:
        known = house.events.find_persons(transaction, [NUMBER])
        persons = house.events.persons_of(transaction, event.event_id)
    assert known == {NUMBER: persons["child"]}


def test_the_record_does_not_wait_beyond_its_setting() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, GATED_RECORD)
    house.partners[POPULATION].answers = [LATER]
    house.deliver(POPULATION)
    house.pass_time(7200)
    house.deliver(REGISTRY)
    assert house.state(event.event_id, "registry_record") is State.DONE
    assert "personal_id.child" not in house.sent(REGISTRY)[0].body


def test_a_number_after_the_record_follows_as_its_own_delivery() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.deliver(REGISTRY)
    house.deliver(POPULATION)
    house.deliver(REGISTRY)
    update = house.sent(REGISTRY)[1]
    assert update.operation == "national_registry/personal_id_update"
    assert update.body["personal_id"] == NUMBER
    assert house.state(event.event_id, "registry_personal_id_update") is State.DONE


def test_a_number_that_arrives_while_the_record_is_being_sent_follows_too() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.partners[REGISTRY].before_answer = lambda: _once(house)
    house.deliver(REGISTRY)
    assert house.facts(event.event_id) == {"personal_id.child": NUMBER}
    assert house.steps(event.event_id).count("registry_personal_id_update") == 1


def _once(house: House) -> None:
    """The number comes in the middle of the first sending."""
    house.partners[REGISTRY].before_answer = lambda: None
    house.deliver(POPULATION)


def test_a_number_that_arrives_before_the_record_is_sent_again_is_carried_by_it() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD)
    house.partners[REGISTRY].answers = [OutcomeUnknown()]
    house.partners[REGISTRY].replies = [Absent(EVIDENCE)]
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.deliver(REGISTRY)
    house.deliver(POPULATION)
    house.pass_time(60)
    house.deliver(REGISTRY)
    house.pass_time(60)
    house.deliver(REGISTRY)
    assert house.sent(REGISTRY)[1].body["personal_id.child"] == NUMBER
    assert "registry_personal_id_update" not in house.steps(event.event_id)


def test_a_lost_answer_that_turns_out_applied_without_the_number_is_followed_by_it() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, RECORD)
    house.partners[REGISTRY].answers = [OutcomeUnknown()]
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.deliver(REGISTRY)
    house.deliver(POPULATION)
    house.pass_time(60)
    house.deliver(REGISTRY)
    assert "registry_personal_id_update" in house.steps(event.event_id)


def test_the_same_number_twice_is_one_fact_and_one_update() -> None:
    house = House()
    again = PlannedStep("personal_id_again", POPULATION, "personal_id_request", subject="child")
    event = house.accept(a_birth(), NUMBER_REQUEST, again, RECORD)
    house.partners[POPULATION].answers = [WITH_NUMBER, WITH_NUMBER]
    house.deliver(REGISTRY)
    house.deliver(POPULATION)
    house.deliver(POPULATION)
    assert house.changes().count("fact.recorded") == 1
    assert house.steps(event.event_id).count("registry_personal_id_update") == 1


def test_the_number_of_a_suspected_duplicate_is_kept_but_opens_nothing() -> None:
    house = House()
    event = house.accept(a_birth(), NUMBER_REQUEST, GATED_RECORD)
    quoted = {FACT_EXISTING_PERSONAL_ID: NUMBER}
    refusal = Refused(EVIDENCE, RefusalReason.SUSPECTED_DUPLICATE, (), quoted)
    house.partners[POPULATION].answers = [refusal]
    house.deliver(POPULATION)
    assert house.facts(event.event_id) == {"existing_personal_id.child": NUMBER}
    assert house.state(event.event_id, "registry_record") is State.WAITING


def test_an_accepted_record_is_told_to_the_one_stop_shop_behind_its_dossier() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD, DOSSIER)
    house.deliver(REGISTRY)
    assert house.state(event.event_id, "one_stop_progress.received") is State.WAITING
    house.deliver(ONE_STOP)
    house.deliver(ONE_STOP)
    assert [message.operation for message in house.sent(ONE_STOP)] == [
        "one_stop/dossier",
        "one_stop/progress",
    ]
    assert house.sent(ONE_STOP)[1].body["stage"] == "received"


def test_without_a_dossier_no_progress_is_told() -> None:
    house = House()
    event = house.accept(a_birth(dossier=ABSENT), RECORD)
    house.deliver(REGISTRY)
    assert house.steps(event.event_id) == ["registry_record"]


def test_what_a_destination_still_works_on_is_watched() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].answers = [LATER]
    house.deliver(REGISTRY)
    (watch,) = house.watches(event.event_id)
    assert watch.stage == "received"
    assert watch.next_fetch_at is not None


def test_follow_ups_are_due_when_the_event_is_due() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.pass_time(3600)
    house.deliver(REGISTRY)
    assert house.job(event.event_id, "one_stop_progress.received").due_at == event.due_at


def test_the_feed_tells_codes_and_no_personal_data() -> None:
    house = House()
    house.accept(a_birth(), NUMBER_REQUEST)
    house.partners[POPULATION].answers = [WITH_NUMBER]
    house.deliver(POPULATION)
    with house.database.read() as transaction:
        entries = [each.entry for each in house.feed.list_after(transaction, 0, 100)]
    assert [entry.change for entry in entries] == ["delivery.done", "fact.recorded"]
    assert NUMBER not in str(entries)
