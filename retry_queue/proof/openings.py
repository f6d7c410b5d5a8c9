"""When a destination counts as open for somebody who knows the weather, but must notice that it is over.

That an outage is over is noticed by trying, and somebody tries when a job has its last chance, or when the
breaker does by itself. Three calendars of one destination follow from that, each open later than the one
before: with a last chance whenever one is wanted, with those that jobs really had, and without any.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retry_queue.proof.chronicle import Life, Span
from retry_queue.proof.slots import Micros, Stretch
from retry_queue.proof.world import OUTAGES, Manner, Sky, Spell, Weather, service_at

Over = Callable[[Spell], Micros]
"""When an outage is known to be over."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds a scheduler that knows everything as well as ours; all in microseconds."""

    notice: Micros
    """An outage that turned callers away is noticed to be over so long after: by a job's last chance."""
    notice_silence: Micros
    """The same for one that kept callers hanging until their time-out."""
    fault_wait: Micros
    """After a fault of the destination the same job is not sent again sooner."""
    ask_wait: Micros
    """After an answer was lost nobody asks sooner."""
    beat: Micros
    """Time is looked at so often."""
    news: Micros = 0
    """A process that sleeps looks so often whether another one has brought work."""
    preparing: Micros = 0
    """So long it takes to make a message ready that nobody has seen before."""
    hand: Micros = 0
    """So long a job may lie ready in a process, where work is done in batches."""
    probing: Micros = 0
    """So much longer it takes to notice that an outage is over, where no job has its last chance."""


SHARP = Limits(0, 0, 0, 0, 0)
"""A scheduler that needs not even notice: for comparison, no promise is measured by it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One destination on that day."""

    manner: Manner
    sky: Sky
    threads: int
    """Workers for it in each process."""


def by_a_last_chance(limits: Limits) -> Over:
    """Somebody tries as soon as it can be of use: whose last chance that is, is not asked."""

    def over(spell: Spell) -> Micros:
        hangs = spell.weather in {Weather.SILENT, Weather.SWALLOWING}
        return spell.end + (limits.notice_silence if hangs else limits.notice)

    return over


def by_the_breaker(limits: Limits, in_vain: Iterable[Span] = ()) -> Over:
    """Nothing presses: the breaker tries by itself, and again if that came to nothing, as it did in truth."""
    soonest, tries = by_a_last_chance(limits), sorted(in_vain)

    def over(spell: Spell) -> Micros:
        opens = soonest(spell) + limits.probing
        for begun, ended in tries:
            if spell.end <= begun <= opens:
                opens = max(opens, ended + limits.notice + limits.probing)
        return opens

    return over


def by_those_who_waited(limits: Limits, lives: Iterable[Life], in_vain: Iterable[Span] = ()) -> Over:
    """Whoever of them is due first tries before that; if nobody is due soon, the breaker does."""
    soonest, latest = by_a_last_chance(limits), by_the_breaker(limits, in_vain)
    waiting = sorted((life.due, life.enqueued_at) for life in lives if life.is_live)

    def over(spell: Spell) -> Micros:
        from_then_on = waiting[bisect_left(waiting, (soonest(spell), 0)) :]
        due = next((due for due, enqueued_at in from_then_on if enqueued_at <= spell.end), latest(spell))
        return min(due, latest(spell))

    return over


def stretches(lane: Lane, shut: Sequence[Span], limits: Limits, end: Micros, over: Over) -> list[Stretch]:
    """When the destination answers, and how fast."""
    closed = [(start - limits.hand, stop) for start, stop in shut]
    closed += [
        (spell.start - limits.hand, over(spell)) for spell in lane.sky.spells if spell.weather in OUTAGES
    ]
    slow = [(spell.start, spell.end) for spell in lane.sky.spells if spell.weather is Weather.SLOW]
    marks = sorted({0, end, *(mark for span in (*closed, *slow) for mark in span if 0 < mark < end)})
    return [
        Stretch(start, stop, service_at(lane.manner, lane.sky, start), lane.manner.places)
        for start, stop in pairwise(marks)
        if not any(begin <= start < until for begin, until in closed)
    ]
