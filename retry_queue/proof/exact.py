"""The same question answered by trying everything: only for tiny cases, to show that the oracle is right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations, product

from retry_queue.proof.slots import ANYBODY, Hand, Micros, Slot, Stretch, Task, slots


def misses_by_slots(
    tasks: Sequence[Task],
    stretches: Sequence[Stretch],
    after: Mapping[str, frozenset[str]] | None = None,
    threads: int | None = None,
) -> int:
    """Fewest misses when jobs start at the borders of slots, never before those `after` which they come."""
    grid = list(slots(stretches))
    behind = after or {}

    @cache
    def best(index: int, done: frozenset[str]) -> int:
        if index == len(grid):
            return 0
        slot = grid[index]
        able = [
            task
            for task in tasks
            if task.name not in done
            and task.release <= slot.start
            and behind.get(task.name, frozenset()) <= done
        ]
        most = 0
        for size in range(min(slot.places, len(able)) + 1):
            for chosen in combinations(able, size):
                if not _find_hands(chosen, slot, threads):
                    continue
                gained = sum(slot.start + slot.service <= task.due for task in chosen)
                most = max(most, gained + best(index + 1, done | {task.name for task in chosen}))
        return most

    return len(tasks) - best(0, frozenset())


def misses_by_orders(tasks: Sequence[Task], stretches: Sequence[Stretch], threads: int | None = None) -> int:
    """Fewest misses in continuous time: every order, each job by every hand, as early as all that allows."""
    orders = (order for size in range(len(tasks) + 1) for order in permutations(tasks, size))
    choices = (
        tuple(zip(order, hands, strict=True))
        for order in orders
        for hands in product(*(task.hands for task in order))
    )
    return len(tasks) - max(_on_time(choice, stretches, threads) for choice in choices)


def _find_hands(chosen: Sequence[Task], slot: Slot, threads: int | None) -> bool:
    """Whether all of them can begin at the border of that slot, each in a thread of its own."""
    able = [[each.crew for each in task.hands if each.start <= slot.start < each.end] for task in chosen]
    return any(
        threads is None or all(crew == ANYBODY or crews.count(crew) <= threads for crew in crews)
        for crews in product(*able)
    )


@dataclass
class _Busy:
    """Until when each place and each thread is taken."""

    until: list[Micros]

    def free_at(self) -> Micros | None:
        return min(self.until, default=None)

    def take(self, until: Micros) -> None:
        self.until[self.until.index(min(self.until))] = until


def _on_time(choice: Sequence[tuple[Task, Hand]], stretches: Sequence[Stretch], threads: int | None) -> int:
    places = _Busy([0] * max((stretch.places for stretch in stretches), default=0))
    crews: dict[int, _Busy] = {}
    met = 0
    for task, hand in choice:
        many = len(choice) if threads is None or hand.crew == ANYBODY else threads
        crew = crews.setdefault(hand.crew, _Busy([0] * many))
        free = [each for each in (places.free_at(), crew.free_at()) if each is not None]
        begun = _begun(max(task.release, hand.start, *free), stretches) if len(free) > 1 else None
        if begun is None or begun[0] >= hand.end or begun[1] > task.due:
            continue
        places.take(begun[1])
        crew.take(begun[1])
        met += 1
    return met


def _begun(start: Micros, stretches: Sequence[Stretch]) -> tuple[Micros, Micros] | None:
    """When a job that may start from `start` on begins and is there; None if never."""
    for index, stretch in enumerate(stretches):
        begin = max(start, stretch.start)
        closes = _closes(stretches[index:])
        if begin < stretch.end and begin + stretch.service <= closes:
            return begin, begin + stretch.service
    return None


def _closes(stretches: Sequence[Stretch]) -> Micros:
    closes = stretches[0].end
    for following in stretches[1:]:
        if following.start != closes:
            break
        closes = following.end
    return closes
