"""An old unit becomes a new one, or a question to a person; never a guess."""

from collections import Counter
from datetime import date

import pytest

from mappings.bridge import Doubt, NoUnit, Question, Same, Successor, bridge, list_links
from mappings.units import UnitLevel, find_unit, list_units

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
TODAY = date(2026, 11, 22)
COMMUNE_LINKS = [link for link in list_links(TODAY) if link.level is UnitLevel.COMMUNE]
NOT_IN_THE_NEW_LIST = "06970"


def test_the_bridge_has_every_link_of_its_source() -> None:
    counts = Counter(link.level.value for link in list_links(TODAY))
    assert counts == {"commune": 10_597, "district": 5, "province": 63}


def test_no_link_existed_before_the_reform() -> None:
    assert list_links(BEFORE) == ()


def test_of_the_old_communes_471_were_split_over_two_to_five_new_ones() -> None:
    """The source counts 472: its five islands without a commune code look like one divided commune there."""
    targets = Counter(link.old_code for link in COMMUNE_LINKS)
    divided = {code: count for code, count in targets.items() if count > 1}
    assert len(divided) == 471
    assert Counter(divided.values()) == {2: 397, 3: 58, 4: 15, 5: 1}
    assert {link.old_code for link in COMMUNE_LINKS if link.is_split} == divided.keys()


def test_every_split_is_a_question_with_all_its_candidates() -> None:
    divided: dict[str, set[str]] = {}
    for link in COMMUNE_LINKS:
        if link.is_split:
            divided.setdefault(link.old_code, set()).add(link.new_code)
    for code, targets in divided.items():
        answer = bridge(code, BEFORE, TODAY)
        assert isinstance(answer, Question)
        assert answer.doubt is Doubt.SPLIT
        assert 2 <= len(answer.candidates) <= 5
        assert targets - {NOT_IN_THE_NEW_LIST} <= {unit.code for unit in answer.candidates}


def test_every_old_commune_has_an_answer_and_only_certain_ones_have_one_unit() -> None:
    kinds: Counter[str] = Counter()
    for unit in list_units(UnitLevel.COMMUNE, BEFORE):
        answer = bridge(unit.code, BEFORE, TODAY)
        kinds[answer.doubt.value if isinstance(answer, Question) else type(answer).__name__] += 1
    assert kinds == {"Successor": 9_560, "split": 471, "successor_not_in_list": 4}


def test_every_new_commune_but_one_is_reached_by_a_link() -> None:
    reached = {link.new_code for link in list_links(TODAY)}
    lonely = [unit.code for unit in list_units(UnitLevel.COMMUNE, AFTER) if unit.code not in reached]
    assert lonely == ["06978"]
    assert find_unit(NOT_IN_THE_NEW_LIST, AFTER) is None


def test_a_link_to_a_code_that_the_list_lacks_is_a_question_even_with_one_candidate() -> None:
    answer = bridge(NOT_IN_THE_NEW_LIST, BEFORE, TODAY)
    assert isinstance(answer, Question)
    assert answer.doubt is Doubt.SUCCESSOR_NOT_IN_LIST
    assert [unit.full_name for unit in answer.candidates] == ["Xã Ba Chẽ"]


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("00001", "00097", "Phường Hồng Hà"),
        ("02", "08", "Tỉnh Tuyên Quang"),
        ("64", "52", "Tỉnh Gia Lai"),
        ("318", "11948", "Đặc khu Bạch Long Vĩ"),
    ],
)
def test_a_unit_that_went_over_whole_has_one_successor(old: str, new: str, name: str) -> None:
    answer = bridge(old, BEFORE, TODAY)
    assert isinstance(answer, Successor)
    assert (answer.unit.code, answer.unit.full_name) == (new, name)


def test_the_same_code_is_another_unit_on_the_other_side() -> None:
    answer = bridge("52", BEFORE, TODAY)
    assert isinstance(answer, Successor)
    assert (answer.old.full_name, answer.unit.full_name) == ("Tỉnh Bình Định", "Tỉnh Gia Lai")


def test_an_abolished_district_is_a_question_without_candidates() -> None:
    answer = bridge("001", BEFORE, TODAY)
    assert isinstance(answer, Question)
    assert (answer.doubt, answer.candidates) == (Doubt.NO_LINK, ())


def test_on_the_same_list_nothing_changes() -> None:
    answer = bridge("08", AFTER, TODAY)
    assert isinstance(answer, Same)
    assert answer.unit.full_name == "Tỉnh Tuyên Quang"


def test_the_bridge_leads_forward_only() -> None:
    answer = bridge("00097", AFTER, BEFORE)
    assert isinstance(answer, Question)
    assert answer.doubt is Doubt.NO_LINK


def test_a_code_that_meant_nothing_on_its_day_has_no_successor() -> None:
    assert bridge("001", AFTER, TODAY) == NoUnit("001", AFTER)
