"""What the law wants of each event, derived from the event alone: who must hold what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from simulators.demo.holdings import Key, dossier_key, number_key
from simulators.demo.legal_needs import further_record_keys, notice_keys, record_key, wants_number
from simulators.demo.scheme import ONE_STOP, POPULATION, REGISTRY, Excuse
from simulators.local_registry.township import Registered


@dataclass(frozen=True, slots=True)
class Need:
    """One system must hold one message about one event, exactly once."""

    event: Registered
    system: str
    key: Key
    excuse: Excuse | None = None
    """Planted fault because of which it waits for a person instead."""


def needs_of(
    events: Iterable[Registered], unstated: Mapping[str, str], excuses: Iterable[Excuse]
) -> list[Need]:
    """All needs of the accepted events; follow-ups (steps, late numbers) are judged by themselves."""
    excused = {(excuse.source_event_id, excuse.system): excuse for excuse in excuses}
    return [
        Need(event, key[0], key, excused.get((event.source_event_id, key[0])))
        for event in events
        for key in _keys_of(event, unstated)
    ]


def _keys_of(event: Registered, unstated: Mapping[str, str]) -> Iterator[Key]:
    yield record_key(event)
    yield from further_record_keys(event)
    if wants_number(event):
        yield number_key(event)
    yield from notice_keys(event, unstated)
    if event.dossier_code:
        yield dossier_key(event)


SYSTEM_NAMES = {
    REGISTRY: "national registry",
    POPULATION: "population database",
    ONE_STOP: "one-stop shop",
}
