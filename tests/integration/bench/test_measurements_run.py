"""Every measurement runs to its end with a handful of items; what it finds is nobody's business here."""

import sys

import pytest

from bench import __main__ as bench
from bench import bulk, delivery, drain, latency, peers, rabbit
from bench.rabbit import running_broker
from bench.rounds import best_of, in_turn, ratio, spread


def test_a_name_that_is_no_measurement_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"no such measurement: speed; there are .*delivery"):
        bench.main(["speed"])


def test_measurements_are_found_by_their_folder() -> None:
    assert {"api", "bulk", "delivery", "drain", "intake", "latency", "peers", "queue"} <= set(bench.names())


def test_one_that_fails_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        message = "no disk"
        raise OSError(message)

    monkeypatch.setattr(delivery, "main", fail)
    monkeypatch.setattr(drain, "main", lambda: sys.exit("not today"))
    monkeypatch.setattr(latency, "main", lambda: sys.stdout.write("measured\n"))
    with pytest.raises(SystemExit, match="failed: delivery, drain"):
        bench.main(["delivery", "drain", "latency"])
    said = capsys.readouterr()
    assert said.out == "== delivery\n== drain\n== latency\nmeasured\n"
    assert "OSError: no disk" in said.err
    assert "not today" in said.err


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


def test_without_a_broker_celery_is_left_out_loudly(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert peers.beside(None) == []
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    assert peers.beside(None) == []
    assert peers.beside("amqp://broker//") == ["Celery"]
    told = capsys.readouterr().out
    assert "CELERY IS LEFT OUT: not installed" in told
    assert "CELERY IS LEFT OUT: no rabbitmq-server was found, and HOTICH_BENCH_AMQP names no broker" in told


def test_the_address_of_a_broker_is_taken_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTICH_BENCH_AMQP", "amqp://elsewhere//")
    with running_broker() as address:
        assert address == "amqp://elsewhere//"


def test_without_program_and_address_there_is_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOTICH_BENCH_AMQP", raising=False)
    monkeypatch.setattr(rabbit, "find_program", lambda: None)
    with running_broker() as address:
        assert address is None


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
