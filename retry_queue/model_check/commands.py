"""The moves of workers, destination, time and one person, as guarded commands made from the real moves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from retry_queue import moves
from retry_queue.job import Job
from retry_queue.model_check.abstraction import LATER, NOW, Standing, Step, claim, steps_of
from retry_queue.states import State
from retry_queue.verdict import AskAt, Done, GiveUp, RetryAt, SendAgain, Verdict

JOBS = ("a", "b")
"""`b` came later and shares an ordering key with `a`."""
WORKERS = (1, 2)
STATES = tuple(State)
ACTS_MAX = 2
"""Holding and letting go again takes two acts."""
IDLE, CLAIMED, ANNOUNCED, ANSWERED = range(4)
"""Where a worker stands."""
RESULTS = ("nothing", "accepted", "refused", "lost", "absent", "not_sent", "unanswered", "given_up")
"""What a worker holds in its hands after an attempt."""


@dataclass(frozen=True, slots=True)
class Command:
    """One guarded command of the model."""

    label: str
    guard: str
    updates: tuple[str, ...]

    def text(self) -> str:
        """In the language of the model."""
        updates = " & ".join(f"({each})" for each in self.updates)
        return f"  [{self.label}] {self.guard} -> {updates};"


@dataclass(frozen=True, slots=True)
class Flaws:
    """Planted bugs, so that tests can show that the check would find them."""

    no_fence: bool = False
    """Outcomes are recorded by whoever has one."""
    blind_retry: bool = False
    """What may have been sent is sent again without asking."""
    early_follower: bool = False
    """A follower goes when its predecessor is held."""
    late_announcement: bool = False
    """The first byte leaves before "about to send" is committed."""
    cancel_anything: bool = False
    """A person may withdraw what may have been sent."""


def commands(flaws: Flaws) -> list[Command]:
    """Everything that can happen."""
    return [
        *(each for worker in WORKERS for job in JOBS for each in _worker(worker, job, flaws)),
        *(each for job in JOBS for each in _time(job)),
        *(each for job in JOBS for each in _person(job, flaws)),
    ]


def _worker(worker: int, job: str, flaws: Flaws) -> Iterator[Command]:
    w = f"w{worker}"
    yield from _claims(w, worker, job, flaws)
    yield from _announcements(w, worker, job, flaws)
    yield from _calls(w, job)
    yield from _records(w, worker, job, flaws)
    yield Command(
        f"crash_{w}", f"!crashed & {_at_work(w, job)}", (f"{w}'={IDLE}", "crashed'=true", *_forget(w))
    )
    yield Command(
        f"crash_{w}_message_left",
        f"!crashed & {_stands(w, job, ANNOUNCED)}",
        (f"{w}'={IDLE}", "crashed'=true", *_forget(w), *_applied(job)),
    )


def _claims(w: str, worker: int, job: str, flaws: Flaws) -> Iterator[Command]:
    for step in steps_of(claim):
        asks = step.before.maybe_sent and not flaws.blind_retry
        yield Command(
            f"claim_{w}_{job}",
            f"{w}={IDLE} & {_is(job, step.before)}",
            (
                *_becomes(job, step.after),
                f"{job}_owner'={worker}",
                f"{w}'={CLAIMED}",
                f"{w}_on_b'={_truth(job == 'b')}",
                f"{w}_asks'={_truth(asks)}",
            ),
        )


def _announcements(w: str, worker: int, job: str, flaws: Flaws) -> Iterator[Command]:
    """The intention is committed under the fence; a worker that has lost its lease goes home."""
    stands = f"{_stands(w, job, CLAIMED)} & !{w}_asks"
    mine = _mine(worker, job)
    mark = () if flaws.late_announcement else (f"{job}_sent'=true",)
    yield Command(f"announce_{w}_{job}", f"{stands} & {mine}", (f"{w}'={ANNOUNCED}", *mark))
    yield Command(f"too_late_{w}_{job}", f"{stands} & !{mine}", (f"{w}'={IDLE}", *_forget(w)))
    for step in steps_of(lambda each: moves.given_back(each, NOW)):
        yield Command(
            f"give_back_{w}_{job}",
            f"{_stands(w, job, CLAIMED)} & {mine} & {_is(job, step.before)}",
            (f"{w}'={IDLE}", *_forget(w), *_becomes(job, step.after)),
        )


def _calls(w: str, job: str) -> Iterator[Command]:
    """Everything a destination and a network can do to one call."""
    sends, asks = _stands(w, job, ANNOUNCED), f"{_stands(w, job, CLAIMED)} & {w}_asks"
    yield _answered(f"accepted_{w}_{job}", sends, w, "accepted", _applied(job))
    yield _answered(f"answer_lost_{w}_{job}", sends, w, "lost", _applied(job))
    yield _answered(f"message_lost_{w}_{job}", sends, w, "lost")
    yield _answered(f"refused_{w}_{job}", f"{sends} & {job}_applied=0", w, "refused")
    yield _answered(f"not_sent_{w}_{job}", sends, w, "not_sent")
    yield _answered(f"found_{w}_{job}", f"{asks} & {job}_applied>0", w, "accepted")
    yield _answered(f"absent_{w}_{job}", f"{asks} & {job}_applied=0", w, "absent")
    yield _answered(f"question_lost_{w}_{job}", asks, w, "unanswered")
    yield _answered(f"enough_asked_{w}_{job}", asks, w, "given_up")


VERDICTS: dict[str, Verdict] = {
    "accepted": Done(),
    "refused": GiveUp("refused"),
    "lost": AskAt(LATER),
    "absent": SendAgain(LATER),
    "not_sent": RetryAt(LATER, counts=False),
    "unanswered": AskAt(LATER, counts=False),
    "given_up": GiveUp("outcome_unknown", maybe_sent=True),
}
"""What a handler that keeps the rules decides about each result."""


def _records(w: str, worker: int, job: str, flaws: Flaws) -> Iterator[Command]:
    """The outcome, the new state and the followers, in one transaction under the fence."""
    fence = f"{job}={_number(State.LEASED)}" if flaws.no_fence else _mine(worker, job)
    for result, verdict in VERDICTS.items():
        stands = f"{_stands(w, job, ANSWERED)} & {w}_result={RESULTS.index(result)}"
        for step in steps_of(partial(_completed, verdict=verdict)):
            yield Command(
                f"record_{result}_{w}_{job}",
                f"{stands} & {fence} & {_is(job, step.before)}",
                (f"{w}'={IDLE}", *_forget(w), *_becomes(job, step.after), *_followers(job, step, flaws)),
            )
        yield Command(f"shut_out_{w}_{job}", f"{stands} & !({fence})", (f"{w}'={IDLE}", *_forget(w)))


def _time(job: str) -> Iterator[Command]:
    """Leases run out; what was put off comes back."""
    nobody = " & ".join(f"({_keeps_no_lease(worker, job)})" for worker in WORKERS)
    for step in steps_of(lambda each: moves.expired(each, NOW)):
        yield Command(
            f"lease_expires_{job}",
            f"{_is(job, step.before)} & (late=2 | ({nobody}))",
            _becomes(job, step.after),
        )
    for step in steps_of(lambda each: moves.time_came(each, NOW)):
        if step.before != step.after:
            yield Command(f"time_came_{job}", _is(job, step.before), _becomes(job, step.after))


def _keeps_no_lease(worker: int, job: str) -> str:
    """Its heart-beat keeps the lease up; a worker that is late with its books has none any more."""
    w = f"w{worker}"
    return f"!({_at_work(w, job)} & {_mine(worker, job)}) | (late=1 & {w}={ANSWERED})"


def _person(job: str, flaws: Flaws) -> Iterator[Command]:
    """An act or two; who says that the destination has it, or has it not, tells the truth."""
    is_clear = "true" if job == "a" else f"({_is_final('a')})"
    for clear in (True, False):
        when = is_clear if clear else f"!({is_clear})"
        release = partial(moves.released, now=NOW, is_clear=clear)
        deny = partial(moves.denied, now=NOW, is_clear=clear)
        yield from _acts("release", job, steps_of(release), when, flaws)
        yield from _acts("deny", job, steps_of(deny), f"{when} & {job}_applied=0", flaws)
    yield from _acts("hold", job, steps_of(lambda each: moves.held(each, "person", NOW)), "true", flaws)
    yield from _acts(
        "confirm", job, steps_of(lambda each: moves.confirmed(each, NOW)), f"{job}_applied>0", flaws
    )
    cancels = steps_of(lambda each: moves.cancelled(each, NOW))
    yield from _acts("cancel", job, _careless() if flaws.cancel_anything else cancels, "true", flaws)


def _acts(name: str, job: str, steps: Iterator[Step], when: str, flaws: Flaws) -> Iterator[Command]:
    for step in steps:
        yield Command(
            f"person_{name}_{job}",
            f"acts<{ACTS_MAX} & {when} & {_is(job, step.before)}",
            ("acts'=acts+1", *_becomes(job, step.after), *_followers(job, step, flaws)),
        )


def _careless() -> Iterator[Step]:
    for state in (State.QUEUED, State.UNKNOWN, State.HELD):
        for maybe_sent in (False, True):
            yield Step(Standing(state, maybe_sent), Standing(State.CANCELLED, maybe_sent=False))


def _followers(job: str, step: Step, flaws: Flaws) -> Sequence[str]:
    """When `a` is final, `b` may go: in the same transaction."""
    lets_go = step.after.state.is_final or (flaws.early_follower and step.after.state is State.HELD)
    if job == "b" or not lets_go:
        return ()
    ways = [
        each for each in steps_of(lambda each: moves.way_cleared(each, NOW)) if not each.before.maybe_sent
    ]
    cleared = _number(ways[0].after.state)
    return (f"b'=(b={_number(ways[0].before.state)} ? {cleared} : b)",)


def _applied(job: str) -> tuple[str, ...]:
    """The destination takes the message; `disorder` notes a follower that was there first."""
    again = f"(idempotent & {job}_applied>0)"
    noted = f"disorder | (!{again} & (b_applied>0))" if job == "a" else f"disorder | !({_is_final('a')})"
    return (f"{job}_applied'=({again} ? {job}_applied : min(2, {job}_applied+1))", f"disorder'=({noted})")


def _answered(label: str, guard: str, w: str, result: str, also: tuple[str, ...] = ()) -> Command:
    return Command(label, guard, (f"{w}'={ANSWERED}", f"{w}_result'={RESULTS.index(result)}", *also))


def _completed(job: Job, verdict: Verdict) -> Job:
    return moves.completed(job, verdict, NOW)


def _forget(w: str) -> tuple[str, ...]:
    """An idle worker knows nothing: fewer states that mean the same."""
    return (f"{w}_on_b'=false", f"{w}_asks'=false", f"{w}_result'=0")


def _stands(w: str, job: str, phase: int) -> str:
    return f"{w}={phase} & {'' if job == 'b' else '!'}{w}_on_b"


def _at_work(w: str, job: str) -> str:
    return f"({w}>{IDLE} & {'' if job == 'b' else '!'}{w}_on_b)"


def _mine(worker: int, job: str) -> str:
    """The fence: a later claim makes it another's."""
    return f"({job}={_number(State.LEASED)} & {job}_owner={worker})"


def _is(job: str, standing: Standing) -> str:
    return f"{job}={_number(standing.state)} & {job}_sent={_truth(standing.maybe_sent)}"


def _becomes(job: str, standing: Standing) -> tuple[str, ...]:
    return (f"{job}'={_number(standing.state)}", f"{job}_sent'={_truth(standing.maybe_sent)}")


def _is_final(job: str) -> str:
    return " | ".join(f"{job}={_number(state)}" for state in STATES if state.is_final)


def _number(state: State) -> int:
    return STATES.index(state)


def _truth(value: bool) -> str:  # noqa: FBT001 - a value, not a switch
    return "true" if value else "false"
