"""Which generation of a partner's interface is spoken at a moment: by days of validity, or as set. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from mappings.canonical import VIETNAM_TIME
from mappings.csv_files import Validity

_ALWAYS: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class GenerationChoice:
    """What a province has set for one partner; by default the days in `messages.csv` decide."""

    fixed: str | None = None
    """Always this generation, whatever the day."""
    starts: Mapping[str, datetime] = field(default_factory=dict)
    """The moment from which a generation is spoken, where it is another than its `valid_from`."""

    def starts_at(self, generation: str, validity: Validity) -> datetime:
        """Tell from when on it is spoken: as set, else from 0 o'clock in Vietnam on its first day."""
        moment = self.starts.get(generation)
        if moment is not None:
            return moment
        first = validity.valid_from
        return _ALWAYS if first is None else _midnight_in_vietnam(first)

    def generation_at(self, windows: Mapping[str, Validity], on: datetime) -> str:
        """Choose among the generations of a partner, given oldest first: the last one that has begun.

        The moment of *sending* decides, never that of registration: a partner that has switched reads nothing
        older, while the codes inside a message stay those of the day of registration.
        """
        if self.fixed is not None:
            return self.fixed
        begun = [name for name, validity in windows.items() if self.starts_at(name, validity) <= on]
        return begun[-1] if begun else next(iter(windows))


@lru_cache(maxsize=64)
def _midnight_in_vietnam(day: date) -> datetime:
    """The first days of generations are few, and every message asks for them."""
    return datetime.combine(day, time(), VIETNAM_TIME)


BY_VALIDITY: Final = GenerationChoice()
"""Nothing is set: the table decides."""


def window_problems(windows: Mapping[str, Validity]) -> Iterator[str]:
    """Go through gaps and overlaps between generations, given oldest first: on each day one is spoken."""
    names = list(windows)
    if windows[names[-1]].valid_to is not None:
        yield f"generation {names[-1]} is the newest and must have no valid_to"
    for older, newer in pairwise(names):
        ends, begins = windows[older].valid_to, windows[newer].valid_from
        if ends is None or begins is None or ends + timedelta(days=1) != begins:
            yield f"generation {newer} must begin the day after generation {older} ends"
