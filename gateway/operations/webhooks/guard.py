"""Where messages may be sent: nobody makes the gateway call what only it can reach (SSRF)."""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

URL_CHARACTERS_MAX: Final = 2_000
Resolve = Callable[[str, int], Sequence[str]]
"""Host name and port -> its addresses; raises `OSError`."""


class Forbidden(ValueError):
    """The address may not be called; `reason` says why in one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the very address that was looked at, so that a name cannot change in between."""

    scheme: str
    host: str
    address: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """By address; the name goes into the Host header and into TLS."""
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{address}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """With the port unless it is the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Guard:
    """What the settings allow."""

    allow_http: bool = False
    allow_private_addresses: bool = False

    def check(self, url: str) -> None:
        """What the address itself shows. Raises `Forbidden`."""
        _, host, _, _ = self._split(url)
        if self._is_address(host) and not self._may_connect(host):
            raise Forbidden("private_address")

    def aim(self, url: str, resolve: Resolve) -> Target:
        """Resolve now; one private address among several forbids all. Raises `Forbidden`, `OSError`."""
        scheme, host, port, path = self._split(url)
        addresses = [host] if self._is_address(host) else list(resolve(host, port))
        if not addresses:
            raise OSError
        if not all(self._may_connect(each) for each in addresses):
            raise Forbidden("private_address")
        return Target(scheme, host, addresses[0], port, path)

    def _split(self, url: str) -> tuple[str, str, int, str]:
        if len(url) > URL_CHARACTERS_MAX or not url.isascii() or not url.isprintable() or " " in url:
            raise Forbidden("not_an_address")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise Forbidden("not_an_address") from None
        if parts.scheme not in _PORTS or not parts.hostname or parts.fragment:
            raise Forbidden("not_an_address")
        if parts.scheme == "http" and not self.allow_http:
            raise Forbidden("not_https")
        if parts.username is not None or parts.password is not None:
            raise Forbidden("holds_credentials")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path

    def _may_connect(self, address: str) -> bool:
        found = ipaddress.ip_address(address.partition("%")[0])
        if isinstance(found, ipaddress.IPv6Address):
            # An IPv4 address in disguise is judged as what it is.
            found = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1] or found
        if found.is_unspecified or found.is_multicast:
            return False
        return self.allow_private_addresses or found.is_global

    @staticmethod
    def _is_address(host: str) -> bool:
        try:
            ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        return True


def resolve_name(host: str, port: int) -> Sequence[str]:
    """All addresses of a name. Raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))
