"""The code lists that the rules ask; handed in, so that rules stay functions of values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mappings import codes
from mappings.codes import CenturySex, CodeEntry, Unit

FindUnit = Callable[[str, date], Unit | None]
FindEntry = Callable[[str, date], CodeEntry | None]
FindCenturySex = Callable[[str, date], CenturySex | None]


@dataclass(frozen=True, slots=True)
class CodeLists:
    """Each look-up takes a code and the day on which it is to mean something."""

    find_unit: FindUnit
    find_country: FindEntry
    find_ethnic_group: FindEntry
    find_procedure: FindEntry
    find_century_sex: FindCenturySex

    def chain_of(self, code: str, on_date: date) -> tuple[Unit, ...]:
        """The unit and those above it on that day, lowest first; empty if there is no such unit."""
        chain: list[Unit] = []
        unit = self.find_unit(code, on_date)
        while unit is not None:
            chain.append(unit)
            unit = self.find_unit(unit.parent_code, on_date) if unit.parent_code else None
        return tuple(chain)


OFFICIAL_LISTS = CodeLists(
    find_unit=codes.find_unit,
    find_country=codes.find_country,
    find_ethnic_group=codes.find_ethnic_group,
    find_procedure=codes.find_procedure,
    find_century_sex=codes.find_century_sex,
)
"""The lists that the gateway is shipped with."""
