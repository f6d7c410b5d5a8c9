"""Natural keys and questions on SQL."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Row, bindparam, exc, func, insert, select, tuple_, update

from gateway.errors import IdentityTaken
from gateway.model.ids import EventId
from gateway.model.natural_keys import Fingerprint, JudgedPair, KeyDigest, KeyHolder
from gateway.model.questioning import (
    Answer,
    OpenCounts,
    OpenQuestions,
    Question,
    QuestionId,
    QuestionKind,
    QuestionState,
)
from gateway.storage.question_ports import QuestionFilter
from gateway.storage.sql.question_tables import judged_pairs, natural_keys, questions
from gateway.storage.sql.statements import upsert
from gateway.storage.stored_questions import suspicions_from_text, suspicions_to_text

_KEYS_A_QUERY: Final = 500
T = TypeVar("T")

_HOLDERS = (
    select(natural_keys.c.digest, natural_keys.c.ordinal, natural_keys.c.event_id, natural_keys.c.day)
    .where(natural_keys.c.digest.in_(bindparam("digests", expanding=True)))
    .order_by(natural_keys.c.digest, natural_keys.c.ordinal)
)
_NEW_HOLDERS = insert(natural_keys)
_HAND_OVER = (
    update(natural_keys)
    .where(natural_keys.c.event_id == bindparam("from_event"))
    .values(event_id=bindparam("to_event"))
)


class SqlNaturalKeys:
    """Which events have which natural keys, for ever."""

    def find_holders(
        self, transaction: Connection, digests: Iterable[KeyDigest]
    ) -> Mapping[KeyDigest, Sequence[KeyHolder]]:
        """A query for some hundred keys."""
        found: dict[KeyDigest, list[KeyHolder]] = {}
        for part in _parts(sorted(set(digests))):
            for row in transaction.execute(_HOLDERS, {"digests": part}):
                digest = KeyDigest(bytes(row.digest))
                holder = KeyHolder(digest, row.ordinal, EventId(row.event_id), row.day)
                found.setdefault(digest, []).append(holder)
        return found

    def insert(self, transaction: Connection, holders: Sequence[KeyHolder]) -> None:
        """In the order given. Raises `IdentityTaken`: the transaction must then be rolled back."""
        if not holders:
            return
        rows = [
            {"digest": each.digest, "ordinal": each.ordinal, "event_id": each.event_id, "day": each.day}
            for each in holders
        ]
        try:
            transaction.execute(_NEW_HOLDERS, rows)
        except exc.IntegrityError as error:
            raise IdentityTaken(keys=len(holders)) from error

    def hand_over(self, transaction: Connection, from_event: EventId, to_event: EventId) -> None:
        """What the first had the second has."""
        transaction.execute(_HAND_OVER, {"from_event": from_event, "to_event": to_event})

    def find_judged(
        self, transaction: Connection, pairs: Iterable[tuple[Fingerprint, Fingerprint]]
    ) -> Sequence[JudgedPair]:
        """By the primary key."""
        named = tuple_(judged_pairs.c.first, judged_pairs.c.second)
        return [
            JudgedPair(Fingerprint(row.first), Fingerprint(row.second), row.is_same, row.question_id)
            for part in _parts(sorted(set(pairs)))
            for row in transaction.execute(select(judged_pairs).where(named.in_(part)))
        ]

    def judge(self, transaction: Connection, pairs: Sequence[JudgedPair]) -> None:
        """In one order, so that two who judge at once wait for each other."""
        for pair in sorted(pairs, key=lambda each: (each.first, each.second)):
            row = {
                "first": pair.first,
                "second": pair.second,
                "is_same": pair.is_same,
                "question_id": pair.question_id,
            }
            upsert(transaction, judged_pairs, row)


class SqlQuestions:
    """Stored questions and their answers."""

    def insert(self, transaction: Connection, new: Sequence[Question]) -> None:
        """New ones."""
        if new:
            transaction.execute(insert(questions), [_row(question) for question in new])

    def find(
        self, transaction: Connection, question_id: QuestionId, *, for_change: bool = False
    ) -> Question | None:
        """For change: the row stays locked until the commit; SQLite has one writer anyway."""
        query = select(questions).where(questions.c.question_id == question_id)
        if for_change and transaction.dialect.name != "sqlite":
            query = query.with_for_update()
        row = transaction.execute(query).one_or_none()
        return None if row is None else _question(row)

    def settle(self, transaction: Connection, answered: Question) -> None:
        """Only what an answer adds."""
        row = _row(answered)
        added = ("state", "answer", "same_as", "answered_by", "answered_at", "reason", "request_id")
        changed = update(questions).where(questions.c.question_id == answered.question_id)
        transaction.execute(changed.values({name: row[name] for name in added}))

    def list_page(
        self, transaction: Connection, wanted: QuestionFilter, after: QuestionId | None, limit: int
    ) -> Sequence[Question]:
        """By the primary key; open ones by their own index."""
        query = select(questions).order_by(questions.c.question_id).limit(limit)
        if after is not None:
            query = query.where(questions.c.question_id > after)
        if wanted.state is not None:
            query = query.where(questions.c.state == wanted.state.value)
        if wanted.kind is not None:
            query = query.where(questions.c.kind == wanted.kind.value)
        if wanted.authority_code is not None:
            query = query.where(questions.c.authority_code == wanted.authority_code)
        return [_question(row) for row in transaction.execute(query)]

    def list_of_events(self, transaction: Connection, event_ids: Iterable[EventId]) -> Sequence[Question]:
        """Oldest first."""
        found = [
            _question(row)
            for part in _parts(sorted(set(event_ids)))
            for row in transaction.execute(select(questions).where(questions.c.event_id.in_(part)))
        ]
        return sorted(found, key=lambda question: question.question_id)

    def count_open(self, transaction: Connection) -> OpenCounts:
        """By kind."""
        query = (
            select(
                questions.c.kind, func.count().label("waiting"), func.min(questions.c.asked_at).label("since")
            )
            .where(questions.c.state == QuestionState.OPEN.value)
            .group_by(questions.c.kind)
        )
        return {
            QuestionKind(row.kind): OpenQuestions(row.waiting, row.since)
            for row in transaction.execute(query)
        }


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _KEYS_A_QUERY):
        yield values[start : start + _KEYS_A_QUERY]


def _row(question: Question) -> dict[str, Any]:
    return {
        "question_id": question.question_id,
        "kind": question.kind.value,
        "event_id": question.event_id,
        "suspicions": suspicions_to_text(question.suspicions),
        "authority_code": question.authority_code,
        "registered_at": question.registered_at,
        "due_at": question.due_at,
        "asked_at": question.asked_at,
        "state": question.state.value,
        "answer": None if question.answer is None else question.answer.value,
        "same_as": question.same_as,
        "answered_by": question.answered_by,
        "answered_at": question.answered_at,
        "reason": question.reason,
        "request_id": question.request_id,
    }


def _question(row: Row[*tuple[Any, ...]]) -> Question:
    return Question(
        question_id=QuestionId(row.question_id),
        kind=QuestionKind(row.kind),
        event_id=EventId(row.event_id),
        suspicions=suspicions_from_text(row.suspicions),
        authority_code=row.authority_code,
        registered_at=row.registered_at,
        due_at=row.due_at,
        asked_at=row.asked_at,
        state=QuestionState(row.state),
        answer=None if row.answer is None else Answer(row.answer),
        same_as=None if row.same_as is None else EventId(row.same_as),
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        reason=row.reason,
        request_id=row.request_id,
    )
