"""One sandbox for all acceptance tests, emptied before each; a fresh gateway installation for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.gateway_process import GatewayProcess
from tests.support.sandbox import Sandbox, running_sandbox


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared_sandbox: Sandbox) -> Sandbox:
    shared_sandbox.reset()
    return shared_sandbox


@pytest.fixture
def gateway(tmp_path: Path, sandbox: Sandbox) -> Iterator[GatewayProcess]:
    process = GatewayProcess(tmp_path, sandbox)
    yield process
    process.kill()
