"""Rules of decisions noted in an entry, and of revoked papers (Law on civil status, art. 30)."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding
from gateway.receive.rules.change import of_changes
from gateway.receive.rules.scene import Scene
from mappings.canonical import CertificateRevocation, CourtDecision

Remark: TypeAlias = CourtDecision | CertificateRevocation

_BOOKS: Final[Mapping[str, frozenset[str]]] = {
    "nationality_change": frozenset({"KS"}),
    "parent_determination": frozenset({"KS"}),
    "sex_redetermination": frozenset({"KS"}),
    "adoption": frozenset({"KS", "NCN"}),
    "adoption_end": frozenset({"KS", "NCN"}),
    "divorce": frozenset({"KH"}),
    "annulment": frozenset({"KH"}),
    "marriage_recognition": frozenset({"KH"}),
    "guardianship_recognition": frozenset({"GH"}),
    "missing": frozenset({"KS"}),
    "missing_cancelled": frozenset({"KS"}),
    "capacity_limited": frozenset({"KS"}),
    "capacity_cancelled": frozenset({"KS"}),
    "death_declared": frozenset({"KT"}),
    "death_declaration_cancelled": frozenset({"KT"}),
}
"""The book whose entry bears the remark."""
_OF_MARRIAGE: Final = frozenset({"divorce", "annulment", "marriage_recognition"})


def book_of_the_decision(_scene: Scene, event: CourtDecision) -> Iterator[Finding]:
    """A divorce is noted in a marriage, a declaration of missing in a birth, and so on."""
    expected = _BOOKS[event.kind]
    if event.registration.book_code not in expected:
        values = {"expected": ", ".join(sorted(expected))}
        yield Finding("book_does_not_fit", ("registration", "book_code"), values)


def book_of_the_entry(_scene: Scene, event: Remark) -> Iterator[Finding]:
    """A remark stands in the book of the entry that it is about."""
    entry = event.amends.entry
    if entry is not None and entry.book_code != event.registration.book_code:
        values = {"expected": event.registration.book_code}
        yield Finding("amended_book_does_not_fit", ("amends", "entry", "book_code"), values)


def remark_has_no_number(_scene: Scene, event: Remark) -> Iterator[Finding]:
    """It is known by the entry and the decision."""
    if event.registration.number is not None:
        yield Finding("remark_with_number", ("registration", "number"))


def both_sides_of_a_marriage(_scene: Scene, event: CourtDecision) -> Iterator[Finding]:
    """Both lose or get their status; of other decisions there is one side."""
    if event.kind in _OF_MARRIAGE and event.spouse is None:
        yield Finding("spouse_missing", ("spouse",))
    if event.kind not in _OF_MARRIAGE and event.spouse is not None:
        yield Finding("spouse_unexpected", ("spouse",))


def decision_is_in_force(scene: Scene, event: CourtDecision) -> Iterator[Finding]:
    """A decision that may still be appealed is not noted."""
    effective = None if event.effective_on is None else find_bounds(event.effective_on)
    if effective is not None and effective.earliest > scene.registered_on:
        yield Finding("not_yet_effective", ("effective_on",))


def changes_are_sound(scene: Scene, event: CourtDecision) -> Iterator[Finding]:
    """Each field once, each value readable by a machine."""
    yield from of_changes(scene, event.changes)


REVOCATION_RULES: Final = (book_of_the_entry, remark_has_no_number)
DECISION_RULES: Final = (
    book_of_the_decision,
    *REVOCATION_RULES,
    both_sides_of_a_marriage,
    decision_is_in_force,
    changes_are_sound,
)
