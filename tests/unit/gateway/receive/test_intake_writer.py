"""The one writer: groups, bounds, survives the database, and never leaves anyone waiting."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future

import pytest

from gateway.errors import IdentityTaken, IntakeUnavailable, StorageUnavailable
from gateway.model.ids import DeliveryId, Destination, EventId
from gateway.model.submission import Accepted, IntakeResult, Receipt, ReceiptDelivery, ValidSubmission
from gateway.receive.intake_writer import IntakeWriter, WriterLimits
from tests.support.submissions import RECEIVED_AT, a_submission
from tests.support.waiting import wait_for

DEADLINE_SECONDS = 20
LIMITS = WriterLimits(linger_seconds=0, batch_max=10, queue_max=20)


class Killed(BaseException):
    """What no ordinary handler catches."""


def _accepted(submission: ValidSubmission) -> IntakeResult:
    delivery = ReceiptDelivery(DeliveryId("d"), Destination.ONE_STOP, "dossier")
    event_id = EventId(submission.idempotency_key)
    return Accepted(Receipt(event_id, RECEIVED_AT, RECEIVED_AT, submission.content_sha256, (delivery,)))


class Disk:
    """Commits as told: `fail` names what the next commits raise; closed, it makes them wait."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.committed: list[str] = []
        self.fail: list[BaseException | None] = []
        self.poison: str | None = None
        self.is_open = threading.Event()
        self.is_open.set()
        self.reached = threading.Semaphore(0)

    def commit(self, submissions: Sequence[ValidSubmission]) -> Sequence[IntakeResult]:
        keys = [submission.idempotency_key for submission in submissions]
        self.batches.append(keys)
        self.reached.release()
        assert self.is_open.wait(DEADLINE_SECONDS)
        error = self.fail.pop(0) if self.fail else None
        if error is not None:
            raise error
        if self.poison in keys:
            raise ValueError(self.poison)
        self.committed += keys
        return [_accepted(submission) for submission in submissions]

    def wait_until_reached(self) -> None:
        assert self.reached.acquire(timeout=DEADLINE_SECONDS)


@pytest.fixture
def disk() -> Disk:
    return Disk()


StartWriter = Callable[..., IntakeWriter]


@pytest.fixture
def start(disk: Disk) -> Iterator[StartWriter]:
    started: list[IntakeWriter] = []

    def begin(limits: WriterLimits = LIMITS, on_committed: Callable[..., None] | None = None) -> IntakeWriter:
        writer = IntakeWriter(disk.commit, limits, on_committed or (lambda _lanes, _messages: None))
        writer.start()
        started.append(writer)
        return writer

    yield begin
    disk.is_open.set()
    for writer in started:
        writer.stop(DEADLINE_SECONDS)


def _event_id(answer: Future[IntakeResult]) -> str:
    result = answer.result(DEADLINE_SECONDS)
    assert isinstance(result, Accepted)
    return result.receipt.event_id


def _submit(writer: IntakeWriter, *keys: str) -> list[Future[IntakeResult]]:
    return [writer.submit(a_submission(key=key)) for key in keys]


def _gathered(writer: IntakeWriter, disk: Disk, *keys: str) -> list[Future[IntakeResult]]:
    """Let these wait together, behind one that the disk is still writing."""
    disk.is_open.clear()
    _submit(writer, "earlier")
    disk.wait_until_reached()
    return _submit(writer, *keys)


def test_everybody_gets_his_own_receipt(start: StartWriter) -> None:
    answers = _submit(start(), "a", "b", "c")
    assert [_event_id(answer) for answer in answers] == ["a", "b", "c"]


def test_what_gathers_during_a_commit_goes_into_one_transaction(disk: Disk, start: StartWriter) -> None:
    answers = _gathered(start(), disk, "a", "b", "c")
    disk.is_open.set()
    assert [_event_id(answer) for answer in answers] == ["a", "b", "c"]
    assert disk.batches == [["earlier"], ["a", "b", "c"]]


def test_nobody_gets_a_receipt_before_the_commit(disk: Disk, start: StartWriter) -> None:
    disk.is_open.clear()
    (answer,) = _submit(start(), "a")
    disk.wait_until_reached()
    assert not answer.done()
    disk.is_open.set()
    assert _event_id(answer) == "a"


def test_a_transaction_is_bounded(disk: Disk, start: StartWriter) -> None:
    keys = [str(number) for number in range(15)]
    answers = _gathered(start(), disk, *keys)
    disk.is_open.set()
    assert [_event_id(answer) for answer in answers] == keys
    assert [len(batch) for batch in disk.batches] == [1, 10, 5]


def test_with_company_the_writer_lingers_until_the_batch_is_full(disk: Disk, start: StartWriter) -> None:
    # A minute of lingering would fail the test by its time limit: the full batch ends it.
    patient = WriterLimits(linger_seconds=DEADLINE_SECONDS * 10, batch_max=3, queue_max=10)
    writer = start(patient)
    answers = _gathered(writer, disk, "a", "b")
    disk.is_open.set()
    wait_for(lambda: disk.committed == ["earlier"], "the first commit")
    answers += _submit(writer, "c")
    assert [_event_id(answer) for answer in answers] == ["a", "b", "c"]
    assert disk.batches[1:] == [["a", "b", "c"]]


def test_alone_nobody_waits_for_company(start: StartWriter) -> None:
    writer = start(WriterLimits(linger_seconds=DEADLINE_SECONDS * 10, batch_max=3, queue_max=10))
    assert _event_id(_submit(writer, "a")[0]) == "a"


def test_a_full_queue_turns_away_at_once(disk: Disk, start: StartWriter) -> None:
    writer = start(WriterLimits(linger_seconds=0, batch_max=1, queue_max=2))
    answers = _gathered(writer, disk, "a", "b")
    assert writer.is_full()
    with pytest.raises(IntakeUnavailable, match="full"):
        _submit(writer, "c")
    disk.is_open.set()
    assert [_event_id(answer) for answer in answers] == ["a", "b"]
    assert not writer.is_full()
    assert "c" not in disk.committed


def test_a_database_that_is_gone_fails_the_batch_and_the_writer_lives_on(
    disk: Disk, start: StartWriter
) -> None:
    writer = start()
    answers = _gathered(writer, disk, "a", "b")
    disk.fail = [None, StorageUnavailable(reason="test")]
    disk.is_open.set()
    for answer in answers:
        assert isinstance(answer.exception(DEADLINE_SECONDS), IntakeUnavailable)
    assert writer.is_alive()
    assert _event_id(_submit(writer, "c")[0]) == "c"
    assert disk.committed == ["earlier", "c"]


def test_a_lost_race_is_run_again_one_by_one(disk: Disk, start: StartWriter) -> None:
    answers = _gathered(start(), disk, "a", "b")
    disk.fail = [None, IdentityTaken(), None, IdentityTaken(), IdentityTaken()]
    disk.is_open.set()
    assert [_event_id(answer) for answer in answers] == ["a", "b"]
    assert disk.batches == [["earlier"], ["a", "b"], ["a"], ["b"], ["b"], ["b"]]


def test_a_race_that_is_lost_for_ever_is_given_up(disk: Disk, start: StartWriter) -> None:
    disk.fail = [IdentityTaken() for _ in range(LIMITS.races_max + 1)]
    (answer,) = _submit(start(), "a")
    assert isinstance(answer.exception(DEADLINE_SECONDS), IntakeUnavailable)


def test_one_poisonous_message_does_not_take_the_others_with_it(disk: Disk, start: StartWriter) -> None:
    disk.poison = "b"
    before, poisoned, after = _gathered(start(), disk, "a", "b", "c")
    disk.is_open.set()
    assert [_event_id(answer) for answer in (before, after)] == ["a", "c"]
    assert isinstance(poisoned.exception(DEADLINE_SECONDS), IntakeUnavailable)


def test_the_death_of_the_writer_reaches_everybody(disk: Disk, start: StartWriter) -> None:
    writer = start()
    waiting = _gathered(writer, disk, "a", "b")
    disk.fail = [Killed()]
    disk.is_open.set()
    for answer in waiting:
        assert isinstance(answer.exception(DEADLINE_SECONDS), IntakeUnavailable)
    with pytest.raises(IntakeUnavailable):
        _submit(writer, "c")
    assert not writer.is_alive()


def test_whoever_was_being_written_when_the_writer_died_is_told_too(disk: Disk, start: StartWriter) -> None:
    disk.fail = [Killed()]
    (answer,) = _submit(start(), "a")
    assert isinstance(answer.exception(DEADLINE_SECONDS), IntakeUnavailable)


def test_stopping_commits_what_waits_and_takes_nothing_new(disk: Disk, start: StartWriter) -> None:
    writer = start()
    answers = _gathered(writer, disk, "a", "b")
    stopping = threading.Thread(target=writer.stop, args=(DEADLINE_SECONDS,))
    stopping.start()
    wait_for(lambda: not writer.is_alive(), "the writer closes")
    with pytest.raises(IntakeUnavailable, match="stopped"):
        _submit(writer, "late")
    disk.is_open.set()
    stopping.join(DEADLINE_SECONDS)
    assert [_event_id(answer) for answer in answers] == ["a", "b"]
    assert "late" not in disk.committed


def test_a_writer_that_never_began_can_be_stopped(disk: Disk) -> None:
    writer = IntakeWriter(disk.commit, LIMITS, lambda _lanes, _messages: None)
    (answer,) = _submit(writer, "a")
    assert not writer.is_alive()
    writer.stop()
    assert isinstance(answer.exception(DEADLINE_SECONDS), IntakeUnavailable)


def test_whoever_hangs_up_before_his_turn_is_not_stored(disk: Disk, start: StartWriter) -> None:
    gone, staying = _gathered(start(), disk, "a", "b")
    assert gone.cancel()
    disk.is_open.set()
    assert _event_id(staying) == "b"
    with pytest.raises(CancelledError):
        gone.result(0)
    assert disk.committed == ["earlier", "b"]


def test_after_a_commit_the_workers_of_its_lanes_are_called(start: StartWriter) -> None:
    told: list[tuple[frozenset[Destination], int]] = []
    writer = start(on_committed=lambda lanes, messages: told.append((lanes, messages)))
    _event_id(_submit(writer, "a")[0])
    wait_for(lambda: told, "the call")
    assert told == [(frozenset({Destination.ONE_STOP}), 1)]


def test_a_broken_listener_does_not_break_the_writer(start: StartWriter) -> None:
    def listener(_lanes: frozenset[Destination], _messages: int) -> None:
        raise ValueError

    writer = start(on_committed=listener)
    assert _event_id(_submit(writer, "a")[0]) == "a"
    assert _event_id(_submit(writer, "b")[0]) == "b"
    assert writer.is_alive()
