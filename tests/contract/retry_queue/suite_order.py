"""Who goes when: due times, keys and gates. A backend proves itself by giving these classes a `desk`."""

import pytest

from retry_queue.errors import JobExists
from retry_queue.states import State
from retry_queue.verdict import AskAt, GiveUp, RetryAt, SendAgain, Verdict
from tests.support.queue_builders import LEASE_SECONDS, OTHER_LANE, START, after, new_job
from tests.support.queue_desk import Desk


class TestClaim:
    def test_earliest_due_is_claimed_first_whatever_was_put_in_first(self, desk: Desk[object]) -> None:
        desk.enqueue(
            new_job("late", due_seconds=300),
            new_job("soon", due_seconds=100),
            new_job("mid", due_seconds=200),
        )
        assert [lease.job.job_id for lease in desk.claim(10)] == ["soon", "mid", "late"]

    def test_same_due_goes_in_the_order_of_arrival(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(name) for name in "cab"))
        assert [lease.job.job_id for lease in desk.claim(10)] == ["c", "a", "b"]

    def test_limit_and_lane_are_respected(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b"), new_job("x", lane=OTHER_LANE))
        assert len(desk.claim(1)) == 1
        assert [lease.job.job_id for lease in desk.claim(10)] == ["b"]
        assert desk.claim(10) == []
        assert desk.state("x") is State.QUEUED

    def test_lease_carries_the_job_as_stored(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]))
        lease = desk.claim_one(now=after(1), worker="berta")
        assert lease.job == desk.get("a")
        assert (lease.worker, lease.job.fence, lease.must_ask) == ("berta", 1, False)
        assert lease.job.lease_until == after(1 + LEASE_SECONDS)
        assert lease.job.due_at == after(3600)

    def test_unknown_is_merged_by_due_once_it_may_be_asked(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("lost", due_seconds=200))
        desk.complete(desk.claim_one(), AskAt(after(30)))
        desk.enqueue(new_job("early", due_seconds=100), new_job("late", due_seconds=300))
        assert [lease.job.job_id for lease in desk.claim(1, now=after(29))] == ["early"]
        assert desk.promote(after(30)) == 1
        leases = desk.claim(10, now=after(30))
        assert [(lease.job.job_id, lease.must_ask) for lease in leases] == [("lost", True), ("late", False)]

    def test_id_of_an_earlier_job_is_refused_and_nothing_is_left(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        with pytest.raises(JobExists):
            desk.enqueue(new_job("b"), new_job("a"))
        assert [job.job_id for job in desk.list()] == ["a"]

    def test_large_batch_is_stored_in_its_order(self, desk: Desk[object]) -> None:
        names = [f"job-{number:04}" for number in range(1200)]
        desk.enqueue(*(new_job(name, keys=[f"k{name[-2:]}"]) for name in names))
        assert [job.job_id for job in desk.list(limit=2000)] == names
        assert [job.job_id for job in desk.list(state=State.QUEUED, limit=2000)] == names[:100]


class TestKeys:
    def test_same_key_waits_and_goes_when_the_earlier_is_done(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]), new_job("c", keys=["k"]))
        assert desk.states("a", "b", "c") == [State.QUEUED, State.WAITING, State.WAITING]
        desk.finish("a")
        assert desk.states("a", "b", "c") == [State.DONE, State.QUEUED, State.WAITING]

    def test_earlier_due_does_not_overtake_on_its_key(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"], due_seconds=900), new_job("b", keys=["k"], due_seconds=100))
        assert [lease.job.job_id for lease in desk.claim(10)] == ["a"]

    def test_job_of_two_keys_waits_for_both(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["l"]), new_job("c", keys=["k", "l"]))
        assert desk.blockers("c") == ["a", "b"]
        desk.finish("a")
        assert desk.state("c") is State.WAITING
        desk.finish("b")
        assert (desk.state("c"), desk.blockers("c")) == (State.QUEUED, [])

    def test_waiting_job_blocks_its_other_keys(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k", "l"]), new_job("c", keys=["l"]))
        assert desk.states("b", "c") == [State.WAITING, State.WAITING]
        desk.finish("a")
        assert desk.states("b", "c") == [State.QUEUED, State.WAITING]

    def test_other_lane_has_its_own_order(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("x", keys=["k"], lane=OTHER_LANE))
        assert desk.states("a", "x") == [State.QUEUED, State.QUEUED]

    @pytest.mark.parametrize(
        "verdict", [RetryAt(after(60), counts=True), AskAt(after(60)), SendAgain(after(60)), GiveUp("broken")]
    )
    def test_unfinished_job_keeps_its_place(self, desk: Desk[object], verdict: Verdict) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]))
        desk.complete(desk.claim_one(), verdict)
        desk.enqueue(new_job("c", keys=["k"]), new_job("free"))
        assert desk.states("b", "c", "free") == [State.WAITING, State.WAITING, State.QUEUED]

    def test_released_after_a_fault_still_goes_before_its_follower(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]))
        desk.complete(desk.claim_one(), GiveUp("broken"))
        assert desk.release("a").state is State.QUEUED
        assert desk.state("b") is State.WAITING
        desk.finish("a")
        assert desk.state("b") is State.QUEUED

    def test_cancelled_blocker_lets_its_follower_go(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]), new_job("c", keys=["k"]))
        desk.cancel("b")
        assert desk.states("a", "b", "c") == [State.QUEUED, State.CANCELLED, State.WAITING]
        desk.cancel("a")
        assert desk.state("c") is State.QUEUED

    def test_held_follower_is_passed_over_by_nobody_of_its_key(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]), new_job("c", keys=["k"]))
        desk.hold("b")
        desk.finish("a")
        assert desk.states("b", "c") == [State.HELD, State.WAITING]
        assert desk.release("b").state is State.QUEUED

    def test_released_behind_an_unfinished_job_waits(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]))
        desk.hold("b")
        assert desk.release("b").state is State.WAITING
        desk.finish("a")
        assert desk.state("b") is State.QUEUED


class TestGates:
    def test_gate_opens_by_name(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", gate="g"), new_job("b", gate="h"))
        desk.open_gate("g")
        assert desk.states("a", "b") == [State.QUEUED, State.WAITING]

    def test_gate_opened_before_is_remembered(self, desk: Desk[object]) -> None:
        desk.open_gate("g")
        desk.open_gate("g", after(1))
        desk.enqueue(new_job("a", gate="g"))
        assert desk.state("a") is State.QUEUED

    def test_gate_opens_by_time(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", gate="g", gate_opens_at=after(60)))
        assert (desk.promote(after(59)), desk.state("a")) == (0, State.WAITING)
        assert (desk.promote(after(60)), desk.state("a")) == (1, State.QUEUED)
        assert desk.promote(after(61)) == 0

    def test_time_alone_can_be_a_gate(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", gate_opens_at=after(60)), new_job("b", gate_opens_at=START))
        assert desk.states("a", "b") == [State.WAITING, State.QUEUED]
        desk.promote(after(60))
        assert desk.state("a") is State.QUEUED

    def test_open_gate_does_not_overtake_a_key(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"], gate="g"))
        desk.open_gate("g")
        assert desk.state("b") is State.WAITING
        desk.finish("a")
        assert desk.state("b") is State.QUEUED

    def test_shut_gate_keeps_a_first_job_and_its_followers(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"], gate="g"), new_job("c", keys=["k"]))
        desk.finish("a")
        assert desk.states("b", "c") == [State.WAITING, State.WAITING]
        desk.open_gate("g")
        assert desk.states("b", "c") == [State.QUEUED, State.WAITING]

    def test_gate_by_time_behind_a_key_is_counted_once(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"], gate="g", gate_opens_at=after(5)))
        assert [desk.promote(after(5)), desk.promote(after(5))] == [1, 0]
        desk.finish("a")
        assert desk.state("b") is State.QUEUED

    def test_release_does_not_break_a_gate(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", gate="g"), new_job("b", gate="h", gate_opens_at=after(5)))
        desk.hold("a")
        desk.hold("b")
        assert desk.release("a").state is State.WAITING
        assert desk.release("b", after(5)).state is State.QUEUED

    def test_gate_opened_while_held_counts_after_the_release(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", gate="g"))
        desk.hold("a")
        desk.open_gate("g")
        assert desk.state("a") is State.HELD
        assert desk.release("a").state is State.QUEUED
