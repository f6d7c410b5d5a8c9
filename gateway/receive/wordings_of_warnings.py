"""Words of what is accepted all the same, but should be looked at; `{name}` a value of the rule."""

from collections.abc import Mapping
from typing import Final

from gateway.receive.wordings_of_corrections import WARNINGS_OF_CORRECTIONS
from mappings.canonical import Wording

OF_WARNINGS: Final[Mapping[str, Wording]] = {
    "personal_id_other_sex": Wording(
        "Chữ số thứ 4 của số định danh không khớp với giới tính của {person}; sự kiện vẫn được nhận. Kiểm "
        "tra personal_id và sex với giấy tờ; nếu sổ đúng thì giữ nguyên, nếu sai thì cải chính ở nguồn.",
        "Digit 4 of the personal ID disagrees with the sex of {person}; the event is accepted all the "
        "same. Compare personal_id and sex with the papers; if the book is right leave it, if not, correct"
        " it at the source.",
    ),
    "personal_id_other_birth_year": Wording(
        "Chữ số thứ 4 đến thứ 6 của số định danh không khớp với năm sinh của {person}; sự kiện vẫn được "
        "nhận. Kiểm tra personal_id và birth_date với giấy tờ; nếu sổ đúng thì giữ nguyên, nếu sai thì cải"
        " chính ở nguồn.",
        "Digits 4 to 6 of the personal ID disagree with the birth year of {person}; the event is accepted "
        "all the same. Compare personal_id and birth_date with the papers; if the book is right leave it, "
        "if not, correct it at the source.",
    ),
    "new_personal_id_needed": Wording(
        "Thay đổi, cải chính giới tính hoặc năm sinh thì số định danh cũ bị hủy và phải xác lập số mới. "
        "Thông báo gửi cơ sở dữ liệu dân cư sẽ chờ người xử lý (refused.new_number_needed); hướng dẫn công"
        " dân đến công an cấp xã nơi thường trú để xác lập lại số.",
        "Another sex or birth year cancels the personal ID and a new one must be set. The notice to the "
        "population database will wait for a person (refused.new_number_needed); send the citizen to the "
        "police of the commune of permanent residence for the new number.",
    ),
    **WARNINGS_OF_CORRECTIONS,
}
