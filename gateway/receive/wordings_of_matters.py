"""Words for faults of guardianship, recognition, change, decision, notes of acts abroad, papers, adoption."""

from collections.abc import Mapping
from typing import Final

from mappings.canonical import Wording

OF_MATTERS: Final[Mapping[str, Wording]] = {
    "mobile_not_for_matter": Wording(
        "Chỉ khai sinh, kết hôn, khai tử được đăng ký lưu động (Thông tư 04/2020, điều 24); sửa mobile.",
        "Only births, marriages and deaths are registered by a visiting officer (Circular 04/2020, art. 24); "
        "correct mobile.",
    ),
    "amended_entry_missing": Wording(
        "Việc này phải chỉ ra mục đăng ký gốc; điền amends.entry.",
        "This matter must name the earlier entry; fill in amends.entry.",
    ),
    "organisation_not_carried": Wording(
        "Chưa chuyển được người giám hộ, người giám sát là cơ quan, tổ chức: gói tin của nơi nhận chỉ có "
        "chỗ cho cá nhân. Đừng gửi sự kiện này; nhập việc này thẳng vào phần mềm hộ tịch dùng chung.",
        "A guardian or supervisor that is an organisation cannot be carried: the destinations' messages "
        "have room for a person only. Do not send this event; enter it directly in the shared civil-status"
        " software.",
    ),
    "amended_entry_differs": Wording(
        "amends.entry không phải mục đăng ký của sự kiện gốc đã nêu; sửa entry hoặc bỏ entry, cổng tự lấy "
        "từ sự kiện gốc.",
        "amends.entry is not the entry of the earlier event named beside it; correct it, or leave it out "
        "and the gateway takes it from that event.",
    ),
    "earlier_event_unknown": Wording(
        "Không có sự kiện gốc mang mã này trong số các sự kiện quý đơn vị được xem; kiểm tra {field}, hoặc"
        " bỏ đi và điền amends.entry.",
        "No earlier event of this number is among those you may see; check {field}, or leave it out and "
        "fill in amends.entry.",
    ),
    "earlier_events_differ": Wording(
        "event_id và source_event_id chỉ hai sự kiện khác nhau; giữ lại một.",
        "event_id and source_event_id name two different events; keep one of them.",
    ),
    "amended_entry_later": Wording(
        "Ngày đăng ký gốc sau ngày đăng ký việc này; kiểm tra registered_on.",
        "The earlier entry is younger than this registration; check registered_on.",
    ),
    "amended_book_does_not_fit": Wording(
        "Mục đăng ký gốc phải ở sổ {expected}; kiểm tra book_code của amends.entry.",
        "The earlier entry must stand in the book {expected}; check book_code of amends.entry.",
    ),
    "foreign_act_missing": Wording(
        "Ghi vào sổ việc ở nước ngoài thì phải có foreign_act: số, ngày, cơ quan, nước của giấy tờ.",
        "A note of an act abroad needs foreign_act: number, date, authority and country of the paper.",
    ),
    "foreign_act_at_home": Wording(
        "Nước của foreign_act là Việt Nam; việc giải quyết trong nước không ghi ở đây.",
        "The country of foreign_act is Viet Nam; an act at home is not noted here: correct the country.",
    ),
    "foreign_act_after_registration": Wording(
        "Giấy tờ nước ngoài có ngày sau ngày ghi vào sổ; kiểm tra date.",
        "The paper from abroad is younger than its note; check date.",
    ),
    "decision_after_registration": Wording(
        "Bản án, quyết định hoặc giấy tờ có ngày sau ngày đăng ký; kiểm tra date.",
        "The decision or paper is younger than the registration; check date.",
    ),
    "second_entry_repeats": Wording(
        "Hai mục đăng ký trong cùng một sổ không thể có cùng số; kiểm tra {field} của mục thứ hai.",
        "Two entries of one book cannot have the same number; check {field} of the second one.",
    ),
    "ward_of_age": Wording(
        "Người được giám hộ đã đủ {years} tuổi; kiểm tra birth_date hoặc ward_condition.",
        "The ward is {years} or older; check birth_date or ward_condition.",
    ),
    "not_of_age": Wording(
        "{field} chưa đủ {years} tuổi vào ngày đăng ký (Bộ luật Dân sự 2015, điều 49); kiểm tra birth_date.",
        "{field} is not yet {years} on the day of registration (Civil Code 2015, art. 49); check birth_date.",
    ),
    "starts_after_registration": Wording(
        "Ngày bắt đầu sau ngày đăng ký; kiểm tra starts_on.",
        "It begins after its registration; check starts_on.",
    ),
    "ended_after_registration": Wording(
        "Ngày chấm dứt sau ngày đăng ký; kiểm tra ended_on.",
        "It ends after the registration of its end; check ended_on.",
    ),
    "ended_before_it_began": Wording(
        "Ngày chấm dứt trước ngày của mục đăng ký gốc; kiểm tra ended_on và amends.entry.registered_on.",
        "It ends before the entry that it ends; check ended_on and amends.entry.registered_on.",
    ),
    "recognised_parent_missing": Wording(
        "Theo loại nhận cha, mẹ, con thì mục khai sinh phải ghi {field}; điền {field} hoặc sửa kind.",
        "By the kind of recognition the birth entry names the {field}; fill it in or correct kind.",
    ),
    "entry_number_missing": Wording(
        "Việc ghi vào sổ TDCC phải có {field}; chỉ bổ sung hộ tịch mới không có số riêng.",
        "An entry in the book TDCC needs {field}; only a supplement has no number of its own.",
    ),
    "remark_with_number": Wording(
        "Ghi chú vào mục đã đăng ký không có số riêng; bỏ number, ghi số gốc vào amends.entry.",
        "A remark has no number of its own; leave number out and give the entry's in amends.entry.",
    ),
    "change_kind_does_not_fit": Wording(
        "Với act này registration.kind phải là {expected}; sửa một trong hai.",
        "With this act registration.kind must be {expected}; correct one of the two.",
    ),
    "change_field_not_of_act": Wording(
        "Xác định lại dân tộc chỉ thay đổi ethnic_group; bỏ trường này hoặc sửa act.",
        "A re-determination changes the ethnic group only; take this field out or correct act.",
    ),
    "supplement_replaces": Wording(
        "Bổ sung hộ tịch chỉ điền phần còn trống; bỏ before hoặc dùng act change, correction.",
        "A supplement fills in only what was blank; take before out or use the act change or correction.",
    ),
    "correction_of_nothing": Wording(
        "Cải chính sửa giá trị đã ghi trong sổ; điền before hoặc dùng act supplement.",
        "A correction corrects what the book says; fill in before or use the act supplement.",
    ),
    "change_field_repeated": Wording(
        "Một trường chỉ thay đổi một lần trong một sự kiện; gộp các mục trùng trong changes.",
        "One event changes a field once; put the repeated items of changes together.",
    ),
    "change_value_unreadable": Wording(
        "Giá trị {field} không đọc được bằng máy; viết {hint_vi}.",
        "A machine cannot read the value of {field}; write {hint_en}.",
    ),
    "spouse_missing": Wording(
        "Ly hôn, hủy hoặc công nhận hôn nhân liên quan hai người; điền spouse.",
        "A divorce, annulment or recognition of a marriage concerns two people; fill in spouse.",
    ),
    "spouse_unexpected": Wording(
        "Nội dung quyết định này không liên quan hôn nhân; bỏ spouse hoặc sửa kind.",
        "This kind of decision concerns no marriage; take spouse out or correct kind.",
    ),
    "not_yet_effective": Wording(
        "Chưa có hiệu lực vào ngày đăng ký; kiểm tra effective_on, chỉ ghi khi đã có hiệu lực.",
        "Not yet in force on the day of registration; check effective_on, and note it when it is.",
    ),
    "note_part_missing": Wording(
        'Ghi việc "{act}" ở nước ngoài phải có {field}; hãy bổ sung.',
        'The note of the act "{act}" needs {field}; fill it in.',
    ),
    "note_part_unexpected": Wording(
        'Ghi việc "{act}" ở nước ngoài không có {field}; bỏ đi hoặc sửa act.',
        'The note of the act "{act}" has no {field}; take it out or correct act.',
    ),
    "purpose_partner_missing": Wording(
        "Giấy để kết hôn phải ghi người dự định kết hôn (Thông tư 04/2020, điều 12); điền purpose.partner.",
        "A certificate for a marriage names the intended spouse (Circular 04/2020, art. 12); fill in "
        "purpose.partner.",
    ),
    "purpose_partner_unexpected": Wording(
        "Giấy không dùng để kết hôn thì không ghi người dự định kết hôn; bỏ partner hoặc sửa kind.",
        "A certificate for another purpose names no intended spouse; take partner out or correct kind.",
    ),
    "purpose_text_missing": Wording(
        "Giấy chỉ có giá trị cho mục đích đã ghi; ghi mục đích vào purpose.text.",
        "The certificate is valid for the stated purpose only; state it in purpose.text.",
    ),
    "one_copy_for_marriage": Wording(
        "Giấy để kết hôn chỉ cấp một bản (Thông tư 04/2020, điều 12); sửa copies_requested thành 1.",
        "For a marriage one copy is issued (Circular 04/2020, art. 12); set copies_requested to 1.",
    ),
    "marital_detail_missing": Wording(
        'Xác nhận tình trạng "{status}" phải có {field}; hãy bổ sung.',
        'To certify the status "{status}", {field} is needed; fill it in.',
    ),
    "married_cannot_marry": Wording(
        "Người đang có vợ, chồng không được cấp giấy để kết hôn; kiểm tra marital.status và purpose.kind.",
        "A married person gets no certificate for a marriage; check marital.status and purpose.kind.",
    ),
    "period_reversed": Wording(
        "Thời gian kết thúc trước khi bắt đầu; kiểm tra {field}.",
        "The time ends before it begins; check {field}.",
    ),
    "adoptive_parent_missing": Wording(
        "Phải có cha nuôi hoặc mẹ nuôi; điền adoptive_father hoặc adoptive_mother.",
        "There must be an adoptive father or mother; fill in adoptive_father or adoptive_mother.",
    ),
    "adoptee_of_age": Wording(
        "Người được nhận nuôi đã đủ {years} tuổi (Luật Nuôi con nuôi 2010, điều 8); kiểm tra birth_date.",
        "The adopted person is {years} or older (Law on adoption 2010, art. 8); check birth_date.",
    ),
    "adopted_after_registration": Wording(
        "Ngày việc nuôi con nuôi có hiệu lực sau ngày đăng ký; kiểm tra adopted_on.",
        "The adoption takes effect after its registration; check adopted_on.",
    ),
}
