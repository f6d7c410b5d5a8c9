"""The catalogue of codes: what each means, its HTTP status, and what to do, in both languages."""

from dataclasses import dataclass

TYPE_PREFIX = "urn:hotich-gateway:problem:"
"""Problem types are names, not addresses: they stay the same wherever the gateway runs."""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One code and its HTTP status."""

    code: str
    status: int
    title_en: str
    title_vi: str
    remedy_en: str
    remedy_vi: str

    @property
    def type(self) -> str:
        """The stable `type` of its problem document (RFC 9457)."""
        return TYPE_PREFIX + self.code


_ROWS = (
    CodeRow(
        "invalid_message",
        422,
        "The message breaks one or more rules",
        "Thông điệp vi phạm một hoặc nhiều quy tắc",
        "Correct every fault named in `errors` and send again; nothing was stored.",
        "Sửa mọi lỗi nêu trong `errors` rồi gửi lại; chưa có gì được lưu.",
    ),
    CodeRow(
        "unauthenticated",
        401,
        "No valid bearer token",
        "Thiếu mã truy cập hợp lệ",
        "Get a token from POST /oauth/token and send it as `Authorization: Bearer`.",
        "Lấy mã truy cập tại POST /oauth/token và gửi trong `Authorization: Bearer`.",
    ),
    CodeRow(
        "invalid_client",
        401,
        "Unknown client or wrong secret",
        "Không rõ máy khách hoặc sai khóa bí mật",
        "Check client_id and client_secret; a revoked client needs a new one from the operator.",
        "Kiểm tra client_id và client_secret; máy khách đã thu hồi cần được cấp mới.",
    ),
    CodeRow(
        "unsupported_grant_type",
        400,
        "Only client credentials are accepted",
        "Chỉ chấp nhận client_credentials",
        "Send `grant_type=client_credentials`.",
        "Gửi `grant_type=client_credentials`.",
    ),
    CodeRow(
        "forbidden",
        403,
        "The client's role does not allow this",
        "Vai trò của máy khách không cho phép việc này",
        "Ask the operator for a client with the role that the documentation names for this path.",
        "Đề nghị quản trị viên cấp máy khách có vai trò mà tài liệu nêu cho đường dẫn này.",
    ),
    CodeRow(
        "not_found",
        404,
        "Nothing here that you may see",
        "Không có gì ở đây mà bạn được xem",
        "Check the id or path; things of other offices are not shown.",
        "Kiểm tra mã hoặc đường dẫn; dữ liệu của cơ quan khác không được hiển thị.",
    ),
    CodeRow(
        "method_not_allowed",
        405,
        "This path does not know the method",
        "Đường dẫn không hỗ trợ phương thức này",
        "Use one of the methods in the `Allow` header.",
        "Dùng phương thức nêu trong tiêu đề `Allow`.",
    ),
    CodeRow(
        "invalid_parameter",
        400,
        "A parameter of the request is wrong",
        "Tham số của yêu cầu không đúng",
        "Correct the parameters named in `errors`.",
        "Sửa các tham số nêu trong `errors`.",
    ),
    CodeRow(
        "invalid_cursor",
        400,
        "The cursor was not made by this gateway",
        "Con trỏ không do cổng này cấp",
        "Start again without `after`, or with a cursor from an earlier answer.",
        "Bắt đầu lại không có `after`, hoặc dùng con trỏ từ câu trả lời trước.",
    ),
    CodeRow(
        "body_too_large",
        413,
        "The message is too large",
        "Thông điệp quá lớn",
        "Make attachments smaller; the limit is in the answer.",
        "Giảm kích thước tệp đính kèm; giới hạn nêu trong câu trả lời.",
    ),
    CodeRow(
        "body_too_slow",
        408,
        "The message did not arrive in time",
        "Thông điệp không đến kịp thời gian cho phép",
        "Send it again over a better connection; nothing was stored. The limit is in the answer.",
        "Gửi lại khi đường truyền tốt hơn; chưa có gì được lưu. Giới hạn nêu trong câu trả lời.",
    ),
    CodeRow(
        "idempotency_key_reused",
        409,
        "The key already belongs to other content",
        "Khóa đã dùng cho nội dung khác",
        "Send the first content unchanged, or choose a new Idempotency-Key.",
        "Gửi lại đúng nội dung ban đầu, hoặc chọn Idempotency-Key mới.",
    ),
    CodeRow(
        "source_event_reused",
        409,
        "The source_event_id already belongs to other content",
        "source_event_id đã dùng cho nội dung khác",
        "Send the first content unchanged, or give the new event its own source_event_id.",
        "Gửi lại đúng nội dung ban đầu, hoặc đặt source_event_id riêng cho sự kiện mới.",
    ),
    CodeRow(
        "entry_already_registered",
        409,
        "This book entry was already sent",
        "Số đăng ký này đã được gửi",
        "Compare authority, book, year and number; a changed entry is a correction, not a second event.",
        "Đối chiếu cơ quan, sổ, năm và số; thay đổi đăng ký đã có là cải chính, không phải sự kiện mới.",
    ),
    CodeRow(
        "dossier_already_used",
        409,
        "This dossier already carries an event of this type",
        "Hồ sơ này đã có một sự kiện cùng loại",
        "Check the dossier code; each event of one type has a dossier of its own.",
        "Kiểm tra mã hồ sơ; mỗi sự kiện cùng loại có hồ sơ riêng.",
    ),
    CodeRow(
        "not_allowed_now",
        409,
        "The delivery's state does not allow this act",
        "Trạng thái hiện tại không cho phép thao tác",
        "Look at the delivery again; the states page says what is possible in each state.",
        "Xem lại lần chuyển; trang trạng thái nêu thao tác được phép ở từng trạng thái.",
    ),
    CodeRow(
        "too_many_requests",
        429,
        "Too many messages are waiting to be stored",
        "Quá nhiều thông điệp đang chờ lưu",
        "Wait as `Retry-After` says and send again; nothing was stored.",
        "Chờ theo `Retry-After` rồi gửi lại; chưa có gì được lưu.",
    ),
    CodeRow(
        "intake_unavailable",
        503,
        "Nothing can be accepted now",
        "Hiện không thể tiếp nhận",
        "Send again later with the same key; nothing was stored.",
        "Gửi lại sau với cùng khóa; chưa có gì được lưu.",
    ),
    CodeRow(
        "storage_unavailable",
        503,
        "The database cannot be reached",
        "Không kết nối được cơ sở dữ liệu",
        "Try again later; the operator should run `hotich-gateway doctor`.",
        "Thử lại sau; quản trị viên nên chạy `hotich-gateway doctor`.",
    ),
    CodeRow(
        "internal_error",
        500,
        "Something unexpected happened",
        "Đã xảy ra lỗi ngoài dự kiến",
        "Give the operator the error id; sending the same message again is safe.",
        "Báo mã lỗi cho quản trị viên; gửi lại cùng thông điệp là an toàn.",
    ),
)

CATALOGUE: dict[str, CodeRow] = {row.code: row for row in _ROWS}
"""Every code by name."""


def get_code(code: str) -> CodeRow:
    """The row of a code; an unknown one is a mistake of ours and raises `KeyError`."""
    return CATALOGUE[code]
