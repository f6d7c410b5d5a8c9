"""A few events about the same invented people, so that order between them matters."""

from typing import Any

from tests.support.events import a_birth, a_death, a_marriage, a_name

JsonObject = dict[str, Any]


def a_family() -> list[JsonObject]:
    """A birth, a marriage, and later the death of the husband: the last two share a person."""
    marriage = a_marriage()
    husband = marriage["husband"]
    person = ("name", "sex", "birth_date", "personal_id", "identity_paper", "residence")
    death = a_death(**{f"deceased__{field}": husband[field] for field in person})
    return [a_birth(), marriage, death]


def another_birth(number: int, **changes: Any) -> JsonObject:  # noqa: ANN401 - a field may hold any JSON value
    """A further child of the same parents, born on another day, in the next entry of the book."""
    born = {"year": 2026, "month": 1 + number % 9, "day": 1 + number % 28, "certainty": "exact"}
    return a_birth(
        source_event_id=f"KS-MAU-{number}",
        registration__number=str(number),
        dossier__code=f"H60.129-261116-{number:04}",
        child__name=a_name(number),
        child__birth_date=born,
        birth__certificate_code=f"08001.GCS.{number:05}.26",
        **changes,
    )
