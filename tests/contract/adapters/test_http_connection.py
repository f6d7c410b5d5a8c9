"""What our own connection makes of the answers that servers give on real sockets."""

import gzip
import socket
import ssl
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.errors import NotSent, OutcomeUnknown
from adapters.http import HttpAnswer, HttpChannel, HttpSettings
from tests.support.raw_partner import OK, WAIT_SECONDS_MAX, Behaviour, RawPartner, raw_partner, read_request

LIMIT = 100_000


@contextmanager
def talk_with(behave: Behaviour, path: str = "") -> Iterator[tuple[RawPartner, HttpChannel]]:
    """A partner and a channel to it, which hangs up first."""
    with raw_partner(behave) as partner:
        channel = _channel(f"{partner.url}{path}")
        try:
            yield partner, channel
        finally:
            channel.close()


def _channel(url: str, ca_file: str | None = None) -> HttpChannel:
    settings = HttpSettings(
        url,
        read_seconds=WAIT_SECONDS_MAX,
        keepalive_seconds=3600,
        answer_bytes_max=LIMIT,
        connect_tries=1,
        ca_file=ca_file,
    )
    return HttpChannel(settings, lambda: datetime.now(UTC))


def _says(*pieces: bytes) -> Behaviour:
    """Answers every request with these pieces; an empty one closes."""

    def behave(connection: socket.socket, partner: RawPartner) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while read_request(connection, partner):
            for piece in pieces:
                if not piece:
                    return
                connection.sendall(piece)

    return behave


def _get(channel: HttpChannel) -> HttpAnswer:
    return channel.exchange("GET", "/", operation="test")


@pytest.mark.parametrize(
    ("pieces", "content"),
    [
        ((b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", b"ab", b"cd"), b"abcd"),
        ((b"HT", b"TP/1.1 200 OK\r\nContent-Le", b"ngth: 2\r\n\r", b"\n{}"), b"{}"),
        (
            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\nT: r\r\n\r\n",),
            b"abcd",
        ),
        ((b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Wait\r\nX: y\r\n\r\n", OK), b"{}"),
        ((b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}",), b"{}"),
        ((b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}",), b"{}"),
        ((b"HTTP/1.0 200 OK\r\n\r\nuntil ", b"the end", b""), b"until the end"),
        ((b"HTTP/1.1 204 Nothing\r\n\r\n",), b""),
    ],
)
def test_answers_are_read_however_they_are_framed(pieces: tuple[bytes, ...], content: bytes) -> None:
    with talk_with(_says(*pieces)) as (_, channel):
        answer = _get(channel)
    assert (answer.status // 100, answer.content) == (2, content)
    assert "x" not in answer.headers


@pytest.mark.parametrize(
    "pieces",
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", b""),
        (b"HTTP/1.1 101 Other\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000,),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"y" * 200_000,),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nnot a",),
    ],
)
def test_what_is_no_answer_leaves_the_outcome_unknown(pieces: tuple[bytes, ...]) -> None:
    with talk_with(_says(*pieces)) as (partner, channel), pytest.raises(OutcomeUnknown):
        _get(channel)
    assert partner.requests == 1


def test_names_of_headers_come_in_lower_case_and_repeated_ones_together() -> None:
    told = b"HTTP/1.1 200 OK\r\nX-One: a\r\nx-one: b\r\nContent-Length: 0\r\n\r\n"
    with talk_with(_says(told)) as (_, channel):
        assert _get(channel).headers == {"x-one": "a, b", "content-length": "0"}


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_a_body_that_was_compressed_unasked_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    body = pack(b'{"status": "1"}')
    name = b"gzip" if pack is gzip.compress else b"deflate"
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (name, len(body))
    with talk_with(_says(head + body)) as (_, channel):
        assert _get(channel).content == b'{"status": "1"}'


def test_a_small_body_that_unpacks_to_too_much_is_no_answer() -> None:
    body = gzip.compress(b"0" * 50 * LIMIT)
    assert len(body) < LIMIT
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    with talk_with(_says(head + body)) as (_, channel), pytest.raises(OutcomeUnknown):
        _get(channel)


@pytest.mark.parametrize(
    "told",
    [
        OK + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        OK + b"rubbish",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_a_connection_on_which_more_was_said_or_that_ends_is_not_used_again(told: bytes) -> None:
    with talk_with(_says(told)) as (partner, channel):
        contents = [_get(channel).content for _ in range(2)]
    assert (contents, len(partner.accepted)) == ([b"{}", b"{}"], 2)


def test_an_answer_to_a_request_that_was_not_read_to_its_end_counts() -> None:
    def refuse(connection: socket.socket, partner: RawPartner) -> None:
        if read_request(connection, partner):
            connection.sendall(b"HTTP/1.1 413 Too much\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                continue

    with talk_with(refuse) as (_, channel):
        answer = channel.exchange("POST", "/", content=b"x" * 3_000_000, operation="test")
    assert answer.status == 413


@pytest.mark.parametrize("headers", [{"X-One": "a\r\nX-Two: b"}, {"X-One\r\n": "a"}, {"X-One": "á"}])
def test_what_cannot_be_a_header_never_leaves(headers: dict[str, str]) -> None:
    announced: list[None] = []
    with talk_with(_says(OK)) as (partner, channel):
        with pytest.raises(NotSent):
            channel.exchange(
                "POST", "/", headers=headers, operation="test", announce=lambda: announced.append(None)
            )
        assert (partner.requests, announced) == (0, [])


def test_the_request_says_where_it_goes_and_how_long_it_is() -> None:
    received = b""

    def keep(connection: socket.socket, _partner: RawPartner) -> None:
        nonlocal received
        while not received.endswith(b"body"):
            received += connection.recv(65536)
        connection.sendall(OK)

    with talk_with(keep, "/base") as (partner, channel):
        host = partner.url.removeprefix("http://").encode()
        channel.exchange("POST", "/a b?c=đ", content=b"body", headers={"X": "y"}, operation="test")
    lines = received.split(b"\r\n")
    assert lines[0] == b"POST /base/a%20b?c=%C4%91 HTTP/1.1"
    assert {b"Host: " + host, b"Content-Length: 4", b"X: y", b"Accept-Encoding: identity"} <= set(lines)


def test_a_partner_that_speaks_no_tls_was_sent_nothing() -> None:
    announced: list[None] = []

    def plain(connection: socket.socket, _partner: RawPartner) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Speak plainly\r\n\r\n")

    with raw_partner(plain) as partner:
        channel = _channel(partner.url.replace("http://", "https://"))
        with pytest.raises(NotSent) as caught:
            channel.exchange("GET", "/", operation="test", announce=lambda: announced.append(None))
    assert announced == []
    assert ssl.SSLError.__name__ in str(caught.value.__cause__)


@pytest.mark.parametrize("is_trusted", [True, False])
def test_over_tls_only_a_partner_whose_authority_is_trusted_is_sent_anything(
    tmp_path: Path, *, is_trusted: bool
) -> None:
    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def behave(connection: socket.socket, partner: RawPartner) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            while read_request(secured, partner):
                secured.sendall(OK)

    with raw_partner(behave) as partner:
        url = partner.url.replace("http://127.0.0.1", "https://localhost")
        channel = _channel(url, str(certificate) if is_trusted else None)
        if is_trusted:
            assert [_get(channel).content for _ in range(2)] == [b"{}", b"{}"]
        else:
            with pytest.raises(NotSent):
                _get(channel)
        channel.close()
    assert partner.requests == (2 if is_trusted else 0)


def _certificate(folder: Path) -> Path:
    """Key and certificate of `localhost`, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "partner.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
