"""The paths of corrections over their desks."""

from collections.abc import Callable

from fastapi import APIRouter

from gateway.api.correction_views import CorrectionViews
from gateway.api.corrections import CorrectionPaths, office_notice_router, oversight_router
from gateway.api.entries import EntryPaths, entry_router
from gateway.api.entry_views import EntryViews
from gateway.bootstrap.book import build_book_desk
from gateway.bootstrap.corrections import entry_desk, notice_desk, oversight_desk
from gateway.bootstrap.reading import units_above
from gateway.bootstrap.stores import Stores
from gateway.bootstrap.surroundings import Surroundings
from gateway.settings import Settings
from mappings.catalog import load_catalog


def correction_routers(
    stores: Stores, settings: Settings, surroundings: Surroundings, notify: Callable[[], None]
) -> list[APIRouter]:
    """Served by every process, also by one that accepts no events."""
    clock, server = surroundings.clock, settings.server
    views = CorrectionViews(notice_desk(stores, settings, surroundings), oversight_desk(stores, clock), clock)
    paths = CorrectionPaths(
        views.list_notices,
        views.get_notice,
        views.acknowledge,
        views.list_changes,
        views.get_change,
        views.mark_seen,
    )
    book = build_book_desk(surroundings, settings, stores, load_catalog(), notify)
    entries = EntryViews(entry_desk(stores), book, units_above, clock)
    entry_paths = EntryPaths(
        entries.show,
        entries.show_event,
        entries.state,
        entries.list_statements,
        entries.show_statement,
        entries.approve,
        entries.reject,
    )
    return [
        office_notice_router(paths, server.page_size_max, server.body_seconds_max),
        oversight_router(paths, server.page_size_max, server.body_seconds_max),
        entry_router(entry_paths, server.body_seconds_max),
    ]
