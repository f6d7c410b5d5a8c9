"""The named conditions of the plan: `child.is_vietnamese` of a party, `has_dossier`, `act=birth`. Pure."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Final, get_args

from mappings.canonical import AnyEvent, BirthEvent, CivilEvent, Person

HOME_COUNTRY: Final = "VN"

Condition = Callable[[AnyEvent], bool]

_ACT: Final = "act="
"""`act=birth|death`: the field `act` of the event is one of these."""


def has_dossier(event: AnyEvent) -> bool:
    """The matter came through the one-stop shop, which waits for the outcome."""
    return event.dossier is not None


def is_linked(event: AnyEvent) -> bool:
    """The dossier is one of the linked service (liên thông), which is told its states."""
    return event.dossier is not None and event.dossier.linked_code is not None


def amends_an_entry(event: AnyEvent) -> bool:
    """The event names an earlier entry of a book."""
    return event.amended_entry() is not None


def is_vietnamese(event: AnyEvent, role: str) -> bool:
    """By either nationality; a child found in Viet Nam counts as Vietnamese while nothing else is known."""
    person = event.parties().get(role)
    if person is None:
        return False
    if HOME_COUNTRY in {person.nationality, person.other_nationality}:
        return True
    is_foundling = isinstance(event, BirthEvent) and event.birth.abandoned and role == "child"
    return is_foundling and person.nationality is None


def lacks_personal_id(event: AnyEvent, role: str) -> bool:
    """The message does not say the party's number."""
    person = event.parties().get(role)
    return person is not None and person.personal_id is None


def can_be_looked_up(event: AnyEvent, role: str) -> bool:
    """The population database finds a person by a paper that bears a number."""
    person: Person | None = event.parties().get(role)
    return person is not None and person.identity_paper is not None


_OF_EVENT: Final[Mapping[str, Condition]] = MappingProxyType(
    {"has_dossier": has_dossier, "is_linked": is_linked, "amends_an_entry": amends_an_entry}
)
_OF_PARTY: Final[Mapping[str, Callable[[AnyEvent, str], bool]]] = MappingProxyType(
    {
        "is_vietnamese": is_vietnamese,
        "lacks_personal_id": lacks_personal_id,
        "can_be_looked_up": can_be_looked_up,
    }
)


def acts_of(names: Collection[str]) -> frozenset[str]:
    """The acts that a step's conditions name; empty when they do not ask for the act."""
    return frozenset(
        act for name in names if name.startswith(_ACT) for act in name.removeprefix(_ACT).split("|")
    )


def find_condition(name: str, model: type[CivilEvent]) -> Condition | None:
    """The condition of this name; None if it, its party or its act does not exist in this event type."""
    if name.startswith(_ACT):
        return _find_act_condition(acts_of((name,)), model)
    role, _, rest = name.rpartition(".")
    if not role:
        return _OF_EVENT.get(rest)
    of_party = _OF_PARTY.get(rest)
    if of_party is None or role not in model.party_fields:
        return None
    return lambda event: of_party(event, role)


def _find_act_condition(acts: frozenset[str], model: type[CivilEvent]) -> Condition | None:
    field = model.model_fields.get("act")
    if field is None or not acts <= set(get_args(field.annotation)):
        return None
    return lambda event: getattr(event, "act", None) in acts
