"""Settings reach the queue and the deliveries as they were set, and divided where time is divided."""

from collections.abc import Mapping

import pytest

from gateway.bootstrap.office import speaking_office
from gateway.bootstrap.policies import delivery_policies, lane_settings
from gateway.bootstrap.reading import units_above
from gateway.model.ids import Destination
from gateway.settings import Settings
from gateway.settings.tree import BreakerSettings, DeliverySettings, RetrySettings
from mappings.canonical import parse_event
from mappings.canonical.declaration import AnyStored
from mappings.catalog import MappingViolation, TranslationContext
from tests.support.events import a_birth
from tests.support.house import START

SET = Settings(
    delivery=DeliverySettings(
        threads_per_destination=7,
        lease_seconds=70,
        retry=RetrySettings(
            schedule_seconds=(1, 2), ask_schedule_seconds=(3,), asks_max=4, retry_after_seconds_max=500
        ),
        breaker=BreakerSettings(failures_to_open=6, open_seconds=8, open_seconds_max=9),
    )
)


def test_retries_and_questions_follow_the_settings() -> None:
    policies = delivery_policies(SET)
    assert list(policies.retry.schedule_seconds) == [1, 2]
    assert list(policies.retry.ask_schedule_seconds) == [3]
    assert policies.retry.asks_max == 4
    assert policies.retry.retry_after_seconds_max == 500
    assert policies.destination_fault_seconds == SET.delivery.retry.destination_fault_seconds


@pytest.mark.parametrize("destination", list(Destination))
def test_each_lane_is_worked_as_the_settings_say(destination: Destination) -> None:
    lane = lane_settings(SET, destination)
    assert str(lane.lane) == destination.value
    assert (lane.threads, lane.lease_seconds) == (7, 70)
    breaker = lane.breaker
    assert (breaker.failures_to_open, breaker.open_seconds, breaker.open_seconds_max) == (6, 8, 9)
    assert lane.breaker.peace_seconds_max == 500


def test_the_shortest_waits_are_divided_with_the_rest() -> None:
    hurried = SET.model_copy(update={"time_factor": 100, "sandbox_mode": True})
    policies = delivery_policies(hurried)
    assert policies.retry.delay_seconds_min == 0.01
    assert list(policies.retry.schedule_seconds) == [0.01, 0.02]


def test_a_unit_is_covered_by_those_above_it_on_that_day() -> None:
    assert units_above("00691", START.date()) == {"00691", "08"}
    assert units_above("00691", START.date().replace(year=2024)) == {"00691", "024", "02"}
    assert units_above("99999", START.date()) == frozenset()


def test_the_office_speaks_where_the_event_says_nothing_and_never_over_it() -> None:
    catalog = _Listening()
    context = TranslationContext(request_id="GW-1", facts={"officer_name": "Trần Văn Mẫu"}, now=START)
    office = speaking_office(catalog, Settings())
    office.translate(parse_event(a_birth()), "one_stop", "dossier", context)
    (facts,) = catalog.heard
    assert facts["officer_name"] == "Trần Văn Mẫu"
    assert facts["office_name"] == Settings().office.name
    assert "officer_id" not in facts, "no destination is set, so nobody's number is invented"


class _Listening:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[Mapping[str, str]] = []

    def translate(
        self, event: AnyStored, destination: str, message: str, context: TranslationContext
    ) -> tuple[MappingViolation, ...]:
        assert (event.event_type, destination, message) == ("birth", "one_stop", "dossier")
        self.heard.append(context.facts)
        return ()
