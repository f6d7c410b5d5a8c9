"""A dossier that asks for registration and stands in no book yet (hồ sơ đề nghị đăng ký hộ tịch).

The one-stop software of a province hands its dossiers to the national registry before they are registered:
a clerk there registers them, and number, volume and day come back with the result. So a declaration is a
matter in which some fields are open; what is open is filled in for the time being, so that every rule can be
applied to the rest, and never goes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, Self, TypeAlias, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import SchemaValidator

from mappings.canonical.earlier import Amends
from mappings.canonical.event import EVENT_TYPES, AnyEvent, CanonicalEvent, dump_event
from mappings.canonical.facts import Dossier
from mappings.canonical.person import Person
from mappings.canonical.read_again import has_folded_blanks, reader_again
from mappings.canonical.registration import VIETNAM_TIME, EntryIdentity, Registration
from mappings.canonical.text_types import BARE_OF_NEWS, Instant

DECLARATION: Final = "declaration"
"""Its `event_type`; no type of event that a sender may hand in."""
_PREFIX: Final = "declared:"
"""Sets its names apart from those of the event that it becomes."""
_NO_NUMBER: Final = "0"
_HOME: Final = "VN"
_KIND: Final = "registration.kind"
_CHILD: Final = "child"
_REMARK: Final = "remark"

OpenField = Literal[
    "registration.registered_at",
    "registration.number",
    "registration.volume",
    "registration.kind",
    "established_on",
    "child.nationality",
    "birth.abandoned",
    "unknown",
]
"""What the registration says; of a linked birth also what the real messages leave to the clerk [S]."""


class Declaration(BaseModel):
    """A matter before its registration, with the fields that the registration will fill in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    event_type: Literal["declaration"]
    received_at: Instant = Field(description="Thời điểm tiếp nhận hồ sơ")
    open: tuple[OpenField, ...] = Field(description="Trường chỉ biết sau khi đăng ký")
    declared: CanonicalEvent = Field(description="Nội dung đề nghị đăng ký")

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, value: object) -> object:
        """What is open holds a value for the time being: the matter is read by its own model."""
        return filled_in(value) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _has_dossier(self) -> Self:
        """Nothing else names it before its registration; its result is asked for by the code."""
        if self.declared.dossier is None:
            missing = "dossier"
            raise ValueError(missing)
        return self

    @property
    def source_event_id(self) -> str:
        """Not that of the event: the sender may hand in the entry itself, once there is one."""
        return f"{_PREFIX}{self.declared.source_event_id}"

    @property
    def registration(self) -> Registration:
        """The office that is asked; the moment is that of the intake of the dossier."""
        return self.declared.registration

    @property
    def dossier(self) -> Dossier | None:
        """The one-stop dossier."""
        return self.declared.dossier

    @property
    def amends(self) -> Amends | None:
        """Nothing is changed yet."""
        return None

    def parties(self) -> Mapping[str, Person]:
        """Role and person, as of the event."""
        return self.declared.parties()

    def entry(self) -> EntryIdentity:
        """Stands for the entry that does not exist yet: the office, and the sender's dossier."""
        place = self.registration
        return EntryIdentity(place.authority_code, place.book_code, place.book_year, self.source_event_id)

    def second_entry(self) -> EntryIdentity | None:
        """None yet."""
        return None

    def amended_entry(self) -> EntryIdentity | None:
        """Nothing is changed yet."""
        return None

    def other_entries(self) -> tuple[EntryIdentity, ...]:
        """The earlier entry that the matter is about: its deliveries stay in order with this one."""
        amended = self.declared.amended_entry()
        return () if amended is None else (amended,)


AnyStored: TypeAlias = AnyEvent | Declaration
"""What was accepted: an event, or the declaration of one."""
_ADAPTER: Final[TypeAdapter[AnyStored]] = TypeAdapter(
    Annotated[AnyEvent | Declaration, Field(discriminator="event_type")]
)


def matter_of(stored: AnyStored) -> AnyEvent:
    """The matter itself, registered or asked for."""
    return stored.declared if isinstance(stored, Declaration) else stored


def open_fields(stored: AnyStored) -> frozenset[str]:
    """What is not known of it before its registration."""
    return frozenset(stored.open) if isinstance(stored, Declaration) else frozenset()


def declared_name(source_event_id: str) -> str:
    """The name of the declaration of the event that the sender names so."""
    return f"{_PREFIX}{source_event_id}"


def parse_stored_json(content: bytes) -> AnyStored:
    """Read what was accepted from its canonical JSON; what passed our checks then is not asked again.

    Raises:
        pydantic.ValidationError: it is neither.

    """
    if not has_folded_blanks(content):
        return _ADAPTER.validate_json(content)
    stored: AnyStored = _reader_again().validate_json(content)
    return stored


@cache
def _reader_again() -> SchemaValidator:
    """Made when it is first needed: it takes some hundredths of a second."""
    return reader_again(_ADAPTER.core_schema, BARE_OF_NEWS)


def dump_stored(stored: AnyStored) -> dict[str, Any]:
    """Write it as plain JSON values, without the fields that hold nothing or are open."""
    if not isinstance(stored, Declaration):
        return dump_event(stored)
    declared = dump_event(stored.declared)
    for path in stored.open:
        first, _, name = path.partition(".")
        (declared.get(first, {}) if name else declared).pop(name or first, None)
    return {
        "event_type": stored.event_type,
        "received_at": stored.received_at.isoformat(),
        "open": list(stored.open),
        "declared": declared,
    }


def filled_in(value: Mapping[str, Any]) -> dict[str, Any]:
    """The declaration with a value in every open field; what is no declaration comes back as it is."""
    declared, fields = value.get("declared"), value.get("open")
    if not isinstance(declared, Mapping) or not isinstance(fields, list | tuple):
        return dict(value)
    model = EVENT_TYPES.get(str(declared.get("event_type")))
    filled = dict(declared)
    for path in fields:
        make = _FOR_THE_TIME_BEING.get(str(path))
        if make is not None and model is not None:
            _put(filled, str(path), make(_Unfilled(model, filled, value.get("received_at"))))
    return {**value, "declared": filled}


def _put(event: dict[str, Any], path: str, value: object) -> None:
    first, _, name = path.partition(".")
    if not name:
        event.setdefault(first, value)
    elif isinstance(event.get(first), Mapping):
        event[first] = {name: value, **event[first]}


@dataclass(frozen=True, slots=True)
class _Unfilled:
    """What a value for the time being may look at."""

    model: type[AnyEvent]
    event: Mapping[str, Any]
    received_at: object


def _first_kind(unfilled: _Unfilled) -> object:
    """The ordinary one: each kind of book names it first."""
    registration: Any = unfilled.model.model_fields["registration"].annotation
    return get_args(registration.model_fields["kind"].annotation)[0]


def _unnamed_parents(unfilled: _Unfilled) -> object:
    """Who is not named is not known."""
    return [role for role in ("mother", "father") if role not in unfilled.event]


def _day(unfilled: _Unfilled) -> object:
    said = unfilled.received_at
    try:
        moment = said if isinstance(said, datetime) else datetime.fromisoformat(str(said))
    except ValueError:
        return None
    day = moment.astimezone(VIETNAM_TIME).date()
    return {"year": day.year, "month": day.month, "day": day.day, "certainty": "exact"}


_FOR_THE_TIME_BEING: Final = MappingProxyType(
    {
        "registration.registered_at": lambda unfilled: unfilled.received_at,
        "registration.number": lambda _unfilled: _NO_NUMBER,
        "registration.volume": lambda _unfilled: _NO_NUMBER,
        "registration.kind": _first_kind,
        "established_on": _day,
        "child.nationality": lambda _unfilled: _HOME,
        "birth.abandoned": lambda _unfilled: False,
        "unknown": _unnamed_parents,
    }
)


@dataclass(frozen=True, slots=True)
class EntryTold:
    """What the registry tells of the entry that it made."""

    registered_at: datetime
    number: str | None = None
    volume: str | None = None
    page: str | None = None
    personal_id: str | None = None
    """Of the child whose birth it is."""


def registered(declaration: Mapping[str, Any], entry: EntryTold) -> dict[str, Any]:
    """The event that a declaration became, as plain JSON values; what is not told of the entry is left out.

    A birth registered after 60 days or a death after 15 is late (Law on civil status, art. 15 and 33), where
    the dossier did not say which kind of entry it wanted.
    """
    fields: tuple[str, ...] = tuple(declaration["open"])
    moment = entry.registered_at.astimezone(VIETNAM_TIME)
    event = filled_in({**declaration, "received_at": moment})["declared"]
    told = _place_told(entry, event["registration"])
    place = {
        name: value for name, value in event["registration"].items() if f"registration.{name}" not in fields
    }
    place |= told
    place["registered_at"] = moment.isoformat()
    if _KIND in fields:
        place["kind"] = "late" if _is_late(event, moment.date()) else event["registration"]["kind"]
    event["registration"] = place
    if entry.personal_id is not None and isinstance(event.get(_CHILD), Mapping):
        event[_CHILD] = _numbered(event[_CHILD], entry.personal_id)
    return dict(event)


def _place_told(entry: EntryTold, registration: Mapping[str, Any]) -> dict[str, str]:
    """Where it stands; a remark has no place of its own, and what is told is that of the entry it is in."""
    if registration.get("kind") == _REMARK:
        return {}
    told = {"number": entry.number, "volume": entry.volume, "page": entry.page}
    return {name: value for name, value in told.items() if value is not None}


def _is_late(event: Mapping[str, Any], registered_on: date) -> bool:
    path, days = _TIME_LIMITS.get(str(event["event_type"]), ((), 0))
    value: Any = event
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    if not isinstance(value, Mapping) or not all(isinstance(value.get(part), int) for part in _DATE_PARTS):
        return False
    return registered_on > date(*(value[part] for part in _DATE_PARTS)) + timedelta(days=days)


def _numbered(child: Mapping[str, Any], personal_id: str) -> dict[str, Any]:
    """The number that it was born without; one that the dossier named stays."""
    unknown = [name for name in child.get("unknown", ()) if name != "personal_id"]
    rest = {name: value for name, value in child.items() if name != "unknown"}
    return {"personal_id": personal_id, **rest, **({"unknown": unknown} if unknown else {})}


_TIME_LIMITS: Final[Mapping[str, tuple[tuple[str, ...], int]]] = MappingProxyType(
    {"birth": (("child", "birth_date"), 60), "death": (("death", "date"), 15)}
)
"""Where the day of the event stands, and within how many days it must be registered."""
_DATE_PARTS: Final = ("year", "month", "day")
