from collections.abc import Mapping
from pathlib import Path

import pytest
from lxml import etree

from simulators.exchange_values import Cut, Reply
from simulators.personal_number import number_of
from simulators.population_db.people import Person, folded
from tests.unit.simulators.calls import PopulationCaller, faults, sample_xml

NUMBER = sample_xml("capSoDinhDanh.xml")
NOTICE = sample_xml("thongBaoHoTich.xml")
LOOK_UP = sample_xml("TraCuuThongTinCongDan.xml")
VERIFY = sample_xml("XacThucThongTinCongDan.xml")
MAU = Person("099197000001", "LÊ THỊ MẪU", "19970314", sex="2", province="08", commune="00691")
RULE = {"system": "population_db", "operation": "capSoDinhDanh"}


def text_of(reply: Reply, name: str) -> str | None:
    found = etree.fromstring(reply.body).find(f".//{{*}}{name}")
    return None if found is None else found.text


def request_id(envelope: str, new: str) -> str:
    start, _, rest = envelope.partition("<bca:maYeuCau>")
    return f"{start}<bca:maYeuCau>{new}{rest[rest.index('</bca:maYeuCau>') :]}"


def test_a_number_is_given_in_the_unassigned_range() -> None:
    reply = PopulationCaller().ask(NUMBER)
    assert text_of(reply, "trangThai") == "DA_CAP"
    number = text_of(reply, "soDinhDanh") or ""
    assert number.startswith("099226")
    assert len(number) == 12


def test_the_same_request_gets_the_first_number_again() -> None:
    population = PopulationCaller()
    numbers = {text_of(population.ask(NUMBER), "soDinhDanh") for _ in range(3)}
    assert len(numbers) == 1
    assert population.summary()["held"] == 1
    assert population.summary()["repeats_absorbed"] == 2


def test_numbers_do_not_depend_on_the_order_of_requests() -> None:
    one, two = request_id(NUMBER, "one"), request_id(NUMBER, "two").replace(">THỬ<", ">KHÁC<")
    forth, back = PopulationCaller(), PopulationCaller()
    first = [text_of(forth.ask(each), "soDinhDanh") for each in (one, two)]
    second = [text_of(back.ask(each), "soDinhDanh") for each in (two, one)]
    assert first == second[::-1]
    assert len(set(first)) == 2


def test_the_same_child_under_another_request_is_a_suspected_duplicate() -> None:
    population = PopulationCaller()
    number = text_of(population.ask(NUMBER), "soDinhDanh")
    reply = population.ask(request_id(NUMBER, "second"))
    assert text_of(reply, "trangThai") == "NGHI_TRUNG"
    assert text_of(reply, "soDinhDanh") == number
    assert population.summary()["held"] == 1


def test_a_marked_twin_is_not_a_duplicate() -> None:
    population = PopulationCaller()
    population.ask(NUMBER)
    twin = request_id(NUMBER, "twin").replace("thuTu>1<", "thuTu>2<")
    assert text_of(population.ask(twin), "trangThai") == "DA_CAP"


def test_a_late_number_follows_under_the_same_request() -> None:
    population = PopulationCaller(faults({**RULE, "kind": "late_personal_id", "seconds": 600}))
    assert text_of(population.ask(NUMBER), "trangThai") == "CHO_XU_LY"
    assert text_of(population.ask(NUMBER), "trangThai") == "CHO_XU_LY"
    population.clock.advance(600)
    reply = population.ask(NUMBER)
    assert text_of(reply, "trangThai") == "DA_CAP"
    assert text_of(reply, "soDinhDanh") == population.held()[0]["facts"]["number"]


def test_a_planted_duplicate_quotes_an_existing_number_and_ends() -> None:
    rule = {**RULE, "kind": "suspected_duplicate", "number": "099226123456"}
    population = PopulationCaller(faults(rule))
    reply = population.ask(NUMBER)
    assert text_of(reply, "trangThai") == "NGHI_TRUNG"
    assert "099226123456" in (text_of(reply, "moTa") or "")
    assert text_of(population.ask(NUMBER), "trangThai") == "DA_CAP"


@pytest.mark.parametrize(("form", "status"), [("", "TU_CHOI"), ("technical", "LOI_KY_THUAT")])
def test_a_refusal_can_be_planted(form: str, status: str) -> None:
    population = PopulationCaller(faults({**RULE, "kind": "refusal", "form": form}))
    reply = population.ask(NUMBER)
    assert text_of(reply, "trangThai") == status
    assert text_of(reply, "maLoi")
    assert population.held() == []


def test_no_number_for_a_child_of_another_nationality() -> None:
    foreign = NUMBER.replace("<bca:quocTich>VN</bca:quocTich>", "<bca:quocTich>LA</bca:quocTich>", 1)
    assert text_of(PopulationCaller().ask(foreign), "trangThai") == "TU_CHOI"


def test_an_answer_lost_after_commit_gives_the_same_number_later() -> None:
    population = PopulationCaller(faults({**RULE, "kind": "answer_lost"}))
    assert isinstance(population.try_ask(NUMBER), Cut)
    given = population.held()[0]["facts"]["number"]
    assert text_of(population.ask(NUMBER), "soDinhDanh") == given


def test_a_notice_is_taken_once_per_request() -> None:
    population = PopulationCaller()
    answers = [text_of(population.ask(NOTICE), "trangThai") for _ in range(2)]
    assert answers == ["DA_NHAN", "DA_NHAN"]
    assert [each["body"]["loaiSuKien"] for each in population.held()] == ["DEATH"]


def test_a_second_death_of_one_person_is_doubted() -> None:
    population = PopulationCaller()
    population.ask(NOTICE)
    assert text_of(population.ask(request_id(NOTICE, "other")), "trangThai") == "NGHI_SAI"


def test_a_death_can_be_cancelled_and_told_again() -> None:
    population = PopulationCaller()
    population.ask(NOTICE)
    cancelled = request_id(NOTICE, "cancel").replace(">DEATH<", ">DEATH_CANCELLED<")
    assert text_of(population.ask(cancelled), "trangThai") == "DA_NHAN"
    assert text_of(population.ask(request_id(NOTICE, "again")), "trangThai") == "DA_NHAN"


def test_a_notice_about_nobody_is_refused_where_only_known_people_count() -> None:
    population = PopulationCaller(known_only=True)
    assert text_of(population.ask(NOTICE), "trangThai") == "KHONG_TIM_THAY"
    population.database.preload([Person("099041000004", "HOÀNG VĂN GIẢ ĐỊNH", "1941")])
    assert text_of(population.ask(NOTICE), "trangThai") == "DA_NHAN"


def test_a_correction_of_sex_needs_a_new_number() -> None:
    correction = NOTICE.replace(">DEATH<", ">CORRECTION<").replace(">tinhTrang<", ">gioiTinh<")
    assert text_of(PopulationCaller().ask(correction), "trangThai") == "PHAI_CAP_LAI_SO"


def test_a_look_up_finds_who_agrees_in_all_three_facts() -> None:
    population = PopulationCaller()
    population.database.preload([MAU])
    assert text_of(population.ask(LOOK_UP), "SoDinhDanh") == MAU.personal_id


@pytest.mark.parametrize(
    ("right", "wrong"), [("LETHIMAU", "LETHIMAN"), (">1997<", ">1998<"), ("099197000001", "099197000002")]
)
def test_one_wrong_fact_looks_like_nobody(right: str, wrong: str) -> None:
    population = PopulationCaller()
    population.database.preload([MAU])
    reply = population.ask(LOOK_UP.replace(right, wrong))
    assert reply.status == 200
    assert b"CongdanCollection" in reply.body
    assert text_of(reply, "CongDan") is None
    assert b"CongDan>" not in reply.body


def test_answers_come_in_the_published_and_in_the_live_form() -> None:
    population = PopulationCaller()
    population.database.preload([MAU])
    answers = [
        population.ask(LOOK_UP.replace("GW-20261122-000017", f"GW-{number}")).body.decode()
        for number in range(20)
    ]
    assert any("MaDonViHanhChinh" in each and "1997-03-14" in each for each in answers)
    assert any("MaPhuongXa" in each and "19970314" in each for each in answers)


def test_a_child_with_a_number_can_be_looked_up() -> None:
    population = PopulationCaller()
    number = text_of(population.ask(NUMBER), "soDinhDanh") or ""
    query = LOOK_UP.replace("099197000001", number).replace("LETHIMAU", "PHAMTHU").replace(">1997<", ">2026<")
    assert text_of(population.ask(query), "SoDinhDanh") == number


@pytest.mark.parametrize(("people", "exists"), [([MAU], "true"), ([], "false")])
def test_verification_says_yes_or_no(people: list[Person], exists: str) -> None:
    population = PopulationCaller()
    population.database.preload(people)
    assert text_of(population.ask(VERIFY), "TonTai") == exists


def fault_code(population: PopulationCaller, envelope: str, headers: Mapping[str, str] | None = None) -> str:
    reply = population.ask(envelope, headers)
    assert reply.status == 500
    return text_of(reply, "faultcode") or ""


@pytest.mark.parametrize(
    "envelope",
    [
        "<not xml",
        "<a/>",
        f"<!DOCTYPE x [<!ENTITY e 'x'>]>{NUMBER.partition('?>')[2]}",
        NUMBER.replace("gioiTinh>1<", "gioiTinh>3<"),
        NUMBER.replace("ngaySinh>20261030<", "ngaySinh>20261330<"),
        NUMBER.replace("danToc>01<", "danToc>99<"),
        NUMBER.replace("capSoDinhDanh", "capSoKhac"),
        LOOK_UP.replace(">037<", ">003<"),
        LOOK_UP.replace("<bca:SoDinhDanh>099197000001</bca:SoDinhDanh>", ""),
    ],
)
def test_what_does_not_follow_the_contract_is_a_client_fault(envelope: str) -> None:
    population = PopulationCaller()
    assert fault_code(population, envelope) == "soapenv:Client"
    assert population.held() == []


def test_a_wrong_secret_or_an_old_timestamp_is_refused() -> None:
    population = PopulationCaller()
    for headers in (population.signed_headers(secret="other"), population.signed_headers(age_seconds=3600)):
        assert fault_code(population, NUMBER, headers) == "soapenv:Client.Authentication"
    assert population.held() == []


def test_an_expired_credential_can_be_planted() -> None:
    population = PopulationCaller(faults({**RULE, "kind": "expired_token"}))
    assert fault_code(population, NUMBER) == "soapenv:Client.Authentication"
    assert text_of(population.ask(NUMBER), "trangThai") == "DA_CAP"


def test_a_restarted_database_gives_the_same_number(tmp_path: Path) -> None:
    first = text_of(PopulationCaller(directory=tmp_path).ask(NUMBER), "soDinhDanh")
    again = PopulationCaller(directory=tmp_path)
    assert text_of(again.ask(NUMBER), "soDinhDanh") == first
    assert again.summary()["held"] == 1


def test_planted_faults_are_chosen_by_dossier_not_by_request_id() -> None:
    plan = faults({**RULE, "kind": "suspected_duplicate", "probability": 0.5})
    statuses = set()
    for number in range(12):
        envelope = request_id(NUMBER, f"random-{number}")
        statuses.add(text_of(PopulationCaller(plan).ask(envelope), "trangThai"))
    assert len(statuses) == 1


def test_numbers_follow_century_and_sex() -> None:
    assert number_of("1", "1941", 4) == "099041000004"
    assert number_of("2", "1998", 2) == "099198000002"
    assert number_of("1", "2026", 3) == "099226000003"
    assert number_of("2", "2026", 3) == "099326000003"


def test_names_are_folded_as_queries_spell_them() -> None:
    assert folded("Đỗ  Thị Ngọc-Ánh") == "DOTHINGOCANH"
