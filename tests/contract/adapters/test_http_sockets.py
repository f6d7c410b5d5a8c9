"""What the channel says about an exchange is true on real sockets."""

import socket
import threading
from datetime import UTC, datetime

import pytest

from adapters.errors import NotSent, OutcomeUnknown
from adapters.http import HttpAnswer, HttpChannel, HttpSettings
from adapters.port import Announce
from tests.support.raw_partner import (
    WAIT_SECONDS_MAX,
    Behaviour,
    RawPartner,
    answer_all,
    answer_one,
    raw_partner,
    reset,
    say_nothing,
    stop_half_way,
    talk_nonsense,
    wait_for_end,
)

OLD_CONNECTION_SECONDS = 3600.0


class LeaseLost(Exception):
    """What the gateway raises when the claim is no longer its own."""


def _channel(url: str, read_seconds: float = WAIT_SECONDS_MAX) -> HttpChannel:
    settings = HttpSettings(
        url,
        read_seconds=read_seconds,
        keepalive_seconds=OLD_CONNECTION_SECONDS,
        connect_wait_seconds_max=0.01,
    )
    return HttpChannel(settings, lambda: datetime.now(UTC))


def _exchange(channel: HttpChannel, announce: Announce | None = None) -> HttpAnswer:
    return channel.exchange("GET", "/", operation="test", announce=announce)


def _has_received_nothing(partner: RawPartner) -> bool:
    connection = partner.accepted[-1].dup()
    with connection:
        connection.settimeout(0)
        try:
            connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
    return False


def test_the_announcement_comes_with_the_connection_standing_and_no_byte_sent() -> None:
    seen: list[tuple[bool, bool]] = []
    with raw_partner(wait_for_end) as partner:
        channel = _channel(partner.url)

        def announce() -> None:
            seen.append((partner.has_accepted.wait(WAIT_SECONDS_MAX), _has_received_nothing(partner)))
            raise LeaseLost

        with pytest.raises(LeaseLost):
            _exchange(channel, announce)
        assert partner.has_ended.wait(WAIT_SECONDS_MAX)
        channel.close()
    assert (seen, partner.requests) == ([(True, True)], 0)


def test_a_kept_connection_announces_each_request() -> None:
    announced: list[int] = []
    with raw_partner(answer_all) as partner:
        channel = _channel(partner.url)
        for _ in range(3):
            _exchange(channel, lambda: announced.append(partner.requests))
        channel.close()
    assert (announced, len(partner.accepted)) == ([0, 1, 2], 1)


def test_a_connection_that_the_partner_has_closed_meanwhile_is_replaced() -> None:
    announced: list[int] = []
    with raw_partner(answer_one) as partner:
        channel = _channel(partner.url)
        _exchange(channel)
        assert partner.has_ended.wait(WAIT_SECONDS_MAX)
        assert _exchange(channel, lambda: announced.append(partner.requests)).status == 200
        channel.close()
    assert (announced, len(partner.accepted)) == ([1], 2)


def test_a_closed_port_means_not_sent_and_not_announced() -> None:
    announced: list[None] = []
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        channel = _channel(f"http://127.0.0.1:{deaf.getsockname()[1]}")
        with pytest.raises(NotSent):
            _exchange(channel, lambda: announced.append(None))
        channel.close()
    assert announced == []


@pytest.mark.parametrize("behave", [say_nothing, reset, stop_half_way, talk_nonsense])
def test_whatever_breaks_after_the_request_is_unknown_and_not_repeated(behave: Behaviour) -> None:
    with raw_partner(behave) as partner:
        channel = _channel(partner.url)
        with pytest.raises(OutcomeUnknown):
            _exchange(channel)
        channel.close()
    assert partner.requests == 1


def _wait_until_closed(connection: socket.socket, _partner: RawPartner) -> None:
    while connection.recv(65536):
        continue


def test_silence_is_unknown() -> None:
    with raw_partner(_wait_until_closed) as partner:
        channel = _channel(partner.url, read_seconds=0.1)
        with pytest.raises(OutcomeUnknown):
            _exchange(channel)
        channel.close()


def test_each_thread_has_one_connection_of_its_own() -> None:
    threads_count, exchanges_each = 6, 10
    statuses: list[int] = []
    with raw_partner(answer_all) as partner:
        channel = _channel(partner.url)

        def work() -> None:
            statuses.extend(_exchange(channel).status for _ in range(exchanges_each))

        threads = [threading.Thread(target=work) for _ in range(threads_count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        channel.close()
    assert statuses == [200] * threads_count * exchanges_each
    assert len(partner.accepted) == threads_count


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with raw_partner(answer_all) as partner:
        channel = _channel(partner.url)
        assert _exchange(channel).status == 200
        channel.close()
    assert partner.requests == 1
