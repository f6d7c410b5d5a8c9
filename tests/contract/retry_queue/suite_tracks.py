"""Work that is there already becomes bulk, or live again. A backend gives this class a `desk`."""

import pytest

from retry_queue.errors import UnknownJob
from retry_queue.job import Track
from retry_queue.rank import microseconds
from retry_queue.states import State
from retry_queue.verdict import RetryAt
from tests.support.queue_builders import after, bulk_job, new_job
from tests.support.queue_desk import Desk


class TestChangeOfTrack:
    def test_what_became_bulk_goes_after_every_live_job_and_keeps_its_due_time(
        self, desk: Desk[object]
    ) -> None:
        desk.enqueue(new_job("early", due_seconds=60), new_job("late", due_seconds=600))
        before = desk.get("early")
        changed = desk.make_bulk("early", "replay-1")
        assert (changed.track, changed.party, changed.due_at) == (Track.BULK, "replay-1", before.due_at)
        assert desk.get("early") == changed
        assert desk.names() == ["late", "early"]

    def test_parties_take_turns_whoever_came_first(self, desk: Desk[object]) -> None:
        desk.enqueue(*(bulk_job(f"book-{number}", "books") for number in range(2)))
        desk.enqueue(*(new_job(f"again-{number}") for number in range(2)))
        for number in range(2):
            desk.make_bulk(f"again-{number}", "replay-1")
        assert desk.names() == ["book-0", "again-0", "book-1", "again-1"]

    def test_a_held_job_is_bulk_when_it_is_released(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b"))
        desk.hold("a")
        assert desk.make_bulk("a").state is State.HELD
        desk.release("a")
        assert desk.names() == ["b", "a"]

    def test_what_a_live_job_waits_for_stays_live(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"]), new_job("b", keys=["k"]))
        desk.hold("a")
        assert desk.make_bulk("a").track is Track.LIVE
        assert desk.make_bulk("b").track is Track.BULK
        assert desk.make_bulk("a").track is Track.BULK

    def test_a_live_job_makes_what_it_waits_for_live_again(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a", keys=["k"], due_seconds=900))
        desk.make_bulk("a")
        desk.enqueue(new_job("b", keys=["k"], due_seconds=100))
        assert (desk.get("a").track, desk.get("a").rank) == (Track.LIVE, microseconds(after(100)))

    def test_back_to_live_it_is_as_urgent_as_its_due_time(self, desk: Desk[object]) -> None:
        desk.enqueue(bulk_job("a", due_seconds=60), new_job("b", due_seconds=600))
        assert desk.make_live("a").rank == microseconds(after(60))
        assert desk.names() == ["a", "b"]

    def test_back_to_live_it_takes_along_what_it_waits_for(self, desk: Desk[object]) -> None:
        desk.enqueue(bulk_job("a", keys=["k"]), bulk_job("b", keys=["k"], due_seconds=60), new_job("c"))
        desk.make_live("b")
        assert desk.get("a").track is Track.LIVE
        assert desk.names() == ["a", "c"]

    def test_what_a_worker_has_or_what_is_finished_stays_as_it_is(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b"))
        lease = desk.claim_one()
        assert desk.make_bulk("a").track is Track.LIVE
        desk.complete(lease)
        assert desk.make_bulk("a").track is Track.LIVE
        assert desk.make_live("a") == desk.get("a")

    def test_a_deferred_job_stays_deferred_on_its_new_track(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.complete(desk.claim_one(), RetryAt(after(30), counts=True))
        assert desk.make_bulk("a").state is State.DEFERRED
        assert desk.names() == []
        desk.promote(after(30))
        assert desk.names(now=after(30)) == ["a"]

    def test_an_unknown_job_is_an_error(self, desk: Desk[object]) -> None:
        with pytest.raises(UnknownJob):
            desk.make_bulk("nobody")
        with pytest.raises(UnknownJob):
            desk.make_live("nobody")
