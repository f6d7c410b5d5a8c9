"""Corrections over the stores: what receiving sets off, the desks of offices and operators, the reminders."""

from datetime import timedelta

from gateway.bootstrap.stores import Stores, StoreTransaction
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.clock import Clock
from gateway.model.ids import RandomBytes
from gateway.operations.entries import EntryDesk
from gateway.operations.office_notices import NoticeDesk, NoticeStores
from gateway.operations.oversight import ActWitness, OversightDesk
from gateway.operations.schedule import Chore
from gateway.receive.once import OnceStores
from gateway.receive.walk import IntakeStores
from gateway.receive.witness import ChangeWitness, CorrectionStores
from gateway.settings import Settings, policy_settings
from gateway.storage.entry_reading import EntryReader
from gateway.storage.sql.corrections import SqlEntryLinks, SqlOfficeNotices
from gateway.storage.sql.oversight import SqlOversight


def entry_reader(stores: Stores) -> EntryReader[StoreTransaction]:
    """The events of one entry."""
    return EntryReader(stores.events, SqlEntryLinks(), stores.deliveries)


def intake_stores(stores: Stores, settings: Settings) -> IntakeStores[StoreTransaction]:
    """With the witness of changes, so that nobody is left untold."""
    witness = ChangeWitness(
        CorrectionStores(entry_reader(stores), SqlEntryLinks(), SqlOfficeNotices(), SqlOversight()),
        remind_every(settings),
    )
    once = OnceStores(stores.natural_keys, stores.questions)
    return IntakeStores(stores.events, stores.deliveries, stores.queue, stores.feed, once, witness)


def act_witness(stores: Stores, random_bytes: RandomBytes) -> ActWitness[StoreTransaction]:
    """Warns the higher office of what operators do."""
    return ActWitness(stores.events, SqlOversight(), random_bytes)


def notice_desk(
    stores: Stores, settings: Settings, surroundings: Surroundings
) -> NoticeDesk[StoreTransaction]:
    """The offices' inbox."""
    notice_stores = NoticeStores(
        stores.database, SqlOfficeNotices(), SqlOversight(), entry_reader(stores), stores.feed
    )
    return NoticeDesk(notice_stores, surroundings.clock, surroundings.random_bytes, remind_every(settings))


def oversight_desk(stores: Stores, clock: Clock) -> OversightDesk[StoreTransaction]:
    """The higher offices' view."""
    return OversightDesk(stores.database, SqlOversight(), clock)


def entry_desk(stores: Stores) -> EntryDesk[StoreTransaction]:
    """The history of entries."""
    return EntryDesk(stores.database, entry_reader(stores), SqlOfficeNotices())


def office_notice_chore(surroundings: Surroundings, settings: Settings, stores: Stores) -> Chore:
    """Every process that delivers may; a reminder is given once."""
    desk = notice_desk(stores, settings, surroundings)
    every_seconds = policy_settings(settings).office_notices.every_seconds
    return Chore("office_notices", every_seconds, desk.remind)


def remind_every(settings: Settings) -> timedelta:
    """As set, divided where time is."""
    return timedelta(seconds=policy_settings(settings).office_notices.remind_after_seconds)
