"""From an accepted change to what it sets off: who is told, and what the higher office is shown. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from gateway.model.corrections import (
    NoticeState,
    OfficeNotice,
    OversightChange,
    OversightKind,
    Route,
)
from gateway.model.entry_effects import NO_CHANGE
from gateway.model.entry_history import EntryHistory, Step
from gateway.model.ids import EventId
from mappings.canonical import AnyEvent
from mappings.canonical.registration import VIETNAM_TIME, EntryIdentity
from mappings.holders import Holders, holders_of, units_above

_KINDS: Final = {
    "civil_status_change": OversightKind.CHANGE,
    "certificate_revocation": OversightKind.REVOCATION,
}
_LEGAL_BASES: Final = {
    "civil_status_change": "Luật Hộ tịch 60/2014/QH13, Điều 28; Nghị định 87/2020/NĐ-CP, Điều 15",
    "court_decision": "Luật Hộ tịch 60/2014/QH13, Điều 30; Thông tư 04/2020/TT-BTP, Điều 21",
    "foreign_divorce_note": "Luật Hộ tịch 60/2014/QH13, Điều 50; Thông tư 04/2020/TT-BTP, Điều 29",
    "domestic_adoption": "Thông tư 04/2020/TT-BTP, Điều 19, 29",
}
_OTHER_BASIS: Final = "Luật Hộ tịch 60/2014/QH13, Điều 28"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with the units that may see it."""

    notice: OfficeNotice
    units: frozenset[str]


def changes_an_entry(event: AnyEvent) -> bool:
    """Whether the event changes an entry that was registered before."""
    return event.amended_entry() is not None and event.event_type not in NO_CHANGE


def holders_today(event: AnyEvent, now: datetime) -> Holders:
    """Who holds the book of the entry that the event amends."""
    assert event.amends is not None  # noqa: S101 - asked only where an entry is amended
    entry = event.amends.entry
    assert entry is not None  # noqa: S101 - as above
    made = entry.registered_on
    day = date(made.year or now.year, made.month or 1, made.day or 1)
    return holders_of(entry.authority_code, day, _day_of(now))


def notice_of(
    event: AnyEvent,
    event_id: EventId,
    history: EntryHistory,
    due_at: datetime,
    notice_id: str,
    now: datetime,
    remind_every: timedelta,
) -> Told | None:
    """None where the office that registered the change holds the book itself."""
    holders = holders_today(event, now)
    own = event.registration.authority_code
    addressees = tuple(code for code in holders.codes if code != own)
    if not addressees:
        return None
    today = _day_of(now)
    units = {unit for code in addressees for unit in (code, *units_above(code, today))}
    original = next((step.event_id for step in history.steps if step.is_original), None)
    notice = OfficeNotice(
        notice_id=notice_id,
        event_id=event_id,
        entry=history.entry,
        original_event_id=original,
        made_by=own,
        addressees=addressees,
        route=Route.FOREIGN_MINISTRY if holders.is_mission else Route.DIRECT,
        made_at=now,
        due_at=due_at,
        legal_basis=_LEGAL_BASES.get(str(event.event_type), _OTHER_BASIS),
        state=NoticeState.OPEN,
        next_reminder_at=min(now + remind_every, max(due_at, now)),
    )
    return Told(notice, frozenset(units))


def warning_of(
    event: AnyEvent,
    step: Step,
    entry: EntryIdentity,
    oversight_id: str,
    made_by: str,
    now: datetime,
) -> OversightChange:
    """The higher offices are those above the one that registered the change."""
    return OversightChange(
        oversight_id=oversight_id,
        kind=_kind_of(event),
        event_id=step.event_id,
        source="accepted",
        entry=entry,
        authority_code=step.authority_code,
        units=higher_units(step.authority_code, step.registered_at, now),
        made_at=now,
        made_by=made_by,
        reason=step.reason,
        legal_basis=step.legal_basis,
        changes=step.changes,
        detail=dict(_detail(event, step)),
    )


def higher_units(authority_code: str, registered_at: datetime, now: datetime) -> tuple[str, ...]:
    """The offices above one: those of today above whoever holds its books, nearest first."""
    holders = holders_of(authority_code, _day_of(registered_at), _day_of(now))
    found = [unit for code in holders.codes for unit in units_above(code, _day_of(now))]
    return tuple(dict.fromkeys(found))


def newest_step(history: EntryHistory, event_id: EventId) -> Step | None:
    """The step of this event."""
    return next((step for step in history.steps if step.event_id == event_id), None)


def _kind_of(event: AnyEvent) -> OversightKind:
    if getattr(event, "act", None) == "data_alignment":
        return OversightKind.BOOK_WINS
    return _KINDS.get(str(event.event_type), OversightKind.REMARK)


def _detail(event: AnyEvent, step: Step) -> Iterator[tuple[str, str]]:
    yield "event_type", str(event.event_type)
    if step.what is not None:
        yield "what", step.what
    if step.decision is not None:
        yield "decision", step.decision
    note = getattr(event, "note", None)
    if note is not None and getattr(event, "act", None) == "data_alignment":
        yield "page", note


def _day_of(instant: datetime) -> date:
    return instant.astimezone(VIETNAM_TIME).date()
