"""The receiving corridor in memory: one transaction, everything or nothing, in the order of the walk."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from gateway.errors import IdentityTaken
from gateway.model.delivery import Delivery
from gateway.model.submission import (
    Accepted,
    Conflict,
    ConflictKind,
    IntakeResult,
    Receipt,
    Repeated,
    ValidSubmission,
)
from gateway.receive.once import OnceStores
from gateway.receive.parse import BodyLimits
from gateway.receive.plan import shipped_plans
from gateway.receive.validate import Rulebook
from gateway.receive.walk import Committer, IntakeStores, Promise, commit_batch, prepare
from gateway.storage.memory.deliveries import MemoryDeliveries
from gateway.storage.memory.events import MemoryEvents
from gateway.storage.memory.feed import MemoryFeed
from gateway.storage.memory.questions import MemoryNaturalKeys, MemoryQuestions
from gateway.storage.ports import PositionedEntry
from retry_queue.job import Job, JobId
from retry_queue.memory.transactions import MemoryTransactions
from retry_queue.memory_store import MemoryStore
from retry_queue.states import State
from tests.support.events import a_death, a_marriage, a_name
from tests.support.submissions import (
    PROMISE,
    RECEIVED_AT,
    a_raw_submission,
    a_submission,
    another_birth,
    counted_bytes,
)

WAIT = timedelta(hours=2)


class Desk:
    """The corridor with its stores in memory."""

    def __init__(self) -> None:
        self.database = MemoryTransactions()
        self.events, self.deliveries, self.feed = MemoryEvents(), MemoryDeliveries(), MemoryFeed()
        self.queue = MemoryStore(self.database)
        self.once = OnceStores(MemoryNaturalKeys(), MemoryQuestions())
        self.stores = IntakeStores(self.events, self.deliveries, self.queue, self.feed, self.once)
        self.promise = Promise(
            shipped_plans({"personal_id_wait_seconds": WAIT.total_seconds()}), PROMISE.total_seconds()
        )
        self.now = RECEIVED_AT
        self.commit = Committer(self.database, self.stores, self.promise, lambda: self.now, counted_bytes())

    def hand_in(self, *submissions: ValidSubmission) -> list[IntakeResult]:
        return self.commit(submissions)

    def accept(self, submission: ValidSubmission) -> Receipt:
        (result,) = self.hand_in(submission)
        assert isinstance(result, Accepted)
        return result.receipt

    def planned(self, receipt: Receipt) -> Sequence[Delivery]:
        with self.database.read() as transaction:
            return self.deliveries.list_of_event(transaction, receipt.event_id)

    def jobs(self, receipt: Receipt) -> dict[str, Job]:
        with self.database.read() as transaction:
            found = {
                each.step: self.queue.find_job(transaction, JobId(each.delivery_id))
                for each in self.deliveries.list_of_event(transaction, receipt.event_id)
            }
        return {step: job for step, job in found.items() if job is not None}

    def persons(self, receipt: Receipt) -> dict[str, str]:
        with self.database.read() as transaction:
            return dict(self.events.persons_of(transaction, receipt.event_id))

    def changes(self) -> Sequence[PositionedEntry]:
        with self.database.read() as transaction:
            return self.feed.list_after(transaction, 0, 100)


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_accepted_event_is_stored_planned_queued_and_told(desk: Desk) -> None:
    submission = a_submission()
    receipt = desk.accept(submission)
    with desk.database.read() as transaction:
        assert desk.events.get(transaction, receipt.event_id).event == submission.event
    planned = desk.planned(receipt)
    assert [each.step for each in planned] == ["personal_id", "registry_record", "one_stop_dossier"]
    assert [each.delivery_id for each in receipt.deliveries] == [each.delivery_id for each in planned]
    assert set(desk.jobs(receipt)) == {each.step for each in planned}
    (change,) = desk.changes()
    assert (change.entry.change, change.entry.event_id) == ("event.accepted", receipt.event_id)
    assert change.entry.detail == {"event_type": "birth", "authority_code": "00691"}


def test_the_promise_counts_from_registration_and_every_job_keeps_it(desk: Desk) -> None:
    submission = a_submission()
    desk.now = RECEIVED_AT + timedelta(hours=5)
    receipt = desk.accept(submission)
    assert receipt.due_at == submission.event.registration.registered_at + PROMISE
    assert receipt.accepted_at == desk.now
    assert {job.due_at for job in desk.jobs(receipt).values()} == {receipt.due_at}


def test_the_record_of_a_birth_waits_and_the_dossier_does_not(desk: Desk) -> None:
    jobs = desk.jobs(desk.accept(a_submission()))
    assert jobs["registry_record"].state is State.WAITING
    assert jobs["registry_record"].gate_opens_at == desk.now + WAIT
    assert jobs["one_stop_dossier"].state is State.QUEUED
    assert jobs["personal_id"].state is State.QUEUED


def test_request_ids_are_short_unique_and_known_in_advance(desk: Desk) -> None:
    requests = [each.request_id for each in desk.planned(desk.accept(a_submission()))]
    assert len(set(requests)) == 3
    assert all(len(request) <= 40 for request in requests)


def test_the_same_again_gets_the_same_receipt_and_leaves_no_trace(desk: Desk) -> None:
    submission = a_submission()
    receipt = desk.accept(submission)
    desk.now += timedelta(hours=1)
    assert desk.hand_in(submission) == [Repeated(receipt)]
    assert len(desk.changes()) == 1


def test_the_same_twice_in_one_batch_is_accepted_once(desk: Desk) -> None:
    submission = a_submission()
    first, second = desk.hand_in(submission, submission)
    assert isinstance(first, Accepted)
    assert second == Repeated(first.receipt)


def test_two_contents_for_one_entry_in_one_batch_are_a_conflict(desk: Desk) -> None:
    one = a_submission(another_birth(registration__number="7"))
    other = a_submission(another_birth(registration__number="7"))
    first, second = desk.hand_in(one, other)
    assert isinstance(first, Accepted)
    assert isinstance(second, Conflict)
    assert (second.kind, second.first_event_id) == (ConflictKind.ENTRY, first.receipt.event_id)


def test_a_dossier_may_end_in_two_matters_but_not_twice_in_one(desk: Desk) -> None:
    birth = a_submission(another_birth(dossier__code="H60.linked"))
    death = a_submission(a_death(dossier__code="H60.linked"))
    again = a_submission(another_birth(dossier__code="H60.linked"))
    kinds = [type(result) for result in desk.hand_in(birth, death, again)]
    assert kinds == [Accepted, Accepted, Conflict]


def test_one_number_is_one_person_within_a_batch_and_after_it(desk: Desk) -> None:
    number = "099197000999"
    births = [a_submission(another_birth(mother__personal_id=number)) for _ in range(3)]
    first, second = (result for result in desk.hand_in(*births[:2]) if isinstance(result, Accepted))
    third = desk.accept(births[2])
    mothers = {desk.persons(receipt)["mother"] for receipt in (first.receipt, second.receipt, third)}
    assert len(mothers) == 1
    children = {desk.persons(receipt)["child"] for receipt in (first.receipt, second.receipt, third)}
    assert len(children) == 3


def test_deliveries_about_one_person_are_kept_in_order_and_strangers_are_not(desk: Desk) -> None:
    marriage = a_marriage()
    first = desk.accept(a_submission(marriage))
    stranger = desk.accept(a_submission())
    widow = a_death(
        registration__number="77",
        source_event_id="KT-77",
        dossier__code="H60.77",
        deceased__personal_id=marriage["husband"]["personal_id"],
    )
    second = desk.accept(a_submission(widow))
    assert desk.jobs(first)["registry_record"].state is State.QUEUED
    assert desk.jobs(second)["registry_record"].state is State.WAITING
    assert desk.jobs(stranger)["one_stop_dossier"].state is State.QUEUED


def test_the_village_head_who_reports_many_deaths_chains_nobody(desk: Desk) -> None:
    deaths = [
        a_death(
            registration__number=str(number),
            source_event_id=f"KT-{number}",
            dossier__code=f"H60.{number}",
            deceased__personal_id=f"09904100{number}",
            deceased__name=a_name(number),
        )
        for number in (1000, 1001)
    ]
    receipts = [desk.accept(a_submission(death)) for death in deaths]
    states = {desk.jobs(receipt)["registry_record"].state for receipt in receipts}
    assert states == {State.QUEUED}


def test_a_lost_race_leaves_nothing_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    submission = a_submission()
    desk.accept(submission)
    # Another process committed between our look and our writing: the look saw nothing.
    monkeypatch.setattr(desk.events, "find_known", lambda _transaction, asked: [[] for _ in asked])
    monkeypatch.setattr(desk.once.keys, "find_holders", lambda _transaction, _digests: {})
    fresh = a_submission()
    with pytest.raises(IdentityTaken):
        desk.hand_in(fresh, submission)
    monkeypatch.undo()
    assert len(desk.changes()) == 1
    assert isinstance(desk.hand_in(fresh)[0], Accepted)


def test_an_empty_batch_writes_nothing(desk: Desk) -> None:
    with desk.database.write() as transaction:
        assert commit_batch(transaction, [], desk.stores, desk.promise, desk.now, counted_bytes()) == []
    assert list(desk.changes()) == []


def test_what_is_kept_is_the_canonical_message(desk: Desk) -> None:
    event = another_birth()
    spaced = json.dumps(event, indent=2).encode()
    prepared = prepare(a_raw_submission(spaced), BodyLimits(), Rulebook())
    assert isinstance(prepared, ValidSubmission)
    assert prepared.content == a_submission(event).content
    assert isinstance(prepared.received_at, datetime)
    first = desk.accept(prepared)
    assert desk.hand_in(a_submission(event)) == [Repeated(first)]
