"""What another release of the mappings would change, tried on events; counted, and nothing is sent."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from gateway.storage.ports import Database, Deliveries, Events
from mappings.canonical.declaration import Declaration
from mappings.canonical.event import AnyEvent
from mappings.catalog import Catalog, TranslationContext
from mappings.comparison import FieldDifference, MessageDifference, compare
from mappings.explanation import SAMPLE_CONTEXT

PAGE_EVENTS = 200

TransactionT = TypeVar("TransactionT")


@dataclass(frozen=True, slots=True)
class Tried:
    """One event to be translated twice, with what is known beside it."""

    label: str
    """Its id, or the name of the file that it stands in."""
    event: AnyEvent
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One kind of change to one field, over all events that show it."""

    difference: MessageDifference
    field: FieldDifference | None
    """None where a whole message comes or goes."""
    events: int
    example: str
    """Label of the first event that shows it."""


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """What would change, in all."""

    events: int
    events_changed: int
    lines: tuple[ChangeLine, ...]


def stored_events(
    database: Database[TransactionT],
    events: Events[TransactionT],
    deliveries: Deliveries[TransactionT],
) -> Iterator[Tried]:
    """Every accepted event with the facts that were learnt about it; a page is one short transaction."""
    after = None
    while True:
        with database.read() as transaction:
            page = events.list_after(transaction, after, PAGE_EVENTS)
            facts = {stored.event_id: deliveries.facts_of(transaction, stored.event_id) for stored in page}
        if not page:
            return
        for stored in page:
            if isinstance(stored.event, Declaration):
                continue  # what it becomes is tried
            known = {name: fact.value for name, fact in facts[stored.event_id].items()}
            yield Tried(stored.event_id, stored.event, known)
        after = page[-1].event_id


def report_changes(tried: Iterable[Tried], before: Catalog, after: Catalog, now: datetime) -> ChangeReport:
    """Translate each event by both releases and add up where they differ.

    Facts that nobody knows yet are invented alike for both, so that later messages are compared as well.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    first: dict[tuple[str, ...], tuple[MessageDifference, FieldDifference | None, str]] = {}
    events = changed = 0
    for each in tried:
        events += 1
        facts = {**SAMPLE_CONTEXT.facts, **each.facts}
        found = list(
            compare(each.event, before, after, TranslationContext(SAMPLE_CONTEXT.request_id, facts, now))
        )
        changed += bool(found)
        for difference in found:
            for field in difference.fields or (None,):
                key = _key(difference, field)
                seen[key] += 1
                first.setdefault(key, (difference, field, each.label))
    lines = tuple(
        ChangeLine(difference, field, seen[key], label) for key, (difference, field, label) in first.items()
    )
    return ChangeReport(events, changed, lines)


def _key(difference: MessageDifference, field: FieldDifference | None) -> tuple[str, ...]:
    message = (
        difference.event_type,
        difference.destination,
        difference.message,
        difference.generation,
        str(difference.change),
    )
    return message if field is None else (*message, field.path, str(field.change))
