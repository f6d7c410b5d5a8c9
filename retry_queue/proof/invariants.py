"""The promises, checked on what was committed and on what the destinations saw."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

from retry_queue.job import GateKey, Job, JobId
from retry_queue.proof.chronicle import Chronicle, Life, Violation
from retry_queue.proof.oracle import Micros
from retry_queue.proof.world import Journal
from retry_queue.states import State
from retry_queue.store import Store

TransactionT = TypeVar("TransactionT")


def broken(chronicle: Chronicle, journal: Journal, now: Micros) -> list[Violation]:
    """All of them, in a fixed order."""
    lives = sorted(chronicle.lives.values(), key=lambda life: life.number)
    return [
        *chronicle.violations,
        *_lost(lives, journal, now),
        *_twice(lives, journal),
        *_out_of_order(lives, journal),
    ]


def _lost(lives: Sequence[Life], journal: Journal, now: Micros) -> list[Violation]:
    """A job ends there, or by the will of a person; and what is said to be there is there."""
    found = []
    for life in lives:
        is_there = life.new.job_id in journal.applied
        if life.state is State.DONE and not is_there:
            found.append(
                Violation("nothing lost", life.new.job_id, now, "done, and the destination has nothing")
            )
        elif life.state is State.CANCELLED and is_there:
            found.append(
                Violation("nothing lost", life.new.job_id, now, "withdrawn, and the destination has it")
            )
        elif not life.state.is_final:
            found.append(Violation("nothing lost", life.new.job_id, now, f"still {life.state} at the end"))
    return found


def _twice(lives: Sequence[Life], journal: Journal) -> list[Violation]:
    return [
        Violation("nothing twice", life.new.job_id, journal.applied[life.new.job_id][1], "applied again")
        for life in lives
        if len(journal.applied.get(life.new.job_id, ())) > 1
    ]


def _out_of_order(lives: Sequence[Life], journal: Journal) -> list[Violation]:
    """In each line nobody is applied before somebody who came earlier, unless that one was withdrawn."""
    lines: defaultdict[tuple[str, str], list[Life]] = defaultdict(list)
    for life in lives:
        for key in sorted(life.new.keys):
            lines[life.new.lane, key].append(life)
    found = {}
    for line in lines.values():
        before: Micros = 0
        for life in line:
            times = journal.applied.get(life.new.job_id)
            if times is None:
                continue
            if times[0] < before:
                found[life.new.job_id] = Violation(
                    "order per key", life.new.job_id, times[0], "applied before an earlier one of its key"
                )
            before = max(before, times[0])
    return list(found.values())


def without_reason(
    store: Store[TransactionT], transaction: TransactionT, opened: Collection[GateKey], now: Micros
) -> list[Violation]:
    """Whoever waits can say for what: somebody before it, a shut gate, an instant, a person, a worker."""

    def is_blocked(job_id: JobId) -> bool:
        return bool(store.list_blockers(transaction, job_id, 1))

    return [
        Violation("waits have reasons", job.job_id, now, f"{state} for nothing")
        for state in (State.WAITING, State.DEFERRED, State.HELD, State.LEASED)
        for job in store.list_jobs(transaction, None, state, 0, 10_000)
        if not _has_reason(job, is_blocked, opened)
    ]


def _has_reason(job: Job, is_blocked: Callable[[JobId], bool], opened: Collection[GateKey]) -> bool:
    match job.state:
        case State.WAITING:
            return (job.gate is not None and job.gate not in opened) or is_blocked(job.job_id)
        case State.DEFERRED:
            return job.next_attempt_at is not None
        case State.HELD:
            return job.held_reason is not None
        case State.LEASED:
            return job.lease_until is not None
        case _:
            return True
