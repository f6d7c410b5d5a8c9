"""What becomes of a job. A backend proves itself by giving these classes a `desk`."""

import pytest

from retry_queue.errors import LeaseLost, NotAllowed, UnknownJob
from retry_queue.job import GateKey, JobId, Lane
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneHealth
from retry_queue.verdict import AskAt, Done, GiveUp, RetryAt, SendAgain
from tests.support.queue_builders import LANE, LEASE_SECONDS, OTHER_LANE, START, after, new_job
from tests.support.queue_desk import Desk


class TestVerdicts:
    def test_done_is_final(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        lease = desk.claim_one()
        desk.announce(lease)
        job = desk.complete(lease, Done(), after(5))
        assert job == desk.get("a")
        assert (job.state, job.maybe_sent, job.finished_at, job.lease_until) == (
            State.DONE, False, after(5), None,
        )  # fmt: skip

    def test_retry_that_counts_costs_an_attempt_and_waits(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        lease = desk.claim_one()
        desk.announce(lease)
        job = desk.complete(lease, RetryAt(after(60), counts=True))
        assert (job.state, job.attempts, job.maybe_sent) == (State.DEFERRED, 1, False)
        assert job.next_attempt_at == after(60)
        assert desk.claim(1, now=after(999)) == []
        assert (desk.promote(after(59)), desk.promote(after(60))) == (0, 1)
        assert desk.claim_one(now=after(60)).job.next_attempt_at is None

    def test_fault_of_the_destination_costs_no_attempt(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        assert desk.complete(desk.claim_one(), RetryAt(after(60), counts=False)).attempts == 0

    def test_lost_outcome_is_asked_and_asks_are_counted(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        assert desk.complete(desk.claim_one(), AskAt(after(10))).asks == 1
        lease = desk.claim_one(now=after(10))
        assert lease.must_ask
        job = desk.complete(lease, AskAt(after(20)))
        assert (job.state, job.asks, job.maybe_sent) == (State.UNKNOWN, 2, True)
        assert desk.complete(desk.claim_one(now=after(20)), AskAt(after(30), counts=False)).asks == 2

    def test_send_again_forgets_the_doubt(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.complete(desk.claim_one(), AskAt(START))
        job = desk.complete(desk.claim_one(), SendAgain(after(5)))
        assert (job.state, job.maybe_sent, job.asks, job.attempts) == (State.DEFERRED, False, 0, 0)
        desk.promote(after(5))
        assert not desk.claim_one(now=after(5)).must_ask

    def test_refusal_holds_and_is_an_answer(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        lease = desk.claim_one()
        desk.announce(lease)
        job = desk.complete(lease, GiveUp("wrong_total"))
        assert (job.state, job.held_reason, job.maybe_sent) == (State.HELD, "wrong_total", False)

    def test_doubt_that_asking_did_not_end_stays_with_the_held_job(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.complete(desk.claim_one(), GiveUp("no_answer", maybe_sent=True))
        with pytest.raises(NotAllowed):
            desk.cancel("a")
        job = desk.release("a", after(9))
        assert (job.state, job.next_attempt_at, job.held_reason) == (State.UNKNOWN, after(9), None)


class TestLeases:
    def test_late_completion_changes_nothing(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]))
        late = desk.claim_one()
        desk.rescue(after(LEASE_SECONDS))
        current = desk.claim_one(now=after(70))
        before = desk.get("a")
        for act in (
            lambda: desk.complete(late, Done(), after(71)),
            lambda: desk.announce(late, after(71)),
            lambda: desk.extend(late, after(500), after(71)),
            lambda: desk.give_back(late, after(71)),
        ):
            with pytest.raises(LeaseLost):
                act()
        assert desk.get("a") == before == current.job
        assert desk.state("b") is State.WAITING

    def test_completion_twice_is_refused(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        lease = desk.claim_one()
        desk.complete(lease)
        with pytest.raises(LeaseLost):
            desk.complete(lease)

    def test_vanished_worker_that_sent_nothing_is_replaced(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.claim_one()
        assert (desk.rescue(after(LEASE_SECONDS - 1)), desk.rescue(after(LEASE_SECONDS))) == (0, 1)
        job = desk.get("a")
        assert (job.state, job.lease_until, job.attempts) == (State.QUEUED, None, 0)

    def test_vanished_worker_that_may_have_sent_leaves_an_unknown(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.announce(desk.claim_one())
        desk.rescue(after(LEASE_SECONDS))
        assert desk.state("a") is State.UNKNOWN
        assert desk.claim_one(now=after(LEASE_SECONDS)).must_ask

    def test_worker_whose_lease_ran_out_must_not_send(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        lease = desk.claim_one()
        with pytest.raises(LeaseLost):
            desk.announce(lease, after(LEASE_SECONDS))
        assert not desk.get("a").maybe_sent

    def test_late_completion_that_nobody_took_over_still_counts(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        lease = desk.claim_one()
        assert desk.complete(lease, Done(), after(500)).state is State.DONE

    def test_only_process_takes_over_what_its_predecessor_left(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b"), new_job("c"))
        desk.announce(desk.claim_one())
        desk.claim_one()
        assert (desk.end_leases(after(1)), desk.end_leases(after(1))) == (2, 0)
        assert desk.rescue(after(1)) == 2
        assert [desk.state(name) for name in "abc"] == [State.UNKNOWN, State.QUEUED, State.QUEUED]

    def test_extended_lease_is_not_rescued(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        lease = desk.claim_one()
        desk.extend(lease, after(200))
        assert (desk.rescue(after(199)), desk.rescue(after(200))) == (0, 1)

    def test_job_not_begun_is_given_back(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b"))
        first, second = desk.claim(2)
        desk.announce(second)
        assert desk.give_back(first).state is State.QUEUED
        assert desk.give_back(second, after(3)).state is State.UNKNOWN
        assert [lease.job.fence for lease in desk.claim(2, now=after(3))] == [2, 2]

    def test_upkeep_moves_bounded_batches(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(f"job-{number}") for number in range(5)))
        desk.claim(5)
        assert [desk.rescue(after(90), limit=2) for _ in range(4)] == [2, 2, 1, 0]
        for lease in desk.claim(5, now=after(90)):
            desk.complete(lease, RetryAt(after(100), counts=True))
        desk.enqueue(new_job("gated", gate_opens_at=after(95)))
        assert [desk.promote(after(100), limit=4) for _ in range(3)] == [4, 2, 0]


class TestOperations:
    def test_unknown_job_is_named(self, desk: Desk[object]) -> None:
        for act in (desk.release, desk.hold, desk.cancel):
            with pytest.raises(UnknownJob) as caught:
                act("nobody")
            assert caught.value.job_id == "nobody"

    def test_leased_job_can_be_neither_held_nor_cancelled_nor_released(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.claim_one()
        for act in (desk.release, desk.hold, desk.cancel):
            with pytest.raises(NotAllowed):
                act("a")

    def test_finished_job_never_moves(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b"))
        desk.finish("a")
        desk.cancel("b")
        for name in ("a", "b"):
            for act in (desk.release, desk.hold, desk.cancel):
                with pytest.raises(NotAllowed):
                    act(name)

    def test_deferred_job_is_released_at_once(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.complete(desk.claim_one(), RetryAt(after(900), counts=True))
        assert desk.release("a").state is State.QUEUED
        assert desk.promote(after(900)) == 0

    def test_unknown_job_may_be_held_but_not_cancelled(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.complete(desk.claim_one(), AskAt(after(9)))
        with pytest.raises(NotAllowed):
            desk.cancel("a")
        assert desk.hold("a", "asked_too_long").held_reason == "asked_too_long"
        with pytest.raises(NotAllowed):
            desk.cancel("a")
        assert desk.release("a").state is State.UNKNOWN


class TestLanesAndReading:
    def test_lane_nobody_has_heard_of_is_healthy(self, desk: Desk[object]) -> None:
        with desk.store.read() as transaction:
            assert desk.store.get_lane(transaction, LANE) == LaneHealth(LANE)

    def test_lane_is_remembered_and_overwritten(self, desk: Desk[object]) -> None:
        for health in (
            LaneHealth(LANE, BreakerState.OPEN, 7, after(30), "credentials"),
            LaneHealth(LANE, BreakerState.HALF_OPEN, 8, after(60)),
        ):
            with desk.store.write() as transaction:
                desk.store.lock_lane(transaction, LANE)
                desk.store.put_lane(transaction, health)
            with desk.store.write() as transaction:
                assert desk.store.lock_lane(transaction, LANE) == health
                assert desk.store.get_lane(transaction, OTHER_LANE) == LaneHealth(OTHER_LANE)

    def test_counts_are_of_unfinished_jobs_by_lane_and_state(self, desk: Desk[object]) -> None:
        desk.enqueue(
            new_job("a", due_seconds=50),
            new_job("b", due_seconds=70),
            new_job("c", due_seconds=60),
            new_job("x", lane=OTHER_LANE, gate="g"),
        )
        desk.finish("a")
        with desk.store.read() as transaction:
            counts = desk.store.count_lanes(transaction)
        found = [(count.lane, count.state, count.jobs, count.earliest_due_at) for count in counts]
        assert found == [
            (OTHER_LANE, State.WAITING, 1, after(3600)),
            (LANE, State.QUEUED, 2, after(60)),
        ]

    def test_listing_pages_by_sequence_and_filters(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(name) for name in "abc"), new_job("x", lane=OTHER_LANE))
        desk.hold("b")
        first, second = desk.list(limit=2)
        assert [first.job_id, second.job_id] == ["a", "b"]
        assert [job.job_id for job in desk.list(after=second.sequence)] == ["c", "x"]
        assert [job.job_id for job in desk.list(lane=LANE, state=State.QUEUED)] == ["a", "c"]
        assert desk.list(lane=Lane("nowhere")) == []

    def test_jobs_are_found_by_id(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b"))
        with desk.store.read() as transaction:
            found = desk.store.find_jobs(transaction, [JobId("a"), JobId("b"), JobId("nobody")])
            assert desk.store.find_job(transaction, JobId("nobody")) is None
        assert sorted(found) == ["a", "b"]

    def test_blockers_are_limited_and_empty_for_a_stranger(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(name, keys=["k"]) for name in "abcd"))
        assert desk.blockers("d", limit=2) == ["a", "b"]
        assert desk.blockers("nobody") == []


class TestRollback:
    def test_rolled_back_transaction_leaves_nothing(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]), new_job("c", gate="g"))
        lease = desk.claim_one()
        before = desk.list()

        def everything_and_an_error() -> None:
            with desk.store.write() as transaction:
                desk.store.lock_keys(transaction, job_ids=[lease.job.job_id])
                desk.store.complete(transaction, lease, Done(), START)
                desk.store.open_gate(transaction, GateKey("g"), START)
                desk.store.enqueue(transaction, [new_job("d", keys=["k", "new"])], START)
                desk.store.put_lane(transaction, LaneHealth(LANE, failures_in_row=1))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            everything_and_an_error()
        assert desk.list() == before
        with desk.store.read() as transaction:
            assert desk.store.get_lane(transaction, LANE) == LaneHealth(LANE)
        desk.enqueue(new_job("e", keys=["new"]), new_job("f", gate="g"))
        assert desk.states("e", "f") == [State.QUEUED, State.WAITING]
        desk.complete(lease)
        assert desk.state("b") is State.QUEUED
