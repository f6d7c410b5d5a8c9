"""Settings become the policies of the queue and of deliveries."""

from gateway.deliver.decide import DeliveryPolicies, Overrides
from gateway.deliver.faults import FaultClass, FaultOverride
from gateway.model.ids import Destination
from gateway.settings import Settings, policy_settings
from gateway.settings.pacing import PaceSettings, fault_words
from retry_queue.admission import Pacing
from retry_queue.breaker import BreakerSettings
from retry_queue.job import Lane
from retry_queue.policy import RetryPolicy
from retry_queue.rate import RateLimit
from retry_queue.window import WindowSettings
from retry_queue.work_round import LaneSettings

FLOOR_SECONDS = 1.0
"""Shortest wait between attempts when time runs at its own pace."""

CLAIM_LIMIT = 32
"""Most deliveries that a thread takes at once, of a destination that answers within a few milliseconds."""


def delivery_policies(settings: Settings) -> DeliveryPolicies:
    """When to try, when to ask, when to leave a destination alone."""
    retry = policy_settings(settings).retry
    floor = FLOOR_SECONDS / settings.time_factor
    return DeliveryPolicies(
        retry=RetryPolicy(
            schedule_seconds=retry.schedule_seconds,
            ask_schedule_seconds=retry.ask_schedule_seconds,
            jitter_fraction=retry.jitter_fraction,
            attempts_reserved=retry.attempts_reserved,
            delay_seconds_min=floor,
            retry_after_seconds_min=floor,
            retry_after_seconds_max=retry.retry_after_seconds_max,
            last_ask_seconds=30.0 / settings.time_factor,
            asks_max=retry.asks_max,
        ),
        destination_fault_seconds=retry.destination_fault_seconds,
        overrides=_overrides(settings),
    )


def _overrides(settings: Settings) -> Overrides:
    """What single destinations do differently after a fault."""
    found: dict[tuple[Lane, FaultClass], FaultOverride] = {}
    for destination in Destination:
        for text in pace_of(settings, destination).faults:
            fault, wait, breaker, window = fault_words(text)
            seconds = None if wait is None else wait / settings.time_factor
            found[Lane(destination.value), FaultClass(fault)] = FaultOverride(seconds, breaker, window)
    return found


def pace_of(settings: Settings, destination: Destination) -> PaceSettings:
    """The pacing of one destination."""
    pace: PaceSettings = getattr(policy_settings(settings).pacing, destination.value)
    return pace


def pacing(settings: Settings, destination: Destination) -> Pacing:
    """What the destination bears; the ceiling is shared by all processes if it was set."""
    pace, delivery = pace_of(settings, destination), policy_settings(settings)
    per_second = pace.rate_per_second
    return Pacing(
        window=WindowSettings(
            ceiling=pace.concurrency_max or delivery.threads_per_destination, slow_seconds=pace.slow_seconds
        ),
        is_shared=pace.concurrency_max is not None,
        live_reserve=pace.live_reserve,
        rate=None if per_second is None else RateLimit(per_second, pace.rate_burst),
        maintenance=tuple(pace.windows()),
    )


def lane_settings(settings: Settings, destination: Destination) -> LaneSettings:
    """How this process works on one destination."""
    delivery = policy_settings(settings)
    return LaneSettings(
        lane=Lane(destination.value),
        threads=delivery.threads_per_destination,
        claim_limit=CLAIM_LIMIT,
        lease_seconds=delivery.lease_seconds,
        attempt_seconds_max=delivery.attempt_seconds_max,
        pacing=pacing(settings, destination),
        idle_poll_seconds=delivery.idle_poll_seconds,
        breaker=BreakerSettings(
            failures_to_open=delivery.breaker.failures_to_open,
            open_seconds=delivery.breaker.open_seconds,
            open_seconds_max=delivery.breaker.open_seconds_max,
            probe_seconds=delivery.breaker.probe_seconds,
            peace_seconds_max=retry_after_max(settings),
            last_chance_seconds=delivery.breaker.last_chance_seconds,
            probe_gap_seconds=FLOOR_SECONDS / settings.time_factor,
        ),
    )


def retry_after_max(settings: Settings) -> float:
    """The longest peace that a destination may ask for, in seconds."""
    return policy_settings(settings).retry.retry_after_seconds_max
