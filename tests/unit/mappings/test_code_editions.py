"""Lists by system and edition: what each holds, and that nobody changes one code unnoticed."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from mappings.canonical import EVENT_TYPES
from mappings.codes import find_century_sex, find_partner_code, find_personal_id_place, list_partner_lists
from mappings.csv_files import MAPPINGS, read_rows
from mappings.editions import (
    CodeEntry,
    EditionNotFound,
    diff_editions,
    find_code,
    get_series,
    list_editions,
    list_entries,
    list_series,
)
from mappings.loading import PARTNERS
from mappings.units import UnitLevel, list_units

CODE_COLUMNS = ("list", "edition", "term", "code", "valid_from", "valid_to", "mark", "note")
BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 11, 22)

FINGERPRINTS = {
    ("administrative_units", "official", "until_2025_06"): "bd83f9669a91ba66",
    ("administrative_units", "official", "from_2025_07"): "e6fcf424aaee1d78",
    ("ethnic_groups", "official", "official_two_digits"): "4e1ed25b89a96b42",
    ("countries", "official", "iso_3166_1"): "c2110fc8df968beb",
    ("books", "official", "books"): "6cbb6476392a3532",
    ("procedures", "official", "national"): "fd1b5fb355690463",
    ("personal_id_places", "official", "circular_07_2016"): "b883c4f30c392a7e",
    ("personal_id_century_sex", "official", "circular_07_2016"): "48b456b405029542",
    ("missions", "official", "proposed"): "e3c41b6e6825d0c0",
    ("sex", "national_registry", "digitised_books"): "83e53240a3525183",
    ("sex", "population_db", "qcvn_109_2017"): "e398d5bf17d870d2",
    ("sex", "judicial_records", "provincial_bus"): "0b05941f54121130",
    ("residence", "national_registry", "digitised_books"): "5ae4382ea1cb963b",
    ("identity_document", "national_registry", "digitised_books"): "57ab62402c133df7",
    ("identity_document", "judicial_records", "provincial_bus"): "7e905dda6476f32b",
    ("marital_status", "national_registry", "electronic_form"): "7670e4e8b131f9d6",
    ("marital_status", "population_db", "qcvn_109_2017"): "152061c8db5ae53b",
    ("registration_kind", "national_registry", "digitised_books"): "9683450463b2b3b3",
    ("registration_kind_marriage", "national_registry", "digitised_books"): "57759c80991b30fa",
    ("registration_kind_parent_child", "national_registry", "digitised_books"): "2576b20e121a7129",
    ("birth_kind", "national_registry", "digitised_books"): "a56ffb2d6dcec4cd",
    ("death_notice", "national_registry", "digitised_books"): "adda1088e79086a4",
    ("recognition_kind", "national_registry", "digitised_books"): "e6838a6b0d789471",
    ("certificate_purpose", "national_registry", "digitised_books"): "5cf7711b625945c1",
    ("relation_to_head", "population_db", "qcvn_109_2017"): "56e03d2959a1d8f7",
}
"""Of every cell of an edition. One that was in force is never changed: a new one follows it instead."""


def _entries(list_name: str, series: str, edition: str) -> Iterator[CodeEntry]:
    for on_date in (BEFORE, TODAY):
        for entry in list_entries(list_name, series, on_date):
            if entry.edition == edition:
                yield entry


def _fingerprint(list_name: str, series: str, edition: str) -> str:
    lines = {"\t".join(entry.more.values()) for entry in _entries(list_name, series, edition)}
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


@pytest.mark.parametrize("key", FINGERPRINTS, ids="/".join)
def test_no_code_of_a_shipped_edition_has_changed(key: tuple[str, str, str]) -> None:
    assert _fingerprint(*key) == FINGERPRINTS[key]


def test_every_shipped_edition_has_its_fingerprint() -> None:
    shipped = {(each.series.list_name, each.series.series, each.name) for each in list_editions()}
    assert shipped == FINGERPRINTS.keys()


def test_the_fingerprint_sees_a_single_letter() -> None:
    key = ("ethnic_groups", "official", "official_two_digits")
    lines = sorted(f"{entry.code}\t{entry.name}" for entry in _entries(*key))
    changed = [lines[0].lower(), *lines[1:]]
    digests = {hashlib.sha256("\n".join(each).encode()).hexdigest() for each in (lines, changed)}
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("series", "meaning"),
    [("national_registry", None), ("population_db", "no information"), ("judicial_records", "female")],
)
def test_sex_0_is_nothing_no_information_or_female_by_system(series: str, meaning: str | None) -> None:
    entry = find_code("sex", series, "0", TODAY)
    assert (entry and entry.more["name_en"]) == meaning


@pytest.mark.parametrize("series", ["national_registry", "population_db"])
def test_a_partner_is_told_a_sex_in_its_own_edition_only(series: str) -> None:
    for term in ("male", "female"):
        code = find_partner_code(series, "sex", term, TODAY)
        assert code is not None
        entry = find_code("sex", series, code, TODAY)
        assert entry is not None
        assert entry.more["name_en"] == term


def test_the_same_paper_has_another_code_in_the_judicial_records() -> None:
    ours = find_code("identity_document", "national_registry", "4", TODAY)
    theirs = find_code("identity_document", "judicial_records", "3", TODAY)
    other = find_code("identity_document", "national_registry", "3", TODAY)
    assert ours is not None
    assert theirs is not None
    assert other is not None
    assert ours.name == theirs.name != other.name


def test_every_code_that_a_partner_is_told_stands_in_its_list() -> None:
    known = {(each.list_name, each.series) for each in list_series()}
    checked = 0
    for partner in ("national_registry", "population_db"):
        for list_name in list_partner_lists(partner):
            if (list_name, partner) not in known:
                continue
            for row in read_rows(MAPPINGS / partner / "codes.csv", _CODE_COLUMNS):
                if row["list"] == list_name:
                    assert find_code(list_name, partner, row["code"], TODAY), (
                        partner,
                        list_name,
                        row["code"],
                    )
                    checked += 1
    assert checked > 30


_CODE_COLUMNS = ("list", "edition", "term", "code", "valid_from", "valid_to", "mark", "note")


def test_of_the_3321_new_communes_3315_bear_a_code_that_an_old_one_bore() -> None:
    old = {unit.code: unit for unit in list_units(UnitLevel.COMMUNE, BEFORE)}
    new = {unit.code: unit for unit in list_units(UnitLevel.COMMUNE, AFTER)}
    assert (len(old), len(new)) == (10_035, 3_321)
    again = new.keys() & old.keys()
    assert len(again) == 3_315
    same_name = [code for code in again if old[code].full_name == new[code].full_name]
    assert len(same_name) == 1_104


def test_the_new_communes_are_2611_697_and_13_by_kind() -> None:
    kinds = [unit.unit_type for unit in list_units(UnitLevel.COMMUNE, AFTER)]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        "Phường": 697,
        "Xã": 2_611,
        "Đặc khu": 13,
    }


def test_the_differences_of_two_editions_add_up() -> None:
    found = diff_editions("administrative_units", "until_2025_06", "from_2025_07")
    old, new = 63 + 696 + 10_035, 34 + 3_321
    assert len(found.added) - len(found.removed) == new - old
    assert len(found.added) == 6
    assert not found.is_empty
    renamed = {before.code: after.more["full_name"] for before, after in found.renamed}
    assert renamed["52"] == "Tỉnh Gia Lai"
    assert diff_editions("administrative_units", "from_2025_07", "from_2025_07").is_empty


def test_editions_of_two_systems_can_be_compared() -> None:
    found = diff_editions("sex", "population_db:qcvn_109_2017", "judicial_records:provincial_bus")
    assert [(old.name, new.name) for old, new in found.renamed] == [("Chưa có thông tin", "Nữ")]
    assert [entry.code for entry in found.removed] == ["2"]


@pytest.mark.parametrize("edition", ["until_1999", "population_db:digitised_books", ""])
def test_an_edition_that_is_not_there_cannot_be_compared(edition: str) -> None:
    with pytest.raises(EditionNotFound):
        diff_editions("sex", edition, "digitised_books")


def test_a_list_that_a_system_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError):
        find_code("sex", "one_stop", "0", TODAY)
    with pytest.raises(KeyError):
        get_series("colours", "official")


def test_every_list_says_its_source_and_mark() -> None:
    for each in list_series():
        assert each.source
        assert each.mark in {"S", "I"}
        assert each.name_vi != each.name_en


@pytest.mark.parametrize(
    ("code", "place"),
    [("001", "Hà Nội"), ("008", "Tuyên Quang"), ("052", "Bình Định"), ("064", "Gia Lai"), ("096", "Cà Mau")],
)
def test_the_place_of_a_personal_id_keeps_its_old_province(code: str, place: str) -> None:
    """The numbers are not changed by the reform of 2025: 052 stays Bình Định."""
    for on_date in (BEFORE, TODAY):
        entry = find_personal_id_place(code, on_date)
        assert entry is not None
        assert entry.name == place


def test_the_place_table_of_personal_ids_has_63_rows_and_not_099() -> None:
    places = list_entries("personal_id_places", "official", TODAY)
    assert len(places) == 63
    assert find_personal_id_place("099", TODAY) is None


@pytest.mark.parametrize("digit", range(10))
def test_the_fourth_digit_of_a_personal_id_is_even_for_men_and_odd_for_women(digit: int) -> None:
    found = find_century_sex(str(digit), TODAY)
    assert found is not None
    assert found.sex == ("female" if digit % 2 else "male")
    assert found.birth_year_from == 1900 + 100 * (digit // 2)


def test_the_lists_of_kinds_are_there_for_the_events_that_need_them() -> None:
    needed = {"birth": "birth_kind", "parent_child_recognition": "recognition_kind", "death": "death_notice"}
    assert needed.keys() <= EVENT_TYPES.keys()
    for list_name in needed.values():
        assert list_entries(list_name, "national_registry", TODAY)


PARTNER_FINGERPRINTS: Mapping[tuple[str, str, str], str] = {
    ("national_registry", "sex", "digitised_books"): "ddf2e87d25684e6d",
    ("national_registry", "residence", "digitised_books"): "e993939cc7046c85",
    ("national_registry", "identity_document", "digitised_books"): "388c83448094c577",
    ("national_registry", "identity_document_name", "circular_04_2020"): "bd25919dfc893d8d",
    ("national_registry", "registration_kind", "digitised_books"): "609be66c51b41f05",
    ("national_registry", "registration_kind_marriage", "digitised_books"): "01950047125a3ce8",
    ("national_registry", "birth_kind", "digitised_books"): "5e92b45bc42e601d",
    ("national_registry", "death_notice", "digitised_books"): "34b5ab282df0b586",
    ("national_registry", "marital_status", "electronic_form"): "892d501a15c3fa41",
    ("national_registry", "marital_status_name", "electronic_form"): "d58afeeec3678cb1",
    ("national_registry", "attachment", "proposed"): "e723ed210f2a8a08",
    ("national_registry", "registration_kind_marriage", "proposed"): "28a5d8961949b51b",
    ("national_registry", "registration_kind_parent_child", "digitised_books"): "294cd7c28289f282",
    ("national_registry", "registration_kind_book", "proposed"): "04b619eac9a71269",
    ("national_registry", "parent_child_kind", "digitised_books"): "efb631d086a37801",
    ("national_registry", "guardianship_kind", "proposed"): "0611ebe0930be6e6",
    ("national_registry", "ward_condition", "proposed"): "6f9574b04b9159a2",
    ("national_registry", "guardianship_end_kind", "proposed"): "e737d3e464154583",
    ("national_registry", "adoption_giver", "proposed"): "c5c25328a9b7b9ad",
    ("national_registry", "correction_kind", "electronic_form"): "81a24726d31becdf",
    ("national_registry", "certified_status", "electronic_form"): "43c89f75c276a3f8",
    ("national_registry", "certificate_purpose", "digitised_books"): "de6b4461f65c7187",
    ("national_registry", "divorce_note_kind", "proposed"): "4d0c7bfcb78904a3",
    ("national_registry", "remark_kind", "proposed"): "f685dc3e00ad3ef9",
    ("national_registry", "remark_text", "proposed"): "9c1b534ba6b5ca2c",
    ("national_registry", "revoked_paper", "proposed"): "84414df6c80180de",
    ("national_registry", "copy_kind", "proposed"): "5ec58d04fa8341ea",
    ("national_registry", "yes_no", "linked_service"): "a114c9b6762bec80",
    ("national_registry", "changed_subject", "proposed"): "e272b59c77f3326a",
    ("national_registry", "changed_field", "proposed"): "978f8a6357be1505",
    ("national_registry", "changed_field_name", "proposed"): "fc99bf93759ef6fe",
    ("national_registry", "certified_status_name", "electronic_form"): "0419cec76ba072a5",
    ("population_db", "sex", "qcvn_109_2017"): "2e0ef33ed5758cde",
    ("population_db", "ordinary_service", "national"): "569f34b3364a3a19",
    ("population_db", "change_event", "ours"): "dedf163b6a6c25d4",
    ("population_db", "decision_event", "ours"): "79cdbe5f49d87080",
    ("population_db", "spouse_event", "ours"): "8ef0c1a1b7f0745a",
    ("population_db", "declaration", "ours"): "98770ee81497526a",
    ("population_db", "changed_field", "ours"): "86c5f93e739b7fe6",
    ("population_db", "marital_status", "qcvn_109_2017"): "ff8ca41a820df89b",
    ("population_db", "recognised_side", "ours"): "5804ca8ed2cd3a86",
    ("population_db", "revoked_paper", "ours"): "78ad4e5bff816db2",
    ("one_stop", "dossier_status", "national_portal"): "7a054355aa0fced1",
    ("one_stop", "linked_state", "linked_service"): "c0911ea4c434ad0c",
    ("one_stop", "linked_office", "linked_service"): "fc83659147d5fc83",
    ("one_stop", "stage_words", "ours"): "b492862d6b820d9b",
    ("one_stop", "identity_kind", "national_portal"): "ea25be3bd7728be1",
}
"""Of what a partner is told: term, code and days of each list in each edition."""


def _partner_editions() -> Mapping[tuple[str, str, str], str]:
    told: dict[tuple[str, str, str], list[str]] = {}
    for partner in PARTNERS:
        for row in read_rows(MAPPINGS / partner / "codes.csv", CODE_COLUMNS):
            line = "\t".join(row[name] for name in ("term", "code", "valid_from", "valid_to"))
            told.setdefault((partner, row["list"], row["edition"]), []).append(line)
    return {
        key: hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16] for key, lines in told.items()
    }


@pytest.mark.parametrize("key", PARTNER_FINGERPRINTS, ids="/".join)
def test_no_code_that_a_partner_is_told_has_changed(key: tuple[str, str, str]) -> None:
    assert _partner_editions()[key] == PARTNER_FINGERPRINTS[key]


def test_every_edition_that_a_partner_is_told_has_its_fingerprint() -> None:
    assert _partner_editions().keys() == PARTNER_FINGERPRINTS.keys()
