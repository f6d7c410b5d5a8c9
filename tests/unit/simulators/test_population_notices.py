from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from simulators.contract import contract_of
from simulators.population_db.people import Person
from tests.unit.simulators.calls import PopulationCaller, faults, sample_xml

KINDS = sorted(contract_of("population_db").codes("event_kind"))
NEED_CHANGES = sorted(
    row["code"] for row in contract_of("population_db").table("event_kind") if row["changes"] == "required"
)
SAMPLES = [
    path
    for path in sorted((contract_of("population_db").folder / "samples").glob("thongBaoHoTich*.xml"))
    if not path.stem.endswith("_answer")
]
DEATH_ID = "0199a1b2-0000-7000-8000-000000000002.ntc"
DEAD = "099041000004"
Change = tuple[str, str, str]


def notice(
    kind: str,
    request: str = "request-1",
    number: str = DEAD,
    changes: tuple[Change, ...] = (),
    replaced: str = "",
) -> str:
    told = "".join(
        f"<bca:thayDoi><bca:truong>{field}</bca:truong><bca:giaTriCu>{old}</bca:giaTriCu>"
        f"<bca:giaTriMoi>{new}</bca:giaTriMoi></bca:thayDoi>"
        for field, old, new in changes
    )
    back = f"<bca:suKienBiThayThe>{replaced}</bca:suKienBiThayThe>" if replaced else ""
    return (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:bca="http://dancuquocgia.bca"><soapenv:Body><bca:thongBaoHoTich>'
        f"<bca:maYeuCau>{request}</bca:maYeuCau><bca:loaiSuKien>{kind}</bca:loaiSuKien>"
        f"<bca:soDinhDanh>{number}</bca:soDinhDanh><bca:ngaySuKien>20261101</bca:ngaySuKien>"
        "<bca:soDangKy>7</bca:soDangKy><bca:ngayDangKy>20261103</bca:ngayDangKy>"
        f"<bca:maDonVi>00691</bca:maDonVi>{told}{back}"
        "</bca:thongBaoHoTich></soapenv:Body></soapenv:Envelope>"
    )


def said(population: PopulationCaller, envelope: str) -> str | None:
    found = etree.fromstring(population.ask(envelope).body).find(".//{*}trangThai")
    return None if found is None else found.text


def person(population: PopulationCaller, number: str) -> Mapping[str, object]:
    return next(each.as_json() for each in population.database.everyone() if each.personal_id == number)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_sample_notice_is_taken_and_a_corrected_birth_year_needs_a_number(path: Path) -> None:
    population = PopulationCaller()
    if path.stem.endswith("cancelled"):
        population.ask(sample_xml("thongBaoHoTich.xml"))
    wanted = "PHAI_CAP_LAI_SO" if path.stem.endswith("correction") else "DA_NHAN"
    assert said(population, path.read_text(encoding="utf-8")) == wanted


@pytest.mark.parametrize("kind", NEED_CHANGES)
def test_a_change_that_names_no_field_is_refused(kind: str) -> None:
    population = PopulationCaller()
    assert said(population, notice(kind)) == "TU_CHOI"
    assert population.held() == []


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(NEED_CHANGES)))
def test_the_other_kinds_need_none(kind: str) -> None:
    assert said(PopulationCaller(), notice(kind)) == "DA_NHAN"


@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_can_be_planted_on_every_kind(kind: str) -> None:
    rule = {"system": "population_db", "operation": "thongBaoHoTich", "kind": "refusal"}
    changes = (("tuyenBo", "", "MAT_TICH"),)
    population = PopulationCaller(faults(rule))
    assert said(population, notice(kind, changes=changes)) == "TU_CHOI"
    assert said(population, notice(kind, changes=changes)) == "DA_NHAN"


def test_a_cancelled_death_names_the_notice_that_it_takes_back() -> None:
    population = PopulationCaller()
    assert said(population, notice("DEATH", DEATH_ID)) == "DA_NHAN"
    wrong = notice("DEATH_CANCELLED", "request-2", replaced="another")
    assert said(population, wrong) == "NGHI_SAI"
    right = notice("DEATH_CANCELLED", "request-3", replaced=DEATH_ID)
    assert said(population, right) == "DA_NHAN"
    assert said(population, notice("DEATH_CANCELLED", "request-4", replaced=DEATH_ID)) == "NGHI_SAI"


def test_who_lives_in_the_register_cannot_come_back_to_life() -> None:
    population = PopulationCaller()
    population.database.preload([Person(DEAD, "HOÀNG VĂN GIẢ ĐỊNH", "1941")])
    assert said(population, notice("DEATH_CANCELLED")) == "NGHI_SAI"
    assert said(population, notice("DEATH", "request-2")) == "DA_NHAN"
    assert person(population, DEAD)["is_dead"] is True
    assert said(population, notice("DEATH_CANCELLED", "request-3")) == "DA_NHAN"
    assert person(population, DEAD)["is_dead"] is False


def test_a_declaration_of_death_counts_as_a_death_and_can_be_taken_back() -> None:
    population = PopulationCaller()
    declared = notice("DECLARATION", "request-1", changes=(("tuyenBo", "", "DA_CHET"),))
    assert said(population, declared) == "DA_NHAN"
    assert said(population, notice("DEATH", "request-2")) == "NGHI_SAI"
    assert said(population, notice("DEATH_CANCELLED", "request-3", replaced="request-1")) == "DA_NHAN"
    assert said(population, notice("DEATH", "request-4")) == "DA_NHAN"


def test_other_notices_leave_the_dead_dead() -> None:
    population = PopulationCaller()
    population.database.preload([Person(DEAD, "HOÀNG VĂN GIẢ ĐỊNH", "1941", is_dead=True)])
    said(population, notice("CHANGE", changes=(("queQuan", "", "Tổ 5"),)))
    assert person(population, DEAD)["is_dead"] is True


@pytest.mark.parametrize("kind", ["CORRECTION", "CHANGE", "BIRTH_CHANGE"])
@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (("gioiTinh", "1", "2"), "PHAI_CAP_LAI_SO"),
        (("namSinh", "1941", "1942"), "PHAI_CAP_LAI_SO"),
        (("ngaySinh", "19410209", "19420209"), "PHAI_CAP_LAI_SO"),
        (("ngaySinh", "1941", "194202"), "PHAI_CAP_LAI_SO"),
        (("ngaySinh", "19410209", "19410210"), "DA_NHAN"),
        (("ngaySinh", "1941", "19410209"), "DA_NHAN"),
        (("me.ngaySinh", "1960", "1961"), "DA_NHAN"),
        (("hoTen", "A", "B"), "DA_NHAN"),
    ],
)
def test_only_another_sex_or_birth_year_needs_a_new_number(kind: str, change: Change, wanted: str) -> None:
    assert said(PopulationCaller(), notice(kind, changes=(change,))) == wanted


def test_ethnic_group_and_marital_status_are_taken_over() -> None:
    population = PopulationCaller()
    population.database.preload([Person(DEAD, "HOÀNG VĂN GIẢ ĐỊNH", "1941", ethnic_group="01")])
    said(population, notice("ETHNICITY", "request-1", changes=(("danToc", "01", "02"),)))
    said(population, notice("MARRIAGE", "request-2"))
    assert (person(population, DEAD)["ethnic_group"], person(population, DEAD)["marital_status"]) == (
        "02",
        "2",
    )
    annulled = notice("DIVORCE", "request-3", changes=(("tinhTrangHonNhan", "2", "1"),))
    said(population, annulled)
    assert person(population, DEAD)["marital_status"] == "1"


def test_a_field_outside_the_list_breaks_the_schema() -> None:
    population = PopulationCaller()
    reply = population.ask(notice("CHANGE", changes=(("mauMat", "", "xanh"),)))
    assert reply.status == 500
    assert b"Client" in reply.body
    assert population.held() == []


def test_a_restarted_database_still_knows_which_death_was_told(tmp_path: Path) -> None:
    PopulationCaller(directory=tmp_path).ask(notice("DEATH", DEATH_ID))
    again = PopulationCaller(directory=tmp_path)
    assert said(again, notice("DEATH", "request-2")) == "NGHI_SAI"
    assert said(again, notice("DEATH_CANCELLED", "request-3", replaced=DEATH_ID)) == "DA_NHAN"
