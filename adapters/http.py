"""One HTTP exchange with a partner: says for certain whether anything left this machine.

One connection per thread: a pool of many connections searches all of them for each request and collapses.
No cookies, redirects, proxies or credentials of a client are wanted here.
"""

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

import certifi
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
from adapters.http_wire import UnsendableHeader, address_of, headers_of
from adapters.json_answer import find_json_object
from adapters.line import ConnectionFailed, ExchangeBroken, Line, Reply, Request
from adapters.one_connection import Limits, OneConnection
from adapters.port import Announce, Evidence
from adapters.setting_fault import SettingFault, require_positive

Now = Callable[[], datetime]
LineFactory = Callable[[], Line]

_LATER = frozenset({429, 503})
_NEVER = frozenset({400, 413, 414, 415, 422, 431})
_DELAY_DIGITS_MAX = 9
_WAIT_SECONDS_FIRST = 0.1
_ADDRESSES_KEPT = 100


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Where a partner is and how long we wait for it."""

    base_url: str
    """`https://host[:port][/path]`; no default, a missing address is an error at start."""
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    """Longest silence while sending or reading; looked at once a second."""
    answer_seconds: float = 60.0
    """Longest time for a whole answer from its first header, against partners that drip."""
    answer_bytes_max: int = 16 * 1024 * 1024
    keepalive_seconds: float = 4.0
    """In whole seconds; below one, none is kept. Short, so that a connection is seldom used in the moment in
    which the partner closes it."""
    connect_tries: int = 3
    connect_wait_seconds_max: float = 1.0
    """Longest wait between two tries to connect inside one attempt."""
    connect_total_seconds: float = 12.0
    """After so long no further try to connect begins."""
    ca_file: str | None = None
    """PEM file of certificate authorities to trust instead of the public ones (those of certifi)."""

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
        self._ca_file = _readable_ca_file(settings)
        self._lock = threading.Lock()
        self._lines: dict[threading.Thread, Line] = {}
        self._base_url = httpx.URL(settings.base_url.rstrip("/") + "/")
        self._addresses: dict[str, str] = {}
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
        try:
            sent_headers = headers_of(method, headers, content)
        except UnsendableHeader as error:
            raise NotSent(evidence_of(operation, request=content)) from error
        request = Request(method, self._address(path), sent_headers, content)
        try:
            reply = self._attempt(request, operation, announce)
        except NotSent as error:
            if not retry_connect or not _is_worth_connecting_again(error):
                raise
            reply = self._retrying(_Tries(error, lambda: self._attempt(request, operation, announce)))
        answer = HttpAnswer(operation, reply.status, reply.headers, reply.content, content)
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

    def _attempt(self, request: Request, operation: str, announce: Announce | None) -> Reply:
        try:
            return self._own_line().exchange(request, announce or _say_nothing)
        except ConnectionFailed as error:
            raise NotSent(evidence_of(operation, request=request.content)) from error
        except ExchangeBroken as error:
            raise OutcomeUnknown(evidence_of(operation, request=request.content)) from error

    def _address(self, path: str) -> str:
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
        settings = self._settings
        limits = Limits(
            settings.connect_seconds,
            settings.read_seconds,
            settings.answer_seconds,
            settings.answer_bytes_max,
            settings.keepalive_seconds,
        )
        return OneConnection(limits, self._ca_file)


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

    def __init__(self, failure: NotSent, attempt: Callable[[], Reply]) -> None:
        self._failure: NotSent | None = failure
        self._attempt = attempt

    def __call__(self) -> Reply:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure
        return self._attempt()


def _is_worth_connecting_again(error: BaseException) -> bool:
    return isinstance(error, NotSent) and isinstance(error.__cause__, ConnectionFailed)


def _say_nothing() -> None:
    """Nobody wants to know that the first byte is about to leave."""


def _readable_ca_file(settings: HttpSettings) -> str:
    """A file that cannot be read, or holds no certificate, is an error at start, not of each delivery."""
    if settings.ca_file is None:
        return certifi.where()
    ssl.create_default_context(cafile=settings.ca_file)
    return settings.ca_file
