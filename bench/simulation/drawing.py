"""Draws the days: how much is handed in and when, what the destinations are like, what goes wrong with us."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from random import Random

from bench.simulation.events import VARIANTS
from bench.simulation.scenario import HOUR, MINUTE, Act, Arrival, Incident, Scenario
from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import SECOND
from retry_queue.proof.world import Manner, Spell, Weather

LANES = ("national_registry", "population_db", "one_stop")


@dataclass(frozen=True, slots=True)
class World:
    """How large it is."""

    events: tuple[int, int]
    """Events on a day, from a holiday to a busy day."""
    threads: int
    """Workers for each destination in each process."""
    service_seconds: tuple[float, float]
    places: tuple[int, int]
    bulk_events: tuple[int, int]


WORLDS: Mapping[str, World] = {
    # About 1.7 million people: some 70 births, 30 deaths and 40 marriages on a working day in 120 communes.
    "province": World((30, 220), 4, (0.1, 1.5), (3, 16), (50, 250)),
    # A hundred million people on their busiest day: 30,000 events within 12 hours.
    "nation": World((8_000, 30_000), 16, (0.03, 0.1), (24, 48), (2_000, 8_000)),
}

# Share of the day's events in each hour: office hours (07:30 to 11:30, 13:30 to 17:00), online at night.
_CURVE = (1, 1, 0.5, 0.5, 0.5, 1, 4, 40, 100, 110, 100, 60, 15, 60, 100, 95, 70, 20, 8, 6, 5, 4, 3, 2)
_TYPES = (("birth", 50), ("death", 22), ("marriage", 28))
_OUTAGES = (Weather.DOWN, Weather.DOWN, Weather.SILENT, Weather.SWALLOWING, Weather.BUSY)
_OLD_BOOKS_SHARE = 0.25
"""Of the days: paper books are loaded."""
_SHARED_SHARE, _PERSON_SHARE = 0.1, 0.7
"""Of the events: about somebody or some entry of today; of these, about the person."""
_KNOWN_SHARE = 0.02
"""Of the old entries: about somebody of today."""
_BUSY_SHARE = 0.7
"""Of our own mishaps: just after something came in."""
_TOGETHER_SHARE = 2 / 3
"""Of the days: batches; on the others each delivery goes by itself."""
_QUICK_SHARE, _QUICK_SECONDS = 0.5, (0.004, 0.06)
"""Of the destinations on a day of batches."""
_POST_EVENTS = (10, 60)
_AMID_SHARE, _AMID_SECONDS = 0.6, 0.4
"""Of the posts: a mishap of our own amid its batches, and of these again as many one more."""
_GAP = 15 * MINUTE
"""A destination that comes back stays for at least so long; what flickers faster is shaky weather."""


def draw_day(seed: int, day: int, world_name: str, store: str = "memory") -> Scenario:
    """The same for the same arguments, always."""
    world = WORLDS[world_name]
    name = f"{seed}/{world_name}/{day}"
    random = Random(name)
    together = Random(f"{name}/together")
    works_together = together.random() < _TOGETHER_SHARE
    manners = {lane: _manner(random, world) for lane in LANES}
    if works_together:
        manners = {lane: _quicker(together, manner) for lane, manner in manners.items()}
    arrivals = [*_arrivals(random, world)]
    if random.random() < _OLD_BOOKS_SHARE:
        arrivals += _old_books(random, world, [arrival.persons[0] for arrival in arrivals])
    spells = tuple(spell for lane in LANES for spell in _spells(random, lane))
    incidents = _incidents(random, [arrival.at for arrival in arrivals])
    acts = tuple(_acts(random))
    if works_together:
        posts = [*_posts(together, [spell.start for spell in spells if spell.start > 0])]
        arrivals += [arrival for post in posts for arrival in post]
        incidents += [each for post in posts for each in _incidents_amid(together, post[-1].at)]
    return Scenario(
        seed=name,
        threads=world.threads,
        manners=manners,
        arrivals=tuple(sorted(arrivals, key=lambda arrival: (arrival.at, arrival.name))),
        spells=spells,
        incidents=tuple(sorted(incidents, key=lambda incident: incident.at)),
        acts=acts,
        store=store,
        works_together=works_together,
    )


def _manner(random: Random, world: World) -> Manner:
    return Manner(
        service=round(random.uniform(*world.service_seconds) * SECOND),
        places=random.randint(*world.places),
        fault_share=random.choice((0.0, 0.01, 0.03)),
        item_fault_share=0.01,
    )


def _quicker(random: Random, manner: Manner) -> Manner:
    """Batches are as large as is done in a moment: some destinations answer quickly enough for large ones."""
    if random.random() >= _QUICK_SHARE:
        return manner
    return replace(manner, service=round(random.uniform(*_QUICK_SECONDS) * SECOND))


def _arrivals(random: Random, world: World) -> list[Arrival]:
    made: list[Arrival] = []
    for number in range(random.randint(*world.events)):
        hour = random.choices(range(24), _CURVE)[0]
        at = round((hour + random.random()) * HOUR)
        lag = random.choice((0, 0, 0, 1, 5, 30)) * MINUTE + round(random.random() * MINUTE)
        made.append(_arrival(random, f"e{number}", at, max(0, at - lag), made))
    return made


def _arrival(random: Random, name: str, at: Micros, registered_at: Micros, before: list[Arrival]) -> Arrival:
    """Now and then it is about somebody, or an entry, that another one was about."""
    event_type = random.choices([each for each, _ in _TYPES], [weight for _, weight in _TYPES])[0]
    other = random.choice(before) if before and random.random() < _SHARED_SHARE else None
    persons = (f"{name}-a", f"{name}-b", f"{name}-c")[: {"birth": 3, "marriage": 2, "death": 1}[event_type]]
    entry = name
    if other is not None and random.random() < _PERSON_SHARE:
        persons = (other.persons[0], *persons[1:])
    elif other is not None:
        entry = other.entry
    variant = random.choice(VARIANTS[event_type])
    return Arrival(name, at, registered_at, event_type, variant, entry, persons)


def _posts(random: Random, breaks: Sequence[Micros]) -> Iterator[list[Arrival]]:
    """An office hands in what it has gathered, all at once; some of it just when a destination goes away."""
    for post in range(random.randint(1, 4)):
        at = round(random.uniform(7, 18) * HOUR)
        if breaks and random.random() < _BUSY_SHARE:
            at = max(0, random.choice(breaks) - round(random.random() * _AMID_SECONDS * SECOND))
        made: list[Arrival] = []
        for number in range(random.randint(*_POST_EVENTS)):
            came = at + round(random.random() * SECOND / 20)
            made.append(_arrival(random, f"p{post}-{number}", came, at, made))
        yield made


def _incidents_amid(random: Random, at: Micros) -> Iterator[Incident]:
    """While its batches are prepared, announced, in stock or recorded."""
    while random.random() < _AMID_SHARE:
        kind = random.choice(("crash", "crash_commit", "crash_commit", "stop", "stop", "freeze"))
        amount = {"crash_commit": random.randint(1, 12), "freeze": round(random.uniform(1, 400) * SECOND)}
        when = at + round(random.random() * _AMID_SECONDS * SECOND)
        yield Incident(when, kind, random.randint(0, 1), amount.get(kind, 0))


def _old_books(random: Random, world: World, persons: list[str]) -> list[Arrival]:
    """Two offices load their paper books at once; some are about people who are also in today's events."""
    made = []
    for party in ("book-of-office-1", "book-of-office-2"):
        at = round(random.uniform(0, 20) * HOUR)
        for number in range(random.randint(*world.bulk_events) // 2):
            name = f"{party}-{number}"
            is_known = bool(persons) and random.random() < _KNOWN_SHARE
            who = random.choice(persons) if is_known else f"{name}-a"
            made.append(Arrival(name, at, at, "birth", "without_dossier", name, (who,), party))
    return made


def _spells(random: Random, lane: str) -> list[Spell]:
    """Outages of minutes to twenty hours, some of them one after another, and lesser weather."""
    made: list[Spell] = []
    at = round(random.uniform(-4, 20) * HOUR)
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        weather = random.choice((*_OUTAGES, Weather.SLOW, Weather.SHAKY))
        longest = 20 if weather is not Weather.BUSY else 1
        hours = exp(random.uniform(log(0.03), log(longest)))
        start, end = max(0, at), at + round(hours * HOUR)
        strength = {Weather.SLOW: random.uniform(2, 12), Weather.SHAKY: random.uniform(0.05, 0.4)}
        if end > start:
            made.append(Spell(lane, weather, start, end, strength.get(weather, 0.0)))
        at = end + _GAP + round(random.expovariate(1 / (3 * HOUR)))
    return made


def _incidents(random: Random, busy: list[Micros]) -> list[Incident]:
    """Half of them while something is just being done."""
    made = []
    for _ in range(random.choice((0, 1, 2, 4, 6))):
        kind = random.choice(("crash", "crash_commit", "crash_commit", "freeze", "clock"))
        amount = {
            "crash": 0,
            "crash_commit": random.randint(1, 12),
            "freeze": round(random.uniform(1, 400) * SECOND),
            "clock": round(random.choice((-1, 1)) * exp(random.uniform(log(0.1), log(300))) * SECOND),
        }[kind]
        at = round(random.uniform(0, 30) * HOUR)
        if busy and random.random() < _BUSY_SHARE:
            at = random.choice(busy) + round(random.uniform(0, 3) * SECOND)
        made.append(Incident(at, kind, random.randint(0, 1), amount))
    return sorted(made, key=lambda incident: incident.at)


def _acts(random: Random) -> list[Act]:
    made = []
    for _ in range(random.choice((0, 1, 2, 4))):
        kind = random.choice(("hold", "hold", "cancel", "release", "release", "hold_lane"))
        lasts = round(random.uniform(5, 120) * MINUTE)
        made.append(Act(round(random.uniform(0, 30) * HOUR), kind, random.random(), lasts))
    return sorted(made, key=lambda act: act.at)
