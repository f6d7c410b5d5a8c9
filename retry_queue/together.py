"""Threads that want the same kind of thing done at the same time have it done in one go.

Whoever finds nobody at work works for all who have asked by then; who comes meanwhile is served in the
next go, begun by one of them. Alone, nobody waits for company.
"""

from collections.abc import Callable, Sequence
from threading import Lock
from typing import Generic, TypeVar

from retry_queue.timing import Flag

WishT = TypeVar("WishT")
ResultT = TypeVar("ResultT")


class _Place(Generic[WishT, ResultT]):
    """One thread's wish, and what came of it."""

    def __init__(self, wish: WishT, called: Flag) -> None:
        self.wish = wish
        self.called = called
        self.result: ResultT | None = None
        self.error: BaseException | None = None
        self.is_served = False


class Together(Generic[WishT, ResultT]):
    """Calls `do_all` with the wishes of several threads; never twice at once."""

    def __init__(
        self,
        do_all: Callable[[Sequence[WishT]], Sequence[ResultT | Exception]],
        flag: Callable[[], Flag],
        most: int = 100,
    ) -> None:
        self._do_all = do_all
        self._flag = flag
        self._most = most
        self._lock = Lock()
        self._waiting: list[_Place[WishT, ResultT]] = []
        self._is_busy = False

    def __call__(self, wish: WishT) -> ResultT:
        """The result for this wish, or its exception; an exception of the whole go is everybody's."""
        place: _Place[WishT, ResultT] = _Place(wish, self._flag())
        with self._lock:
            self._waiting.append(place)
            leads, self._is_busy = not self._is_busy, True
        if not leads:
            place.called.wait()
        if not place.is_served:
            self._lead()
        if place.error is not None:
            raise place.error
        return place.result  # type: ignore[return-value]  # served without an error: it is a result, perhaps None

    def _lead(self) -> None:
        """Work for all who wait; then the next in the queue leads."""
        with self._lock:
            places, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            results = self._do_all([place.wish for place in places])
            for place, result in zip(places, results, strict=True):
                if isinstance(result, Exception):
                    place.error = result
                else:
                    place.result = result
        except BaseException as error:
            for place in places:
                place.error = error
            if not isinstance(error, Exception):
                raise
        finally:
            self._hand_over(places)

    def _hand_over(self, places: Sequence[_Place[WishT, ResultT]]) -> None:
        for place in places:
            place.is_served = True
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._is_busy = following is not None
        for place in places:
            place.called.set()
        if following is not None:
            following.called.set()
