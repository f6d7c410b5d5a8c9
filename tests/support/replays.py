"""Bulk replays on an edge: the driver takes its turns, and destinations answer, when the test says so."""

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any

import httpx

from gateway.bootstrap.replays import replay_chore
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.ids import Destination
from retry_queue.job import JobId, Lane, Lease, Track
from retry_queue.store import Appetite
from retry_queue.verdict import Done, GiveUp, Verdict
from tests.support.edge_desk import Badge, EdgeDesk
from tests.support.house import StandInCatalog
from tests.support.partner import ScriptedPartner
from tests.support.submissions import another_birth

REPLAYS = "/api/v1/replays"
ONE_STOP = Lane(Destination.ONE_STOP.value)
NOT_MAPPED = "not_mapped"
LEASE = timedelta(seconds=60)


def _done(_lease: Lease) -> Verdict:
    return Done()


def _noise(name: bytes) -> Callable[[int], bytes]:
    """Chance of one process: it repeats itself, and is another one's never."""
    counter = itertools.count()
    return lambda size: sha256(name + str(next(counter)).encode()).digest()[:size]


@dataclass
class ReplayBench:
    """One lane, worked by hand."""

    desk: EdgeDesk
    finished: Counter[JobId] = field(default_factory=Counter)
    """How often each delivery reached its destination."""
    partner: ScriptedPartner = field(default_factory=ScriptedPartner)
    catalog: StandInCatalog = field(default_factory=StandInCatalog)

    def driver(self, name: bytes = b"driver-1") -> Callable[[], object]:
        """The chore of one process."""
        gateway = self.desk.gateway
        surroundings = Surroundings(self.desk.clock, lambda: 0.5, _noise(name))
        partners = dict.fromkeys(Destination, self.partner)
        chore = replay_chore(
            surroundings, gateway.settings, gateway.stores, self.catalog, partners, lambda: None
        )
        return chore.run

    def held(self, count: int, reason: str = NOT_MAPPED) -> list[JobId]:
        """So many events whose one-stop delivery was held, as after a wrong setting."""
        for _ in range(count):
            self.desk.accepted(another_birth())
        return [lease.job.job_id for lease in self.work(lambda _lease: GiveUp(reason), count)]

    def work(self, verdict: Callable[[Lease], Verdict] = _done, limit: int = 10_000) -> list[Lease]:
        """Claim what may go and let the destination answer."""
        stores, now = self.desk.gateway.stores, self.desk.clock()
        with stores.database.write() as transaction:
            leases = list(
                stores.queue.claim(transaction, ONE_STOP, "worker", Appetite(limit, limit), now, now + LEASE)
            )
            outcomes = [(lease, verdict(lease)) for lease in leases]
            stores.queue.complete_all(transaction, outcomes, now)
        self.finished.update(lease.job.job_id for lease, each in outcomes if isinstance(each, Done))
        return leases

    def track(self, job_id: JobId) -> Track:
        """Among which work it stands."""
        stores = self.desk.gateway.stores
        with stores.database.read() as transaction:
            job = stores.queue.find_job(transaction, job_id)
        assert job is not None
        return job.track

    def draft(self, request_id: str = "request-1", badge: Badge | None = None, **body: Any) -> httpx.Response:  # noqa: ANN401 - any JSON value
        """Held for the wrong setting, to be released, unless told otherwise."""
        asked = {
            "act": "release",
            "reason": "Bảng mã đã bổ sung",
            "selection": {"destination": "one_stop", "held_reason": NOT_MAPPED},
            "ramp": [1, 10, 100],
            **body,
        }
        headers = {"Idempotency-Key": request_id}
        return self.desk.call("POST", REPLAYS, badge or self.desk.operator(), json=asked, headers=headers)

    def drafted(self, **body: Any) -> str:  # noqa: ANN401 - any JSON value
        """Its id."""
        answer = self.draft(**body)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return str(answer.json()["replay_id"])

    def move(
        self, replay_id: str, move: str, badge: Badge | None = None, request_id: str = "move-1"
    ) -> httpx.Response:
        """Start, pause, resume or cancel."""
        path, headers = f"{REPLAYS}/{replay_id}/{move}", {"Idempotency-Key": request_id}
        wanted = {"reason": "đã kiểm tra"}
        return self.desk.call("POST", path, badge or self.desk.operator(), json=wanted, headers=headers)

    def started(self, **body: Any) -> str:  # noqa: ANN401 - any JSON value
        """Drafted and begun."""
        replay_id = self.drafted(**body)
        answer = self.move(replay_id, "start")
        assert answer.status_code == httpx.codes.OK, answer.text
        return replay_id

    def show(self, replay_id: str) -> dict[str, Any]:
        """As it stands now."""
        return self._get(f"{REPLAYS}/{replay_id}")

    def ledger(self, replay_id: str, query: str = "?limit=500") -> list[dict[str, Any]]:
        """The rows of one page."""
        rows: list[dict[str, Any]] = self._get(f"{REPLAYS}/{replay_id}/ledger{query}")["items"]
        return rows

    def _get(self, path: str) -> dict[str, Any]:
        answer = self.desk.call("GET", path, self.desk.operator())
        assert answer.status_code == httpx.codes.OK, answer.text
        found: dict[str, Any] = answer.json()
        return found
