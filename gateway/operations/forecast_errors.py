"""What became of forecasts: compared with what the queue shows later, and how wrong they were. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from gateway.model.foresight import KeptForecast
from retry_queue.forecast import Forecast
from retry_queue.profile import DueCount
from retry_queue.states import State


@dataclass(frozen=True, slots=True)
class ForecastError:
    """How well the settled forecasts of one track did; medians of absolute differences, in minutes."""

    forecasts: int
    done_minutes: float | None
    """Between the end foreseen and the real one; None when no forecast had both."""
    breach_minutes: float | None
    """Between the first breach foreseen and the real one."""
    averted: int
    """A breach was foreseen and did not come: what the forecast assumed did not last."""
    unforeseen: int
    """A breach came that was not foreseen."""


def kept(forecast: Forecast) -> KeptForecast:
    """What is remembered of a forecast."""
    return KeptForecast(
        lane=forecast.lane,
        track=forecast.track,
        made_at=forecast.at,
        until=forecast.until,
        waiting=forecast.waiting,
        misses=forecast.misses,
        first_breach_at=forecast.first_breach_at,
        done_at=forecast.done_at,
        drain_per_second=forecast.drain_per_second,
        arrivals_per_second=forecast.arrivals_per_second,
        basis=forecast.assumptions[0].value,
    )


def compared(forecast: KeptForecast, standing: Sequence[DueCount], now: datetime) -> KeptForecast:
    """What is known of it now. It is settled when nothing is ready any more, or its horizon is over."""
    own = [
        each
        for each in standing
        if (each.lane, each.track) == (forecast.lane, forecast.track) and each.state is not State.HELD
    ]
    missed = [each.due_at for each in own if forecast.made_at <= each.due_at < now]
    breach = forecast.actual_first_breach_at or min(missed, default=None)
    is_done = not any(each.state is State.QUEUED for each in own)
    is_over = is_done or now >= forecast.until
    return replace(
        forecast,
        actual_first_breach_at=breach,
        actual_done_at=now if is_done else None,
        settled_at=now if is_over else None,
    )


def error_of(settled: Sequence[KeptForecast]) -> ForecastError:
    """Over forecasts of one track."""
    foreseen = [each for each in settled if each.first_breach_at is not None]
    return ForecastError(
        forecasts=len(settled),
        done_minutes=_median_minutes(settled, lambda each: (each.done_at, each.actual_done_at)),
        breach_minutes=_median_minutes(
            settled, lambda each: (each.first_breach_at, each.actual_first_breach_at)
        ),
        averted=sum(each.actual_first_breach_at is None for each in foreseen),
        unforeseen=sum(
            each.first_breach_at is None and each.actual_first_breach_at is not None for each in settled
        ),
    )


def _median_minutes(
    settled: Sequence[KeptForecast],
    pair: Callable[[KeptForecast], tuple[datetime | None, datetime | None]],
) -> float | None:
    differences = [
        abs((came - foreseen).total_seconds()) / 60
        for foreseen, came in map(pair, settled)
        if foreseen is not None and came is not None
    ]
    return round(median(differences), 1) if differences else None
