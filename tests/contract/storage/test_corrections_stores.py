"""Every store of entry links, office notices, warnings and book statements keeps these."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.errors import RequestRepeated
from gateway.model.corrections import (
    BookStatement,
    EntryLink,
    NoticeState,
    OfficeNotice,
    OversightChange,
    OversightKind,
    Route,
    StatementState,
)
from gateway.model.entry_history import Applied
from gateway.model.ids import EventId
from gateway.storage.corrections_ports import Sight
from mappings.canonical.registration import EntryIdentity
from tests.contract.storage.conftest import Backend
from tests.support.submissions import RECEIVED_AT, an_accepted

ENTRY = EntryIdentity("00691", "KS", 2026, "41/A")
LATER = RECEIVED_AT + timedelta(hours=1)
ALL = frozenset(NoticeState)


def _event(backend: Backend) -> tuple[EventId, EntryIdentity]:
    new = an_accepted()
    with backend.database.write() as transaction:
        backend.events.insert(transaction, [new])
    return new.receipt.event_id, new.submission.event.entry()


def _notice(event_id: EventId, number: int = 1, **changes: object) -> OfficeNotice:
    notice = OfficeNotice(
        notice_id=f"notice-{number}",
        event_id=event_id,
        entry=ENTRY,
        original_event_id=None,
        made_by="00715",
        addressees=("00691",),
        route=Route.DIRECT,
        made_at=RECEIVED_AT,
        due_at=LATER,
        legal_basis="Luật Hộ tịch, Điều 28",
        next_reminder_at=LATER,
    )
    return replace(notice, **changes)  # type: ignore[arg-type]  # fields of several types


def _change(event_id: EventId, number: int = 1, **changes: object) -> OversightChange:
    change = OversightChange(
        oversight_id=f"oversight-{number}",
        kind=OversightKind.CHANGE,
        event_id=event_id,
        source="accepted",
        entry=ENTRY,
        authority_code="00715",
        units=("08", "BTP"),
        made_at=RECEIVED_AT,
        made_by="client-1",
        reason="Sai sót",
        legal_basis=None,
        changes=(
            Applied("mother.name", "MẸ A", "MẸ B", "MẸ C", states_before=True, agrees=False),
            Applied("sex", None, None),
        ),
        detail={"event_type": "civil_status_change"},
    )
    return replace(change, **changes)  # type: ignore[arg-type]  # fields of several types


def _statement(number: int = 1, **changes: object) -> BookStatement:
    statement = BookStatement(
        statement_id=f"statement-{number}",
        request_id=f"request-{number}",
        entry=ENTRY,
        values={"mother.name": "MẸ B", "father": None},
        page_reference="trang 41",
        reason="Đối chiếu",
        stated_by="operator-1",
        stated_at=RECEIVED_AT,
        asked_sha256="a" * 64,
        plan_sha256="b" * 64,
        state=StatementState.PROPOSED,
        authority_code="00691",
    )
    return replace(statement, **changes)  # type: ignore[arg-type]  # fields of several types


def test_an_entry_is_known_by_its_maker_and_by_those_that_amend_it(backend: Backend) -> None:
    maker, entry = _event(backend)
    second, _ = _event(backend)
    first, _ = _event(backend)
    links = [EntryLink(entry, second, LATER), EntryLink(entry, first, RECEIVED_AT)]
    with backend.database.write() as transaction:
        backend.links.add(transaction, links)
        backend.links.add(transaction, links[:1])
        backend.links.add(transaction, [])
    with backend.database.read() as transaction:
        assert list(backend.links.makers_of(transaction, entry)) == [maker]
        assert list(backend.links.amending(transaction, entry)) == [first, second]
        unknown = replace(entry, year=1999)
        assert list(backend.links.makers_of(transaction, unknown)) == []
        assert list(backend.links.amending(transaction, unknown)) == []


def test_a_notice_is_made_once_per_event_and_entry(backend: Backend) -> None:
    event_id, _ = _event(backend)
    with backend.database.write() as transaction:
        assert backend.office_notices.insert(transaction, _notice(event_id), {"00691", "08"})
        assert not backend.office_notices.insert(transaction, _notice(event_id, 2), {"00691"})
        other = _notice(event_id, 3, entry=replace(ENTRY, number="42"))
        assert backend.office_notices.insert(transaction, other, {"00715"})
    with backend.database.read() as transaction:
        assert backend.office_notices.find(transaction, "notice-1") == _notice(event_id)
        assert backend.office_notices.find(transaction, "notice-2") is None
        assert backend.office_notices.units_of(transaction, "notice-1") == {"00691", "08"}
        told = backend.office_notices.of_event(transaction, event_id)
        assert [each.notice_id for each in told] == ["notice-1", "notice-3"]


def test_what_moves_of_a_notice_is_replaced(backend: Backend) -> None:
    event_id, _ = _event(backend)
    done = _notice(
        event_id,
        state=NoticeState.ACKNOWLEDGED,
        fetched_at=RECEIVED_AT,
        fetched_by="office-1",
        reminders=2,
        next_reminder_at=None,
        acknowledged_at=LATER,
        acknowledged_by="office-1",
        acknowledged_note="đã ghi vào sổ",
    )
    with backend.database.write() as transaction:
        backend.office_notices.insert(transaction, _notice(event_id), {"00691"})
        backend.office_notices.put(transaction, done)
        assert backend.office_notices.find(transaction, "notice-1", for_change=True) == done
        assert list(backend.office_notices.list_due(transaction, LATER, 10)) == []


def test_an_inbox_holds_what_is_for_its_units_page_by_page(backend: Backend) -> None:
    for number, units in ((1, {"00691", "08"}), (2, {"00715", "08"}), (3, {"00691", "08"})):
        event_id, _ = _event(backend)
        with backend.database.write() as transaction:
            backend.office_notices.insert(transaction, _notice(event_id, number), units)
    cases = [
        (Sight({"00691"}), ["notice-1", "notice-3"]),
        (Sight({"08"}), ["notice-1", "notice-2", "notice-3"]),
        (Sight({"08"}, of_unit="00715"), ["notice-2"]),
        (Sight({"08"}, limit=2), ["notice-1", "notice-2"]),
        (Sight({"08"}, after="notice-2"), ["notice-3"]),
        (Sight(None), ["notice-1", "notice-2", "notice-3"]),
        (Sight(frozenset()), []),
        (Sight({"01"}), []),
    ]
    with backend.database.read() as transaction:
        for sight, expected in cases:
            found = backend.office_notices.list_page(transaction, sight, ALL)
            assert [each.notice_id for each in found] == expected, sight
        none = backend.office_notices.list_page(transaction, Sight(None), {NoticeState.FETCHED})
        assert list(none) == []


def test_reminders_are_due_by_their_time_longest_waiting_first(backend: Backend) -> None:
    for number, minutes in ((1, 30), (2, 10), (3, 90)):
        event_id, _ = _event(backend)
        at = RECEIVED_AT + timedelta(minutes=minutes)
        with backend.database.write() as transaction:
            notice = _notice(event_id, number, next_reminder_at=at)
            backend.office_notices.insert(transaction, notice, {"00691"})
    with backend.database.read() as transaction:
        due = backend.office_notices.list_due(transaction, LATER, 10)
        assert [each.notice_id for each in due] == ["notice-2", "notice-1"]
        assert len(backend.office_notices.list_due(transaction, LATER, 1)) == 1


def test_a_warning_is_given_once_and_keeps_before_and_after(backend: Backend) -> None:
    event_id, _ = _event(backend)
    with backend.database.write() as transaction:
        assert backend.oversight.insert(transaction, _change(event_id))
        assert not backend.oversight.insert(transaction, _change(event_id, 2))
        assert backend.oversight.insert(transaction, _change(event_id, 3, source="version 2"))
        nobody = _change(event_id, 4, source="act-1", units=())
        assert backend.oversight.insert(transaction, nobody)
    with backend.database.read() as transaction:
        assert backend.oversight.find(transaction, "oversight-1") == _change(event_id)
        assert backend.oversight.find(transaction, "oversight-2") is None
        found = backend.oversight.of_event(transaction, event_id)
        assert [each.oversight_id for each in found] == ["oversight-1", "oversight-3", "oversight-4"]
        page = backend.oversight.list_page(transaction, Sight({"08"}), only_unseen=False)
        assert [each.oversight_id for each in page] == ["oversight-1", "oversight-3"]
        of_unit = backend.oversight.list_page(transaction, Sight(None, of_unit="01"), only_unseen=False)
        assert list(of_unit) == []


def test_who_has_seen_a_warning_is_kept(backend: Backend) -> None:
    event_id, _ = _event(backend)
    seen = _change(event_id, seen_at=LATER, seen_by="province-1", seen_note="đúng")
    with backend.database.write() as transaction:
        backend.oversight.insert(transaction, _change(event_id))
        backend.oversight.put(transaction, seen)
        assert backend.oversight.find(transaction, "oversight-1", for_change=True) == seen
        assert list(backend.oversight.list_page(transaction, Sight({"08"}), only_unseen=True)) == []


def test_a_statement_is_kept_once_per_author_and_request(backend: Backend) -> None:
    event_id, _ = _event(backend)
    applied = _statement(
        state=StatementState.APPLIED,
        event_id=event_id,
        decided_by="operator-2",
        decided_at=LATER,
        decision_reason="Đúng sổ",
    )
    with backend.database.write() as transaction:
        backend.statements.insert(transaction, _statement())
        backend.statements.put(transaction, applied)
    with pytest.raises(RequestRepeated), backend.database.write() as transaction:
        backend.statements.insert(transaction, _statement(2, request_id="request-1"))
    with backend.database.write() as transaction:
        backend.statements.insert(transaction, _statement(3, stated_at=LATER))
    with backend.database.read() as transaction:
        assert backend.statements.find(transaction, "statement-1") == applied
        assert backend.statements.find_by_request(transaction, "operator-1", "request-1") == applied
        assert backend.statements.find_by_request(transaction, "operator-2", "request-1") is None
        newest = backend.statements.list_by(transaction, None, 10)
        assert [each.statement_id for each in newest] == ["statement-3", "statement-1"]
        open_ones = backend.statements.list_by(transaction, StatementState.PROPOSED, 10)
        assert [each.statement_id for each in open_ones] == ["statement-3"]
