"""The registry's words for the matters beyond birth, marriage and death."""

import json
import shutil
from pathlib import Path

import pytest

from mappings.canonical import PersonName, parse_event
from mappings.canonical.change import FieldChange
from mappings.catalog import load_catalog
from mappings.completeness import find_problems
from mappings.contracts import load_contract
from mappings.csv_files import MAPPINGS
from mappings.national_registry.changes import changed_fields, changes_in_words
from mappings.national_registry.family import CONVERTERS, relation_to_recognised, relation_to_recogniser
from mappings.national_registry.papers import (
    book_note,
    copy_kind,
    end_paper,
    linked_module,
    marriage_paper,
    name_parts,
    poll_province,
    remark_code,
)
from mappings.partners import load_partner
from mappings.rules import CannotTranslate, Scene
from tests.support.mapping_scenes import context

EXAMPLES = Path(__file__).parents[3] / "examples" / "events"


def _scene(example: str, **changed: object) -> Scene:
    event = json.loads((EXAMPLES / f"{example}.json").read_text(encoding="utf-8"))
    return Scene(parse_event({**event, **changed}), context())


@pytest.mark.parametrize(
    ("book", "sex", "field", "name"),
    [
        ("KS", "female", "name", "nksHoTen"),
        ("KS", "female", "mother.birth_date", "meNgaySinh"),
        ("KH", "male", "name", "chongHoTen"),
        ("KH", "male", "spouse.name", "voHoTen"),
        ("KH", "female", "spouse.name", "chongHoTen"),
        ("KT", "male", "death.date", "nktNgayChet"),
        ("GH", "male", "name", "ntdHoTen"),
    ],
)
def test_a_changed_field_is_named_as_in_the_record_of_its_book(
    book: str, sex: str, field: str, name: str
) -> None:
    change = FieldChange.model_validate({"field": field, "before": "A", "after": "B"})
    found = changed_fields(_scene("civil_status_change"), (change,), book, sex)
    assert found == [{"truong": name, "giaTriCu": "A", "giaTriMoi": "B"}]


@pytest.mark.parametrize(
    ("field", "after", "told"),
    [
        ("birth_date", "1988-02-09", "09/02/1988"),
        ("birth_date", "1988-02", "02/1988"),
        ("birth_date", "1988", "1988"),
        ("sex", "female", "2"),
        ("name", "1988-02-09", "1988-02-09"),
    ],
)
def test_a_new_value_is_spelt_as_the_registry_spells_it_and_an_old_one_that_is_missing_is_left_out(
    field: str, after: str, told: str
) -> None:
    change = FieldChange.model_validate({"field": field, "after": after})
    scene = _scene("civil_status_change")
    assert changed_fields(scene, (change,), "KS", "female") == [
        {
            "truong": f"nks{ {'birth_date': 'NgaySinh', 'sex': 'GioiTinh', 'name': 'HoTen'}[field] }",
            "giaTriMoi": told,
        }
    ]
    assert (changes_in_words(scene, (change,)) or "").endswith(f"thành {told}")


def test_a_change_of_a_marriage_without_the_sex_of_its_subject_cannot_be_told() -> None:
    change = FieldChange.model_validate({"field": "name", "after": "B"})
    with pytest.raises(CannotTranslate):
        changed_fields(_scene("civil_status_change"), (change,), "KH", "undetermined")


def test_the_recognising_parent_is_the_one_that_the_kind_names() -> None:
    scene, father, mother = _scene("birth"), PersonName(full="Lê Cha"), PersonName(full="Lê Mẹ")
    parent_name = CONVERTERS["parent_name"]
    assert parent_name(scene, "child_recognises_father", father, mother) == "LÊ CHA"
    assert parent_name(scene, "mother_recognises_child", father, mother) == "LÊ MẸ"
    assert parent_name(scene, "mother_recognises_child", father, None) is None


def test_the_relation_to_the_child_goes_to_the_side_on_which_the_child_stands() -> None:
    scene = _scene("birth")
    assert relation_to_recognised(scene, "father_recognises_child", "Mẹ") == "Mẹ"
    assert relation_to_recogniser(scene, "father_recognises_child", "Mẹ") is None
    assert relation_to_recogniser(scene, "child_recognises_father", "Bản thân") == "Bản thân"
    assert relation_to_recognised(scene, None, "Mẹ") is None


def test_two_remarks_in_one_entry_without_dossiers_have_two_codes_that_stay() -> None:
    decision = {"number": "46/2026/QĐST-HNGĐ", "date": "2026-11-02", "issued_by": "Tòa án"}
    first, other = _scene("court_decision"), _scene("court_decision", decision=decision)
    code = remark_code(first, None, None, "00691")
    assert code == remark_code(first, None, None, "00691")
    assert code != remark_code(other, None, None, "00691")
    assert code.startswith("00691-KH-2015-18-")
    assert remark_code(first, None, "H60.129-261116-0041", "00691") == "H60.129-261116-0041"


def test_a_mobile_registration_is_said_once_in_the_note() -> None:
    scene = _scene("birth")
    assert book_note(scene, None, mobile=False) is None
    assert book_note(scene, None, mobile=True) == "Đăng ký lưu động"
    assert book_note(scene, "Giấy cũ nát", mobile=True) == "Đăng ký lưu động; Giấy cũ nát"
    assert book_note(scene, "đăng ký lưu động", mobile=True) == "đăng ký lưu động"


def test_a_linked_dossier_goes_as_the_linked_module() -> None:
    scene = _scene("birth")
    assert linked_module(scene, "KT", None) == "KT"
    assert linked_module(scene, "KT", "G22.99.01-261110-0003") == "LTKT"


def test_a_mission_abroad_is_polled_under_no_province() -> None:
    scene = _scene("birth")
    assert poll_province(scene, "MLA01") == "00"
    assert poll_province(scene, "00691") == "08"


def test_the_paper_of_a_certified_status_goes_where_the_status_sends_it() -> None:
    scene = _scene("birth")
    assert (marriage_paper(scene, "married", "9/2019"), end_paper(scene, "married", "9/2019")) == (
        "9/2019",
        None,
    )
    assert (marriage_paper(scene, "widowed", "3/2020"), end_paper(scene, "widowed", "3/2020")) == (
        None,
        "3/2020",
    )


def test_an_extract_is_named_after_its_book_and_needs_one() -> None:
    scene = _scene("extract_copy")
    assert copy_kind(scene, "extract_copy", "KH") == "TLKH"
    assert copy_kind(scene, "birth_certificate_copy", "KS") == "GKS"
    with pytest.raises(CannotTranslate):
        copy_kind(scene, "extract_copy", None)


def test_a_name_of_one_word_has_only_a_given_name() -> None:
    assert name_parts(_scene("birth"), PersonName(full="Sao")) == {"Ten": "SAO"}


@pytest.mark.parametrize("generation", ["1", "2"])
@pytest.mark.parametrize(
    ("event_type", "message", "kind", "code"),
    [
        ("guardianship_start", "record", "new", "1"),
        ("guardianship_start", "record", "foreign_note", "3"),
        ("guardianship_change", "record_start", "foreign_note", "3"),
        ("foreign_act_note", "record_guardianship", "foreign_note", "3"),
        ("foreign_act_note", "record_adoption", "foreign_note", "3"),
        ("foreign_act_note", "record_birth", "foreign_note", "3"),
        ("foreign_act_note", "record_death", "foreign_note", "3"),
        ("foreign_act_note", "record_marriage", "foreign_note", "3"),
        ("domestic_adoption", "record", "re_registration", "2"),
        ("foreign_act_note", "record_parent_child", "foreign_note", "2"),
        ("parent_child_recognition", "record", "foreign_note", "2"),
    ],
)
def test_an_act_abroad_is_3_in_every_book_but_the_parent_child_book_in_both_generations(
    event_type: str, message: str, kind: str, code: str, generation: str
) -> None:
    rules = load_catalog().get(event_type, "national_registry", message, generation).rules
    (rule,) = (each for each in rules if each.target == ("body", "data", "loaiDangKy"))
    assert rule.sources == ("registration.kind",)
    assert rule.convert(_scene("guardianship_start"), kind) == code


@pytest.mark.parametrize("generation", ["1", "2"])
@pytest.mark.parametrize(
    ("example", "message"), [("civil_status_change", "record"), ("foreign_act_note_change", "record_change")]
)
def test_a_change_that_nobody_asked_for_waits_for_a_person(
    example: str, message: str, generation: str
) -> None:
    found = load_catalog().translate_in(
        generation, _scene(example, requester=None).event, "national_registry", message, context()
    )
    assert isinstance(found, tuple)
    assert [(each.path, each.code) for each in found] == [("requester.relation", "mapping_missing")]


@pytest.mark.parametrize(
    ("contract", "field", "is_required"),
    [
        ("TDCC", "nycQuanHe", True),
        ("gen1_TDCC", "nycQuanHe", True),
        ("remark", "soVanBan", False),
        ("CMC", "loaiXacNhan", False),
        ("gen1_CMC", "loaiXacNhan", False),
    ],
)
def test_the_contract_requires_what_its_sources_require(contract: str, field: str, is_required: bool) -> None:  # noqa: FBT001 - a parameter of the test
    assert load_contract("national_registry", contract).fields[field].required is is_required


@pytest.mark.parametrize(
    ("optional", "found"),
    [
        (("so",), {"line 8 may leave it out"}),
        (("so", "quyenSo", "ngayDangKy"), set()),
    ],
)
def test_an_entry_is_told_as_a_whole_or_not_at_all(
    tmp_path: Path, optional: tuple[str, ...], found: set[str]
) -> None:
    folder = tmp_path / "national_registry"
    shutil.copytree(MAPPINGS / "national_registry", folder, ignore=shutil.ignore_patterns("*.py", "reading"))
    path = folder / "birth.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    for field in optional:
        place = next(at for at, line in enumerate(lines) if line.startswith(f"record,data.{field},"))
        lines[place] = lines[place].replace(",refuse,", ",omit,")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    problems = {problem.text for problem in find_problems(load_partner("national_registry", tmp_path))}
    assert problems == {f"the contract requires so, and {text}" for text in found}
