"""From an assignment to a message in the destination's own words, or the reasons why there is none."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

from adapters.port import OutboundMessage
from gateway.deliver.assignment import Assignment
from gateway.model.outcome import NotTranslated
from mappings.canonical.declaration import AnyStored
from mappings.catalog import MappingViolation, TranslatedMessage, TranslationContext

FACT_REPLACED: Final = "replaced_request_id"
"""The notice that this one takes back; the mapping decides whether it does."""


class Translates(Protocol):
    """What we ask of the catalogue of mappings."""

    def translate(
        self, event: AnyStored, destination: str, message: str, context: TranslationContext
    ) -> TranslatedMessage | tuple[MappingViolation, ...]:
        """The message, or everything that stands in its way."""
        ...


def translate(assignment: Assignment, catalog: Translates, now: datetime) -> OutboundMessage | NotTranslated:
    """The request id is the delivery's own: the same on every attempt."""
    delivery = assignment.delivery
    context = TranslationContext(request_id=delivery.request_id, facts=known_facts(assignment), now=now)
    result = catalog.translate(assignment.stored.event, delivery.destination.value, delivery.message, context)
    if isinstance(result, tuple):
        return NotTranslated(violations=result)
    return OutboundMessage(
        request_id=delivery.request_id,
        operation=result.operation,
        body=result.body,
        routing=result.routing,
    )


def known_facts(assignment: Assignment) -> Mapping[str, str]:
    """Facts by full name, the subject's own also without its suffix, and what was fixed at planning."""
    delivery = assignment.delivery
    facts = {name: fact.value for name, fact in assignment.facts.items()}
    if delivery.subject is not None:
        suffix = f".{delivery.subject}"
        own = {name.removesuffix(suffix): value for name, value in facts.items() if name.endswith(suffix)}
        facts |= own
    if assignment.earlier_notice is not None:
        facts[FACT_REPLACED] = assignment.earlier_notice
    return facts | dict(delivery.facts)
