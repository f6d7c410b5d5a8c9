"""Bulk replays: how they grow, and when they stop by themselves."""

from typing import Annotated

from pydantic import Field

from gateway.settings.section import Count, Seconds, Section

StepSize = Annotated[int, Field(ge=1, le=10_000)]


class ReplaySettings(Section):
    """What holds unless a replay says otherwise."""

    ramp: Annotated[tuple[StepSize, ...], Field(min_length=1, max_length=20)] = Field(
        (1, 10, 100, 1_000), description="Items of each step; the last repeats, in deliveries."
    )
    error_percent: Annotated[float, Field(gt=0, le=100)] = Field(
        20,
        description="From so many failures of a step on, a replay stops itself, in percent of its outcomes.",
    )
    outcomes_min: Count = Field(
        5,
        description="With fewer outcomes only a step that has failed as a whole stops a replay, in outcomes.",
    )
    live_due_seconds: Seconds = Field(
        7_200,
        description="What is due within so long keeps its place among the live deliveries, in seconds.",
    )
    every_seconds: Seconds = Field(1, description="How often replays are looked after, in seconds.")
    items_max: Annotated[int, Field(ge=1, le=1_000_000)] = Field(
        100_000, description="Most deliveries of one replay, in deliveries."
    )
    second_person: bool = Field(
        default=False, description="Somebody else than who drafted a replay must start it."
    )
