"""Maintenance hours and opinions on faults, as an operator writes them."""

from datetime import UTC, datetime, time, timedelta

import pytest

from gateway.deliver.faults import FaultClass
from gateway.errors import SettingsInvalid
from gateway.model.clock import VIETNAM
from gateway.settings.pacing import FAULT_NAMES, fault_words, maintenance_window
from gateway.settings.reading import read_settings
from retry_queue.maintenance import Once, Weekly

REGISTRY = "HOTICH_DELIVERY__PACING__NATIONAL_REGISTRY__"


def test_windows_are_written_by_the_clock_in_vietnam() -> None:
    assert maintenance_window("sat+sun 01:30 90") == Weekly(
        frozenset({5, 6}), time(1, 30), timedelta(minutes=90), VIETNAM
    )
    assert maintenance_window("2026-12-01T22:00 2026-12-02T04:00") == Once(
        datetime(2026, 12, 1, 15, tzinfo=UTC), datetime(2026, 12, 1, 21, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    "text", ["sunday 22:00 6", "sun 25:00 60", "sun 22:00", "2026-12-02T04:00 2026-12-01T22:00"]
)
def test_window_that_cannot_be_read_is_named_with_its_remedy(text: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings({f"{REGISTRY}MAINTENANCE": f"[{text}]"})
    assert "delivery.pacing.national_registry.maintenance" in str(caught.value.details)


def test_faults_differ_only_in_what_is_said() -> None:
    assert fault_words("busy wait=60") == ("busy", 60.0, None, None)
    assert fault_words("unknown breaker=no window=yes") == ("unknown", None, False, True)
    for text in ("busy", "nonsense wait=1", "busy wait=-1", "busy window=maybe"):
        with pytest.raises(ValueError, match="must look like"):
            fault_words(text)


def test_every_class_of_fault_can_be_named() -> None:
    assert set(FAULT_NAMES) == {kind.value for kind in FaultClass}


def test_lists_of_windows_and_faults_come_from_the_environment() -> None:
    settings = read_settings(
        {f"{REGISTRY}MAINTENANCE": "[sun 22:00 360, wed 01:00 30]", f"{REGISTRY}FAULTS": "[busy wait=60]"}
    )
    pace = settings.delivery.pacing.national_registry
    assert (len(pace.windows()), pace.faults) == (2, ("busy wait=60",))
