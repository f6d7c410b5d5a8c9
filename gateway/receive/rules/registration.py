"""Rules of the entry and the dossier."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene

_AUTHORITY: Final[Path] = ("registration", "authority_code")
_REGISTERED_AT: Final[Path] = ("registration", "registered_at")
_PROCEDURE: Final[Path] = ("dossier", "procedure_code")
_MATTERS: Final = {
    "birth": frozenset({"birth", "birth+parent-child", "linked-birth", "foreign-note"}),
    "birth_with_recognition": frozenset({"birth+parent-child"}),
    "marriage": frozenset({"marriage", "foreign-note"}),
    "death": frozenset({"death", "linked-death", "foreign-note"}),
    "guardianship_start": frozenset({"guardianship", "foreign-note"}),
    "guardianship_end": frozenset({"guardianship-end"}),
    "guardianship_change": frozenset({"guardianship", "guardianship-end"}),
    "guardianship_supervision_start": frozenset({"guardianship-supervision"}),
    "guardianship_supervision_end": frozenset({"guardianship-supervision-end"}),
    "parent_child_recognition": frozenset({"parent-child", "foreign-note"}),
    "civil_status_change": frozenset({"change"}),
    "court_decision": frozenset({"change"}),
    "foreign_act_note": frozenset({"foreign-note"}),
    "foreign_divorce_note": frozenset({"foreign-note"}),
    "marital_status_certificate": frozenset({"marital-status"}),
    "extract_copy": frozenset({"copy-extract"}),
    "information_confirmation": frozenset({"confirmation"}),
    "domestic_adoption": frozenset({"adoption"}),
    "certificate_revocation": frozenset({"change"}),
}
"""The families of procedures that end in such an event.

A decision of a court or agency needs none; brought by a citizen it comes under that of a change [I].
"""


def authority(scene: Scene) -> Iterator[Finding]:
    """It exists on the day of registration, and the sender speaks for it or for a unit above it."""
    code, on_date = scene.event.registration.authority_code, scene.registered_on
    values = {"code": code, "on_date": on_date.isoformat()}
    chain = scene.lists.chain_of(code, on_date)
    if not chain:
        yield Finding("authority_unknown", _AUTHORITY, values)
    elif scene.authorities.isdisjoint(unit.code for unit in chain):
        yield Finding("authority_not_yours", _AUTHORITY, values)


def registered_in_time(scene: Scene) -> Iterator[Finding]:
    """Neither in the future nor absurdly long ago."""
    registered_at, limits = scene.event.registration.registered_at, scene.limits
    if registered_at > scene.now + timedelta(seconds=limits.future_tolerance_seconds):
        tolerance = int(limits.future_tolerance_seconds)
        yield Finding("registered_in_future", _REGISTERED_AT, {"tolerance_seconds": tolerance})
    if registered_at < scene.now - timedelta(days=limits.registration_age_days_max):
        days = limits.registration_age_days_max
        yield Finding("registered_too_long_ago", _REGISTERED_AT, {"days_max": days})


def procedure(scene: Scene) -> Iterator[Finding]:
    """Known, and one that leads to an entry of this matter."""
    if scene.event.dossier is None:
        return
    entry = scene.lists.find_procedure(scene.event.dossier.procedure_code, scene.registered_on)
    if entry is None:
        yield Finding("procedure_unknown", _PROCEDURE, {"on_date": scene.registered_on.isoformat()})
    elif entry.more["matter"] not in _MATTERS[scene.event.event_type]:
        yield Finding("procedure_of_other_matter", _PROCEDURE, {"event_type": scene.event.event_type})


def dossier_times(scene: Scene) -> Iterator[Finding]:
    """A result is promised for later than the receipt."""
    dossier = scene.event.dossier
    if dossier is None or dossier.due_at is None or dossier.received_at is None:
        return
    if dossier.due_at < dossier.received_at:
        yield Finding("dossier_due_before_received", ("dossier", "due_at"))
