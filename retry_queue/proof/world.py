"""A seeded destination: when it answers, how fast, how wrongly; and the journal of the truth.

Whatever goes wrong once (not with everybody for a while) is thrown as a coin of the job and the number of its
attempt, so that a scenario with fewer jobs has the same faults for those that are left.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b

from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import SECOND, Process, Scheduler


class Weather(StrEnum):
    """What a destination is like for a while."""

    DOWN = "down"
    """Refuses the connection at once."""
    SILENT = "silent"
    """Takes the connection and nothing else: requests are lost, callers wait for their time-out."""
    SWALLOWING = "swallowing"
    """Does what it is told and does not answer."""
    BUSY = "busy"
    """Answers "later" with a time."""
    SLOW = "slow"
    SHAKY = "shaky"
    """Many attempts go wrong, each in its own way."""


OUTAGES = frozenset({Weather.DOWN, Weather.SILENT, Weather.SWALLOWING, Weather.BUSY})
"""While one of these lasts, nobody can deliver and know it."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Some weather at one destination, from `start` until before `end`, in microseconds of the day."""

    lane: str
    weather: Weather
    start: Micros
    end: Micros
    strength: float = 0.0
    """How many times slower, or the share of attempts that go wrong."""


@dataclass(frozen=True, slots=True)
class Manner:
    """What a destination is like on a fine day."""

    service: Micros
    places: int
    """So many at once; whoever comes beyond that is told to come later."""
    timeout: Micros = 30 * SECOND
    """So long a caller waits for an answer."""
    refusal: Micros = SECOND // 50
    """So long it takes to say no."""
    fault_share: float = 0.01
    """Of the attempts on a fine day."""
    item_fault_share: float = 0.0
    """Of the jobs: refused once, until a person has mended them."""


class Mishap(StrEnum):
    """What can happen to one attempt."""

    TURNED_AWAY = "turned_away"
    BUSY = "busy"
    REQUEST_LOST = "request_lost"
    ANSWER_LOST = "answer_lost"


class Told(StrEnum):
    """What a caller hears."""

    ACCEPTED = "accepted"
    PRESENT = "present"
    ABSENT = "absent"
    LATER = "later"
    REFUSED = "refused"
    NOT_REACHED = "not_reached"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, if anything."""

    told: Told
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Spent:
    """An attempt that came to nothing although its destination was open: nobody knows that beforehand."""

    job_id: str
    process: str
    start: Micros
    end: Micros


@dataclass
class Journal:
    """What the destinations were told and did, by job; nothing in here comes from the queue."""

    applied: dict[str, list[Micros]] = field(default_factory=dict)
    order: list[tuple[Micros, str]] = field(default_factory=list)
    sends: dict[str, int] = field(default_factory=dict)
    coins_of: dict[str, int] = field(default_factory=dict)
    spent: dict[tuple[str, str], Spent] = field(default_factory=dict)
    """By job and mishap; a refusal of the same job counts once."""

    def apply(self, job_id: str, now: Micros) -> None:
        """It is there now, perhaps again."""
        self.applied.setdefault(job_id, []).append(now)
        self.order.append((now, job_id))


class Coins:
    """Numbers from 0 up to 1 that hang on the seed and a name, and on nothing that happened."""

    def __init__(self, seed: str) -> None:
        self._key = blake2b(seed.encode(), digest_size=16).digest()

    def __call__(self, name: str) -> float:
        """The coin of that name."""
        digest = blake2b(name.encode(), digest_size=7, key=self._key).digest()
        return int.from_bytes(digest, "big") / 2**56


_SHARES: Mapping[Mishap, float] = {
    Mishap.TURNED_AWAY: 0.4,
    Mishap.BUSY: 0.2,
    Mishap.REQUEST_LOST: 0.2,
    Mishap.ANSWER_LOST: 0.2,
}


class Sky:
    """The weather of one destination."""

    def __init__(self, lane: str, spells: Sequence[Spell]) -> None:
        mine = sorted((spell for spell in spells if spell.lane == lane), key=lambda spell: spell.start)
        self.spells = tuple(mine)
        self._starts = [spell.start for spell in mine]

    def at(self, now: Micros) -> Spell | None:
        """The spell that is on; of two the one that began later."""
        index = bisect_right(self._starts, now) - 1
        return self.spells[index] if index >= 0 and now < self.spells[index].end else None

    def outage_between(self, start: Micros, end: Micros) -> Spell | None:
        """The first that begins meanwhile."""
        for spell in self.spells[bisect_right(self._starts, start) :]:
            if spell.start >= end:
                return None
            if spell.weather in OUTAGES and spell.weather is not Weather.BUSY:
                return spell
        return None


class Destination:
    """One partner: told something by the tasks of simulated processes, it takes its time and may fail."""

    def __init__(
        self, scheduler: Scheduler, manner: Manner, sky: Sky, journal: Journal, coins: Coins
    ) -> None:
        self.manner = manner
        self.sky = sky
        self._scheduler = scheduler
        self._journal = journal
        self._coins = coins
        self._busy = 0
        self._under_way: set[str] = set()
        self.mended: set[str] = set()
        """Jobs at fault that a person has mended."""

    def send(self, process: Process, job_id: str, name: str) -> Answer:
        """Hand something over; `name` is what its coins hang on."""
        number = self._journal.sends.get(job_id, 0)
        self._journal.sends[job_id] = number + 1
        trouble = self._trouble(process, applies=job_id)
        if trouble is not None:
            return trouble
        if name not in self.mended and is_at_fault(self._coins, name, self.manner):
            with self._spending(process, job_id, Told.REFUSED):
                return self._answer(process, Told.REFUSED)
        mishap = mishap_of(self._coins, name, number, self.fault_share(self._scheduler.now))
        if mishap is None:
            return self._take(process, job_id)
        with self._spending(process, job_id, f"{mishap} {number}"):
            return self._go_wrong(process, job_id, mishap)

    def ask(self, process: Process, job_id: str) -> Answer:
        """What became of something handed over before."""
        trouble = self._trouble(process, applies=None)
        if trouble is not None:
            return trouble
        answer = self._answer(process, Told.PRESENT)
        if answer.told is Told.PRESENT and job_id not in self._journal.applied:
            return Answer(Told.NO_ANSWER if job_id in self._under_way else Told.ABSENT)
        return answer

    def service(self, now: Micros) -> Micros:
        """How long an attempt takes that begins now."""
        return service_at(self.manner, self.sky, now)

    def fault_share(self, now: Micros) -> float:
        """Of the attempts that begin now."""
        spell = self.sky.at(now)
        is_shaky = spell is not None and spell.weather is Weather.SHAKY
        return spell.strength if spell is not None and is_shaky else self.manner.fault_share

    @contextmanager
    def _spending(self, process: Process, job_id: str, mishap: str) -> Iterator[None]:
        """The time goes into the journal, also of whoever dies meanwhile."""
        start = self._scheduler.now
        try:
            yield
        finally:
            spent = Spent(job_id, process.name, start, self._scheduler.now)
            self._journal.spent.setdefault((job_id, mishap), spent)

    def _trouble(self, process: Process, applies: str | None) -> Answer | None:
        now = self._scheduler.now
        spell = self.sky.at(now)
        if spell is None or spell.weather not in OUTAGES:
            return None if self._busy < self.manner.places else self._later(process, None)
        if spell.weather is Weather.DOWN:
            process.sleep(self.manner.refusal)
            return Answer(Told.NOT_REACHED)
        if spell.weather is Weather.BUSY:
            return self._later(process, (spell.end - now) / SECOND)
        if spell.weather is Weather.SWALLOWING and applies is not None:
            self._apply_at(now + self.manner.service, applies)
        process.sleep(self.manner.timeout)
        return Answer(Told.NO_ANSWER)

    def _later(self, process: Process, seconds: float | None) -> Answer:
        process.sleep(self.manner.refusal)
        return Answer(Told.LATER, seconds)

    def _take(self, process: Process, job_id: str) -> Answer:
        """Applied at the end of the service, whether the caller lives to hear it or not."""
        now = self._scheduler.now
        there = now + self.service(now)
        cut = self.sky.outage_between(now, there)
        if cut is None:
            self._apply_at(there, job_id)
        return self._answer(process, Told.ACCEPTED)

    def _answer(self, process: Process, told: Told) -> Answer:
        """The service time, or until an outage tears the connection."""
        now = self._scheduler.now
        there = now + self.service(now)
        cut = self.sky.outage_between(now, there)
        self._busy += 1
        self._scheduler.call_at(there if cut is None else cut.start, self._leave)
        process.sleep((there if cut is None else cut.start) - now)
        return Answer(told if cut is None else Told.NO_ANSWER)

    def _leave(self) -> None:
        self._busy -= 1

    def _go_wrong(self, process: Process, job_id: str, mishap: Mishap) -> Answer:
        if mishap is Mishap.TURNED_AWAY:
            process.sleep(self.manner.refusal)
            return Answer(Told.NOT_REACHED)
        if mishap is Mishap.BUSY:
            return self._later(process, None)
        if mishap is Mishap.ANSWER_LOST:
            now = self._scheduler.now
            there = now + self.service(now)
            if self.sky.outage_between(now, there) is None:
                self._apply_at(there, job_id)
        process.sleep(self.manner.timeout)
        return Answer(Told.NO_ANSWER)

    def _apply_at(self, at: Micros, job_id: str) -> None:
        self._under_way.add(job_id)

        def apply() -> None:
            self._under_way.discard(job_id)
            self._journal.apply(job_id, self._scheduler.now)

        self._scheduler.call_at(at, apply)


def service_at(manner: Manner, sky: Sky, now: Micros) -> Micros:
    """How long an attempt takes that begins then."""
    spell = sky.at(now)
    if spell is not None and spell.weather is Weather.SLOW:
        return round(manner.service * spell.strength)
    return manner.service


def is_at_fault(coins: Coins, name: str, manner: Manner) -> bool:
    """Whether the destination refuses this job until a person has mended it."""
    return manner.item_fault_share > 0 and coins(f"{name}/item") < manner.item_fault_share


def mishap_of(coins: Coins, name: str, number: int, share: float) -> Mishap | None:
    """What happens to this attempt of this job, if anything."""
    coin = coins(f"{name}/{number}")
    if coin >= share:
        return None
    place = coin / share
    for mishap, part in _SHARES.items():
        if place < part:
            return mishap
        place -= part
    return Mishap.ANSWER_LOST
