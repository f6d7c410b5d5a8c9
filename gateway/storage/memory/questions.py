"""Natural keys and questions in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from gateway.errors import IdentityTaken
from gateway.model.ids import EventId
from gateway.model.natural_keys import Fingerprint, JudgedPair, KeyDigest, KeyHolder
from gateway.model.questioning import (
    OpenCounts,
    OpenQuestions,
    Question,
    QuestionId,
    QuestionState,
)
from gateway.storage.question_ports import QuestionFilter
from retry_queue.memory.transactions import MemoryTransaction


class MemoryNaturalKeys:
    """Which events have which natural keys."""

    def __init__(self) -> None:
        self._holders: dict[tuple[KeyDigest, int], KeyHolder] = {}
        self._last: dict[KeyDigest, int] = {}
        self._judged: dict[tuple[Fingerprint, Fingerprint], JudgedPair] = {}

    def find_holders(
        self, transaction: MemoryTransaction, digests: Iterable[KeyDigest]
    ) -> Mapping[KeyDigest, Sequence[KeyHolder]]:
        """By ordinal."""
        transaction.require_open()
        return {
            key: [self._holders[key, ordinal] for ordinal in range(1, self._last[key] + 1)]
            for key in digests
            if key in self._last
        }

    def insert(self, transaction: MemoryTransaction, holders: Sequence[KeyHolder]) -> None:
        """Raises `IdentityTaken`."""
        for holder in holders:
            if (holder.digest, holder.ordinal) in self._holders:
                raise IdentityTaken(keys=len(holders))
            transaction.put(self._holders, (holder.digest, holder.ordinal), holder)
            transaction.put(self._last, holder.digest, holder.ordinal)

    def hand_over(self, transaction: MemoryTransaction, from_event: EventId, to_event: EventId) -> None:
        """What the first had the second has."""
        for at, holder in list(self._holders.items()):
            if holder.event_id == from_event:
                transaction.put(self._holders, at, replace(holder, event_id=to_event))

    def find_judged(
        self, transaction: MemoryTransaction, pairs: Iterable[tuple[Fingerprint, Fingerprint]]
    ) -> Sequence[JudgedPair]:
        """Those that a person has judged."""
        transaction.require_open()
        return [self._judged[pair] for pair in pairs if pair in self._judged]

    def judge(self, transaction: MemoryTransaction, pairs: Sequence[JudgedPair]) -> None:
        """Remember."""
        for pair in pairs:
            transaction.put(self._judged, (pair.first, pair.second), pair)


class MemoryQuestions:
    """Stored questions and their answers."""

    def __init__(self) -> None:
        self._questions: dict[QuestionId, Question] = {}

    def insert(self, transaction: MemoryTransaction, questions: Sequence[Question]) -> None:
        """New ones."""
        for question in questions:
            transaction.put(self._questions, question.question_id, question)

    def find(
        self,
        transaction: MemoryTransaction,
        question_id: QuestionId,
        *,
        for_change: bool = False,  # noqa: ARG002 - there is one writer
    ) -> Question | None:
        """There is one writer: it is locked already."""
        transaction.require_open()
        return self._questions.get(question_id)

    def settle(self, transaction: MemoryTransaction, answered: Question) -> None:
        """Write the answer."""
        transaction.put(self._questions, answered.question_id, answered)

    def list_page(
        self,
        transaction: MemoryTransaction,
        wanted: QuestionFilter,
        after: QuestionId | None,
        limit: int,
    ) -> Sequence[Question]:
        """By id."""
        transaction.require_open()
        found = (
            question
            for question_id, question in sorted(self._questions.items())
            if (after is None or question_id > after)
            and wanted.state in {None, question.state}
            and wanted.kind in {None, question.kind}
            and wanted.authority_code in {None, question.authority_code}
        )
        return list(found)[:limit]

    def list_of_events(
        self, transaction: MemoryTransaction, event_ids: Iterable[EventId]
    ) -> Sequence[Question]:
        """Oldest first."""
        transaction.require_open()
        wanted = set(event_ids)
        return [question for _, question in sorted(self._questions.items()) if question.event_id in wanted]

    def count_open(self, transaction: MemoryTransaction) -> OpenCounts:
        """By kind."""
        transaction.require_open()
        waiting = [each for each in self._questions.values() if each.state is QuestionState.OPEN]
        kinds = {question.kind for question in waiting}
        return {kind: _counted([each for each in waiting if each.kind is kind]) for kind in kinds}


def _counted(questions: Sequence[Question]) -> OpenQuestions:
    return OpenQuestions(len(questions), min(question.asked_at for question in questions))
