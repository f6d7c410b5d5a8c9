"""Who speaks when a message needs an office and an officer: facts that the settings add."""

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.deliver.translate import Translates
from gateway.settings import Settings
from mappings.canonical.declaration import AnyStored
from mappings.catalog import MappingViolation, TranslatedMessage, TranslationContext


@dataclass(frozen=True, slots=True)
class SpeakingOffice:
    """A catalogue of mappings that knows who is speaking."""

    catalog: Translates
    facts: Mapping[str, str]

    def translate(
        self, event: AnyStored, destination: str, message: str, context: TranslationContext
    ) -> TranslatedMessage | tuple[MappingViolation, ...]:
        """What is known of the event itself goes before what is set for the office."""
        facts = {**self.facts, **context.facts}
        known = TranslationContext(request_id=context.request_id, facts=facts, now=context.now)
        return self.catalog.translate(event, destination, message, known)


def speaking_office(catalog: Translates, settings: Settings) -> SpeakingOffice:
    """The office as set; what is not set is left out, never invented."""
    facts = {
        "office_name": settings.office.name,
        "officer_name": settings.office.officer_name,
        "officer_title": settings.office.officer_title,
        "officer_id": settings.destinations.population_db.officer_id if settings.destinations else "",
    }
    return SpeakingOffice(catalog, {name: value for name, value in facts.items() if value})
