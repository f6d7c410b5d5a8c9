"""The shipped settings as the queue's policies, and what they mean for a scheduler that knows everything."""

from dataclasses import replace
from functools import cache

from gateway.bootstrap.policies import delivery_policies, lane_settings
from gateway.deliver.decide import DeliveryPolicies
from gateway.model.ids import Destination
from gateway.settings.tree import DeliverySettings, Settings
from retry_queue.proof.openings import Limits
from retry_queue.proof.oracle import Micros
from retry_queue.proof.scheduler import micros
from retry_queue.proof.world import Manner
from retry_queue.work_round import LaneSettings


@cache
def settings() -> Settings:
    """As shipped; where the destinations are plays no part here."""
    return Settings.model_construct(delivery=DeliverySettings(), time_factor=1.0)


@cache
def policies() -> DeliveryPolicies:
    """When to try, when to ask."""
    return delivery_policies(settings())


@cache
def lane_settings_of(lane: str, threads: int) -> LaneSettings:
    """The real ones with as many workers as the world has."""
    return replace(lane_settings(settings(), Destination(lane)), threads=threads)


def limits_of(clock_error: Micros, longest_service: Micros, preparing: Micros, hand: Micros) -> Limits:
    """What binds the oracle as well. A clock that goes wrong by so much makes everything so much later.

    `preparing` is how long the day's desks take to make a message ready, `hand` how long it may lie there.
    """
    delivery, retry = DeliverySettings(), policies().retry
    beat = micros(delivery.upkeep_seconds + delivery.idle_poll_seconds * 1.5) + clock_error
    ask_wait = micros(retry.ask_schedule_seconds[0] * (1 + retry.jitter_fraction)) + beat
    breakers = [lane_settings_of(destination.value, 1).paces.breaker for destination in Destination]
    last_chance = micros(max(breaker.last_chance_seconds for breaker in breakers)) + beat
    return Limits(
        notice=last_chance,
        notice_silence=Manner(0, 0).timeout + last_chance + ask_wait + longest_service,
        fault_wait=micros(policies().destination_fault_seconds) + clock_error,
        ask_wait=ask_wait,
        beat=beat,
        news=micros(delivery.idle_poll_seconds * 1.5),
        preparing=preparing,
        hand=hand,
        probing=max(
            0, *(micros(breaker.open_seconds_max - breaker.last_chance_seconds) for breaker in breakers)
        ),
    )
