"""The three adapters, built from settings; a missing destination is an error at start."""

from collections.abc import Mapping

from adapters.http import HttpSettings
from adapters.national_registry import adapter as national_registry
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.one_stop import adapter as one_stop
from adapters.one_stop.settings import OneStopSettings
from adapters.population_db import adapter as population_db
from adapters.population_db.settings import PopulationDatabaseSettings
from adapters.port import Adapter
from gateway.errors import SettingsInvalid
from gateway.model.clock import Clock
from gateway.model.ids import Destination
from gateway.settings import Settings
from gateway.settings.tree import DestinationSettings

NO_DESTINATIONS = (
    "destinations: no address of the three national systems is set. Name a file with the sections"
    " destinations.national_registry, destinations.population_db and destinations.one_stop in HOTICH_CONFIG,"
    " or start with `hotich-gateway serve --with-sandbox`."
)


def build_adapters(settings: Settings, clock: Clock) -> Mapping[Destination, Adapter]:
    """One adapter per destination. Raises `SettingsInvalid` when the destinations are not set."""
    found = settings.destinations
    if found is None:
        raise SettingsInvalid(problems=[NO_DESTINATIONS])
    return {
        Destination.NATIONAL_REGISTRY: _national_registry(found, clock),
        Destination.POPULATION_DB: _population_db(found, clock),
        Destination.ONE_STOP: _one_stop(found, clock),
    }


def national_registry_settings(found: DestinationSettings) -> NationalRegistrySettings:
    """The registry's settings in the adapter's words."""
    chosen = found.national_registry
    http = HttpSettings(chosen.base_url, chosen.connect_seconds, chosen.read_seconds)
    return NationalRegistrySettings(
        http,
        chosen.client_id,
        chosen.client_secret,
        first_generation_path=chosen.generation_1_path,
    )


def _national_registry(found: DestinationSettings, clock: Clock) -> Adapter:
    return national_registry.build(national_registry_settings(found), clock)


def _population_db(found: DestinationSettings, clock: Clock) -> Adapter:
    chosen = found.population_db
    http = HttpSettings(chosen.service_url, chosen.connect_seconds, chosen.read_seconds)
    settings = PopulationDatabaseSettings(http, chosen.user, chosen.secret, unit_code=chosen.unit_code)
    return population_db.build(settings, clock)


def _one_stop(found: DestinationSettings, clock: Clock) -> Adapter:
    chosen = found.one_stop
    http = HttpSettings(chosen.base_url, chosen.connect_seconds, chosen.read_seconds)
    settings = OneStopSettings(
        http,
        chosen.user,
        chosen.password,
        chosen.unit_code,
        linked_secret_id=chosen.linked_secret_id,
        linked_secret_pass=chosen.linked_secret_pass,
    )
    return one_stop.build(settings, clock)
