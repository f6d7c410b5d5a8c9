"""Imports of old books, built from settings: their rules, their promise, and whose name they are in."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from gateway.bootstrap.code_lists import use_added_editions
from gateway.bootstrap.generations import chosen_generations
from gateway.bootstrap.reading import units_above
from gateway.bootstrap.receiving import build_committer
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.submission import IntakeResult, RawSubmission, ValidSubmission, Violation
from gateway.operations.imports.engine import Importer, ImportTools
from gateway.operations.imports.opening import Wanted, open_source
from gateway.operations.imports.row_source import RowSource
from gateway.operations.imports.sheet import FileLimits, refused
from gateway.receive.code_lists import OFFICIAL_LISTS
from gateway.receive.earlier_events import EarlierEvents
from gateway.receive.parse import BodyLimits, ParsedBody
from gateway.receive.rules.scene import RuleLimits
from gateway.receive.validate import BOOK_EASED, Rulebook
from gateway.receive.walk import Committer, commit_batch, prepare, prepare_parsed
from gateway.settings import Settings
from gateway.storage.ports import Database, Role
from gateway.storage.sql.postgres import PostgresDatabase
from gateway.storage.sql.postgres_bell import ring
from mappings.catalog import load_catalog
from mappings.digitised_books.names import folded

OLD_UNITS_DAY = date(2025, 6, 30)
"""The last day of the units that old books were kept by."""


@dataclass(frozen=True, slots=True)
class DryCommit:
    """Does everything that a commit does, and takes it back: what would happen, not what we think would."""

    committer: Committer[StoreTransaction]

    def __call__(self, submissions: Sequence[ValidSubmission]) -> list[IntakeResult]:
        """Nothing stays. Raises `IdentityTaken`, `StorageUnavailable`."""
        found: list[IntakeResult] = []
        inner = self.committer
        with suppress(_TakenBack), _taken_back(inner.database) as transaction:
            found += commit_batch(
                transaction, submissions, inner.stores, inner.promise, inner.clock(), inner.random_bytes
            )
        return found


class _TakenBack(Exception):
    """Rolls the transaction back."""


@contextmanager
def _taken_back(database: Database[StoreTransaction]) -> Iterator[StoreTransaction]:
    with database.write() as transaction:
        yield transaction
        raise _TakenBack


@dataclass(frozen=True, slots=True)
class RingingCommit:
    """Tells waiting workers of other processes after each commit."""

    committer: Committer[StoreTransaction]

    def __call__(self, submissions: Sequence[ValidSubmission]) -> list[IntakeResult]:
        """As the committer."""
        results = self.committer(submissions)
        database = self.committer.database
        if isinstance(database, PostgresDatabase):
            ring(database)
        return results


def build_import_tools(
    surroundings: Surroundings, settings: Settings, stores: Stores, *, is_dry: bool
) -> ImportTools:
    """Raises `SettingsInvalid`, `IncompleteMapping`."""
    use_added_editions(settings)
    catalog = load_catalog().speaking(chosen_generations(settings))
    committer = build_committer(surroundings, settings, stores, catalog)
    rulebook = Rulebook(
        limits=RuleLimits(
            settings.intake.future_tolerance_seconds, settings.imports.registration_age_days_max
        ),
        find_earlier=EarlierEvents(stores.database, stores.events, units_above).find,
        eased=BOOK_EASED,
    )
    body = BodyLimits(settings.server.body_bytes_max, settings.server.json_depth_max)
    return ImportTools(
        prepare=partial(_prepare, body, rulebook),
        commit=DryCommit(committer) if is_dry else RingingCommit(committer),
        clock=surroundings.clock,
        rows_per_commit=settings.imports.rows_per_commit,
    )


def _prepare(
    limits: BodyLimits, rulebook: Rulebook, raw: RawSubmission, value: Mapping[str, Any] | None
) -> ValidSubmission | tuple[Violation, ...]:
    if value is None:
        return prepare(raw, limits, rulebook)
    return prepare_parsed(raw, ParsedBody(dict(value), ()), rulebook)


def find_importer(stores: Stores, name: str) -> Importer:
    """The client of this name or id, as whom rows are taken in. Raises `ImportRefused`."""
    with stores.database.read() as transaction:
        clients = stores.clients.list_all(transaction)
    for client in clients:
        if name in {client.name, client.client_id} and client.revoked_at is None:
            if Role.SENDER not in client.roles:
                raise refused("client_not_sender", client=name)
            return Importer(client.client_id, client.authorities)
    raise refused("client_unknown", client=name)


def open_import(settings: Settings, wanted: Wanted) -> RowSource:
    """The rows of a file. Raises `ImportRefused`."""
    imports = settings.imports
    limits = FileLimits(
        imports.file_bytes_max,
        imports.unpacked_bytes_max,
        imports.unpacked_ratio_max,
        imports.cell_characters_max,
    )
    return open_source(wanted, limits, settings.server.body_bytes_max)


def names_of_unit(code: str) -> frozenset[str]:
    """The folded names that a unit of old books, or of today, bears."""
    days = (OLD_UNITS_DAY, date(2025, 7, 1))
    units = (OFFICIAL_LISTS.find_unit(code, day) for day in days)
    return frozenset(folded(unit.name) for unit in units if unit is not None)
