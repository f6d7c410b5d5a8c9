"""The partners as the catalogue sees them: tables, and the converters and code lists that these use."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from mappings import converters as shared
from mappings import dates
from mappings.completeness import Partner
from mappings.csv_files import MAPPINGS
from mappings.loading import read_partner
from mappings.national_registry import changes, family, generation_1, papers
from mappings.national_registry import converters as national_registry
from mappings.one_stop import converters as one_stop
from mappings.population_db import converters as population_db
from mappings.rules import Converter

SHARED: Final[Mapping[str, Converter]] = {**shared.SHARED_CONVERTERS, **dates.CONVERTERS}
"""Converters that every partner's mapping may use."""
OWN: Final[Mapping[str, Mapping[str, Converter]]] = {
    "national_registry": {
        **national_registry.CONVERTERS,
        **generation_1.CONVERTERS,
        **family.CONVERTERS,
        **changes.CONVERTERS,
        **papers.CONVERTERS,
    },
    "population_db": population_db.CONVERTERS,
    "one_stop": one_stop.CONVERTERS,
}
"""Converters of one partner alone."""
_CODE_LISTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "national_registry": {
        **national_registry.CODE_LISTS,
        **family.CODE_LISTS,
        **changes.CODE_LISTS,
        **papers.CODE_LISTS,
    },
    "population_db": population_db.CODE_LISTS,
    "one_stop": one_stop.CODE_LISTS,
}


def load_partner(name: str, folder: Path = MAPPINGS) -> Partner:
    """Read the files of one partner beside what there is to hold them against.

    Raises:
        TableBroken: a file has other columns than it should.
        FileNotFoundError: a file is missing.

    """
    return Partner(read_partner(name, folder), {**SHARED, **OWN[name]}, _CODE_LISTS[name])
