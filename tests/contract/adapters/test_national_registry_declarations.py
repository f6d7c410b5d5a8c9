"""Dossiers before their registration, as our own mapping writes them, in the simulated registry."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import SecretStr

from adapters.http import HttpSettings
from adapters.national_registry.adapter import build
from adapters.national_registry.settings import NationalRegistrySettings
from adapters.national_registry.wire import VIETNAM
from adapters.port import (
    FACT_PERSONAL_ID,
    FACT_REGISTRATION_DATE,
    FACT_REGISTRATION_NUMBER,
    FACT_REGISTRATION_PAGE,
    FACT_REGISTRATION_VOLUME,
    Adapter,
    OutboundMessage,
    Stage,
)
from tests.support.declared_dossiers import message_of
from tests.support.dialects import LINKED_BIRTH, REMARK
from tests.support.sandbox import ACCOUNT_NAME, ACCOUNT_SECRET, Sandbox

SYSTEM = "national_registry"
VOLUMES = ["birth", "linked_birth", "linked_death", "electronic_marriage", "correction"]
BIRTHS = ["birth", "linked_birth"]


@pytest.fixture
def registry(sandbox: Sandbox) -> Iterator[Adapter]:
    http = HttpSettings(sandbox.addresses[SYSTEM], connect_wait_seconds_max=0.01)
    settings = NationalRegistrySettings(http, ACCOUNT_NAME, SecretStr(ACCOUNT_SECRET))
    adapter = build(settings, lambda: datetime.now(UTC))
    yield adapter
    adapter.close()


def _completed(registry: Adapter, message: OutboundMessage) -> dict[str, str]:
    """What is told of the entry once the clerk is done; the day is checked here, for it is today's."""
    registry.send(message, lambda: None)
    (news,) = registry.fetch([message])
    assert news.stage is Stage.COMPLETED
    facts = dict(news.facts)
    today = {datetime.now(VIETNAM).date(), (datetime.now(VIETNAM) - timedelta(minutes=5)).date()}
    assert date.fromisoformat(facts[FACT_REGISTRATION_DATE]) in today
    return facts


def _entry(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in facts.items() if name != FACT_PERSONAL_ID}


def _numbered(facts: Mapping[str, str], number: str = "1") -> dict[str, str]:
    day = facts[FACT_REGISTRATION_DATE]
    return {
        FACT_REGISTRATION_DATE: day,
        FACT_REGISTRATION_NUMBER: number,
        FACT_REGISTRATION_VOLUME: f"01/{day[:4]}",
        FACT_REGISTRATION_PAGE: number,
    }


@pytest.mark.parametrize("generation", ["1", "2"])
@pytest.mark.parametrize("name", VOLUMES)
def test_a_declared_matter_comes_back_with_the_whole_entry(
    registry: Adapter, name: str, generation: str
) -> None:
    facts = _completed(registry, message_of(name, generation))
    assert _entry(facts) == _numbered(facts)


@pytest.mark.parametrize("generation", ["1", "2"])
@pytest.mark.parametrize("name", BIRTHS)
def test_a_child_gets_its_number_even_if_its_nationality_is_left_to_the_clerk(
    registry: Adapter, name: str, generation: str
) -> None:
    facts = _completed(registry, message_of(name, generation))
    assert facts[FACT_PERSONAL_ID].startswith("099")


def test_a_copy_comes_back_with_its_own_number_and_its_day(registry: Adapter) -> None:
    facts = _completed(registry, message_of("copy"))
    assert set(facts) == {FACT_REGISTRATION_NUMBER, FACT_REGISTRATION_DATE}
    assert facts[FACT_REGISTRATION_NUMBER] == "1/TLKS-BS"


@pytest.mark.parametrize(("name", "generation"), [("supplement", "1"), ("supplement", "2"), ("remark", "2")])
def test_what_is_written_into_an_entry_that_exists_comes_back_with_its_day_only(
    registry: Adapter, name: str, generation: str
) -> None:
    assert set(_completed(registry, message_of(name, generation))) == {FACT_REGISTRATION_DATE}


@pytest.mark.parametrize(("name", "record"), [("linked_birth", LINKED_BIRTH), ("remark", REMARK)])
def test_the_examples_of_the_contract_are_taken_as_they_stand(
    sandbox: Sandbox, registry: Adapter, name: str, record: Mapping[str, str]
) -> None:
    message = message_of(name)
    _completed(registry, replace(message, body={**message.body, "data": record}))
    (held,) = sandbox.records(SYSTEM)
    assert held["body"]["data"] == json.loads(json.dumps(record))


def test_a_change_does_not_pass_for_the_entry_that_it_changes(registry: Adapter) -> None:
    message = message_of("correction")
    record = message.body["data"]
    assert isinstance(record, Mapping)
    assert record["soDangKyHSGoc"] == "112"
    registered = {"so": "9", "quyenSo": "02/2025", "trangSo": "5", "ngayDangKy": "06/08/2025"}
    registry.send(replace(message, body={**message.body, "data": {**record, **registered}}), lambda: None)
    (news,) = registry.fetch([message])
    assert news.facts == {
        FACT_REGISTRATION_NUMBER: "9",
        FACT_REGISTRATION_VOLUME: "02/2025",
        FACT_REGISTRATION_PAGE: "5",
        FACT_REGISTRATION_DATE: "2025-08-06",
    }
