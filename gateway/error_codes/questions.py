"""Codes of events that are there already, and of questions to people."""

from gateway.error_codes.row import CodeRow

QUESTIONS = (
    CodeRow(
        "event_already_registered",
        409,
        "This event has been registered already, under another entry",
        "Việc này đã được đăng ký, ở một mục sổ khác",
        "Compare with the office named in the answer. A repetition is not sent again; if the first entry was"
        " wrong, name it in `amends` and send this one again: a person then decides.",
        "Đối chiếu với cơ quan nêu trong câu trả lời. Đăng ký trùng thì không gửi lại; nếu mục đăng ký trước"
        " sai thì nêu mục đó trong `amends` rồi gửi lại: người có thẩm quyền sẽ quyết định.",
    ),
    CodeRow(
        "question_open",
        409,
        "It waits for the answer to a question",
        "Đang chờ trả lời một câu hỏi",
        "Answer the question (GET /api/v1/questions); its deliveries then go on or are cancelled.",
        "Trả lời câu hỏi (GET /api/v1/questions); khi đó các lần chuyển được đi tiếp hoặc bị hủy.",
    ),
    CodeRow(
        "question_answered",
        409,
        "Somebody has answered this question already",
        "Đã có người trả lời câu hỏi này",
        "Look at the answer; `answer` and `answered_at` say what was decided. Nothing was done now.",
        "Xem câu trả lời đã có; `answer` và `answered_at` nêu điều đã quyết định. Lần này chưa làm gì.",
    ),
    CodeRow(
        "answer_not_allowed",
        422,
        "This question has no such answer",
        "Câu hỏi này không có câu trả lời như vậy",
        "Choose one of `allowed`, with everything that it needs.",
        "Chọn một trong `allowed`, kèm đủ những gì câu trả lời đó cần.",
    ),
    CodeRow(
        "same_as_needed",
        422,
        "Say which of the earlier events it is the same as",
        "Phải nói rõ trùng với sự kiện nào trước đó",
        "Put one of `candidates` into `same_as`.",
        "Ghi một trong `candidates` vào `same_as`.",
    ),
)
