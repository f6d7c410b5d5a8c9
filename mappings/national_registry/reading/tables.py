"""The tables that say how the registry's dialect is read; whole, or the process does not start."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from mappings.canonical import EVENT_TYPES
from mappings.codes import find_partner_code, list_partner_terms
from mappings.csv_files import MAPPINGS, Row, TableBroken, read_rows
from mappings.loading import RuleRow, read_partner
from mappings.rules import WhenMissing

PARTNER: Final = "national_registry"
_FOLDER: Final = MAPPINGS / PARTNER / "reading"
NOT_READ: Final = "-"
NOTHING: Final = "nothing"
_ANY_MODULE: Final = "*"
LINKED: Final = "LT"
"""Begins the modules of the linked service."""
_TWIN_EVENTS: Final[Mapping[str, str]] = {
    "birth_with_recognition": "birth",
    "guardianship_change": "guardianship_start",
}
"""Events that make two entries count under the module of their first."""
_GENERATIONS: Final = ("2", "1")
NEWEST: Final = _GENERATIONS[0]
_OF_THE_LAST_SOURCE: Final = frozenset({"text_of_last", "day_of_last"})
"""Readers of rows whose earlier sources only choose."""
_TERMS_REMEMBERED: Final = 4_096


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a module is read: as which event, when, and what it says without saying it."""

    modules: tuple[str, ...]
    conditions: tuple[tuple[str, str | None], ...]
    """Field, and the value that it must have; None: any."""
    event_type: str
    message: str
    fixed: tuple[tuple[str, str, bool], ...]
    """Path, text, and whether only where the object around it is there."""
    procedure: str | None
    """The procedure of a dossier whose matter has none of its own."""
    mark: str
    note: str

    @property
    def is_of_any_module(self) -> bool:
        """Remarks come under the module of the entry in which they are written."""
        return _ANY_MODULE in self.modules

    @property
    def act(self) -> str | None:
        """What a note of an act abroad is about."""
        return next((text for path, text, _ in self.fixed if path == "act"), None)

    def fits(self, module: str, record: Mapping[str, object]) -> bool:
        """Whether a dossier of this module with this record is read so."""
        if not self.is_of_any_module and module not in self.modules:
            return False
        return all(
            record.get(field) is not None and wanted in {None, str(record[field]).lstrip("0")}
            for field, wanted in self.conditions
        )


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """How one field of a record is read."""

    field: str
    path: str
    """Where it goes in the event."""
    reader: str
    argument: str
    """The code list, or which part."""
    mark: str
    note: str
    is_required: bool = False
    """Whether our own mapping sends no message without it."""


@cache
def forms() -> tuple[Form, ...]:
    """Every form, in the order in which they are tried.

    Raises:
        TableBroken: a row names what does not exist.

    """
    columns = ("modules", "when", "event_type", "message", "set", "procedure", "mark", "note")
    return tuple(_form(row) for row in read_rows(_FOLDER / "modules.csv", columns))


def modules() -> tuple[str, ...]:
    """Every module that is taken in."""
    named = (module for form in forms() for module in form.modules)
    return tuple(dict.fromkeys(module for module in named if module != _ANY_MODULE))


def name_of_module(said: str) -> str:
    """A module as it is written here: capitals without blanks."""
    return said.strip().upper()


def event_types_of(module: str | None) -> tuple[str, ...]:
    """The types of event as which a module is read, or any module."""
    wanted = (form for form in forms() if module is None or module in form.modules or form.is_of_any_module)
    return tuple(dict.fromkeys(form.event_type for form in wanted))


def is_read_as(module: str, event_type: str, act: str | None, *, is_linked: bool) -> bool:
    """Whether a dossier of the module can become such an event."""
    is_linked_module = module.startswith(LINKED)
    twin = _TWIN_EVENTS.get(event_type, event_type)
    return is_linked is is_linked_module and any(
        module in form.modules
        and form.event_type == twin
        and (form.act is None or act is None or form.act == act)
        for form in forms()
    )


def find_form(module: str, record: Mapping[str, object]) -> Form | None:
    """The first form that fits; None for a module that nobody knows."""
    if module not in modules():
        return None
    return next((form for form in forms() if form.fits(module, record)), None)


@cache
def rows_of(form: Form, generation: str, *, alone: bool = False) -> tuple[ReadingRow, ...]:
    """The fields of a form that our own mapping writes, each read back; those that are read for nothing too.

    A field of the other generation is taken too where this one has none of that name; not if `alone`.

    Raises:
        TableBroken: readers.csv does not say how one of them is read.

    """
    found: dict[str, ReadingRow] = {}
    tables = read_partner(PARTNER)
    others = () if alone else tuple(each for each in _GENERATIONS if each != generation)
    for each in (generation, *others):
        for rule in tables.rules_of(form.event_type, form.message, each):
            if rule.target[:2] == ("body", "data"):
                row = _constant_row(rule) if rule.constant is not None else _row(rule)
                found.setdefault(row.field, row)
    return tuple(found.values())


def find_term(list_name: str, word: str, on_date: date) -> tuple[str | None, bool]:
    """Our term for a code or a word of the registry on that day, and whether the list knows it at all."""
    terms = _terms(list_name, on_date)
    key = word.casefold()
    if key not in terms and key.isdigit():
        key = key.lstrip("0")
    return terms.get(key) or None, key in terms


def means_nothing(text: str) -> bool:
    """Empty, or one of the words that programs and people write for nothing."""
    return not text or text.casefold() in _words().get(NOTHING, {})


def sex_of_role(role: str) -> str | None:
    """The sex that a role says without saying it."""
    return _roles().get(role)


@lru_cache(maxsize=_TERMS_REMEMBERED)
def _terms(list_name: str, on_date: date) -> Mapping[str, str]:
    terms: dict[str, str] = {}
    for term in list_partner_terms(PARTNER, list_name):
        code = find_partner_code(PARTNER, list_name, term, on_date)
        if code is not None:  # two terms with one code: the first row is what the code says by itself
            terms.setdefault(code.casefold(), term)
    return {**terms, **_words().get(list_name, {})}


def word_rows() -> Iterator[Row]:
    """Every word beside the codes."""
    return read_rows(_FOLDER / "words.csv", ("list", "word", "term", "mark", "note"))


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in word_rows():
        found.setdefault(row["list"], {})[row["word"].casefold()] = row["term"]
    return found


@cache
def _roles() -> Mapping[str, str]:
    return {row["role"]: row["sex"] for row in read_rows(_FOLDER / "roles.csv", ("role", "sex"))}


def reader_rows() -> Iterator[Row]:
    """How each converter of our own mapping is read back."""
    return read_rows(_FOLDER / "readers.csv", ("converter", "source", "reader", "mark", "note"))


@cache
def _readers() -> Mapping[tuple[str, str], Row]:
    return {(row["converter"], row["source"]): row for row in reader_rows()}


def _form(row: Row) -> Form:
    if row["event_type"] not in EVENT_TYPES:
        raise row.broken(row["event_type"])
    conditions = (word.partition("=") for word in row["when"].split())
    fixed = (word.partition("=") for word in row["set"].split())
    return Form(
        modules=tuple(row["modules"].split()),
        conditions=tuple((field, value or None) for field, _, value in conditions),
        event_type=row["event_type"],
        message=row["message"],
        fixed=tuple((path.rstrip("?"), text, path.endswith("?")) for path, _, text in fixed),
        procedure=row["procedure"] or None,
        mark=row["mark"],
        note=row["note"],
    )


def _constant_row(rule: RuleRow) -> ReadingRow:
    return ReadingRow(rule.target[2], "", NOT_READ, "", rule.row["mark"], rule.row["note"])


def _row(rule: RuleRow) -> ReadingRow:
    converter = rule.row["convert"]
    sources = [source for source in rule.sources if not source.startswith("context.")]
    found = _find_reader(converter, sources[0])
    if found is None:
        raise _unsaid(rule, converter)
    reader, _, argument = found["reader"].partition(" ")
    path = sources[-1] if reader in _OF_THE_LAST_SOURCE else sources[0]
    is_required = WhenMissing(rule.row["when_missing"]) is WhenMissing.REFUSE
    return ReadingRow(rule.target[2], path, reader, argument, rule.row["mark"], rule.row["note"], is_required)


def _find_reader(converter: str, path: str) -> Row | None:
    """The row of the very path, else of its ending, else of the converter."""
    ending = path.rpartition(".")[2]
    parent_ending = ".".join(path.split(".")[-2:])
    keys = (path, f"*.{parent_ending}", f"*.{ending}", "")
    return next((_readers()[converter, key] for key in keys if (converter, key) in _readers()), None)


def _unsaid(rule: RuleRow, converter: str) -> TableBroken:
    path: Path = rule.row.path
    return TableBroken(path, rule.row.line, f"reading/readers.csv does not say how {converter} is read back")
