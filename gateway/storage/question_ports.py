"""What natural keys and questions to people ask of the storage; memory and SQL pass one contract suite."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gateway.model.ids import EventId
from gateway.model.natural_keys import Fingerprint, JudgedPair, KeyDigest, KeyHolder
from gateway.model.questioning import OpenCounts, Question, QuestionId, QuestionKind, QuestionState

TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class QuestionFilter:
    """Which stored questions; None: all of them."""

    state: QuestionState | None = None
    kind: QuestionKind | None = None
    authority_code: str | None = None


class NaturalKeys(Protocol[TransactionT_contra]):
    """Which events have which natural keys, for ever."""

    def find_holders(
        self, transaction: TransactionT_contra, digests: Iterable[KeyDigest]
    ) -> Mapping[KeyDigest, Sequence[KeyHolder]]:
        """By ordinal; keys that nobody has are left out."""
        ...

    def insert(self, transaction: TransactionT_contra, holders: Sequence[KeyHolder]) -> None:
        """Raises `IdentityTaken` when another process was faster with one of the numbers; then roll back."""
        ...

    def hand_over(self, transaction: TransactionT_contra, from_event: EventId, to_event: EventId) -> None:
        """What the first had the second has: a duplicate's keys lead to the event that it repeats."""
        ...

    def find_judged(
        self, transaction: TransactionT_contra, pairs: Iterable[tuple[Fingerprint, Fingerprint]]
    ) -> Sequence[JudgedPair]:
        """Those of the pairs (the smaller first) that a person has judged."""
        ...

    def judge(self, transaction: TransactionT_contra, pairs: Sequence[JudgedPair]) -> None:
        """Remember; a later judgment replaces an earlier one."""
        ...


class Questions(Protocol[TransactionT_contra]):
    """Stored questions and their answers."""

    def insert(self, transaction: TransactionT_contra, questions: Sequence[Question]) -> None:
        """New ones, open."""
        ...

    def find(
        self, transaction: TransactionT_contra, question_id: QuestionId, *, for_change: bool = False
    ) -> Question | None:
        """For change: nobody else who asks so gets it before the commit."""
        ...

    def settle(self, transaction: TransactionT_contra, answered: Question) -> None:
        """Write the answer; what was asked stays."""
        ...

    def list_page(
        self,
        transaction: TransactionT_contra,
        wanted: QuestionFilter,
        after: QuestionId | None,
        limit: int,
    ) -> Sequence[Question]:
        """By id, which grows with the time of asking."""
        ...

    def list_of_events(
        self, transaction: TransactionT_contra, event_ids: Iterable[EventId]
    ) -> Sequence[Question]:
        """Those whose deliveries wait, or waited, for the answer; oldest first."""
        ...

    def count_open(self, transaction: TransactionT_contra) -> OpenCounts:
        """By kind."""
        ...
