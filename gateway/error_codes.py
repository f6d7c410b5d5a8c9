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
        "changed_meanwhile",
        409,
        "The delivery has changed since you looked",
        "Lần chuyển đã thay đổi từ khi bạn xem",
        "Look at it again; `changed` names what you expected and what was found. Nothing was done.",
        "Xem lại lần chuyển; `changed` nêu điều bạn chờ đợi và điều đang có. Chưa làm gì.",
    ),
    CodeRow(
        "request_id_reused",
        409,
        "You have used this request id for something else",
        "Mã yêu cầu này bạn đã dùng cho việc khác",
        "Choose a new request id for a new act; the same id with the same act is safe to repeat.",
        "Chọn mã yêu cầu mới cho thao tác mới; lặp lại cùng mã với cùng thao tác là an toàn.",
    ),
    CodeRow(
        "evidence_missing",
        422,
        "A confirmation needs evidence",
        "Xác nhận phải kèm bằng chứng",
        "Say in `evidence` what you saw at the destination, or which paper says it.",
        "Nêu trong `evidence` điều đã thấy ở hệ thống đích, hoặc văn bản nào xác nhận.",
    ),
    CodeRow(
        "nothing_in_doubt",
        409,
        "It was certainly not sent: there is nothing to confirm",
        "Chắc chắn chưa gửi: không có gì để xác nhận",
        "Release it; it is then sent.",
        "Cho đi tiếp (release); khi đó sẽ được gửi.",
    ),
    CodeRow(
        "in_courier_bundle",
        409,
        "A courier has this message",
        "Thông điệp này đang do người đưa giữ",
        "Apply the results of its bundle first; messages without a result go back to the queue.",
        "Nhập kết quả của gói trước; thông điệp chưa có kết quả sẽ quay lại hàng đợi.",
    ),
    CodeRow(
        "ask_first",
        409,
        "It may have arrived: find that out before editing",
        "Có thể đã đến nơi: phải làm rõ trước khi sửa",
        "Release it to have the destination asked, or look there and confirm what you find.",
        "Cho đi tiếp để hỏi bên nhận, hoặc xem trực tiếp rồi dùng confirm-delivered hay confirm-absent.",
    ),
    CodeRow(
        "edit_invalid",
        422,
        "The edited content breaks one or more rules",
        "Nội dung sau khi sửa vi phạm một hoặc nhiều quy tắc",
        "Correct every fault named in `errors`; nothing was changed.",
        "Sửa mọi lỗi nêu trong `errors`; chưa có gì thay đổi.",
    ),
    CodeRow(
        "edit_not_translatable",
        422,
        "The edited content cannot be said in a destination's words",
        "Nội dung sau khi sửa không diễn đạt được bằng mã của hệ thống đích",
        "Correct every fault named in `errors`; nothing was changed.",
        "Sửa mọi lỗi nêu trong `errors`; chưa có gì thay đổi.",
    ),
    CodeRow(
        "edit_changes_nothing",
        422,
        "The edit changes nothing",
        "Nội dung sửa không làm thay đổi gì",
        "Hand in what shall be different, or release the delivery as it is.",
        "Nêu điều cần thay đổi, hoặc cho lần chuyển đi tiếp như hiện có.",
    ),
    CodeRow(
        "edit_outdated",
        409,
        "The content has been edited since this was proposed",
        "Nội dung đã được sửa sau khi có đề nghị này",
        "Reject the proposal and make a new one on the content as it is now.",
        "Từ chối đề nghị này và lập đề nghị mới trên nội dung hiện có.",
    ),
    CodeRow(
        "edit_other_bytes",
        409,
        "You approve other bytes than those proposed",
        "Nội dung bạn duyệt khác nội dung được đề nghị",
        "Look at the proposal again and approve its `content_sha256`.",
        "Xem lại đề nghị và duyệt đúng `content_sha256` của nó.",
    ),
    CodeRow(
        "second_person_needed",
        403,
        "Another person than the author must approve",
        "Người duyệt phải khác người đề nghị",
        "Ask another operator; you may reject your own proposal.",
        "Đề nghị người vận hành khác duyệt; bạn chỉ có thể rút đề nghị của mình.",
    ),
    CodeRow(
        "proposal_decided",
        409,
        "The proposal was decided already",
        "Đề nghị này đã được quyết định",
        "Look at the proposal: it says by whom and when.",
        "Xem lại đề nghị: có ghi ai quyết định và khi nào.",
    ),
    CodeRow(
        "bundle_key_missing",
        409,
        "No key to sign courier bundles with is set",
        "Chưa đặt khóa ký gói thông điệp",
        "Make one with `hotich-gateway bundle key new` and set operations.bundle_signing_key_file.",
        "Tạo khóa bằng `hotich-gateway bundle key new` và đặt operations.bundle_signing_key_file.",
    ),
    CodeRow(
        "bundle_key_unreadable",
        422,
        "This is no public Ed25519 key in PEM",
        "Đây không phải khóa công khai Ed25519 dạng PEM",
        "Give the public key that `bundle key new` printed.",
        "Dùng khóa công khai do `bundle key new` in ra.",
    ),
    CodeRow(
        "bundle_empty",
        409,
        "No message can be given to a courier now",
        "Hiện không có thông điệp nào giao được cho người đưa",
        "`excluded` says of each why not; change the selection or wait.",
        "`excluded` nêu lý do của từng thông điệp; đổi điều kiện chọn hoặc chờ.",
    ),
    CodeRow(
        "bundle_unknown",
        404,
        "There is no such bundle",
        "Không có gói thông điệp này",
        "Check the bundle's number; the list of bundles names them all.",
        "Kiểm tra mã gói; danh sách gói nêu đủ các mã.",
    ),
    CodeRow(
        "bundle_unreadable",
        422,
        "The file is no courier bundle",
        "Tệp không phải là gói thông điệp",
        "Hand in the ZIP as it was made, with results.csv or results.json put in.",
        "Nộp tệp ZIP như khi được lập, có thêm results.csv hoặc results.json.",
    ),
    CodeRow(
        "bundle_changed",
        422,
        "The bundle was changed after it was made",
        "Gói thông điệp đã bị thay đổi sau khi lập",
        "Do not use it; `files` names what differs. Get the bundle and the results again from their sources.",
        "Không dùng gói này; `files` nêu phần khác. Lấy lại gói và kết quả từ nguồn.",
    ),
    CodeRow(
        "bundle_signature_wrong",
        422,
        "The bundle was not signed with this key",
        "Gói thông điệp không được ký bằng khóa này",
        "Check which key belongs to `key_id`; do not use the bundle if nobody can tell.",
        "Kiểm tra khóa ứng với `key_id`; không dùng gói nếu không rõ.",
    ),
    CodeRow(
        "results_missing",
        422,
        "The bundle holds no results",
        "Gói chưa có kết quả",
        "Put results.csv or results.json into the ZIP, or hand the list in by itself.",
        "Thêm results.csv hoặc results.json vào tệp ZIP, hoặc nộp riêng danh sách.",
    ),
    CodeRow(
        "results_invalid",
        422,
        "The list of results has faults",
        "Danh sách kết quả có lỗi",
        "Correct every fault named in `errors`; nothing was changed.",
        "Sửa mọi lỗi nêu trong `errors`; chưa có gì thay đổi.",
    ),
    CodeRow(
        "results_name_no_bundle",
        422,
        "It is not said which bundle the results are of",
        "Không rõ kết quả thuộc gói nào",
        "Name the bundle beside the list, or as `bundle_id` in the JSON.",
        "Nêu mã gói cùng danh sách, hoặc ghi `bundle_id` trong JSON.",
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
