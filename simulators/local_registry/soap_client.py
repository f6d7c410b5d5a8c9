"""One connection of a commune whose software speaks SOAP: it knows the gateway's WSDL and nothing else."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, Self

import zeep
import zeep.exceptions
from zeep.helpers import serialize_object
from zeep.transports import Transport
from zeep.wsse.username import UsernameToken

from simulators.local_registry.client import LATER, PAUSE_SECONDS, Answer, Credentials, GatewayUnreachable

PATH: Final = "/soap/registry"
WAY: Final = "SOAP"
_MANY: Final = "RegisterMany"
_BYTES_ENDING: Final = "_base64"
"""Fields that the contract declares as base64Binary: a toolkit's caller has bytes there."""
_AGAIN: Final = LATER | {HTTPStatus.UNAUTHORIZED}
"""Unauthorised too: each try carries a new nonce and a new time."""


class CannotWrite(Exception):
    """The toolkit itself refuses such a message: the contract has no place for what it says."""


class SoapGatewayClient:
    """Used by one thread; signs each message with the digest of its SOAP password."""

    def __init__(
        self,
        find_address: Callable[[], str],
        credentials: Credentials,
        *,
        port: str = "RegistrySoap11",
        give_up_seconds: float = 60.0,
        answer_seconds: float = 10.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._find_address = find_address
        self._token: Any = UsernameToken(  # type: ignore[no-untyped-call]  # zeep is not annotated
            credentials.client_id, credentials.soap_password, use_digest=True
        )
        self._port = port
        self._give_up_seconds = give_up_seconds
        self._answer_seconds = answer_seconds
        self._sleep = sleep
        self._client: Any = None  # zeep carries no types
        self._operations: Mapping[str, str] = {}
        self._last_failure = "nothing was sent"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.transport.session.close()

    def post_event(self, content: bytes) -> Answer:
        """Hand in one event until there is an answer that is not "later".

        Raises:
            CannotWrite: the toolkit finds no place for it in the contract.
            GatewayUnreachable: no usable answer in time.

        """
        message = json.loads(content)
        last_moment = time.monotonic() + self._give_up_seconds
        tries = 0
        while time.monotonic() < last_moment:
            tries += 1
            answer = self._try(message, tries)
            if answer is not None and answer.status not in _AGAIN:
                return answer
            self._sleep(PAUSE_SECONDS)
        what = f"POST {PATH}"
        raise GatewayUnreachable(what, self._give_up_seconds, self._last_failure)

    def _try(self, message: Mapping[str, Any], tries: int) -> Answer | None:
        """One try; None when no answer came, which says nothing about what became of the message."""
        event_type = str(message["event_type"])
        try:
            service, operation = self._service(event_type)
            receipt = service[operation](**{event_type: _typed(message)})
        except zeep.exceptions.Fault as fault:
            return self._refused(fault, tries)
        except OSError as error:  # the network, in whatever words
            self._last_failure = type(error).__name__
            return None
        except (zeep.exceptions.ValidationError, TypeError, ValueError) as error:
            raise CannotWrite(type(error).__name__) from error
        except zeep.exceptions.Error as error:
            self._last_failure = type(error).__name__
            return None
        return _answer(HTTPStatus.OK, _plain(receipt), tries)

    def _refused(self, fault: zeep.exceptions.Fault, tries: int) -> Answer:
        problem: dict[str, Any] = {}
        if fault.detail is not None and len(fault.detail):
            problem = _plain(self._client.wsdl.types.deserialize(fault.detail[0]))
        status = int(problem.get("status") or HTTPStatus.INTERNAL_SERVER_ERROR)
        self._last_failure = f"status {status}"
        return _answer(status, problem, tries)

    def _service(self, event_type: str) -> tuple[Any, str]:
        """The port at today's address, and the operation that takes such an event."""
        address = f"{self._find_address()}{PATH}"
        if self._client is None:
            transport = Transport(  # type: ignore[no-untyped-call]  # zeep is not annotated
                timeout=self._answer_seconds, operation_timeout=self._answer_seconds
            )
            transport.session.trust_env = False
            self._client = zeep.Client(  # type: ignore[no-untyped-call]  # as just above
                f"{address}?wsdl", wsse=self._token, transport=transport
            )
            self._operations = _operations(self._client, self._port)
        if event_type not in self._operations:
            raise CannotWrite(event_type)
        binding = next(each for each in self._client.wsdl.bindings if each.endswith(f"}}{self._port}"))
        return self._client.create_service(binding, address), self._operations[event_type]


def _operations(client: Any, port: str) -> Mapping[str, str]:  # noqa: ANN401 - zeep carries no types
    """By the element that each of them takes first."""
    bindings = client.wsdl.bindings.items()
    binding = next(each for name, each in bindings if name.endswith(f"}}{port}"))
    return {
        operation.input.body.type.elements[0][0]: name
        for name, operation in binding.all().items()
        if name != _MANY
    }


def _typed(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON value
    """As the toolkit wants it: files are bytes, and what there is none of is not mentioned."""
    if isinstance(value, Mapping):
        return {key: _typed(each, key) for key, each in value.items() if each != []}
    if isinstance(value, list):
        return [_typed(each) for each in value]
    return base64.b64decode(value) if name.endswith(_BYTES_ENDING) and isinstance(value, str) else value


def _plain(value: Any) -> dict[str, Any]:  # noqa: ANN401 - zeep carries no types
    found: dict[str, Any] = serialize_object(value, dict)  # type: ignore[no-untyped-call]  # zeep is not annotated
    return found


def _answer(status: int, body: Mapping[str, Any], tries: int) -> Answer:
    """Moments as text; one spelling for one answer, so that two of them can be compared."""
    content = json.dumps(body, default=_text, ensure_ascii=False, sort_keys=True).encode()
    return Answer(status, content, json.loads(content), tries, WAY)


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON has no word for
    return value.isoformat() if isinstance(value, datetime) else str(value)
