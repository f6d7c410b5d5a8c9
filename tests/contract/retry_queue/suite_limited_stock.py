"""Batches where a limit is in force: a cut window, a rate, an open lane."""

from retry_queue.admission import Pacing
from retry_queue.rate import RateLimit
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.verdict import Decision, Health, RetryAt, Strain
from retry_queue.window import WindowSettings
from tests.contract.retry_queue.suite_stock import NAMES
from tests.support.queue_builders import LANE, START, after, new_job
from tests.support.queue_desk import Desk
from tests.support.queue_rounds import Round
from tests.support.queue_workers import answered


class TestLimitedStock:
    def test_cut_window_lets_a_batch_through_as_large_as_what_is_free(self, desk: Desk[object]) -> None:
        scene = Round(desk, threads=4)
        scene.cut_to(3.0)
        scene.put(*NAMES)
        scene.run()
        assert scene.handler.prepared == [["a", "b", "c"]]
        assert scene.handler.recorded == [["a", "b", "c"]]
        assert scene.commits == 1

    def test_two_processes_together_never_hold_more_than_the_window(self, desk: Desk[object]) -> None:
        one, other = Round(desk, threads=4), Round(desk, threads=4)
        one.cut_to(3.0)
        one.put(*NAMES)
        held = one.round.claim("anna")
        assert (len(held), other.round.claim("berta")) == (3, ())
        one.round.work_off(held)
        other.run()
        assert (one.handler.sent, other.handler.sent) == (["a", "b", "c"], ["d"])

    def test_batch_under_a_limit_keeps_the_order_of_a_key(self, desk: Desk[object]) -> None:
        scene = Round(desk, threads=4)
        scene.cut_to(4.0)
        desk.enqueue(*(new_job(name, keys=["person"], due_seconds=20 - at) for at, name in enumerate("xyz")))
        scene.put("a")
        for _ in range(4):
            scene.run()
        assert scene.handler.prepared[0] == ["a", "x"]
        assert [name for name in scene.handler.sent if name != "a"] == ["x", "y", "z"]

    def test_lane_that_is_open_gives_a_batch_of_one(self, desk: Desk[object]) -> None:
        scene = Round(desk, threads=4)
        scene.put(*NAMES)
        scene.know(LaneHealth(LANE, BreakerState.OPEN, 7, START, window=1.0, window_goal=4.0))
        assert [lease.job.job_id for lease in scene.round.claim("anna")] == ["a"]
        assert scene.round.claim("berta") == ()

    def test_window_that_is_cut_while_stock_lies_ready_gives_back_what_no_longer_fits(
        self, desk: Desk[object]
    ) -> None:
        scene = Round(desk, threads=4)
        scene.put(*NAMES)
        busy = Decision(RetryAt(after(5), counts=False), Health.SILENT, strain=Strain.OVERLOADED)
        scene.handler.decide = lambda lease: busy if lease.job.job_id in "ab" else answered(lease)
        scene.handler.send = lambda _name: scene.clock.advance(1)  # too slow to gather outcomes for long
        scene.run()
        assert scene.handler.prepared == [NAMES]
        assert (scene.handler.sent, scene.handler.withdrawn) == (["a", "b", "c"], ["d"])
        assert not desk.get("d").maybe_sent

    def test_rate_lets_a_batch_through_and_what_was_paid_for_is_sent(self, desk: Desk[object]) -> None:
        rate = RateLimit(per_second=1, burst=3)
        scene = Round(desk, threads=4, pacing=Pacing(WindowSettings(ceiling=4), rate=rate))
        scene.clock.advance(60)
        scene.handler.send = lambda _name: scene.clock.advance(0.25)
        scene.put(*NAMES)
        scene.run()
        assert (scene.handler.sent, scene.handler.withdrawn) == (["a", "b", "c"], [])
        scene.run()
        assert scene.handler.sent == ["a", "b", "c"]
        scene.clock.advance(1)
        scene.run()
        assert scene.handler.sent == NAMES
