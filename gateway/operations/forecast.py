"""When each destination will be done and what will miss: counted by a chore, told to whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Generic, Protocol, TypeVar

from gateway.model.clock import Clock
from gateway.model.foresight import KeptForecast
from gateway.model.ids import Destination
from gateway.operations.forecast_errors import ForecastError, compared, error_of, kept
from gateway.storage.foresight_ports import Forecasts
from gateway.storage.ports import Database
from retry_queue.forecast import Conditions, Forecast, forecast_lane
from retry_queue.job import Lane, Track
from retry_queue.maintenance import Closure, MaintenanceWindow, closures
from retry_queue.observation import Sample, Windows, next_sample, observe
from retry_queue.profile import DueCount, Enqueued, Profile
from retry_queue.states import State
from retry_queue.store import BreakerState, LaneHealth, Lanes

TransactionT = TypeVar("TransactionT")
TransactionT_contra = TypeVar("TransactionT_contra", contravariant=True)

FORGOTTEN_MAX = 1_000
"""Kept forecasts of a lane and track that are deleted at once; far more than come in between."""
LANES = tuple(Lane(each.value) for each in Destination)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Counted(Profile[TransactionT_contra], Lanes[TransactionT_contra], Protocol[TransactionT_contra]):
    """What is looked at in the queue."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What is known of a destination beforehand."""

    maintenance: tuple[MaintenanceWindow, ...] = ()
    rate_per_second: float | None = None
    """No more may begin in a second; None: no limit."""


@dataclass(frozen=True, slots=True)
class ForecastPlan:
    """How often, how far back, how far ahead."""

    every: timedelta
    keep_every: timedelta
    horizon: timedelta
    promise: timedelta
    windows: Windows
    counts_kept: timedelta
    forecasts_kept: timedelta
    errors_over: int
    paces: Mapping[Lane, Announced] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast, and how far off such forecasts were lately."""

    forecast: Forecast
    error: ForecastError


@dataclass(frozen=True, slots=True)
class _View:
    """Everything that was read in one consistent view."""

    standing: Sequence[DueCount]
    enqueued: Enqueued
    samples: Sequence[Sample]
    lanes: Mapping[Lane, LaneHealth]


@dataclass(frozen=True, slots=True)
class Forecaster(Generic[TransactionT]):
    """Reads counts and never moves a job."""

    database: Database[TransactionT]
    queue: Counted[TransactionT]
    forecasts: Forecasts[TransactionT]
    plan: ForecastPlan
    clock: Clock

    def look_ahead(self) -> Sequence[Forecast]:
        """Two for each destination, live first."""
        now = self.clock()
        with self.database.read() as transaction:
            view = self._view(transaction, now)
        return self._foresee(view, view.samples, now)

    def outlooks(self) -> Sequence[Outlook]:
        """As `look_ahead`, with the errors of earlier ones."""
        found = self.look_ahead()
        with self.database.read() as transaction:
            return [
                Outlook(each, error_of(self._settled(transaction, each.lane, each.track))) for each in found
            ]

    def count(self) -> None:
        """The chore: count, keep a forecast now and then, and compare the earlier ones with what came."""
        at = self._grid(self.clock(), self.plan.every)
        with self.database.read() as transaction:
            view = self._view(transaction, at)
            still_open = self.forecasts.list_open(transaction)
        new = _samples(view, at)
        counted_at = max((each.at for each in view.samples), default=None)
        is_for_keeps = counted_at is None or self._grid(counted_at, self.plan.keep_every) != self._grid(
            at, self.plan.keep_every
        )
        forecasts = self._foresee(view, [*view.samples, *new], at) if is_for_keeps else []
        with self.database.write() as transaction:
            self.forecasts.add_samples(transaction, new)
            self.forecasts.delete_samples(transaction, at - self.plan.counts_kept)
            learnt = [(each, compared(each, view.standing, at)) for each in still_open]
            self.forecasts.settle(transaction, [after for before, after in learnt if after != before])
            self.forecasts.keep(transaction, [kept(each) for each in forecasts if each.waiting])
        if is_for_keeps:
            self._forget(at - self.plan.forecasts_kept)

    def _forget(self, before: datetime) -> None:
        """A bounded step for each lane and track; what is left over goes next time."""
        for lane in LANES:
            for track in Track:
                with self.database.write() as transaction:
                    self.forecasts.delete_kept(transaction, lane, track, before, FORGOTTEN_MAX)

    def _view(self, transaction: TransactionT, now: datetime) -> _View:
        samples = self.forecasts.list_samples(
            transaction, now - timedelta(seconds=self.plan.windows.long_seconds)
        )
        last = max((each.up_to_sequence for each in samples), default=None)
        return _View(
            standing=self.queue.due_profile(transaction),
            enqueued=self.queue.count_enqueued(transaction, last or 0),
            samples=samples,
            lanes={lane: self.queue.get_lane(transaction, lane) for lane in LANES},
        )

    def _foresee(self, view: _View, samples: Sequence[Sample], now: datetime) -> list[Forecast]:
        return [
            each
            for lane in LANES
            for each in forecast_lane(lane, view.standing, self._given(lane, view, samples, now))
        ]

    def _given(self, lane: Lane, view: _View, samples: Sequence[Sample], now: datetime) -> Conditions:
        health, pace = view.lanes[lane], self.plan.paces.get(lane, Announced())
        shut = closures(pace.maintenance, now - timedelta(seconds=self.plan.windows.long_seconds), now)
        rates = observe(
            (each for each in samples if each.lane == lane and not _is_within(each, shut)),
            now,
            self.plan.windows,
            is_down=health.breaker is not BreakerState.CLOSED or health.hold_reason is not None,
            is_failing=health.failures_in_row > 0,
        )
        return Conditions(
            now=now,
            horizon=self.plan.horizon,
            promise=self.plan.promise,
            drain_per_second=min(rates.drain_per_second, pace.rate_per_second or inf),
            drain_basis=rates.basis,
            arrivals_per_second=rates.arrivals_per_second,
            closed=tuple(closures(pace.maintenance, now, now + self.plan.horizon)),
        )

    def _settled(self, transaction: TransactionT, lane: Lane, track: Track) -> Sequence[KeptForecast]:
        return self.forecasts.list_settled(transaction, lane, track, self.plan.errors_over)

    @staticmethod
    def _grid(instant: datetime, every: timedelta) -> datetime:
        """The same for every process that counts at this time, so that only one of them is kept."""
        return instant - (instant - _EPOCH) % every


def _is_within(sample: Sample, shut: Sequence[Closure]) -> bool:
    """What was not finished during maintenance says nothing about the speed."""
    begins_at = sample.at - timedelta(seconds=sample.seconds)
    return any(begins_at < until and since < sample.at for since, until in shut)


def _samples(view: _View, at: datetime) -> list[Sample]:
    """What happened to each track since its last sample; nothing when this instant was counted already."""
    last = {(each.lane, each.track): each for each in view.samples}
    found: list[Sample] = []
    for lane in LANES:
        for track in Track:
            before = last.get((lane, track))
            if before is not None and before.at >= at:
                continue
            own = [each for each in view.standing if (each.lane, each.track) == (lane, track)]
            now = Sample(
                lane=lane,
                track=track,
                at=at,
                seconds=0.0,
                up_to_sequence=view.enqueued.up_to_sequence,
                ready=sum(each.jobs for each in own if each.state is State.QUEUED),
                unfinished=sum(each.jobs for each in own),
                enqueued=0 if before is None else view.enqueued.jobs.get((lane, track), 0),
                finished=0,
            )
            found.append(next_sample(before, now))
    return found
