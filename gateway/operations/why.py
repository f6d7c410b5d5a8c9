"""Why a delivery stands where it stands: one function per state. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from gateway.model.delivery import AttemptRow, Delivery, OutcomeCode, Watch
from gateway.model.questioning import HELD_FOR_QUESTION, Answer, Question, QuestionState
from gateway.operations.read_notices import StepStory
from gateway.operations.reasons import hold_reason
from gateway.operations.replays.stories import ReplayMention
from gateway.operations.sentences import DESTINATIONS, Sentence, clock_time
from retry_queue.job import Job
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneHealth


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything known about one delivery at this moment."""

    delivery: Delivery
    job: Job
    lane: LaneHealth
    attempts: Sequence[AttemptRow] = ()
    blockers: Sequence[Delivery] = ()
    watch: Watch | None = None
    steps: Sequence[StepStory] = ()
    replays: Sequence[ReplayMention] = ()
    questions: Sequence[Question] = ()
    """That the event raised; the delivery waits while one is open."""


_STAGES = {
    "received": Sentence("đã nhận, chờ xử lý", "has received it and will work on it"),
    "supplement_asked": Sentence("yêu cầu bổ sung", "asks for a supplement"),
    "processing": Sentence("đang xử lý", "works on it"),
    "completed": Sentence("đã hoàn thành", "has finished it"),
    "refused": Sentence("đã từ chối", "has refused it"),
}
_OUTCOMES = {
    OutcomeCode.NOT_SENT: Sentence("Lần trước không kết nối được.", "The last time it could not be reached."),
    OutcomeCode.BUSY: Sentence("Lần trước bên nhận báo bận.", "The last time it was busy."),
    OutcomeCode.UNKNOWN: Sentence("Lần trước không có trả lời.", "The last time there was no answer."),
    OutcomeCode.ABSENT: Sentence(
        "Đã hỏi: bên nhận chưa có, sẽ gửi lại.", "It was asked and does not have it: we send again."
    ),
    OutcomeCode.NOT_AUTHORIZED: Sentence(
        "Lần trước bị từ chối đăng nhập.", "The last time our credentials were refused."
    ),
    OutcomeCode.INTERNAL_ERROR: Sentence(
        "Lần trước cổng gặp lỗi.", "The last time the gateway itself failed."
    ),
}


def why(standing: Standing, now: datetime) -> Sentence:
    """The sentence that answers "why is it not there yet?", or says that it is."""
    match standing.job.state:
        case State.QUEUED:
            return _queued(standing, now)
        case State.WAITING:
            return _waiting(standing)
        case State.DEFERRED:
            return _deferred(standing, now)
        case State.LEASED:
            return _leased(standing)
        case State.UNKNOWN:
            return _unknown(standing, now)
        case State.HELD:
            return _held(standing)
        case State.DONE:
            return _done(standing)
        case State.CANCELLED:
            return _cancelled(standing)
        case _:
            assert_never(standing.job.state)


def _queued(standing: Standing, now: datetime) -> Sentence:
    peace = _lane(standing, now)
    if peace is not None:
        return peace
    return Sentence("Sẵn sàng, sẽ gửi khi đến lượt.", "Ready; goes as soon as it is its turn.")


def _waiting(standing: Standing) -> Sentence:
    reasons = [_behind(standing, blocker) for blocker in standing.blockers]
    if standing.job.gate is not None and not reasons:
        reasons.append(_gate(standing.job))
    if not reasons:
        return Sentence("Đường vừa được mở, sẽ vào hàng đợi ngay.", "Its way has just become free.")
    sentence = reasons[0]
    for reason in reasons[1:]:
        sentence += reason
    return sentence


def _behind(standing: Standing, blocker: Delivery) -> Sentence:
    if blocker.event_id == standing.delivery.event_id:
        return Sentence(
            f"Chờ bước {blocker.step} của chính sự kiện này xong trước.",
            f"Waits for step {blocker.step} of the same event.",
        )
    return Sentence(
        f"Chờ việc gửi trước ({blocker.delivery_id}) về cùng người hoặc cùng mục sổ.",
        f"Waits for an earlier delivery ({blocker.delivery_id}) about the same person or entry.",
    )


def _gate(job: Job) -> Sentence:
    name = str(job.gate).partition(":")[2]
    if job.gate_opens_at is None:
        return Sentence(f"Chờ có thông tin {name}.", f"Waits until {name} is known.")
    opens = clock_time(job.gate_opens_at)
    return Sentence(
        f"Chờ có thông tin {name}, nhưng không quá {opens}.",
        f"Waits until {name} is known, but not beyond {opens}.",
    )


def _deferred(standing: Standing, now: datetime) -> Sentence:
    at = clock_time(standing.job.next_attempt_at or now)
    sentence = Sentence(f"Sẽ gửi lại không sớm hơn {at}.", f"Goes again, not before {at}.")
    return _with_last_outcome(standing, now, sentence)


def _leased(standing: Standing) -> Sentence:
    name = DESTINATIONS[standing.delivery.destination]
    return Sentence(f"Đang trao đổi với {name.vi}.", f"Is being exchanged with {name.en} right now.")


def _unknown(standing: Standing, now: datetime) -> Sentence:
    at = clock_time(standing.job.next_attempt_at or now)
    sentence = Sentence(
        f"Đã gửi nhưng chưa biết kết quả; sẽ hỏi bên nhận lúc {at}, không gửi mù lần hai.",
        f"Sent, but the outcome is not known; we ask at {at} and do not send blindly again.",
    )
    return _with_last_outcome(standing, now, sentence)


def _held(standing: Standing) -> Sentence:
    reason = hold_reason(standing.job.held_reason)
    found = reason.meaning + reason.remedy
    for question in standing.questions:
        if standing.job.held_reason == HELD_FOR_QUESTION and question.state is QuestionState.OPEN:
            found += Sentence(f"Câu hỏi: {question.question_id}.", f"Question: {question.question_id}.")
    return found


def _done(standing: Standing) -> Sentence:
    at = clock_time(standing.job.finished_at or standing.job.updated_at)
    name = DESTINATIONS[standing.delivery.destination]
    sentence = Sentence(f"Đã được {name.vi} nhận lúc {at}.", f"At {at}, {name.en} had it.")
    stage = _STAGES.get(standing.watch.stage) if standing.watch else None
    return sentence if stage is None else sentence + Sentence(f"Bên nhận {stage.vi}.", f"It {stage.en}.")


def _cancelled(standing: Standing) -> Sentence:
    at = clock_time(standing.job.finished_at or standing.job.updated_at)
    if any(question.answer is Answer.SAME_EVENT for question in standing.questions):
        return Sentence(
            f"Đã hủy lúc {at}: người có thẩm quyền xác định việc này đã được đăng ký trước đó.",
            f"Withdrawn at {at}: an authorised person found that it had been registered before.",
        )
    return Sentence(f"Đã hủy lúc {at}.", f"Withdrawn at {at}.")


def _with_last_outcome(standing: Standing, now: datetime, sentence: Sentence) -> Sentence:
    last = standing.attempts[-1].outcome if standing.attempts else None
    if last is not None and last in _OUTCOMES:
        sentence += _OUTCOMES[last]
    peace = _lane(standing, now)
    return sentence if peace is None else sentence + peace


def _lane(standing: Standing, now: datetime) -> Sentence | None:
    """What stops the whole destination, if anything does."""
    lane, name = standing.lane, DESTINATIONS[standing.delivery.destination]
    if lane.hold_reason is not None:
        reason = hold_reason(lane.hold_reason)
        held = Sentence(f"Đang dừng mọi việc gửi tới {name.vi}.", f"Everything to {name.en} is stopped.")
        return held + reason.meaning + reason.remedy
    if lane.breaker is BreakerState.CLOSED:
        return None
    if lane.open_until is None or lane.open_until <= now:
        return Sentence(f"Đang thử lại {name.vi}.", f"We are trying {name.en} again.")
    at = clock_time(lane.open_until)
    return Sentence(
        f"Chưa có trả lời dùng được từ {name.vi}; để yên đến {at}.",
        f"No useful answers from {name.en}; it is left in peace until {at}.",
    )
