"""Every feed keeps these; above all that a reader who keeps its place misses nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.model.ids import DeliveryId, EventId
from gateway.storage.ports import FeedEntry
from tests.contract.storage.conftest import Backend
from tests.support.submissions import RECEIVED_AT

WRITERS = 6
TRANSACTIONS_A_WRITER = 15


def _entry(name: str) -> FeedEntry:
    return FeedEntry(EventId(name), "delivery.done", DeliveryId("d"), {"outcome": "accepted"}, RECEIVED_AT)


def _append(backend: Backend, *entries: FeedEntry) -> None:
    with backend.database.write() as transaction:
        backend.feed.append(transaction, entries)


class Withdrawn(Exception):
    """What goes wrong after the writing."""


def _append_and_withdraw(backend: Backend) -> None:
    with backend.database.write() as transaction:
        backend.feed.append(transaction, [_entry("lost")])
        raise Withdrawn


def test_an_empty_feed_stands_at_zero(backend: Backend) -> None:
    with backend.database.read() as transaction:
        assert backend.feed.last_position(transaction) == 0
        assert list(backend.feed.list_after(transaction, 0, 10)) == []


def test_entries_come_back_in_order_from_any_place(backend: Backend) -> None:
    entries = [_entry(name) for name in ("a", "b", "c")]
    without_delivery = FeedEntry(EventId("d"), "event.accepted", None, {}, RECEIVED_AT)
    _append(backend, *entries)
    _append(backend)
    _append(backend, without_delivery)
    with backend.database.read() as transaction:
        everything = backend.feed.list_after(transaction, 0, 10)
        middle = backend.feed.list_after(transaction, 1, 2)
        assert backend.feed.last_position(transaction) == 4
    assert [each.position for each in everything] == [1, 2, 3, 4]
    assert [each.entry for each in everything] == [*entries, without_delivery]
    assert [each.position for each in middle] == [2, 3]


def test_what_is_rolled_back_leaves_no_gap(backend: Backend) -> None:
    with pytest.raises(Withdrawn):
        _append_and_withdraw(backend)
    _append(backend, _entry("kept"))
    with backend.database.read() as transaction:
        listed = backend.feed.list_after(transaction, 0, 10)
    assert [(each.position, each.entry.event_id) for each in listed] == [(1, "kept")]


def test_a_reader_among_many_writers_sees_every_entry_once_and_in_order(backend: Backend) -> None:
    def write(writer: int) -> None:
        for number in range(TRANSACTIONS_A_WRITER):
            _append(backend, _entry(f"{writer}-{number}-a"), _entry(f"{writer}-{number}-b"))

    seen: list[str] = []
    position = 0
    with ThreadPoolExecutor(WRITERS) as threads:
        writing = [threads.submit(write, writer) for writer in range(WRITERS)]
        while True:
            finished = all(future.done() for future in writing)
            with backend.database.read() as transaction:
                page = backend.feed.list_after(transaction, position, 7)
            # A late commit below a place already passed would show as a gap here, or be missing below.
            assert [each.position for each in page] == list(range(position + 1, position + 1 + len(page)))
            seen += [each.entry.event_id for each in page]
            position += len(page)
            if finished and not page:
                break
        for future in writing:
            future.result()
    expected = {
        f"{writer}-{number}-{half}"
        for writer in range(WRITERS)
        for number in range(TRANSACTIONS_A_WRITER)
        for half in "ab"
    }
    assert len(seen) == len(set(seen))
    assert set(seen) == expected
