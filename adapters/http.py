"""One HTTP exchange with a partner: says for certain whether anything left this machine.

One connection per thread: a pool of many connections searches all of them for each request and collapses.
Requests go to httpcore, on which httpx stands: no cookies, redirects, proxies or credentials of a client
are wanted here, and looking for them takes as long as the exchange itself.
"""

import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

import httpcore
import httpx
from tenacity import (
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from adapters.errors import Busy, ContractBroken, NotAuthorized, NotSent, OutcomeUnknown
from adapters.evidence import evidence_of
from adapters.http_wire import Address, address_of, chunks_of, raw_headers, read_headers
from adapters.json_answer import find_json_object
from adapters.one_connection import Line, OneConnection
from adapters.port import Announce, Evidence
from adapters.setting_fault import SettingFault, require_positive

Now = Callable[[], datetime]
LineFactory = Callable[[], Line]

FIRST_BYTE = ".send_request_headers.started"
"""End of the trace event that httpcore raises with the connection standing and nothing written yet."""

_LATER = frozenset({429, 503})
_NEVER = frozenset({400, 413, 414, 415, 422, 431})
_DELAY_DIGITS_MAX = 9
_WAIT_SECONDS_FIRST = 0.1
_ADDRESSES_KEPT = 100
_BROKEN_OFF = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)
"""What httpcore raises; its errors have no root of their own."""


class ConnectionFailed(Exception):
    """Why no connection came to stand; carries no part of the request."""


class ExchangeBroken(Exception):
    """How an exchange broke off; carries no part of request or answer."""


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where a partner is and how long we wait for it."""

    base_url: str
    """`https://host[:port][/path]`; no default, a missing address is an error at start."""
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    """Longest silence while sending or reading."""
    answer_seconds: float = 60.0
    """Longest time for a whole answer body, against partners that drip."""
    answer_bytes_max: int = 16 * 1024 * 1024
    keepalive_seconds: float = 4.0
    """Short, so that a connection is seldom used in the moment in which the partner closes it."""
    connect_tries: int = 3
    connect_wait_seconds_max: float = 1.0
    """Longest wait between two tries to connect inside one attempt."""
    connect_total_seconds: float = 12.0
    """After so long no further try to connect begins."""
    ca_file: str | None = None
    """PEM file of certificate authorities to trust instead of the public ones."""

    def __post_init__(self) -> None:
        """Refuse addresses and limits that could never work."""
        url = httpx.URL(self.base_url)
        if url.scheme not in {"http", "https"} or not url.host or url.userinfo:
            raise SettingFault(
                "base_url",
                "phải có dạng https://máy-chủ[:cổng][/đường-dẫn], không kèm tài khoản; hãy sửa địa chỉ",
                "must look like https://host[:port][/path] without credentials; correct the address",
            )
        require_positive(self, "connect_seconds", "read_seconds", "answer_seconds", "answer_bytes_max")
        require_positive(self, "connect_total_seconds")
        require_positive(self, "connect_tries")


@dataclass(frozen=True)
class HttpAnswer:
    """A complete answer, whatever its status."""

    operation: str
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes
    request: bytes | None = None

    @cached_property
    def json_object(self) -> Mapping[str, object] | None:
        """The object that the body is, read when first asked for; None if it is anything else."""
        return find_json_object(self.content)

    @property
    def is_success(self) -> bool:
        """A status of the 200 family."""
        return httpx.codes.is_success(self.status)

    def evidence(self, partner_code: str | None = None, partner_text: str | None = None) -> Evidence:
        """Proof of this exchange, with what the adapter read in it."""
        return evidence_of(
            self.operation,
            request=self.request,
            response=self.content,
            http_status=self.status,
            partner_code=partner_code,
            partner_text=partner_text,
        )


@dataclass(frozen=True, slots=True)
class _Sent:
    """One request, the same on each try to connect."""

    method: str
    address: Address
    headers: Sequence[tuple[bytes, bytes]]
    operation: str
    content: bytes | None


class _AnswerTooLarge(Exception):
    """More bytes, or slower bytes, than the settings allow."""


class _FirstByte:
    """Listens to the transport: announces once, and remembers that the request began to leave."""

    def __init__(self, announce: Announce | None) -> None:
        self._announce = announce
        self.has_left = False

    def hear(self, event: str, _info: Mapping[str, object]) -> None:
        if not event.endswith(FIRST_BYTE) or self.has_left:
            return
        if self._announce is not None:
            self._announce()
        self.has_left = True


class HttpChannel:
    """Exchanges with one partner; safe to share between threads."""

    def __init__(
        self,
        settings: HttpSettings,
        now: Now,
        *,
        sleep: Callable[[float], None] = time.sleep,
        line: LineFactory | None = None,
    ) -> None:
        self._settings = settings
        self._now = now
        self._sleep = sleep
        self._new_line = self._one_connection if line is None else line
        self._trust = _trust_of(settings)
        self._lock = threading.Lock()
        self._lines: dict[threading.Thread, Line] = {}
        self._base_url = httpx.URL(settings.base_url.rstrip("/") + "/")
        self._addresses: dict[str, Address] = {}
        self._timeout = httpx.Timeout(settings.read_seconds, connect=settings.connect_seconds).as_dict()
        self._retrying = Retrying(
            retry=retry_if_exception(_is_worth_connecting_again),
            stop=stop_after_attempt(settings.connect_tries)
            | stop_after_delay(settings.connect_total_seconds),
            wait=wait_random_exponential(
                multiplier=_WAIT_SECONDS_FIRST, max=settings.connect_wait_seconds_max
            ),
            sleep=sleep,
            reraise=True,
        )

    def exchange(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        operation: str,
        announce: Announce | None = None,
        retry_connect: bool = True,
    ) -> HttpAnswer:
        """One request, one complete answer of any status but "later".

        `path` is below `base_url`, or a full address. `announce` is called once, with the connection standing
        and before the first byte leaves; what it raises comes out unchanged and nothing is sent.

        Raises NotSent, OutcomeUnknown, and Busy for 429 and 503.
        """
        address = self._address(path)
        sent = _Sent(method, address, raw_headers(method, address, headers, content), operation, content)
        try:
            answer = self._attempt(sent, announce)
        except NotSent as error:
            if not retry_connect or not _is_worth_connecting_again(error):
                raise
            answer = self._retrying(_Tries(error, lambda: self._attempt(sent, announce)))
        if answer.status in _LATER:
            raise Busy(answer.evidence(), retry_after_seconds(answer.headers.get("retry-after"), self._now()))
        return answer

    def pause(self, seconds: float) -> None:
        """Wait between two tries inside one attempt."""
        self._sleep(seconds)

    def close(self) -> None:
        """Close the connections of all threads; a later exchange opens new ones."""
        with self._lock:
            lines = list(self._lines.values())
            self._lines.clear()
        for line in lines:
            line.close()

    def _attempt(self, sent: _Sent, announce: Announce | None) -> HttpAnswer:
        first_byte = _FirstByte(announce)
        request = httpcore.Request(
            sent.method,
            sent.address.url,
            headers=sent.headers,
            content=sent.content,
            extensions={"timeout": self._timeout, "trace": first_byte.hear},
        )
        failure: Exception
        try:
            response = self._own_line().handle_request(request)
            try:
                body = self._read(response)
            finally:
                response.close()
            return HttpAnswer(sent.operation, response.status, read_headers(response), body, sent.content)
        except (*_BROKEN_OFF, httpx.DecodingError, _AnswerTooLarge) as error:
            failure = error
        # Raised out here, so that the library's exception, which knows the request, is not even its context.
        has_left = first_byte.has_left and not isinstance(failure, httpcore.LocalProtocolError)
        outcome = OutcomeUnknown if has_left else NotSent
        raise outcome(evidence_of(sent.operation, request=sent.content)) from _cause(failure)

    def _read(self, response: httpcore.Response) -> bytes:
        """The body, within the limits of size and time."""
        last_moment = time.monotonic() + self._settings.answer_seconds
        body = bytearray()
        for chunk in chunks_of(response):
            body += chunk
            if len(body) > self._settings.answer_bytes_max or time.monotonic() > last_moment:
                raise _AnswerTooLarge
        return bytes(body)

    def _address(self, path: str) -> Address:
        """As `httpx.Client` joins it to its base; reading an address takes long, and there are few."""
        address = self._addresses.get(path)
        if address is None:
            url = httpx.URL(path)
            if url.is_relative_url:
                url = self._base_url.copy_with(raw_path=self._base_url.raw_path + url.raw_path.lstrip(b"/"))
            address = address_of(url)
            if len(self._addresses) < _ADDRESSES_KEPT:
                self._addresses[path] = address
        return address

    def _own_line(self) -> Line:
        """This thread's own connection; those of ended threads are closed on the way."""
        thread = threading.current_thread()
        line = self._lines.get(thread)
        if line is not None:
            return line
        with self._lock:
            ended = [self._lines.pop(other) for other in list(self._lines) if not other.is_alive()]
            line = self._lines[thread] = self._new_line()
        for orphan in ended:
            orphan.close()
        return line

    def _one_connection(self) -> Line:
        return OneConnection(self._trust, self._settings.keepalive_seconds)


def unusable(answer: HttpAnswer) -> OutcomeUnknown | ContractBroken | NotAuthorized:
    """What an answer means in which the adapter did not find the partner's own words.

    Only a status that says "never this message" or "never you" is a decision; anything else proves nothing.
    """
    if answer.status in {401, 403}:
        return NotAuthorized(answer.evidence())
    if answer.status in _NEVER:
        return ContractBroken(answer.evidence())
    return OutcomeUnknown(answer.evidence())


def retry_after_seconds(value: str | None, now: datetime) -> float | None:
    """Seconds from now that a `Retry-After` header (delay or HTTP date) asks for; None if unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) <= _DELAY_DIGITS_MAX:
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


class _Tries:
    """What is tried again: the first call gives the failure that is there already."""

    def __init__(self, failure: NotSent, attempt: Callable[[], HttpAnswer]) -> None:
        self._failure: NotSent | None = failure
        self._attempt = attempt

    def __call__(self) -> HttpAnswer:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return self._attempt()


def _is_worth_connecting_again(error: BaseException) -> bool:
    return isinstance(error, NotSent) and isinstance(error.__cause__, ConnectionFailed)


def _cause(error: Exception) -> ConnectionFailed | ExchangeBroken:
    """A cause without the request that the library's exception holds; connection errors keep their words."""
    if isinstance(error, httpcore.ConnectError | httpcore.ConnectTimeout):
        return ConnectionFailed(f"{type(error).__name__}: {error}")
    return ExchangeBroken(type(error).__name__)


def _trust_of(settings: HttpSettings) -> ssl.SSLContext:
    if settings.ca_file is None:
        return httpx.create_ssl_context(trust_env=False)
    return ssl.create_default_context(cafile=settings.ca_file)
