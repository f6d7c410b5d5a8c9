"""Which acts a delivery's state allows, what each would do, and what it needs. Pure, from the state table."""

from dataclasses import dataclass

from gateway.model.operating import Act
from gateway.operations.acts import RESERVED
from gateway.operations.sentences import Sentence
from retry_queue.job import Job
from retry_queue.states import Cause, State, states_before


@dataclass(frozen=True, slots=True)
class AllowedAct:
    """One thing that an operator may do now."""

    act: Act
    consequence: Sentence
    needs: tuple[str, ...]
    """Beside the delivery: `reason`, `evidence`, `change`."""


_SENT_AT_ONCE = Sentence(
    "Gửi ngay khi đến lượt, cùng mã yêu cầu; thời hạn không đổi.",
    "It goes as soon as it is its turn, under the same request number; the due time stays.",
)
_ASKED_FIRST = Sentence(
    "Hỏi lại bên nhận; chỉ gửi nếu bên nhận trả lời là chưa có.",
    "The destination is asked again; it is sent only if the destination says that it does not have it.",
)
_HELD = Sentence(
    "Không gửi nữa cho đến khi có người cho đi tiếp; việc sau về cùng người, cùng mục sổ phải chờ.",
    "Nothing is sent until somebody releases it; later ones about the same person or entry wait behind it.",
)
_CANCELLED = Sentence(
    "Bỏ hẳn việc gửi này; việc đang chờ sau nó được đi tiếp. Không thể lấy lại.",
    "It is withdrawn for good; what waits behind it goes on. This cannot be undone.",
)
_EDITED = Sentence(
    "Sửa nội dung, kiểm tra lại toàn bộ quy tắc, gửi lại với mã yêu cầu mới; bản gốc được giữ.",
    "The content is corrected, measured by every rule again, and sent under a new request number;"
    " the original is kept.",
)
_CONFIRMED = Sentence(
    "Ghi nhận bên nhận đã có; không gửi nữa, các bước sau được đi tiếp. Cần bằng chứng.",
    "It counts as arrived: it is not sent again, and what follows goes on. Needs evidence.",
)
_ABSENT = Sentence(
    "Ghi nhận bên nhận chưa có; gửi ngay mà không hỏi nữa. Nếu sai, bên nhận có thể có hai bản."
    " Cần bằng chứng.",
    "It counts as not arrived: it is sent without asking. If that is wrong, the destination may have it"
    " twice. Needs evidence.",
)


def allowed_acts(job: Job) -> tuple[AllowedAct, ...]:
    """None for a final or leased delivery, nor for one that a courier has or that waits for an answer."""
    if job.state is State.HELD and job.held_reason in RESERVED:
        return ()
    is_doubtful = job.maybe_sent or job.state is State.UNKNOWN
    found: list[AllowedAct] = []
    if job.state in states_before(Cause.RELEASED):
        goal = _ASKED_FIRST if is_doubtful else _SENT_AT_ONCE
        found += [AllowedAct(act, goal, ("reason",)) for act in (Act.RETRY, Act.RELEASE)]
    if job.state is State.HELD and not is_doubtful:
        found.append(AllowedAct(Act.EDIT, _EDITED, ("reason", "change")))
    if job.state in states_before(Cause.PAUSED):
        found.append(AllowedAct(Act.HOLD, _HELD, ("reason",)))
    if job.state in states_before(Cause.WITHDRAWN) and not is_doubtful:
        found.append(AllowedAct(Act.CANCEL, _CANCELLED, ("reason",)))
    if job.state in states_before(Cause.CONFIRMED) | {State.UNKNOWN}:
        found.append(AllowedAct(Act.CONFIRM_DELIVERED, _CONFIRMED, ("reason", "evidence")))
        if is_doubtful:
            found.append(AllowedAct(Act.CONFIRM_ABSENT, _ABSENT, ("reason", "evidence")))
    return tuple(found)
