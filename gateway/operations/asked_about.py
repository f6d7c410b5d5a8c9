"""What a question about a delivery was about when it was put, kept with the act that answered it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from gateway.model.operating import ANSWERS, OperatorAct
from gateway.model.questioning import HELD_FOR_QUESTION
from retry_queue.job import Job
from retry_queue.states import State

HELD_BY_OPERATOR: Final = "held_by_operator"
IN_COURIER_BUNDLE: Final = "in_courier_bundle"
OUTCOME_UNKNOWN: Final = "outcome_unknown"
RESERVED: Final = frozenset({IN_COURIER_BUNDLE, HELD_FOR_QUESTION})
"""Held for what alone lets it go: the results of its bundle, or the answer to its question."""
NO_QUESTION: Final = RESERVED | {HELD_BY_OPERATOR}
"""Held by a person's own decision, by a courier, or behind a stored question, which is asked once."""
ASKING_SHARE: Final = 0.75
"""So much of its time a delivery in doubt is left to the gateway's own asking; then people may look too."""
_REASON: Final = "asked_reason"
_SINCE: Final = "asked_at"
_DOUBT: Final = "asked_in_doubt"


@dataclass(frozen=True, slots=True)
class AskedAbout:
    """Why a person was to look at a delivery."""

    reason: str
    since: datetime
    is_in_doubt: bool
    """It may have arrived."""


def asked_from(job: Job) -> datetime:
    """When it becomes a question: held, at once; in doubt, when most of the time for asking is over."""
    if job.state is not State.UNKNOWN:
        return job.updated_at
    return job.enqueued_at + (job.due_at - job.enqueued_at) * ASKING_SHARE


def asked_about(job: Job) -> AskedAbout:
    """Of a delivery that is held, or whose outcome is not known."""
    is_in_doubt = job.maybe_sent or OUTCOME_UNKNOWN in {job.held_reason, _reason(job)}
    return AskedAbout(_reason(job), asked_from(job), is_in_doubt)


def kept_question(job: Job) -> Mapping[str, str]:
    """For the record of an act: empty where nothing is asked."""
    if job.state not in {State.HELD, State.UNKNOWN} or job.held_reason in NO_QUESTION:
        return {}
    asked = asked_about(job)
    found = {_REASON: asked.reason, _SINCE: asked.since.isoformat()}
    return found | ({_DOUBT: "yes"} if asked.is_in_doubt else {})


def read_asked(act: OperatorAct) -> AskedAbout | None:
    """What the act answered; None when it answered nothing."""
    reason, since = act.detail.get(_REASON), act.detail.get(_SINCE)
    if act.act not in ANSWERS or reason is None or since is None:
        return None
    return AskedAbout(reason, datetime.fromisoformat(since), _DOUBT in act.detail)


def _reason(job: Job) -> str:
    return OUTCOME_UNKNOWN if job.state is State.UNKNOWN else job.held_reason or ""
