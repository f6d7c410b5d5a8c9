"""The kinds of events that are handed in, and what the real plans make of them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from gateway.model.planning import PlannedStep
from gateway.receive.plan import plan_steps, shipped_plans
from gateway.settings.tree import DeliverySettings
from mappings.canonical import EVENT_TYPES, AnyEvent, sample_event

VARIANTS: Mapping[str, tuple[str, ...]] = {
    "birth": ("with_dossier", "without_dossier"),
    "death": ("with_dossier", "without_number"),
    "marriage": ("with_dossier", "without_dossier"),
}
"""Event type -> the samples of it that are handed in; half of each."""


@cache
def sample(event_type: str, variant: str) -> AnyEvent:
    """A canonical event as the gateway reads it."""
    raw: dict[str, Any] = sample_event(event_type)
    if variant != "with_dossier":
        raw.pop("dossier", None)
    if variant == "without_number":
        raw["deceased"].pop("personal_id", None)
    return EVENT_TYPES[event_type].model_validate(raw)


@cache
def steps(event_type: str, variant: str) -> tuple[PlannedStep, ...]:
    """What the shipped plan wants for it."""
    waits = {"personal_id_wait_seconds": DeliverySettings().personal_id_wait_seconds}
    return plan_steps(shipped_plans(waits), sample(event_type, variant))
