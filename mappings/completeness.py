"""Is a partner's mapping whole? Everything missing is found at once, before the process starts."""

import inspect
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mappings.canonical import EVENT_TYPES
from mappings.codes import list_partner_lists, list_partner_terms
from mappings.contract_fit import load_message_contracts, required_problems, target_problems
from mappings.csv_files import Validity
from mappings.generations import window_problems
from mappings.loading import EVERY_MESSAGE, MessageRow, PartnerTables, RuleRow
from mappings.rules import CONTEXT_FACTS, Converter, WhenMissing
from mappings.schema_paths import all_paths, leaf_paths, with_all_above

_REQUEST_SCOPES = {"event", "stage", "call"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is missing or wrong in the mapping files."""

    destination: str
    event_type: str
    message: str
    """`*` when it concerns the partner's mapping of the event type as a whole."""
    text: str
    generation: str = EVERY_MESSAGE

    def __str__(self) -> str:
        """One line for a person."""
        where = (self.destination, self.event_type, self.message)
        generation = "" if self.generation == EVERY_MESSAGE else f" (generation {self.generation})"
        return f"{'/'.join(where)}{generation}: {self.text}"


@dataclass(frozen=True, slots=True)
class Partner:
    """What there is to hold a partner's files against."""

    tables: PartnerTables
    converters: Mapping[str, Converter]
    code_lists: Mapping[str, tuple[str, ...]]
    """Lists that the converters use, with the terms that must have a code."""

    @property
    def windows(self) -> Mapping[str, Validity]:
        """The days on which each generation is spoken, oldest generation first."""
        rows = (*self.tables.messages, *self.tables.silences)
        first = {row.generation: row for row in reversed(rows)}
        return {name: first[name].validity for name in self.tables.generations}


def find_problems(partner: Partner) -> Iterator[Problem]:
    """Go through all files of one partner."""
    tables = partner.tables
    yield from find_obstacles(partner)
    for event_type, generation in tables.rules:
        if event_type in EVENT_TYPES:
            for text in _coverage(tables, event_type, generation):
                yield Problem(tables.partner, event_type, EVERY_MESSAGE, text, generation)
    for message in tables.messages:
        for text in _contract_problems(partner, message):
            yield Problem(tables.partner, *_where(message, text))
    for text in (*_code_list_problems(partner), *_window_problems(partner)):
        yield Problem(tables.partner, EVERY_MESSAGE, EVERY_MESSAGE, text)


def find_obstacles(partner: Partner) -> Iterator[Problem]:
    """Go through what keeps messages from being made at all; an older release may have other faults."""
    tables = partner.tables
    for message in tables.messages:
        for text in _row_problems(partner, message):
            yield Problem(tables.partner, *_where(message, text))
    for event_type, generation in tables.rules:
        if event_type in EVENT_TYPES:
            for text in _stray_rows(tables, event_type, generation):
                yield Problem(tables.partner, event_type, EVERY_MESSAGE, text, generation)
    for text in _message_row_problems(tables):
        yield Problem(tables.partner, EVERY_MESSAGE, EVERY_MESSAGE, text)


def unsaid(partner: Partner) -> Iterator[Problem]:
    """Go through the event types of which a generation says neither what is sent nor why nothing is."""
    tables = partner.tables
    said = {(row.event_type, row.generation) for row in (*tables.messages, *tables.silences)}
    for event_type in EVENT_TYPES:
        for generation in tables.generations:
            if (event_type, generation) not in said:
                text = "messages.csv says neither what is sent nor, with the message *, why nothing is"
                yield Problem(tables.partner, event_type, EVERY_MESSAGE, text, generation)


def _where(message: MessageRow, text: str) -> tuple[str, str, str, str]:
    event_type, name, generation = message.key
    return event_type, name, text, generation


def _window_problems(partner: Partner) -> Iterator[str]:
    if any(_generation_problem(row) for row in (*partner.tables.messages, *partner.tables.silences)):
        return  # told already, by line
    for text in window_problems(partner.windows):
        yield f"messages.csv: {text}"


def _generation_problem(row: MessageRow) -> str | None:
    if not (row.generation.isascii() and row.generation.isdigit()):
        return "generation must be a number"
    try:
        _ = row.validity
    except ValueError:
        return "valid_from and valid_to must be days like 2025-07-01, or empty"
    return None


def _message_row_problems(tables: PartnerTables) -> Iterator[str]:
    rows = (*tables.messages, *tables.silences)
    for key, times in Counter(row.key for row in rows).items():
        if times > 1:
            yield f"messages.csv: {'/'.join(key)} appears {times} times"
    days: dict[str, tuple[str, str]] = {}
    for row in rows:
        where = f"messages.csv:{row.row.line}"
        if row.event_type not in EVENT_TYPES:
            yield f"{where}: no event type {row.event_type}"
        if row.is_sent and row.row["request_scope"] not in _REQUEST_SCOPES:
            yield f"{where}: request_scope must be one of {', '.join(sorted(_REQUEST_SCOPES))}"
        if row.row["mark"] not in {"S", "I"}:
            yield f"{where}: mark must be S or I"
        if not row.is_sent and not row.row["note"]:
            yield f"{where}: say in note why nothing is sent"
        own = row.row["valid_from"], row.row["valid_to"]
        if days.setdefault(row.generation, own) != own:
            yield f"{where}: all messages of generation {row.generation} must have the same days"
        if (text := _generation_problem(row)) is not None:
            yield f"{where}: {text}"


def _code_list_problems(partner: Partner) -> Iterator[str]:
    folder = partner.tables.folder
    known = set(list_partner_lists(partner.tables.partner, folder))
    for name, terms in partner.code_lists.items():
        if name not in known:
            yield f"codes.csv: no list {name}"
            continue
        for term in sorted(set(terms) - set(list_partner_terms(partner.tables.partner, name, folder))):
            yield f"codes.csv: the list {name} has no code for {term}"


def _stray_rows(tables: PartnerTables, event_type: str, generation: str) -> Iterator[str]:
    names = {row.row["message"] for row in tables.messages if row.key[::2] == (event_type, generation)}
    for rule in tables.rules[event_type, generation]:
        where = f"line {rule.row.line}"
        if rule.is_sent and rule.message not in names:
            yield f"{where}: messages.csv has no message {rule.message}"
        if not rule.is_sent and rule.message != EVERY_MESSAGE:
            yield f"{where}: a row without target concerns every message: write {EVERY_MESSAGE}"
        if not rule.is_sent and not rule.row["note"]:
            yield f"{where}: say in note why {rule.row['source']} is not sent"
        for source in () if rule.is_sent else rule.sources:
            if source not in all_paths(event_type):
                yield f"{where}: the event has no field {source}"


def _coverage(tables: PartnerTables, event_type: str, generation: str) -> Iterator[str]:
    rules = tables.rules[event_type, generation]
    sent = {source for rule in rules if rule.is_sent for source in rule.sources}
    withheld = {source for rule in rules if not rule.is_sent for source in rule.sources}
    told = sent | withheld
    for path in sorted(leaf_paths(event_type)):
        if told.isdisjoint(with_all_above(path)):
            yield f"{path} is neither sent in any message nor listed as not sent"
    for path in sorted(sent & withheld):
        yield f"{path} is listed as not sent, and is sent"


def _row_problems(partner: Partner, message: MessageRow) -> Iterator[str]:
    rules = partner.tables.rules_of(*message.key)
    if not rules:
        yield "there are no rows"
        return
    try:
        load_message_contracts(partner.tables, message)
    except (OSError, ValueError) as error:
        yield f"its contract cannot be read: {error}"
        return
    for rule in rules:
        for text in _rule_problems(partner, message.event_type, rule):
            yield f"line {rule.row.line}: {text}"
    for target, times in Counter(rule.target for rule in rules).items():
        if times > 1:
            yield f"{'.'.join(target)} is filled {times} times"


def _contract_problems(partner: Partner, message: MessageRow) -> Iterator[str]:
    rules = partner.tables.rules_of(*message.key)
    try:
        contracts = load_message_contracts(partner.tables, message)
    except (OSError, ValueError):
        return  # told as an obstacle
    for rule in rules:
        for text in target_problems(contracts, rule):
            yield f"line {rule.row.line}: {text}"
    if rules:
        yield from required_problems(contracts, rules)


def _rule_problems(partner: Partner, event_type: str, rule: RuleRow) -> Iterator[str]:
    if rule.row["when_missing"] not in set(WhenMissing):
        yield f"when_missing must be one of {', '.join(WhenMissing)}"
    if rule.row["mark"] not in {"S", "I"}:
        yield "mark must be S or I"
    if rule.target[:1] not in {("body",), ("routing",)} or len(rule.target) == 1:
        yield "target must begin with body., data. or routing."
    for source in rule.sources:
        fact = source.removeprefix("context.")
        if fact != source and fact not in CONTEXT_FACTS:
            yield f"the context has no fact {fact}"
        if fact == source and event_type in EVENT_TYPES and source not in all_paths(event_type):
            yield f"the event has no field {source}"
    if rule.constant is None:
        yield from _converter_problems(partner, rule)
    elif rule.row["convert"]:
        yield "a constant takes no converter"


def _converter_problems(partner: Partner, rule: RuleRow) -> Iterator[str]:
    if not rule.sources:
        yield "there is no source"
    converter = partner.converters.get(rule.row["convert"])
    if converter is None:
        yield f"there is no converter {rule.row['convert'] or '(empty)'}"
        return
    try:
        inspect.signature(converter).bind(None, *rule.sources)
    except TypeError:
        yield f"{rule.row['convert']} does not take {len(rule.sources)} source(s)"
