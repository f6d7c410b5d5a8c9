"""One row of a mapping: which field of ours becomes which field of the partner's, and how."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, TypeAlias

from mappings.canonical import VIETNAM_TIME, AnyEvent
from mappings.csv_files import MAPPINGS

JsonValue: TypeAlias = "bool | int | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
Converter: TypeAlias = Callable[..., JsonValue]
"""Takes the scene and one value per source; None says that there is nothing to send."""

CONTEXT_FACTS: Final[Mapping[str, str]] = {
    "request_id": "names the request for good, at most 40 characters (mã yêu cầu)",
    "now": "the moment of translation, ISO 8601",
    "personal_id": "number learnt for the subject of the message (số định danh cá nhân)",
    "personal_id.child": "number learnt for the child",
    "personal_id.husband": "number learnt for the husband",
    "personal_id.wife": "number learnt for the wife",
    "personal_id.deceased": "number learnt for the deceased",
    "personal_id.ward": "number learnt for the ward",
    "personal_id.subject": "number learnt for the subject of a change, decision or paper",
    "personal_id.spouse": "number learnt for the other side of the marriage",
    "replaced_request_id": "name of the earlier notice that this one takes back (sự kiện bị thay thế)",
    "stage": "how far the registry has come: received, supplement_asked, processing, completed, refused",
    "stage_at": "when it came so far, ISO 8601 with offset",
    "stage_text": "what the registry says about it",
    "linked_state": "state that the linked service is told (liên thông): taken_in, accepted, forwarded, "
    "supplement_asked, completed, handed_over, refused",
    "officer": "who took the step at the registry, as the registry names him",
    "officer_id": "personal ID of the officer in whose name a look-up is made (mã cán bộ)",
    "officer_name": "officer of the gateway's office, when nobody else is named",
    "officer_title": "his title (chức danh)",
    "office_name": "office of the gateway, when the registering unit has no name (phòng ban xử lý)",
}
"""Names that a source may use after `context.`; the gateway gives those that it knows."""

MAPPING_CODES: Final[Mapping[str, str]] = {
    "mapping_not_in_generation": "The destination's generation of the day lacks this message.",
    "mapping_missing": "The destination requires a field that the event does not fill.",
    "mapping_too_long": "A text is longer than the destination takes.",
    "mapping_wrong_format": "A value does not have the format that the destination wants.",
    "mapping_not_in_code_list": "A value is not in the destination's code list.",
    "mapping_code_unknown": "A code of the event is in no list of that day, or has no partner code.",
    "mapping_unit_unknown": "An administrative unit code was not in force on the day it is said to mean.",
    "mapping_no_number": "A person has neither a personal ID nor an old identity card number.",
    "mapping_name_not_latin": "Nothing of a name can be written in Latin letters.",
    "mapping_fact_broken": "A fact beside the event cannot be read; the operator must look.",
    "mapping_wrong_kind": "The mapping makes another kind of value than the contract wants: a fault of ours.",
    "mapping_unknown_field": "The mapping fills a field that the contract lacks: a fault of ours.",
}
"""Every code that a `MappingViolation` can carry."""


class WhenMissing(StrEnum):
    """What to do when there is nothing to send."""

    REFUSE = "refuse"
    OMIT = "omit"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class TranslationContext:
    """What a message needs besides the event."""

    request_id: str
    facts: Mapping[str, str]
    now: datetime


@dataclass(frozen=True, slots=True)
class TranslatedMessage:
    """One message in the partner's own words."""

    operation: str
    body: Mapping[str, JsonValue]
    routing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MappingViolation:
    """Why an event cannot be said in a partner's words; never quotes a value."""

    path: str
    """Where a person can correct it: a field of the event, `context.<fact>`, or the partner's field."""
    code: str
    message_vi: str
    message_en: str


class CannotTranslate(ValueError):
    """A converter cannot say this value in the partner's words."""

    def __init__(self, code: str, message_vi: str, message_en: str) -> None:
        super().__init__(message_en)
        self.code, self.message_vi, self.message_en = code, message_vi, message_en


@lru_cache(maxsize=256)
def day_in_vietnam(moment: datetime) -> date:
    """The day of a moment by Vietnamese time; what is registered together has the same moments."""
    return moment.astimezone(VIETNAM_TIME).date()


@dataclass(frozen=True, slots=True)
class Scene:
    """What every converter may look at besides its own values."""

    event: AnyEvent
    context: TranslationContext
    folder: Path = MAPPINGS
    """The mapping files in use; another release's when two are compared."""
    open: frozenset[str] = frozenset()
    """Paths into the event that only its registration will fill in: they read as nothing."""
    registration_day: date = field(init=False, compare=False, repr=False)
    """The day of the entry by Vietnamese time; codes are read in the lists of this day."""

    def __post_init__(self) -> None:
        """Every look-up of a code asks for the day."""
        object.__setattr__(self, "registration_day", day_in_vietnam(self.event.registration.registered_at))

    def fact(self, name: str) -> str | None:
        """Give a fact of the context; empty text counts as nothing."""
        if name == "request_id":
            return self.context.request_id
        if name == "now":
            return self.context.now.isoformat()
        return self.context.facts.get(name) or None


Reader: TypeAlias = Callable[[Scene], object]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One row of a mapping file."""

    target: tuple[str, ...]
    """`("body", "data", …)` or `("routing", "subject")`."""
    sources: tuple[str, ...]
    """Paths into the event, or `context.<fact>`; empty for a constant."""
    constant: str | None
    converter_name: str
    convert: Converter
    when_missing: WhenMissing
    mark: str
    note: str
    readers: tuple[Reader, ...] = field(init=False, compare=False, repr=False)
    """What follows the sources, made once."""

    def __post_init__(self) -> None:
        """Paths become readers."""
        object.__setattr__(self, "readers", tuple(reader_of(source) for source in self.sources))

    @property
    def path(self) -> str:
        """Where a person looks first: the first source that is no fact, else the first, else the target."""
        own = [source for source in self.sources if not source.startswith("context.")]
        return (own or list(self.sources) or [".".join(self.target[1:])])[0]

    def value(self, scene: Scene) -> JsonValue:
        """Convert; None when there is nothing to send.

        Raises:
            CannotTranslate: the value has no word there.

        """
        if self.constant is not None:
            return self.constant
        read = self.readers if not scene.open else self._readers_of_the_known(scene.open)
        if len(read) == 1:
            value = read[0](scene)
            return None if value is None else self.convert(scene, value)
        values = [each(scene) for each in read]
        for value in values:
            if value is not None:
                return self.convert(scene, *values)
        return None

    def is_open(self, scene: Scene) -> bool:
        """Whether the registration will fill in what it says."""
        return bool(scene.open) and not scene.open.isdisjoint(self.sources)

    def _readers_of_the_known(self, open_paths: Container[str]) -> tuple[Reader, ...]:
        pairs = zip(self.sources, self.readers, strict=True)
        return tuple(_read_nothing if source in open_paths else reader for source, reader in pairs)


def _read_nothing(_scene: Scene) -> None:
    """What is not known yet."""


@cache
def reader_of(source: str) -> Reader:
    """What follows a path of a mapping; it gives None as soon as a part is not there."""
    if source.startswith("context."):
        fact = source.removeprefix("context.")
        return lambda scene: scene.fact(fact)
    first, *names = source.split(".")

    def read(scene: Scene) -> object:
        value: object = getattr(scene.event, first)
        for name in names:
            if value is None:
                return None
            value = getattr(value, name)
        return value

    return read


def _missing(rule: FieldRule) -> MappingViolation:
    name = ".".join(rule.target[1:])
    own = [source for source in rule.sources if not source.startswith("context.")]
    places = own or list(rule.sources)
    return MappingViolation(
        path=rule.path,
        code="mapping_missing",
        message_vi=f"Nơi nhận bắt buộc có {name}; hãy bổ sung {' hoặc '.join(places)}.",
        message_en=f"The destination requires {name}; fill in {' or '.join(places)}.",
    )


def _put(message: dict[str, JsonValue], target: Sequence[str], value: JsonValue) -> None:
    holder = message
    for parent in target[:-1]:
        inner = holder.get(parent)
        if inner is None:
            inner = holder[parent] = {}
        elif not isinstance(inner, dict):
            raise TypeError(".".join(target))
        holder = inner
    holder[target[-1]] = value


def apply(
    rules: Sequence[FieldRule], scene: Scene
) -> tuple[Mapping[str, JsonValue], tuple[MappingViolation, ...]]:
    """Apply every rule and collect everything that stands in the way, instead of stopping at the first."""
    message: dict[str, JsonValue] = {}
    violations: list[MappingViolation] = []
    for rule in rules:
        try:
            value = rule.value(scene)
        except CannotTranslate as obstacle:
            violations.append(
                MappingViolation(rule.path, obstacle.code, obstacle.message_vi, obstacle.message_en)
            )
            continue
        if value is not None:
            _put(message, rule.target, value)
        elif rule.is_open(scene):
            continue
        elif rule.when_missing is WhenMissing.REFUSE:
            violations.append(_missing(rule))
        elif rule.when_missing is WhenMissing.BLANK:
            _put(message, rule.target, "")
    return message, tuple(violations)
