"""Bulk replays over HTTP, and what they do to the queue."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import httpx
import pytest

from adapters.errors import NotSent
from adapters.port import Absent, Accepted
from gateway.storage.ports import Role
from retry_queue.job import JobId, Lease, Track
from retry_queue.verdict import Done, GiveUp, Verdict
from tests.support.database import sqlite_url
from tests.support.edge_desk import EdgeDesk, expect_problem, opened_edge
from tests.support.partner import EVIDENCE
from tests.support.replays import REPLAYS, ReplayBench
from tests.support.submissions import another_birth

HELD = 120
WAIT_SECONDS = 30


@pytest.fixture
def bench(desk: EdgeDesk) -> ReplayBench:
    return ReplayBench(desk)


@pytest.fixture
def bench_on_both(desk_on_both: EdgeDesk) -> ReplayBench:
    return ReplayBench(desk_on_both)


def _steps(bench: ReplayBench, replay_id: str) -> Counter[int]:
    return Counter(row["step"] for row in bench.ledger(replay_id) if row["step"] is not None)


def test_a_draft_counts_shows_a_sample_and_tries_the_act_out_without_doing_anything(
    bench_on_both: ReplayBench,
) -> None:
    bench = bench_on_both
    held = bench.held(12)
    story = bench.draft().json()
    assert (story["state"], story["items"], story["counts"]["pending"]) == ("draft", 12, 12)
    dry_run = story["dry_run"]
    assert (dry_run["allowed"], dry_run["would"]) == (12, {"sends": 12})
    assert (dry_run["tracks"], dry_run["held_reasons"]) == ({"bulk": 12}, {"not_mapped": 12})
    assert [row["ordinal"] for row in dry_run["sample"][:3]] == [1, 2, 3]
    assert len(dry_run["sample"]) == 10
    assert story["history"][0]["change"] == "drafted"
    bench.driver()()
    assert bench.work() == []
    bench.desk.call(
        "POST", f"/api/v1/deliveries/{held[0]}/cancel", bench.desk.operator(), json={"reason": "on paper"}
    )
    assert bench.show(story["replay_id"])["dry_run"]["would"] == {"is_cancelled": 1, "sends": 11}


def test_a_hundred_and_twenty_held_items_are_replayed_in_growing_steps_and_none_twice(
    bench_on_both: ReplayBench,
) -> None:
    bench = bench_on_both
    held = bench.held(HELD)
    replay_id, drive = bench.started(), bench.driver()
    taken: list[int] = []
    while bench.show(replay_id)["state"] == "running":
        drive()
        drive()  # a second turn begins nothing while outcomes are still to come
        leases = bench.work()
        assert all(lease.job.track is Track.BULK for lease in leases)
        taken.append(len(leases))
    assert taken == [1, 10, 100, 9, 0]
    story = bench.show(replay_id)
    assert (story["state"], story["counts"]["succeeded"]) == ("done", HELD)
    assert _steps(bench, replay_id) == {1: 1, 2: 10, 3: 100, 4: 9}
    assert bench.finished == Counter(held)
    assert [line["change"] for line in story["history"]] == ["drafted", "started", "finished"]


def test_a_burst_of_errors_stops_it_by_itself_and_it_goes_on_from_the_smallest_step(
    bench: ReplayBench,
) -> None:
    held = bench.held(HELD)
    replay_id, drive = bench.started(), bench.driver()
    for _ in range(2):
        drive()
        bench.work()
    drive()
    broken = iter([True] * 30)

    def burst(_lease: Lease) -> Verdict:
        return GiveUp("refused.content") if next(broken, False) else Done()

    bench.work(burst)
    drive()
    story = bench.show(replay_id)
    assert (story["state"], story["stopped_because"]) == ("paused", "failures")
    assert story["results"] == {"refused.content": 30}
    assert (story["counts"]["pending"], story["history"][-1]["who"]) == (9, "gateway")
    assert story["history"][-1]["reason"] == "30 of 100 failed"
    drive()
    assert bench.work() == []
    assert "hotich_replay_stopped" in bench.desk.call("GET", "/metrics", bench.desk.operator()).text
    assert bench.move(replay_id, "resume").json()["step_size"] == 1
    while bench.show(replay_id)["state"] == "running":
        drive()
        bench.work()
    assert bench.show(replay_id)["counts"] | {"failed": 0} == {
        **dict.fromkeys(bench.show(replay_id)["counts"], 0),
        "succeeded": HELD - 30,
    }
    assert set(bench.finished.values()) == {1}
    assert set(bench.finished) < set(held)


def test_a_few_errors_in_the_middle_of_a_large_step_stop_the_rest_of_it(bench: ReplayBench) -> None:
    bench.held(HELD)
    replay_id, drive = bench.started(ramp=[1, 100]), bench.driver()
    drive()
    bench.work()
    drive()
    with_room = bench.show(replay_id)["counts"]["under_way"]
    assert with_room == 100
    bench.work(lambda _lease: GiveUp("refused.content"), limit=5)
    drive()
    story = bench.show(replay_id)
    assert (story["state"], story["counts"]["failed"], story["counts"]["under_way"]) == ("paused", 5, 95)
    bench.work()
    drive()
    assert bench.show(replay_id)["counts"]["under_way"] == 0


def test_after_a_kill_another_process_goes_on_where_it_stopped(bench_on_both: ReplayBench) -> None:
    bench = bench_on_both
    held = bench.held(30)
    replay_id = bench.started()
    first, second = bench.driver(b"process1"), bench.driver(b"process2")
    first()
    bench.work()
    first()
    assert bench.show(replay_id)["step"] == 2
    bench.work()
    second()
    assert bench.show(replay_id)["counts"]["under_way"] == 10, "two processes drive one replay"
    bench.desk.clock.advance(61)
    second()
    assert bench.show(replay_id)["step"] == 3
    first()
    assert bench.show(replay_id)["counts"]["under_way"] == 19
    while bench.show(replay_id)["state"] == "running":
        bench.work()
        second()
    assert bench.finished == Counter(held)


def test_processes_that_drive_at_the_same_time_do_nothing_twice(bench_on_both: ReplayBench) -> None:
    bench = bench_on_both
    held = bench.held(40)
    replay_id = bench.started(ramp=[20])
    together = Barrier(3)

    def drive(name: bytes) -> None:
        chore = bench.driver(name)
        together.wait(WAIT_SECONDS)
        for _ in range(5):
            chore()

    with ThreadPoolExecutor(3) as threads:
        turns = [threads.submit(drive, name) for name in (b"one", b"two", b"three")]
        for turn in turns:
            turn.result(WAIT_SECONDS)
    assert bench.show(replay_id)["counts"]["under_way"] == 20
    assert len(bench.work()) == 20
    bench.desk.clock.advance(61)
    drive_on = bench.driver()
    while bench.show(replay_id)["state"] == "running":
        drive_on()
        bench.work()
    assert bench.finished == Counter(held)


def test_live_deliveries_go_first_whatever_a_replay_has_let_go(bench: ReplayBench) -> None:
    bench.held(30)
    bench.started(ramp=[30])
    bench.driver()()
    bench.desk.accepted(another_birth())
    (first,) = bench.work(limit=1)
    assert first.job.track is Track.LIVE
    assert {lease.job.track for lease in bench.work()} == {Track.BULK}


def test_what_is_due_soon_stays_live_and_what_becomes_so_on_the_way_is_live_again(
    bench: ReplayBench,
) -> None:
    (soon,) = bench.held(1)
    bench.started(live_due_seconds=12 * 3600, request_id="soon-1")
    drive = bench.driver()
    drive()
    assert bench.track(soon) is Track.LIVE
    bench.work()
    (later,) = bench.held(1)
    replay_id = bench.started(live_due_seconds=3600, request_id="later-1")
    drive()
    assert bench.track(later) is Track.BULK
    due_at = bench.ledger(replay_id)[0]["due_at"]
    bench.desk.clock.now = type(bench.desk.clock.now).fromisoformat(due_at) - timedelta(minutes=59)
    drive()
    assert bench.track(later) is Track.LIVE


def test_what_moved_since_it_was_selected_is_skipped_with_its_reason(bench: ReplayBench) -> None:
    held = bench.held(3)
    replay_id = bench.drafted()
    operator = bench.desk.operator()
    bench.desk.call("POST", f"/api/v1/deliveries/{held[0]}/cancel", operator, json={"reason": "on paper"})
    bench.desk.call("POST", f"/api/v1/deliveries/{held[1]}/release", operator, json={"reason": "by hand"})
    bench.move(replay_id, "start")
    bench.driver()()
    rows = bench.ledger(replay_id)
    assert [(row["state"], row["result"]) for row in rows] == [
        ("skipped", "is_cancelled"),
        ("skipped", "is_queued"),
        ("under_way", None),
    ]
    assert bench.ledger(replay_id, "?state=skipped&limit=1&after=1") == rows[1:2]


def test_pause_begins_nothing_more_and_cancel_drops_what_was_not_begun(bench: ReplayBench) -> None:
    bench.held(20)
    replay_id, drive = bench.started(), bench.driver()
    drive()
    assert bench.move(replay_id, "pause").json()["stopped_because"] == "operator"
    assert bench.move(replay_id, "pause").status_code == httpx.codes.OK
    bench.work()
    drive()
    assert bench.show(replay_id)["counts"]["succeeded"] == 1
    assert bench.work() == []
    story = bench.move(replay_id, "cancel").json()
    assert (story["state"], story["counts"]["dropped"]) == ("cancelled", 19)
    refused = expect_problem(bench.move(replay_id, "resume"), 409, "replay_not_possible")
    assert (refused["state"], refused["act"]) == ("cancelled", "resume")
    changes = [line["change"] for line in story["history"]]
    assert changes == ["drafted", "started", "paused", "cancelled"]


@pytest.mark.parametrize(("act", "state"), [("cancel", "cancelled"), ("hold", "held")])
def test_other_acts_are_done_in_steps_too(bench: ReplayBench, act: str, state: str) -> None:
    for _ in range(12):
        bench.desk.accepted(another_birth())
    replay_id = bench.started(act=act, selection={"step": "one_stop_dossier"}, ramp=[1, 4])
    bench.driver()()
    story = bench.show(replay_id)
    assert (story["state"], story["counts"]["succeeded"]) == ("done", 12)
    assert _steps(bench, replay_id) == {1: 1, 2: 4, 3: 4, 4: 3}
    assert {row["delivery_state"] for row in bench.ledger(replay_id)} == {state}
    page = bench.desk.call("GET", "/api/v1/oversight/changes", bench.desk.operator()).json()
    told = 12 if act == "cancel" else 0  # what is withdrawn is told to the higher office, one by one
    assert [each["kind"] for each in page["changes"]] == ["cancellation"] * told


def test_the_same_request_makes_one_replay_and_starts_it_once(bench: ReplayBench) -> None:
    bench.held(2)
    first, again = bench.draft(), bench.draft()
    assert first.json()["replay_id"] == again.json()["replay_id"]
    expect_problem(bench.draft(reason="something else"), 409, "request_id_reused")
    replay_id = first.json()["replay_id"]
    assert bench.move(replay_id, "start").json()["state"] == "running"
    assert bench.move(replay_id, "start").json()["state"] == "running"
    other = bench.move(replay_id, "start", request_id="move-2")
    expect_problem(other, 409, "replay_not_possible")
    assert len(bench.show(replay_id)["history"]) == 2


def test_a_wish_that_can_move_nothing_is_refused_with_what_can(bench: ReplayBench) -> None:
    refused = expect_problem(bench.draft(selection={"state": "done"}), 422, "selection_empty")
    assert refused["states"] == ["deferred", "held"]
    expect_problem(bench.draft(act="burn"), 400, "invalid_parameter")
    expect_problem(bench.draft(reason=""), 400, "invalid_parameter")
    expect_problem(bench.draft(selection={"color": "red"}), 400, "invalid_parameter")
    expect_problem(bench.draft(ramp=[0]), 400, "invalid_parameter")


def test_a_list_that_is_too_long_is_not_begun(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), DELIVERY__REPLAY__ITEMS_MAX="2") as desk:
        bench = ReplayBench(desk)
        bench.held(3)
        refused = expect_problem(bench.draft(), 422, "replay_too_large")
        assert refused["items_max"] == 2
        (cut_off,) = bench.desk.call("GET", REPLAYS, desk.operator()).json()["replays"]
        assert (cut_off["state"], cut_off["items"]) == ("cancelled", 0)
        assert bench.draft(request_id="request-2", selection={"step": "registry_record"}).is_success


def test_nobody_selects_or_sees_beyond_his_units(bench: ReplayBench) -> None:
    bench.held(2)
    elsewhere = bench.desk.badge("elsewhere", Role.OPERATOR, authorities=frozenset({"01"}))
    assert bench.draft(badge=elsewhere).json()["items"] == 0
    replay_id = bench.drafted(request_id="ours-1")
    expect_problem(bench.desk.call("GET", f"{REPLAYS}/{replay_id}", elsewhere), 404, "not_found")
    expect_problem(bench.move(replay_id, "start", elsewhere), 404, "not_found")
    seen = bench.desk.call("GET", REPLAYS, elsewhere).json()["replays"]
    assert [each["created_by"] for each in seen] == [elsewhere.client_id]
    expect_problem(bench.draft(badge=bench.desk.badge()), 403, "forbidden")
    assert bench.draft(request_id="unit-1", selection={"authority": "01"}).json()["items"] == 0


def test_a_second_person_starts_it_where_that_is_wanted(tmp_path: Path) -> None:
    with opened_edge(sqlite_url(tmp_path), DELIVERY__REPLAY__SECOND_PERSON="true") as desk:
        bench = ReplayBench(desk)
        bench.held(1)
        replay_id = bench.drafted()
        expect_problem(bench.move(replay_id, "start"), 409, "second_person_needed")
        colleague = desk.badge("colleague", Role.OPERATOR)
        story = bench.move(replay_id, "start", colleague).json()
        assert (story["created_by"], story["started_by"]) == (desk.operator().client_id, colleague.client_id)


def test_journey_and_feed_name_the_replay_and_who_answers_for_it(bench: ReplayBench) -> None:
    (held,) = bench.held(1)
    replay_id = bench.started()
    bench.driver()()
    event_id = bench.ledger(replay_id)[0]["event_id"]
    operator = bench.desk.operator()
    journey = bench.desk.call("GET", f"/api/v1/events/{event_id}", operator).json()
    (story,) = (each for each in journey["deliveries"] if each["delivery_id"] == held)
    (mention,) = story["replays"]
    assert (mention["replay_id"], mention["act"], mention["by"]) == (replay_id, "release", operator.client_id)
    assert mention["reason"] == "Bảng mã đã bổ sung"
    changes = bench.desk.call("GET", "/api/v1/changes?limit=500", operator).json()
    assert replay_id in str(changes)
    assert 'state="under_way"} 1.0' in bench.desk.call("GET", "/metrics", bench.desk.operator()).text


def _delivered(bench: ReplayBench, count: int) -> list[JobId]:
    for _ in range(count):
        bench.desk.accepted(another_birth())
    return [lease.job.job_id for lease in bench.work()]


def test_what_a_destination_has_lost_is_asked_about_and_only_what_is_absent_goes_again(
    bench_on_both: ReplayBench,
) -> None:
    bench = bench_on_both
    lost = _delivered(bench, 3)
    bench.partner.replies = [
        Absent(EVIDENCE),
        Accepted(EVIDENCE, already_there=True),
        Accepted(EVIDENCE),
    ]
    replay_id = bench.started(act="resend", selection={"destination": "one_stop"}, ramp=[3])
    drive = bench.driver()
    drive()
    rows = bench.ledger(replay_id)
    assert [(row["state"], row["result"]) for row in rows] == [
        ("under_way", None),
        ("skipped", "already_there"),
        ("succeeded", "applied_by_asking"),
    ]
    assert bench.partner.sent == []
    assert [row["delivery_id"] for row in rows] == lost
    (lease,) = bench.work()
    assert (lease.job.job_id, lease.job.track) == (rows[0]["carrier_id"], Track.BULK)
    assert lease.job.job_id not in lost
    drive()
    assert bench.show(replay_id)["state"] == "done"
    drive()
    assert len(bench.partner.asked) == 3


def test_a_destination_that_does_not_answer_stops_the_resending(bench: ReplayBench) -> None:
    _delivered(bench, 4)
    bench.partner.replies = [NotSent()]
    replay_id = bench.started(act="resend", selection={"destination": "one_stop"}, ramp=[1, 3])
    bench.driver()()
    story = bench.show(replay_id)
    assert (story["state"], story["results"]) == ("paused", {"no_answer": 1})
    assert len(bench.partner.asked) == 1
    assert bench.work() == []
