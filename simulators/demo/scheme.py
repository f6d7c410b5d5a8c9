"""Which faults are planted on which events: chosen by the seed, so that even a short run meets every kind."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

from simulators.demo.settings import DemoSettings
from simulators.local_registry.township import Registered

Json: TypeAlias = dict[str, Any]
REGISTRY, POPULATION, ONE_STOP = "national_registry", "population_db", "one_stop"
PUSH, POLL = "nhanHoSoDKHT", "layKetQuaHoSoDKHT"
NUMBER, NOTICE, LOOK_UP = "capSoDinhDanh", "thongBaoHoTich", "TraCuuThongTinCongDan"
DOSSIER, STEP, FIND_DOSSIER = "DongBoHoSoMC", "CapNhatTienDoHoSoMC", "TraCuuHoSo"
LINKED_STATE = "capNhatTrangThaiHoSoDVCLTHoTich"
OPERATIONS = {
    REGISTRY: (PUSH, POLL),
    POPULATION: (NUMBER, NOTICE, LOOK_UP),
    ONE_STOP: (DOSSIER, STEP, FIND_DOSSIER),
}
TWO_ALIKE = "guardianship_change"
"""Two records of one dossier in modules whose names end alike: a rule for the one would strike the other."""
MODULE_OF_MATTER = {"civil_status_change": "TDCC"}
ALWAYS = 0  # a refusal stays a refusal, however often the message comes
SUPPLEMENT, CLERK_REFUSES = 2, 6
INVISIBLE_SECONDS = 18.0  # longer than a lease of the gateway, so that one that was killed meets it too


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why one system may lack one event, once the fault has really struck."""

    source_event_id: str
    system: str
    kind: str
    match: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """The plan for the sandbox, and what it excuses."""

    plan: Json
    excuses: tuple[Excuse, ...]
    clerk_decisions: Mapping[str, int]
    """Event -> what the registry's clerk decides instead of issuing: 2 supplement, 6 refused."""


@dataclass
class _Drawing:
    """Rules gathered so far, and the events that have no fault of their own yet."""

    chance: Random
    settings: DemoSettings
    quiet: list[Registered]
    others: list[Registered]
    rules: list[Json] = field(default_factory=list)
    excuses: list[Excuse] = field(default_factory=list)

    def add(self, system: str, kind: str, operation: str, match: str = "", **values: object) -> None:
        self.rules.append({"system": system, "kind": kind, "operation": operation, "match": match, **values})

    def alone(self, *matters: str) -> Registered | None:
        """An event whose people appear in no other: only there may one system lack it without a chain."""
        return _take(self.quiet, matters)

    def any(self, *matters: str) -> Registered | None:
        """Any event with a dossier that has no fault yet."""
        return _take(self.others, matters) or _take(self.quiet, matters)

    def refuse(self, event: Registered | None, system: str, kind: str, operation: str, match: str) -> None:
        if event is not None:
            self.add(system, kind, operation, match, times=ALWAYS)
            self.excuses.append(Excuse(event.source_event_id, system, kind, match))


def devise(registered: Sequence[Registered], settings: DemoSettings) -> Scheme:
    """Plan for these events; at most one fault that a person must settle per event."""
    chance = Random(f"scheme/{settings.seed}")
    quiet, others = _pools(registered, chance)
    drawing = _Drawing(chance, settings, quiet, others)
    _refusals(drawing)
    decisions = _clerk(drawing)
    _late_numbers(drawing)
    _lost_answers(drawing)
    _time_outs(drawing)
    _trouble_by_chance(drawing)
    _outages(drawing)
    return Scheme({"seed": settings.seed, "faults": drawing.rules}, tuple(drawing.excuses), decisions)


def match_of(event: Registered, operation: str) -> str:
    """Piece of the subject by which the sandbox knows a call about this event."""
    entry = event.message["registration"]
    if operation == PUSH:
        # Modules of linked services and of ends are named as the book, with letters before it.
        return f"{MODULE_OF_MATTER.get(event.matter, entry['book_code'])}/{event.dossier_code}"
    if operation == NUMBER:
        return f"{event.dossier_code}/{entry['number']}/"
    if operation == NOTICE:
        return f"{entry['authority_code']}/{entry['volume']}/{entry['number']}/"
    return event.dossier_code


def _pools(registered: Sequence[Registered], chance: Random) -> tuple[list[Registered], list[Registered]]:
    seen = Counter(person for event in registered for person in event.stated_persons)
    with_dossier = [event for event in registered if event.dossier_code and _can_be_disturbed(event)]
    quiet = [event for event in with_dossier if all(seen[each] == 1 for each in event.stated_persons)]
    others = [event for event in with_dossier if event not in quiet]
    chance.shuffle(quiet)
    chance.shuffle(others)
    return quiet, others


def _can_be_disturbed(event: Registered) -> bool:
    """Not an old birth that is registered again: no fault of numbers can strike it, as it asks for none."""
    is_old_birth = event.matter == "birth" and "personal_id" in event.message["child"]
    return event.matter != TWO_ALIKE and not is_old_birth


def _take(pool: list[Registered], matters: tuple[str, ...]) -> Registered | None:
    found = next((event for event in pool if not matters or event.matter in matters), None)
    if found is not None:
        pool.remove(found)
    return found


def _share(drawing: _Drawing, per_hundred: float, least: int = 1) -> int:
    return max(least, round(per_hundred * drawing.settings.events / 100))


def _refusals(drawing: _Drawing) -> None:
    """What a person must settle: a duplicate and refusals in all three systems, each on its own event."""
    twin = drawing.alone("birth")
    if twin is not None:
        drawing.refuse(twin, POPULATION, "suspected_duplicate", NUMBER, match_of(twin, NUMBER))
    wrong = drawing.alone("birth")
    if wrong is not None:
        drawing.refuse(wrong, POPULATION, "refusal", NUMBER, match_of(wrong, NUMBER))
    dead = drawing.alone("death")
    if dead is not None:
        drawing.refuse(dead, POPULATION, "refusal", NOTICE, match_of(dead, NOTICE))
    dossier = drawing.alone()
    if dossier is not None:
        drawing.refuse(dossier, ONE_STOP, "refusal", DOSSIER, match_of(dossier, DOSSIER))
    for turn in range(_share(drawing, 1)):
        matter = ("marriage", "birth", "death")[turn % 3]
        event = drawing.alone(matter)
        if event is not None:
            drawing.refuse(event, REGISTRY, "refusal", PUSH, match_of(event, PUSH))


def _clerk(drawing: _Drawing) -> dict[str, int]:
    decisions = {}
    for status in (SUPPLEMENT, CLERK_REFUSES):
        event = drawing.alone()
        if event is not None:
            drawing.add(REGISTRY, "clerk_decision", PUSH, match_of(event, PUSH), status=status)
            decisions[event.source_event_id] = status
    return decisions


def _late_numbers(drawing: _Drawing) -> None:
    wait = drawing.settings.number_wait_seconds
    for share in (1.3, 0.3):  # later than a birth waits, and not so late
        for _ in range(_share(drawing, 3)):
            event = drawing.any("birth")
            if event is not None:
                seconds = round(wait * (share + 0.2 * drawing.chance.random()), 2)
                match = match_of(event, NUMBER)
                drawing.add(POPULATION, "late_personal_id", NUMBER, match, seconds=seconds)
    for _ in range(_share(drawing, 0.7)):
        event = drawing.any("birth")
        if event is not None:
            drawing.add(POPULATION, "refusal", NUMBER, match_of(event, NUMBER), form="technical")


def _lost_answers(drawing: _Drawing) -> None:
    """Committed, but the caller never hears of it; some are not even shown when asked for."""
    for _ in range(_share(drawing, 2, least=2)):
        event = drawing.any()
        if event is not None:
            match = match_of(event, PUSH)
            drawing.add(REGISTRY, "late_visibility", PUSH, match, seconds=INVISIBLE_SECONDS)
            drawing.add(REGISTRY, "answer_lost", PUSH, match)
    wanted = (
        *(
            (REGISTRY, PUSH, ()),
            (POPULATION, NUMBER, ("birth",)),
            (POPULATION, NOTICE, ("death", "marriage")),
        ),
        *((ONE_STOP, DOSSIER, ()), (ONE_STOP, STEP, ())),
    )
    for system, operation, matters in wanted:
        for _ in range(_share(drawing, 1)):
            event = drawing.any(*matters)
            if event is not None:
                drawing.add(system, "answer_lost", operation, match_of(event, operation))


def _time_outs(drawing: _Drawing) -> None:
    """Hanging before and after the commit, and one expired token or session per system."""
    seconds = drawing.settings.answers_within_seconds + 1
    for system, operation, matters in (
        (REGISTRY, PUSH, ()),
        (POPULATION, NUMBER, ("birth",)),
        (ONE_STOP, DOSSIER, ()),
    ):
        for is_committed in (False, True):
            event = drawing.any(*matters)
            if event is not None:
                match = match_of(event, operation)
                drawing.add(system, "hang", operation, match, seconds=seconds, committed=is_committed)
        # Exactly one each: two at the same moment would look like credentials that are really refused.
        event = drawing.any(*matters)
        if event is not None:
            drawing.add(system, "expired_token", operation, match_of(event, operation))


def _trouble_by_chance(drawing: _Drawing) -> None:
    statuses, forms = (500, 502, 503), ("garbage", "html", "wrong_shape", "empty")
    turn = 0
    for system, operations in OPERATIONS.items():
        drawing.add(system, "latency", "", times=ALWAYS, min_ms=3, max_ms=25)
        for operation in operations:
            turn += 1
            status, form = statuses[turn % len(statuses)], forms[turn % len(forms)]
            drawing.add(system, "server_error", operation, probability=0.03, status=status)
            drawing.add(system, "wrong_answer", operation, probability=0.015, form=form)


def _outages(drawing: _Drawing) -> None:
    """One per system, one after another; two refuse connections, one answers 503."""
    posting = drawing.settings.posting_seconds
    for system, share, form in (
        (REGISTRY, 0.1, "refuse"),
        (POPULATION, 0.4, "refuse"),
        (ONE_STOP, 0.65, "unavailable"),
    ):
        begin = round(posting * share + 0.5 * drawing.chance.random(), 2)
        end = round(begin + 2 + drawing.chance.random(), 2)
        drawing.add(system, "outage", "", from_seconds=begin, to_seconds=end, form=form)
