"""One event, once: what comes in is measured against what is there, in the transaction that stores it.

The keys of a batch are looked up together. Two processes that accept the same event in the same moment both
find nothing, and both take the first number of the same key: the database lets one of them, and the other
begins again and finds it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Generic, TypeVar

from gateway.model.delivery import StoredEvent
from gateway.model.ids import ClientId, EventId, RandomBytes, new_uuid7
from gateway.model.natural_keys import JudgedPair, KeyDigest, KeyHolder, NaturalKey, pair_of
from gateway.model.questioning import Question, QuestionId, QuestionKind, Suspicion
from gateway.model.submission import Conflict, ConflictKind, ValidSubmission
from gateway.receive.facets import Facets, facets_of
from gateway.receive.likeness import SameEvent, Suspected, compare
from gateway.receive.natural_keys import fingerprint_of, may_be_one_day, natural_keys_of
from gateway.receive.wordings_of_questions import receipt_question
from gateway.storage.ports import Deliveries, Events, NewEvent
from gateway.storage.question_ports import NaturalKeys, Questions
from mappings.canonical import AnyStored, Declaration, matter_of

TransactionT = TypeVar("TransactionT")

CANDIDATES_MAX: Final = 25
"""Strangers who share a common name and a day; the newest of them are looked at."""
SUSPICIONS_MAX: Final = 5
"""More than these would not help the person who must decide."""


@dataclass(frozen=True, slots=True)
class OnceStores(Generic[TransactionT]):
    """Where keys and questions are kept."""

    keys: NaturalKeys[TransactionT]
    questions: Questions[TransactionT]


@dataclass(frozen=True, slots=True)
class Described:
    """A submission as it is measured."""

    facets: Facets | None
    keys: tuple[NaturalKey, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier event that shares a key."""

    event_id: EventId
    client_id: str
    authority_code: str
    registered_at: datetime
    facets: Facets | None


NOTHING_KEPT: Final = Described(None, ())
"""A declaration registers nothing, so nobody who comes later repeats it."""
_KIND: Final = "registration.kind"


def describe(event: AnyStored) -> Described:
    """What it is measured by: nothing, where a declaration leaves open which kind of entry it wants. Pure."""
    if isinstance(event, Declaration) and _KIND in event.open:
        return NOTHING_KEPT
    facets = facets_of(matter_of(event))
    return Described(facets, natural_keys_of(facets))


@dataclass(slots=True)
class OnceRegister(Generic[TransactionT]):
    """What is known of a batch's keys, growing while the batch is walked."""

    read: Callable[[EventId], Known]
    find_judged: Callable[[Facets, Facets], JudgedPair | None]
    holders: defaultdict[KeyDigest, list[KeyHolder]]
    _in_batch: dict[EventId, Known] = field(default_factory=dict)
    new_holders: list[KeyHolder] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def measure(self, submission: ValidSubmission, described: Described) -> Conflict | tuple[Suspicion, ...]:
        """The event is there already, or those that it may be the same as (most often none)."""
        facets = described.facets
        if facets is None:
            return ()
        suspicions: list[Suspicion] = []
        for known in self._candidates(described):
            if known.facets is None:
                continue
            likeness = compare(facets, known.facets)
            if likeness is None:
                continue
            judged = self.find_judged(facets, known.facets)
            if judged is not None and not judged.is_same:
                continue
            if isinstance(likeness, SameEvent) or judged is not None:
                return _conflict(known, submission.client_id)
            suspicions.append(_suspicion(known, likeness))
        return tuple(suspicions[:SUSPICIONS_MAX])

    def add(
        self, new: NewEvent, described: Described, suspicions: Sequence[Suspicion], random_bytes: RandomBytes
    ) -> NewEvent:
        """An accepted member of the batch; if it raises a question, its receipt says so."""
        submission, event_id = new.submission, new.receipt.event_id
        registration = submission.event.registration
        self._in_batch[event_id] = Known(
            event_id,
            submission.client_id,
            registration.authority_code,
            registration.registered_at,
            described.facets,
        )
        for key in described.keys:
            there = self.holders[key.digest]
            ordinal = there[-1].ordinal + 1 if there else 1
            there.append(KeyHolder(key.digest, ordinal, event_id, key.day))
            self.new_holders.append(there[-1])
        if not suspicions:
            return new
        question = _ask(new, suspicions, random_bytes)
        self.questions.append(question)
        return replace(new, receipt=replace(new.receipt, questions=(receipt_question(question),)))

    @property
    def waiting(self) -> frozenset[EventId]:
        """The members whose deliveries wait for an answer."""
        return frozenset(question.event_id for question in self.questions)

    def write(self, transaction: TransactionT, stores: OnceStores[TransactionT]) -> None:
        """After the events; sorted, so that processes wait for each other. Raises `IdentityTaken`."""
        rows = sorted(self.new_holders, key=lambda holder: (holder.digest, holder.ordinal))
        stores.keys.insert(transaction, rows)
        stores.questions.insert(transaction, self.questions)

    def _candidates(self, described: Described) -> Iterable[Known]:
        """Each once, oldest first: the first registration is the one that is named."""
        found = {
            holder.event_id
            for key in described.keys
            for holder in self.holders.get(key.digest, ())
            if may_be_one_day(key.day, holder.day)
        }
        for event_id in sorted(found)[-CANDIDATES_MAX:]:
            in_batch = self._in_batch.get(event_id)
            yield self.read(event_id) if in_batch is None else in_batch


def open_register(
    transaction: TransactionT,
    stores: OnceStores[TransactionT],
    house: tuple[Events[TransactionT], Deliveries[TransactionT]],
    described: Sequence[Described],
) -> OnceRegister[TransactionT]:
    """One look-up for the whole batch; candidates are read only where there are some."""
    events, deliveries = house
    digests = {key.digest for each in described for key in each.keys}
    found = stores.keys.find_holders(transaction, digests)
    holders = defaultdict[KeyDigest, list[KeyHolder]](list, {key: list(each) for key, each in found.items()})

    def read(event_id: EventId) -> Known:
        version = deliveries.newest_version(transaction, event_id)
        return _known(events.get(transaction, event_id, version))

    def find_judged(one: Facets, other: Facets) -> JudgedPair | None:
        pair = pair_of(fingerprint_of(one), fingerprint_of(other))
        return next(iter(stores.keys.find_judged(transaction, [pair])), None)

    return OnceRegister(read, find_judged, holders)


def add_missing_keys(keys: NaturalKeys[TransactionT], transaction: TransactionT, edited: StoredEvent) -> None:
    """What the event says now is found like what it said first. Raises `IdentityTaken`."""
    if isinstance(edited.event, Declaration):
        return
    wanted = describe(edited.event).keys
    held = keys.find_holders(transaction, [key.digest for key in wanted])
    rows = [
        KeyHolder(key.digest, len(held.get(key.digest, ())) + 1, edited.event_id, key.day)
        for key in wanted
        if (edited.event_id, key.day) not in {(each.event_id, each.day) for each in held.get(key.digest, ())}
    ]
    keys.insert(transaction, rows)


def _ask(new: NewEvent, suspicions: Sequence[Suspicion], random_bytes: RandomBytes) -> Question:
    """One question for all that it may be the same as; a repetition is the graver suspicion."""
    receipt, registration = new.receipt, new.submission.event.registration
    kinds = {suspicion.kind for suspicion in suspicions}
    return Question(
        question_id=QuestionId(new_uuid7(receipt.accepted_at, random_bytes)),
        kind=QuestionKind.DUPLICATE if QuestionKind.DUPLICATE in kinds else QuestionKind.TWIN,
        event_id=receipt.event_id,
        suspicions=tuple(suspicions),
        authority_code=registration.authority_code,
        registered_at=registration.registered_at,
        due_at=receipt.due_at,
        asked_at=receipt.accepted_at,
    )


def _suspicion(known: Known, likeness: Suspected) -> Suspicion:
    return Suspicion(known.event_id, likeness.kind, likeness.ground)


def _conflict(known: Known, asker: ClientId) -> Conflict:
    """The office and day of the first registration are told to everybody; its number only to its sender."""
    first_id = known.event_id if known.client_id == asker else None
    return Conflict(ConflictKind.SAME_EVENT, first_id, known.registered_at, known.authority_code)


def _known(stored: StoredEvent) -> Known:
    registration = stored.event.registration
    return Known(
        stored.event_id,
        stored.client_id,
        registration.authority_code,
        registration.registered_at,
        facets_of(matter_of(stored.event)),
    )
