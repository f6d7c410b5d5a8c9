"""Whom a channel believes: the authorities of its settings, and only for the name it asked for."""

import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.errors import NotSent
from adapters.http import HttpChannel, HttpSettings
from adapters.line import ConnectionFailed, Request
from adapters.one_connection import Limits, OneConnection
from tests.support.raw_partner import RawPartner, answer_all, raw_partner


def _write_certificate(folder: Path, address: str) -> Path:
    """A certificate that vouches for itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "partner.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def _speaking_tls(certificate: Path) -> Callable[[socket.socket, RawPartner], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def serve(connection: socket.socket, partner: RawPartner) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            answer_all(secured, partner)

    return serve


def _channel(partner: RawPartner, ca_file: Path | None) -> HttpChannel:
    url = partner.url.replace("http://", "https://")
    settings = HttpSettings(
        url, connect_tries=1, keepalive_seconds=3600, ca_file=None if ca_file is None else str(ca_file)
    )
    return HttpChannel(settings, lambda: datetime.now(UTC))


def test_a_partner_whose_authority_is_named_is_believed_and_its_connection_kept(tmp_path: Path) -> None:
    certificate = _write_certificate(tmp_path, "127.0.0.1")
    with raw_partner(_speaking_tls(certificate)) as partner:
        channel = _channel(partner, certificate)
        for _ in range(3):
            assert channel.exchange("GET", "/", operation="test").status == 200
        channel.close()
    assert (partner.requests, len(partner.accepted)) == (3, 1)


@pytest.mark.parametrize(("address", "is_named"), [("127.0.0.1", False), ("127.0.0.2", True)])
def test_a_stranger_and_another_name_are_not_sent_anything(
    tmp_path: Path,
    address: str,
    is_named: bool,  # noqa: FBT001 - a parameter of the table above
) -> None:
    certificate = _write_certificate(tmp_path, address)
    announced: list[None] = []
    with raw_partner(_speaking_tls(certificate)) as partner:
        channel = _channel(partner, certificate if is_named else None)
        with pytest.raises(NotSent) as caught:
            channel.exchange("GET", "/", operation="test", announce=lambda: announced.append(None))
        channel.close()
    assert (announced, partner.requests) == ([], 0)
    assert "certificate" in str(caught.value.__cause__).lower()


def test_authorities_that_cannot_be_read_are_an_error_at_start(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    for name in ("missing.pem", "empty.pem"):
        with pytest.raises(OSError), raw_partner(answer_all) as partner:  # noqa: PT011 - of either kind
            _channel(partner, tmp_path / name)


def test_a_connection_speaks_http_and_nothing_else(tmp_path: Path) -> None:
    """Whatever address gets so far: neither a file nor another protocol is read."""
    kept = tmp_path / "kept"
    kept.write_text("secret", encoding="utf-8")
    line = OneConnection(Limits(1.0, 1.0, 1.0, 1_000, 60.0), certifi.where())
    for url in (
        kept.as_uri(),
        "dict://127.0.0.1:9/d:word",
        "telnet://127.0.0.1:9/",
        "ftp://127.0.0.1:9/kept",
    ):
        with pytest.raises(ConnectionFailed, match="UNSUPPORTED_PROTOCOL"):
            line.exchange(Request("GET", url, (), None), lambda: pytest.fail("nothing may leave"))
    line.close()
