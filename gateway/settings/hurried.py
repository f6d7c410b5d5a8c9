"""Production policies with their times divided: a demonstration of twelve hours fits in a minute."""

from typing import Any, TypeVar

from gateway.settings.section import Section
from gateway.settings.tree import DeliverySettings, Settings

SectionT = TypeVar("SectionT", bound=Section)

MECHANISM_WHEN_HURRIED: dict[str, float] = {
    "idle_poll_seconds": 0.05,
    "upkeep_seconds": 0.1,
    "lease_seconds": 15,
    "probe_seconds": 15,
    "attempt_seconds_max": 60,
    "last_chance_seconds": 1,
    "slow_seconds": 10,
    "every_seconds": 1,
    "send_seconds": 10,
}
"""Not policy, so not divided: looking more often and giving up sooner, at most so many real seconds, so that
the mechanism does not drown the divided policies."""


def policy_settings(settings: Settings) -> DeliverySettings:
    """The delivery policies in force: as set, or divided by `time_factor`."""
    if settings.time_factor == 1:
        return settings.delivery
    return _divide(settings.delivery, settings.time_factor)


def _divide(section: SectionT, factor: float) -> SectionT:
    return section.model_copy(
        update={name: _divided(name, getattr(section, name), factor) for name in type(section).model_fields}
    )


def _divided(name: str, value: Any, factor: float) -> Any:  # noqa: ANN401 - settings hold values of several types
    if isinstance(value, Section):
        return _divide(value, factor)
    if name in MECHANISM_WHEN_HURRIED:
        return min(value, MECHANISM_WHEN_HURRIED[name])
    if name.endswith(("_seconds", "_seconds_max")):
        return tuple(part / factor for part in value) if isinstance(value, tuple) else value / factor
    return value
