"""The named conditions of the plan: `child.is_vietnamese` of a party, `has_dossier` of the event. Pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from mappings.canonical import AnyEvent, Birth, Person

HOME_COUNTRY: Final = "VN"

Condition = Callable[[AnyEvent], bool]


def has_dossier(event: AnyEvent) -> bool:
    """The matter came through the one-stop shop, which waits for the outcome."""
    return event.dossier is not None


def is_vietnamese(event: AnyEvent, role: str) -> bool:
    """By either nationality; a child found in Viet Nam counts as Vietnamese while nothing else is known."""
    person = event.parties().get(role)
    if person is None:
        return False
    if HOME_COUNTRY in {person.nationality, person.other_nationality}:
        return True
    is_foundling = isinstance(event, Birth) and event.birth.abandoned and role == "child"
    return is_foundling and person.nationality is None


def lacks_personal_id(event: AnyEvent, role: str) -> bool:
    """The message does not say the party's number."""
    person = event.parties().get(role)
    return person is not None and person.personal_id is None


def can_be_looked_up(event: AnyEvent, role: str) -> bool:
    """The population database finds a person by a paper that bears a number."""
    person: Person | None = event.parties().get(role)
    return person is not None and person.identity_paper is not None


_OF_EVENT: Final[Mapping[str, Condition]] = MappingProxyType({"has_dossier": has_dossier})
_OF_PARTY: Final[Mapping[str, Callable[[AnyEvent, str], bool]]] = MappingProxyType(
    {
        "is_vietnamese": is_vietnamese,
        "lacks_personal_id": lacks_personal_id,
        "can_be_looked_up": can_be_looked_up,
    }
)


def find_condition(name: str, roles: tuple[str, ...]) -> Condition | None:
    """The condition of this name; None if it, or its party, does not exist."""
    role, _, rest = name.rpartition(".")
    if not role:
        return _OF_EVENT.get(rest)
    of_party = _OF_PARTY.get(rest)
    if of_party is None or role not in roles:
        return None
    return lambda event: of_party(event, role)
