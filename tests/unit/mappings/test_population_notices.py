"""What a notice of a civil-status event says."""

from datetime import date
from typing import get_args

import pytest

from mappings.canonical import PartialDate, PersonName, sample_event
from mappings.canonical.change import FieldChange
from mappings.canonical.decision import DecisionKind
from mappings.population_db import converters as population
from mappings.population_db import notices
from mappings.rules import CannotTranslate, Scene
from tests.support.mapping_scenes import FACTS, scene, translated


@pytest.fixture
def here() -> Scene:
    return scene(sample_event("court_decision"))


def test_the_day_of_an_event_is_the_first_one_that_is_said(here: Scene) -> None:
    assert notices.first_day_compact(here, PartialDate(year=2026, month=11), date(2026, 1, 2)) == "202611"
    assert notices.first_day_compact(here, None, date(2026, 1, 2)) == "20260102"
    assert notices.first_day_compact(here, PartialDate(certainty="unknown"), None) is None


def test_a_change_is_said_in_this_partners_codes_and_dates(here: Scene) -> None:
    changes = (
        FieldChange(field="sex", before="male", after="female"),
        FieldChange(field="birth_date", before="1988-02", after="1988-02-09"),
        FieldChange(field="father.name", before=None, after="lê văn a"),
        FieldChange(field="marital_status", before="married", after="đang ly thân"),
        FieldChange(field="mother", before="Phạm Thị Mẫu", after=None),
    )
    assert notices.changed_fields(here, changes) == [
        {"truong": "gioiTinh", "giaTriCu": "1", "giaTriMoi": "2"},
        {"truong": "ngaySinh", "giaTriCu": "198802", "giaTriMoi": "19880209"},
        {"truong": "cha.hoTen", "giaTriMoi": "LÊ VĂN A"},
        {"truong": "tinhTrangHonNhan", "giaTriCu": "2", "giaTriMoi": "đang ly thân"},
        {"truong": "me", "giaTriCu": "Phạm Thị Mẫu"},
    ]
    assert notices.changed_fields(here, ()) is None


def test_a_declaration_is_named_and_other_decisions_say_what_changed(here: Scene) -> None:
    change = FieldChange(field="nationality", before="VN", after="LA")
    changed = {"truong": "quocTich", "giaTriCu": "VN", "giaTriMoi": "LA"}
    assert notices.decision_changes(here, "missing", (), "Mất tích") == [
        {"truong": "tuyenBo", "giaTriMoi": "MAT_TICH"}
    ]
    assert notices.decision_changes(here, "nationality_change", (change,), "Thôi quốc tịch") == [changed]
    assert notices.decision_changes(here, "divorce", (), "Đã ly hôn") is None


def test_only_where_a_change_is_needed_the_text_of_the_remark_stands_for_it(here: Scene) -> None:
    said = notices.decision_changes(here, "adoption_end", (), "Chấm dứt nuôi con nuôi")
    assert said == [{"truong": "khac", "giaTriMoi": "Chấm dứt nuôi con nuôi"}]


@pytest.mark.parametrize("kind", get_args(DecisionKind))
def test_the_spouse_hears_of_the_marriage_only(here: Scene, kind: str) -> None:
    if kind in {"divorce", "annulment", "marriage_recognition"}:
        assert notices.spouse_event(here, kind) == notices.decision_event(here, kind)
        return
    with pytest.raises(CannotTranslate) as caught:
        notices.spouse_event(here, kind)
    assert caught.value.code == "mapping_code_unknown"


def test_only_a_death_that_is_taken_back_names_the_earlier_notice(here: Scene) -> None:
    assert notices.taken_back(here, "death_declaration_cancelled", "GW-1") == "GW-1"
    assert notices.taken_back(here, "death_declaration_cancelled", None) is None
    assert notices.taken_back(here, "divorce", "GW-1") is None
    event = {
        **sample_event("court_decision"),
        "kind": "death_declaration_cancelled",
    }
    body = translated(event, "population_db", "notice_subject", {**FACTS, "replaced_request_id": "GW-1"}).body
    assert (body["loaiSuKien"], body["suKienBiThayThe"]) == ("DEATH_CANCELLED", "GW-1")


def test_a_remark_is_named_by_the_entry_it_stands_in(here: Scene) -> None:
    assert notices.entry_volume(here, "7", "01/2026", "01/1999") == "01/2026"
    assert notices.entry_volume(here, None, None, "01/1999") == "01/1999"
    body = translated(sample_event("court_decision"), "population_db", "notice_subject").body
    assert (body["soDangKy"], body["quyenSo"], body["ngayDangKy"]) == ("18", "01/2015", "20261116")


NAME, BORN = PersonName(full="Nông Văn Cha"), PartialDate(year=1990)


@pytest.mark.parametrize(
    ("kind", "side"),
    [
        ("father_recognises_child", "cha"),
        ("child_recognises_father", "cha"),
        ("mother_recognises_child", "me"),
        ("child_recognises_mother", "me"),
    ],
)
def test_a_recognised_parent_enters_on_his_or_her_side(here: Scene, kind: str, side: str) -> None:
    assert notices.recognised_parent(here, kind, NAME, BORN, None, None, "VN") == [
        {"truong": f"{side}.hoTen", "giaTriMoi": "NÔNG VĂN CHA"},
        {"truong": f"{side}.ngaySinh", "giaTriMoi": "1990"},
        {"truong": f"{side}.quocTich", "giaTriMoi": "VN"},
    ]


def test_a_parent_determined_abroad_is_father_or_mother_by_sex(here: Scene) -> None:
    nobody = (None,) * 6
    said = notices.new_parents(here, None, "female", NAME, BORN, None, None, None, *nobody)
    assert said == [
        {"truong": "me.hoTen", "giaTriMoi": "NÔNG VĂN CHA"},
        {"truong": "me.ngaySinh", "giaTriMoi": "1990"},
    ]
    adoptive = (None, None, None, NAME, None, "099190000001")
    assert notices.new_parents(here, *(None,) * 7, *adoptive) == [
        {"truong": "meNuoi.hoTen", "giaTriMoi": "NÔNG VĂN CHA"},
        {"truong": "meNuoi.soDinhDanh", "giaTriMoi": "099190000001"},
    ]
    assert notices.new_parents(here, *(None,) * 13) is None


def test_a_revoked_paper_is_what_was_before(here: Scene) -> None:
    assert notices.revoked_paper(here, "birth_certificate", "112") == [
        {"truong": "khac", "giaTriCu": "Giấy khai sinh số 112"}
    ]
    assert notices.revoked_paper(here, "other", None) == [{"truong": "khac", "giaTriCu": "Giấy tờ hộ tịch"}]


def test_a_lookup_without_a_dossier_names_the_ordinary_procedure_of_its_act() -> None:
    note = scene(sample_event("foreign_act_note"))
    assert population.service_code(note, None, "foreign_act_note") == "2.000547"
    assert population.service_code(note, None, "court_decision") == "1.004859"


def test_a_birth_abroad_was_registered_abroad_and_one_at_a_mission_at_the_mission(here: Scene) -> None:
    abroad = population.foreign_office_address(here, "LA", "Phòng Hộ tịch")
    assert abroad == {"quocGia": "LA", "chiTiet": "Phòng Hộ tịch"}
    mission = population.authority_address(here, "MLA01")
    assert mission == {"quocGia": "LA", "chiTiet": "Đại sứ quán Việt Nam tại Lào"}
    commune = population.authority_address(here, "00691")
    assert isinstance(commune, dict)
    assert (commune["maTinh"], commune["maXa"]) == ("08", "00691")
