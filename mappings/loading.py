"""The mapping files of a partner as rows of text, before anything is believed of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from mappings.csv_files import MAPPINGS, Row, TableBroken, Validity, read_header, read_rows, read_validity

PARTNERS: Final = ("national_registry", "population_db", "one_stop")
EVERY_MESSAGE: Final = "*"
"""In the column `message`: of a rule, what is not sent at all; of `messages.csv`, that nothing is sent."""
_RULE_COLUMNS: Final = ("message", "target", "source", "convert", "when_missing", "mark", "note")
_MESSAGE_COLUMNS: Final = (
    "event_type",
    "message",
    "generation",
    "valid_from",
    "valid_to",
    "operation",
    "contract",
    "request_scope",
    "mark",
    "note",
)
_DATED_COLUMNS: Final = ("generation", "valid_from", "valid_to")
_UNDATED_COLUMNS: Final = tuple(name for name in _MESSAGE_COLUMNS if name not in _DATED_COLUMNS)
_UNDATED_GENERATION: Final[Mapping[str, str]] = {"national_registry": "2"}
"""Releases before the generations had no such columns; the registry was spoken to in its second."""

MessageKey: TypeAlias = "tuple[str, str, str]"
"""Event type, message, generation."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line of a mapping file."""

    row: Row

    @property
    def message(self) -> str:
        """Name of the message, or `*`."""
        return self.row["message"]

    @property
    def constant(self) -> str | None:
        """The text of a source that begins with `=`."""
        source = self.row["source"]
        return source[1:] if source.startswith("=") else None

    @property
    def sources(self) -> tuple[str, ...]:
        """Paths; several are divided by `+`."""
        if self.constant is not None:
            return ()
        return tuple(part.strip() for part in self.row["source"].split("+") if part.strip())

    @property
    def target(self) -> tuple[str, ...]:
        """`data.x` is short for `body.data.x`."""
        parts = tuple(self.row["target"].split(".")) if self.row["target"] else ()
        return ("body", *parts) if parts[:1] == ("data",) else parts

    @property
    def is_sent(self) -> bool:
        """A row without target tells why a field is not sent."""
        return bool(self.row["target"])


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One line of `messages.csv`."""

    row: Row

    @property
    def event_type(self) -> str:
        """The type of event that it is about."""
        return self.row["event_type"]

    @property
    def generation(self) -> str:
        """Which generation of the partner's interface it belongs to, a number from 1."""
        return self.row["generation"]

    @property
    def key(self) -> MessageKey:
        """Event type, message and generation."""
        return self.event_type, self.row["message"], self.generation

    @property
    def validity(self) -> Validity:
        """The days on which the partner is sent it.

        Raises:
            ValueError: not ISO days.

        """
        return read_validity(self.row["valid_from"], self.row["valid_to"])

    @property
    def is_sent(self) -> bool:
        """The message `*` says that the partner is told nothing of such events, and why."""
        return self.row["message"] != EVERY_MESSAGE

    @property
    def body_contract(self) -> str:
        """Name of the contract that the body follows."""
        return self.row["contract"].split()[0]

    @property
    def inner_contracts(self) -> Mapping[str, str]:
        """Fields of the body that follow a contract of their own: `data=KS`."""
        pairs = (part.partition("=") for part in self.row["contract"].split()[1:])
        return {name: contract for name, _, contract in pairs}


@dataclass(frozen=True, slots=True)
class PartnerTables:
    """Everything one partner's folder says."""

    partner: str
    messages: tuple[MessageRow, ...]
    """Messages that are sent."""
    silences: tuple[MessageRow, ...]
    """Event types of which the partner is told nothing, with the reason."""
    rules: Mapping[tuple[str, str], tuple[RuleRow, ...]]
    """By event type and generation."""
    folder: Path

    @property
    def generations(self) -> tuple[str, ...]:
        """The generations of the partner's interface, oldest first."""
        return generations_in((*self.messages, *self.silences))

    def rules_of(self, event_type: str, message: str, generation: str) -> tuple[RuleRow, ...]:
        """Rows of one message."""
        rows = self.rules.get((event_type, generation), ())
        return tuple(rule for rule in rows if rule.message == message)


def generations_in(rows: tuple[MessageRow, ...]) -> tuple[str, ...]:
    """Name the generations, oldest first."""
    return tuple(sorted({row.generation for row in rows}, key=lambda name: (len(name), name)))


def rules_file(event_type: str, generation: str, newest: str) -> str:
    """Name the file: the newest generation has the plain name, an older one is `birth_gen1.csv`."""
    return f"{event_type}.csv" if generation == newest else f"{event_type}_gen{generation}.csv"


def _message_rows(partner: str, path: Path) -> Iterator[MessageRow]:
    if read_header(path) != _UNDATED_COLUMNS:
        yield from (MessageRow(row) for row in read_rows(path, _MESSAGE_COLUMNS))
        return
    dated = {"generation": _UNDATED_GENERATION.get(partner, "1"), "valid_from": "", "valid_to": ""}
    for row in read_rows(path, _UNDATED_COLUMNS):
        yield MessageRow(Row(row.path, row.line, {**row.cells, **dated}))


@cache
def read_partner(partner: str, folder: Path = MAPPINGS) -> PartnerTables:
    """Read `messages.csv` and one file per event type and generation.

    Raises:
        TableBroken: a file has other columns than it should.
        FileNotFoundError: a file is missing.

    """
    home = folder / partner
    rows = tuple(_message_rows(partner, home / "messages.csv"))
    if not rows:
        raise TableBroken(home / "messages.csv", 1, "there is no message")
    sent = tuple(row for row in rows if row.is_sent)
    newest = generations_in(rows)[-1]
    matters = dict.fromkeys((row.event_type, row.generation) for row in sent)
    rules = {
        (event_type, generation): tuple(
            RuleRow(row)
            for row in read_rows(home / rules_file(event_type, generation, newest), _RULE_COLUMNS)
        )
        for event_type, generation in matters
    }
    silences = tuple(row for row in rows if not row.is_sent)
    return PartnerTables(partner, sent, silences, rules, folder)
