"""Every quick start does against a served gateway and sandbox what its page promises."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.events import a_birth
from tests.support.gateway_process import GatewayProcess
from tests.support.quickstarts import QUICK_STARTS, QuickStart, busy_gateway
from tests.support.submissions import another_birth

RUNNABLE = [
    pytest.param(
        each,
        id=each.name,
        marks=pytest.mark.skipif(
            not each.is_installed(), reason="NOT RUN: the toolkit of this quick start is not installed here"
        ),
    )
    for each in QUICK_STARTS
]


@contextmanager
def _in_front(address: str, seen: list[Mapping[str, Any]]) -> Iterator[str]:
    server = busy_gateway(address, 1, seen)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _written(folder: Path, **events: Mapping[str, Any]) -> list[Path]:
    for name, event in events.items():
        (folder / f"{name}.json").write_text(json.dumps(event, ensure_ascii=False), encoding="utf-8")
    return [folder / f"{name}.json" for name in events]


@pytest.mark.parametrize("quick_start", RUNNABLE)
def test_it_gets_receipts_waits_when_told_shows_every_fault_and_says_when_it_has_no_token(
    quick_start: QuickStart, gateway: GatewayProcess, tmp_path: Path
) -> None:
    gateway.start()
    assert gateway.client is not None
    event = another_birth()
    faulty = a_birth(child__sex="nữ", mother__personal_id="123", registration__authority_code="99999")
    files = _written(tmp_path, first=event, changed={**event, "note": "khác"}, faulty=faulty)
    seen: list[Mapping[str, Any]] = []
    with _in_front(gateway.address, seen) as address:
        alone = quick_start.run(tmp_path, address, gateway.client, files[:1])
        assert alone.returncode == 0, alone.stdout + alone.stderr
        # Busy twice, then taken: the same key and the same bytes each time.
        assert len(seen) == 3
        assert len({(each["key"], each["body"]) for each in seen}) == 1
        assert seen[0]["key"]
        again = quick_start.run(tmp_path, address, gateway.client, files)
    assert again.returncode == 1, again.stdout + again.stderr
    receipt, *journey = alone.stdout.splitlines()
    event_id = receipt.removeprefix("accepted ").split()[0]
    assert gateway.journey(event_id)["source_event_id"] == event["source_event_id"]
    destinations = {each["destination"] for each in gateway.journey(event_id)["deliveries"]}
    assert {line.split()[2] for line in journey} <= destinations
    assert journey
    assert all(line.startswith(f"journey {event_id} ") for line in journey)
    lines = again.stdout.splitlines()
    assert lines[0].split()[:2] == ["accepted", event_id]
    assert [line.split()[:2] for line in lines if line.startswith("conflict")] == [
        ["conflict", "source_event_reused"]
    ]
    assert {tuple(line.split()[1:3]) for line in lines if line.startswith("fault ")} == {
        ("/child/sex", "not_in_list"),
        ("/mother/personal_id", "wrong_format"),
        ("/registration/authority_code", "authority_unknown"),
    }

    refused = quick_start.run(tmp_path, gateway.address, (gateway.client[0], "wrong"), files)
    assert (refused.returncode, refused.stdout) == (2, ""), refused.stdout + refused.stderr
    assert "no token" in refused.stderr
