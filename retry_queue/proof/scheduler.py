"""Virtual time: everything that happens in a simulated world, one after another, always in the same order.

The threads of the real code become greenlets of one thread. A greenlet runs until it waits; then whatever is
next on the clock runs. Two happenings of the same instant run in the order in which they were put down, so a
run depends on its seed alone.
"""

from collections.abc import Callable
from heapq import heappop, heappush

from greenlet import GreenletExit, getcurrent, greenlet

from retry_queue.proof.oracle import Micros

SECOND = 1_000_000
"""Microseconds."""


def micros(seconds: float) -> Micros:
    """Seconds as whole microseconds."""
    return round(seconds * SECOND)


_TASKS_MIN = 64


class Killed(GreenletExit):
    """The simulated process is gone: nothing of it may run on, so this is no `Exception`."""


class NotInside(RuntimeError):
    """Only a task of a simulated process can wait."""


class Alarm:
    """Something put down on the clock, which may be taken back."""

    __slots__ = ("act", "at")

    def __init__(self, at: Micros, act: Callable[[], None]) -> None:
        self.at = at
        self.act: Callable[[], None] | None = act

    def cancel(self) -> None:
        """It will not happen."""
        self.act = None


class Scheduler:
    """The one clock of a simulated world."""

    def __init__(self) -> None:
        self.now: Micros = 0
        self.happened = 0
        """So many happenings so far."""
        self.running: Task | None = None
        self._alarms: list[tuple[Micros, int, Alarm]] = []
        self._numbers = 0

    def call_at(self, at: Micros, act: Callable[[], None]) -> Alarm:
        """Put something down; what lies in the past happens now."""
        alarm = Alarm(max(at, self.now), act)
        self._numbers += 1
        heappush(self._alarms, (alarm.at, self._numbers, alarm))
        return alarm

    def run(self, until: Micros, is_over: Callable[[], bool] = lambda: False) -> None:
        """Let everything happen that is put down before `until`, or until it is over."""
        while self._alarms and self._alarms[0][0] < until and not is_over():
            at, _, alarm = heappop(self._alarms)
            if alarm.act is None:
                continue
            self.now = at
            self.happened += 1
            alarm.act()


class Task:
    """A thread of a simulated process."""

    def __init__(self, name: str, process: "Process", run: Callable[[], None]) -> None:
        self.name = name
        self.process = process
        self._run = run
        self._ended: list[Callable[[], None]] = []
        self._greenlet = greenlet(self._body)

    def is_alive(self) -> bool:
        """Begun or about to begin, and not ended."""
        return not self._greenlet.dead

    def join(self, timeout: float | None = None) -> None:
        """Until it has ended or the seconds are over."""
        flag = VirtualFlag(self.process)
        if self.is_alive():
            self._ended.append(flag.set)
            flag.wait(timeout)

    def step(self) -> None:
        """Run on until it waits; a process that stands still runs on later, a dead one never."""
        if self.process.is_dead or self._greenlet.dead:
            return
        if self.process.frozen_until > self.process.scheduler.now:
            self.process.scheduler.call_at(self.process.frozen_until, self.step)
            return
        scheduler = self.process.scheduler
        scheduler.running = self
        self._greenlet.parent = getcurrent()
        self._greenlet.switch()
        scheduler.running = None

    def kill(self) -> None:
        """Nothing of it runs on."""
        if not self._greenlet.dead and self._greenlet is not getcurrent():
            self._greenlet.parent = getcurrent()
            self._greenlet.throw(Killed())

    def _body(self) -> None:
        try:
            self._run()
        except Killed:
            return
        finally:
            for tell in self._ended:
                tell()


class Process:
    """A simulated operating system process: its threads, its wall clock, its death."""

    def __init__(self, name: str, scheduler: Scheduler) -> None:
        self.name = name
        self.scheduler = scheduler
        self.is_dead = False
        self.frozen_until: Micros = 0
        self.clock_error: Micros = 0
        """How far its wall clock is ahead of the true time."""
        self._tasks: list[Task] = []
        self._tasks_max = _TASKS_MIN
        """From here on those that have ended are forgotten."""

    def spawn(self, name: str, run: Callable[[], None]) -> Task:
        """Begin to run a function beside the others."""
        task = Task(name, self, run)
        self._tasks.append(task)
        if len(self._tasks) >= self._tasks_max:
            self._tasks = [each for each in self._tasks if each.is_alive()]
            self._tasks_max = 2 * len(self._tasks) + _TASKS_MIN
        self.scheduler.call_at(self.scheduler.now, task.step)
        return task

    def sleep(self, duration: Micros) -> None:
        """The running task waits."""
        task = self.current()
        self.scheduler.call_at(self.scheduler.now + duration, task.step)
        self.switch_away()

    def current(self) -> Task:
        """The task that runs now. Raises `NotInside` outside of one."""
        self.check_alive()
        task = self.scheduler.running
        if task is None:
            raise NotInside
        return task

    def switch_away(self) -> None:
        """Whatever is next on the clock runs; comes back with the next `step` of the task."""
        getcurrent().parent.switch()  # type: ignore[union-attr]  # a task always has the scheduler as its parent
        self.check_alive()

    def check_alive(self) -> None:
        """Raises `Killed`."""
        if self.is_dead:
            raise Killed

    def kill(self) -> None:
        """Like SIGKILL: what was not committed is gone. From inside a task, raise `Killed` afterwards."""
        self.is_dead = True
        for task in self._tasks:
            task.kill()

    def freeze(self, until: Micros) -> None:
        """It stands still (a suspended machine), and its clock does not notice."""
        self.frozen_until = max(self.frozen_until, until)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return self.scheduler.now / SECOND


class VirtualFlag:
    """A `threading.Event` of virtual time."""

    __slots__ = ("_is_set", "_process", "_waiting")

    def __init__(self, process: Process) -> None:
        self._process = process
        self._is_set = False
        self._waiting: list[tuple[Task, Alarm | None]] = []

    def is_set(self) -> bool:
        """Whether it is raised."""
        return self._is_set

    def set(self) -> None:
        """Raise it and wake whoever waits."""
        self._is_set = True
        waiting, self._waiting = self._waiting, []
        for task, alarm in waiting:
            if alarm is not None:
                alarm.cancel()
            self._process.scheduler.call_at(self._process.scheduler.now, task.step)

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is raised or the seconds are over; says whether it is raised."""
        if not self._is_set:
            scheduler, task = self._process.scheduler, self._process.current()
            alarm = None
            if timeout is not None:
                alarm = scheduler.call_at(scheduler.now + micros(timeout), lambda: self._over(task))
            self._waiting.append((task, alarm))
            self._process.switch_away()
        return self._is_set

    def _over(self, task: Task) -> None:
        self._waiting = [each for each in self._waiting if each[0] is not task]
        task.step()
