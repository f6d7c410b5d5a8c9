"""The clairvoyant scheduler: how many jobs somebody who knew everything could have had there in time.

Every attempt that succeeds takes the destination's service time in one of its places, and in one thread of a
crew that knows of the job. So the question is a greatest matching of jobs with slots. Where anybody may begin
anything, taking in each slot the released job that is due first gives one (Glover, 1967); what hands take
away from that, `retry_queue.proof.seating` finds again by moving jobs. It is an upper bound of what any
schedule reaches: whoever starts a job inside a slot may as well be matched with that slot, and neither a
place nor a thread can start two jobs inside one. It is reached exactly where releases and due times fall on
the borders of slots.

Whatever makes a job unable to go (an earlier job of its key, a gate, faults that it meets for certain) is
handed in as its release; `retry_queue.proof.earliest` computes it. Times are whole microseconds since any
common origin.
"""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

from retry_queue.proof.seating import Seating
from retry_queue.proof.slots import Gap, Hand, Micros, Run, Slot, Stretch, Task, runs, slots

__all__ = ["Hand", "Micros", "Slot", "Stretch", "Task", "misses", "on_time", "schedule", "slots"]


def on_time(
    tasks: Sequence[Task],
    stretches: Sequence[Stretch],
    threads: int | None = None,
    preferred: Sequence[str] = (),
) -> frozenset[str]:
    """The names of a greatest set of tasks that can all be there in time; each crew has so many threads.

    Of all greatest sets it is one with as many of the preferred as possible.
    """
    return frozenset(schedule(tasks, stretches, threads, preferred))


def schedule(
    tasks: Sequence[Task],
    stretches: Sequence[Stretch],
    threads: int | None = None,
    preferred: Sequence[str] = (),
    afterwards: Sequence[Task] = (),
    spent: Sequence[Task] = (),
    *,
    credited: Sequence[Task] = (),
    from_the_end: bool = False,
) -> Mapping[str, Micros]:
    """When each of those begins that are `on_time`.

    Of tasks that are due at the same time the preferred go first, in their order. Whoever is `credited` takes
    no place from the preferred, but one from others if there is no free one. Whoever is left for `afterwards`
    takes nobody's place. What is `spent` takes its turn where that is free when it comes.

    Slots may be cut anywhere, and each cut gives an upper bound: from where somebody has something to begin,
    or so that the last one before a stretch ends is a whole one. A moment that is left over at the end would
    count as much as a whole slot, though there is no time to begin so many in it.
    """
    greedy = _Greedy(tasks, threads, preferred, spent)
    for run in runs(stretches):
        stop = run.stretch.start
        while run.has_room(start := greedy.next_start(stop)):
            greedy.pass_over(Gap(run, stop, start))
            slot = run.slot(start, _cut(run, start) if from_the_end else run.stretch.end)
            greedy.fill(slot)
            stop = slot.stop
        greedy.pass_over(Gap(run, stop, run.stretch.end))
    return greedy.result(credited, afterwards)


def _cut(run: Run, start: Micros) -> Micros:
    """The first border after `start`, if the last slot in which anything can begin is a whole one."""
    service = run.stretch.service
    end = min(run.stretch.end, run.closes - service + 1)
    return end - (end - start - 1) // service * service


def misses(tasks: Sequence[Task], stretches: Sequence[Stretch], threads: int | None = None) -> int:
    """No schedule at all has fewer late jobs than this."""
    return len(tasks) - len(on_time(tasks, stretches, threads))


class _Greedy:
    """Tasks wait by release, then by due time."""

    def __init__(
        self, tasks: Sequence[Task], threads: int | None, preferred: Sequence[str], spent: Sequence[Task]
    ) -> None:
        self._turns = {name: turn for turn, name in enumerate(preferred)}
        self._spent = {task.name for task in spent}
        self._tasks = {task.name: task for task in (*tasks, *spent)}
        self._coming = sorted(
            self._tasks.values(), key=lambda task: (task.release, task.due, task.name), reverse=True
        )
        self._ready: list[tuple[Micros, int, str]] = []
        self._seating = Seating(threads)
        self._lacked_hands = False
        """Somebody was passed over although there was a place: moving others might have helped him."""
        self._is_stuck = False
        """Nobody who is ready could be seated: time must bring somebody's hands."""

    def next_start(self, start: Micros) -> Micros:
        """Slots that nobody could use are passed over."""
        if self._ready and not self._is_stuck:
            return start
        comes = max(start, self._coming[-1].release) if self._coming else _NEVER
        hands = (hand for *_, name in self._ready for hand in self._tasks[name].hands if hand.end > start)
        return min([comes, *(max(start, hand.start) for hand in hands)])

    def pass_over(self, gap: Gap) -> None:
        """Nobody had anything to begin in it."""
        if gap.start < gap.stop:
            self._seating.leave(gap)

    def fill(self, slot: Slot) -> None:
        """The earliest due that can still be in time, as many as there are places and hands."""
        self._admit(slot)
        self._seating.open(slot)
        left: list[tuple[Micros, int, str]] = []
        self._is_stuck = True
        while self._ready and not self._seating.is_full(slot):
            due, turn, name = heappop(self._ready)
            if due < slot.completes:
                continue
            if self._seating.seat_in(slot, self._tasks[name]):
                self._is_stuck = False
            elif name not in self._spent:
                left.append((due, turn, name))
        for each in left:
            heappush(self._ready, each)
        self._lacked_hands = self._lacked_hands or bool(left)

    def result(self, credited: Sequence[Task], afterwards: Sequence[Task]) -> Mapping[str, Micros]:
        """Who is in time, after moving others where that helps."""
        kept = {*self._turns, *self._spent, *(task.name for task in credited)}
        if self._lacked_hands:
            for task in self._without_seat():
                self._seating.seat_anywhere(task)
        for task in self._without_seat():
            if task.name in self._turns:
                self._seating.seat_instead(task, self._turns)
        for task in credited:
            if not self._seating.seat_anywhere(task):
                self._seating.seat_instead(task, kept)
        for task in afterwards:
            if not self._seating.has_seat(task.name):
                self._seating.seat_anywhere(task)
        return self._seating.begins()

    def _without_seat(self) -> list[Task]:
        left = (
            task
            for task in self._tasks.values()
            if task.name not in self._spent and not self._seating.has_seat(task.name)
        )
        return sorted(left, key=lambda task: (task.due, task.name))

    def _admit(self, slot: Slot) -> None:
        left: list[Task] = []
        while self._coming and self._coming[-1].release < slot.stop:
            task = self._coming.pop()
            there = max(slot.start, task.release) + slot.service
            if task.release <= slot.start or there <= min(task.due, slot.closes):
                heappush(self._ready, (task.due, self._turns.get(task.name, _NEVER), task.name))
            else:
                left.append(task)  # released inside the slot, and too late for it
        self._coming += reversed(left)


_NEVER = 2**62
