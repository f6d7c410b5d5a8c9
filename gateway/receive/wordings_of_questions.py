"""What a receipt says of a question that waits for a person."""

from dataclasses import dataclass
from typing import Final

from gateway.model.questioning import Question, QuestionKind
from gateway.model.submission import ReceiptQuestion


@dataclass(frozen=True, slots=True)
class _Said:
    vi: str
    en: str


_SAID: Final = {
    QuestionKind.DUPLICATE: _Said(
        "Đã tiếp nhận, nhưng có thể việc này đã được đăng ký trước đó. Chưa chuyển đi cho đến khi người có"
        " thẩm quyền trả lời; thời hạn không đổi.",
        "Accepted, but it may have been registered before. Nothing is sent on until an authorised person"
        " has answered; the due time stays.",
    ),
    QuestionKind.TWIN: _Said(
        "Đã tiếp nhận, nhưng cùng người mẹ đã có con sinh cùng ngày: sinh đôi hay đăng ký trùng? Chưa chuyển"
        " đi cho đến khi người có thẩm quyền trả lời; thời hạn không đổi.",
        "Accepted, but the same mother has a child born on the same day: a twin or a second registration?"
        " Nothing is sent on until an authorised person has answered; the due time stays.",
    ),
}


def receipt_question(question: Question) -> ReceiptQuestion:
    """Nothing of the other event is told here: who may see it finds it with the question."""
    said = _SAID[question.kind]
    return ReceiptQuestion(question.question_id, question.kind.value, said.vi, said.en)
