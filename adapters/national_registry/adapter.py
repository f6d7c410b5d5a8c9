"""The national registry behind the port: push a dossier, ask for it, collect what clerks did with it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import structlog

from adapters.errors import AdapterError
from adapters.http import HttpChannel, Now
from adapters.national_registry.bus import Bus
from adapters.national_registry.first_generation import FirstGeneration
from adapters.national_registry.second_generation import SecondGeneration
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.port import Accepted, Adapter, Announce, News, OutboundMessage, Repeats, Standing

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger()

Generation = FirstGeneration | SecondGeneration


def build(settings: NationalRegistrySettings, now: Now) -> Adapter:
    """The adapter with its own channel and tokens."""
    return NationalRegistry(settings, HttpChannel(settings.http, now), now)


class NationalRegistry:
    """Both generations of the registry's interface: a message's operation tells which it belongs to.

    Safe to share between threads.
    """

    def __init__(self, settings: NationalRegistrySettings, channel: HttpChannel, now: Now) -> None:
        self._settings: Final = settings
        self._channel = channel
        one_token = replace(settings, lgsp_token_path=None)
        first = FirstGeneration(settings, Bus(one_token, channel, now))
        second = SecondGeneration(settings, Bus(settings, channel, now))
        self._generations: dict[str, Generation] = {each.operation: each for each in (first, second)}

    @property
    def repeats(self) -> Repeats:
        """A poll by dossier code; a dossier pushed twice is recognised [S]."""
        return Repeats(asks=True, idempotent=True)

    @property
    def fetch_limit(self) -> int:
        """One poll's worth of codes."""
        return self._settings.codes_per_poll

    def send(self, message: OutboundMessage, announce: Announce) -> Accepted:
        """Hand over one dossier; it stays pending until a clerk of the commune has finished it."""
        return self._generation_of(message).send(message, announce)

    def ask(self, message: OutboundMessage) -> Standing:
        """Look the dossier up. Absent is no proof, but pushing again is safe: a repeat is recognised."""
        return self._generation_of(message).ask(message)

    def fetch(self, outstanding: Sequence[OutboundMessage]) -> Sequence[News]:
        """Ask about all of them; raises only if every question failed."""
        by_operation: dict[str, list[OutboundMessage]] = {}
        for message in outstanding:
            by_operation.setdefault(self._generation_of(message).operation, []).append(message)
        polls = [
            (operation, poll)
            for operation, messages in by_operation.items()
            for poll in self._generations[operation].polls(messages)
        ]
        news: list[News] = []
        failures: list[AdapterError] = []
        for operation, poll in polls:
            try:
                news += poll()
            except AdapterError as error:
                failures.append(error)
                _log.warning("partner_poll_failed", operation=operation, outcome=type(error).__name__)
        if failures and len(failures) == len(polls):
            raise failures[0]
        return news

    def close(self) -> None:
        """Let go of connections."""
        self._channel.close()

    def _generation_of(self, message: OutboundMessage) -> Generation:
        found = self._generations.get(message.operation)
        if found is None:
            raise ValueError(message.operation)
        return found
