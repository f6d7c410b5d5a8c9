"""The model's own rules: one stable code each, with rule and remedy in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic_core import PydanticCustomError


@dataclass(frozen=True, slots=True)
class Wording:
    """What is wrong and what to do, in both languages; `{name}` stands for a value of the error's context."""

    vietnamese: str
    english: str


WORDINGS: Final[Mapping[str, Wording]] = {
    "text_control_character": Wording(
        "Có ký tự điều khiển hoặc ký tự ẩn ({character}); hãy xóa ký tự đó.",
        "Holds a control or invisible character ({character}); remove it.",
    ),
    "code_not_ascii": Wording(
        "Chỉ dùng chữ cái không dấu, chữ số và dấu câu thông thường.",
        "Use plain ASCII letters, digits and punctuation only.",
    ),
    "instant_format": Wording(
        "Không phải thời điểm hợp lệ; viết dạng 2026-11-22T08:15:00+07:00.",
        "Not a valid moment; write it as 2026-11-22T08:15:00+07:00.",
    ),
    "instant_offset_missing": Wording(
        "Thời điểm thiếu múi giờ; thêm +07:00 ở cuối.",
        "The moment has no offset; add +07:00 at the end.",
    ),
    "calendar_day": Wording(
        "Không phải ngày có thật theo dương lịch; viết dạng 2026-11-22.",
        "Not a day of the solar calendar; write it as 2026-11-22.",
    ),
    "year_out_of_range": Wording(
        "Năm {year} nằm ngoài khoảng 1800 đến 2199; kiểm tra lại.",
        "The year {year} lies outside 1800 to 2199; check it.",
    ),
    "partial_date_order": Wording(
        "Có ngày thì phải có tháng, có tháng thì phải có năm; bổ sung {missing}.",
        "A day needs its month and a month its year; add {missing}.",
    ),
    "partial_date_not_in_calendar": Wording(
        "Ngày không có thật theo dương lịch; kiểm tra lại ngày, tháng, năm.",
        "No such day in the calendar; check day, month and year.",
    ),
    "partial_date_empty": Wording(
        'Chưa có năm; điền năm hoặc ghi certainty là "unknown".',
        'There is no year; fill it in or set certainty to "unknown".',
    ),
    "partial_date_unknown_but_filled": Wording(
        'Ghi certainty là "unknown" thì không được điền năm, tháng, ngày.',
        'With certainty "unknown" leave year, month and day out.',
    ),
    "partial_date_by_rule_not_first": Wording(
        "Ngày xác định theo quy tắc phải đủ ngày, tháng, năm và là ngày 01.",
        "A date fixed by rule needs day, month and year, and the day is 1.",
    ),
    "name_missing": Wording(
        "Chưa có tên; điền full, hoặc given (và family, middle).",
        "There is no name; fill in full, or given (with family, middle).",
    ),
    "name_parts_disagree": Wording(
        "Họ tên đầy đủ và các phần họ, chữ đệm, tên không khớp; sửa cho khớp hoặc bỏ các phần.",
        "The full name and its parts disagree; correct them or leave the parts out.",
    ),
    "unknown_but_filled": Wording(
        "Trường vừa được điền vừa được ghi là không rõ: {fields}; chỉ giữ một trong hai.",
        "Filled in and stated to be unknown at once: {fields}; keep one of the two.",
    ),
    "neither_filled_nor_unknown": Wording(
        "Chưa điền mà cũng chưa ghi là không rõ: {fields}; hãy điền, hoặc thêm tên trường vào unknown.",
        "Neither filled in nor stated to be unknown: {fields}; fill in, or add the name to unknown.",
    ),
    "unknown_repeated": Wording(
        "Danh sách unknown lặp lại: {fields}; mỗi tên chỉ ghi một lần.",
        "The list unknown repeats: {fields}; name each once.",
    ),
    "place_abroad_with_codes": Wording(
        "Nơi ở nước ngoài không có mã đơn vị hành chính Việt Nam; ghi địa chỉ vào detail.",
        "A place abroad has no Vietnamese unit codes; write the address in detail.",
    ),
    "other_kind_missing": Wording(
        'Loại giấy tờ là "other" thì phải ghi tên giấy tờ vào other_kind.',
        'With kind "other", name the paper in other_kind.',
    ),
    "other_kind_unexpected": Wording(
        'Chỉ ghi other_kind khi loại giấy tờ là "other".',
        'Give other_kind only with kind "other".',
    ),
    "multiple_order": Wording(
        "Thứ tự sinh ({order}) lớn hơn tổng số con ({total}); kiểm tra lại.",
        "The order of birth ({order}) exceeds the number of children ({total}); check both.",
    ),
    "amended_entry_year_missing": Wording(
        "Ngày đăng ký gốc phải có ít nhất là năm; số đăng ký bắt đầu lại mỗi năm.",
        "The original registration needs at least its year: numbers begin anew each year.",
    ),
    "amends_nothing": Wording(
        "amends phải chỉ ra mục đăng ký gốc; điền entry, event_id hoặc source_event_id.",
        "amends must name the earlier entry; fill in entry, event_id or source_event_id.",
    ),
    "nothing_changes": Wording(
        "Giá trị trước và sau giống nhau hoặc đều trống; điền before, after cho khác nhau hoặc bỏ mục này.",
        "before and after are the same or both empty; fill them in differently or take the item out.",
    ),
    "attachment_base64": Wording(
        "Nội dung tệp không phải base64 hợp lệ; mã hóa lại tệp.",
        "The content is not valid base64; encode the file again.",
    ),
    "attachment_too_large": Wording(
        "Tệp vượt quá {bytes_max} byte; giảm dung lượng rồi gửi lại.",
        "The file exceeds {bytes_max} bytes; make it smaller and send again.",
    ),
    "attachment_content_missing": Wording(
        "Tệp chưa bị rút thì phải có nội dung; điền content_base64.",
        "An attachment that is not withdrawn needs content_base64.",
    ),
}


def violation(code: str, **context: str | int) -> PydanticCustomError:
    """Make the error to raise for one of the rules above; the context never holds personal data."""
    return PydanticCustomError(code, WORDINGS[code].english, dict(context))
