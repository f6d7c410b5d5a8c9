"""Why a delivery or a destination is held, and what can be done about it: one row per reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway.operations.sentences import Sentence


@dataclass(frozen=True, slots=True)
class HoldReason:
    """A stable code, what it means, and the remedy."""

    code: str
    meaning: Sentence
    remedy: Sentence


_CORRECT_AND_RELEASE = Sentence(
    "Kiểm tra các lỗi nêu dưới đây; sửa nội dung (edit), hoặc sửa bảng mã rồi cho chuyển tiếp (release).",
    "Look at the faults below; edit the content, or correct the code tables and release it.",
)

_ROWS = (
    HoldReason(
        "refused.content",
        Sentence("Hệ thống đích từ chối nội dung.", "The destination refuses the content."),
        _CORRECT_AND_RELEASE,
    ),
    HoldReason(
        "refused.suspected_duplicate",
        Sentence(
            "Hệ thống đích nghi trùng với dữ liệu đã có.",
            "The destination suspects that it has this already.",
        ),
        Sentence(
            "So với người hoặc việc mà hệ thống đích nêu; nếu trùng thì hủy (cancel), nếu không thì liên hệ"
            " hệ thống đích rồi cho chuyển tiếp (release).",
            "Compare with what the destination quotes; cancel if it is the same, otherwise settle it with the"
            " destination and release.",
        ),
    ),
    HoldReason(
        "refused.person_not_found",
        Sentence("Hệ thống đích không tìm thấy người này.", "The destination does not find this person."),
        Sentence(
            "Kiểm tra họ tên, ngày sinh, giấy tờ tùy thân với công an xã; cho chuyển tiếp (release) khi"
            " dữ liệu đã có.",
            "Check name, birth date and papers with the commune police; release when the person is there.",
        ),
    ),
    HoldReason(
        "refused.person_mismatch",
        Sentence(
            "Thông tin người này khác với dữ liệu của hệ thống đích.",
            "What we say of this person differs from what the destination holds.",
        ),
        Sentence(
            "Xác định bên nào đúng; nhờ bên sai điều chỉnh, rồi cho chuyển tiếp (release).",
            "Find out which side is right; have the other side corrected, then release.",
        ),
    ),
    HoldReason(
        "refused.new_number_needed",
        Sentence(
            "Hệ thống đích yêu cầu số hồ sơ hoặc số yêu cầu mới.",
            "The destination wants a new number for this.",
        ),
        Sentence(
            "Xin số mới tại nguồn và gửi lại bằng sự kiện mới; hủy (cancel) việc gửi này.",
            "Get a new number at the source and hand it in as a new event; cancel this delivery.",
        ),
    ),
    HoldReason(
        "refused.already_finished",
        Sentence(
            "Hệ thống đích đã kết thúc hồ sơ này và không nhận thêm.",
            "The destination has closed this matter and takes no more.",
        ),
        Sentence(
            "Kiểm tra hồ sơ ở hệ thống đích; nếu đã đúng thì hủy (cancel) việc gửi này.",
            "Look at the matter there; if it is right, cancel this delivery.",
        ),
    ),
    HoldReason(
        "not_mapped",
        Sentence(
            "Không diễn đạt được sự kiện bằng mã của hệ thống đích.",
            "The event cannot be said in the destination's codes.",
        ),
        Sentence(
            "Bổ sung bảng mã hoặc sửa dữ liệu nguồn theo các lỗi nêu dưới đây, rồi chuyển tiếp (release).",
            "Complete the code table or correct the source as the faults below say, then release.",
        ),
    ),
    HoldReason(
        "outcome_unknown",
        Sentence(
            "Đã gửi nhưng hỏi nhiều lần vẫn không biết hệ thống đích đã nhận hay chưa.",
            "It was sent, and asking many times has not told whether it arrived.",
        ),
        Sentence(
            "Xem trực tiếp ở hệ thống đích; cho chuyển tiếp (release) để hỏi lại. Cổng không bao giờ"
            " gửi mù lần hai.",
            "Look at the destination itself; release to ask again. The gateway never sends blindly twice.",
        ),
    ),
    HoldReason(
        "contract_broken",
        Sentence(
            "Hệ thống đích trả lời không đúng hợp đồng kết nối.",
            "The destination's answer breaks the contract.",
        ),
        Sentence(
            "Báo hệ thống đích kèm thời điểm và mã băm câu trả lời; cho chuyển tiếp (release) khi đã sửa.",
            "Tell the destination, with the time and hash of the answer; release when it is mended.",
        ),
    ),
    HoldReason(
        "internal_error",
        Sentence(
            "Lỗi của cổng, thử nhiều lần không được.", "A failure of the gateway itself, again and again."
        ),
        Sentence(
            "Gửi mã lỗi (error_id) cho người phát triển; cho chuyển tiếp (release) sau khi cập nhật.",
            "Give the error_id to the developers; release after the update.",
        ),
    ),
    HoldReason(
        "held_by_operator",
        Sentence("Người vận hành đã dừng việc gửi này.", "An operator has stopped this delivery."),
        Sentence(
            "Lý do ghi ở luồng thay đổi (delivery.held); cho chuyển tiếp (release) khi lý do không còn.",
            "The reason stands in the change feed (delivery.held); release it when the reason is gone.",
        ),
    ),
    HoldReason(
        "in_courier_bundle",
        Sentence(
            "Đã giao cho người đưa trong một gói thông điệp; cổng không gửi trong lúc đó.",
            "A courier has it in a bundle; the gateway does not send it meanwhile.",
        ),
        Sentence(
            "Nhập kết quả người đưa mang về (bundle apply); nội dung chưa được xử lý sẽ quay lại hàng đợi.",
            "Enter what the courier brings back (bundle apply); the rest goes to the queue again.",
        ),
    ),
    HoldReason(
        "question_open",
        Sentence(
            "Có thể việc này đã được đăng ký trước đó; chờ người có thẩm quyền trả lời câu hỏi.",
            "It may have been registered before; an authorised person must answer the question.",
        ),
        Sentence(
            "So sánh hai bên và trả lời (questions answer): cùng một việc, hay hai việc khác nhau.",
            "Compare the two sides and answer (questions answer): the same event, or two different ones.",
        ),
    ),
    HoldReason(
        "refused_by_courier",
        Sentence(
            "Bên nhận đã từ chối thông điệp do người đưa mang đến.",
            "The destination refused the message that the courier brought.",
        ),
        Sentence(
            "Đọc lý do trong gói thông điệp; sửa (edit) hoặc cho đi tiếp (release) để gửi qua đường truyền.",
            "Read the reason in the bundle; edit it, or release it to send it over the line.",
        ),
    ),
    HoldReason(
        "not_authorized",
        Sentence(
            "Hệ thống đích không chấp nhận tài khoản hoặc địa chỉ của cổng.",
            "The destination does not accept our credentials or address.",
        ),
        Sentence(
            "Kiểm tra tài khoản, mật khẩu, danh sách địa chỉ được phép; sau đó mở lại hệ thống đích này.",
            "Check user, secret and allow-list; then release the destination.",
        ),
    ),
)

HOLD_REASONS: Mapping[str, HoldReason] = MappingProxyType({row.code: row for row in _ROWS})


def hold_reason(code: str | None) -> HoldReason:
    """The row of a code; any other code is what a person wrote when stopping it."""
    known = HOLD_REASONS.get(code or "")
    if known is not None:
        return known
    text = code or "-"
    return HoldReason(
        text,
        Sentence(f"Có người đã dừng lại với lý do: {text}.", f"A person has stopped it: {text}."),
        Sentence("Cho chuyển tiếp (release) khi lý do không còn.", "Release it when the reason is gone."),
    )
