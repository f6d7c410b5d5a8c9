"""A declaration becomes an event when the registry tells of its entry (hồ sơ đã được đăng ký).

The registry is asked all along by the watch of the declaration's record. As soon as it has told the day of
the entry, the event is made of what was declared and what was told, and goes the way of every other: rules,
one event once, receipt. It is due from its registration on, like any event.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeAlias, TypeVar, assert_never

from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
)
from gateway.errors import IdentityTaken
from gateway.model.clock import Clock
from gateway.model.declaring import DeclarationCourse, DeclarationState
from gateway.model.delivery import Fact
from gateway.model.ids import ClientId, EventId, RandomBytes, new_uuid7
from gateway.model.questioning import Question, QuestionId, QuestionKind, Suspicion
from gateway.model.submission import (
    Accepted,
    Conflict,
    ConflictKind,
    IntakeResult,
    RawSubmission,
    Repeated,
    ValidSubmission,
    Violation,
)
from gateway.observability.logging import get_log
from gateway.storage.declaration_ports import Declarations
from gateway.storage.ports import Database, Deliveries, Events, Feed, FeedEntry
from gateway.storage.question_ports import Questions
from mappings.canonical.declaration import EntryTold, registered
from mappings.canonical.registration import moment_of_day

TransactionT = TypeVar("TransactionT")

AT_ONCE_MAX: Final = 50
"""In one round; the rest comes with the next."""

Prepare: TypeAlias = Callable[[RawSubmission], ValidSubmission | tuple[Violation, ...]]
"""Every rule of receiving."""
Commit: TypeAlias = Callable[[Sequence[ValidSubmission]], Sequence[IntakeResult]]
"""Raises `IdentityTaken`, `StorageUnavailable`."""

_SAME_REGISTRATION: Final = frozenset(
    {ConflictKind.SOURCE_EVENT, ConflictKind.IDEMPOTENCY_KEY, ConflictKind.ENTRY, ConflictKind.DOSSIER}
)
"""Where the sender himself has handed in the entry meanwhile, that event is what the declaration became."""

_CONFLICTS: Final[Mapping[ConflictKind, tuple[str, str]]] = {
    ConflictKind.ENTRY: (
        "Số đăng ký mà hệ thống hộ tịch trả về đã thuộc một sự kiện khác; hãy đối chiếu sổ hộ tịch.",
        "The entry that the registry has told belongs to another event; compare with the book.",
    ),
    ConflictKind.SAME_EVENT: (
        "Việc này đã được đăng ký ở một mục khác; hãy đối chiếu hai mục rồi hủy mục trùng theo quy định.",
        "The same is registered under another entry; compare both, and have the wrong one cancelled.",
    ),
}
_OTHER_CONFLICT: Final = (
    "Mã hồ sơ đã dùng cho một sự kiện khác; hãy đối chiếu hai hồ sơ.",
    "The dossier's code is used by another event; compare the two dossiers.",
)

log = get_log("operations.declarations")


@dataclass(frozen=True, slots=True)
class DeclarationShelves(Generic[TransactionT]):
    """The stores that it reads and writes; all take part in one transaction."""

    database: Database[TransactionT]
    declarations: Declarations[TransactionT]
    events: Events[TransactionT]
    deliveries: Deliveries[TransactionT]
    questions: Questions[TransactionT]
    feed: Feed[TransactionT]


@dataclass(frozen=True, slots=True)
class _Told:
    """A declaration of which the entry is known."""

    event_id: EventId
    client_id: ClientId
    authority_code: str
    content: bytes
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Registering(Generic[TransactionT]):
    """Makes events of declarations whose entry is known."""

    shelves: DeclarationShelves[TransactionT]
    prepare: Prepare
    commit: Commit
    clock: Clock
    random_bytes: RandomBytes
    promise_seconds: float
    """From registration to the due time of the event."""
    on_registered: Callable[[], None]
    """Told after a round that made events: there is work for the workers."""

    def run(self) -> int:
        """One round; how many became events. A break loses nothing: the same again is a repeat."""
        made = sum(self._register(told) for told in self._told())
        if made:
            self.on_registered()
        return made

    def _told(self) -> Sequence[_Told]:
        shelves = self.shelves
        with shelves.database.read() as transaction:
            ready = shelves.declarations.list_told(transaction, AT_ONCE_MAX)
            return [self._read(transaction, event_id) for event_id in ready]

    def _read(self, transaction: TransactionT, event_id: EventId) -> _Told:
        events, deliveries = self.shelves.events, self.shelves.deliveries
        version = deliveries.newest_version(transaction, event_id)
        stored = events.get(transaction, event_id, version)
        return _Told(
            event_id=event_id,
            client_id=ClientId(stored.client_id),
            authority_code=stored.event.registration.authority_code,
            content=events.content_of(transaction, event_id, version),
            facts=deliveries.facts_of(transaction, event_id),
        )

    def _register(self, told: _Told) -> bool:
        """Raises `StorageUnavailable`."""
        now = self.clock()
        prepared = self.prepare(_submission(told, now))
        if isinstance(prepared, tuple):
            self._settle(told, DeclarationState.NOT_ENTERED, None, prepared, now)
            return False
        try:
            result = self.commit([prepared])[0]
        except IdentityTaken:
            log.info("declaration.raced", event_id=told.event_id)
            return False  # the next round finds what was faster
        state, event_id, problems = _end_of(result)
        self._settle(told, state, event_id, problems, now)
        return state is DeclarationState.REGISTERED

    def _settle(
        self,
        told: _Told,
        state: DeclarationState,
        registered_event_id: EventId | None,
        problems: Sequence[Violation],
        now: datetime,
    ) -> None:
        course = DeclarationCourse(told.event_id, state, registered_event_id, tuple(problems), now)
        shelves = self.shelves
        with shelves.database.write() as transaction:
            if not shelves.declarations.put(transaction, course):
                return
            entries = [_entry(course)]
            if state is DeclarationState.NOT_ENTERED:
                question = self._question(told, course)
                shelves.questions.insert(transaction, [question])
                detail = {"question_id": question.question_id, "kind": question.kind.value}
                entries.append(FeedEntry(told.event_id, "question.asked", None, detail, now))
            shelves.feed.append(transaction, entries)
        level = log.info if state is DeclarationState.REGISTERED else log.error
        level(f"declaration.{state.value}", event_id=told.event_id, problems=[each.code for each in problems])

    def _question(self, told: _Told, course: DeclarationCourse) -> Question:
        """For whoever answers for the office; due when the event is due."""
        now, registered_at = course.updated_at, entry_told(told.facts).registered_at
        in_the_way = course.registered_event_id or told.event_id
        ground = course.problems[0].code
        return Question(
            question_id=QuestionId(new_uuid7(now, self.random_bytes)),
            kind=QuestionKind.NOT_ENTERED,
            event_id=told.event_id,
            suspicions=(Suspicion(in_the_way, QuestionKind.NOT_ENTERED, ground),),
            authority_code=told.authority_code,
            registered_at=registered_at,
            due_at=registered_at + timedelta(seconds=self.promise_seconds),
            asked_at=now,
        )


def entry_told(facts: Mapping[str, Fact]) -> EntryTold:
    """What the registry has told, with the latest moment that its day allows. Needs the day."""
    day = facts[FACT_REGISTRATION_DATE]

    def said(name: str) -> str | None:
        return facts[name].value if name in facts else None

    return EntryTold(
        registered_at=moment_of_day(date.fromisoformat(day.value), day.recorded_at),
        number=said(FACT_REGISTRATION_NUMBER),
        volume=said(FACT_REGISTRATION_VOLUME),
        page=said(FACT_REGISTRATION_PAGE),
        personal_id=said(FACT_PERSONAL_ID),
    )


def _submission(told: _Told, now: datetime) -> RawSubmission:
    event = registered(json.loads(told.content), entry_told(told.facts))
    return RawSubmission(
        client_id=told.client_id,
        authorities=frozenset({told.authority_code}),
        idempotency_key=None,
        body=json.dumps(event, ensure_ascii=False).encode(),
        received_at=now,
        was_declared=True,
    )


def _end_of(result: IntakeResult) -> tuple[DeclarationState, EventId | None, tuple[Violation, ...]]:
    match result:
        case Accepted(receipt) | Repeated(receipt):
            return DeclarationState.REGISTERED, receipt.event_id, ()
        case Conflict(kind, first_event_id) if first_event_id is not None and kind in _SAME_REGISTRATION:
            return DeclarationState.REGISTERED, first_event_id, ()
        case Conflict():
            return DeclarationState.NOT_ENTERED, result.first_event_id, tuple(_problems_of(result))
    assert_never(result)


def _problems_of(conflict: Conflict) -> Iterator[Violation]:
    vietnamese, english = _CONFLICTS.get(conflict.kind, _OTHER_CONFLICT)
    yield Violation("", conflict.kind.value, vietnamese, english)


def _entry(course: DeclarationCourse) -> FeedEntry:
    detail = {"state": course.state.value}
    if course.state is DeclarationState.REGISTERED and course.registered_event_id is not None:
        detail["registered_event_id"] = course.registered_event_id
    if course.problems:
        detail["problem"] = course.problems[0].code
    return FeedEntry(course.event_id, f"declaration.{course.state.value}", None, detail, course.updated_at)
