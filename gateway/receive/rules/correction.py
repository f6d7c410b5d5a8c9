"""Who may correct what, with whose consent, for which reason, in which book; the answers stand in tables."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from gateway.receive.date_bounds import find_bounds
from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import CertificateRevocation, CivilStatusChange, CourtDecision
from mappings.corrections import (
    Effect,
    Office,
    OfficeRule,
    find_book_rule,
    find_office_rule,
    list_consent_rules,
)
from mappings.holders import MINISTRY_OF_JUSTICE, holders_of, units_above
from mappings.text import strip_marks

_AUTHORITY: Final[Path] = ("registration", "authority_code")
_CHANGE_BOOK: Final = "TDCC"
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_WORDS_MIN: Final = 2
_TO_FIT_PAPERS: Final = re.compile(
    r"\b(phu hop|khop|thong nhat|dong bo)\b.{0,40}"
    r"\b(can cuoc|cccd|cmnd|chung minh|ho chieu|ho khau|hoc ba|bang cap|giay to|ho so|bao hiem)\b"
)
"""Circular 04/2020, art. 17: a correction may not be used to make an old entry agree with newer papers."""
_OFFICES: Final = {
    Office.HOLDER: ("cơ quan giữ sổ gốc", "the office that holds the original book"),
    Office.HOLDER_OR_RESIDENCE: (
        "cơ quan giữ sổ gốc hoặc nơi cư trú của người đó",
        "the office that holds the original book, or that of the person's residence",
    ),
    Office.HOLDER_OR_ABOVE: (
        "cơ quan giữ sổ gốc hoặc cơ quan cấp trên của nơi đó",
        "the office that holds the original book, or one above it",
    ),
    Office.PROVINCE_OF_HOLDER: (
        "chủ tịch UBND cấp tỉnh của nơi giữ sổ gốc",
        "the chairman of the People's Committee of the province of the original book",
    ),
    Office.ANY: ("cơ quan bất kỳ", "any office"),
}

Correcting = CivilStatusChange | CourtDecision | CertificateRevocation


def office_may_correct(scene: Scene, event: Correcting) -> Iterator[Finding]:
    """A table says which office; an office that nobody can be sure of is not refused."""
    rule = _rule_of(scene, event)
    if rule is not None and rule.effect is Effect.REFUSE and _is_wrong_office(scene, event, rule):
        yield Finding("correction_by_other_office", _AUTHORITY, _values(rule))


def office_should_correct(scene: Scene, event: Correcting) -> Iterator[Finding]:
    """Where the table only warns."""
    rule = _rule_of(scene, event)
    if rule is not None and rule.effect is Effect.WARN and _is_wrong_office(scene, event, rule):
        yield Finding("correcting_office_unexpected", _AUTHORITY, _values(rule))


def alignment_is_ours(scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """Bringing data into line with the book is no registration: an operator does it, the page at hand."""
    if event.act == "data_alignment" and not scene.limits.allows_alignment:
        yield Finding("alignment_not_by_message", ("act",))


def reason_says_something(_scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """Without a reason nobody can tell whether there was an error at registration."""
    if event.act == "correction" and len(_WORD.findall(event.reason)) < _WORDS_MIN:
        yield Finding("correction_reason_missing", ("reason",))


def fields_stand_in_the_book(scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """A date of death cannot be corrected in a birth."""
    entry = event.amends.entry
    if entry is None or entry.book_code == _CHANGE_BOOK:
        return
    for index, change in enumerate(event.changes):
        rule = find_book_rule(change.field, scene.registered_on)
        if rule is not None and entry.book_code not in rule.books:
            values = {"name": change.field, "books": ", ".join(sorted(rule.books)), "book": entry.book_code}
            yield Finding("change_field_not_in_book", ("changes", index, "field"), values)


def stated_consents_suffice(scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """Who says who agreed names everybody who had to."""
    if event.consents:
        for who, source in _lacking(scene, event):
            yield Finding("consent_missing", ("consents",), {"who": who, "source": source})


def consents_are_stated(scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """Silence is no proof that nobody agreed: the declaration may say it."""
    lacking = [] if event.consents else _lacking(scene, event)
    if lacking:
        values = {"who": ", ".join(who for who, _ in lacking), "source": lacking[0][1]}
        yield Finding("consents_not_stated", ("consents",), values)


def no_fitting_to_papers(_scene: Scene, event: CivilStatusChange) -> Iterator[Finding]:
    """The words sound as if newer papers were the reason."""
    if event.act == "correction" and _TO_FIT_PAPERS.search(strip_marks(event.reason).casefold()):
        yield Finding("correction_to_fit_papers", ("reason",))


def _rule_of(scene: Scene, event: Correcting) -> OfficeRule | None:
    entry = event.amends.entry
    act: str | None = getattr(event, "act", None)
    book = "" if entry is None else entry.book_code
    return find_office_rule(event.event_type, act, book, scene.registered_on)


def _is_wrong_office(scene: Scene, event: Correcting, rule: OfficeRule) -> bool:
    entry = event.amends.entry
    made = None if entry is None else find_bounds(entry.registered_on)
    if entry is None or made is None or rule.office is Office.ANY:
        return False
    day = scene.registered_on
    holders = holders_of(entry.authority_code, made.earliest, day)
    if not holders.is_certain and rule.office is not Office.PROVINCE_OF_HOLDER:
        return False  # the old unit was divided: who holds its book is a question
    allowed = _allowed(rule.office, event, holders.codes, day)
    return bool(allowed) and event.registration.authority_code not in allowed


def _allowed(office: Office, event: Correcting, holders: tuple[str, ...], day: date) -> set[str]:
    """Empty: nobody can say."""
    above = {code for holder in holders for code in units_above(holder, day)}
    match office:
        case Office.HOLDER_OR_ABOVE:
            return {*holders, *above}
        case Office.PROVINCE_OF_HOLDER:
            provinces = {*above, *holders}
            return {code for code in provinces if units_above(code, day) == (MINISTRY_OF_JUSTICE,)}
        case Office.HOLDER_OR_RESIDENCE:
            return {*holders, *_home(event)}
        case _:
            return {*holders}


def _home(event: Correcting) -> set[str]:
    """Where the person lives, and the offices above as far as the address names them."""
    residence = event.subject.residence
    if residence is None:
        return {event.registration.authority_code}  # nobody says where: then it may be here
    place = residence.place
    codes = (place.commune_code, place.district_code)
    found = {code for code in codes if code is not None}
    return found or {event.registration.authority_code}


def _values(rule: OfficeRule) -> dict[str, str | int]:
    vietnamese, english = _OFFICES[rule.office]
    return {"office_vi": vietnamese, "office_en": english, "source": rule.source}


def _lacking(scene: Scene, event: CivilStatusChange) -> list[tuple[str, str]]:
    """Who has to agree and is not named; a parent may be excused, the child may not."""
    born = find_bounds(event.subject.birth_date)
    if born is None:
        return []
    day = scene.registered_on
    # Where the year alone is known, nobody is told off for an age that is not certain.
    youngest, oldest = _age(born.latest, day), _age(born.earliest, day)
    fields = sorted({change.field for change in event.changes})
    return [
        (rule.who, rule.source)
        for field in fields
        for rule in list_consent_rules(event.act, field, day)
        if youngest >= rule.age_from and oldest < rule.age_below and not _has_agreed(event, rule.who)
    ]


def _has_agreed(event: CivilStatusChange, who: str) -> bool:
    """A parent may be excused, or a guardian stand in for him; the child may not."""
    is_excused = event.consent_exception is not None or "guardian" in event.consents
    return who in event.consents or (who != "subject" and is_excused)


def _age(born: date, on_date: date) -> int:
    had_birthday = (on_date.month, on_date.day) >= (born.month, born.day)
    return on_date.year - born.year - (0 if had_birthday else 1)


CORRECTION_RULES: Final = (
    alignment_is_ours,
    office_may_correct,
    reason_says_something,
    fields_stand_in_the_book,
    stated_consents_suffice,
)
OFFICE_RULES: Final = (office_may_correct,)


CORRECTION_WARNINGS: Final[Mapping[type[object], Sequence[Callable[..., Iterable[Finding]]]]] = {
    CivilStatusChange: (office_should_correct, consents_are_stated, no_fitting_to_papers),
    CourtDecision: (office_should_correct,),
    CertificateRevocation: (office_should_correct,),
}
"""What should be looked at, although the event is accepted; applied as `rule(scene, event)`."""
