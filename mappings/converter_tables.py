"""What each converter does, in one line of Vietnamese and one of English, for people who do not read code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from mappings.completeness import Partner, Problem
from mappings.csv_files import MAPPINGS, read_rows
from mappings.loading import EVERY_MESSAGE
from mappings.rules import Converter

_COLUMNS: Final = ("partner", "converter", "description_vi")
SHARED_BY_ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class Description:
    """One line each; empty when nobody has written it."""

    vietnamese: str
    english: str


@cache
def _vietnamese() -> Mapping[tuple[str, str], str]:
    rows = read_rows(MAPPINGS / "converters.csv", _COLUMNS)
    return {(row["partner"], row["converter"]): row["description_vi"] for row in rows}


def describe(partner: str, name: str, converter: Converter) -> Description:
    """English is the first line of the function's own description; Vietnamese stands in `converters.csv`."""
    english = (converter.__doc__ or "").strip().partition("\n")[0]
    known = _vietnamese()
    return Description(known.get((partner, name)) or known.get((SHARED_BY_ALL, name), ""), english)


def used_converters(partner: Partner) -> tuple[str, ...]:
    """Name the converters that a partner's rows call, in alphabetical order."""
    rows = (rule.row["convert"] for rules in partner.tables.rules.values() for rule in rules)
    return tuple(sorted({name for name in rows if name in partner.converters}))


def undescribed_converters(partner: Partner) -> Iterator[Problem]:
    """Go through the converters in use that a reader of the tables could not understand."""
    for name in used_converters(partner):
        described = describe(partner.tables.partner, name, partner.converters[name])
        if not (described.vietnamese and described.english):
            text = f"converters.csv does not say in Vietnamese what {name} does, or its code not in English"
            yield Problem(partner.tables.partner, EVERY_MESSAGE, EVERY_MESSAGE, text)
