"""Finished jobs that are made when somebody looks: most callers only ask which leases were lost."""

from collections.abc import Callable, Sequence
from typing import overload

from typing_extensions import override

from retry_queue.job import Job


class SettledJobs(Sequence[Job]):
    """As many jobs as said; `make` makes all of them at the first look, later looks find the same ones."""

    def __init__(self, count: int, make: Callable[[], Sequence[Job]]) -> None:
        self._count = count
        self._make = make
        self._made: Sequence[Job] | None = None

    @overload
    def __getitem__(self, index: int) -> Job: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Job]: ...

    @override
    def __getitem__(self, index: int | slice) -> Job | Sequence[Job]:
        if self._made is None:
            self._made = self._make()
        return self._made[index]

    @override
    def __len__(self) -> int:
        return self._count
