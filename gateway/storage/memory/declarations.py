"""Declarations in memory."""

from collections.abc import Iterable, Mapping, Sequence

from adapters.port import FACT_REGISTRATION_DATE
from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.ids import EventId
from gateway.storage.memory.deliveries import MemoryDeliveries
from gateway.storage.memory.events import MemoryEvents
from retry_queue.memory.transactions import MemoryTransaction


class MemoryDeclarations:
    """Over the events, with which each begins, and the facts."""

    def __init__(self, events: MemoryEvents, deliveries: MemoryDeliveries) -> None:
        self._courses = events.declarations
        self._deliveries = deliveries

    def list_told(self, transaction: MemoryTransaction, limit: int) -> Sequence[EventId]:
        """Those that are ready to become events."""
        told = (
            course.event_id
            for course in self.list_in(transaction, DeclarationState.OPEN, len(self._courses))
            if FACT_REGISTRATION_DATE in self._deliveries.facts_of(transaction, course.event_id)
        )
        return list(told)[:limit]

    def find_all(
        self, transaction: MemoryTransaction, event_ids: Iterable[EventId]
    ) -> Mapping[EventId, DeclarationCourse]:
        """By the id of the declaration."""
        transaction.require_open()
        return {each: self._courses[each] for each in event_ids if each in self._courses}

    def find_of_event(
        self, transaction: MemoryTransaction, registered_event_id: EventId
    ) -> DeclarationCourse | None:
        """A problem may name the event that stands in the way: that one was not declared by it."""
        registered = self.list_in(transaction, DeclarationState.REGISTERED, len(self._courses))
        found = (course for course in registered if course.registered_event_id == registered_event_id)
        return next(found, None)

    def list_in(
        self, transaction: MemoryTransaction, state: DeclarationState, limit: int
    ) -> Sequence[DeclarationCourse]:
        """Oldest first."""
        transaction.require_open()
        return [self._courses[key] for key in sorted(self._courses) if self._courses[key].state is state][
            :limit
        ]

    def put(self, transaction: MemoryTransaction, course: DeclarationCourse) -> bool:
        """What is registered stays so."""
        if self._courses[course.event_id].state is DeclarationState.REGISTERED:
            return False
        transaction.put(self._courses, course.event_id, course)
        return True
