"""Each converter by itself: our value in, the partner's word out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from mappings import converters as shared
from mappings.canonical import (
    Attachment,
    IdentityPaper,
    MultipleBirth,
    Official,
    PartialDate,
    PersonName,
    Place,
    Residence,
)
from mappings.national_registry import converters as registry
from mappings.one_stop import converters as one_stop
from mappings.places import office_of_authority, province_of_authority, resolve_place
from mappings.population_db import converters as population
from mappings.rules import CannotTranslate, Scene
from tests.support.events import a_birth
from tests.support.mapping_scenes import scene

REGISTRATION_DAY = date(2026, 11, 16)
MORNING = datetime(2026, 11, 15, 17, 30, 5, tzinfo=UTC)


@pytest.fixture
def here() -> Scene:
    return scene(a_birth())


def paper(kind: str, number: str = "099197000001", **more: Any) -> IdentityPaper:  # noqa: ANN401 - JSON values
    return IdentityPaper.model_validate({"kind": kind, "number": number, **more})


@pytest.mark.parametrize(
    ("moment", "dots", "slashes", "compact"),
    [
        (PartialDate(year=2026, month=11, day=2), "02.11.2026", "02/11/2026", "20261102"),
        (PartialDate(year=2026, month=1), "01.2026", "01/2026", "202601"),
        (PartialDate(year=1990), "1990", "1990", "1990"),
        (PartialDate(year=1960, month=1, day=1, certainty="by_rule"), "01.01.1960", "01/01/1960", "19600101"),
        (PartialDate(certainty="unknown"), None, None, None),
    ],
)
def test_a_partial_date_says_what_is_known(
    here: Scene, moment: PartialDate, dots: str | None, slashes: str | None, compact: str | None
) -> None:
    assert shared.partial_date_dots(here, moment) == dots
    assert shared.partial_date_slashes(here, moment) == slashes
    assert shared.partial_date_compact(here, moment) == compact


def test_an_unknown_date_has_no_words(here: Scene) -> None:
    assert shared.partial_date_words(here, PartialDate(certainty="unknown")) is None
    assert shared.partial_date_words(here, PartialDate(year=2000)) == "Năm hai nghìn"


def test_days_are_days_in_vietnam(here: Scene) -> None:
    assert shared.local_day_dots(here, MORNING) == "16.11.2026"
    assert shared.local_day_slashes(here, MORNING) == "16/11/2026"
    assert shared.local_day_compact(here, MORNING) == "20261116"
    assert shared.day_dots(here, date(2026, 1, 2)) == "02.01.2026"
    assert registry.taken_in_at(here, None, MORNING) == "16/11/2026 00:30:05"
    assert registry.taken_in_at(here, MORNING, datetime(2000, 1, 1, tzinfo=UTC)) == "16/11/2026 00:30:05"
    assert one_stop.local_second(here, MORNING) == "20261116003005"
    assert one_stop.taken_in_at(here, None, MORNING) == "20261116003005"


def test_a_moment_of_the_context_is_read_or_refused(here: Scene) -> None:
    assert one_stop.fact_second(here, "2026-11-15T17:30:05+00:00") == "20261116003005"
    assert one_stop.fact_second(here, "2026-11-15T17:30:05") == "20261116003005"
    with pytest.raises(CannotTranslate) as caught:
        one_stop.fact_second(here, "yesterday")
    assert caught.value.code == "mapping_fact_broken"


def test_the_dossier_code_comes_before_one_made_from_the_entry(here: Scene) -> None:
    entry = ("00691", "KS", MORNING, "41")
    assert shared.dossier_or_entry_code(here, "H60.1-261116-0001", *entry) == "H60.1-261116-0001"
    assert shared.dossier_or_entry_code(here, None, *entry) == "00691-KS-2026-41"
    assert registry.linked_or_dossier_code(here, "G22.1", "H60.1", *entry) == "G22.1"
    assert registry.linked_or_dossier_code(here, None, "H60.1", *entry) == "H60.1"
    assert registry.linked_or_dossier_code(here, None, None, *entry) == "00691-KS-2026-41"


def test_the_first_known_of_several_is_taken(here: Scene) -> None:
    assert shared.first_known(here, None, "b", "c") == "b"
    assert shared.first_known(here, None, None) is None
    assert shared.first_upper_name(here, None, PersonName(full="lê mẫu")) == "LÊ MẪU"
    assert shared.first_upper_name(here, None) is None


def test_codes_outside_the_lists_are_refused(here: Scene) -> None:
    for refuse in (
        lambda: shared.ethnic_group(here, "99"),
        lambda: shared.country(here, "XX"),
        lambda: shared.country_name(here, "XX"),
        lambda: one_stop.procedure_name(here, "9.999999"),
        lambda: registry.sex_code(here, "other"),
    ):
        with pytest.raises(CannotTranslate) as caught:
            refuse()
        assert caught.value.code == "mapping_code_unknown"
        assert caught.value.message_vi != caught.value.message_en


def test_codes_in_the_lists_pass(here: Scene) -> None:
    assert shared.ethnic_group(here, "08") == "08"
    assert shared.country(here, "LA") == "LA"
    assert shared.country_name(here, "LA") == "Lào"
    assert one_stop.procedure_name(here, "1.001193.000.00.00.H60") == "Đăng ký khai sinh"


def test_sex_is_spelled_differently_by_each_partner(here: Scene) -> None:
    sexes = ("male", "female", "undetermined")
    assert [registry.sex_code(here, sex) for sex in sexes] == ["1", "2", "3"]
    assert [population.sex_code(here, sex) for sex in sexes] == ["1", "2", "0"]


@pytest.mark.parametrize(
    ("abandoned", "unknown", "code"),
    [
        (False, (), "1"),
        (False, ("mother",), "2"),
        (False, ("father",), "3"),
        (False, ("mother", "father"), "4"),
        (True, ("mother", "father"), "5"),
    ],
)
def test_the_kind_of_birth_follows_from_what_is_unknown(
    here: Scene, *, abandoned: bool, unknown: tuple[Any, ...], code: str
) -> None:
    assert registry.birth_kind(here, abandoned, unknown) == code


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        ("identity_card_9", "1", None),
        ("passport", "2", None),
        ("permanent_resident_card", "3", None),
        ("citizen_id_card", "4", None),
        ("soldier_id", "5", None),
        ("officer_id", "6", None),
        ("police_id", "7", None),
        ("identity_card_2024", "8", "Thẻ căn cước"),
        ("identity_certificate", "8", "Giấy chứng nhận căn cước"),
    ],
)
def test_papers_have_the_codes_of_the_books(here: Scene, kind: str, code: str, name: str | None) -> None:
    assert registry.identity_document_code(here, paper(kind)) == code
    assert registry.identity_document_name(here, paper(kind)) == name


def test_an_other_paper_keeps_its_name(here: Scene) -> None:
    other = paper("other", other_kind="Thẻ thuyền viên")
    assert registry.identity_document_code(here, other) == "8"
    assert registry.identity_document_name(here, other) == "Thẻ thuyền viên"


def test_kinds_of_entry_and_status(here: Scene) -> None:
    kinds = ("on_time", "re_registration", "foreign_note", "late")
    assert [registry.registration_kind_code(here, kind) for kind in kinds] == ["1", "2", "3", "4"]
    again = ("first", "re_registration")
    assert [registry.registration_kind_marriage_code(here, kind) for kind in again] == ["1", "2"]
    statuses = ("never_married", "divorced", "widowed")
    assert [registry.marital_status_code(here, each) for each in statuses] == ["1", "3", "4"]
    names = [registry.marital_status_name(here, each) for each in statuses]
    assert names == ["Chưa kết hôn", "Đã ly hôn", "Vợ hoặc chồng đã chết"]
    assert registry.death_notice_code(here, "witness_statement") == "7"


AT_HOME = Place(commune_code="00691", detail="Tổ 3")


def test_an_address_has_the_codes_of_the_day(here: Scene) -> None:
    expected = {"quocGia": "VN", "maTinh": "08", "maXa": "00691"}
    assert registry.address(here, AT_HOME) == {**expected, "dcChiTiet": "Tổ 3"}
    assert population.address(here, AT_HOME) == {**expected, "chiTiet": "Tổ 3"}
    residence = Residence(kind="temporary", place=AT_HOME)
    assert registry.residence_address(here, residence) == registry.address(here, AT_HOME)
    assert population.residence_address(here, residence) == population.address(here, AT_HOME)
    assert registry.residence_kind(here, residence) == "2"
    assert registry.smallest_unit(here, AT_HOME) == "00691"
    assert registry.smallest_unit(here, Place(province_code="08")) == "08"
    assert registry.smallest_unit(here, Place(detail="?")) is None


def test_a_place_abroad_is_said_in_words(here: Scene) -> None:
    abroad = Place(country="LA", detail="Viêng Chăn")
    assert registry.address(here, abroad) == {"quocGia": "LA", "dcChiTiet": "Viêng Chăn"}
    assert registry.place_abroad(here, abroad) == "Viêng Chăn"
    assert registry.place_abroad(here, AT_HOME) is None
    assert registry.residence_abroad(here, Residence(kind="permanent", place=abroad)) == "Viêng Chăn"


def test_codes_of_the_old_list_are_said_by_name_and_never_as_codes() -> None:
    old = Place(commune_code="00691", detail="Tổ 3", as_of=date(2010, 5, 1))
    resolved = resolve_place(old, REGISTRATION_DAY)
    assert (resolved.province_code, resolved.commune_code) == (None, None)
    assert resolved.detail == "Tổ 3, Phường Trần Phú, Thành phố Hà Giang, Tỉnh Hà Giang"


def test_old_codes_stand_in_an_entry_of_the_old_days() -> None:
    resolved = resolve_place(Place(commune_code="00691"), date(2025, 6, 30))
    assert (resolved.province_code, resolved.commune_code) == ("02", "00691")


def test_a_code_that_was_never_in_force_is_refused() -> None:
    with pytest.raises(CannotTranslate) as caught:
        resolve_place(Place(commune_code="99999"), REGISTRATION_DAY)
    assert caught.value.code == "mapping_unit_unknown"
    with pytest.raises(CannotTranslate):
        province_of_authority("99999", REGISTRATION_DAY)
    assert office_of_authority("99999", REGISTRATION_DAY) is None


def test_the_authority_has_an_office_and_a_province(here: Scene) -> None:
    assert shared.authority_province(here, "00691") == "08"
    assert shared.authority_office(here, None, "00706") == "Ủy ban nhân dân xã Phú Linh"
    assert shared.authority_office(here, "Trung tâm", "00706") == "Trung tâm"
    assert population.authority_address(here, "08") == {
        "quocGia": "VN",
        "maTinh": "08",
        "chiTiet": "Ủy ban nhân dân tỉnh Tuyên Quang",
    }


def test_withdrawn_files_are_not_sent(here: Scene) -> None:
    kept = Attachment(
        file_name="a.pdf",
        title="A",
        kind="court_decision",
        media_type="application/pdf",
        content_base64="QQ==",
    )
    gone = kept.model_copy(update={"withdrawn": True, "content_base64": None})
    assert registry.attachments(here, (gone, kept)) == [
        {
            "id": 1,
            "loaiGiayTo": 6,
            "tenGiayTo": "A",
            "tenTepDinhKem": "a.pdf",
            "huyGiayTo": 0,
            "duLieuTepDinhKem": "QQ==",
        }
    ]
    assert registry.attachments(here, (gone,)) is None


def test_a_late_number_is_a_change_of_one_field(here: Scene) -> None:
    change = [{"truong": "nksSoDDCN", "giaTriMoi": "099326000021"}]
    assert registry.number_supplement(here, None, "099326000021") == change
    assert registry.number_supplement(here, None, None) is None


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (PersonName(full="lê thị mẫu"), {"Ho": "LÊ", "ChuDem": "THỊ", "Ten": "MẪU"}),
        (PersonName(full="Mẫu"), {"Ten": "MẪU"}),
        (
            PersonName(family="Tôn Nữ", middle="Thị", given="Minh Châu"),
            {"Ho": "TÔN NỮ", "ChuDem": "THỊ", "Ten": "MINH CHÂU"},
        ),
        (PersonName(family="Lê", given="Mẫu"), {"Ho": "LÊ", "Ten": "MẪU"}),
    ],
)
def test_stated_parts_of_a_name_win_over_cutting(
    here: Scene, name: PersonName, parts: dict[str, str]
) -> None:
    assert population.name_in_parts(here, name) == parts


def test_a_name_without_latin_letters_cannot_be_looked_up(here: Scene) -> None:
    assert population.folded_name(here, PersonName(full="Đỗ O'Brien")) == "DOOBRIEN"
    with pytest.raises(CannotTranslate) as caught:
        population.folded_name(here, PersonName(full="王小明"))
    assert caught.value.code == "mapping_name_not_latin"


def test_the_query_gives_the_day_or_else_the_year(here: Scene) -> None:
    assert population.birth_date_query(here, PartialDate(year=1985, month=5, day=20)) == {
        "NgayThangNam": "19850520"
    }
    assert population.birth_date_query(here, PartialDate(year=1985, month=5)) == {"Nam": "1985"}
    assert population.birth_date_query(here, PartialDate(certainty="unknown")) is None


def test_the_number_on_a_card_is_the_personal_number(here: Scene) -> None:
    card = paper("citizen_id_card", "099197000001")
    old = paper("identity_card_9", "073000001")
    assert population.personal_number(here, "099197000009", card) == "099197000009"
    assert population.personal_number(here, None, card) == "099197000001"
    assert population.personal_number(here, None, old) is None
    assert population.personal_number(here, None, paper("passport", "099197000001")) is None


def test_the_old_number_is_asked_by_only_without_a_personal_number(here: Scene) -> None:
    old = paper("identity_card_9", "073000001")
    assert population.old_number_when_needed(here, None, old, "birth") == "073000001"
    assert population.old_number_when_needed(here, "099197000001", old, "birth") is None
    with pytest.raises(CannotTranslate) as caught:
        population.old_number_when_needed(here, None, paper("passport", "B123"), "birth")
    assert caught.value.code == "mapping_no_number"
    assert shared.old_identity_number(here, old) == "073000001"
    assert shared.old_identity_number(here, paper("passport", "B123")) is None


def test_twins_say_so(here: Scene) -> None:
    twin = population.multiple_birth(here, MultipleBirth(order=2, total=3))
    assert twin == {"laSinhDoi": "true", "thuTu": 2, "tongSo": 3}


def test_the_service_is_the_procedure_or_the_ordinary_one(here: Scene) -> None:
    assert population.service_code(here, "2.000986", "birth") == "2.000986"
    assert population.service_code(here, None, "death") == "1.000656"
    assert population.service_code(here, "1.001193.0000.0000.0000.H60", "birth") == "1.001193"
    assert population.service_code(here, None, "baptism") is None


STAGES = ("received", "supplement_asked", "processing", "completed", "refused")


def test_stages_have_the_states_of_the_portal(here: Scene) -> None:
    assert [one_stop.stage_status(here, stage) for stage in STAGES] == ["4", "5", "4", "9", "3"]
    assert one_stop.taken_status(here, "H60") == "4"


def test_the_remark_names_the_entry_and_is_cut_to_what_fits(here: Scene) -> None:
    assert (
        one_stop.stage_remark(here, "completed", None, "41", "01/2026") == "Đã đăng ký, số 41 quyển 01/2026"
    )
    said = one_stop.stage_remark(here, "refused", "Thiếu giấy", "41", "01/2026")
    assert said == "Không được tiếp nhận, số 41 quyển 01/2026: Thiếu giấy"
    long = one_stop.stage_remark(here, "refused", "dài " * 400, "41", "01/2026")
    assert (len(long), long[-1]) == (1000, "…")


NAME = PersonName(full="LÊ MẪU")


@pytest.mark.parametrize(
    ("people", "identity"),
    [
        ((NAME, "099197000001", None), {"LoaiDinhDanh": "1", "SoDinhDanh": "099197000001"}),
        (
            (NAME, None, paper("identity_card_9", "073000001")),
            {"LoaiDinhDanh": "2", "SoDinhDanh": "073000001"},
        ),
        ((NAME, None, paper("passport", "B1"), NAME, "099197000001", None), None),
        ((None, None, None, NAME, "099197000001", None), {"LoaiDinhDanh": "1", "SoDinhDanh": "099197000001"}),
        ((None, None, None), None),
    ],
)
def test_the_identity_is_that_of_the_named_owner_and_never_a_placeholder(
    here: Scene, people: tuple[Any, ...], identity: dict[str, str] | None
) -> None:
    assert one_stop.first_identity(here, *people) == identity


CLERK = Official(name="Nguyễn Thị Thí Dụ", title="Công chức")
CHAIR = Official(name="Trần Văn Mẫu")


def test_a_step_is_by_whom_the_registry_names_else_by_the_clerk(here: Scene) -> None:
    assert one_stop.handled_by(here, "Lý Thử", "Cổng", CLERK, CHAIR) == "Lý Thử"
    assert one_stop.handled_by(here, "L" * 51, "Cổng", CLERK, CHAIR) == CLERK.name
    assert one_stop.handled_by(here, None, "Cổng", None, CHAIR) == CHAIR.name
    assert one_stop.handled_by(here, None, "Cổng", None, None) == "Cổng"
    assert one_stop.handled_by(here, None, None, None, None) is None


def test_the_title_is_that_of_the_same_person(here: Scene) -> None:
    assert one_stop.handler_title(here, "Lý Thử", "Hệ thống", CLERK, CHAIR) is None
    assert one_stop.handler_title(here, None, "Hệ thống", CLERK, CHAIR) == "Công chức"
    assert one_stop.handler_title(here, None, "Hệ thống", None, CHAIR) is None
    assert one_stop.handler_title(here, None, "Hệ thống", None, None) == "Hệ thống"


def test_plain_values_pass_unchanged(here: Scene) -> None:
    assert shared.as_written(here, "a b") == "a b"
    assert shared.whole_number(here, 2) == 2
    assert shared.whole_number_text(here, 2) == "2"
    assert shared.upper_whole_name(here, PersonName(given="mẫu")) == "MẪU"
