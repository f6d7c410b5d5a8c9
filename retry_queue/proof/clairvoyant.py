"""One day as the oracle sees it: it knows all weather and all mishaps in advance, bound by what binds all.

What binds anybody, stated once, in `Limits`:

- an attempt takes the destination's service time, in one of its places, and a worker that is alive;
- that an outage is over is noticed by trying. Each job has a last attempt in time shortly before it is due;
  whoever tries then and finds the destination still shut cannot know that it opens a moment later. So after
  an outage a destination counts as open from `notice` on, and after one that kept callers hanging from
  `notice_silence` on;
- a mishap costs the attempt that it happens to, and the wait that politeness asks for;
- what a process had in its hands when it died is lost until the lease runs out;
- order per key, gates, and what persons hold or withdraw are rules of the game and no choices of a scheduler.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from retry_queue.proof.chronicle import NEVER, Chronicle, Life, Span
from retry_queue.proof.earliest import Calendar
from retry_queue.proof.oracle import Micros, Stretch, Task, on_time
from retry_queue.proof.scheduler import SECOND
from retry_queue.proof.world import (
    OUTAGES,
    Coins,
    Journal,
    Manner,
    Mishap,
    Sky,
    Spell,
    Weather,
    is_at_fault,
    mishap_of,
    service_at,
)
from retry_queue.states import State


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


SHARP = Limits(0, 0, 0, 0, 0)
"""A scheduler that needs not even notice: for comparison, no promise is measured by it."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One destination on that day."""

    manner: Manner
    sky: Sky
    threads: int
    """Workers for it in each process."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The day judged."""

    jobs: int
    missed: tuple[str, ...]
    """Not there in time in the real run."""
    unavoidable: tuple[str, ...]
    """Missed by the oracle in a best schedule."""

    @property
    def regret(self) -> int:
        """So many more than the oracle's; never below 0 if the oracle is right."""
        return len(self.missed) - len(self.unavoidable)


class Clairvoyant:
    """Computes from when on each job could have gone, then matches."""

    def __init__(
        self,
        chronicle: Chronicle,
        lanes: Mapping[str, Lane],
        coins: Coins,
        name_of: Callable[[str], str],
        mended_at: Callable[[Micros], Micros],
        limits: Limits,
    ) -> None:
        self._chronicle = chronicle
        self._lanes = lanes
        self._coins = coins
        self._name_of = name_of
        self._mended_at = mended_at
        self._limits = limits
        self._calendars: dict[str, Calendar] = {}
        self._known: dict[str, tuple[Micros, Micros]] = {}

    def judge(self, journal: Journal, staff: Sequence[Span], end: Micros) -> Verdict:
        """Only live jobs that nobody withdrew have a deadline that counts."""
        for name, lane in self._lanes.items():
            shut = self._chronicle.lane_lost.get(name, ())
            self._calendars[name] = Calendar(stretches(lane, staff, shut, self._limits, end))
        self._walk()
        counted = [
            life
            for life in self._chronicle.lives.values()
            if life.is_live and life.state is not State.CANCELLED
        ]
        missed = [life.new.job_id for life in counted if not _is_met(life, journal)]
        saved: set[str] = {life.new.job_id for life in counted if self._is_lucky(life, journal)}
        for name, calendar in self._calendars.items():
            tasks = [
                self._task(life) for life in counted if life.new.lane == name and life.new.job_id not in saved
            ]
            saved |= on_time(tasks, calendar.stretches)
        unavoidable = [life.new.job_id for life in counted if life.new.job_id not in saved]
        return Verdict(len(counted), tuple(missed), tuple(unavoidable))

    def could_start(self, job_id: str) -> Micros:
        """When its attempt that succeeds could have begun."""
        return self._known[job_id][0]

    def _is_lucky(self, life: Life, journal: Journal) -> bool:
        """It began before the oracle thought it could: that must not pay for another that was lost."""
        times = journal.applied.get(life.new.job_id)
        if times is None or times[0] > life.due:
            return False
        began = times[0] - self._lanes[life.new.lane].manner.service
        return began < self._known[life.new.job_id][0]

    def _task(self, life: Life) -> Task:
        return Task(life.new.job_id, self._known[life.new.job_id][0], life.due)

    def _walk(self) -> None:
        """In the order in which the jobs came; what one hangs on came before it."""
        ends: dict[tuple[str, str], Micros] = {}
        for life in self._chronicle.lives.values():
            start = max(self._release(life), *(ends.get((life.new.lane, key), 0) for key in life.new.keys), 0)
            begins, ends_at = self._pass_through(life, start)
            if life.cancelled_at is not None:
                ends_at = life.cancelled_at
            self._known[life.new.job_id] = begins, ends_at
            for key in life.new.keys:
                ends[life.new.lane, key] = ends_at

    def _release(self, life: Life) -> Micros:
        exists = life.enqueued_at
        if life.causes:
            exists = min(exists, max(self._after(each.job_id, each.delay) for each in life.causes))
        gate = life.new.gate
        if gate is None:
            return exists
        opened = self._chronicle.gates.get(gate, NEVER)
        opener = self._chronicle.openers.get(gate)
        if opener is not None:
            opened = min(opened, self._after(opener.job_id, opener.delay))
        if life.new.gate_opens_at is not None:
            opened = min(opened, life.opens_at)
        return max(exists, opened)

    def _after(self, job_id: str, delay: Micros) -> Micros:
        known = self._known.get(job_id)
        return NEVER if known is None else known[1] + delay

    def _pass_through(self, life: Life, start: Micros) -> tuple[Micros, Micros]:
        """Through the faults that it meets anyhow: when the good attempt begins, when its end is known."""
        lane = self._lanes[life.new.lane]
        calendar = self._calendars[life.new.lane]
        name = self._name_of(life.new.job_id)
        number, is_mended = 0, not is_at_fault(self._coins, name, lane.manner)
        while True:
            found = self._free(calendar, life, start)
            if found is None:
                return NEVER, NEVER
            begins, there = found
            if not is_mended:
                start, is_mended, number = self._mended_at(there), True, number + 1
                continue
            mishap = mishap_of(self._coins, name, number, _share(lane, begins))
            if mishap is None:
                return begins, there
            if mishap is Mishap.ANSWER_LOST:
                asked = begins + lane.manner.timeout + self._limits.ask_wait
                return begins, max(there, asked) + lane.manner.service
            start = begins + self._cost(mishap, lane.manner)
            number += 1

    def _cost(self, mishap: Mishap, manner: Manner) -> Micros:
        """From the beginning of an attempt that goes wrong until the next may begin."""
        if mishap is Mishap.REQUEST_LOST:
            return manner.timeout + self._limits.ask_wait + manner.service + self._limits.beat
        return manner.refusal + self._limits.fault_wait + self._limits.beat

    def _free(self, calendar: Calendar, life: Life, start: Micros) -> tuple[Micros, Micros] | None:
        """The first time outside of what is lost for it."""
        while (found := calendar.earliest(start)) is not None:
            over = [end for begin, end in life.lost if begin < found[1] and found[0] < end]
            if not over:
                return found
            start = max(over)
        return None


def stretches(
    lane: Lane, staff: Sequence[Span], shut: Sequence[Span], limits: Limits, end: Micros
) -> list[Stretch]:
    """When the destination answers, how fast, and how many workers there are to call it."""
    closed = [*shut, *(_closed(spell, limits) for spell in lane.sky.spells if spell.weather in OUTAGES)]
    slow = [(spell.start, spell.end) for spell in lane.sky.spells if spell.weather is Weather.SLOW]
    spans = [*closed, *slow, *staff]
    marks = sorted({0, end, *(mark for span in spans for mark in span if 0 < mark < end)})
    made = []
    for start, stop in pairwise(marks):
        if any(begin <= start < over for begin, over in closed):
            continue
        crew = lane.threads * sum(begin <= start < over for begin, over in staff)
        places = min(lane.manner.places, crew)
        if places > 0:
            made.append(Stretch(start, stop, service_at(lane.manner, lane.sky, start), places))
    return made


def _closed(spell: Spell, limits: Limits) -> Span:
    hangs = spell.weather in {Weather.SILENT, Weather.SWALLOWING}
    return spell.start, spell.end + (limits.notice_silence if hangs else limits.notice)


def _share(lane: Lane, now: Micros) -> float:
    spell = lane.sky.at(now)
    if spell is not None and spell.weather is Weather.SHAKY:
        return spell.strength
    return lane.manner.fault_share


def _is_met(life: Life, journal: Journal) -> bool:
    times = journal.applied.get(life.new.job_id)
    return times is not None and times[0] <= life.due


def seconds(at: Micros) -> float:
    """For people."""
    return at / SECOND
