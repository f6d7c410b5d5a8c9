"""Wishes of several threads done in one go."""

from collections.abc import Sequence
from threading import Event, Thread

import pytest

from retry_queue.together import Together
from tests.support.waiting import wait_for


class Kitchen:
    """Doubles numbers; the first go can be kept waiting."""

    def __init__(self) -> None:
        self.goes: list[list[int]] = []
        self.may_go_on = Event()
        self.may_go_on.set()
        self.together: Together[int, int] = Together(self._double, Event, most=3)

    def _double(self, wishes: Sequence[int]) -> Sequence[int | Exception]:
        self.goes.append(list(wishes))
        self.may_go_on.wait(10)
        if 13 in wishes:
            raise KeyError
        return [ValueError(wish) if wish < 0 else wish * 2 for wish in wishes]

    def ask_beside(self, *wishes: int) -> tuple[list[Thread], dict[int, int | str]]:
        results: dict[int, int | str] = {}

        def ask(wish: int) -> None:
            try:
                results[wish] = self.together(wish)
            except Exception as error:  # noqa: BLE001  # the test looks at its name
                results[wish] = type(error).__name__

        threads = [Thread(target=ask, args=(wish,), daemon=True) for wish in wishes]
        for thread in threads:
            thread.start()
        return threads, results

    def waiting(self) -> int:
        return len(self.together._waiting)  # noqa: SLF001  # there is no other way to know that all have asked


def test_alone_nobody_waits_for_company() -> None:
    kitchen = Kitchen()
    assert [kitchen.together(1), kitchen.together(2)] == [2, 4]
    assert kitchen.goes == [[1], [2]]


def test_who_comes_meanwhile_is_served_together_and_never_more_than_allowed() -> None:
    kitchen = Kitchen()
    kitchen.may_go_on.clear()
    first, results = kitchen.ask_beside(1)
    wait_for(lambda: kitchen.goes == [[1]], "the others have asked")
    others, more = kitchen.ask_beside(2, 3, 4, 5)
    wait_for(lambda: kitchen.waiting() == 4, "the others have asked")
    kitchen.may_go_on.set()
    for thread in (*first, *others):
        thread.join(10)
    assert results | more == {1: 2, 2: 4, 3: 6, 4: 8, 5: 10}
    assert [len(go) for go in kitchen.goes] == [1, 3, 1]


def test_each_gets_its_own_error_and_an_error_of_the_whole_is_everybodys() -> None:
    kitchen = Kitchen()
    kitchen.may_go_on.clear()
    first, results = kitchen.ask_beside(-1)
    wait_for(lambda: kitchen.goes == [[-1]], "the others have asked")
    others, more = kitchen.ask_beside(13, 7)
    wait_for(lambda: kitchen.waiting() == 2, "the others have asked")
    kitchen.may_go_on.set()
    for thread in (*first, *others):
        thread.join(10)
    assert results | more == {-1: "ValueError", 13: "KeyError", 7: "KeyError"}
    assert kitchen.together(4) == 8


def test_one_that_is_ended_in_the_middle_leaves_nobody_waiting() -> None:
    def end(_wishes: Sequence[int]) -> Sequence[int | Exception]:
        raise SystemExit

    together: Together[int, int] = Together(end, Event)
    for _ in range(2):
        with pytest.raises(SystemExit):
            together(1)
