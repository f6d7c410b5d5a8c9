"""An edge with webhooks, and couriers that work when the test says so."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.fernet import Fernet

from gateway.bootstrap.surroundings import Surroundings
from gateway.bootstrap.webhooks import webhook_courier
from gateway.observability.metrics import Metrics
from gateway.operations.webhooks.courier import Courier
from gateway.storage.ports import FeedEntry
from tests.support.edge_desk import Badge, EdgeDesk, opened_edge

PATH = "/api/v1/webhooks"
ALLOWED = {"WEBHOOKS__ALLOW_HTTP": "true", "WEBHOOKS__ALLOW_PRIVATE_ADDRESSES": "true"}
SCHEDULE = {"WEBHOOKS__SCHEDULE_SECONDS": "[10, 100]", "WEBHOOKS__JITTER_FRACTION": "0"}


@dataclass
class Post:
    """An edge, and couriers that work when the test says so."""

    desk: EdgeDesk
    couriers: list[Courier[Any]] = field(default_factory=list)
    metrics: Metrics = field(default_factory=Metrics)

    def courier(self) -> Courier[Any]:
        """Another process's, as it were."""
        gateway = self.desk.gateway
        around = Surroundings(self.desk.clock, lambda: 0.5, bytes)
        made = webhook_courier(gateway.stores, gateway.settings, around, self.metrics)
        assert made is not None
        self.couriers.append(made)
        return made

    def subscribe(self, url: str, *types: str, badge: Badge | None = None) -> dict[str, Any]:
        answer = self.desk.call(
            "POST", PATH, badge or self.desk.badge(), json={"url": url, "types": list(types)}
        )
        assert answer.status_code == httpx.codes.CREATED, answer.text
        made: dict[str, Any] = answer.json()
        return made

    def change(self, event_id: str, change: str, **detail: str) -> None:
        """Something happens to an event."""
        stores = self.desk.gateway.stores
        with stores.database.write() as transaction:
            entry = FeedEntry(event_id, change, None, detail, self.desk.clock())  # type: ignore[arg-type]  # a plain text
            stores.feed.append(transaction, [entry])

    def log(self, made: dict[str, Any], badge: Badge | None = None) -> list[dict[str, Any]]:
        answer = self.desk.call("GET", f"{PATH}/{made['webhook_id']}/messages", badge or self.desk.badge())
        assert answer.status_code == httpx.codes.OK, answer.text
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def show(self, made: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.desk.call(
            "GET", f"{PATH}/{made['webhook_id']}", self.desk.badge()
        ).json()
        return found


def opened_post(url: str, **more: str) -> Iterator[Post]:
    """Over a real database; couriers are stopped at the end."""
    wanted = {"WEBHOOKS__SEALING_KEYS": Fernet.generate_key().decode(), **ALLOWED, **SCHEDULE, **more}
    with opened_edge(url, starts=True, **wanted) as desk:
        post = Post(desk)
        try:
            yield post
        finally:
            for courier in post.couriers:
                courier.stop()
