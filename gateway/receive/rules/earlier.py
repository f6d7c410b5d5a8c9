"""Rules of what an event refers to: the earlier entry, the act abroad, decisions, a second entry."""

from collections.abc import Iterator, Mapping
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import AmendedEntry, Decision

_AMENDED: Final[Path] = ("amends", "entry")
_MOBILE: Final = frozenset({"birth", "marriage", "death"})
"""Circular 04/2020, art. 24 to 26."""
_ANY_BOOK: Final[frozenset[str]] = frozenset()
_AMENDED_BOOKS: Final[Mapping[str, frozenset[str]]] = {
    "guardianship_end": frozenset({"GH"}),
    "guardianship_change": frozenset({"GH"}),
    "guardianship_supervision_end": frozenset({"GSGH"}),
    "civil_status_change": _ANY_BOOK,
    "court_decision": _ANY_BOOK,
    "extract_copy": _ANY_BOOK,
    "certificate_revocation": _ANY_BOOK,
}
"""Events that are nothing without an earlier entry, and the book that it stands in."""
_OTHER_BOOKS: Final[Mapping[str, frozenset[str]]] = {
    "parent_child_recognition": frozenset({"KS"}),
    "domestic_adoption": frozenset({"KS"}),
    "foreign_divorce_note": frozenset({"KH"}),
}
"""Where an earlier entry may be named, and the book that it stands in."""


def mobile_registration(scene: Scene) -> Iterator[Finding]:
    """Officers go out for births, marriages and deaths only."""
    if scene.event.mobile and scene.event.event_type not in _MOBILE:
        yield Finding("mobile_not_for_matter", ("mobile",))


def amended_entry_is_named(scene: Scene) -> Iterator[Finding]:
    """What changes, ends, remarks or copies an entry says which."""
    if scene.event.event_type in _AMENDED_BOOKS and _amended(scene) is None:
        yield Finding("amended_entry_missing", _AMENDED)


def amended_entry_precedes(scene: Scene) -> Iterator[Finding]:
    """The earlier entry is earlier."""
    entry = _amended(scene)
    registered = None if entry is None else find_bounds(entry.registered_on)
    if registered is not None and registered.earliest > scene.registered_on:
        yield Finding("amended_entry_later", (*_AMENDED, "registered_on"))


def amended_authority(scene: Scene) -> Iterator[Finding]:
    """It existed when it made the entry: the code is read in the list of that day."""
    entry = _amended(scene)
    registered = None if entry is None else find_bounds(entry.registered_on)
    if entry is None or registered is None:
        return
    days = (registered.earliest, registered.latest)
    if not any(scene.lists.find_unit(entry.authority_code, day) for day in days):
        values = {"code": entry.authority_code, "on_date": registered.latest.isoformat()}
        yield Finding("authority_unknown", (*_AMENDED, "authority_code"), values)


def amended_book(scene: Scene) -> Iterator[Finding]:
    """An end of guardianship ends a guardianship, and so on."""
    entry, expected = _amended(scene), books_of_earlier_entry(scene.event.event_type)
    if entry is not None and expected and entry.book_code not in expected:
        values = {"expected": ", ".join(sorted(expected))}
        yield Finding("amended_book_does_not_fit", (*_AMENDED, "book_code"), values)


def foreign_act(scene: Scene) -> Iterator[Finding]:
    """It was done abroad, in a country that exists, before it was noted here."""
    act = scene.event.foreign_act
    if act is None:
        return
    if act.country == "VN":
        yield Finding("foreign_act_at_home", ("foreign_act", "country"))
    elif scene.lists.find_country(act.country, scene.registered_on) is None:
        yield Finding("country_unknown", ("foreign_act", "country"))
    done = find_bounds(act.date)
    if done is not None and done.earliest > scene.registered_on:
        yield Finding("foreign_act_after_registration", ("foreign_act", "date"))


def decision_precedes_registration(scene: Scene, path: Path, decision: Decision) -> Iterator[Finding]:
    """A paper that an act rests on is older than it."""
    if decision.date > scene.registered_on:
        yield Finding("decision_after_registration", (*path, "date"))


def second_entry_differs(scene: Scene) -> Iterator[Finding]:
    """Two entries of one book have two numbers."""
    if scene.event.second_entry() == scene.event.entry():
        yield Finding("second_entry_repeats", ("end_entry", "number"))


def books_of_earlier_entry(event_type: str) -> frozenset[str]:
    """Where the earlier entry of such an event stands; empty: in any book."""
    return _AMENDED_BOOKS.get(event_type) or _OTHER_BOOKS.get(event_type) or _ANY_BOOK


def _amended(scene: Scene) -> AmendedEntry | None:
    amends = scene.event.amends
    return None if amends is None else amends.entry


EARLIER_RULES: Final = (
    mobile_registration,
    amended_entry_is_named,
    amended_entry_precedes,
    amended_authority,
    amended_book,
    foreign_act,
    second_entry_differs,
)
