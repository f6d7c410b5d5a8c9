"""The same question answered by trying everything: only for tiny cases, to show that the oracle is right."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import combinations, permutations

from retry_queue.proof.oracle import Micros, Stretch, Task, slots


def misses_by_slots(
    tasks: Sequence[Task], stretches: Sequence[Stretch], after: Mapping[str, frozenset[str]] | None = None
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
                gained = sum(slot.start + slot.service <= task.due for task in chosen)
                most = max(most, gained + best(index + 1, done | {task.name for task in chosen}))
        return most

    return len(tasks) - best(0, frozenset())


def misses_by_orders(tasks: Sequence[Task], stretches: Sequence[Stretch]) -> int:
    """Fewest misses in continuous time: every order, each job as early as order and weather allow."""
    orders = (order for size in range(len(tasks) + 1) for order in permutations(tasks, size))
    return len(tasks) - max(_on_time(order, stretches) for order in orders)


def _on_time(order: Sequence[Task], stretches: Sequence[Stretch]) -> int:
    free = [0] * max((stretch.places for stretch in stretches), default=0)
    met = 0
    for task in order:
        free.sort()
        there = _there(max([task.release, *free[:1]]), stretches) if free else None
        if there is None or there > task.due:
            continue
        free[0] = there
        met += 1
    return met


def _there(start: Micros, stretches: Sequence[Stretch]) -> Micros | None:
    """When a job that may start from `start` on is there; None if never."""
    for index, stretch in enumerate(stretches):
        begin = max(start, stretch.start)
        closes = stretch.end
        for following in stretches[index + 1 :]:
            if following.start != closes:
                break
            closes = following.end
        if begin < stretch.end and begin + stretch.service <= closes:
            return begin + stretch.service
    return None
