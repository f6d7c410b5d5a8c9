from datetime import UTC, datetime

import pytest

from adapters.port import Stage
from gateway.deliver.follow_up import (
    StageReport,
    arrived_without,
    handed_over_step,
    has_arrived,
    late_number_fact,
    linked_step,
    number_update_step,
    progress_step,
)
from gateway.model.delivery import OutcomeCode, Verb
from gateway.model.ids import Destination
from tests.support.deliveries import a_stored_event, an_attempt
from tests.support.events import (
    ABSENT,
    a_birth,
    a_birth_with_recognition,
    a_death,
    a_foreign_note,
    a_marriage,
    an_adoption,
)

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
FACT = "personal_id.child"


def test_progress_tells_the_one_stop_shop_stage_time_text_and_officer() -> None:
    step = progress_step(a_stored_event(a_birth()), StageReport(Stage.COMPLETED, NOW, "Xong", "Trần Văn Mẫu"))
    assert step is not None
    assert (step.name, step.destination, step.message) == (
        "one_stop_progress.completed",
        Destination.ONE_STOP,
        "progress",
    )
    assert step.facts == {
        "stage": "completed",
        "stage_at": "2026-11-22T03:00:00+00:00",
        "stage_text": "Xong",
        "officer": "Trần Văn Mẫu",
    }


def test_what_is_not_known_of_a_stage_is_left_out() -> None:
    step = progress_step(a_stored_event(a_birth()), StageReport(Stage.PROCESSING, NOW))
    assert step is not None
    assert set(step.facts) == {"stage", "stage_at"}


def test_without_a_dossier_there_is_nobody_to_tell() -> None:
    assert progress_step(a_stored_event(a_birth(dossier=ABSENT)), StageReport(Stage.COMPLETED, NOW)) is None


def test_only_a_birth_has_a_number_that_may_come_after_its_record() -> None:
    assert late_number_fact(a_stored_event(a_birth())) == FACT
    assert late_number_fact(a_stored_event(a_marriage())) is None
    assert late_number_fact(a_stored_event(a_death())) is None


def test_every_birth_may_get_its_number_late_and_nobody_else() -> None:
    assert late_number_fact(a_stored_event(a_birth_with_recognition())) == FACT
    assert late_number_fact(a_stored_event(a_foreign_note())) == FACT
    assert late_number_fact(a_stored_event(a_foreign_note(act="adoption"))) is None
    assert late_number_fact(a_stored_event(an_adoption())) is None


def test_the_late_number_is_a_delivery_of_its_own_about_the_child() -> None:
    step = number_update_step(a_stored_event(a_birth()))
    assert (step.name, step.destination, step.message, step.subject) == (
        "registry_personal_id_update",
        Destination.NATIONAL_REGISTRY,
        "personal_id_update",
        "child",
    )


@pytest.mark.parametrize("outcome", [OutcomeCode.ACCEPTED, OutcomeCode.ALREADY_THERE])
def test_a_record_sent_without_the_number_went_without_it(outcome: OutcomeCode) -> None:
    assert arrived_without(FACT, [an_attempt(1, outcome=outcome)])


@pytest.mark.parametrize("outcome", [OutcomeCode.ACCEPTED, OutcomeCode.ALREADY_THERE])
def test_a_record_sent_with_the_number_needs_no_update(outcome: OutcomeCode) -> None:
    assert not arrived_without(FACT, [an_attempt(1, outcome=outcome, facts_used=(FACT,))])


def test_a_record_still_under_way_has_not_gone_without() -> None:
    assert not arrived_without(FACT, [an_attempt(1, outcome=None)])
    assert not has_arrived([an_attempt(1, outcome=OutcomeCode.UNKNOWN)])


def test_already_there_may_speak_for_the_earlier_sending_that_lacked_the_number() -> None:
    attempts = [
        an_attempt(1, outcome=OutcomeCode.UNKNOWN),
        an_attempt(2, verb=Verb.ASK, outcome=OutcomeCode.ABSENT),
        an_attempt(3, outcome=OutcomeCode.ALREADY_THERE, facts_used=(FACT,)),
    ]
    assert arrived_without(FACT, attempts)


def test_a_fresh_acceptance_speaks_only_for_the_sending_it_answers() -> None:
    attempts = [
        an_attempt(1, outcome=OutcomeCode.UNKNOWN),
        an_attempt(2, verb=Verb.ASK, outcome=OutcomeCode.ABSENT),
        an_attempt(3, outcome=OutcomeCode.ACCEPTED, facts_used=(FACT,)),
    ]
    assert not arrived_without(FACT, attempts)


def test_an_answer_to_a_question_speaks_for_the_sending_of_a_killed_process() -> None:
    attempts = [
        an_attempt(1, outcome=None),
        an_attempt(2, verb=Verb.ASK, outcome=OutcomeCode.ALREADY_THERE, facts_used=(FACT,)),
    ]
    assert arrived_without(FACT, attempts)


def test_a_sending_that_was_certainly_not_applied_does_not_matter() -> None:
    attempts = [
        an_attempt(1, outcome=OutcomeCode.REFUSED),
        an_attempt(2, outcome=OutcomeCode.ALREADY_THERE, facts_used=(FACT,)),
    ]
    assert not arrived_without(FACT, attempts)


LINKED = {"dossier__linked_code": "G22.99.01-261116-0001"}


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        (Stage.RECEIVED, "forwarded"),
        (Stage.SUPPLEMENT_ASKED, "supplement_asked"),
        (Stage.COMPLETED, "completed"),
        (Stage.REFUSED, "refused"),
    ],
)
def test_the_linked_service_hears_what_became_true_at_the_registry(stage: Stage, state: str) -> None:
    step = linked_step(a_stored_event(a_death(**LINKED)), StageReport(stage, NOW, "Xong"))
    assert step is not None
    assert (step.name, step.destination, step.message) == (
        f"linked_status.{state}",
        Destination.ONE_STOP,
        "linked_status",
    )
    assert step.facts == {
        "linked_state": state,
        "stage_at": "2026-11-22T03:00:00+00:00",
        "stage_text": "Xong",
    }


def test_processing_tells_the_linked_service_nothing_new() -> None:
    assert linked_step(a_stored_event(a_birth(**LINKED)), StageReport(Stage.PROCESSING, NOW)) is None


@pytest.mark.parametrize(
    "event", [a_birth(dossier=ABSENT), a_birth(), an_adoption(**LINKED), a_foreign_note(**LINKED)]
)
def test_what_no_linked_service_holds_is_not_told_there(event: dict[str, object]) -> None:
    stored, report = a_stored_event(event), StageReport(Stage.COMPLETED, NOW)
    assert linked_step(stored, report) is None
    assert handed_over_step(stored, "linked_status.completed", report) is None


@pytest.mark.parametrize(
    ("told_by", "stage", "is_told"),
    [
        ("linked_status.completed", Stage.COMPLETED, True),
        ("linked_status.completed", Stage.REFUSED, False),
        ("one_stop_dossier", Stage.COMPLETED, False),
    ],
)
def test_only_a_result_that_was_told_is_handed_over(told_by: str, stage: Stage, is_told: bool) -> None:  # noqa: FBT001 - a parameter of the test
    step = handed_over_step(a_stored_event(a_birth(**LINKED)), told_by, StageReport(stage, NOW))
    assert (step is not None and step.name == "linked_status.handed_over") is is_told
