"""What became of a row, and of all of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.model.submission import Violation
from mappings.canonical import Wording
from mappings.digitised_books.cells import Cell, CellFault
from mappings.digitised_books.wordings import FAULTS, WARNINGS


class RowOutcome(StrEnum):
    """What an import did with a row, or would do."""

    ACCEPTED = "accepted"
    """New: on disk, and will be delivered; in a dry run: would be."""
    REPEATED = "repeated"
    """Taken in before with the same content; nothing has changed."""
    FAULTY = "faulty"
    """Not imported: something must be corrected."""
    CONFLICT = "conflict"
    """Not imported: taken in before with other content."""


@dataclass(frozen=True, slots=True)
class Remark:
    """One fault or warning of a row, in words."""

    column: str | None
    code: str
    message_vi: str
    message_en: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row with what became of it."""

    row: int
    outcome: RowOutcome
    remarks: tuple[Remark, ...] = ()
    cells: Sequence[Cell | None] = ()
    """As they stood in the file, for the report."""


@dataclass(slots=True)
class ImportTally:
    """Counts of an import; nothing of it names a person."""

    outcomes: Counter[RowOutcome] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)

    def add(self, result: RowResult) -> None:
        """One row more."""
        self.outcomes[result.outcome] += 1
        for remark in result.remarks:
            (self.warnings if remark.is_warning else self.faults)[remark.code] += 1

    @property
    def is_clean(self) -> bool:
        """Every row is in, or was before."""
        return not (self.outcomes[RowOutcome.FAULTY] or self.outcomes[RowOutcome.CONFLICT])

    def as_document(self) -> Mapping[str, object]:
        """For programs."""
        return {
            "rows": self.outcomes.total(),
            **{outcome.value: self.outcomes[outcome] for outcome in RowOutcome},
            "faults": dict(self.faults.most_common()),
            "warnings": dict(self.warnings.most_common()),
        }


def remarks_of(faults: Iterable[CellFault], *, are_warnings: bool = False) -> tuple[Remark, ...]:
    """Faults of cells in words."""
    table = WARNINGS if are_warnings else FAULTS
    return tuple(_remark(fault, table[fault.code], is_warning=are_warnings) for fault in faults)


def remark_of_violation(violation: Violation, column: str | None, *, is_warning: bool = False) -> Remark:
    """A rule that the event breaks, with the column that it is about."""
    return Remark(column, violation.code, violation.message_vi, violation.message_en, is_warning=is_warning)


def _remark(fault: CellFault, wording: Wording, *, is_warning: bool) -> Remark:
    values = {"column": fault.column or "", **fault.values}
    return Remark(
        fault.column,
        fault.code,
        wording.vietnamese.format_map(values),
        wording.english.format_map(values),
        is_warning=is_warning,
    )
