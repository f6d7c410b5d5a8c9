"""Every mapping, checked as a whole: (event type, destination, message, generation) to what is sent."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from mappings import converters as shared
from mappings.canonical import EVENT_TYPES, AnyStored, matter_of, open_fields
from mappings.completeness import Partner, Problem, find_obstacles, find_problems, unsaid
from mappings.contract_fit import load_message_contracts
from mappings.converter_tables import undescribed_converters
from mappings.csv_files import MAPPINGS, Validity
from mappings.generations import BY_VALIDITY, GenerationChoice
from mappings.loading import EVERY_MESSAGE, PARTNERS, MessageKey, MessageRow, RuleRow
from mappings.message import Message
from mappings.partners import load_partner
from mappings.rules import (
    CONTEXT_FACTS,
    Converter,
    FieldRule,
    MappingViolation,
    Scene,
    TranslatedMessage,
    TranslationContext,
    WhenMissing,
)

__all__ = [
    "CONTEXT_FACTS",
    "Catalog",
    "CheckLine",
    "GenerationChoice",
    "IncompleteMapping",
    "MappingViolation",
    "Message",
    "TranslatedMessage",
    "TranslationContext",
    "UnknownMessage",
    "check",
    "load_catalog",
    "read_catalog",
]


class IncompleteMapping(Exception):
    """The mapping files lack something; the process must not start."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class UnknownMessage(LookupError):
    """No mapping of this name."""

    def __init__(self, event_type: str, destination: str, message: str, generation: str = "") -> None:
        super().__init__("/".join(part for part in (destination, event_type, message, generation) if part))
        self.event_type, self.destination, self.message = event_type, destination, message
        self.generation = generation


class Catalog:
    """All messages of all partners; only whole catalogues exist."""

    def __init__(
        self,
        messages: Iterable[Message],
        windows: Mapping[str, Mapping[str, Validity]],
        folder: Path = MAPPINGS,
        choices: Mapping[str, GenerationChoice] | None = None,
    ) -> None:
        self._messages = {
            (each.event_type, each.destination, each.name, each.generation): each for each in messages
        }
        self._windows = windows
        self._folder = folder
        self._choices = choices or {}

    def speaking(self, choices: Mapping[str, GenerationChoice]) -> "Catalog":
        """Give the same mappings with what a province has set for its partners' generations."""
        return Catalog(self._messages.values(), self._windows, self._folder, choices)

    def get(self, event_type: str, destination: str, message: str, generation: str | None = None) -> Message:
        """One message; without a generation that of the newest.

        Raises:
            UnknownMessage: there is none of this name.

        """
        for name in (generation,) if generation else reversed(self._generations(destination)):
            found = self._messages.get((event_type, destination, message, name))
            if found is not None:
                return found
        raise UnknownMessage(event_type, destination, message, generation or "")

    def messages(self, event_type: str, destination: str) -> tuple[str, ...]:
        """Name the messages that a destination can be sent about a type of event, in any generation."""
        wanted = event_type, destination
        names = (each.name for each in self.all_messages() if (each.event_type, each.destination) == wanted)
        return tuple(dict.fromkeys(names))

    def versions(self, event_type: str, destination: str) -> tuple[tuple[str, str], ...]:
        """Name the messages about a type of event with each generation in which they exist."""
        wanted = event_type, destination
        return tuple(key[2:] for key in self._messages if key[:2] == wanted)

    def all_messages(self) -> tuple[Message, ...]:
        """Every message of every generation, in the order of the files."""
        return tuple(self._messages.values())

    def generation_at(self, destination: str, on: datetime) -> str:
        """Tell which generation of its interface a partner is spoken to in at a moment."""
        return self._choices.get(destination, BY_VALIDITY).generation_at(self._windows[destination], on)

    def translate(
        self,
        event: AnyStored,
        destination: str,
        message: str,
        context: TranslationContext,
        on: datetime | None = None,
    ) -> TranslatedMessage | tuple[MappingViolation, ...]:
        """Say an event in a partner's words, or name everything that stands in the way.

        `on` is the moment of sending, by default that of the translation: it chooses the generation of the
        interface. Codes are always those of the day of registration.

        Raises:
            UnknownMessage: there is no message of this name in any generation.

        """
        if destination not in self._windows:
            raise UnknownMessage(matter_of(event).event_type, destination, message)
        generation = self.generation_at(destination, on or context.now)
        result = self.translate_in(generation, event, destination, message, context)
        if result is not None:
            return result
        newest = self.get(matter_of(event).event_type, destination, message)
        return (_not_in_generation(newest, generation),)

    def translate_in(
        self,
        generation: str,
        event: AnyStored,
        destination: str,
        message: str,
        context: TranslationContext,
    ) -> TranslatedMessage | tuple[MappingViolation, ...] | None:
        """Translate into a generation whatever the day; None when it has no such message."""
        matter = matter_of(event)
        found = self._messages.get((matter.event_type, destination, message, generation))
        scene = Scene(matter, context, self._folder, open_fields(event))
        return None if found is None else found.translate(scene)

    def _generations(self, destination: str) -> tuple[str, ...]:
        return tuple(self._windows.get(destination, ()))


def _not_in_generation(message: Message, generation: str) -> MappingViolation:
    return MappingViolation(
        "event_type",
        "mapping_not_in_generation",
        f"Thế hệ {generation} của giao diện nơi nhận không có gói tin {message.name} cho loại sự kiện này;"
        " báo cho người vận hành.",
        f"Generation {generation} of the destination's interface has no message {message.name} for this"
        " type of event; tell the operator.",
    )


def _rule(row: RuleRow, known: Mapping[str, Converter]) -> FieldRule:
    name = row.row["convert"]
    return FieldRule(
        target=row.target,
        sources=row.sources,
        constant=row.constant,
        converter_name=name,
        convert=shared.as_written if row.constant is not None else known[name],
        when_missing=WhenMissing(row.row["when_missing"]),
        mark=row.row["mark"],
        note=row.row["note"],
    )


def _message(partner: Partner, row: MessageRow) -> Message:
    event_type, name, generation = row.key
    rules = partner.tables.rules_of(event_type, name, generation)
    return Message(
        event_type=event_type,
        destination=partner.tables.partner,
        name=name,
        generation=generation,
        operation=row.row["operation"],
        request_scope=row.row["request_scope"],
        mark=row.row["mark"],
        note=row.row["note"],
        rules=tuple(_rule(rule, partner.converters) for rule in rules),
        contracts=load_message_contracts(partner.tables, row),
    )


@cache
def load_catalog() -> Catalog:
    """Read and check the mapping files that are shipped; the result is shared.

    Raises:
        IncompleteMapping: names everything that is missing, at once.

    """
    return read_catalog(MAPPINGS)


def read_catalog(folder: Path, *, must_be_whole: bool = True) -> Catalog:
    """Read and check a folder of mapping files, of this release or another.

    An older release cannot be whole by today's model and contracts; it need only be readable.

    Raises:
        IncompleteMapping: names everything that is missing, at once.
        TableBroken, FileNotFoundError: a file cannot be read.

    """
    partners = [load_partner(name, folder) for name in PARTNERS]
    find = _everything_missing if must_be_whole else find_obstacles
    problems = tuple(problem for partner in partners for problem in find(partner))
    if problems:
        raise IncompleteMapping(problems)
    messages = (_message(partner, row) for partner in partners for row in partner.tables.messages)
    windows = {partner.tables.partner: partner.windows for partner in partners}
    return Catalog(messages, windows, folder)


def _everything_missing(partner: Partner) -> Iterator[Problem]:
    """What `mapping check` reports is what keeps a process from starting: one list."""
    yield from find_problems(partner)
    yield from unsaid(partner)
    yield from undescribed_converters(partner)


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One line of the report of `check`."""

    destination: str
    event_type: str
    message: str
    generation: str
    problems: tuple[str, ...]
    note: str = ""
    """Why nothing is sent, where the message is `*`."""

    @property
    def is_complete(self) -> bool:
        """Nothing is missing."""
        return not self.problems


def check(folder: Path = MAPPINGS) -> tuple[CheckLine, ...]:
    """Report on every event type × destination × generation × message.

    The message `*` stands for the event type as a whole: nothing is sent, and why; or its file is at fault.
    """
    lines: list[CheckLine] = []
    for name in PARTNERS:
        partner = load_partner(name, folder)
        tables = partner.tables
        notes = {row.key: row.row["note"] for row in tables.silences}
        found: dict[MessageKey, list[str]] = {row.key: [] for row in (*tables.messages, *tables.silences)}
        for problem in _everything_missing(partner):
            found.setdefault((problem.event_type, problem.message, problem.generation), []).append(
                problem.text
            )
        lines.extend(
            CheckLine(name, *key, tuple(texts), notes.get(key, ""))
            for key, texts in sorted(found.items(), key=lambda item: _order(item[0]))
        )
    return tuple(lines)


def _order(key: MessageKey) -> tuple[int, str, int]:
    event_types = list(EVENT_TYPES)
    event_type, message, generation = key
    place = event_types.index(event_type) if event_type in event_types else len(event_types)
    is_number = generation.isascii() and generation.isdigit()
    return place, message if message != EVERY_MESSAGE else "", int(generation) if is_number else 0
