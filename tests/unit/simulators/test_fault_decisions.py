import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.fault_plan_file import FaultPlanBroken, parse_plan, plan_as_json
from simulators.faults import (
    ITEM_KINDS,
    Asked,
    FaultKind,
    FaultPlan,
    FaultRule,
    decide,
    find_timed,
    refuses_connections,
)

HALF = FaultPlan(7, (FaultRule("one_stop", FaultKind.SERVER_ERROR, probability=0.5),))


def asked(subject: str = "H08.1", occurrence: int = 0, operation: str = "DongBoHoSoMC") -> Asked:
    return Asked("one_stop", operation, subject, subject, occurrence)


def test_the_same_request_is_always_decided_the_same_way() -> None:
    requests = [asked(f"H08.{number}") for number in range(200)]
    first = [decide(HALF, request, {}) for request in requests]
    again = [decide(HALF, request, {}) for request in reversed(requests)]
    assert first == again[::-1]
    assert 60 < sum(map(bool, first)) < 140


def test_another_seed_strikes_other_requests() -> None:
    requests = [asked(f"H08.{number}") for number in range(64)]
    struck = {
        seed: [bool(decide(FaultPlan(seed, HALF.rules), each, {})) for each in requests] for seed in (1, 2)
    }
    assert struck[1] != struck[2]


def test_probability_one_strikes_always_and_zero_never() -> None:
    for probability, expected in ((1.0, True), (0.0, False)):
        plan = FaultPlan(1, (FaultRule("one_stop", FaultKind.HANG, probability=probability),))
        assert all(bool(decide(plan, asked(str(n)), {})) is expected for n in range(50))


def test_a_rule_strikes_an_item_as_often_as_it_says_and_no_more() -> None:
    plan = FaultPlan(1, (FaultRule("one_stop", FaultKind.ANSWER_LOST, times=2),))
    assert decide(plan, asked(), {0: 1}) == {FaultKind.ANSWER_LOST: 0}
    assert decide(plan, asked(), {0: 2}) == {}


def test_times_zero_strikes_for_ever() -> None:
    plan = FaultPlan(1, (FaultRule("one_stop", FaultKind.REFUSAL, times=0),))
    assert decide(plan, asked(), {0: 1000}) == {FaultKind.REFUSAL: 0}


@pytest.mark.parametrize(
    ("rule", "is_struck"),
    [
        (FaultRule("one_stop", FaultKind.HANG, operation="DongBoHoSoMC"), True),
        (FaultRule("one_stop", FaultKind.HANG, operation="TraCuuHoSo"), False),
        (FaultRule("population_db", FaultKind.HANG), False),
        (FaultRule("one_stop", FaultKind.HANG, match="08.1"), True),
        (FaultRule("one_stop", FaultKind.HANG, match="09.1"), False),
    ],
)
def test_selectors_must_all_fit(rule: FaultRule, is_struck: bool) -> None:  # noqa: FBT001 - a column of the table
    assert bool(decide(FaultPlan(1, (rule,)), asked("H08.1"), {})) is is_struck


@pytest.mark.parametrize("kind", sorted(ITEM_KINDS))
def test_faults_of_the_item_do_not_change_when_it_is_sent_again(kind: FaultKind) -> None:
    plan = FaultPlan(3, (FaultRule("one_stop", kind, probability=0.5),))
    for number in range(20):
        decisions = {bool(decide(plan, asked(str(number), occurrence), {})) for occurrence in range(8)}
        assert len(decisions) == 1


def test_faults_of_the_line_are_drawn_anew_each_time() -> None:
    decisions = {bool(decide(HALF, asked("H08.1", occurrence), {})) for occurrence in range(40)}
    assert decisions == {True, False}


def test_outages_begin_and_end_on_time() -> None:
    plan = FaultPlan(1, (FaultRule("one_stop", FaultKind.OUTAGE, from_seconds=2, to_seconds=5),))
    seen = [find_timed(plan, "one_stop", seconds) is not None for seconds in (0, 1.9, 2, 4.9, 5)]
    assert seen == [False, False, True, True, False]
    assert find_timed(plan, "population_db", 3) is None


def test_an_outage_refuses_connections_unless_it_only_answers_unavailable() -> None:
    assert refuses_connections(FaultRule("one_stop", FaultKind.OUTAGE))
    assert refuses_connections(FaultRule("one_stop", FaultKind.CONNECTION_REFUSED))
    assert not refuses_connections(FaultRule("one_stop", FaultKind.OUTAGE, form="unavailable"))
    assert not refuses_connections(None)


def test_every_mistake_of_a_plan_is_named_with_its_place() -> None:
    plan = {
        "seed": "x",
        "faults": [
            {"system": "one_stop", "kind": "hang", "second": 3},
            {"system": "elsewhere", "kind": "hang"},
            {"system": "one_stop", "kind": "server_error", "status": 404},
            {"system": "one_stop", "kind": "refusal", "probability": 2},
            {"system": "one_stop", "kind": "burning"},
            {"system": "one_stop", "kind": "latency", "min_ms": "many"},
        ],
    }
    with pytest.raises(FaultPlanBroken) as caught:
        parse_plan(plan)
    places = [fault.partition(":")[0] for fault in caught.value.faults]
    assert places == [
        "seed",
        "faults[0].second",
        "faults[1].system",
        "faults[2].status",
        "faults[3].probability",
        "faults[4].kind",
        "faults[5].min_ms",
    ]


def test_a_wrong_answer_comes_after_the_commit_unless_said_otherwise() -> None:
    plan = parse_plan({"faults": [{"system": "one_stop", "kind": "wrong_answer"}]})
    assert plan.rules[0].is_committed


@given(
    st.lists(
        st.builds(
            FaultRule,
            system=st.sampled_from(["one_stop", "population_db"]),
            kind=st.sampled_from([FaultKind.HANG, FaultKind.ANSWER_LOST, FaultKind.LATENCY]),
            probability=st.floats(0, 1),
            times=st.integers(0, 9),
            match=st.text(max_size=5),
            is_committed=st.booleans(),
        ),
        max_size=4,
    )
)
def test_a_plan_written_down_reads_back_as_itself(rules: list[FaultRule]) -> None:
    plan = FaultPlan(5, tuple(rules))
    written = plan_as_json(plan)
    for rule in written["faults"]:
        rule.pop("status", None)
    assert parse_plan(written) == plan


def test_all_kinds_can_be_planned() -> None:
    rules = [
        {"system": system, "kind": str(kind)}
        for system, kind in itertools.product(("one_stop", "national_registry"), FaultKind)
    ]
    assert len(parse_plan({"faults": rules}).rules) == len(rules)
