"""How urgency travels: who stands before an urgent job becomes as urgent. Pure, for every backend."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from retry_queue.entry import LaneKey
from retry_queue.job import Track
from retry_queue.rank import LEVELS_MAX, goes_before, microseconds, most_urgent


class Pull(NamedTuple):
    """Everybody in this line before that number should be as urgent as this."""

    key: LaneKey
    below: int
    rank: int


class Stands(NamedTuple):
    """An unfinished job that a pull reaches."""

    pull: Pull
    sequence: int
    track: Track
    rank: int
    due_rank: int
    leads: bool

    def is_late(self, now_rank: int) -> bool:
        """Live, and its rank has passed."""
        return self.track is Track.LIVE and self.rank <= now_rank


class Lines(Protocol):
    """What the algorithm has to know of a storage."""

    def reached(self, pulls: Sequence[Pull]) -> Iterable[Stands]:
        """Who stands there; those whom a pull does not change may be left out."""
        ...

    def keys_of(self, sequences: Sequence[int]) -> Mapping[int, Iterable[LaneKey]]:
        """All lines in which they stand."""
        ...

    def behind(self, sequences: Sequence[int]) -> Iterable[Pull]:
        """How each of them is pulled at, it included, by the live jobs behind it that are in time."""
        ...


def pulled(pulls: Iterable[Pull], lines: Lines, now: datetime) -> dict[int, int]:
    """The new rank of each job that is live and leads from now on."""
    now_rank = microseconds(now)
    ranks: dict[int, int] = {}
    pending = _widest(pulls)
    for _ in range(LEVELS_MAX):
        if not pending:
            break
        reached = list(lines.reached(pending))
        # A late job that can be of use again serves the most urgent one behind it, not the one that came by.
        late = {each.sequence for each in reached if each.is_late(now_rank) and each.sequence not in ranks}
        changed = _apply(reached, ranks, now_rank)
        late &= changed.keys()
        pending = _widest([*_onwards(changed, ranks, lines), *(lines.behind(sorted(late)) if late else ())])
    return ranks


def _onwards(
    changed: Mapping[int, tuple[LaneKey, int]], ranks: Mapping[int, int], lines: Lines
) -> Iterable[Pull]:
    """Whoever became more urgent pulls in his other lines."""
    if not changed:
        return
    keys = lines.keys_of(sorted(changed))
    for sequence, came_by in changed.items():
        for key in keys[sequence]:
            if (key, ranks[sequence]) != came_by:  # that line has been pulled at as hard already
                yield Pull(key, sequence, ranks[sequence])


def _apply(reached: Iterable[Stands], ranks: dict[int, int], now_rank: int) -> dict[int, tuple[LaneKey, int]]:
    """Those that became more urgent, and by which line's pull."""
    changed: dict[int, tuple[LaneKey, int]] = {}
    for each in reached:
        was_bulk = each.track is Track.BULK and each.sequence not in ranks
        own = each.due_rank if each.track is Track.BULK else each.rank
        known = ranks.get(each.sequence, own)
        if was_bulk or goes_before(each.pull.rank, known, now_rank):
            ranks[each.sequence] = most_urgent([known, each.pull.rank], now_rank)
            changed[each.sequence] = (each.pull.key, each.pull.rank)
        elif not each.leads:
            ranks[each.sequence] = known
    return changed


def _widest(pulls: Iterable[Pull]) -> list[Pull]:
    """One pull for each line and rank: the one that reaches furthest."""
    below: defaultdict[tuple[LaneKey, int], int] = defaultdict(int)
    for pull in pulls:
        below[pull.key, pull.rank] = max(below[pull.key, pull.rank], pull.below)
    return [Pull(key, reach, rank) for (key, rank), reach in sorted(below.items())]
