"""What a command takes from outside: settings, clock, chance; only here is the machine asked for them."""

import os
import random
import secrets
from dataclasses import dataclass, field, replace

from gateway.bootstrap.surroundings import Surroundings
from gateway.commands.output import fail
from gateway.errors import SettingsInvalid
from gateway.model.clock import Clock, system_clock
from gateway.model.ids import RandomBytes
from gateway.settings import Settings, read_settings
from retry_queue.policy import Random


@dataclass(frozen=True, slots=True)
class Context:
    """Handed down from the command to everything it builds."""

    settings: Settings
    clock: Clock = system_clock
    random_bytes: RandomBytes = secrets.token_bytes
    random: Random = field(default_factory=lambda: random.SystemRandom().random)

    def with_settings(self, settings: Settings) -> "Context":
        """The same surroundings, other settings."""
        return replace(self, settings=settings)

    def surroundings(self) -> Surroundings:
        """Clock and chance, as the composition root takes them."""
        return Surroundings(self.clock, self.random, self.random_bytes)

    @classmethod
    def from_environment(cls) -> "Context":
        """Read the settings; a wrong one ends the command with all faults named."""
        try:
            return cls(read_settings(os.environ))
        except SettingsInvalid as invalid:
            fail(invalid, exit_code=2)
