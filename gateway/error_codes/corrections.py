"""Codes of corrections: office notices, warnings to the higher office, the book wins."""

from gateway.error_codes.row import CodeRow

CORRECTIONS = (
    CodeRow(
        "notice_acknowledged",
        409,
        "Somebody else has acknowledged this notice",
        "Thông báo này đã được nơi khác xác nhận",
        "Nothing more is to be done; `by` and `at` say who and when.",
        "Không cần làm gì thêm; `by` và `at` cho biết ai, lúc nào.",
    ),
    CodeRow(
        "book_entry_unknown",
        404,
        "Nothing about this entry came through the gateway",
        "Chưa có sự kiện nào về mục đăng ký này đi qua cổng",
        "Check office, book, year and number. Whoever sent the data past the gateway aligns them.",
        "Kiểm tra cơ quan, sổ, năm, số. Dữ liệu không do cổng chuyển thì nơi đã chuyển phải điều chỉnh.",
    ),
    CodeRow(
        "book_agrees",
        409,
        "The data say what the book says",
        "Dữ liệu đã khớp với sổ",
        "There is nothing to align; look at the history of the entry if a national system differs.",
        "Không có gì phải điều chỉnh; xem lịch sử mục đăng ký nếu hệ thống quốc gia hiển thị khác.",
    ),
    CodeRow(
        "book_field_unknown",
        422,
        "A book holds no such field",
        "Sổ không có trường này",
        "Name at least one field of `known`; `fields` lists those that are not among them.",
        "Nêu ít nhất một trường có trong `known`; `fields` liệt kê trường không có.",
    ),
    CodeRow(
        "book_holder_unclear",
        409,
        "Several offices may hold this book",
        "Chưa rõ cơ quan nào đang giữ sổ",
        "Say in `holder` which of `candidates` holds it.",
        "Nêu trong `holder` cơ quan nào trong `candidates` đang giữ sổ.",
    ),
    CodeRow(
        "book_number_unknown",
        409,
        "No personal ID of this person is known yet",
        "Chưa biết số định danh của người này",
        "Wait for the number of the birth, or add `personal_id` to the values if the book bears it.",
        "Chờ số định danh của việc khai sinh, hoặc nêu `personal_id` trong values nếu sổ có ghi.",
    ),
    CodeRow(
        "book_statement_invalid",
        422,
        "What the book is said to say breaks one or more rules",
        "Nội dung nêu theo sổ vi phạm một hoặc nhiều quy tắc",
        "Correct every fault named in `errors`; nothing was kept or sent.",
        "Sửa mọi lỗi nêu trong `errors`; chưa lưu hoặc gửi gì.",
    ),
    CodeRow(
        "book_plan_changed",
        409,
        "The differences are no longer those that were shown",
        "Khác biệt không còn như khi được xem",
        "Look at the statement again and approve with its new `plan_sha256`, or reject it.",
        "Xem lại và duyệt theo `plan_sha256` mới, hoặc từ chối.",
    ),
    CodeRow(
        "book_statement_conflicts",
        409,
        "The same statement was made in another way already",
        "Nội dung này đã được lập theo cách khác",
        "Look at the history of the entry; make a new statement if something still differs.",
        "Xem lịch sử mục đăng ký; lập lại nếu vẫn còn khác.",
    ),
)
