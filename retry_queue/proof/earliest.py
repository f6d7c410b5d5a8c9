"""When a job can be at its destination at the earliest, whoever schedules: the oracle's releases.

Every bound here may be too early and never too late, so that the oracle may promise too much and never too
little.
"""

from bisect import bisect_right
from collections.abc import Sequence

from retry_queue.proof.oracle import Micros, Stretch


class Calendar:
    """The stretches of one destination, in order and not overlapping."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self.stretches = tuple(stretches)
        self._ends = [stretch.end for stretch in stretches]
        self._closes = self._runs()

    @property
    def closings(self) -> frozenset[Micros]:
        """When the destination falls silent, or the day ends."""
        return frozenset(self._closes)

    def earliest(self, start: Micros) -> tuple[Micros, Micros] | None:
        """When a job that may go from `start` on can start and be there; None when never again."""
        for index in range(bisect_right(self._ends, start), len(self.stretches)):
            stretch = self.stretches[index]
            begin = max(start, stretch.start)
            if begin + stretch.service <= self._closes[index]:
                return begin, begin + stretch.service
        return None

    def _runs(self) -> list[Micros]:
        closes = list(self._ends)
        for index in range(len(closes) - 2, -1, -1):
            if self.stretches[index + 1].start == self._ends[index]:
                closes[index] = closes[index + 1]
        return closes
