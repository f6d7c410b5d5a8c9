"""What follows when a destination has a message although its answer came another way."""

import pytest

from gateway.deliver.follow_up import arrived_without, has_arrived
from gateway.model.delivery import OutcomeCode, Verb
from tests.support.deliveries import an_attempt

NUMBER = "personal_id.child"


@pytest.mark.parametrize(
    ("verb", "outcome"),
    [
        (Verb.COURIER, OutcomeCode.ACCEPTED_BY_COURIER),
        (Verb.CHECK, OutcomeCode.CONFIRMED_BY_PERSON),
    ],
)
def test_it_counts_as_arrived(verb: Verb, outcome: OutcomeCode) -> None:
    assert has_arrived([an_attempt(1, verb=verb, outcome=outcome)])


def test_what_the_courier_took_along_says_whether_the_number_was_in_it() -> None:
    took = {"verb": Verb.COURIER, "outcome": OutcomeCode.ACCEPTED_BY_COURIER}
    assert arrived_without(NUMBER, [an_attempt(1, **took)])  # type: ignore[arg-type]  # keywords of two kinds
    assert not arrived_without(NUMBER, [an_attempt(1, **took, facts_used=(NUMBER,))])  # type: ignore[arg-type]  # keywords of two kinds


def test_a_record_that_we_never_sent_may_lack_the_number() -> None:
    seen = an_attempt(2, verb=Verb.CHECK, outcome=OutcomeCode.CONFIRMED_BY_PERSON)
    assert arrived_without(NUMBER, [seen])
    sent_with = an_attempt(1, outcome=OutcomeCode.UNKNOWN, facts_used=(NUMBER,))
    assert not arrived_without(NUMBER, [sent_with, seen])
