"""What the oracle holds the queue to: as many in time as anybody could, and not more."""

from dataclasses import replace

import pytest

from retry_queue.job import JobId, NewJob, OrderingKey
from retry_queue.job import Lane as LaneName
from retry_queue.proof.chronicle import Cause, Chronicle, Life
from retry_queue.proof.clairvoyant import Clairvoyant, Verdict
from retry_queue.proof.inmate import wall
from retry_queue.proof.knowing import Shift
from retry_queue.proof.openings import SHARP, Lane, Limits, by_the_breaker
from retry_queue.proof.scheduler import Scheduler
from retry_queue.proof.world import (
    Coins,
    Journal,
    Manner,
    Mishap,
    Sky,
    Spell,
    Spent,
    Told,
    Weather,
    mishap_of,
)
from retry_queue.states import State

SERVICE, DUE, OVER = 10, 1_000, 5_000
ALWAYS = 1.0
OUTAGE = (20, 2_000)
"""Two jobs fit in before it, one after the other; it ends after all are due."""
ONE_PLACE = Manner(SERVICE, 1, 30, fault_share=0.0)
TWO_PLACES = replace(ONE_PLACE, places=2)


def _life(name: str, lane: str, causes: tuple[Cause, ...] = (), at: int = 0, due: int = DUE) -> Life:
    new = NewJob(JobId(name), LaneName(lane), "record", wall(due), frozenset({OrderingKey(f"person:{name}")}))
    return Life(new, 0, at, causes, "process-1", state=State.DONE)


def _judged(
    lives: list[Life],
    applied: dict[str, int],
    limits: Limits = SHARP,
    shifts: tuple[Shift, ...] = (Shift("process-1", 0, OVER),),
    manner: Manner = ONE_PLACE,
    spent: tuple[Spent, ...] = (),
    claims: tuple[int, ...] = (),
) -> Verdict:
    chronicle, journal = Chronicle(Scheduler()), Journal()
    chronicle.found = {("process-1", "first"): list(claims)}
    chronicle.lives = {life.new.job_id: life for life in lives}
    for name, at in applied.items():
        journal.apply(name, at)
    journal.spent = {
        (each.job_id, Told.REFUSED if each.job_id == "refused" else str(number)): each
        for number, each in enumerate(spent)
    }
    sky = Sky("first", [Spell("first", Weather.DOWN, *OUTAGE)])
    lanes = {"first": Lane(manner, sky, 1), "second": Lane(ONE_PLACE, Sky("second", []), 1)}
    clairvoyant = Clairvoyant(chronicle, lanes, Coins("any"), str, lambda at: at, limits)
    return clairvoyant.judge(journal, shifts, OVER)


THREE = [_life("a", "first"), _life("b", "first"), _life("c", "first")]
FOLLOWER = _life("follower", "second", (Cause("c"),), at=2_010)


def test_as_many_as_fit_in_before_the_outage_must_be_there_whichever_they_are() -> None:
    verdict = _judged(THREE, {"b": 10, "c": 20, "a": 2_010})
    assert (verdict.missed, verdict.unavoidable, verdict.regret) == (("a",), ("a",), 0)


def test_one_fewer_than_fit_in_is_regretted() -> None:
    assert _judged(THREE, {"b": 15, "a": 2_010, "c": 2_020}).regret == 1


def test_what_follows_from_one_that_somebody_had_to_be_given_up_for_is_late_with_anybody() -> None:
    """Who cannot know that something will follow from `c` may as well give that one up."""
    verdict = _judged([*THREE, FOLLOWER], {"a": 10, "b": 20, "c": 2_010, "follower": 2_020})
    assert (verdict.unavoidable, verdict.regret) == (("c", "follower"), 0)


def test_what_follows_from_one_that_was_in_time_must_be_in_time() -> None:
    verdict = _judged([*THREE, FOLLOWER], {"c": 10, "b": 20, "a": 2_010, "follower": 2_020})
    assert (verdict.unavoidable, verdict.regret) == (("a",), 1)


def test_what_follows_is_no_excuse_for_the_one_that_was_late_without_need() -> None:
    verdict = _judged([*THREE, FOLLOWER], {"a": 10, "b": 2_020, "c": 2_010, "follower": 2_020})
    assert len(verdict.missed) == 3
    assert verdict.regret >= 1


def test_who_waits_for_one_that_was_given_up_leaves_his_slot_to_another() -> None:
    """Of two that fit in one slot of the second destination the one goes whose cause is not late."""
    follower = _life("follower", "second", (Cause("c"),), at=2_010, due=20)
    other = _life("other", "second", at=10, due=20)
    lives = [*THREE, follower, other]
    verdict = _judged(lives, {"a": 10, "b": 20, "c": 2_010, "follower": 2_020, "other": 50})
    assert (verdict.unavoidable, verdict.regret) == (("c", "follower"), 1)


TWO_SHIFTS = (Shift("process-1", -1, OVER), Shift("process-2", -1, OVER))


def test_a_process_that_has_not_looked_does_not_help_before_the_outage() -> None:
    """Two processes with a worker each and two places: who took three in can begin two of them in time."""
    run = {"a": 10, "b": 20, "c": 2_010}
    assert _judged(THREE, run, Limits(0, 0, 0, 0, 0, news=30), TWO_SHIFTS, TWO_PLACES).regret == 0
    assert _judged(THREE, run, Limits(0, 0, 0, 0, 0, news=10), TWO_SHIFTS, TWO_PLACES).regret == 1
    assert _judged(THREE, run, SHARP, TWO_SHIFTS, TWO_PLACES).regret == 1


def test_a_message_that_was_not_read_yet_cannot_leave() -> None:
    one = [_life("late", "first", at=9)]
    assert _judged(one, {"late": 2_010}, Limits(0, 0, 0, 0, 0, preparing=2)).regret == 0
    assert _judged(one, {"late": 2_010}, Limits(0, 0, 0, 0, 0, preparing=1)).regret == 1


def test_what_was_begun_is_there_though_its_process_has_gone() -> None:
    gone = (Shift("process-1", 0, 1), Shift("process-3", 1_500, OVER))
    assert _judged([_life("a", "first")], {"a": 2_010}, SHARP, gone).regret == 1


def test_a_lost_answer_is_known_when_the_destination_can_be_asked() -> None:
    """There before the outage, its answer lost: what follows from it waits for the end of the outage."""
    coins = Coins("any")
    lost = next(
        name for name in map(str, range(1_000)) if mishap_of(coins, name, 0, ALWAYS) is Mishap.ANSWER_LOST
    )
    follower = _life("follower", "second", (Cause(lost),), at=2_010)
    ends = {lost: 10, "follower": 2_020}
    assert (
        _judged([_life(lost, "first"), follower], ends, manner=replace(ONE_PLACE, fault_share=ALWAYS)).regret
        == 0
    )
    assert (
        _judged(
            [_life(lost, "first"), follower], ends, manner=replace(ONE_PLACE, timeout=5, fault_share=ALWAYS)
        ).regret
        == 1
    )


HAND = Limits(0, 0, 0, 0, 0, hand=5)


def test_nobody_counts_on_the_last_moment_before_an_outage() -> None:
    """One that lay ready for five ticks may just miss it; one that came eleven before had time enough."""
    assert _judged([_life("a", "first", at=9)], {"a": 2_010}, HAND).regret == 0
    assert _judged([_life("a", "first", at=9)], {"a": 2_010}, SHARP).regret == 1
    assert _judged([_life("a", "first", at=4)], {"a": 2_010}, HAND).regret == 1


def test_who_was_lucky_in_the_last_moment_excuses_nobody() -> None:
    """`b` began when nobody may count on it; the place before that was free for `a`."""
    lives = [_life("a", "first"), _life("b", "first", at=9)]
    assert _judged(lives, {"b": 20, "a": 2_010}, HAND).regret == 1


def test_nobody_counts_on_the_last_moment_of_a_process() -> None:
    gone = (Shift("process-1", 0, 4), Shift("process-3", 1_500, OVER))
    assert _judged([_life("a", "first")], {"a": 2_010}, HAND, gone).regret == 0
    assert _judged([_life("a", "first")], {"a": 2_010}, SHARP, gone).regret == 1
    assert _judged([_life("a", "first")], {"a": 10}, HAND, gone).regret == 0


def test_a_follower_is_read_when_what_it_waits_for_has_ended() -> None:
    """The two of a key fill the time before the outage, if the second is read before the first has ended."""
    key = frozenset({OrderingKey("person:both")})
    pair = [_life("a", "first"), _life("b", "first")]
    pair = [replace(life, new=replace(life.new, keys=key)) for life in pair]
    assert _judged(pair, {"a": 10, "b": 2_010}, Limits(0, 0, 0, 0, 0, preparing=1)).regret == 0
    assert _judged(pair, {"a": 10, "b": 2_010}, SHARP).regret == 1


def test_a_turn_that_went_into_a_mishap_is_spent() -> None:
    """Of three turns before the outage one fell to a job that the destination refused."""
    spent = Spent("refused", "process-1", 0, SERVICE)
    refused = _life("refused", "first", due=5)
    run = {"a": 20, "b": 2_010}
    jobs = [_life("a", "first"), _life("b", "first")]
    assert _judged([*jobs, refused], run, spent=(spent,)).regret == 0
    assert _judged([*jobs, refused], run).regret == 1


def test_a_mishap_of_another_destination_excuses_nobody() -> None:
    spent = Spent("refused", "process-1", 0, SERVICE)
    lives = [_life("a", "first"), _life("b", "first"), _life("refused", "second", due=5)]
    assert _judged(lives, {"a": 20, "b": 2_010}, spent=(spent,)).regret == 1


def test_a_caller_that_hung_is_spent_for_as_long_as_it_hung() -> None:
    spent = Spent("refused", "process-1", 0, 2 * SERVICE)
    lives = [_life("a", "first"), _life("refused", "first", due=5)]
    assert _judged(lives, {"a": 2_010}, spent=(spent,)).regret == 0


def test_nobody_tries_sooner_for_what_will_follow() -> None:
    """The cause has time enough and does not press; what follows from it is told of too late for anybody."""
    cause = _life("cause", "first", at=OUTAGE[0], due=4_000)
    follower = _life("follower", "second", (Cause("cause"),), at=2_050, due=2_040)
    run = {"cause": 2_050, "follower": 2_060}
    assert _judged([cause, follower], run, Limits(0, 0, 0, 0, 0, probing=30)).regret == 0
    assert _judged([cause, follower], run, Limits(0, 0, 0, 0, 0, probing=10)).regret == 1


@pytest.mark.parametrize(
    ("name", "lane", "span", "regret"),
    [
        ("lost", "first", (2_005, 2_030), 0),
        ("lost", "first", (1_980, 1_999), 1),
        ("lost", "first", (2_015, 2_030), 1),
        ("lost", "second", (2_005, 2_030), 1),
        ("refused", "first", (2_005, 2_030), 1),
    ],
)
def test_the_breaker_tries_again_when_its_own_attempt_met_a_mishap(
    name: str, lane: str, span: tuple[int, int], regret: int
) -> None:
    """Counted are those of that destination, from the end of the outage until it would have been open.

    One that was refused has shown that somebody is there.
    """
    cause = _life("cause", "first", at=OUTAGE[0], due=4_000)
    follower = _life("follower", "second", (Cause("cause"),), at=2_050, due=2_040)
    tried = _life(name, lane, at=OUTAGE[0], due=4_000)
    run = {"cause": 2_050, "follower": 2_060, name: 2_070}
    spent = (Spent(name, "process-1", *span),)
    limits = Limits(0, 0, 0, 0, 0, probing=10)
    assert _judged([cause, follower, tried], run, limits, spent=spent).regret == regret


def test_one_try_after_the_other_may_come_to_nothing() -> None:
    spell = Spell("lane", Weather.DOWN, *OUTAGE)
    limits = Limits(0, 0, 0, 0, 0, probing=10)
    assert by_the_breaker(limits)(spell) == 2_010
    assert by_the_breaker(limits, [(2_005, 2_030), (2_038, 2_050), (2_061, 2_070)])(spell) == 2_060


def test_the_cause_itself_has_its_last_chance() -> None:
    late = {"cause": 2_030}
    pressing = _life("cause", "first", at=OUTAGE[0], due=2_020)
    assert _judged([pressing], late, Limits(0, 0, 0, 0, 0, probing=30)).regret == 1


def _goes_wrong_once() -> str:
    """A name whose first attempt is lost at a share of one half, and whose second is not."""
    return next(
        name
        for name in map(str, range(1_000))
        if mishap_of(Coins("any"), name, 0, 0.5) is Mishap.REQUEST_LOST
        and mishap_of(Coins("any"), name, 1, 0.5) is None
    )


def _judged_with_a_mishap(*others: Life, probing: int) -> Verdict:
    """Due 540 after the end of the outage; the attempt that is lost costs 30 and a service time."""
    unlucky = _life(_goes_wrong_once(), "first", at=OUTAGE[0], due=2_540)
    limits = Limits(0, 0, 0, 0, 0, probing=probing)
    late: dict[str, int] = {unlucky.new.job_id: 2_550}
    late |= {other.new.job_id: 2_030 for other in others}
    return _judged([unlucky, *others], late, limits, manner=replace(ONE_PLACE, fault_share=0.5))


def test_nobody_tries_sooner_because_he_knows_that_the_attempt_will_come_to_nothing() -> None:
    """That his last chance would come to nothing nobody knew: the breaker's own try was the first."""
    assert _judged_with_a_mishap(probing=510).regret == 0
    assert _judged_with_a_mishap(probing=400).regret == 1


def test_the_last_chance_of_another_job_opens_the_destination_for_all() -> None:
    early = _life("early", "first", at=OUTAGE[0], due=2_100)
    assert mishap_of(Coins("any"), "early", 0, 0.5) is None
    assert _judged_with_a_mishap(early, probing=510).regret == 1
    came_later = replace(early, enqueued_at=2_010)
    assert _judged_with_a_mishap(came_later, probing=510).regret == 0


def test_nobody_is_asked_for_a_turn_that_only_a_moment_at_the_end_would_give() -> None:
    """Two places and threads before the outage: one has time for two jobs, the other for one."""
    lives = [_life("a", "first"), *(_life(name, "first", at=3) for name in ("b", "c", "d"))]
    staff = (Shift("process-1", 0, OVER), Shift("process-2", 0, OVER))
    assert _judged(lives, {"a": 10, "b": 13, "c": 20, "d": 2_010}, SHARP, staff, TWO_PLACES).regret == 0
    assert _judged(lives, {"a": 10, "b": 13, "c": 2_010, "d": 2_020}, SHARP, staff, TWO_PLACES).regret == 1


READY_SOON = Limits(0, 0, 0, 0, 0, preparing=1, hand=3)
"""One turn fits in before the last moment of three ticks: whoever begins by 7 may be counted on."""


@pytest.mark.parametrize(
    ("claims", "regret"), [((7, 8, 9), 0), ((8, 9), 1), ((-100, 8, 9), 1), ((), 1)], ids=str
)
def test_what_making_ready_had_cost_is_nothing_to_be_blamed_for(claims: tuple[int, ...], regret: int) -> None:
    """`a` began at 10: three batches in one go, each ready after a tick, have cost as much; two have not."""
    lives = [_life("a", "first"), _life("b", "first")]
    assert _judged(lives, {"a": 20, "b": 2_010}, READY_SOON, claims=claims).regret == regret


def test_who_is_a_moment_behind_takes_one_place_and_not_two() -> None:
    """Two turns fit in for two processes; only one of both was begun at all."""
    lives = [_life("a", "first"), _life("b", "first")]
    staff = (Shift("process-1", 0, OVER), Shift("process-2", 0, OVER))
    run = {"a": 20, "b": 2_010}
    assert _judged(lives, run, READY_SOON, staff, TWO_PLACES, claims=(7, 8, 9)).regret == 1
