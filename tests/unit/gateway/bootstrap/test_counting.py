"""Attempts are counted once each, after the commit, and deliveries by the time since registration."""

from collections.abc import Callable
from dataclasses import replace

from adapters.errors import Busy
from gateway.bootstrap.counting import CountedHandler
from gateway.model.ids import Destination
from gateway.observability.metrics import Metrics
from retry_queue.memory.transactions import MemoryTransaction
from tests.support.events import a_birth
from tests.support.house import DOSSIER, House
from tests.support.partner import EVIDENCE

LANE = Destination.ONE_STOP
DELIVERED = 'hotich_delivered_seconds_count{destination="one_stop"}'
DELIVERED_SUM = 'hotich_delivered_seconds_sum{destination="one_stop"}'


class _Desk:
    """A house whose handler is watched, and the claim of one delivery."""

    def __init__(self) -> None:
        self.house, self.metrics = House(), Metrics()
        self.handler: CountedHandler[MemoryTransaction] = CountedHandler(
            self.house.handler, self.metrics.count_attempt
        )
        self.house.accept(a_birth(), DOSSIER)
        self.lease = self.house.claim(LANE)

    def deliver(self) -> Callable[[], None]:
        """Attempt and record; what is left is the commit, and then the count."""
        attempt = self.handler.attempt(self.lease, _announce)
        with self.house.database.write() as transaction:
            self.handler.record(transaction, self.lease, attempt)
        return lambda: self.handler.count(self.lease)

    def value(self, line: str) -> float:
        found = [each for each in self.metrics.render().decode().splitlines() if each.startswith(line)]
        return float(found[0].rsplit(" ", 1)[1]) if found else 0.0


def _announce(note: Callable[[MemoryTransaction], None] | None = None) -> None:
    assert note is not None


def _attempts(outcome: str) -> str:
    return f'hotich_attempts_total{{destination="one_stop",outcome="{outcome}",verb="send"}}'


def test_a_delivery_is_counted_with_the_time_since_registration() -> None:
    desk = _Desk()
    desk.house.pass_time(3600)  # the sample is registered forty minutes after the house's clock begins
    desk.deliver()()
    assert desk.value(_attempts("accepted")) == 1
    assert desk.value(DELIVERED) == 1
    assert desk.value(DELIVERED_SUM) == 20 * 60


def test_nothing_is_counted_before_the_commit() -> None:
    desk = _Desk()
    desk.deliver()
    assert desk.value(_attempts("accepted")) == 0


def test_an_outcome_that_had_to_be_recorded_twice_counts_once() -> None:
    desk = _Desk()
    attempt = desk.handler.attempt(desk.lease, _announce)
    for _ in range(2):  # the first time the commit failed
        with desk.house.database.write() as transaction:
            desk.handler.record(transaction, desk.lease, attempt)
    desk.handler.count(desk.lease)
    desk.handler.count(desk.lease)
    assert desk.value(_attempts("accepted")) == 1


def test_a_failed_attempt_is_counted_by_its_outcome_and_delivers_nothing() -> None:
    desk = _Desk()
    desk.house.partners[LANE].answers.append(Busy(EVIDENCE))
    desk.deliver()()
    assert desk.value(_attempts("busy")) == 1
    assert desk.value(DELIVERED) == 0


def test_a_lease_that_was_never_recorded_is_not_counted() -> None:
    desk = _Desk()
    desk.deliver()
    desk.handler.count(replace(desk.lease, worker="another"))
    assert desk.value(_attempts("accepted")) == 0
