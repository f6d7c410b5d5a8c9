"""What a time factor divides, and what it leaves alone."""

import pytest

from gateway.settings import Settings, policy_settings
from gateway.settings.hurried import MECHANISM_WHEN_HURRIED
from gateway.settings.reading import list_settings
from gateway.settings.section import Section
from gateway.settings.tree import DeliverySettings

FACTOR = 720
HURRIED = Settings(sandbox_mode=True, time_factor=FACTOR)


def _value(section: Section, path: tuple[str, ...]) -> object:
    value: object = section
    for name in path:
        value = getattr(value, name)
    return value


def test_without_a_factor_the_policies_are_as_set() -> None:
    assert policy_settings(Settings()) == DeliverySettings()


@pytest.mark.parametrize("path", [row.path for row in list_settings(DeliverySettings)], ids=".".join)
def test_every_duration_of_a_policy_is_divided_and_nothing_else(path: tuple[str, ...]) -> None:
    before, after = _value(DeliverySettings(), path), _value(policy_settings(HURRIED), path)
    if path[-1] in MECHANISM_WHEN_HURRIED:
        assert isinstance(before, int | float)
        assert after == min(before, MECHANISM_WHEN_HURRIED[path[-1]])
    elif "_seconds" not in path[-1]:
        assert after == before
    elif isinstance(before, tuple):
        assert after == tuple(part / FACTOR for part in before)
    else:
        assert isinstance(before, int | float)
        assert after == before / FACTOR


def test_twelve_hours_become_a_minute() -> None:
    assert policy_settings(HURRIED).promise_seconds == 60


def test_sockets_and_tokens_keep_their_real_time() -> None:
    outside_delivery = {row.path[0] for row in list_settings() if row.path[-1].endswith("_seconds")} - {
        "delivery"
    }
    assert outside_delivery == {"destinations", "imports", "intake", "security", "soap", "webhooks"}
    assert HURRIED.security == Settings().security
    assert HURRIED.intake == Settings().intake


def test_a_shorter_mechanism_stays_as_short_as_it_was_set() -> None:
    short = Settings(sandbox_mode=True, time_factor=2, delivery=DeliverySettings(lease_seconds=3))
    assert policy_settings(short).lease_seconds == 3
