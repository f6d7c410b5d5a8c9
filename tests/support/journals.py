"""What the three simulated systems must hold in the end: each thing once, in order."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from tests.support.sandbox import Sandbox

SYSTEMS: Final = ("national_registry", "population_db", "one_stop")
MODULES: Final = {"birth": "KS", "marriage": "KH", "death": "KT"}
NUMBER_REQUESTS: Final = {"birth": 1, "marriage": 0, "death": 0}
NOTICES: Final = {"birth": 0, "marriage": 2, "death": 1}
"""For events whose children have no personal ID yet and whose adults have one."""
STEPS_OF_A_DOSSIER: Final = ["DongBoHoSoMC", "CapNhatTienDoHoSoMC/4", "CapNhatTienDoHoSoMC/9"]


def assert_each_exactly_once(sandbox: Sandbox, events: Iterable[Mapping[str, Any]]) -> None:
    """Nothing lost, nothing twice, at any of the three."""
    handed_in = list(events)
    _assert_registry(sandbox, handed_in)
    _assert_population(sandbox, handed_in)
    _assert_one_stop(sandbox, handed_in)
    for system in SYSTEMS:
        summary = sandbox.summary(system)
        assert (summary["duplicates"], summary["refused"]) == (0, 0), (system, summary)
        if system != "population_db":  # there, to ask is to repeat, and the repeat is absorbed by design
            assert summary["repeats_absorbed"] == 0, (system, summary)


def registry_order(sandbox: Sandbox) -> list[str]:
    """Module and dossier of each record, in the order of commitment."""
    return [record["identity"] for record in sandbox.records("national_registry")]


def record_of(event: Mapping[str, Any]) -> str:
    """Under which identity the registry holds the record of an event."""
    return f"{MODULES[event['event_type']]}/{event['dossier']['code']}"


def _assert_registry(sandbox: Sandbox, events: list[Mapping[str, Any]]) -> None:
    held, expected = sorted(registry_order(sandbox)), sorted(record_of(event) for event in events)
    assert held == expected, (held, expected)


def _assert_population(sandbox: Sandbox, events: list[Mapping[str, Any]]) -> None:
    operations = [record["operation"] for record in sandbox.records("population_db")]
    expected = {
        "capSoDinhDanh": sum(NUMBER_REQUESTS[event["event_type"]] for event in events),
        "thongBaoHoTich": sum(NOTICES[event["event_type"]] for event in events),
    }
    assert Counter(operations) == Counter(expected), (operations, expected)


def _assert_one_stop(sandbox: Sandbox, events: list[Mapping[str, Any]]) -> None:
    records = sandbox.records("one_stop")
    for event in events:
        code = event["dossier"]["code"]
        told = [_told(record) for record in records if record["identity"].partition("/")[0] == code]
        assert told == STEPS_OF_A_DOSSIER, (code, told)
    assert len(records) == len(events) * len(STEPS_OF_A_DOSSIER), records


def _told(record: Mapping[str, Any]) -> str:
    """The operation, and for a step the status that it tells."""
    parts = record["identity"].split("/")
    return "/".join([record["operation"], *parts[1:2]])
