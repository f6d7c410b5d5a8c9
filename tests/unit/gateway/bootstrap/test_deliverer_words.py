"""What a gateway and its further processes say to each other arrives whole, or is known to be cut off."""

import json

from gateway.bootstrap.deliverer_words import (
    Orders,
    counts_line,
    orders_line,
    read_counts,
    read_orders,
    read_stop,
    stop_line,
)
from gateway.observability.metrics import AttemptCount
from gateway.settings import Settings, read_settings
from tests.support.served import settings_of

EVERY_KIND = {
    "HOTICH_DELIVERY__PROCESSES": "3",
    "HOTICH_DELIVERY__RETRY__SCHEDULE_SECONDS": "[1, 2.5]",
    "HOTICH_CODE_LISTS__FOLDER": "var/danh-muc",
    "HOTICH_OFFICE__NAME": "Sở Tư pháp tỉnh Điện Biên",
    "HOTICH_SOAP__PASSWORD_KEY": "a-key-of-more-than-thirty-two-characters",
    "HOTICH_DELIVERY__PACING__ONE_STOP__MAINTENANCE": "[sun 22:00 360]",
    "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__GENERATION_2_FROM": "2026-01-01T00:00:00+07:00",
}


def _settings() -> Settings:
    return read_settings(settings_of("postgresql+psycopg://u:p@h/d") | EVERY_KIND)


def test_settings_of_every_kind_and_their_secrets_arrive_whole() -> None:
    line = orders_line(Orders(2, _settings()))
    found = read_orders(line)
    assert found == Orders(2, _settings())
    assert found.settings.destinations is not None
    assert found.settings.destinations.national_registry.client_secret.get_secret_value() == "registry-secret"


def test_orders_are_one_line_whatever_is_set() -> None:
    line = orders_line(Orders(2, _settings().model_copy(update={"log_level": "two\nlines"})))
    assert line.count(b"\n") == 1


def test_a_stop_says_how_long_it_may_take_and_the_end_of_the_pipe_says_nothing() -> None:
    assert read_stop(stop_line(30)) == 30
    assert read_stop(b"") is None
    assert read_stop(stop_line(30)[:-1]) is None


def test_counts_arrive_in_order_and_nothing_is_a_line_too() -> None:
    counts = [AttemptCount("one_stop", "send", "accepted", 12.5), AttemptCount("one_stop", "ask", "unknown")]
    assert read_counts(counts_line(counts)) == counts
    assert json.loads(counts_line([])) == []
