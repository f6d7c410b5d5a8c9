"""Settings become the policies of the queue and of deliveries."""

from gateway.deliver.decide import DeliveryPolicies
from gateway.model.ids import Destination
from gateway.settings import Settings, policy_settings
from retry_queue.breaker import BreakerSettings
from retry_queue.job import Lane
from retry_queue.policy import RetryPolicy
from retry_queue.work_round import LaneSettings

FLOOR_SECONDS = 1.0
"""Shortest wait between attempts when time runs at its own pace."""


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
            asks_max=retry.asks_max,
        ),
        destination_fault_seconds=retry.destination_fault_seconds,
    )


def lane_settings(settings: Settings, destination: Destination) -> LaneSettings:
    """How this process works on one destination."""
    delivery = policy_settings(settings)
    return LaneSettings(
        lane=Lane(destination.value),
        threads=delivery.threads_per_destination,
        lease_seconds=delivery.lease_seconds,
        idle_poll_seconds=delivery.idle_poll_seconds,
        breaker=BreakerSettings(
            failures_to_open=delivery.breaker.failures_to_open,
            open_seconds=delivery.breaker.open_seconds,
            open_seconds_max=delivery.breaker.open_seconds_max,
            probe_seconds=delivery.breaker.probe_seconds,
            peace_seconds_max=retry_after_max(settings),
        ),
    )


def retry_after_max(settings: Settings) -> float:
    """The longest peace that a destination may ask for, in seconds."""
    return policy_settings(settings).retry.retry_after_seconds_max
