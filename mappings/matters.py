"""Civil-status matters (việc hộ tịch): rows of `tables/matters.csv`, one for each variant in the law."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Final

from mappings.added_editions import OFFICIAL
from mappings.csv_files import MAPPINGS, Row, TableBroken, read_rows
from mappings.editions import find_code

TWO_TIERS_FROM: Final = date(2025, 7, 1)
"""Communes take over the districts' duties; shorter deadlines (Decree 120/2025)."""

_PATH: Final = MAPPINGS / "tables" / "matters.csv"
_COLUMNS: Final = (
    "matter",
    "law_row",
    "name_vi",
    "name_en",
    "event_type",
    "procedure_codes",
    "registration_kinds",
    "conditions",
    "book_code",
    "foreign_element",
    "deadline_old",
    "deadline_new",
    "destinations",
    "special_rules",
    "sources",
    "mark",
)
_PROCEDURE_CHARACTERS: Final = len("1.001193")
FOREIGN_ELEMENT: Final = "foreign_element"
"""The flag of an event with a foreign element (có yếu tố nước ngoài)."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: how it is recognised, where it is written, who hears of it, how soon."""

    code: str
    law_row: int
    """Row of the overview of the law; 0 stands outside of it."""
    name_vi: str
    name_en: str
    event_type: str
    procedure_codes: tuple[str, ...]
    registration_kinds: frozenset[str]
    """Empty: the kind does not tell."""
    conditions: tuple[frozenset[str], ...]
    """Of each set the event must have one flag."""
    book_code: str | None
    """None: no book of its own, the entry of another matter."""
    foreign_element: str
    """yes, no, any."""
    deadline_old: str
    """Until 30 June 2025; `wd` are working days, empty is not known."""
    deadline_new: str
    destinations: tuple[str, ...]
    special_rules: str
    sources: str
    mark: str


def _matter(row: Row) -> Matter:
    return Matter(
        code=row["matter"],
        law_row=int(row["law_row"]),
        name_vi=row["name_vi"],
        name_en=row["name_en"],
        event_type=row["event_type"],
        procedure_codes=tuple(row["procedure_codes"].split()),
        registration_kinds=frozenset(row["registration_kinds"].split()),
        conditions=tuple(frozenset(word.split("|")) for word in row["conditions"].split()),
        book_code=row["book_code"] or None,
        foreign_element=row["foreign_element"],
        deadline_old=row["deadline_old"],
        deadline_new=row["deadline_new"],
        destinations=tuple(row["destinations"].split()),
        special_rules=row["special_rules"],
        sources=row["sources"],
        mark=row["mark"],
    )


@cache
def _matters() -> Mapping[str, Matter]:
    found: dict[str, Matter] = {}
    for row in read_rows(_PATH, _COLUMNS):
        if row["matter"] in found:
            raise TableBroken(row.path, row.line, "the matter stands twice")
        if row["foreign_element"] not in {"yes", "no", "any"} or row["mark"] not in {"S", "I"}:
            raise TableBroken(row.path, row.line, "foreign_element: yes, no, any; mark: S, I")
        found[row["matter"]] = _matter(row)
    return found


def list_matters(event_type: str | None = None) -> tuple[Matter, ...]:
    """List all matters, or those of one kind of event, in the order of the table."""
    return tuple(each for each in _matters().values() if event_type in {None, each.event_type})


def get_matter(code: str) -> Matter:
    """Find a matter by its code.

    Raises:
        KeyError: no such matter.

    """
    return _matters()[code]


def find_matter(
    event_type: str,
    procedure_code: str | None,
    registration_kind: str | None,
    flags: frozenset[str],
    on_date: date,
) -> Matter | None:
    """Find the row that says most about such a registration; None when what is said contradicts itself.

    A procedure that is not in force on that day names no matter; a local ending of its code is passed over.
    """
    procedure = None if procedure_code is None else procedure_code[:_PROCEDURE_CHARACTERS]
    if procedure is not None and find_code("procedures", OFFICIAL, procedure, on_date) is None:
        return None
    known = flags if procedure is None else flags | {f"procedure:{procedure}"}
    return _most_telling(event_type, procedure, registration_kind, known)


@lru_cache(maxsize=4096)
def _most_telling(
    event_type: str, procedure: str | None, kind: str | None, known: frozenset[str]
) -> Matter | None:
    """Most events are of a few sorts, and each is asked for more than once."""
    fitting = [matter for matter in list_matters(event_type) if _fits(matter, procedure, kind, known)]
    return max(fitting, key=_specificity, default=None)


def _fits(matter: Matter, procedure: str | None, kind: str | None, flags: frozenset[str]) -> bool:
    return all(_tests(matter, procedure, kind, flags))


def _tests(matter: Matter, procedure: str | None, kind: str | None, flags: frozenset[str]) -> Iterator[bool]:
    named_by_procedure = procedure in matter.procedure_codes
    yield procedure is None or not matter.procedure_codes or named_by_procedure
    yield kind is None or not matter.registration_kinds or kind in matter.registration_kinds
    yield all(condition & flags for condition in matter.conditions)
    match matter.foreign_element:
        case "yes":
            yield named_by_procedure or FOREIGN_ELEMENT in flags
        case "no":
            yield FOREIGN_ELEMENT not in flags
        case _:
            yield True


def _specificity(matter: Matter) -> tuple[int, bool, bool]:
    is_decided = matter.foreign_element != "any"
    return len(matter.conditions), bool(matter.registration_kinds), is_decided


def deadline_of(matter: Matter, on_date: date) -> str:
    """Say how soon a request of that day must be answered: `3 wd max 8 wd`; empty when it is not known."""
    return matter.deadline_new if on_date >= TWO_TIERS_FROM else matter.deadline_old
