"""A SOAP partner without a socket: gives the answers it was told, in turn, and keeps what it was sent."""

from collections import deque
from datetime import UTC, datetime

import httpx
from pydantic import SecretStr

from adapters.http import HttpChannel, HttpSettings
from adapters.population_db.adapter import PopulationDatabase
from adapters.population_db.settings import PopulationDatabaseSettings
from tests.support.line import FIRST_BYTE, LineTo

NOW = datetime(2026, 11, 22, 1, 2, 3, 456000, tzinfo=UTC)
SERVICE_URL = "http://population.test/dancuquocgia"
SETTINGS = PopulationDatabaseSettings(HttpSettings(SERVICE_URL), "gateway", SecretStr("invented"))

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
OPERATIONS = "http://dancuquocgia.bca"


def envelope(payload: str, status: int = 200) -> httpx.Response:
    """An answer whose SOAP body holds `payload`."""
    content = f'<e:Envelope xmlns:e="{ENVELOPE}"><e:Body>{payload}</e:Body></e:Envelope>'
    return httpx.Response(status, content=content.encode(), headers={"Content-Type": "text/xml"})


def answer(operation: str, children: str) -> httpx.Response:
    """A wrapped answer of an operation."""
    return envelope(f'<b:{operation}Response xmlns:b="{OPERATIONS}">{children}</b:{operation}Response>')


def fault(code: str, text: str = "said no", status: int = 500) -> httpx.Response:
    """A SOAP 1.1 fault."""
    return envelope(
        f"<e:Fault><faultcode>e:{code}</faultcode><faultstring>{text}</faultstring></e:Fault>", status
    )


class ScriptedPartner:
    """Raises an answer that is an exception, after the first byte has left, as a broken connection would."""

    def __init__(self, *answers: httpx.Response | Exception, is_reachable: bool = True) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = deque(answers)
        self._is_reachable = is_reachable

    def line(self) -> LineTo:
        """What an `HttpChannel` takes instead of a network."""
        return LineTo(httpx.MockTransport(self._take))

    def adapter(self, settings: PopulationDatabaseSettings = SETTINGS) -> PopulationDatabase:
        """The adapter in front of this partner."""
        channel = HttpChannel(settings.http, lambda: NOW, sleep=lambda _seconds: None, line=self.line)
        return PopulationDatabase(settings, channel, lambda: NOW)

    def _take(self, request: httpx.Request) -> httpx.Response:
        if not self._is_reachable:
            raise httpx.ConnectError("refused", request=request)
        request.extensions["trace"](FIRST_BYTE, {})
        self.requests.append(request)
        told = self._answers.popleft()
        if isinstance(told, Exception):
            raise told
        return told
