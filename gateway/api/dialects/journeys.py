"""Finding events by the codes of their dossiers, within what the caller may see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

from gateway.api.authenticate import Caller
from gateway.api.visibility import SEES_UNITS, may_see
from gateway.model.clock import Clock
from gateway.model.declaring import DeclarationState
from gateway.model.delivery import StoredEvent
from gateway.model.ids import ClientId, EventId
from gateway.model.units import UnitsAbove
from gateway.operations.journey import Journey
from gateway.operations.read_journey import JourneyReader
from gateway.storage.declaration_ports import Declarations
from gateway.storage.identity_keys import IdentityKind
from gateway.storage.ports import Database, Deliveries, Events, Identities
from mappings.canonical import AnyEvent, Declaration, declared_name, matter_of
from mappings.canonical.registration import EntryIdentity
from mappings.national_registry.reading.dossier import source_event_id
from mappings.national_registry.reading.tables import event_types_of, modules

TransactionT = TypeVar("TransactionT")

_NOBODY: Final = ClientId("-")
_NO_ENTRY: Final = EntryIdentity("-", "-", 0, "-")
_LOW_BITS: Final = 62
"""Of the last half of a UUID, behind its two fixed bits."""
_KEPT_LOW_BITS: Final = 3


@dataclass(frozen=True, slots=True)
class FoundDossier:
    """A dossier with where it stands and what was learnt about it."""

    stored: StoredEvent
    """The event; of a dossier that is not registered yet, its declaration."""
    journey: Journey
    """Of the record that the registry was handed: the declaration's, if there was one."""
    facts: Mapping[str, str]

    @property
    def event(self) -> AnyEvent:
        """The matter, registered or asked for."""
        return matter_of(self.stored.event)

    @property
    def is_registered(self) -> bool:
        """Whether it stands in a book as far as we know."""
        return not isinstance(self.stored.event, Declaration)


@dataclass(frozen=True, slots=True)
class DossierJourneys(Generic[TransactionT]):
    """Reads what became of dossiers."""

    database: Database[TransactionT]
    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    declarations: Declarations[TransactionT]
    journeys: JourneyReader[TransactionT]
    units_above: UnitsAbove
    clock: Clock

    def find(self, code: str, module: str | None, office: str, caller: Caller) -> FoundDossier | None:
        """The first dossier with this code, of one module or of any; None also where he may not see it.

        `office` may have lost its leading zeros; empty when the question names none.
        """
        with self.database.read() as transaction:
            event_ids = [*self._by_source(transaction, code, module, caller)]
            event_ids += self._by_dossier(transaction, code, module)
            found = self._visible(transaction, list(dict.fromkeys(event_ids)), office, caller)
            if not found:
                return None
            declared, event_id = self._both(transaction, found[0])
        # First how far it is, then what was told: who reads "registered" also finds the entry.
        journey = self.journeys.get(declared, self.clock())
        with self.database.read() as transaction:
            stored = self.events.get(transaction, event_id)
            facts = {
                **self.deliveries.facts_of(transaction, declared),
                **self.deliveries.facts_of(transaction, event_id),
            }
        return FoundDossier(stored, journey, {name: fact.value for name, fact in facts.items()})

    def _both(self, transaction: TransactionT, event_id: EventId) -> tuple[EventId, EventId]:
        """The declaration and the event; twice the same where there is one of them only."""
        course = self.declarations.find_all(transaction, [event_id]).get(event_id)
        course = course or self.declarations.find_of_event(transaction, event_id)
        if course is None:
            return event_id, event_id
        is_registered = course.state is DeclarationState.REGISTERED
        return course.event_id, (is_registered and course.registered_event_id) or course.event_id

    def find_numbers(self, numbers: Sequence[int], caller: Caller) -> Sequence[StoredEvent]:
        """The events of these numbers, as far as he may see them."""
        with self.database.read() as transaction:
            found = [event for number in numbers for event in self._of_number(transaction, number)]
            seen = set(self._visible(transaction, [event.event_id for event in found], "", caller))
        return [event for event in found if event.event_id in seen]

    def _of_number(self, transaction: TransactionT, number: int) -> Iterator[StoredEvent]:
        before = _id_before(number)
        if before is not None:
            near = self.events.list_after(transaction, before, 1)
            yield from (event for event in near if number_of_event(event.event_id) == number)

    def _by_source(
        self, transaction: TransactionT, code: str, module: str | None, caller: Caller
    ) -> Iterator[EventId]:
        names = [source_event_id(each, code) for each in ((module,) if module else modules())]
        for name in (*names, *map(declared_name, names)):
            yield from self.events.find_by_source(transaction, caller.client_id, name)
            if not caller.roles.isdisjoint(SEES_UNITS):
                yield from self.events.find_by_source(transaction, None, name)

    def _by_dossier(self, transaction: TransactionT, code: str, module: str | None) -> Iterator[EventId]:
        """Events that came another way, by the one-stop code."""
        questions = [
            Identities(_NOBODY, "-", "-", _NO_ENTRY, (event_type, code))
            for event_type in event_types_of(module)
        ]
        for holders in self.events.find_known(transaction, questions):
            yield from (known.event_id for kind, known in holders if kind == IdentityKind.DOSSIER.value)

    def _visible(
        self, transaction: TransactionT, event_ids: Sequence[EventId], office: str, caller: Caller
    ) -> list[EventId]:
        origins = self.events.origins_of(transaction, event_ids)
        return [
            event_id
            for event_id in event_ids
            if (origin := origins.get(event_id)) is not None
            and (not office or origin.authority_code.lstrip("0") == office.lstrip("0"))
            and may_see(
                caller, origin.client_id, origin.authority_code, origin.registered_at, self.units_above
            )
        ]


def number_of_event(event_id: EventId) -> int:
    """An event as a whole number of 63 bits: the fields of its UUID without the fixed bits, cut at the end.

    The dialect names records by such a number; it grows with the time of acceptance.
    """
    value = UUID(event_id).int
    milliseconds, noise = value >> 80, value >> 64 & 0xFFF
    rest = value >> (_LOW_BITS - _KEPT_LOW_BITS) & (2**_KEPT_LOW_BITS - 1)
    return milliseconds << 15 | noise << _KEPT_LOW_BITS | rest


def _id_before(number: int) -> EventId | None:
    """An id just below the first that can have this number."""
    if not 0 < number < 2**63:
        return None
    milliseconds, noise, rest = (
        number >> 15,
        number >> _KEPT_LOW_BITS & 0xFFF,
        number & (2**_KEPT_LOW_BITS - 1),
    )
    first = milliseconds << 80 | 0x7 << 76 | noise << 64 | 0b10 << _LOW_BITS
    first |= rest << (_LOW_BITS - _KEPT_LOW_BITS)
    return EventId(str(UUID(int=first - 1)))
