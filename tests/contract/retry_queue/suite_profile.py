"""What a forecast counts. A backend proves itself by giving these classes a `desk`."""

from dataclasses import replace

from retry_queue.job import NewJob, Track
from retry_queue.profile import DueCount, Enqueued
from retry_queue.states import State
from retry_queue.verdict import Done, GiveUp, RetryAt, Verdict
from tests.support.queue_builders import LANE, OTHER_LANE, START, after, new_job
from tests.support.queue_desk import Desk


class TestProfile:
    def test_an_empty_queue_counts_nothing(self, desk: Desk[object]) -> None:
        assert list(_profile(desk)) == []
        with desk.store.read() as transaction:
            assert desk.store.count_enqueued(transaction, 0).jobs == {}

    def test_jobs_due_in_the_same_minute_are_counted_as_due_with_the_first(self, desk: Desk[object]) -> None:
        # The day begins on a whole minute.
        desk.enqueue(new_job("b", due_seconds=3_659), new_job("a", due_seconds=3_610))
        desk.enqueue(new_job("c", due_seconds=3_660))
        assert list(_profile(desk)) == [
            DueCount(LANE, Track.LIVE, State.QUEUED, after(3_610), 2),
            DueCount(LANE, Track.LIVE, State.QUEUED, after(3_660), 1),
        ]

    def test_lanes_tracks_and_states_are_counted_apart(self, desk: Desk[object]) -> None:
        desk.enqueue(_bulk("old"), new_job("far", lane=OTHER_LANE))
        desk.enqueue(new_job("first", keys=["k"]), new_job("second", keys=["k"]))
        assert list(_profile(desk)) == [
            DueCount(OTHER_LANE, Track.LIVE, State.QUEUED, after(3_600), 1),
            DueCount(LANE, Track.BULK, State.QUEUED, after(3_600), 1),
            DueCount(LANE, Track.LIVE, State.QUEUED, after(3_600), 1),
            DueCount(LANE, Track.LIVE, State.WAITING, after(3_600), 1),
        ]

    def test_every_unfinished_job_is_counted_and_no_finished_one(self, desk: Desk[object]) -> None:
        names = ("done", "deferred", "held", "leased", "cancelled")
        desk.enqueue(*(new_job(name, due_seconds=60 * place) for place, name in enumerate(names, start=1)))
        desk.cancel("cancelled")
        verdicts: tuple[Verdict, ...] = (Done(), RetryAt(after(9), counts=True), GiveUp("x"))
        for name, verdict in zip(names, verdicts, strict=False):
            lease = desk.claim_one()
            assert lease.job.job_id == name
            desk.complete(lease, verdict)
        desk.claim_one()
        assert [(each.state, each.due_at) for each in _profile(desk)] == [
            (State.DEFERRED, after(120)),
            (State.HELD, after(180)),
            (State.LEASED, after(240)),
        ]

    def test_new_jobs_are_counted_once_by_their_numbers(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"), new_job("b", lane=OTHER_LANE))
        first = _enqueued(desk, 0)
        assert first.jobs == {(LANE, Track.LIVE): 1, (OTHER_LANE, Track.LIVE): 1}
        desk.enqueue(new_job("c"), _bulk("d"), new_job("e"))
        second = _enqueued(desk, first.up_to_sequence)
        assert second.jobs == {(LANE, Track.LIVE): 2, (LANE, Track.BULK): 1}
        assert _enqueued(desk, second.up_to_sequence) == Enqueued(second.up_to_sequence, {})

    def test_a_finished_job_has_still_come(self, desk: Desk[object]) -> None:
        desk.enqueue(new_job("a"))
        desk.finish("a", START)
        assert _enqueued(desk, 0).jobs == {(LANE, Track.LIVE): 1}


def _bulk(name: str) -> NewJob:
    return replace(new_job(name), track=Track.BULK)


def _profile(desk: Desk[object]) -> list[DueCount]:
    with desk.store.read() as transaction:
        return list(desk.store.due_profile(transaction))


def _enqueued(desk: Desk[object], last: int) -> Enqueued:
    with desk.store.read() as transaction:
        return desk.store.count_enqueued(transaction, last)
