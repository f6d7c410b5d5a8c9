"""Handing the events in: several connections, each family on one of them, so that its order is kept."""

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from simulators.local_registry.client import Answer, Credentials, GatewayClient, GatewayUnreachable
from simulators.local_registry.mistakes import Broken, Mistakes
from simulators.local_registry.soap_client import CannotWrite, SoapGatewayClient
from simulators.local_registry.township import Registered

WAIT_STEP_SECONDS = 0.05
REST, SOAP_EVERY = 0, 3
SOAP_PORTS = ("RegistrySoap11", "RegistrySoap12")
Sender = GatewayClient | SoapGatewayClient


@dataclass(frozen=True, slots=True)
class Posted:
    """One message and the final answer to it."""

    source_event_id: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class RefusedMessage:
    """A broken message, what it was broken in, and the answer."""

    broken: Broken
    answer: Answer


@dataclass
class Outbox:
    """What has been answered so far; safe to read while it fills."""

    events: dict[str, Posted] = field(default_factory=dict)
    broken: list[RefusedMessage] = field(default_factory=list)
    repeats: list[Posted] = field(default_factory=list)
    conflicts: list[Posted] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    tries: int = 0

    @property
    def accepted(self) -> dict[str, Posted]:
        """Events with a receipt, by the communes' own number."""
        taken = {HTTPStatus.ACCEPTED, HTTPStatus.OK}
        return {name: posted for name, posted in list(self.events.items()) if posted.answer.status in taken}

    def source_of(self) -> dict[str, str]:
        """Gateway's event id -> the communes' own number."""
        return {str(each.answer.body["event_id"]): name for name, each in self.accepted.items()}


class Postroom:
    """Posts until everything is answered, or until told to stop."""

    def __init__(self, find_address: Callable[[], str], credentials: Credentials, connections: int) -> None:
        self._find_address = find_address
        self._credentials = credentials
        self._connections = connections
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._connection_of: Mapping[str, int] = {}
        self.outbox = Outbox()

    @property
    def is_busy(self) -> bool:
        """Say whether a connection is still at work."""
        return any(thread.is_alive() for thread in self._threads)

    def start(self, registered: Sequence[Registered], broken: Sequence[Broken]) -> None:
        """Begin; each event leaves when it has been registered, not before."""
        shares: list[list[Registered | Broken]] = [[] for _ in range(self._connections)]
        self._connection_of = {each.source_event_id: each.family % self._connections for each in registered}
        for event in registered:
            shares[event.family % self._connections].append(event)
        for number, each in enumerate(broken):
            share = shares[number % self._connections]
            share.insert(len(share) // 2, each)
        for connection, share in enumerate(shares):
            thread = threading.Thread(target=self._work, args=(connection, share), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Let the connections end after the message they are at."""
        self._stop.set()

    def post_mistakes(self, mistakes: Mistakes) -> None:
        """Repeats and conflicts, after everything is in; call it when no connection is busy."""
        accepted = self.outbox.accepted
        for event in mistakes.repeated:
            if event.source_event_id in accepted:
                with self._client(self._connection_of[event.source_event_id]) as sender:
                    answer = sender.post_event(_content(event.message))
                self.outbox.repeats.append(Posted(event.source_event_id, answer))
        with self._client(REST) as client:
            for message in (mistakes.changed, mistakes.renamed):
                answer = client.post_event(_content(message))
                self.outbox.conflicts.append(Posted(message["source_event_id"], answer))

    def _work(self, connection: int, share: Sequence[Registered | Broken]) -> None:
        with self._client(connection) as client:
            for each in share:
                if self._stop.is_set():
                    return
                try:
                    self._post(client, each)
                except GatewayUnreachable:
                    name = each.source_event_id if isinstance(each, Registered) else "broken message"
                    with self._lock:
                        self.outbox.unanswered.append(name)
                    # What comes later in the same families must not overtake what is missing.
                    return

    def _post(self, client: Sender, each: Registered | Broken) -> None:
        if isinstance(each, Broken):
            answer = self._post_broken(client, _content(each.message))
            with self._lock:
                self.outbox.broken.append(RefusedMessage(each, answer))
            return
        while datetime.now(UTC) < each.registered_at and not self._stop.is_set():
            time.sleep(WAIT_STEP_SECONDS)
        answer = client.post_event(_content(each.message))
        with self._lock:
            self.outbox.tries += answer.tries
            self.outbox.events[each.source_event_id] = Posted(each.source_event_id, answer)

    def _post_broken(self, client: Sender, content: bytes) -> Answer:
        """What a toolkit itself refuses to write goes the way on which everything can be written."""
        try:
            return client.post_event(content)
        except CannotWrite:
            with self._client(REST) as other:
                return other.post_event(content)

    def _client(self, connection: int) -> Sender:
        """Every third connection speaks SOAP, one version or the other; without a SOAP password none does."""
        if connection % SOAP_EVERY != SOAP_EVERY - 1 or not self._credentials.soap_password:
            return GatewayClient(self._find_address, self._credentials)
        port = SOAP_PORTS[connection // SOAP_EVERY % len(SOAP_PORTS)]
        return SoapGatewayClient(self._find_address, self._credentials, port=port)


def _content(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode()
