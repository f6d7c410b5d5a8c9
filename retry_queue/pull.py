"""How urgency travels: who stands before an urgent job becomes as urgent. Pure, for every backend."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from retry_queue.entry import LaneKey
from retry_queue.job import Track
from retry_queue.rank import LEVELS_MAX, goes_before, microseconds, most_urgent


@dataclass(frozen=True, slots=True)
class Pull:
    """Everybody in this line before that number should be as urgent as this."""

    key: LaneKey
    below: int
    rank: int


@dataclass(frozen=True, slots=True)
class Stands:
    """An unfinished job that a pull reaches."""

    pull: Pull
    sequence: int
    track: Track
    rank: int
    due_rank: int
    leads: bool


class Lines(Protocol):
    """What the algorithm has to know of a storage."""

    def reached(self, pulls: Sequence[Pull]) -> Iterable[Stands]:
        """Who stands there; those whom a pull does not change may be left out."""
        ...

    def keys_of(self, sequences: Sequence[int]) -> Mapping[int, Iterable[LaneKey]]:
        """All lines in which they stand."""
        ...


def pulled(pulls: Iterable[Pull], lines: Lines, now: datetime) -> dict[int, int]:
    """The new rank of each job that is live and leads from now on."""
    now_rank = microseconds(now)
    ranks: dict[int, int] = {}
    pending = _widest(pulls)
    for _ in range(LEVELS_MAX):
        if not pending:
            break
        changed = _apply(lines.reached(pending), ranks, now_rank)
        keys = lines.keys_of(sorted(changed)) if changed else {}
        pending = _widest(
            Pull(key, sequence, ranks[sequence])
            for sequence, came_by in changed.items()
            for key in keys[sequence]
            if key != came_by  # that line has been pulled at already
        )
    return ranks


def savable(pulls: Iterable[Pull], now: datetime) -> list[Pull]:
    """Of the jobs behind a late one: the most urgent that can still be in time."""
    now_rank = microseconds(now)
    best: dict[tuple[LaneKey, int], int] = {}
    for pull in pulls:
        place = (pull.key, pull.below)
        if pull.rank > now_rank and pull.rank <= best.get(place, pull.rank):
            best[place] = pull.rank
    return [Pull(key, below, rank) for (key, below), rank in best.items()]


def _apply(reached: Iterable[Stands], ranks: dict[int, int], now_rank: int) -> dict[int, LaneKey]:
    """Those that became more urgent, and by which line."""
    changed: dict[int, LaneKey] = {}
    for each in reached:
        was_bulk = each.track is Track.BULK and each.sequence not in ranks
        own = each.due_rank if each.track is Track.BULK else each.rank
        known = ranks.get(each.sequence, own)
        if was_bulk or goes_before(each.pull.rank, known, now_rank):
            ranks[each.sequence] = most_urgent([known, each.pull.rank], now_rank)
            changed[each.sequence] = each.pull.key
        elif not each.leads:
            ranks[each.sequence] = known
    return changed


def _widest(pulls: Iterable[Pull]) -> list[Pull]:
    """One pull for each line and rank: the one that reaches furthest."""
    below: defaultdict[tuple[LaneKey, int], int] = defaultdict(int)
    for pull in pulls:
        below[pull.key, pull.rank] = max(below[pull.key, pull.rank], pull.below)
    return [Pull(key, reach, rank) for (key, rank), reach in sorted(below.items())]
