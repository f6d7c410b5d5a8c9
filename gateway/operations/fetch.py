"""Asking the destinations what is new: due watches, in groups as small as each destination wants them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from adapters.errors import AdapterError, ContractBroken, NotAuthorized
from adapters.port import Adapter, News, OutboundMessage
from gateway.model.clock import Clock
from gateway.model.delivery import Watch
from gateway.model.ids import Destination
from gateway.model.outcome import NotTranslated
from gateway.observability.logging import get_log
from gateway.storage.ports import Database, Deliveries
from retry_queue.breaker import Admission, admission
from retry_queue.job import Lane
from retry_queue.store import Lanes

TransactionT = TypeVar("TransactionT")

GROUPS_MAX = 20
"""Calls in one round to one destination; the rest comes with the next round."""

log = get_log("operations.fetch")


class Desk(Protocol):
    """Who knows the messages and writes down the news; deliver provides it, bootstrap hands it over."""

    def message_for(self, watch: Watch, now: datetime) -> OutboundMessage | NotTranslated:
        """The message as it was sent."""
        ...

    def record(self, watch: Watch, news: News, now: datetime) -> bool:
        """One transaction per piece of news; false, and nothing written, if nothing is new."""
        ...

    def postpone(self, watches: Sequence[Watch], now: datetime) -> None:
        """Nothing was heard of these."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one round brought."""

    asked: int
    new: int


@dataclass(frozen=True, slots=True)
class Fetcher(Generic[TransactionT]):
    """Serves all destinations; one call at a time per destination."""

    database: Database[TransactionT]
    deliveries: Deliveries[TransactionT]
    lanes: Lanes[TransactionT]
    desk: Desk
    adapters: Mapping[Destination, Adapter]
    clock: Clock
    on_news: Callable[[], None]
    """Told after a round that brought something: there may be work for the workers."""

    def fetch(self, destination: Destination) -> Fetched:
        """One round; a destination that is held or in peace is not asked."""
        adapter = self.adapters[destination]
        limit = adapter.fetch_limit
        watches = self._due(destination, limit * GROUPS_MAX)
        asked = new = 0
        for start in range(0, len(watches), limit):
            group = watches[start : start + limit]
            answered = self._fetch_group(adapter, group)
            if answered is None:
                self.desk.postpone(watches[start:], self.clock())
                break
            asked += len(group)
            new += answered
        if new:
            self.on_news()
        return Fetched(asked=asked, new=new)

    def _due(self, destination: Destination, limit: int) -> Sequence[Watch]:
        now = self.clock()
        with self.database.read() as transaction:
            health = self.lanes.get_lane(transaction, Lane(destination.value))
            if admission(health, now) is not Admission.ALL:
                return ()
            return self.deliveries.list_due_watches(transaction, destination, now, limit)

    def _fetch_group(self, adapter: Adapter, group: Sequence[Watch]) -> int | None:
        """How many of the group had news; None when the destination did not answer usefully."""
        messages = self._messages(group)
        if not messages:
            self.desk.postpone(group, self.clock())
            return 0
        try:
            answer = adapter.fetch([message for _, message in messages])
        except AdapterError as error:
            _tell(error, group[0].destination)
            return None
        by_request = {news.request_id: news for news in answer}
        told = [(watch, by_request.get(message.request_id)) for watch, message in messages]
        renewed = {
            watch.delivery_id
            for watch, news in told
            if news is not None and self.desk.record(watch, news, self.clock())
        }
        self.desk.postpone([watch for watch in group if watch.delivery_id not in renewed], self.clock())
        return len(renewed)

    def _messages(self, group: Sequence[Watch]) -> list[tuple[Watch, OutboundMessage]]:
        messages: list[tuple[Watch, OutboundMessage]] = []
        for watch in group:
            message = self.desk.message_for(watch, self.clock())
            if isinstance(message, NotTranslated):
                log.error(
                    "fetch.not_mapped", delivery_id=watch.delivery_id, destination=watch.destination.value
                )
            else:
                messages.append((watch, message))
        return messages


def _tell(error: AdapterError, destination: Destination) -> None:
    """A destination that is down is no surprise; refused credentials and broken answers need a person."""
    fields = {"destination": destination.value, "reason": type(error).__name__}
    if isinstance(error, NotAuthorized | ContractBroken):
        log.error("fetch.alarm", **fields)
    else:
        log.warning("fetch.failed", **fields)
