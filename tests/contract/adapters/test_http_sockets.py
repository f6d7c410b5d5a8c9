"""What the channel says about an exchange is true on real sockets."""

import gzip
import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from adapters.errors import NotSent, OutcomeUnknown
from adapters.http import HttpAnswer, HttpChannel, HttpSettings
from adapters.port import Announce
from tests.support.raw_partner import (
    OK,
    WAIT_SECONDS_MAX,
    Behaviour,
    RawPartner,
    answer_all,
    answer_one,
    raw_partner,
    read_request,
    reset,
    say_nothing,
    stop_half_way,
    talk_nonsense,
    wait_for_end,
)

OLD_CONNECTION_SECONDS = 3600.0


class LeaseLost(Exception):
    """What the gateway raises when the claim is no longer its own."""


def _channel(
    url: str,
    read_seconds: float = WAIT_SECONDS_MAX,
    keepalive_seconds: float = OLD_CONNECTION_SECONDS,
    answer_bytes_max: int = 1_000_000,
    answer_seconds: float = WAIT_SECONDS_MAX,
) -> HttpChannel:
    settings = HttpSettings(
        url,
        read_seconds=read_seconds,
        answer_bytes_max=answer_bytes_max,
        answer_seconds=answer_seconds,
        keepalive_seconds=keepalive_seconds,
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


def test_a_connection_that_was_idle_for_too_long_is_not_used_again() -> None:
    with raw_partner(answer_all) as partner:
        channel = _channel(partner.url, keepalive_seconds=0.0)
        for _ in range(2):
            _exchange(channel)
        channel.close()
    assert len(partner.accepted) == 2


def test_another_address_closes_the_connection_to_the_former() -> None:
    with raw_partner(answer_all) as former, raw_partner(answer_all) as other:
        channel = _channel(former.url)
        _exchange(channel)
        assert channel.exchange("GET", f"{other.url}/", operation="test").status == 200
        assert former.has_ended.wait(WAIT_SECONDS_MAX)
        assert _exchange(channel).status == 200
        channel.close()
    assert (len(former.accepted), len(other.accepted)) == (2, 1)


def test_after_an_announcement_that_failed_the_next_request_has_a_connection_of_its_own() -> None:
    def lose() -> None:
        raise LeaseLost

    with raw_partner(answer_all) as partner:
        channel = _channel(partner.url)
        _exchange(channel)
        with pytest.raises(LeaseLost):
            _exchange(channel, lose)
        assert _exchange(channel).status == 200
        channel.close()
    assert (partner.requests, len(partner.accepted)) == (2, 2)


HEAD = (
    b"%s /base/push?a=1 HTTP/1.1\r\nHost: %s\r\nAccept-Encoding: identity\r\nUser-Agent: hotich-gateway\r\n"
    b"Accept: */*\r\nX-Kind: test\r\nX-Empty:\r\n%sConnection: keep-alive\r\n\r\n"
)


@pytest.mark.parametrize(
    ("method", "content", "length"),
    [
        ("POST", b"{}", b"Content-Length: 2\r\n"),
        ("POST", b"", b"Content-Length: 0\r\n"),
        ("PUT", None, b"Content-Length: 0\r\n"),
        ("PUT", b"x" * 2_000_000, b"Content-Length: 2000000\r\n"),
        ("GET", None, b""),
    ],
)
def test_what_goes_over_the_wire_is_known_to_the_byte(
    method: str, content: bytes | None, length: bytes
) -> None:
    received: list[bytes] = []

    def keep(connection: socket.socket, _partner: RawPartner) -> None:
        arrived = b""
        while not arrived.endswith(b"\r\n\r\n" + (content or b"")):
            arrived += connection.recv(65536)
        received.append(arrived)
        connection.sendall(OK)

    with raw_partner(keep) as partner:
        host = partner.url.removeprefix("http://").encode()
        channel = _channel(f"{partner.url}/base")
        headers = {"X-Kind": "test", "X-Empty": ""}
        channel.exchange(method, "/push?a=1", headers=headers, content=content, operation="test")
        channel.close()
    assert received == [HEAD % (method.encode(), host, length) + (content or b"")]


@pytest.mark.parametrize("value", ["two\r\nX-Lines: 1", "không", "nul\x00"])
def test_a_header_that_cannot_be_sent_means_not_sent_and_is_not_told(value: str) -> None:
    with raw_partner(answer_all) as partner:
        channel = _channel(partner.url)
        with pytest.raises(NotSent) as caught:
            channel.exchange("GET", "/", headers={"Authorization": value}, operation="test")
        channel.close()
    assert partner.accepted == []
    assert value not in f"{caught.value!r}{caught.value.__cause__!r}"


@pytest.mark.parametrize(("limit", "is_taken"), [(5_000, True), (4_999, False)])
def test_a_compressed_answer_is_decoded_and_its_limit_is_that_of_what_is_in_it(
    limit: int,
    is_taken: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    packed = gzip.compress(b"x" * 5_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed)

    def answer_packed(connection: socket.socket, partner: RawPartner) -> None:
        read_request(connection, partner)
        connection.sendall(head + packed)

    with raw_partner(answer_packed) as partner:
        channel = _channel(partner.url, answer_bytes_max=limit)
        if is_taken:
            assert _exchange(channel).content == b"x" * 5_000
        else:
            with pytest.raises(OutcomeUnknown):
                _exchange(channel)
        channel.close()


def test_an_answer_that_is_not_compressed_as_it_says_is_unknown() -> None:
    def answer_plainly(connection: socket.socket, partner: RawPartner) -> None:
        read_request(connection, partner)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")

    with raw_partner(answer_plainly) as partner:
        channel = _channel(partner.url)
        with pytest.raises(OutcomeUnknown):
            _exchange(channel)
        channel.close()


def test_a_closed_port_means_not_sent_and_not_announced() -> None:
    announced: list[None] = []
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        channel = _channel(f"http://127.0.0.1:{deaf.getsockname()[1]}")
        with pytest.raises(NotSent) as caught:
            _exchange(channel, lambda: announced.append(None))
        channel.close()
    assert announced == []
    assert "COULDNT_CONNECT" in str(caught.value.__cause__)


def test_a_partner_that_has_gone_away_since_is_not_sent_anything() -> None:
    """The connection that was kept is not tried in its place, however often it is tried to connect."""
    announced: list[None] = []
    with raw_partner(answer_one) as partner:
        channel = _channel(partner.url)
        assert _exchange(channel).status == 200
        assert partner.has_ended.wait(WAIT_SECONDS_MAX)
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


def test_a_kept_connection_that_breaks_under_a_request_is_unknown_and_not_replaced() -> None:
    """The library would send again by itself."""
    announced: list[int] = []

    def answer_one_and_take_one(connection: socket.socket, partner: RawPartner) -> None:
        answer_one(connection, partner)
        read_request(connection, partner)

    with raw_partner(answer_one_and_take_one) as partner:
        channel = _channel(partner.url)
        assert _exchange(channel).status == 200
        with pytest.raises(OutcomeUnknown):
            _exchange(channel, lambda: announced.append(partner.requests))
        assert (announced, partner.requests) == ([1], 2)
        assert _exchange(channel).status == 200
        channel.close()
    assert partner.requests == 3


def _answering(*pieces: bytes, pause_seconds: float = 0.0) -> Behaviour:
    def answer(connection: socket.socket, partner: RawPartner) -> None:
        read_request(connection, partner)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause_seconds)

    return answer


def test_an_answer_that_drips_is_unknown_when_its_time_is_over() -> None:
    drops = [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", *[b"x"] * 100]
    with raw_partner(_answering(*drops, pause_seconds=0.02)) as partner:
        channel = _channel(partner.url, answer_seconds=0.1)
        with pytest.raises(OutcomeUnknown) as caught:
            _exchange(channel)
        channel.close()
    assert "takes too long" in str(caught.value.__cause__)


def test_only_the_last_head_counts_and_nothing_that_trails() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nX-Kind: early\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Kind: one\r\nx-kind:  two \r\n\r\n"
    trailed = b"2\r\n{}\r\n0\r\nX-Kind: trailing\r\n\r\n"
    with raw_partner(_answering(early, head + trailed)) as partner:
        channel = _channel(partner.url)
        answer = _exchange(channel)
        channel.close()
    assert (answer.status, answer.headers["x-kind"], answer.content) == (200, "one, two", b"{}")


def test_a_channel_closed_in_the_middle_lets_the_exchange_end_and_goes_on() -> None:
    statuses: list[int] = []
    is_closed = threading.Event()

    def answer_when_closed(connection: socket.socket, partner: RawPartner) -> None:
        while read_request(connection, partner):
            assert is_closed.wait(WAIT_SECONDS_MAX)
            connection.sendall(OK)

    with raw_partner(answer_when_closed) as partner:
        channel = _channel(partner.url)
        begun = threading.Event()
        thread = threading.Thread(target=lambda: statuses.append(_exchange(channel, begun.set).status))
        thread.start()
        assert begun.wait(WAIT_SECONDS_MAX)
        channel.close()
        is_closed.set()
        thread.join()
        assert _exchange(channel).status == 200
        channel.close()
    assert statuses == [200]


def test_silence_is_unknown_and_ended_by_us() -> None:
    closed: list[bool] = []

    def wait_until_closed(connection: socket.socket, _partner: RawPartner) -> None:
        while connection.recv(65536):
            continue
        closed.append(True)  # not reached when it is the partner who has waited for too long

    with raw_partner(wait_until_closed) as partner:
        channel = _channel(partner.url, read_seconds=0.1)
        with pytest.raises(OutcomeUnknown) as caught:
            _exchange(channel)
        channel.close()
    assert str(caught.value.__cause__) == "silence"
    assert closed == [True]


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
