"""Every measurement runs to its end with a handful of items; what it finds is nobody's business here."""

import pytest

from bench import __main__ as bench
from bench import bulk, delivery, drain, latency, peers
from bench.rounds import best_of, in_turn, ratio, spread


def test_a_name_that_is_no_measurement_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"no such measurement: speed; there are .*delivery"):
        bench.main(["speed"])


def test_measurements_are_found_by_their_folder() -> None:
    assert {"api", "bulk", "delivery", "drain", "intake", "latency", "peers", "queue"} <= set(bench.names())


def test_rounds_are_run_in_turn_and_compared_round_by_round() -> None:
    order: list[str] = []

    def run(name: str, *rates: float) -> float:
        order.append(name)
        return rates[order.count(name) - 1]

    rates = in_turn({"slow": lambda: run("slow", 1, 4, 2), "fast": lambda: run("fast", 4, 8, 4)}, rounds=3)
    assert order == ["slow", "fast"] * 3
    assert best_of(rates, ["slow", "fast"]) == "fast"
    assert ratio(rates, "slow", "fast") == spread([0.25, 0.5, 0.5])


def test_delivery(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "THREADS", (1, 2))
    delivery.main(["--deliveries", "12", "--rounds", "1", "--sqlite-only"])
    told = capsys.readouterr().out
    assert "gateway, SQLite / bare httpx" in told or "gateway, SQLite / httpx" in told


def test_latency(capsys: pytest.CaptureFixture[str]) -> None:
    latency.main(["--events", "3", "--rounds", "1"])
    assert "POST to registry" in capsys.readouterr().out


def test_drain(capsys: pytest.CaptureFixture[str]) -> None:
    drain.main(["--events", "4", "--threads", "4"])
    told = capsys.readouterr().out
    assert "a nation's 30000 events at this rate" in told
    assert "  16 deliveries in" in told  # number, record, dossier and the step that tells of the record


def test_peers(capsys: pytest.CaptureFixture[str]) -> None:
    peers.main(["--share", "0.02", "--rounds", "1", "--workers", "1"])
    assert "ours / raw SQL" in capsys.readouterr().out


@pytest.mark.timeout(240)
def test_bulk(capsys: pytest.CaptureFixture[str]) -> None:
    bulk.main(["--rows", "40"])
    told = capsys.readouterr().out
    assert "memory, 40 rows / 4 rows" in told
    assert "rows that the second import changed: none" in told
    assert "the client went away after 20 results and resumed" in told
    assert "40 events stored, none lost, none twice" in told


def test_bulk_wants_as_many_rows_as_it_can_compare() -> None:
    with pytest.raises(SystemExit):
        bulk.main(["--rows", "9"])
