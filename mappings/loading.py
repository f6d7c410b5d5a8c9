"""The mapping files of a partner as rows of text, before anything is believed of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from mappings.canonical import EVENT_TYPES
from mappings.csv_files import MAPPINGS, Row, read_rows

PARTNERS: Final = ("national_registry", "population_db", "one_stop")
EVERY_MESSAGE: Final = "*"
"""In the column `message` of a row that says what is not sent to the partner at all."""
_RULE_COLUMNS: Final = ("message", "target", "source", "convert", "when_missing", "mark", "note")
_MESSAGE_COLUMNS: Final = (
    "event_type",
    "message",
    "operation",
    "contract",
    "request_scope",
    "mark",
    "note",
)


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
    def key(self) -> tuple[str, str]:
        """Event type and message."""
        return self.row["event_type"], self.row["message"]

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
    rules: Mapping[str, tuple[RuleRow, ...]]
    """By event type."""

    def rules_of(self, event_type: str, message: str) -> tuple[RuleRow, ...]:
        """Rows of one message."""
        return tuple(rule for rule in self.rules[event_type] if rule.message == message)


@cache
def read_partner(partner: str, folder: Path = MAPPINGS) -> PartnerTables:
    """Read `messages.csv` and one file per event type.

    Raises:
        TableBroken: a file has other columns than it should.
        FileNotFoundError: a file is missing.

    """
    home = folder / partner
    messages = tuple(MessageRow(row) for row in read_rows(home / "messages.csv", _MESSAGE_COLUMNS))
    rules = {
        event_type: tuple(RuleRow(row) for row in read_rows(home / f"{event_type}.csv", _RULE_COLUMNS))
        for event_type in EVENT_TYPES
    }
    return PartnerTables(partner, messages, rules)
