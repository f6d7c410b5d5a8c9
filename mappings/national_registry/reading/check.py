"""Are the reading tables whole? Everything missing is found at once, before the process starts."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from pydantic import BaseModel

from mappings.canonical import EVENT_TYPES
from mappings.codes import list_partner_lists, list_partner_terms
from mappings.csv_files import CONTRACTS, TableBroken, read_rows
from mappings.loading import read_partner
from mappings.national_registry.reading.dossier import READERS
from mappings.national_registry.reading.tables import (
    NOT_READ,
    NOTHING,
    PARTNER,
    Form,
    forms,
    modules,
    rows_of,
    word_rows,
)

_GENERATIONS: Final = ("1", "2")
_FREE_LISTS: Final = frozenset({NOTHING, "ethnic_group"})
"""Lists of words whose terms stand in no list of codes."""
_READ_OTHERWISE: Final = frozenset(
    {
        "event_type",
        "source_event_id",
        "registration.authority_code",
        "registration.registered_at",
        "registration.book_code",
        "registration.kind",
        "changes",
        "extract.kind",
        "birth",
        "death",
    }
)
"""What the envelope, the module or another field of the record says."""


class IncompleteReading(Exception):
    """The reading tables lack something; the process must not start."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@cache
def check_reading() -> None:
    """Read and check every table; the result is remembered.

    Raises:
        IncompleteReading: names everything that is missing, at once.

    """
    found = tuple(problems())
    if found:
        raise IncompleteReading(found)


def problems() -> Iterator[str]:
    """Go through everything that is missing."""
    yield from _modules_without_form()
    for form in forms():
        yield from _problems_of_form(form)
    yield from _words_of_no_list()


def _modules_without_form() -> Iterator[str]:
    path = CONTRACTS / PARTNER / "contract" / "codes" / "module.csv"
    known = {row["code"] for row in read_rows(path, ("code", "name_vi", "name_en", "mark", "source"))}
    yield from (f"modules.csv does not say how {module} is read" for module in sorted(known - set(modules())))
    yield from (f"the contract has no module {module}" for module in sorted(set(modules()) - known))


def _problems_of_form(form: Form) -> Iterator[str]:
    name = f"{form.event_type}/{form.message}"
    messages = {row.key[:2] for row in read_partner(PARTNER).messages}
    if (form.event_type, form.message) not in messages:
        yield f"{name}: our own mapping writes no such message"
        return
    paths: set[str] = set()
    for generation in _GENERATIONS:
        try:
            rows = rows_of(form, generation)
        except TableBroken as broken:
            yield f"{name}: {broken}"
            return
        for row in rows:
            paths.add(row.path)
            if row.reader != NOT_READ and row.reader not in READERS:
                yield f"{name}: {row.field} has the reader {row.reader}, which does not exist"
            if row.reader == "code" and row.argument not in list_partner_lists(PARTNER):
                yield f"{name}: {row.field} is read by the list {row.argument}, which does not exist"
    for path in _required(EVENT_TYPES[form.event_type]):
        if not _is_said(path, paths, form):
            yield f"{name}: nothing says {path}, which the event requires"


def _required(model: type[BaseModel], before: str = "") -> Iterator[str]:
    """Fields that an event cannot be without, two levels deep: below that people and papers begin."""
    for name, info in model.model_fields.items():
        if not info.is_required():
            continue
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel) and not before:
            yield from _required(kind, f"{name}.")
        else:
            yield f"{before}{name}"


def _is_said(path: str, paths: set[str], form: Form) -> bool:
    fixed = {each for each, _, _ in form.fixed}
    from_role = path.endswith((".sex", ".birth_date"))
    return (
        path in _READ_OTHERWISE
        or path in fixed
        or from_role
        or any(each == path or each.startswith(f"{path}.") or path.startswith(f"{each}.") for each in paths)
    )


def _words_of_no_list() -> Iterator[str]:
    for row in word_rows():
        if row["list"] in _FREE_LISTS or not row["term"]:
            continue
        if row["list"] not in list_partner_lists(PARTNER):
            yield f"words.csv: there is no list {row['list']}"
        elif row["term"] not in list_partner_terms(PARTNER, row["list"]):
            yield f"words.csv: the list {row['list']} has no term {row['term']}"
