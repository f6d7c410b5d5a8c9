import pytest
from structlog.testing import capture_logs

from adapters.errors import AdapterError, NotSent
from adapters.port import OutboundMessage, RequestId
from gateway.deliver.send import Trail, outcome_of, send, shielded
from gateway.model.outcome import Crashed, NothingSent, Outcome
from retry_queue.errors import LeaseLost
from retry_queue.job import JobId
from tests.support.partner import ScriptedPartner

MESSAGE = OutboundMessage(RequestId("GW-1"), "nhanHoSoDKHT", {})
NAME = "NGUYỄN THỊ MẪU"


def crash() -> Outcome:
    raise ValueError(NAME)


def test_a_crash_is_logged_with_its_frames_and_without_what_it_says() -> None:
    with capture_logs() as lines:
        outcome = shielded(crash, Trail(maybe_sent=False), lambda: "error-1")
    (line,) = lines
    assert outcome == Crashed("error-1", maybe_sent=False)
    assert (line["event"], line["error_id"], line["error_type"]) == (
        "delivery.crashed",
        "error-1",
        "ValueError",
    )
    assert "in crash" in "".join(line["frames"])
    assert NAME not in str(line)


def test_a_lost_lease_is_not_an_outcome() -> None:
    def lose() -> Outcome:
        raise LeaseLost(JobId("delivery-1"))

    with pytest.raises(LeaseLost):
        shielded(lose, Trail(maybe_sent=False), lambda: "error-1")


def test_the_trail_is_marked_only_after_the_announcement_is_committed() -> None:
    trail = Trail(maybe_sent=False)

    def fail_to_commit() -> None:
        assert not trail.maybe_sent
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send(ScriptedPartner(), MESSAGE, fail_to_commit, trail)
    assert not trail.maybe_sent


def test_after_the_announcement_it_may_be_at_the_partner() -> None:
    trail = Trail(maybe_sent=False)
    send(ScriptedPartner(), MESSAGE, lambda: None, trail)
    assert trail.maybe_sent


def test_a_kind_of_failure_that_nobody_foresaw_is_passed_on_to_the_shield() -> None:
    class NewKind(AdapterError):
        """A kind that the walk does not know."""

    assert outcome_of(NotSent(), Trail(maybe_sent=False)) == NothingSent(None)
    with pytest.raises(NewKind):
        outcome_of(NewKind(), Trail(maybe_sent=False))
