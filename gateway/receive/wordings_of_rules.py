"""Words for faults that show when fields are held against each other, the code lists, the calendar."""

from collections.abc import Mapping
from typing import Final

from gateway.receive.wordings_of_corrections import OF_CORRECTIONS
from gateway.receive.wordings_of_matters import OF_MATTERS
from mappings.canonical import Wording

OF_RULES: Final[Mapping[str, Wording]] = {
    "authority_unknown": Wording(
        "Ngày {on_date} không có đơn vị hành chính mang mã {code}; kiểm tra mã cơ quan và ngày đăng ký.",
        "No administrative unit bore the code {code} on {on_date}; check the code and the registration date.",
    ),
    "authority_not_yours": Wording(
        "Hệ thống gửi không được thay mặt cơ quan mang mã {code} vào ngày {on_date}; gửi bằng tài khoản "
        "của cơ quan đó hoặc đề nghị cấp quyền.",
        "The sender may not speak for the authority with the code {code} on {on_date}; send with that "
        "authority's account or ask for the right.",
    ),
    "authority_not_competent": Wording(
        "Quy tắc thẩm quyền: ngày {on_date} {level_vi} không có thẩm quyền với việc “{matter_vi}”; "
        "có thẩm quyền: {competent_vi} (căn cứ: {source}). Kiểm tra authority_code, ngày và loại việc.",
        "Rule of competence: on {on_date} a {level_en} could not register “{matter_en}”; competent: "
        "{competent_en} (source: {source}). Check authority_code, the registration date and the matter.",
    ),
    "matter_does_not_agree": Wording(
        "matter không khớp với các trường khác, theo đó là: {derived}. Sửa hoặc bỏ trống matter.",
        "matter does not agree with the other fields, which say: {derived}. Correct it or leave it out.",
    ),
    "matter_contradicts_procedure": Wording(
        "Thủ tục này dùng cho: {matters}; loại đăng ký, yếu tố nước ngoài hoặc hành vi trong sự kiện "
        "không khớp. Sửa procedure_code hoặc các trường đó.",
        "This procedure is for: {matters}; kind of entry, foreign element or act of the event do not fit. "
        "Correct procedure_code or those fields.",
    ),
    "registered_in_future": Wording(
        "registered_at ở tương lai (cho phép lệch {tolerance_seconds} giây); kiểm tra đồng hồ và múi giờ.",
        "registered_at lies in the future ({tolerance_seconds} seconds are allowed); check clock and offset.",
    ),
    "registered_too_long_ago": Wording(
        "registered_at cách nay quá {days_max} ngày; kiểm tra năm đăng ký, sổ cũ phải số hóa bằng cách khác.",
        "registered_at lies more than {days_max} days back; check the year; old books go another way.",
    ),
    "procedure_unknown": Wording(
        "Không có thủ tục hành chính mang mã này vào ngày {on_date}; kiểm tra procedure_code.",
        "There was no administrative procedure of this code on {on_date}; check procedure_code.",
    ),
    "procedure_of_other_matter": Wording(
        'Thủ tục này không dùng cho sự kiện "{event_type}"; chọn đúng mã thủ tục của việc đăng ký.',
        'This procedure is not for the matter "{event_type}"; choose the code of the matter itself.',
    ),
    "dossier_due_before_received": Wording(
        "due_at của hồ sơ sớm hơn received_at; kiểm tra lại hai thời điểm.",
        "The dossier's due_at is earlier than its received_at; check both.",
    ),
    "country_unknown": Wording(
        "Trường {field} không phải mã quốc gia ISO 3166-1 hai chữ hợp lệ; Việt Nam là VN.",
        "The field {field} is not a two-letter country code of ISO 3166-1; Viet Nam is VN.",
    ),
    "nationality_repeated": Wording(
        "other_nationality trùng với nationality; bỏ other_nationality nếu chỉ có một quốc tịch.",
        "other_nationality repeats nationality; leave it out if there is only one.",
    ),
    "province_unknown": Wording(
        "Ngày {on_date} không có tỉnh, thành phố mang mã {code}; sửa mã hoặc ghi đúng ngày vào as_of.",
        "No province bore the code {code} on {on_date}; correct the code or give its date in as_of.",
    ),
    "district_unknown": Wording(
        "Ngày {on_date} không có huyện mang mã {code}; sửa mã hoặc ghi đúng ngày vào as_of.",
        "No district bore the code {code} on {on_date}; correct the code or give its date in as_of.",
    ),
    "district_abolished": Wording(
        "Từ ngày 01/07/2025 không còn cấp huyện; bỏ district_code hoặc ghi ngày của mã vào as_of.",
        "There are no districts since 2025-07-01; leave district_code out or give the code's date in as_of.",
    ),
    "commune_unknown": Wording(
        "Ngày {on_date} không có xã, phường, đặc khu mang mã {code}; sửa mã hoặc ghi đúng ngày vào as_of.",
        "No commune bore the code {code} on {on_date}; correct the code or give its date in as_of.",
    ),
    "district_not_in_province": Wording(
        "Ngày {on_date}, huyện {district} không thuộc tỉnh {province}; sửa một trong hai mã.",
        "On {on_date} the district {district} was not in the province {province}; correct one of the codes.",
    ),
    "commune_not_in_district": Wording(
        "Ngày {on_date}, xã {commune} không thuộc huyện {district}; sửa một trong hai mã.",
        "On {on_date} the commune {commune} was not in the district {district}; correct one of the codes.",
    ),
    "commune_not_in_province": Wording(
        "Ngày {on_date}, xã {commune} không thuộc tỉnh {province}; sửa một trong hai mã.",
        "On {on_date} the commune {commune} was not in the province {province}; correct one of the codes.",
    ),
    "ethnic_group_unknown": Wording(
        "Mã dân tộc {code} không có trong danh mục; dùng mã 01 đến 56, hoặc ghi tên vào ethnic_group_other.",
        "The ethnic group code {code} is not in the list; use 01 to 56, or name it in ethnic_group_other.",
    ),
    "born_after_registration": Wording(
        "Ngày sinh sau ngày đăng ký; kiểm tra birth_date và registered_at.",
        "The date of birth lies after the registration; check birth_date and registered_at.",
    ),
    "personal_id_of_two_people": Wording(
        "Số định danh của {field} trùng với của {other}; hai người không thể có chung một số.",
        "{field} and {other} have the same personal ID; two people cannot share one.",
    ),
    "paper_number_length": Wording(
        "Số giấy tờ loại {kind} phải có đúng {digits} chữ số; kiểm tra số hoặc loại giấy tờ.",
        "The number of a paper of kind {kind} has exactly {digits} digits; check the number or the kind.",
    ),
    "paper_issued_after_registration": Wording(
        "Ngày cấp giấy tờ sau ngày đăng ký; kiểm tra issued_on.",
        "The paper was issued after the registration; check issued_on.",
    ),
    "mother_is_male": Wording(
        "Giới tính của mẹ ghi là nam; kiểm tra sex của mẹ.",
        "The mother's sex is given as male; check the mother's sex.",
    ),
    "father_is_female": Wording(
        "Giới tính của cha ghi là nữ; kiểm tra sex của cha.",
        "The father's sex is given as female; check the father's sex.",
    ),
    "parent_not_older": Wording(
        "{field} không sinh trước con; kiểm tra ngày sinh của hai người.",
        "{field} was not born before the child; check both dates of birth.",
    ),
    "certificate_before_birth": Wording(
        "Giấy chứng sinh cấp trước ngày sinh; kiểm tra certificate_date và birth_date của con.",
        "The hospital's certificate is older than the birth; check certificate_date and birth_date.",
    ),
    "certificate_after_registration": Wording(
        "Giấy chứng sinh cấp sau ngày đăng ký; kiểm tra certificate_date.",
        "The hospital's certificate is younger than the registration; check certificate_date.",
    ),
    "abandoned_with_parents": Wording(
        "Trẻ bị bỏ rơi thì phần cha, mẹ để trống (Nghị định 123/2015, điều 14); bỏ {field} và ghi vào "
        "unknown, hoặc sửa abandoned.",
        "An abandoned child has no parents in the entry (Decree 123/2015, art. 14); move {field} to "
        "unknown or correct abandoned.",
    ),
    "husband_not_male": Wording(
        "Giới tính của chồng phải là nam; kiểm tra sex của chồng.",
        "The husband's sex must be male; check it.",
    ),
    "wife_not_female": Wording(
        "Giới tính của vợ phải là nữ; kiểm tra sex của vợ.",
        "The wife's sex must be female; check it.",
    ),
    "below_marriage_age": Wording(
        "{field} chưa đủ {years} tuổi vào ngày xác lập hôn nhân; kiểm tra ngày sinh và established_on.",
        "{field} was not yet {years} when the marriage began; check the date of birth and established_on.",
    ),
    "established_after_registration": Wording(
        "Ngày xác lập quan hệ hôn nhân sau ngày đăng ký; kiểm tra established_on.",
        "The marriage begins after its registration; check established_on.",
    ),
    "marriage_number_does_not_fit": Wording(
        "marriage_number không khớp với marital_status_before: chưa kết hôn là lần 1, đã ly hôn hoặc góa "
        "là từ lần 2; sửa một trong hai.",
        "marriage_number and marital_status_before disagree: never married means 1, divorced or widowed 2 "
        "or more; correct one of them.",
    ),
    "died_after_registration": Wording(
        "Ngày chết sau ngày đăng ký khai tử; kiểm tra date và registered_at.",
        "The date of death lies after the registration; check date and registered_at.",
    ),
    "died_before_birth": Wording(
        "Ngày chết trước ngày sinh; kiểm tra hai ngày.",
        "The date of death lies before the date of birth; check both.",
    ),
    "notice_after_registration": Wording(
        "Giấy báo tử cấp sau ngày đăng ký khai tử; kiểm tra issued_on.",
        "The death notice is younger than the registration; check issued_on.",
    ),
    **OF_MATTERS,
    **OF_CORRECTIONS,
}
