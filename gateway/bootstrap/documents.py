"""Each destination's own message as a file for a courier: what would have gone over the line."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from adapters.json_answer import write_json
from adapters.national_registry import wire as national_registry
from adapters.population_db.wire import contract
from adapters.port import OutboundMessage
from adapters.soap import BodyUnfit
from gateway.model.ids import Destination
from gateway.operations.bundle_export import Document

Writes = Callable[[OutboundMessage], Document | None]


def _registry(message: OutboundMessage) -> Document:
    return Document("json", national_registry.push_content(message))


def _population(message: OutboundMessage) -> Document | None:
    try:
        return Document("xml", contract().write(message.operation, message.body))
    except BodyUnfit:
        return None


def _one_stop(message: OutboundMessage) -> Document:
    return Document("json", write_json({"service": message.operation, "data": [message.body]}))


DOCUMENTS: Mapping[Destination, Writes] = MappingProxyType(
    {
        Destination.NATIONAL_REGISTRY: _registry,
        Destination.POPULATION_DB: _population,
        Destination.ONE_STOP: _one_stop,
    }
)
"""None: the message does not fit the contract, and would be refused over the line too."""
