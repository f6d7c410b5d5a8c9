"""One gateway that delivers with several processes: together, in order, and whoever of them is killed."""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from gateway.storage.sql.side_lock import try_lock
from tests.acceptance.offices import hand_in
from tests.support.families import a_family, another_birth
from tests.support.gateway_process import GatewayProcess
from tests.support.journals import assert_each_exactly_once, record_of, registry_order
from tests.support.postgres import PostgresServer
from tests.support.sandbox import Sandbox
from tests.support.waiting import wait_for

REGISTRY_SENT = 'hotich_attempts_total{destination="national_registry",outcome="accepted",verb="send"}'
ENDED = "hotich_processes_ended_total"
SLOW = {"system": "national_registry", "kind": "latency", "min_ms": 1500, "max_ms": 1500, "times": 0}
BIRTHS = 6


@pytest.fixture
def gateway(gateway: GatewayProcess) -> Iterator[GatewayProcess]:
    gateway.processes = 2
    gateway.personal_id_wait_seconds = 600
    yield gateway
    gateway.kill()
    for pid in pids(gateway):  # also where a test has failed while one stood still
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def on_both(request: pytest.FixtureRequest, gateway: GatewayProcess) -> Iterator[GatewayProcess]:
    if request.param == "sqlite":
        yield gateway
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create_database()
    gateway.database_url = server.url(name)
    yield gateway
    gateway.kill()
    wait_for(lambda: not any(map(is_there, pids(gateway))), "its further processes have ended")
    server.drop_database(name)


def lines(gateway: GatewayProcess, event: str) -> list[dict[str, Any]]:
    """What all processes wrote about this."""
    written = gateway.log.read_text(encoding="utf-8").splitlines() if gateway.log.exists() else []
    found = [json.loads(line) for line in written if line.startswith("{")]
    return [line for line in found if line["event"] == event]


def pids(gateway: GatewayProcess) -> list[int]:
    """Further processes, the latest last."""
    return [line["pid"] for line in lines(gateway, "deliverer.started")]


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def stand_still(pid: int, turn: Path) -> None:
    """Not while it writes: then nobody else could, and the next gateway would fail before it comes so far."""
    with turn.open() as file:
        while True:
            os.kill(pid, signal.SIGSTOP)
            wait_for(lambda: all(map(has_stopped, threads_of(pid))), "each of its threads stands still")
            if try_lock(file.fileno()):
                return
            os.kill(pid, signal.SIGCONT)


def threads_of(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").iterdir())


def has_stopped(thread: Path) -> bool:
    """A signal to stop reaches one thread after the other; until then one of them may begin to write."""
    return (thread / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T"


def value(gateway: GatewayProcess, name: str) -> float:
    answer = gateway._call("GET", "/metrics")  # noqa: SLF001  # text, where all its other answers are JSON
    assert answer is not None
    found = [line for line in answer.text.splitlines() if line.startswith(name)]
    return float(found[0].rsplit(" ", 1)[1]) if found else 0.0


def start(gateway: GatewayProcess) -> None:
    """And wait until the further process is at work, too."""
    before = len(lines(gateway, "deliverer.ready"))
    gateway.start()
    wait_for(lambda: len(lines(gateway, "deliverer.ready")) > before, "the second process delivers")


def attempts_of_the_second(gateway: GatewayProcess) -> list[dict[str, Any]]:
    return [
        line
        for line in lines(gateway, "delivery.attempted")
        if line.get("process") == 2 and line["destination"] == "national_registry"
    ]


def hand_in_until_both_are_at_work(
    gateway: GatewayProcess, events: list[dict[str, Any]], receipts: dict[str, str]
) -> None:
    start(gateway)
    hand_in(gateway, events, receipts)
    wait_for(lambda: attempts_of_the_second(gateway), "the second is at work")


def births() -> list[dict[str, Any]]:
    return [another_birth(number) for number in range(1, BIRTHS + 1)]


def wait_until_all_complete(gateway: GatewayProcess, receipts: dict[str, str]) -> None:
    for event_id in receipts.values():
        gateway.wait_until_complete(event_id)


def test_both_deliver_and_everything_is_counted_where_one_looks(
    on_both: GatewayProcess, sandbox: Sandbox
) -> None:
    gateway, events = on_both, [*births(), *a_family()]
    receipts: dict[str, str] = {}
    sandbox.plan(SLOW)
    start(gateway)
    hand_in(gateway, events, receipts)
    wait_until_all_complete(gateway, receipts)
    assert attempts_of_the_second(gateway)
    assert_each_exactly_once(sandbox, events)
    order = registry_order(sandbox)
    assert order.index(record_of(events[-2])) < order.index(record_of(events[-1]))
    wait_for(lambda: value(gateway, REGISTRY_SENT) == len(events), "each attempt is counted once")
    assert gateway.is_ready()
    assert {line["level"] for line in lines(gateway, "deliverer.ready")} == {"info"}


def test_a_second_process_that_is_killed_at_work_costs_nothing_and_comes_back(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    events = births()
    receipts: dict[str, str] = {}
    sandbox.plan(SLOW)
    hand_in_until_both_are_at_work(gateway, events, receipts)
    counted = value(gateway, REGISTRY_SENT)
    os.kill(pids(gateway)[-1], signal.SIGKILL)
    wait_for(lambda: value(gateway, ENDED) == 1, "its end is seen")
    assert lines(gateway, "deliverer.ended")[0]["status"] == -signal.SIGKILL
    wait_for(lambda: len(lines(gateway, "deliverer.ready")) == 2, "another one delivers")
    wait_until_all_complete(gateway, receipts)
    assert_each_exactly_once(sandbox, events)
    wait_for(gateway.is_ready, "all is well again")
    assert value(gateway, REGISTRY_SENT) >= counted


def test_a_gateway_that_is_killed_takes_its_second_process_along_before_the_next_takes_over(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    events = births()
    receipts: dict[str, str] = {}
    sandbox.plan(SLOW, {"system": "one_stop", "kind": "hang", "committed": True, "seconds": 20, "times": 1})
    hand_in_until_both_are_at_work(gateway, events, receipts)
    left = pids(gateway)[-1]
    gateway.kill()
    sandbox.clear_plan()
    gateway.start()
    assert not is_there(left)
    hand_in(gateway, events, receipts)
    wait_until_all_complete(gateway, receipts)
    assert_each_exactly_once(sandbox, events)


def test_no_gateway_takes_over_while_a_process_of_a_killed_one_could_go_on(gateway: GatewayProcess) -> None:
    start(gateway)
    left = pids(gateway)[-1]
    stand_still(left, gateway.folder / "hotich.db-turn")
    gateway.kill()
    with pytest.raises(AssertionError, match="Another gateway still delivers"):
        gateway.start()
    gateway.kill()
    os.kill(left, signal.SIGKILL)
    start(gateway)
    assert gateway.is_ready()


def test_a_rate_is_kept_by_all_processes_together(gateway: GatewayProcess, sandbox: Sandbox) -> None:
    """Of six the last begins five intervals after the first; a rate for each process would halve that."""
    events, interval = births(), 2.0
    receipts: dict[str, str] = {}
    gateway.more_settings = (
        f"[delivery.pacing.national_registry]\nrate_per_second = {1 / interval}\nrate_burst = 1\n"
    )
    start(gateway)
    begun_at = time.monotonic()
    hand_in(gateway, events, receipts)
    wait_for(lambda: len(registry_order(sandbox)) == BIRTHS, "all are with the registry")
    assert time.monotonic() - begun_at >= (BIRTHS - 1) * interval
    wait_until_all_complete(gateway, receipts)
    assert_each_exactly_once(sandbox, events)


def test_a_gateway_that_is_told_to_stop_lets_its_second_process_finish(
    gateway: GatewayProcess, sandbox: Sandbox
) -> None:
    events = births()
    receipts: dict[str, str] = {}
    sandbox.plan(SLOW)
    hand_in_until_both_are_at_work(gateway, events, receipts)
    process, second = gateway.process, pids(gateway)[-1]
    os.kill(second, signal.SIGTERM)  # as a service manager does that tells every process
    gateway.stop()
    assert process is not None
    assert process.returncode == 0
    assert not is_there(second)
    assert not lines(gateway, "deliverer.killed")
    assert not lines(gateway, "deliverer.ended")
    sent = len(sandbox.records("national_registry"))
    recorded = [
        line for line in lines(gateway, "delivery.attempted") if line["destination"] == "national_registry"
    ]
    assert len([line for line in recorded if line["outcome"] == "accepted"]) == sent
    start(gateway)
    wait_until_all_complete(gateway, receipts)
    assert_each_exactly_once(sandbox, events)
