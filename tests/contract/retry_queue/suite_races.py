"""Acts that overlap, with real threads: whatever the order, nobody is woken twice and nobody is forgotten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from retry_queue.errors import NotAllowed
from retry_queue.states import State
from retry_queue.verdict import Done
from tests.support.queue_builders import START, after, new_job
from tests.support.queue_desk import Desk

ROUNDS = 40
DEADLINE_SECONDS = 30.0


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Start all acts together; their results, or the first error."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        gate.wait(DEADLINE_SECONDS)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        started = [pool.submit(run, act) for act in acts]
        return [each.result(DEADLINE_SECONDS) for each in started]


class TestRaces:
    def test_two_blockers_finishing_together_release_their_follower(self, desk: Desk[object]) -> None:
        for number in range(ROUNDS):
            one, two, both = f"one-{number}", f"two-{number}", f"both-{number}"
            desk.enqueue(new_job(one, keys=[one]), new_job(two, keys=[two]), new_job(both, keys=[one, two]))
            first, second = desk.claim(2)
            at_once(partial(desk.complete, first), partial(desk.complete, second))
            assert desk.state(both) is State.QUEUED
            desk.finish(both)

    def test_follower_put_in_while_its_blocker_finishes_is_not_forgotten(self, desk: Desk[object]) -> None:
        for number in range(ROUNDS):
            first, follower = f"first-{number}", f"follower-{number}"
            desk.enqueue(new_job(first, keys=["k"]))
            lease = desk.claim_one()
            late = new_job(follower, keys=["k"])
            at_once(partial(desk.complete, lease), partial(desk.enqueue, late))
            assert desk.state(follower) is State.QUEUED
            desk.finish(follower)

    def test_gate_opened_while_its_job_is_put_in_lets_it_go(self, desk: Desk[object]) -> None:
        for number in range(ROUNDS):
            gate, name = f"gate-{number}", f"behind-{number}"
            job = new_job(name, keys=[name], gate=gate)
            at_once(partial(desk.open_gate, gate), partial(desk.enqueue, job))
            assert desk.state(name) is State.QUEUED

    def test_gate_opened_while_the_blocker_finishes_lets_the_job_go(self, desk: Desk[object]) -> None:
        for number in range(ROUNDS):
            gate, blocker, name = f"gate-{number}", f"blocker-{number}", f"behind-{number}"
            desk.enqueue(new_job(blocker, keys=["k"]), new_job(name, keys=["k"], gate=gate))
            lease = desk.claim_one()
            at_once(partial(desk.complete, lease), partial(desk.open_gate, gate))
            assert desk.state(name) is State.QUEUED
            desk.finish(name)

    def test_gate_opened_by_time_while_the_blocker_finishes_lets_the_job_go(self, desk: Desk[object]) -> None:
        for number in range(ROUNDS):
            blocker, name = f"blocker-{number}", f"behind-{number}"
            behind = new_job(name, keys=["k"], gate="never", gate_opens_at=after(60))
            desk.enqueue(new_job(blocker, keys=["k"]), behind)
            lease = desk.claim_one()
            at_once(partial(desk.complete, lease), lambda: desk.promote(after(60)))
            assert desk.state(name) is State.QUEUED
            desk.finish(name)

    def test_job_released_while_its_blocker_finishes_is_not_forgotten(self, desk: Desk[object]) -> None:
        for number in range(ROUNDS):
            blocker, name = f"blocker-{number}", f"behind-{number}"
            desk.enqueue(new_job(blocker, keys=["k"]), new_job(name, keys=["k"]))
            desk.hold(name)
            lease = desk.claim_one()
            at_once(partial(desk.complete, lease), partial(desk.release, name))
            assert desk.state(name) is State.QUEUED
            desk.finish(name)

    def test_job_is_either_claimed_or_cancelled(self, desk: Desk[object]) -> None:
        def cancel(name: str) -> bool:
            try:
                desk.cancel(name)
            except NotAllowed:
                return False
            return True

        for number in range(ROUNDS):
            name = f"job-{number}"
            desk.enqueue(new_job(name, keys=[name]))
            claimed, was_cancelled = at_once(lambda: desk.claim(1), partial(cancel, name))
            assert bool(claimed) != was_cancelled
            assert desk.state(name) is (State.CANCELLED if was_cancelled else State.LEASED)

    def test_workers_that_drain_together_take_each_job_once_and_in_key_order(
        self, desk: Desk[object]
    ) -> None:
        names = [f"job-{number:03}" for number in range(120)]
        desk.enqueue(*(new_job(name, keys=[f"key-{name[-1]}"]) for name in names))
        taken: list[str] = []

        def drain(worker: str) -> None:
            while len(taken) < len(names):
                for lease in desk.claim(3, worker=worker):
                    taken.append(lease.job.job_id)
                    desk.complete(lease, Done(), START)

        at_once(*(partial(drain, worker) for worker in ("anna", "berta", "cilla", "dora")))
        assert sorted(taken) == names
        for digit in "0123456789":
            line = [name for name in taken if name.endswith(digit)]
            assert line == sorted(line)

    def test_batches_with_crossing_keys_do_not_wait_in_a_circle(self, desk: Desk[object]) -> None:
        keys = [f"key-{number}" for number in range(12)]

        def put(prefix: str, order: list[str]) -> None:
            for number in range(15):
                desk.enqueue(*(new_job(f"{prefix}-{number}-{key}", keys=[key, order[0]]) for key in order))

        at_once(lambda: put("up", keys), lambda: put("down", keys[::-1]), lambda: put("mid", keys[6:]))
        assert len(desk.list(limit=10_000)) == 15 * (12 + 12 + 6)
