"""Every code that only the façade gives, with what to do; the rules' own codes come beside these."""

from collections.abc import Mapping
from typing import Final

FAULT_CODES: Final[Mapping[str, tuple[str, str]]] = {
    "body_not_utf8": (
        "The message is not UTF-8; a byte-order mark does no harm.",
        "Thông điệp không phải UTF-8; có BOM cũng được.",
    ),
    "body_not_json": (
        "The message, or the JSON text in `data`, cannot be read; line and column are told.",
        "Thông điệp, hoặc văn bản JSON trong data, không đọc được; có nêu dòng và cột.",
    ),
    "body_not_object": (
        "It is no JSON object, is nested too deep, or holds half a character.",
        "Không phải đối tượng JSON, lồng quá sâu, hoặc có ký tự hỏng.",
    ),
    "record_too_long": ("The record has too many fields.", "Bản ghi có quá nhiều trường."),
    "xml_bare_ampersand": (
        "An & stands unescaped in `data`: write &amp;. Line, column and field are told.",
        "Ký tự & chưa mã hóa trong data: ghi &amp;. Có nêu dòng, cột và trường.",
    ),
    "xml_broken": (
        "`data` is no XML; line, column and field are told.",
        "data không phải XML; có nêu dòng, cột và trường.",
    ),
    "xml_doctype": (
        "`data` holds a document type or an entity of its own.",
        "data chứa DOCTYPE hoặc ENTITY.",
    ),
    "xml_wrong_root": (
        "`data` is not `<hotich><hoso>…</hoso></hotich>` with one dossier.",
        "data không phải <hotich><hoso>…</hoso></hotich> với một hồ sơ.",
    ),
    "xml_field_repeated": ("A field stands twice in the XML.", "Một trường xuất hiện hai lần trong XML."),
    "dialect_module_unknown": ("There is no such module.", "Không có module này."),
    "dialect_field_missing": (
        "A field is empty without which another one says nothing.",
        "Thiếu một trường mà trường khác cần đến.",
    ),
    "dialect_wrong_format": (
        "A value has none of the spellings of this field.",
        "Giá trị không theo cách viết nào của trường này.",
    ),
    "dialect_code_unknown": ("A code or word is in no list.", "Mã hoặc từ không có trong danh mục."),
    "dialect_unit_ambiguous": (
        "A number has lost its zeros and may mean several units; send all digits as text.",
        "Mã mất số 0 ở đầu, có thể chỉ nhiều đơn vị; gửi đủ chữ số dạng chữ.",
    ),
    "dialect_office_contradicts": (
        "Record and envelope name different offices.",
        "Bản ghi và phong bì nêu hai cơ quan khác nhau.",
    ),
    "dialect_ethnic_group_guessed": (
        "A warning: five digits were taken for a group by a guess.",
        "Cảnh báo: mã 5 chữ số được hiểu theo suy đoán.",
    ),
    "dialect_linked_code_missing": (
        "A warning: a module of the linked service without its code is taken as an ordinary dossier.",
        "Cảnh báo: hồ sơ liên thông thiếu mã liên thông nên được coi là hồ sơ thường.",
    ),
    "dialect_paper_unnamed": (
        "A warning: an identity paper of code 8 has no name.",
        "Cảnh báo: giấy tờ loại 8 không ghi tên.",
    ),
    "dialect_person_without_name": (
        "A warning: nationality and ethnic group of somebody without a name were passed over.",
        "Cảnh báo: bỏ qua quốc tịch, dân tộc của người không có họ tên.",
    ),
    "dialect_field_not_carried": (
        "A warning: no event of ours has room for this field.",
        "Cảnh báo: trường này không được chuyển tiếp.",
    ),
    "dialect_declaration_without_dossier": (
        "A dossier before its registration has no one-stop code, by which alone it is known.",
        "Hồ sơ chưa đăng ký mà không có mã hồ sơ một cửa, là mã duy nhất để nhận ra hồ sơ.",
    ),
    "dialect_left_to_registration": (
        "A warning: before the registration this field is empty, and left to the registrar.",
        "Cảnh báo: trường bỏ trống khi chưa đăng ký, để cán bộ đăng ký ghi.",
    ),
}
