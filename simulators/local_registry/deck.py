"""Seeded choice without long runs of luck: every card comes up before any comes up again."""

from collections.abc import Sequence
from random import Random
from typing import Generic, TypeVar

CardT = TypeVar("CardT")


class Deck(Generic[CardT]):
    """Cards in seeded order, shuffled anew when all are drawn; even a short run sees the rare ones."""

    def __init__(self, chance: Random, cards: Sequence[CardT]) -> None:
        self._chance = chance
        self._cards = tuple(cards)
        self._left: list[CardT] = []

    def draw(self) -> CardT:
        """The next card."""
        if not self._left:
            self._left = list(self._cards)
            self._chance.shuffle(self._left)
        return self._left.pop()
