import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gateway.receive.parse import BodyLimits, parse_body
from gateway.receive.plan import plan_steps, shipped_plans
from gateway.receive.validate import Rulebook, validate_event
from mappings.canonical import EVENT_TYPES, json_schema, parse_event
from mappings.catalog import TranslationContext, load_catalog
from simulators.local_registry.township import PARTY_ROLES, Registered, Township, invent

START, NUMBER = datetime(2026, 11, 22, 2, 30, tzinfo=UTC), "099226000123"
DOSSIER_CODE = re.compile(r"H08\.\d{3}-\d{6}-\d{4}")
CENTURY_AND_SEX = {("male", 19): "0", ("female", 19): "1", ("male", 20): "2", ("female", 20): "3"}
SECOND_ENTRIES = ("recognition_entry", "end_entry")


@pytest.fixture(scope="module")
def township() -> Township:
    return invent(1, 400, START, 20)


def _parties(township: Township) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in township.registered:
        for role in PARTY_ROLES:
            if role in event.message:
                yield role, event.message[role]


def _of(township: Township, matter: str) -> list[Registered]:
    return [event for event in township.registered if event.matter == matter]


def test_the_same_seed_and_start_give_the_same_events(township: Township) -> None:
    again = invent(1, 400, START, 20)
    assert again == township
    assert json.dumps([each.message for each in again.registered]) == json.dumps(
        [each.message for each in township.registered]
    )


def test_another_seed_gives_other_events(township: Township) -> None:
    other = invent(2, 400, START, 20)
    assert {each.source_event_id for each in other.registered} != {
        each.source_event_id for each in township.registered
    }


@pytest.mark.parametrize("count", [1, 2, 7, 30])
def test_exactly_as_many_events_as_asked_for(count: int) -> None:
    assert len(invent(5, count, START, 8).registered) == count


@pytest.mark.parametrize("seed", [1, 2, 3, 11])
def test_every_event_passes_the_gateways_rules(seed: int) -> None:
    for event in invent(seed, 200, START, 20).registered:
        parsed = parse_body(json.dumps(event.message).encode(), BodyLimits())
        assert parsed.value is not None
        checked = validate_event(parsed.value, frozenset({"08"}), Rulebook(), START)
        assert (*parsed.findings, *checked.findings) == (), event.source_event_id


def test_every_event_follows_the_published_schema(township: Township) -> None:
    validators = {each: Draft202012Validator(json_schema(each)) for each in EVENT_TYPES}
    for event in township.registered:
        faults = [error.message for error in validators[event.matter].iter_errors(event.message)]
        assert faults == [], event.source_event_id


def test_every_event_can_be_said_to_all_destinations_of_its_plan(township: Township) -> None:
    catalog, plans = load_catalog(), shipped_plans({"personal_id_wait_seconds": 1})
    for event in township.registered:
        parsed = parse_event(event.message)
        for step in plan_steps(plans, parsed):
            context = TranslationContext(
                "GW-1", {"personal_id": NUMBER, "officer_id": NUMBER, **step.facts}, START
            )
            said = catalog.translate(parsed, step.destination.value, step.message, context)
            assert not isinstance(said, tuple), (event.source_event_id, step.name)


def test_entry_numbers_have_no_gaps_and_rise_with_time(township: Township) -> None:
    books: dict[tuple[str, str], list[int]] = defaultdict(list)
    for event in township.registered:
        registration = event.message["registration"]
        seconds = (event.message[each] for each in SECOND_ENTRIES if each in event.message)
        for entry in (registration, *seconds):
            if "number" in entry:
                books[registration["authority_code"], entry["book_code"]].append(int(entry["number"]))
    assert all(after == before + 1 for numbers in books.values() for before, after in pairwise(numbers))
    assert len(books) > 20


def test_dossier_codes_are_of_the_province_and_used_once(township: Township) -> None:
    codes = [event.dossier_code for event in township.registered if event.dossier_code]
    assert all(DOSSIER_CODE.fullmatch(code) for code in codes)
    assert len(set(codes)) == len(codes)
    assert len(codes) < len(township.registered), "some matters come without a dossier"


def test_events_are_registered_one_after_another_within_the_spread(township: Township) -> None:
    moments = [event.registered_at for event in township.registered]
    assert moments == sorted(moments)
    assert moments[0] >= START
    assert moments[-1] < START + timedelta(seconds=20)
    assert all(
        datetime.fromisoformat(event.message["registration"]["registered_at"]) == event.registered_at
        for event in township.registered
    )


def test_a_personal_id_fits_sex_and_birth_year(township: Township) -> None:
    seen = 0
    for _, person in _parties(township):
        number = person.get("personal_id")
        if number is None:
            continue
        seen += 1
        year = person["birth_date"]["year"]
        assert number[:3] == "099"
        assert number[3] == CENTURY_AND_SEX[person["sex"], year // 100]
        assert number[4:6] == f"{year % 100:02d}"
    assert seen > 300


def test_nobody_shares_a_personal_id(township: Township) -> None:
    holders: dict[str, set[str]] = defaultdict(set)
    for _, person in _parties(township):
        if "personal_id" in person:
            holders[person["personal_id"]].add(json.dumps(person["name"], sort_keys=True))
    assert {number for number, names in holders.items() if len(names) > 1} == set()


def test_the_register_knows_everybody_who_is_stated(township: Township) -> None:
    known = {row["personal_id"] for row in township.people}
    stated = {person for event in township.registered for person in event.stated_persons}
    assert stated <= known
    assert set(township.unstated.values()) <= known


def test_someone_with_an_old_card_is_found_by_it_only(township: Township) -> None:
    papers = [
        person["identity_paper"]
        for _, person in _parties(township)
        if person.get("identity_paper", {}).get("kind") == "identity_card_9"
    ]
    assert papers
    rows = {row["old_identity_number"]: row["personal_id"] for row in township.people}
    assert all(rows[paper["number"]] == township.unstated[paper["number"]] for paper in papers)


def test_the_rare_cases_come_up(township: Township) -> None:
    births, marriages, deaths = (_of(township, each) for each in ("birth", "marriage", "death"))
    assert any("multiple" in event.message["birth"] for event in births)
    assert any(event.message["unknown"] == ["father"] for event in births)
    assert any(event.message["birth"]["abandoned"] for event in births)
    assert any(event.message["registration"]["kind"] == "late" for event in births)
    assert any(event.message["child"]["place_of_origin"]["province_code"] != "08" for event in births)
    assert any(" " not in event.message["child"]["name"].get("full", " ") for event in births)
    assert any("linked_code" in event.message.get("dossier", {}) for event in births)
    assert any(event.message["husband"]["marriage_number"] > 1 for event in marriages)
    assert any(event.message["husband"]["nationality"] != "VN" for event in marriages)
    assert any(event.message["registration"]["kind"] == "re_registration" for event in marriages)
    assert len({event.message["death"]["notice"]["kind"] for event in deaths}) == 7
    assert any("time" in event.message["death"]["unknown"] for event in deaths)


def test_dates_may_be_a_year_only_or_fixed_by_rule(township: Township) -> None:
    dates = [person["birth_date"] for _, person in _parties(township)]
    assert any("month" not in each for each in dates)
    by_rule = [each for each in dates if each["certainty"] == "by_rule"]
    assert by_rule
    assert all((each["month"], each["day"]) == (1, 1) for each in by_rule)


def test_twins_differ_in_name_and_order_and_share_their_mother(township: Township) -> None:
    twins: dict[str, list[Registered]] = defaultdict(list)
    for event in _of(township, "birth"):
        if "multiple" in event.message["birth"]:
            twins[event.message["mother"]["personal_id"]].append(event)
    assert twins
    for first, second in twins.values():
        assert [each.message["birth"]["multiple"]["order"] for each in (first, second)] == [1, 2]
        assert first.message["child"]["name"] != second.message["child"]["name"]
        assert first.message["child"]["birth_date"] == second.message["child"]["birth_date"]


def test_some_people_appear_in_several_matters(township: Township) -> None:
    seen = Counter(person for event in township.registered for person in event.stated_persons)
    assert sum(count > 1 for count in seen.values()) > 20


def test_a_village_head_who_reports_deaths_is_no_party(township: Township) -> None:
    reporters = Counter(
        event.message["requester"]["personal_id"]
        for event in _of(township, "death")
        if event.message["requester"]["relation"] == "Trưởng thôn"
    )
    assert max(reporters.values()) > 1
    assert not set(reporters) & {person for each in township.registered for person in each.stated_persons}


def test_names_are_those_of_the_ethnic_groups_of_the_province(township: Township) -> None:
    groups = Counter(person.get("ethnic_group_code", "") for _, person in _parties(township))
    assert {"01", "02", "08", "09"} <= set(groups)
    assert groups["01"] < groups.total() / 2
