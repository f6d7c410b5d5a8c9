"""What a batch has accepted so far: its later members are measured against it as against the store."""

from collections.abc import Iterable, Sequence

from gateway.model.delivery import Delivery
from gateway.model.submission import ValidSubmission
from gateway.storage.identity_keys import IdentityKey, identities_of, identity_keys
from gateway.storage.ports import KnownSubmission, NewEvent
from retry_queue.job import NewJob


class Batch:
    """Grows while a batch is walked; written in one go at its end."""

    def __init__(self) -> None:
        self.new_events: list[NewEvent] = []
        self.deliveries: list[Delivery] = []
        self.jobs: list[NewJob] = []
        self._owners: dict[IdentityKey, KnownSubmission] = {}

    def holders_of(self, submission: ValidSubmission) -> Sequence[tuple[str, KnownSubmission]]:
        """The earlier members that hold one of its identities."""
        keys = identity_keys(identities_of(submission))
        return [(kind.value, self._owners[kind, key]) for kind, key in keys if (kind, key) in self._owners]

    def add(self, new: NewEvent, planned: Iterable[tuple[Delivery, NewJob]]) -> None:
        """An accepted member."""
        self.new_events.append(new)
        for delivery, job in planned:
            self.deliveries.append(delivery)
            self.jobs.append(job)
        known = _known(new)
        for key in identity_keys(identities_of(new.submission)):
            self._owners[key] = known


def _known(new: NewEvent) -> KnownSubmission:
    registration = new.submission.event.registration
    return KnownSubmission(
        event_id=new.receipt.event_id,
        client_id=new.submission.client_id,
        idempotency_key=new.submission.idempotency_key,
        source_event_id=new.submission.event.source_event_id,
        content_sha256=new.submission.content_sha256,
        receipt=new.receipt,
        registered_at=registration.registered_at,
        authority_code=registration.authority_code,
    )
