"""The rules of reading a push, as the conformance check tells them; their faults are in `fault_codes`."""

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.model.conforming import ConformanceRule
from mappings.canonical import EVENT_TYPES

_CONTRACT: Final = "Contract of the national registry"
_FACADE: Final = "Dialects of one-stop clients"
_XML: Final = (
    (
        "xml_bare_ampersand",
        "XML 1.0",
        "S",
        "In data every & is escaped",
        "Trong data mọi ký tự & được mã hóa",
    ),
    ("xml_broken", "XML 1.0", "S", "data is well-formed XML", "data là XML đúng cú pháp"),
    ("xml_doctype", _FACADE, "I", "data has no DOCTYPE or ENTITY", "data không có DOCTYPE, ENTITY"),
    (
        "xml_wrong_root",
        f"{_CONTRACT}, generation 1",
        "S",
        "data is an element hotich that holds one hoso",
        "data là phần tử hotich chứa đúng một hoso",
    ),
    ("xml_field_repeated", _FACADE, "I", "No field stands twice in data", "Không trường nào lặp trong data"),
)
_BOTH: Final = (
    (
        "record_too_long",
        _FACADE,
        "I",
        "A record has no more fields than are read",
        "Bản ghi không quá nhiều trường",
    ),
    (
        "dialect_module_unknown",
        f"{_CONTRACT}, list of modules",
        "S",
        "module is one of the list",
        "module có trong danh mục",
    ),
    (
        "dialect_field_missing",
        f"{_CONTRACT}, messages",
        "S",
        "Fields are there that the registry, or another field, needs",
        "Có đủ các trường mà hệ thống hộ tịch hoặc trường khác cần",
    ),
    (
        "dialect_wrong_format",
        f"{_CONTRACT}, messages",
        "S",
        "Each value has a spelling of its field",
        "Giá trị theo đúng cách viết của trường",
    ),
    (
        "dialect_code_unknown",
        f"{_CONTRACT}, code lists",
        "S",
        "Codes and words are in their lists",
        "Mã, từ có trong danh mục",
    ),
    (
        "dialect_unit_ambiguous",
        _FACADE,
        "I",
        "maDonVi means one unit, also without its leading zeros",
        "maDonVi chỉ một đơn vị, kể cả khi mất số 0 ở đầu",
    ),
    (
        "dialect_office_contradicts",
        _FACADE,
        "I",
        "Record and envelope name the same office",
        "Bản ghi và phong bì nêu cùng một cơ quan",
    ),
    (
        "dialect_ethnic_group_guessed",
        _FACADE,
        "I",
        "Ethnic groups are given by the codes of the list (warning only)",
        "Dân tộc ghi bằng mã của danh mục (chỉ cảnh báo)",
    ),
    (
        "dialect_linked_code_missing",
        f"{_CONTRACT}, modules of the linked service",
        "S",
        "A dossier of the linked service has its code maHoSoLT (warning only)",
        "Hồ sơ liên thông có mã maHoSoLT (chỉ cảnh báo)",
    ),
    (
        "dialect_paper_unnamed",
        _FACADE,
        "I",
        "An identity paper of another kind is named (warning only)",
        "Giấy tờ loại khác có ghi tên (chỉ cảnh báo)",
    ),
    (
        "dialect_person_without_name",
        _FACADE,
        "I",
        "Of whom anything is said, the name is said (warning only)",
        "Người được nêu thì có họ tên (chỉ cảnh báo)",
    ),
    (
        "dialect_field_not_carried",
        _FACADE,
        "I",
        "Only fields are filled that the matter carries (warning only)",
        "Chỉ điền các trường mà loại việc có chuyển tiếp (chỉ cảnh báo)",
    ),
    (
        "dialect_declaration_without_dossier",
        _FACADE,
        "I",
        "A dossier before its registration has a one-stop code",
        "Hồ sơ chưa đăng ký có mã hồ sơ một cửa",
    ),
    (
        "dialect_left_to_registration",
        _FACADE,
        "I",
        "What only a registered birth must say is said beforehand too (warning only)",
        "Trường chỉ bắt buộc khi đã đăng ký khai sinh cũng được ghi trước (chỉ cảnh báo)",
    ),
)


def _rules(rows: tuple[tuple[str, str, str, str, str], ...]) -> Iterator[ConformanceRule]:
    for code, source, mark, english, vietnamese in rows:
        yield ConformanceRule(
            code=code,
            rule_vi=vietnamese,
            rule_en=english,
            source=source,
            mark=mark,
            event_types=frozenset(EVENT_TYPES),
            needs=frozenset(),
            checked_by=frozenset(),
        )


RULES_OF_BOTH: Final[Mapping[str, ConformanceRule]] = {each.code: each for each in _rules(_BOTH)}
"""By code."""
RULES_OF_XML: Final[Mapping[str, ConformanceRule]] = {each.code: each for each in _rules(_XML)}
"""Of generation 1 alone."""
