"""Jobs made quickly: every row of a claim and every step of a job is a new one, thousands a second.

A frozen dataclass writes each of its fields through a guarded call, twenty-one times a job: ten times what
all the rest costs. So the values go into a twin that is not frozen and has the same slots; then it becomes a
`Job`, which Python allows because both are laid out alike. Who gets it has an ordinary, frozen job.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, make_dataclass
from operator import attrgetter
from typing import Any, Final

from retry_queue.job import Job, Lease

_NAMES: Final = tuple(field.name for field in fields(Job))
_PLACES: Final = {name: place for place, name in enumerate(_NAMES)}
_values_of: Final = attrgetter(*_NAMES)
_Draft: Final[Any] = make_dataclass("_Draft", _NAMES, slots=True)
_LeaseDraft: Final[Any] = make_dataclass("_LeaseDraft", ("job", "worker"), slots=True)


def job_from(*values: object) -> Job:
    """All fields in their order. Raises `TypeError` if there are too many or too few."""
    draft: Any = _Draft(*values)
    draft.__class__ = Job
    return draft  # type: ignore[no-any-return]  # it is one now


def jobs_from(rows: Iterable[Sequence[object]]) -> list[Job]:
    """As `job_from` for each, without a call between them."""
    drafts = [_Draft(*row) for row in rows]
    for draft in drafts:
        draft.__class__ = Job
    return drafts


def leases_from(jobs: Iterable[Job], worker: str) -> list[Lease]:
    """The worker's right to each of them."""
    drafts = [_LeaseDraft(job, worker) for job in jobs]
    for draft in drafts:
        draft.__class__ = Lease
    return drafts


def changed(job: Job, **changes: object) -> Job:
    """As `dataclasses.replace`. Raises `KeyError` for a field that a job does not have."""
    values = [*_values_of(job)]
    for name, value in changes.items():
        values[_PLACES[name]] = value
    draft: Any = _Draft(*values)
    draft.__class__ = Job
    return draft  # type: ignore[no-any-return]  # as above; a call less
