"""Readers over the stores, for the API and the commands."""

from datetime import date

from gateway.bootstrap.foresight import notice_reader
from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.model.clock import Clock
from gateway.operations.decision import DecisionReader
from gateway.operations.read_journey import JourneyReader
from gateway.operations.replays.read import ReplayReader
from gateway.operations.summary import SummaryReader
from gateway.receive.code_lists import OFFICIAL_LISTS
from gateway.storage.sql.corrections import SqlOfficeNotices
from gateway.storage.sql.replays import SqlReplays


def journey_reader(stores: Stores) -> JourneyReader[StoreTransaction]:
    """Answers "where is it?"."""
    return JourneyReader(
        stores.database,
        stores.events,
        stores.deliveries,
        stores.queue,
        notice_reader(stores),
        SqlReplays(),
        stores.questions,
        SqlOfficeNotices(),
        stores.declarations,
    )


def replay_reader(stores: Stores, clock: Clock) -> ReplayReader[StoreTransaction]:
    """Answers "how far is it, and what would it do?"."""
    return ReplayReader(stores.database, SqlReplays(), stores.queue, clock)


def decision_reader(stores: Stores) -> DecisionReader[StoreTransaction]:
    """Answers "what must I decide, and what may I do?"."""
    return DecisionReader(journey_reader(stores), stores.acts, stores.proposals, stores.bundles)


def summary_reader(stores: Stores, clock: Clock) -> SummaryReader[StoreTransaction]:
    """Answers "how many stand where?"."""
    return SummaryReader(stores.database, stores.deliveries, stores.queue, clock)


def units_above(code: str, on_date: date) -> frozenset[str]:
    """A unit and those above it on that day, from the official lists."""
    return frozenset(unit.code for unit in OFFICIAL_LISTS.chain_of(code, on_date))
