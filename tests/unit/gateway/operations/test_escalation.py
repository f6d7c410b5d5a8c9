"""The ladder: every rung once, the highest is told, and one notice names them all."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.model.foresight import Channel, NoticeId, Untold
from gateway.model.ids import DeliveryId
from gateway.operations.escalation import Receiver, Situation, is_quiet, notice_of, sendings_of, transitions
from tests.support.notices import HEAD_LOG, IT_LOG, NOON, a_crossing, a_ladder, a_notice

HOUR = timedelta(hours=1)
CALM = Situation(is_stopped=False, first_breach_at=None)
NOTICE_ID = NoticeId("notice-1")


@pytest.mark.parametrize(
    ("left", "rungs"),
    [
        (6 * HOUR + timedelta(seconds=1), []),
        (6 * HOUR, [50]),
        (3 * HOUR, [50, 75]),
        (1.2 * HOUR, [50, 75, 90]),
        (timedelta(seconds=1), [50, 75, 90]),
        (timedelta(0), [50, 75, 90, 100]),
        (-HOUR, [50, 75, 90, 100]),
    ],
)
def test_a_rung_is_reached_when_so_much_of_the_time_is_over(left: timedelta, rungs: list[int]) -> None:
    marks = transitions([a_crossing(left)], a_ladder(), NOON)
    assert [mark.percent for mark in marks] == rungs


def test_a_rung_that_is_recorded_is_never_recorded_again() -> None:
    assert transitions([a_crossing(2 * HOUR, 50, 75)], a_ladder(), NOON) == []
    (mark,) = transitions([a_crossing(HOUR, 50, 75)], a_ladder(), NOON)
    assert (mark.percent, mark.told_as) == (90, 90)


def test_several_rungs_at_once_are_told_as_the_highest_and_keep_their_own_instants() -> None:
    marks = transitions([a_crossing(HOUR)], a_ladder(), NOON)
    assert {mark.told_as for mark in marks} == {90}
    due_at = NOON + HOUR
    assert [mark.crossed_at for mark in marks] == [due_at - 6 * HOUR, due_at - 3 * HOUR, due_at - 1.2 * HOUR]
    assert {mark.recorded_at for mark in marks} == {NOON}


def test_after_a_notice_it_is_quiet_for_a_while() -> None:
    ladder = a_ladder(quiet_seconds=600)
    assert not is_quiet(None, ladder, NOON)
    assert is_quiet(NOON, ladder, NOON + timedelta(seconds=599))
    assert not is_quiet(NOON, ladder, NOON + timedelta(seconds=600))


def _untold(**changes: object) -> Untold:
    values: dict[str, object] = {
        "destination": "national_registry",
        "percent": 90,
        "deliveries": 10_000,
        "unfinished": 9_876,
        "worst_delivery_id": DeliveryId("delivery-7"),
        "worst_due_at": NOON + HOUR,
    }
    return Untold(**(values | changes))  # type: ignore[arg-type]  # built from a mapping


def test_one_notice_names_the_count_and_the_worst_of_ten_thousand() -> None:
    notice = notice_of(_untold(), CALM, NOTICE_ID, NOON)
    assert notice is not None
    assert (notice.deliveries, notice.worst_delivery_id, notice.worst_due_at) == (
        9_876,
        "delivery-7",
        NOON + HOUR,
    )
    assert "9876 lần chuyển tới CSDL hộ tịch điện tử đã dùng hết 90%" in notice.text_vi
    assert "13:00:00 16/11/2026" in notice.text_en


def test_a_notice_says_that_the_destination_is_stopped_and_when_the_next_breach_is_expected() -> None:
    notice = notice_of(_untold(), Situation(is_stopped=True, first_breach_at=NOON + HOUR), NOTICE_ID, NOON)
    assert notice is not None
    assert "The destination is stopped. The next breach is expected at 13:00:00" in notice.text_en
    assert "Dự báo trễ hạn từ 13:00:00" in notice.text_vi


def test_a_notice_says_that_the_time_is_over() -> None:
    notice = notice_of(_untold(percent=100, worst_due_at=NOON - HOUR), CALM, NOTICE_ID, NOON)
    assert notice is not None
    assert notice.text_en.endswith("It is overdue.")


def test_nobody_is_told_of_what_has_arrived_in_the_meantime() -> None:
    assert notice_of(_untold(worst_delivery_id=None, worst_due_at=None), CALM, NOTICE_ID, NOON) is None


def test_each_role_is_told_at_its_own_rungs_and_at_each_address() -> None:
    hook = Receiver("province_it", Channel.WEBHOOK, "http://it.test/hook", IT_LOG.percents)
    receivers = (IT_LOG, hook, HEAD_LOG)
    high, low = a_notice(percent=90), a_notice(percent=50)
    assert [(each.number, each.role, each.channel) for each in sendings_of(high, receivers)] == [
        (1, "province_it", Channel.LOG),
        (2, "province_it", Channel.WEBHOOK),
        (3, "province_head", Channel.LOG),
    ]
    assert {each.role for each in sendings_of(low, receivers)} == {"province_it"}
    assert {each.next_attempt_at for each in sendings_of(replace(low, made_at=NOON + HOUR), receivers)} == {
        NOON + HOUR
    }
