"""Tracks, urgency and fair shares. A backend proves itself by giving these classes a `desk`."""

from retry_queue.job import Track
from retry_queue.rank import microseconds
from retry_queue.states import State
from retry_queue.verdict import AskAt, Done, GiveUp, RetryAt, Verdict
from tests.support.queue_builders import START, after, bulk_job, new_job
from tests.support.queue_desk import Desk


class TestUrgency:
    def test_what_can_be_in_time_goes_before_what_is_late_and_bulk_goes_last(
        self, desk: Desk[object]
    ) -> None:
        desk.enqueue(
            bulk_job("book", due_seconds=1),
            new_job("late", due_seconds=-50),
            new_job("later", due_seconds=-5),
            new_job("now", due_seconds=0),
            new_job("soon", due_seconds=1),
            new_job("then", due_seconds=90),
        )
        assert desk.names() == ["soon", "then", "late", "later", "now", "book"]

    def test_job_becomes_late_as_time_goes_by(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("first", due_seconds=10), new_job("second", due_seconds=20))
        assert desk.names(now=after(15)) == ["second", "first"]

    def test_earlier_follower_pulls_its_predecessor_and_the_deadline_stays(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("slow", keys=["k"], due_seconds=900), new_job("other", due_seconds=500))
        desk.enqueue(new_job("urgent", keys=["k"], due_seconds=100))
        slow = desk.get("slow")
        assert (slow.rank, slow.due_at) == (microseconds(after(100)), after(900))
        assert desk.names() == ["slow", "other"]

    def test_urgency_travels_along_a_chain_of_keys_put_in_together_or_not(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a1", keys=["k1"]), new_job("b1", keys=["k1", "l1"]))
        desk.enqueue(new_job("c1", keys=["l1", "m1"]))
        desk.enqueue(new_job("d1", keys=["m1"], due_seconds=100))
        desk.enqueue(
            new_job("a2", keys=["k2"]),
            new_job("b2", keys=["k2", "l2"]),
            new_job("c2", keys=["l2"], due_seconds=200),
        )
        ranks = {name: desk.get(name).rank for name in ("a1", "b1", "c1", "a2", "b2")}
        early, late = microseconds(after(100)), microseconds(after(200))
        assert ranks == {"a1": early, "b1": early, "c1": early, "a2": late, "b2": late}

    def test_bulk_before_a_live_job_becomes_live_and_bulk_behind_it_does_not(
        self, desk: Desk[object]
    ) -> None:
        desk.enqueue(bulk_job("book", keys=["k"]), bulk_job("page", keys=["k", "l"]))
        desk.enqueue(new_job("birth", keys=["l"], due_seconds=100), bulk_job("rest", keys=["l"]))
        found = {name: desk.get(name).track for name in ("book", "page", "birth", "rest")}
        assert found == {"book": Track.LIVE, "page": Track.LIVE, "birth": Track.LIVE, "rest": Track.BULK}
        assert desk.get("book").rank == microseconds(after(100))

    def test_bulk_that_became_live_pulls_with_its_own_deadline_too(self, desk: Desk[object]) -> None:
        desk.enqueue(bulk_job("a", keys=["k"], due_seconds=900), bulk_job("b", keys=["k"], due_seconds=50))
        desk.enqueue(new_job("c", keys=["k"], due_seconds=700))
        assert [desk.get(name).rank for name in "abc"] == [
            microseconds(after(seconds)) for seconds in (50, 50, 700)
        ]

    def test_late_follower_does_not_take_its_predecessor_from_one_that_can_be_saved(
        self, desk: Desk[object]
    ) -> None:
        desk.enqueue(new_job("a", keys=["k"], due_seconds=300), new_job("b", keys=["k"], due_seconds=-5))
        assert desk.get("a").rank == microseconds(after(300))

    def test_late_predecessor_is_pulled_by_the_newcomer_it_can_save(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("late", keys=["k"], due_seconds=-50), new_job("free", due_seconds=500))
        desk.enqueue(new_job("new", keys=["k"], due_seconds=100))
        assert desk.names() == ["late", "free"]

    def test_late_predecessor_serves_the_most_urgent_behind_it_not_the_newcomer(
        self, desk: Desk[object]
    ) -> None:
        desk.enqueue(new_job("a", keys=["k"], due_seconds=10), new_job("b", keys=["k"], due_seconds=200))
        desk.enqueue(new_job("c", keys=["k"], due_seconds=900), now=after(50))
        assert desk.get("a").rank == microseconds(after(200))

    def test_rank_of_a_leased_job_is_raised_too_and_kept_when_it_comes_back(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]))
        lease = desk.claim_one()
        desk.enqueue(new_job("b", keys=["k"], due_seconds=50))
        job = desk.complete(lease, RetryAt(after(5), counts=False))
        assert job == desk.get("a")
        assert job.rank == microseconds(after(50))

    def test_question_takes_part_by_rank(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("lost", due_seconds=900, keys=["k"]), new_job("free", due_seconds=500))
        desk.complete(desk.claim(2)[1], AskAt(START))
        desk.enqueue(new_job("urgent", keys=["k"], due_seconds=10), new_job("mid", due_seconds=300))
        assert desk.names() == ["lost", "mid"]


class TestRerank:
    def test_late_job_with_a_follower_to_save_goes_before_other_late_ones_and_before_later_ones(
        self, desk: Desk[object]
    ) -> None:
        desk.enqueue(
            new_job("late", due_seconds=1),
            new_job("blocker", keys=["k"], due_seconds=10),
            new_job("saved", keys=["k"], due_seconds=100),
            new_job("later", due_seconds=200),
        )
        assert desk.rerank(after(9)) == 0
        assert (desk.rerank(after(20)), desk.rerank(after(20))) == (1, 0)
        assert desk.names(now=after(20)) == ["blocker", "later", "late"]
        assert desk.get("blocker").due_at == after(10)

    def test_chain_of_late_jobs_is_reranked_from_its_end(self, desk: Desk[object]) -> None:
        desk.enqueue(
            new_job("a", keys=["k"], due_seconds=10),
            new_job("b", keys=["k", "l"], due_seconds=12),
            new_job("c", keys=["l"], due_seconds=100),
        )
        while desk.rerank(after(20), limit=1):
            pass
        assert [desk.get(name).rank for name in "ab"] == [microseconds(after(100))] * 2

    def test_each_passed_rank_is_looked_at_once_and_finished_jobs_never(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"], due_seconds=10), new_job("b", keys=["k"], due_seconds=20))
        desk.enqueue(new_job("x", keys=["l"], due_seconds=10), new_job("y", keys=["l"], due_seconds=20))
        assert [desk.rerank(after(15)), desk.rerank(after(15))] == [2, 0]
        desk.cancel("x")
        assert [desk.rerank(after(25)), desk.rerank(after(25))] == [1, 0]

    def test_late_job_that_holds_up_only_late_ones_stays(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"], due_seconds=10), new_job("b", keys=["k"], due_seconds=20))
        desk.rerank(after(30))
        assert desk.get("a").rank == microseconds(after(10))


class TestBulk:
    def test_parties_take_turns_whatever_they_have_put_in(self, desk: Desk[object]) -> None:
        desk.enqueue(*(bulk_job(f"a{number}", "anna") for number in range(4)))
        desk.enqueue(bulk_job("b0", "berta"), bulk_job("b1", "berta"))
        assert desk.names() == ["a0", "b0", "a1", "b1", "a2", "a3"]

    def test_newcomer_begins_at_the_turn_served_now(self, desk: Desk[object]) -> None:
        desk.enqueue(*(bulk_job(f"a{number}", "anna") for number in range(6)))
        assert desk.names(3) == ["a0", "a1", "a2"]
        desk.enqueue(*(bulk_job(f"b{number}", "berta") for number in range(3)))
        assert desk.names() == ["b0", "a3", "b1", "a4", "b2", "a5"]

    def test_appetite_for_bulk_is_bounded_and_live_comes_first(self, desk: Desk[object]) -> None:
        desk.enqueue(*(bulk_job(f"a{number}") for number in range(5)), new_job("live"))
        assert desk.names(4, bulk=2) == ["live", "a0", "a1"]
        assert desk.names(9, bulk=0) == []
        assert desk.leased() == {Track.LIVE: 1, Track.BULK: 2}
        assert desk.names(1, bulk=9) == ["a2"]

    def test_deferred_bulk_keeps_its_turn(self, desk: Desk[object]) -> None:
        desk.enqueue(*(bulk_job(f"a{number}", "anna") for number in range(3)))
        desk.complete(desk.claim_one(), RetryAt(after(5), counts=True))
        desk.promote(after(5))
        assert desk.names(now=after(5)) == ["a0", "a1", "a2"]

    def test_late_bulk_is_still_bulk(self, desk: Desk[object]) -> None:
        desk.enqueue(bulk_job("book", due_seconds=-900), new_job("live"))
        assert desk.names() == ["live", "book"]


class TestBatches:
    def test_batch_is_completed_each_by_its_own_verdict(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(name, keys=[name]) for name in "abcd"), new_job("e", keys=["a", "b"]))
        a, b, c, d = desk.claim(4)
        verdicts: tuple[Verdict, ...] = (Done(), Done(), RetryAt(after(9), counts=True), GiveUp("broken"))
        settled = desk.complete_all(*zip((a, b, c, d), verdicts, strict=True), now=after(2))
        assert [job.job_id for job in settled.jobs] == ["a", "b", "c", "d"]
        assert list(settled.jobs) == [desk.get(name) for name in "abcd"]
        assert (list(settled.lost), desk.state("e")) == ([], State.QUEUED)

    def test_lost_lease_harms_none_of_the_others(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(name, keys=[name]) for name in "abc"), new_job("d", keys=["b"]))
        leases = desk.claim(3)
        desk.rescue(after(60))
        desk.claim(1, now=after(61))
        again = desk.claim(1, now=after(61))
        settled = desk.complete_all(*((each, Done()) for each in (leases[0], again[0], leases[2])))
        assert [job.job_id for job in settled.jobs] == ["b"]
        assert settled.lost == [leases[0], leases[2]]
        assert desk.states("a", "b", "c", "d") == [State.LEASED, State.DONE, State.QUEUED, State.QUEUED]

    def test_heart_beat_and_announcement_name_the_leases_that_are_lost(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(name) for name in "abc"))
        a, b, c = desk.claim(3)
        desk.complete(b)
        assert desk.extend_all(a, b, c, until=after(500), now=after(9)) == [b]
        assert desk.announce_all(a, b, now=after(9)) == [b]
        assert (desk.get("a").lease_until, desk.get("a").maybe_sent) == (after(500), True)
        assert (desk.get("c").lease_until, desk.get("c").maybe_sent) == (after(500), False)
        assert desk.extend_all(a, c, until=after(900), now=after(500)) == [a, c]

    def test_a_look_tells_which_leases_are_not_held_any_more_whatever_the_clock_says(
        self, desk: Desk[object]
    ) -> None:
        desk.enqueue(*(new_job(name) for name in "abcd"))
        a, b, c, d = desk.claim(4)
        desk.complete(b)
        desk.give_back(c)
        assert desk.lost(a, b, c, d) == [b, c]
        desk.rescue(after(60))
        assert desk.lost(a, d) == [a, d]
        (again,) = desk.claim(1, now=after(61))
        assert again.job.job_id == "a"
        assert (desk.lost(again), desk.lost(a), desk.lost(d)) == ([], [a], [d])
        assert not desk.lost()

    def test_reason_may_be_any_text(self, desk: Desk[object]) -> None:
        reasons = ['said "no", {then} left', "back\\slash\\", "NULL", "đã từ chối; '--", ""]
        desk.enqueue(*(new_job(reason) for reason in reasons))
        leases = desk.claim(5)
        desk.complete_all(*((lease, GiveUp(lease.job.job_id)) for lease in leases))
        assert [desk.get(reason).held_reason for reason in reasons] == reasons

    def test_batch_is_given_back(self, desk: Desk[object]) -> None:
        desk.enqueue(*(new_job(name) for name in "abc"))
        a, b, c = desk.claim(3)
        desk.announce(b)
        desk.complete(c)
        settled = desk.give_back_all(a, b, c, now=after(1))
        assert [job.state for job in settled.jobs] == [State.QUEUED, State.UNKNOWN]
        assert settled.lost == [c]
        assert desk.names(now=after(1)) == ["a", "b"]

    def test_nothing_is_a_batch_too(self, desk: Desk[object]) -> None:
        assert not desk.complete_all().jobs
        assert not desk.give_back_all().lost
        assert not desk.announce_all()
        assert not desk.extend_all(until=after(9))
