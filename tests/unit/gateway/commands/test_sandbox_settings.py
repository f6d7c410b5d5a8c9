"""A gateway that is served with the sandbox sends to it, and to nothing else."""

import subprocess
from typing import cast

import pytest

from gateway.commands.sandbox import RunningSandbox
from gateway.settings import Settings

ADDRESSES = {
    "national_registry": "http://127.0.0.1:1",
    "population_db": "http://127.0.0.1:2/ws",
    "one_stop": "http://127.0.0.1:3",
}


class _Process:
    """A child that obeys, or one that must be killed."""

    stdout = None

    def __init__(self, *, obeys: bool) -> None:
        self.obeys, self.acts = obeys, list[str]()

    def terminate(self) -> None:
        self.acts.append("terminate")

    def kill(self) -> None:
        self.acts.append("kill")

    def wait(self, timeout: float | None = None) -> int:
        if timeout is not None and not self.obeys:
            raise subprocess.TimeoutExpired("simulators", timeout)
        return 0


def _sandbox(process: _Process) -> RunningSandbox:
    return RunningSandbox(cast("subprocess.Popen[str]", process), ADDRESSES, "s-secret")


def test_the_simulators_become_the_destinations_and_the_rest_stays() -> None:
    before = Settings(log_level="error")
    settings = _sandbox(_Process(obeys=True)).applied_to(before)
    assert settings.sandbox_mode
    assert settings.log_level == "error"
    found = settings.destinations
    assert found is not None
    assert found.national_registry.base_url == ADDRESSES["national_registry"]
    assert found.population_db.service_url == ADDRESSES["population_db"]
    assert found.one_stop.base_url == ADDRESSES["one_stop"]
    assert found.one_stop.password.get_secret_value() == "s-secret"
    assert "s-secret" not in repr(settings)


@pytest.mark.parametrize(("obeys", "acts"), [(True, ["terminate"]), (False, ["terminate", "kill"])])
def test_the_simulators_end_with_the_gateway(*, obeys: bool, acts: list[str]) -> None:
    process = _Process(obeys=obeys)
    _sandbox(process).stop()
    assert process.acts == acts
