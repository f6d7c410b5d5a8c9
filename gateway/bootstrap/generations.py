"""Which generation of each partner's messages is sent, as the settings say."""

from collections.abc import Mapping

from gateway.model.ids import Destination
from gateway.settings import Settings
from mappings.catalog import GenerationChoice

NEW = "2"


def chosen_generations(settings: Settings) -> Mapping[str, GenerationChoice]:
    """The national registry as set; the others have one generation only."""
    if settings.destinations is None:
        return {}
    chosen = settings.destinations.national_registry
    fixed = None if chosen.generation == "auto" else chosen.generation
    choice = GenerationChoice(fixed, {NEW: chosen.generation_2_from})
    return {Destination.NATIONAL_REGISTRY.value: choice}
