from collections.abc import Iterator

import pytest

from simulators.sandbox import Sandbox, SandboxSettings
from tests.integration.simulators.sandbox_calls import SandboxCaller


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    settings = SandboxSettings(
        national_registry_port=0, population_db_port=0, one_stop_port=0, control_port=0, clerk_seconds=0
    )
    with Sandbox(settings) as running:
        yield running


@pytest.fixture
def caller(sandbox: Sandbox) -> Iterator[SandboxCaller]:
    calling = SandboxCaller(sandbox)
    yield calling
    calling.close()
