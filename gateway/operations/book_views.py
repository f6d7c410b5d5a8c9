"""What is asked of a book statement, and what it shows before and after it is made. Personal data."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.model.corrections import BookStatement
from gateway.model.ids import EventId
from gateway.operations.book_event import Difference
from gateway.operations.orders import Asker
from mappings.canonical.registration import EntryIdentity


@dataclass(frozen=True, slots=True)
class BookOrder:
    """What somebody read, where, and why he looked."""

    entry: EntryIdentity
    values: Mapping[str, str | None]
    page_reference: str
    asker: Asker
    holder: str | None = None
    """Which office holds the book, where the old unit was divided."""
    is_preview: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery about the entry that is not finished: the alignment goes behind it, or it is edited."""

    delivery_id: str
    event_id: EventId
    destination: str
    step: str
    state: str
    can_be_edited: bool
    """Held and certainly not sent: `queue edit` mends it before it arrives."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A message that the alignment will send."""

    destination: str
    step: str
    message: str


@dataclass(frozen=True, slots=True)
class BookView:
    """The statement with its differences and what comes of it."""

    status: str
    """`preview`, `proposed`, `applied`, `rejected`."""
    entry: EntryIdentity
    differences: tuple[Difference, ...]
    agrees: tuple[str, ...]
    """Fields in which the book and the data say the same."""
    sends: tuple[Planned, ...]
    waits_behind: tuple[Waiting, ...]
    plan_sha256: str
    statement: BookStatement | None = None
    is_repeat: bool = False


def bare_view(statement: BookStatement) -> BookView:
    """A statement that is decided, without its differences: they have become history."""
    return BookView(
        status=statement.state.value,
        entry=statement.entry,
        differences=(),
        agrees=(),
        sends=(),
        waits_behind=(),
        plan_sha256=statement.plan_sha256,
        statement=statement,
    )
