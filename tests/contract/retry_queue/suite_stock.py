"""A handler that works together: jobs are announced in one go, lie in stock, and are recorded in one go."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from threading import Event, Lock

import pytest

from retry_queue.errors import LeaseLost
from retry_queue.handler import Prepared
from retry_queue.job import Lease
from retry_queue.states import State
from retry_queue.verdict import AskAt, Decision, GiveUp, Health, RetryAt
from retry_queue.work_round import LaneSettings, Surroundings
from retry_queue.worker import LaneWorker
from tests.support.queue_builders import LANE, LEASE_SECONDS, START, after, new_job
from tests.support.queue_desk import Desk
from tests.support.queue_rounds import BatchHandler, Round
from tests.support.queue_workers import answered
from tests.support.waiting import wait_for

STOP_SECONDS = 30.0
NAMES = ["a", "b", "c", "d"]


class TestStock:
    def test_a_batch_is_prepared_announced_and_recorded_in_one_go_each(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        scene.put(*NAMES)
        doubts: list[list[bool]] = []
        scene.handler.send = lambda _name: doubts.append([desk.get(each).maybe_sent for each in NAMES])
        scene.run()
        assert (scene.handler.prepared, scene.handler.recorded) == ([NAMES], [NAMES])
        assert (scene.handler.noted, scene.handler.sent, scene.settled) == (NAMES, NAMES, NAMES)
        assert doubts == [[True] * 4] * 4  # all of them were on the disk before the first was sent
        assert (scene.commits, scene.errors) == (1, [])
        assert desk.states(*NAMES) == [State.DONE] * 4

    def test_process_killed_between_announcement_and_sending_leaves_all_to_be_asked_about(
        self, desk: Desk[object]
    ) -> None:
        scene = Round(desk)
        scene.put(*NAMES)

        def kill(_name: str) -> None:
            raise KeyboardInterrupt

        scene.handler.send = kill
        with suppress(KeyboardInterrupt):
            scene.run()
        scene.clock.advance(LEASE_SECONDS)
        desk.rescue(scene.clock.now)
        assert desk.states(*NAMES) == [State.UNKNOWN] * 4
        other = BatchHandler()
        successor = Round(desk, other)
        successor.clock.now = scene.clock.now
        successor.run()
        assert (other.noted, sorted(other.sent)) == ([], NAMES)  # nothing is announced: it only asks
        assert desk.states(*NAMES) == [State.DONE] * 4

    def test_note_that_fails_harms_none_of_the_others(self, desk: Desk[object]) -> None:
        scene = Round(desk, BatchHandler())
        scene.handler.poisoned_note = "b"
        scene.put(*NAMES)
        scene.run()
        assert scene.handler.sent == ["a", "c", "d"]
        assert desk.states(*NAMES) == [State.DONE, State.DEFERRED, State.DONE, State.DONE]
        assert not desk.get("b").maybe_sent

    def test_outcome_that_cannot_be_recorded_harms_none_of_the_others(self, desk: Desk[object]) -> None:
        scene = Round(desk, BatchHandler())
        scene.handler.poisoned_record = "c"
        scene.put(*NAMES)
        scene.run()
        assert desk.states("a", "b", "d") == [State.DONE] * 3
        assert desk.state("c") is State.LEASED
        assert set(scene.kinds()) == {ZeroDivisionError}
        desk.rescue(after(10 * LEASE_SECONDS))
        assert desk.state("c") is State.UNKNOWN

    def test_lease_lost_before_the_announcement_is_left_out(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        scene.put("a", "b")
        prepare = scene.handler.prepare_together

        def lose_one(leases: Sequence[Lease]) -> Sequence[Prepared[str]]:
            desk.rescue(after(LEASE_SECONDS))
            lost = desk.claim_one(now=after(LEASE_SECONDS), worker="berta")
            assert lost.job.job_id == "a"
            return prepare(leases)

        scene.handler.prepare_together = lose_one  # type: ignore[method-assign]  # misbehaves on purpose
        scene.run()
        assert scene.handler.sent == []
        assert scene.kinds() == [LeaseLost, LeaseLost]

    def test_lease_that_runs_out_in_stock_is_not_sent(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        scene.put(*NAMES)
        scene.handler.send = lambda name: scene.clock.advance(LEASE_SECONDS if name == "b" else 0)
        scene.run()
        assert scene.handler.sent == ["a", "b"]
        assert scene.kinds().count(LeaseLost) >= 2
        desk.rescue(scene.clock.now)
        assert desk.states("c", "d") == [State.UNKNOWN] * 2

    @pytest.mark.parametrize(("seconds", "sent"), [(0.021, ["a", "b"]), (0.019, NAMES)])
    def test_what_another_process_has_taken_over_by_its_own_clock_is_not_sent_from_stock(
        self, desk: Desk[object], seconds: float, sent: list[str]
    ) -> None:
        """Its clock is ahead by more than a lease: by ours all is well, and only the storage knows better."""
        passed = [0.0]
        scene = Round(desk, monotonic=lambda: passed[0])
        scene.put(*NAMES)

        def take_over(name: str) -> None:
            if name == "b":
                desk.rescue(after(2 * LEASE_SECONDS))
                passed[0] += seconds

        scene.handler.send = take_over
        scene.run()
        assert scene.handler.sent == sent
        assert scene.kinds() == [LeaseLost] * 4
        assert desk.states(*NAMES) == [State.UNKNOWN] * 4

    def test_lease_lost_during_the_attempt_spoils_no_other_outcome(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        scene.put(*NAMES)

        def lose(name: str) -> None:
            if name == "d":
                self._steal(desk, "b")

        scene.handler.send = lose
        scene.run()
        assert desk.states("a", "c", "d") == [State.DONE] * 3
        assert desk.state("b") is State.HELD
        assert (scene.settled, scene.kinds()) == (["a", "c", "d"], [LeaseLost])

    def test_heart_beat_keeps_what_lies_in_stock(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        scene.put(*NAMES)

        def take_long(_name: str) -> None:
            scene.clock.advance(LEASE_SECONDS * 0.4)
            scene.round.beat()

        scene.handler.send = take_long
        scene.run()
        assert (scene.handler.sent, scene.errors) == (NAMES, [])
        assert desk.states(*NAMES) == [State.DONE] * 4

    def test_stop_withdraws_what_was_announced_and_not_begun(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        scene.put(*NAMES)

        def stop(_name: str) -> None:
            scene.is_stopping = True

        scene.handler.send = stop
        scene.run()
        assert (scene.handler.sent, scene.handler.withdrawn) == (["a"], ["b", "c", "d"])
        assert desk.states(*NAMES) == [State.DONE, *[State.DEFERRED] * 3]
        assert [desk.get(name).maybe_sent for name in NAMES] == [False] * 4
        desk.promote(scene.clock.now)
        assert desk.states("b", "c", "d") == [State.QUEUED] * 3

    def test_breaker_that_opens_withdraws_the_rest(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        gone = Decision(RetryAt(after(5), counts=False), Health.UNREACHABLE)
        scene.handler.decide = lambda _lease: gone
        scene.handler.send = lambda _name: scene.clock.advance(1)  # too slow to gather outcomes for long
        scene.put(*NAMES)
        scene.run()
        assert scene.handler.sent == ["a", "b"]
        assert scene.handler.withdrawn == ["c", "d"]
        assert not any(desk.get(name).maybe_sent for name in NAMES)

    def test_a_doubt_that_is_withdrawn_stays_a_doubt(self, desk: Desk[object]) -> None:
        scene = Round(desk)
        scene.put("a", "b")
        scene.handler.decide = lambda _lease: Decision(AskAt(START), Health.ANSWERED)
        scene.run()

        def repeat(leases: Sequence[Lease]) -> Sequence[Prepared[str]]:
            return [Prepared(lease, lease.job.job_id, sends=True) for lease in leases]

        def stop(_name: str) -> None:
            scene.is_stopping = True

        scene.handler.prepare_together, scene.handler.send = repeat, stop  # type: ignore[method-assign]  # misbehaves on purpose
        scene.handler.decide = answered
        scene.run()
        assert scene.handler.withdrawn == ["b"]
        assert desk.states("a", "b") == [State.DONE, State.UNKNOWN]

    def test_stock_is_taken_by_whoever_is_free(self, desk: Desk[object]) -> None:
        handler = BatchHandler()
        names = [f"job-{number:02}" for number in range(40)]
        desk.enqueue(*(new_job(name, due_seconds=at) for at, name in enumerate(names)))
        may_end, hanging = Event(), Lock()

        def hang_once(name: str) -> None:
            if name == "job-05":
                with hanging:
                    assert may_end.wait(STOP_SECONDS)

        handler.send = hang_once
        settings = LaneSettings(LANE, threads=3, claim_limit=8, idle_poll_seconds=0.02)
        errors: list[Exception] = []
        worker: LaneWorker[str, object] = LaneWorker(
            "test", desk.store, handler, settings, Surroundings(_standing, lambda: 0.5, errors.append)
        )
        worker.start()
        try:
            others = [name for name in names if name != "job-05"]
            wait_for(
                lambda: all(desk.state(name) is State.DONE for name in others),
                "all but the stuck one are done",
            )
            may_end.set()
            wait_for(lambda: desk.state("job-05") is State.DONE, "the stuck one is done")
        finally:
            may_end.set()
            assert worker.stop(STOP_SECONDS)
        assert (errors, sorted(handler.sent)) == ([], names)

    def test_who_was_put_off_looks_again_when_others_have_taken_the_stock(self, desk: Desk[object]) -> None:
        """Nobody would ring for what became ready meanwhile: it would wait for a poll."""
        scene = Round(desk, threads=2)
        scene.put(*NAMES)
        told: list[tuple[str, bool, bool]] = []

        def look_beside(name: str) -> None:
            if name == "a":
                assert scene.round.claim("berta") == ()
            told.append((name, scene.round.should_look_again("berta"), scene.round.should_look_again("anna")))

        scene.handler.send = look_beside
        scene.run()
        assert told == [(name, name == "d", False) for name in NAMES]
        scene.put("e")
        assert [lease.job.job_id for lease in scene.round.claim("berta")] == ["e"]
        assert not scene.round.should_look_again("berta")

    def test_outcomes_that_gather_put_nobody_off_unless_they_make_room(self, desk: Desk[object]) -> None:
        assert self._claimed_beside_an_outcome_that_gathers(Round(desk, threads=8)) == ["e"]

    def test_outcomes_that_make_room_are_recorded_before_the_next_claim(self, desk: Desk[object]) -> None:
        scene = Round(desk, threads=8)
        scene.cut_to(6.0)
        assert self._claimed_beside_an_outcome_that_gathers(scene) == []

    def _claimed_beside_an_outcome_that_gathers(self, scene: Round) -> list[str]:
        """Four threads take a job each; the last has ended, the others have not, and one more job comes."""
        scene.handler.send = lambda _name: scene.clock.advance(0.05)
        scene.put("slow")
        scene.run()
        scene.put(*NAMES)
        found: list[str] = []

        def begin_the_next(name: str) -> None:
            if name != "d":
                scene.round.work_off(())
            if name == "c":
                assert scene.settled == ["slow"]
                scene.put("e")
                found.extend(lease.job.job_id for lease in scene.round.claim("dora"))

        scene.handler.send = begin_the_next
        scene.run()
        assert scene.handler.sent == ["slow", *NAMES]
        return found

    def _steal(self, desk: Desk[object], name: str) -> None:
        """Its lease runs out, another worker asks about it and gives it up."""
        job = desk.get(name)
        with desk.store.write() as transaction:
            held = desk.store.complete(
                transaction, Lease(job, "berta"), GiveUp("elsewhere", maybe_sent=True), START
            )
        assert held.state is State.HELD


def _standing() -> datetime:
    return START
