"""Everything that speaks against a message, all at once: form and rules. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Final, Protocol

from pydantic import ValidationError

from gateway.model.submission import Violation
from gateway.receive.code_lists import OFFICIAL_LISTS, CodeLists
from gateway.receive.earlier_events import FindEarlier, find_nothing
from gateway.receive.finding import Finding
from gateway.receive.look_back import LookBack, look_back_at_nothing
from gateway.receive.parse import JsonObject
from gateway.receive.rules import people, personal_number, places, registration
from gateway.receive.rules.competence import COMPETENCE_RULES
from gateway.receive.rules.correction import CORRECTION_WARNINGS
from gateway.receive.rules.earlier import EARLIER_RULES, decision_precedes_registration
from gateway.receive.rules.matters import RULES_OF_MATTERS
from gateway.receive.rules.scene import RuleLimits, Scene
from gateway.receive.shape import shape_event
from gateway.receive.wordings import put_into_words
from mappings.canonical import (
    DECLARATION,
    EVENT_TYPES,
    AnyStored,
    Decision,
    Declaration,
    IdentityPaper,
    Place,
)
from mappings.canonical.declaration import filled_in

_DECLARED: Final = "declared"
_CODE_OF_DOSSIER: Final = (_DECLARED, "dossier", "code")
"""The one thing that a declaration as a whole must have: what names it until there is an entry."""
VIOLATIONS_MAX: Final = 200
"""A message made to be wrong must not make an answer without end."""

Applied = partial[Iterator[Finding]] | partial[Iterable[Finding]]


class Watch(Protocol):
    """Told of every rule that is applied; `name_of` names it."""

    def followed(self, rule: Callable[..., object]) -> None:
        """It had everything that it looks at."""
        ...

    def stopped(self, rule: Callable[..., object]) -> None:
        """Something that it looks at is malformed."""
        ...


_EVENT_RULES: Final = (
    registration.authority,
    registration.registered_in_time,
    registration.procedure,
    registration.dossier_times,
    people.one_number_each,
    *EARLIER_RULES,
    *COMPETENCE_RULES,
)
_PERSON_RULES: Final = (
    people.ethnic_group,
    people.nationality,
    people.other_nationality,
    people.born_before_registration,
)
_PLACE_RULES: Final = (places.country, places.province, places.district, places.commune)
_PAPER_RULES: Final = (people.paper_number, people.paper_issued)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What messages are measured by."""

    lists: CodeLists = OFFICIAL_LISTS
    limits: RuleLimits = field(default_factory=RuleLimits)
    find_earlier: FindEarlier = find_nothing
    look_back: LookBack = look_back_at_nothing
    """Compares a change with the entry as it stands."""
    eased: frozenset[str] = frozenset()
    """Codes that are only warned of: in old books they may be what happened, and the book is what counts."""


BOOK_EASED: Final = frozenset(
    {
        "authority_not_competent",
        "below_marriage_age",
        "marital_detail_missing",
        "purpose_partner_missing",
        "purpose_text_missing",
    }
)
"""For entries of old paper books: law of another day, and facts for which those books had no column."""


@dataclass(frozen=True, slots=True)
class Validated:
    """The event, if nothing speaks against it; else everything that does."""

    event: AnyStored | None
    findings: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    """What should be looked at, although the event is accepted."""


def validate_event(
    value: JsonObject,
    authorities: frozenset[str],
    rulebook: Rulebook,
    now: datetime,
    watch: Watch | None = None,
) -> Validated:
    """Where a part is malformed, the rules are applied to the rest."""
    shaped = shape_event(value)
    if shaped.event is None:
        return Validated(None, shaped.findings)
    scene = Scene(shaped.event, authorities, rulebook.lists, rulebook.limits, now)
    has_gaps = bool(shaped.findings)
    found = (finding for rule in _applied(scene) for finding in _carefully(rule, watch, has_gaps=has_gaps))
    told = (*shaped.findings, *found)
    findings = tuple(finding for finding in told if finding.code not in rulebook.eased)
    if findings:
        return Validated(None, findings)
    eased = (finding for finding in told if finding.code in rulebook.eased)
    return Validated(shaped.event, (), (*eased, *_warnings(scene, watch)))


def validate_declaration(
    value: JsonObject,
    authorities: frozenset[str],
    rulebook: Rulebook,
    now: datetime,
    watch: Watch | None = None,
) -> Validated:
    """The same rules for what is declared; what the registration will say is filled in for the time being."""
    declared = filled_in(value).get(_DECLARED)
    if not isinstance(declared, dict):
        return Validated(None, (Finding("field_missing", (_DECLARED,)),))
    validated = validate_event(declared, authorities, rulebook, now, watch)
    findings = tuple(_inside(each) for each in validated.findings)
    if findings:
        return Validated(None, findings)
    try:
        event = Declaration.model_validate(value)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        paths = (detail["loc"] or _CODE_OF_DOSSIER for detail in details)
        return Validated(None, tuple(Finding("invalid_value", path, {"rule": DECLARATION}) for path in paths))
    return Validated(event, (), tuple(_inside(each) for each in validated.warnings))


def _inside(finding: Finding) -> Finding:
    return replace(finding, path=(_DECLARED, *finding.path))


def violations_of(findings: Iterable[Finding]) -> tuple[Violation, ...]:
    """In words; one fault is told once, and not more than `VIOLATIONS_MAX` are told."""
    told = list(dict.fromkeys(put_into_words(finding) for finding in findings))
    if len(told) > VIOLATIONS_MAX:
        more = put_into_words(Finding("too_many_violations", (), {"violations_max": VIOLATIONS_MAX}))
        return (*told[:VIOLATIONS_MAX], more)
    return tuple(told)


def _applied(scene: Scene) -> Iterator[Applied]:
    """Every rule with what it is about, so that a gap stops that one rule only."""
    yield from (partial(rule, scene) for rule in _EVENT_RULES)
    for role, person in scene.people():
        yield from (partial(rule, scene, role, person) for rule in _PERSON_RULES)
    for path, place in scene.every(Place):
        yield from (partial(rule, scene, path, place) for rule in _PLACE_RULES)
    for path, paper in scene.every(IdentityPaper):
        yield from (partial(rule, scene, path, paper) for rule in _PAPER_RULES)
    for path, decision in scene.every(Decision):
        yield partial(decision_precedes_registration, scene, path, decision)
    rules = RULES_OF_MATTERS[type(scene.event)]
    yield from (partial(rule, scene, scene.event) for rule in rules)


def _warnings(scene: Scene, watch: Watch | None) -> Iterator[Finding]:
    """Of an event that breaks no rule."""
    rules: list[Applied] = [
        *(partial(personal_number.number_fits_person, scene, role, each) for role, each in scene.people()),
        partial(personal_number.new_number_needed, scene),
        *(partial(rule, scene, scene.event) for rule in CORRECTION_WARNINGS.get(type(scene.event), ())),
    ]
    for rule in rules:
        yield from _carefully(rule, watch, has_gaps=False)


def name_of(rule: Callable[..., object]) -> str:
    """As a `Watch` is told and the catalogue of rules has it."""
    return f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"


def event_types_by_rule() -> dict[str, frozenset[str]]:
    """Every rule's name -> the event types it is applied to."""
    warning: tuple[Callable[..., object], ...] = (
        personal_number.number_fits_person,
        personal_number.new_number_needed,
    )
    groups = (
        _EVENT_RULES,
        _PERSON_RULES,
        _PLACE_RULES,
        _PAPER_RULES,
        (decision_precedes_registration,),
        warning,
    )
    found = {name_of(rule): set(EVENT_TYPES) for group in groups for rule in group}
    for event_type, model in EVENT_TYPES.items():
        for rule in (*RULES_OF_MATTERS[model], *CORRECTION_WARNINGS.get(model, ())):
            found.setdefault(name_of(rule), set()).add(event_type)
    return {name: frozenset(types) for name, types in found.items()}


def _carefully(rule: Applied, watch: Watch | None, *, has_gaps: bool) -> list[Finding]:
    """What the rule finds; a rule that needs a part which is malformed can say nothing."""
    findings: list[Finding] = []
    try:
        for finding in rule():
            findings.append(finding)  # noqa: PERF402 - what was found before the gap must stay
    except AttributeError:
        if not has_gaps:
            raise
        # `shape_event` leaves malformed parts out: the fault itself has been found already.
        if watch is not None:
            watch.stopped(rule.func)
        return findings
    if watch is not None:
        watch.followed(rule.func)
    return findings
