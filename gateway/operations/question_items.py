"""What the inbox of questions tells, and in which words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.model.questioning import Answer, QuestionKind, QuestionState
from gateway.model.submission import Violation
from gateway.operations.question_evidence import OtherSide
from gateway.operations.question_kinds import DoubtfulPlace
from gateway.operations.sentences import Sentence
from gateway.storage.ports import EventOrigin

USE_UNIT: Final = "use_unit"
"""The answer to a split commune: one of the units that it was divided into."""

MaySee = Callable[[EventOrigin], bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions; None: all of them."""

    state: QuestionState | None = QuestionState.OPEN
    kind: QuestionKind | None = None
    authority_code: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """What was decided; who looks for more finds it in the ledger of acts."""

    answer: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One question as a line of the inbox."""

    question_id: str
    kind: QuestionKind
    state: QuestionState
    question: Sentence
    event_id: str
    event_type: str
    authority_code: str
    registered_at: datetime
    delivery_id: str | None
    """The one delivery that it is about; None: all of the event wait."""
    destination: str | None
    reason: str
    """Why it is held, or in doubt; of stored questions the ground of the gravest suspicion."""
    asked_at: datetime
    due_at: datetime
    seconds_left: float
    """Until the due time, which no question moves; below zero it is past."""
    answered: AnswerGiven | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed answer."""

    answer: str
    consequence: Sentence
    needs: tuple[str, ...]
    unit_code: str | None = None
    unit_name: str | None = None
    pointer: str | None = None
    """The place that the unit is for."""


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Everything needed to answer one."""

    item: InboxItem
    others: tuple[OtherSide, ...]
    """Earlier events that may be the same."""
    places: tuple[DoubtfulPlace, ...]
    """Old codes that may stand for several units."""
    decision: str | None
    """Where the page of the delivery stands, with what was sent and said."""
    allowed: tuple[Choice, ...]
    problems: tuple[Violation, ...] = ()
    """What speaks against the event of a declaration."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A part of the inbox, and where it goes on."""

    items: tuple[InboxItem, ...]
    next_after: str | None


QUESTIONS: Final = {
    QuestionKind.DUPLICATE: Sentence(
        "Việc này đã được đăng ký trước đó chưa?", "Has this event been registered before?"
    ),
    QuestionKind.TWIN: Sentence(
        "Sinh đôi, hay một người con được đăng ký hai lần?", "Twins, or one child registered twice?"
    ),
    QuestionKind.NOT_ENTERED: Sentence(
        "Hồ sơ đã được đăng ký nhưng chưa ghi nhận được thành sự kiện: ghi lại, hay bỏ qua?",
        "The dossier is registered, and its event could not be taken in: once more, or set aside?",
    ),
    QuestionKind.SPLIT_COMMUNE: Sentence(
        "Mã đơn vị cũ đã bị chia: địa chỉ này nay thuộc đơn vị nào?",
        "The old unit was divided: to which unit does this address belong now?",
    ),
    QuestionKind.WRONG_UNIT: Sentence(
        "Bên nhận không biết mã đơn vị này: mã nào đúng?",
        "The destination does not know this unit: which code is right?",
    ),
    QuestionKind.UNKNOWN_OUTCOME: Sentence(
        "Thông điệp đã đến bên nhận chưa?", "Has the message arrived there?"
    ),
    QuestionKind.REFUSED_ITEM: Sentence(
        "Không chuyển được: sửa nội dung, gửi tiếp, hay hủy?",
        "It could not be handed over: correct it, send it on, or cancel it?",
    ),
}
CONSEQUENCES: Final = {
    Answer.SAME_EVENT: Sentence(
        "Sự kiện sau bị hủy như đăng ký trùng: không gửi đi đâu cả. Không thể lấy lại.",
        "The later event is cancelled as a repetition: nothing of it is sent. This cannot be undone.",
    ),
    Answer.TWO_EVENTS: Sentence(
        "Hai việc khác nhau: sự kiện sau được chuyển đi; thời hạn không đổi; không hỏi lại về cặp này.",
        "Two different events: the later one is sent on; the due time stays; this pair is not asked again.",
    ),
    Answer.TRY_AGAIN: Sentence(
        "Sự kiện được lập lại từ hồ sơ và kết quả đăng ký; nếu vẫn vướng thì hỏi lại.",
        "The event is made once more of dossier and result; what still stands in its way is asked again.",
    ),
    Answer.SET_ASIDE: Sentence(
        "Không lập sự kiện từ hồ sơ này; hệ thống dân cư không được báo từ đây.",
        "No event is made of this dossier; the population database is told nothing from here.",
    ),
    Answer.TWINS: Sentence(
        "Hai người con của một lần sinh: sự kiện sau được chuyển đi; thời hạn không đổi.",
        "Two children of one birth: the later event is sent on; the due time stays.",
    ),
}
UNIT_USED: Final = Sentence(
    "Ghi đơn vị này vào nội dung, kiểm tra lại mọi quy tắc và gửi lại với mã yêu cầu mới.",
    "This unit is put into the content, measured by every rule, and sent under a new request number.",
)
