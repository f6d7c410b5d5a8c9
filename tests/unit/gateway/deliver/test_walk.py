import pytest

from adapters.errors import (
    Busy,
    ContractBroken,
    NotAuthorized,
    NotSent,
    OutcomeUnknown,
    PartnerFault,
    RefusalReason,
    Refused,
)
from adapters.port import Absent, Accepted, Repeats
from gateway.deliver.attempted import Attempted
from gateway.model.delivery import OutcomeCode, Verb
from gateway.model.ids import Destination
from gateway.model.outcome import Crashed, Delivered
from mappings.catalog import MappingViolation
from retry_queue.errors import LeaseLost
from retry_queue.job import JobId, Lease
from retry_queue.states import State
from retry_queue.verdict import Done, GiveUp
from tests.support.events import ABSENT, a_birth
from tests.support.house import DOSSIER, RECORD, House
from tests.support.partner import EVIDENCE

REGISTRY = Destination.NATIONAL_REGISTRY


def test_an_accepted_message_is_done_proved_and_told() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.deliver(REGISTRY)
    (attempt,) = house.attempts(event.event_id, "registry_record")
    assert house.state(event.event_id, "registry_record") is State.DONE
    assert (attempt.verb, attempt.outcome, attempt.http_status) == (Verb.SEND, OutcomeCode.ACCEPTED, 200)
    assert "delivery.done" in house.changes()


def test_the_message_bears_the_deliverys_own_request_id() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.deliver(REGISTRY)
    (message,) = house.sent(REGISTRY)
    assert message.request_id == house.delivery(event.event_id, "registry_record").request_id


def test_what_cannot_be_asked_but_is_recognised_is_sent_again_under_its_request_id() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].repeats = Repeats(asks=False, idempotent=True)
    house.partners[REGISTRY].answers = [OutcomeUnknown()]
    house.deliver(REGISTRY)
    house.pass_time(3600)
    house.deliver(REGISTRY)
    assert house.state(event.event_id, "registry_record") is State.DONE
    first, second = house.sent(REGISTRY)
    assert (first, house.partners[REGISTRY].asked) == (second, [])


def test_what_can_neither_be_asked_nor_repeated_goes_to_a_person() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].repeats = Repeats(asks=False, idempotent=False)
    house.partners[REGISTRY].answers = [OutcomeUnknown()]
    house.deliver(REGISTRY)
    house.pass_time(3600)
    house.deliver(REGISTRY)
    job = house.job(event.event_id, "registry_record")
    assert (job.state, job.held_reason, job.maybe_sent) == (State.HELD, "outcome_unknown", True)
    assert (len(house.sent(REGISTRY)), house.partners[REGISTRY].asked) == (1, [])


def test_about_to_send_is_on_record_before_the_first_byte_leaves() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    seen: list[tuple[bool, int]] = []

    def look() -> None:
        job = house.job(event.event_id, "registry_record")
        seen.append((job.maybe_sent, len(house.attempts(event.event_id, "registry_record"))))

    house.partners[REGISTRY].before_answer = look
    house.deliver(REGISTRY)
    assert seen == [(True, 1)]


def test_a_lost_answer_is_asked_about_and_not_sent_again() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].answers = [OutcomeUnknown()]
    house.deliver(REGISTRY)
    assert house.state(event.event_id, "registry_record") is State.UNKNOWN
    house.pass_time(3600)
    house.deliver(REGISTRY)
    assert house.state(event.event_id, "registry_record") is State.DONE
    assert (len(house.sent(REGISTRY)), len(house.partners[REGISTRY].asked)) == (1, 1)
    outcomes = [attempt.outcome for attempt in house.attempts(event.event_id, "registry_record")]
    assert outcomes == [OutcomeCode.UNKNOWN, OutcomeCode.ALREADY_THERE]


def test_what_the_destination_does_not_have_is_sent_again_under_the_same_request_id() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    partner = house.partners[REGISTRY]
    partner.answers, partner.replies = [OutcomeUnknown()], [Absent(EVIDENCE)]
    for _ in range(3):
        house.deliver(REGISTRY)
        house.pass_time(3600)
    assert house.state(event.event_id, "registry_record") is State.DONE
    assert len({message.request_id for message in partner.sent}) == 1
    assert len(partner.sent) == 2


def test_a_refusal_is_held_with_the_faults_the_destination_named() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    fault = PartnerFault("nksHoTen không tồn tại", "nksHoTen")
    house.partners[REGISTRY].answers = [Refused(EVIDENCE, RefusalReason.CONTENT, (fault,))]
    house.deliver(REGISTRY)
    job = house.job(event.event_id, "registry_record")
    (attempt,) = house.attempts(event.event_id, "registry_record")
    assert (job.state, job.held_reason, job.maybe_sent) == (State.HELD, "refused.content", False)
    assert attempt.faults == ({"field": "nksHoTen", "text": "nksHoTen không tồn tại"},)
    assert house.changes() == ["delivery.held"]


def test_what_has_no_words_at_the_destination_is_held_with_every_violation() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.catalog.violations = (MappingViolation("/child", "code_unknown", "Không có mã", "No code"),)
    house.deliver(REGISTRY)
    (attempt,) = house.attempts(event.event_id, "registry_record")
    assert house.job(event.event_id, "registry_record").held_reason == "not_mapped"
    assert (attempt.verb, attempt.faults[0]["message_vi"]) == (Verb.TRANSLATE, "Không có mã")
    assert house.sent(REGISTRY) == []


@pytest.mark.parametrize("error", [NotSent(), Busy(EVIDENCE, 60), Busy(EVIDENCE), NotAuthorized(EVIDENCE)])
def test_a_destinations_own_fault_costs_no_attempt(error: Exception) -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].fails_before_announce = error
    for _ in range(30):
        house.deliver(REGISTRY)
        house.pass_time(3600)
    job = house.job(event.event_id, "registry_record")
    assert (job.state, job.attempts, job.maybe_sent) == (State.DEFERRED, 0, False)


def test_nothing_sent_after_the_announcement_is_sent_again_and_not_asked_about() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].answers = [NotSent()]
    house.deliver(REGISTRY)
    house.pass_time(3600)
    house.deliver(REGISTRY)
    assert house.partners[REGISTRY].asked == []
    assert house.state(event.event_id, "registry_record") is State.DONE


@pytest.mark.parametrize("error", [NotSent(), Busy(EVIDENCE, 60), NotAuthorized(EVIDENCE), OutcomeUnknown()])
def test_a_question_without_an_answer_never_leads_to_sending(error: Exception) -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    partner = house.partners[REGISTRY]
    partner.answers, partner.replies = [OutcomeUnknown()], [error]
    house.deliver(REGISTRY)
    house.pass_time(3600)
    house.deliver(REGISTRY)
    assert house.state(event.event_id, "registry_record") is State.UNKNOWN
    assert len(partner.sent) == 1


def test_a_broken_answer_is_held_and_may_have_been_applied() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].answers = [ContractBroken(EVIDENCE)]
    house.deliver(REGISTRY)
    job = house.job(event.event_id, "registry_record")
    assert (job.held_reason, job.maybe_sent) == ("contract_broken", True)


def test_a_broken_answer_to_the_login_left_nothing_behind() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].fails_before_announce = ContractBroken(EVIDENCE)
    house.deliver(REGISTRY)
    assert not house.job(event.event_id, "registry_record").maybe_sent


def test_a_crash_in_a_mapping_is_an_outcome_with_an_error_id() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.catalog.crash = ZeroDivisionError("a converter of ours")
    assert house.deliver(REGISTRY) == Crashed("error-1", maybe_sent=False)
    job = house.job(event.event_id, "registry_record")
    (attempt,) = house.attempts(event.event_id, "registry_record")
    assert (job.state, job.attempts) == (State.DEFERRED, 1)
    assert attempt.faults == ({"code": "internal_error", "error_id": "error-1"},)


def test_a_crash_of_an_adapter_after_the_announcement_is_asked_about() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].answers = [ZeroDivisionError("in the adapter")]
    house.deliver(REGISTRY)
    assert house.state(event.event_id, "registry_record") is State.UNKNOWN


def test_a_delivery_that_cannot_be_read_is_a_crash_and_no_loop() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    lease = house.claim(REGISTRY)
    house.memory_events._events.clear()  # noqa: SLF001 - a damaged database, as no port could make one
    attempted = house.attempt(lease)
    assert attempted.outcome == Crashed("error-1", maybe_sent=False)
    house.finish(lease, attempted)
    assert house.job(event.event_id, "registry_record").attempts == 1


def test_a_lost_lease_passes_through_and_nothing_is_sent() -> None:
    house = House()
    house.accept(a_birth(), RECORD)
    lease = house.claim(REGISTRY)

    def announce(note: object = None) -> None:
        assert note is not None
        raise LeaseLost(JobId(lease.job.job_id))

    with pytest.raises(LeaseLost):
        house.handler.attempt(lease, announce)
    assert house.sent(REGISTRY) == []


def record_and_fail(house: House, lease: Lease, attempted: Attempted) -> None:
    with house.database.write() as transaction:
        house.handler.record(transaction, lease, attempted)
        raise ZeroDivisionError


def test_nothing_is_written_when_the_transaction_of_the_record_fails() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD, DOSSIER)
    lease = house.claim(REGISTRY)
    attempted = house.attempt(lease)
    with pytest.raises(ZeroDivisionError):
        record_and_fail(house, lease, attempted)
    assert house.changes() == []
    assert house.steps(event.event_id) == ["registry_record", "one_stop_dossier"]
    assert house.attempts(event.event_id, "registry_record")[0].outcome is None


def test_the_same_outcome_can_be_recorded_again_after_a_failed_commit() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    lease = house.claim(REGISTRY)
    attempted = house.attempt(lease)
    with pytest.raises(ZeroDivisionError):
        record_and_fail(house, lease, attempted)
    house.finish(lease, attempted)
    assert house.state(event.event_id, "registry_record") is State.DONE
    assert house.changes().count("delivery.done") == 1


def test_already_there_counts_as_accepted() -> None:
    house = House()
    event = house.accept(a_birth(), RECORD)
    house.partners[REGISTRY].answers = [Accepted(EVIDENCE, already_there=True)]
    assert isinstance(house.deliver(REGISTRY), Delivered)
    assert house.state(event.event_id, "registry_record") is State.DONE


def test_outcomes_recorded_together_are_as_if_recorded_one_by_one() -> None:
    house = House()
    first = house.accept(a_birth(), RECORD)
    another = a_birth(
        source_event_id="other",
        dossier__code="H08.129-261116-0042",
        registration__number="42",
        mother=ABSENT,
        father=ABSENT,
        unknown=["mother", "father"],
    )
    second = house.accept(another, RECORD)
    leases = [house.claim(REGISTRY), house.claim(REGISTRY)]
    house.partners[REGISTRY].answers = [
        Accepted(EVIDENCE, pending=True),
        Refused(EVIDENCE, faults=(PartnerFault("sai", "soDangKy"),)),
    ]
    outcomes = [(lease, house.attempt(lease)) for lease in leases]
    with house.database.write() as transaction:
        accepted, refused = house.handler.record_together(transaction, outcomes)
    assert isinstance(accepted.verdict, Done)
    assert isinstance(refused.verdict, GiveUp)
    assert house.steps(first.event_id) == ["registry_record", "one_stop_progress.received"]
    assert house.steps(second.event_id) == ["registry_record"]
    assert house.changes() == ["delivery.done", "delivery.held", "delivery.planned"]
    found = [house.attempts(event.event_id, "registry_record")[0].outcome for event in (first, second)]
    assert found == [OutcomeCode.ACCEPTED, OutcomeCode.REFUSED]
