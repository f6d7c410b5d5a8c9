"""One day as the oracle sees it: it knows all weather and all mishaps in advance, bound by what binds all.

What binds anybody, stated once, in `Limits` (`retry_queue.proof.openings`):

- an attempt takes the destination's service time, in one of its places, and a worker that is alive;
- a message must be read and translated before it can leave: `preparing`, from when the job, what its gate
  brought, and what came of the job before it in its key, is there;
- work is taken in batches: what a process has in its hands lies there for `hand` at most. So nobody counts on
  what could begin in the last moment before a destination falls silent or a process ends. What was lucky
  enough counts for nobody and against nobody. Only if nothing but the making ready of messages had kept it
  from being in time without luck, it keeps the place that it would have had then;
- a process learns of what another one has committed by looking: after `news` at the latest
  (`retry_queue.proof.knowing`). So what comes just before a long outage can be begun by as many workers as
  the process has that took it in, and not by all that there are;
- that an outage is over is noticed by trying. Each job has a last attempt in time shortly before it is due;
  whoever tries then and finds the destination still shut cannot know that it opens a moment later. So after
  an outage a destination counts as open from `notice` on, and after one that kept callers hanging from
  `notice_silence` on;
- a mishap costs the attempt that it happens to, and the wait that politeness asks for; to ask what became of
  a lost answer takes a destination that answers, as sending does. It knows the outages in advance, not whom a
  mishap will meet: the thread that we spent on one is spent. And an attempt that comes to nothing was made
  like any other: after an outage it begins when somebody who waited is due, or when the breaker tries by
  itself;
- what a process had in its hands when it died is lost until the lease runs out;
- what will follow from a job is told by its answer, and by nothing before. So for what follows nobody tries
  sooner whether an outage is over than the breaker does by itself: up to `probing` later, and as much later
  again if a mishap met the attempt with which it tried;
- where not all can be in time, the oracle gives up as few as possible, and of these choices it takes ours;
  what follows from a job that it gives up, or waits behind it, begins after that job was due. Or it would
  prefer children's numbers to notices because it knows for whom a number will have to be sent on;
- order per key, gates, and what persons hold or withdraw are rules of the game and no choices of a scheduler.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from retry_queue.proof.chronicle import NEVER, Chronicle, Life, Span
from retry_queue.proof.earliest import Calendar
from retry_queue.proof.knowing import Knowing, Shift, opens
from retry_queue.proof.openings import (
    Lane,
    Limits,
    Over,
    by_a_last_chance,
    by_the_breaker,
    by_those_who_waited,
    stretches,
)
from retry_queue.proof.oracle import Hand, Micros, Task, schedule
from retry_queue.proof.scheduler import SECOND
from retry_queue.proof.world import (
    Coins,
    Journal,
    Manner,
    Mishap,
    Told,
    Weather,
    is_at_fault,
    mishap_of,
    service_at,
)
from retry_queue.states import State

_SOON: Micros = 60 * SECOND
"""A turn that a mishap took is made good for by then."""
_ROUNDS_MAX = 20
"""So long a chain of jobs is that follow from each other."""


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


@dataclass(frozen=True, slots=True)
class _Course:
    """What happened, as far as it is judged."""

    counted: Sequence[Life]
    met: Sequence[str]
    """In time, in the order in which they were there."""
    journal: Journal
    staff: Sequence[Shift]


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
        self._patient: dict[str, Calendar] = {}
        """The same, as long as no job has its last chance."""
        self._unaware: dict[str, Calendar] = {}
        """The same for an attempt that will come to nothing, which nobody knows."""
        self._known: dict[str, tuple[Micros, Micros]] = {}
        """When a job could begin, and when what follows could be told of."""
        self._hands: dict[str, tuple[Hand, ...]] = {}
        self._cuts_from_the_end = False

    def judge(self, journal: Journal, staff: Sequence[Shift], end: Micros) -> Verdict:
        """Only live jobs that nobody withdrew have a deadline that counts."""
        for name, lane in self._lanes.items():
            self._open(name, lane, end, list(self._in_vain(name, journal)))
        counted = [
            life
            for life in self._chronicle.lives.values()
            if life.is_live and life.state is not State.CANCELLED
        ]
        missed = [life.new.job_id for life in counted if not _is_met(life, journal)]
        in_order = sorted(
            (life.new.job_id for life in counted if _is_met(life, journal)),
            key=lambda job_id: (journal.applied[job_id][0], job_id),
        )
        course = _Course(counted, in_order, journal, staff)
        # Where nobody was late the fewest of all are asked for: the oracle must not have given up anybody.
        given_up = self._settle(course) if missed else self._give_up(course, None)[0]
        if missed and len(given_up) < len(missed):
            self._cuts_from_the_end = True  # the other bound; the lower of both holds
            given_up = max(given_up, self._settle(course), key=len)
        unavoidable = [life.new.job_id for life in counted if life.new.job_id in given_up]
        return Verdict(len(counted), tuple(missed), tuple(unavoidable))

    def _in_vain(self, lane: str, journal: Journal) -> Iterator[Span]:
        """Attempts from which nobody learnt that the destination answers."""
        for (job_id, mishap), spent in journal.spent.items():
            if mishap != Told.REFUSED and self._chronicle.lives[job_id].new.lane == lane:
                yield spent.start, spent.end

    def _open(self, name: str, lane: Lane, end: Micros, in_vain: Sequence[Span]) -> None:
        shut, limits = self._chronicle.lane_lost.get(name, ()), self._limits
        here = [life for life in self._chronicle.lives.values() if life.new.lane == name]

        def calendar(over: Over) -> Calendar:
            return Calendar(stretches(lane, shut, limits, end, over))

        self._calendars[name] = calendar(by_a_last_chance(limits))
        self._unaware[name] = calendar(by_those_who_waited(limits, here, in_vain))
        self._patient[name] = calendar(by_the_breaker(limits, in_vain))

    def _settle(self, course: _Course) -> frozenset[str]:
        """Who is given up, where what follows begins after what it follows from.

        Without such an agreement of both: the fewest, as if each had its destination for itself.
        """
        fewest, begun = self._give_up(course, None)
        given_up = fewest
        for _ in range(_ROUNDS_MAX):
            before = given_up
            given_up, begun = self._give_up(course, begun)
            if given_up == before:
                return given_up
        return fewest

    def _give_up(
        self, course: _Course, begun: Mapping[str, Micros] | None
    ) -> tuple[frozenset[str], Mapping[str, Micros]]:
        """The fewest that no schedule saves, if the others have `begun` so; and when these begin now."""
        staff = [self._counted_on(shift) for shift in course.staff]
        self._walk(Knowing(staff, self._chronicle.found, self._limits.news), begun)
        fortunate = [life for life in course.counted if self._is_lucky(life, course.journal)]
        lucky = {life.new.job_id for life in fortunate}
        begins: dict[str, Micros] = {}
        for name, calendar in self._calendars.items():
            tasks = [self._task(life, course.journal) for life in course.counted if life.new.lane == name]
            begins |= schedule(
                [task for task in tasks if task.name not in lucky],
                calendar.stretches,
                self._lanes[name].threads,
                course.met,
                [task for task in tasks if task.name in lucky],
                list(self._spent(name, course)),
                credited=list(self._credited(name, fortunate, course.journal)),
                from_the_end=self._cuts_from_the_end,
            )
        saved = lucky.union(begins)
        return frozenset(life.new.job_id for life in course.counted if life.new.job_id not in saved), begins

    def could_start(self, job_id: str) -> Micros:
        """When its attempt that succeeds could have begun."""
        return self._known[job_id][0]

    def _is_lucky(self, life: Life, journal: Journal) -> bool:
        """It was there in time though it began when nobody may count on the destination.

        It takes a place from nobody who was lost; nor does the place that it did not need count for another.
        """
        began = self._began(life, journal)
        return began is not None and not self._may_be_counted_on(life, began)

    def _may_be_counted_on(self, life: Life, at: Micros) -> bool:
        open_from = self._calendars[life.new.lane].earliest(at)
        hands = self._hands[life.new.job_id]
        return open_from is not None and open_from[0] == at and opens(hands, at) == at

    def _credited(self, lane: str, fortunate: Sequence[Life], journal: Journal) -> Iterator[Task]:
        """Who would not have needed luck, if nobody had to make messages ready.

        A thread that makes some ready sends nothing meanwhile, and the others wait for it. Who was that far
        behind has a place with the oracle rather than somebody whom we lost, as far as those leave one who
        needed no luck: else a moment behind would count for as many as fit into that moment.
        """
        for life in fortunate:
            began = self._began(life, journal) if life.new.lane == lane else None
            if began is not None and self._may_be_counted_on(life, began - self._behind(lane, began)):
                yield replace(self._task(life, journal), due=journal.applied[life.new.job_id][0])

    def _behind(self, lane: str, at: Micros) -> Micros:
        """What making ready had cost one of the processes by then, since it had last nothing to do there."""
        unbroken = self._limits.preparing + self._limits.hand + self._lanes[lane].manner.service
        here = [times for (_, served), times in self._chronicle.found.items() if served == lane]
        claims = (_in_one_go(times[: bisect_left(times, at)], at, unbroken) for times in here)
        return max(claims, default=0) * self._limits.preparing

    def _began(self, life: Life, journal: Journal) -> Micros | None:
        """When the attempt began that had it there in time, if one did."""
        times = journal.applied.get(life.new.job_id)
        if times is None or times[0] > life.due:
            return None
        lane = self._lanes[life.new.lane]
        return times[0] - service_at(lane.manner, lane.sky, times[0] - lane.manner.service)

    def _task(self, life: Life, journal: Journal) -> Task:
        """Whatever really happened was possible: a job can go from when it went, if not earlier."""
        job_id = life.new.job_id
        release = self._known[job_id][0]
        began = None if self._is_lucky(life, journal) else self._began(life, journal)
        release = release if began is None else min(release, began)
        return Task(job_id, release, life.due, self._hands[job_id])

    def _counted_on(self, shift: Shift) -> Shift:
        return replace(shift, end=max(shift.start, shift.end - self._limits.hand))

    def _spent(self, lane: str, course: _Course) -> Iterator[Task]:
        """What mishaps took of the threads, turn by turn; what is less than a turn by a hand is free.

        Where nothing ends soon after, the turn is made good for.
        """
        manner, sky = self._lanes[lane].manner, self._lanes[lane].sky
        ends = sorted({*self._calendars[lane].closings, *(shift.end for shift in course.staff)})
        for number, spent in enumerate(course.journal.spent.values()):
            following = bisect_left(ends, spent.start)
            ends_soon = following < len(ends) and ends[following] <= spent.end + _SOON
            if self._chronicle.lives[spent.job_id].new.lane != lane or not ends_soon:
                continue
            turn = service_at(manner, sky, spent.start)
            by = tuple(
                Hand(crew, spent.start, spent.end + 1)
                for crew, shift in enumerate(course.staff)
                if shift.process == spent.process and shift.start <= spent.start < shift.end
            )
            for start in range(spent.start, spent.end - turn + self._limits.hand + 1, turn):
                yield Task(f"mishap {number} at {start}", start, start + turn, by)

    def _walk(self, knowing: Knowing, begun: Mapping[str, Micros] | None) -> None:
        """In the order in which the jobs came; what one hangs on came before it."""
        ends: dict[tuple[str, str], Micros] = {}
        for life in self._chronicle.lives.values():
            exists = self._exists(life)
            self._hands[life.new.job_id] = knowing.hands(life, exists)
            before = max((ends.get((life.new.lane, key), 0) for key in life.new.keys), default=0)
            start = max(self._release(life, exists), before + self._limits.preparing)
            lane, patient = life.new.lane, self._patient[life.new.lane]
            begins, ends_at = self._pass_through(life, start, self._calendars[lane], self._unaware[lane])
            _, told_at = self._pass_through(life, start, patient, patient)
            if begun is not None and life.is_live:
                late = max(ends_at, life.due)
                waits = begun[life.new.job_id] - begins if life.new.job_id in begun else late - ends_at
                ends_at += max(0, waits)
            if life.cancelled_at is not None:
                ends_at = told_at = life.cancelled_at
            self._known[life.new.job_id] = begins, max(ends_at, told_at)
            for key in life.new.keys:
                ends[life.new.lane, key] = ends_at

    def _exists(self, life: Life) -> Micros:
        if not life.causes:
            return life.enqueued_at
        return min(life.enqueued_at, max(self._after(each.job_id, each.delay) for each in life.causes))

    def _release(self, life: Life, exists: Micros) -> Micros:
        """From when on it can be sent, as far as it hangs on no other of its key."""
        gate = life.new.gate
        if gate is None:
            return exists + self._limits.preparing
        opened = self._chronicle.gates.get(gate, NEVER)
        opener = self._chronicle.openers.get(gate)
        if opener is not None:
            opened = min(opened, self._after(opener.job_id, opener.delay))
        if life.new.gate_opens_at is not None:
            opened = min(opened, life.opens_at)
        return max(exists, opened) + self._limits.preparing

    def _after(self, job_id: str, delay: Micros) -> Micros:
        known = self._known.get(job_id)
        return NEVER if known is None else known[1] + delay

    def _pass_through(
        self, life: Life, start: Micros, calendar: Calendar, unaware: Calendar
    ) -> tuple[Micros, Micros]:
        """Through the faults that it meets anyhow: when the good attempt begins, when its end is known."""
        lane = self._lanes[life.new.lane]
        name = self._name_of(life.new.job_id)
        number, is_mended = 0, not is_at_fault(self._coins, name, lane.manner)
        while True:
            found = self._free(calendar, life, start)
            if found is None:
                return NEVER, NEVER
            begins, there = found
            mishap = mishap_of(self._coins, name, number, _share(lane, begins)) if is_mended else None
            if is_mended and mishap is None:
                return begins, there
            if mishap is Mishap.ANSWER_LOST:
                asked = self._free(calendar, life, begins + lane.manner.timeout + self._limits.ask_wait)
                return begins, NEVER if asked is None else max(there, asked[1])
            in_vain = self._free(unaware, life, start)
            if in_vain is None:
                return NEVER, NEVER
            begins, there = in_vain
            start = self._mended_at(there) if mishap is None else begins + self._cost(mishap, lane.manner)
            is_mended = True
            number += 1

    def _cost(self, mishap: Mishap, manner: Manner) -> Micros:
        """From the beginning of an attempt that goes wrong until the next may begin."""
        if mishap is Mishap.REQUEST_LOST:
            return manner.timeout + self._limits.ask_wait + manner.service + self._limits.beat
        return manner.refusal + self._limits.fault_wait + self._limits.beat

    def _free(self, calendar: Calendar, life: Life, start: Micros) -> tuple[Micros, Micros] | None:
        """The first time outside of what is lost for it, at which somebody can begin it."""
        while (found := calendar.earliest(start)) is not None:
            begins = opens(self._hands[life.new.job_id], found[0])
            if begins is None:
                return None
            over = [end for begin, end in life.lost if begin < found[1] and found[0] < end]
            if not over and begins == found[0]:
                return found
            start = max([begins, *over])
        return None


def _in_one_go(times: Sequence[Micros], until: Micros, pause: Micros) -> int:
    """How many of them, from the last one back, are no more than a pause from each other."""
    following = [*times[1:], until]
    breaks = (
        number
        for number, (one, other) in enumerate(zip(reversed(times), reversed(following), strict=False))
        if other - one > pause
    )
    return next(breaks, len(times))


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
