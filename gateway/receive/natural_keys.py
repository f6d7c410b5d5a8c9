"""Where to look for an event that may be the same: keys that two registrations of it have in common. Pure.

A key finds candidates; whether one of them is the same event, `likeness` says. So a key may be shared by
strangers, but two registrations of one event must share at least one.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from gateway.model.natural_keys import Fingerprint, NaturalKey, digest
from gateway.receive.facets import Facets, Someone, known_parts
from mappings.canonical import PartialDate
from mappings.names import name_key, name_spelling

_KeysOf = Callable[[Facets], Iterator[tuple[str, str]]]
"""Key in words, and the day within it."""


def natural_keys_of(facets: Facets | None) -> tuple[NaturalKey, ...]:
    """Each once, in one order everywhere, so that two processes never wait for each other crosswise."""
    if facets is None:
        return ()
    found = {
        NaturalKey(digest(facets.family, facets.series.value, words), day)
        for words, day in _KEYS[facets.family](facets)
    }
    return tuple(sorted(found, key=lambda key: key.digest))


def fingerprint_of(facets: Facets) -> Fingerprint:
    """Equal for two messages that say the same of the same people, however they spell it."""
    people = {
        role: [
            name_spelling(someone.name),
            someone.sex,
            _parts(someone.birth_date),
            someone.personal_id,
        ]
        for role, someone in facets.people.items()
    }
    told = [facets.family, facets.series.value, people, _parts(facets.on), facets.found_in, facets.order]
    return Fingerprint(digest(json.dumps(told, sort_keys=True)).hex())


def may_be_one_day(one: str, other: str) -> bool:
    """Whether two days of a year, `MMDD`, `MM` or nothing, can mean the same."""
    return one.startswith(other) or other.startswith(one)


def _birth(facets: Facets) -> Iterator[tuple[str, str]]:
    child, mother = facets.people["child"], facets.people.get("mother")
    yield from _by_number("child", child)
    yield from _by_number("mother", mother)
    yield f"name:{name_key(child.name)}:{facets.on.year}", _day(facets.on)


def _death(facets: Facets) -> Iterator[tuple[str, str]]:
    deceased = facets.people["deceased"]
    yield from _by_number("deceased", deceased)
    yield f"name:{name_key(deceased.name)}:{facets.on.year}", _day(facets.on)


def _marriage(facets: Facets) -> Iterator[tuple[str, str]]:
    people = (facets.people["husband"], facets.people["wife"])
    for spouse in people:
        yield from _by_number("spouse", spouse)
    yield "couple:" + "+".join(sorted(name_key(spouse.name) for spouse in people)), ""


def _recognition(facets: Facets) -> Iterator[tuple[str, str]]:
    parent, child = facets.people["parent"], facets.people["child"]
    yield from _by_number("child", child)
    yield f"pair:{name_key(parent.name)}>{name_key(child.name)}", ""


def _adoption(facets: Facets) -> Iterator[tuple[str, str]]:
    child = facets.people["child"]
    yield from _by_number("child", child)
    yield f"name:{name_key(child.name)}:{child.birth_date.year}", _day(child.birth_date)


_KEYS: Final[Mapping[str, _KeysOf]] = MappingProxyType(
    {
        "birth": _birth,
        "death": _death,
        "marriage": _marriage,
        "recognition": _recognition,
        "adoption": _adoption,
    }
)


def _by_number(role: str, someone: Someone | None) -> Iterator[tuple[str, str]]:
    if someone is not None and someone.personal_id is not None:
        yield f"{role}:{someone.personal_id}", ""


def _day(date: PartialDate) -> str:
    """A day that only a rule says is no day to tell events apart by."""
    return "".join(f"{part:02}" for part in known_parts(date)[1:])


def _parts(date: PartialDate) -> list[object]:
    return [date.year, date.month, date.day, date.certainty]
