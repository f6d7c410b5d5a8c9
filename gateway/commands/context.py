"""What a command takes from outside: settings, clock, chance; only here is the machine asked for them."""

import os
import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from gateway.bootstrap.stores import Stores, open_stores
from gateway.bootstrap.surroundings import Surroundings
from gateway.commands.output import fail
from gateway.errors import GatewayError, SettingsInvalid
from gateway.model.clock import Clock, system_clock
from gateway.model.ids import RandomBytes
from gateway.observability.logging import configure_logging
from gateway.settings import Settings, read_settings
from gateway.storage.sql.migrate import current_revision, head_revision
from retry_queue.policy import Random

NOT_MIGRATED = (
    "The database is at revision {found}, this release needs {needed}: run `hotich-gateway migrate`."
    " (Cơ sở dữ liệu chưa được nâng cấp: chạy `hotich-gateway migrate`.)"
)


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

    @contextmanager
    def stores(self) -> Iterator[Stores]:
        """The stores of a migrated database, closed at the end; an error ends the command in clear words."""
        configure_logging("warning")  # standard output belongs to the command's answer
        try:
            stores = open_stores(self.settings)
            try:
                with stores.database.read() as transaction:
                    found, needed = current_revision(transaction), head_revision()
                if found != needed:
                    fail(NOT_MIGRATED.format(found=found or "none", needed=needed))
                yield stores
            finally:
                stores.close()
        except GatewayError as error:
            fail(error)

    @classmethod
    def from_environment(cls) -> "Context":
        """Read the settings; a wrong one ends the command with all faults named."""
        try:
            return cls(read_settings(os.environ))
        except SettingsInvalid as invalid:
            fail(invalid, exit_code=2)
