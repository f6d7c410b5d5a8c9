"""The whole sandbox: three systems and the control port, each on its own address."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from simulators.clock import Clock, SandboxClock
from simulators.control import BODY_BYTES_MAX, Control
from simulators.credentials import Credentials
from simulators.exchange import Exchange
from simulators.faults import FaultPlan, refuses_connections
from simulators.national_registry.registry import NationalRegistry
from simulators.one_stop.one_stop import OneStop
from simulators.partner import Partner
from simulators.planting import FaultBook
from simulators.population_db.database import PATH, PopulationDatabase
from simulators.server import Listener

CONTROL = "control"


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """What a sandbox is started with; port 0 lets the machine choose."""

    host: str = "127.0.0.1"
    national_registry_port: int = 9101
    population_db_port: int = 9102
    one_stop_port: int = 9103
    control_port: int = 9100
    seed: int = 1
    plan: FaultPlan = field(default_factory=FaultPlan)
    journal_directory: Path | None = None
    credentials: Credentials = field(default_factory=Credentials)
    clerk_seconds: float = 2.0
    token_seconds: int = 3600
    session_seconds: int = 1800
    people: int = 50
    known_only: bool = False
    outage_check_seconds: float = 0.02


class Sandbox:
    """Open between `start` and `close`; `with Sandbox(settings) as sandbox:` does both."""

    def __init__(self, settings: SandboxSettings, clock: Clock | None = None) -> None:
        own_clock = SandboxClock()
        self._settings = settings
        self._clock: Clock = clock or own_clock
        self._stop_waiting: Callable[[], None] = own_clock.stop
        self._book = FaultBook(self._clock, settings.plan)
        self._stopped = threading.Event()
        self._switching = threading.Lock()
        self._build()

    def _build(self) -> None:
        chosen, clock = self._settings, self._clock
        directory, account = chosen.journal_directory, chosen.credentials
        registry = NationalRegistry(
            clock,
            directory,
            credentials=account,
            seed=chosen.seed,
            clerk_seconds=chosen.clerk_seconds,
            token_seconds=chosen.token_seconds,
        )
        population = PopulationDatabase(
            clock,
            directory,
            credentials=account,
            seed=chosen.seed,
            people=chosen.people,
            known_only=chosen.known_only,
        )
        one_stop = OneStop(clock, directory, credentials=account, session_seconds=chosen.session_seconds)
        ports: list[tuple[Partner, int]] = [
            (registry, chosen.national_registry_port),
            (population, chosen.population_db_port),
            (one_stop, chosen.one_stop_port),
        ]
        self._partners: dict[str, Listener] = {
            partner.name: self._listener(partner, port) for partner, port in ports
        }
        control = Control(
            [partner for partner, _ in ports], population, self._book, clock, self._apply_outages
        )
        self._control = Listener(chosen.host, chosen.control_port, control.respond, BODY_BYTES_MAX)

    def _listener(self, partner: Partner, port: int) -> Listener:
        exchange = Exchange(partner, self._book, self._clock)
        return Listener(self._settings.host, port, exchange.respond, partner.body_bytes_max)

    @property
    def addresses(self) -> dict[str, str]:
        """Address of each system and of the control port; the population database's with its path."""
        found = {name: listener.url for name, listener in self._partners.items()}
        found["population_db"] += PATH
        return {CONTROL: self._control.url, **found}

    def start(self) -> Self:
        """Take connections."""
        self._control.open()
        self._apply_outages()
        threading.Thread(target=self._keep_outages, daemon=True).start()
        return self

    def close(self) -> None:
        """Stop everything and give the ports back."""
        self._stopped.set()
        self._stop_waiting()
        with self._switching:
            for listener in (*self._partners.values(), self._control):
                listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _keep_outages(self) -> None:
        while not self._stopped.wait(self._settings.outage_check_seconds):
            self._apply_outages()

    def _apply_outages(self) -> None:
        """Close and open listeners as the plan wants it now."""
        with self._switching:
            if self._stopped.is_set():
                return
            for name, listener in self._partners.items():
                if refuses_connections(self._book.find_timed(name)):
                    listener.refuse()
                else:
                    listener.open()
