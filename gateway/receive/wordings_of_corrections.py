"""Words for faults and warnings of corrections: who may, with whose consent, why, against what is known."""

from collections.abc import Mapping
from typing import Final

from mappings.canonical import Wording

OF_CORRECTIONS: Final[Mapping[str, Wording]] = {
    "correction_by_other_office": Wording(
        "Việc này chỉ do {office_vi} thực hiện ({source}); chuyển hồ sơ đến nơi đó, hoặc kiểm tra "
        "authority_code và amends.entry.",
        "Only {office_en} may do this ({source}); pass the dossier on to that office, or check "
        "authority_code and amends.entry.",
    ),
    "alignment_not_by_message": Wording(
        "data_alignment không phải việc đăng ký và không gửi bằng sự kiện; cán bộ vận hành dùng lệnh "
        "`hotich-gateway book wins`, hoặc gửi act khác.",
        "data_alignment is no registration and is not handed in as an event; an operator uses the command "
        "`hotich-gateway book wins`, or send another act.",
    ),
    "correction_reason_missing": Wording(
        "Chỉ cải chính khi có sai sót lúc đăng ký (Thông tư 04/2020, điều 17; Nghị định 123/2015, điều 7); "
        "ghi rõ sai sót đó vào reason.",
        "A correction needs an error at registration (Circular 04/2020, art. 17; Decree 123/2015, art. 7); "
        "say in reason what the error was.",
    ),
    "change_field_not_in_book": Wording(
        "Mục đăng ký ở sổ {book} không có trường {name}; trường này ở sổ {books}. Kiểm tra field và "
        "amends.entry.",
        "An entry of the book {book} has no field {name}; that stands in the book {books}. Check field and "
        "amends.entry.",
    ),
    "consent_missing": Wording(
        "Thiếu sự đồng ý của {who} ({source}); bổ sung vào consents, hoặc nêu lý do trong consent_exception "
        "nếu cha, mẹ không thể cho ý kiến.",
        "The consent of {who} is missing ({source}); add it to consents, or say in consent_exception why a "
        "parent cannot be asked.",
    ),
}
WARNINGS_OF_CORRECTIONS: Final[Mapping[str, Wording]] = {
    "correcting_office_unexpected": Wording(
        "Theo {source}, việc này thường do {office_vi} thực hiện; sự kiện vẫn được nhận. Kiểm tra "
        "authority_code, nơi cư trú của người đó và amends.entry.",
        "By {source} this is usually done by {office_en}; the event is accepted all the same. Check "
        "authority_code, the person's residence and amends.entry.",
    ),
    "consents_not_stated": Wording(
        "Đổi tên người dưới 18 tuổi cần sự đồng ý của: {who} ({source}); sự kiện vẫn được nhận. Kiểm tra tờ "
        "khai và ghi vào consents.",
        "A change of name under 18 needs the consent of: {who} ({source}); the event is accepted all the "
        "same. Look at the declaration and fill in consents.",
    ),
    "correction_to_fit_papers": Wording(
        "Không cải chính để hợp thức hóa giấy tờ khác (Thông tư 04/2020, điều 17); sự kiện vẫn được nhận. "
        "Kiểm tra có sai sót khi đăng ký không và ghi rõ trong reason.",
        "A correction may not serve to make the entry agree with other papers (Circular 04/2020, art. 17); "
        "the event is accepted all the same. Check that there was an error at registration, and name it in "
        "reason.",
    ),
    "before_differs_from_entry": Wording(
        "Giá trị cũ nêu trong sự kiện ({stated}) khác giá trị hiện có của mục đăng ký ({known}); sự kiện vẫn "
        "được nhận và cơ quan cấp trên được báo cả hai. Đối chiếu với sổ gốc; nếu sai, cải chính ở nguồn.",
        "The old value that the event states ({stated}) is not the one that the entry has ({known}); the "
        "event is accepted all the same, and the higher office is told both. Compare with the original book; "
        "if it is wrong, correct it at the source.",
    ),
}
