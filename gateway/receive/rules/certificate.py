"""Rules of papers that are issued (Decree 123/2015, art. 21 to 23; Circular 04/2020, art. 12, 30, 33)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from gateway.receive.finding import Finding, Path
from gateway.receive.rules.scene import Scene
from mappings.canonical import ExtractCopy, MaritalStatusCertificate

_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "not_married_now": (),
    "married": ("spouse_name",),
    "divorced": ("paper",),
    "widowed": ("paper",),
    "unmarried_for_a_time": ("unmarried_from", "unmarried_to"),
    "other": ("text",),
}
"""What a status cannot be certified without."""


def _is_for_marriage(event: MaritalStatusCertificate) -> bool:
    return event.purpose.kind != "other"


def purpose_is_complete(_scene: Scene, event: MaritalStatusCertificate) -> Iterator[Finding]:
    """Valid only for the stated purpose: for a marriage the partner is named, else the purpose is."""
    purpose = event.purpose
    if _is_for_marriage(event):
        if purpose.partner is None:
            yield Finding("purpose_partner_missing", ("purpose", "partner"))
        return
    if purpose.partner is not None:
        yield Finding("purpose_partner_unexpected", ("purpose", "partner"))
    if purpose.text is None:
        yield Finding("purpose_text_missing", ("purpose", "text"))


def one_copy_for_a_marriage(_scene: Scene, event: MaritalStatusCertificate) -> Iterator[Finding]:
    """For a marriage exactly one is issued."""
    if _is_for_marriage(event) and event.copies_requested > 1:
        yield Finding("one_copy_for_marriage", ("copies_requested",))


def status_is_complete(_scene: Scene, event: MaritalStatusCertificate) -> Iterator[Finding]:
    """The paper or the time that the status rests on."""
    for name in _NEEDED[event.marital.status]:
        if getattr(event.marital, name) is None:
            yield Finding("marital_detail_missing", ("marital", name), {"status": event.marital.status})


def married_people_do_not_marry(_scene: Scene, event: MaritalStatusCertificate) -> Iterator[Finding]:
    """Law on marriage and family 2014, art. 5."""
    if _is_for_marriage(event) and event.marital.status == "married":
        yield Finding("married_cannot_marry", ("purpose", "kind"))


def times_run_forward(_scene: Scene, event: MaritalStatusCertificate) -> Iterator[Finding]:
    """From comes before to."""
    marital, period = event.marital, event.period
    yield from _order(("marital", "unmarried_to"), marital.unmarried_from, marital.unmarried_to)
    if period is not None:
        yield from _order(("period", "ends_on"), period.starts_on, period.ends_on)


def partners_nationality(scene: Scene, event: MaritalStatusCertificate) -> Iterator[Finding]:
    """A country's code."""
    partner = event.purpose.partner
    if partner is not None and scene.lists.find_country(partner.nationality, scene.registered_on) is None:
        yield Finding("country_unknown", ("purpose", "partner", "nationality"))


def copied_certificate_is_of_a_birth(_scene: Scene, event: ExtractCopy) -> Iterator[Finding]:
    """Only the birth certificate is copied as such; of the rest there are extracts."""
    entry = event.amends.entry
    if event.extract.kind == "birth_certificate_copy" and entry is not None and entry.book_code != "KS":
        values = {"expected": "KS"}
        yield Finding("amended_book_does_not_fit", ("amends", "entry", "book_code"), values)


def _order(path: Path, starts_on: date | None, ends_on: date | None) -> Iterator[Finding]:
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        yield Finding("period_reversed", path)


CERTIFICATE_RULES: Final = (
    purpose_is_complete,
    one_copy_for_a_marriage,
    status_is_complete,
    married_people_do_not_marry,
    times_run_forward,
    partners_nationality,
)
EXTRACT_RULES: Final = (copied_certificate_is_of_a_birth,)
