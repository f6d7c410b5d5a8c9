"""A gateway with a backlog, in front of destinations that take everything: how several measurements begin."""

import json
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bench.names import invented_name
from gateway.bootstrap.corrections import intake_stores
from gateway.bootstrap.gateway import Gateway, Roles, build_gateway
from gateway.bootstrap.surroundings import Surroundings
from gateway.model.clock import system_clock
from gateway.model.ids import ClientId
from gateway.model.submission import RawSubmission, ValidSubmission
from gateway.observability.logging import configure_logging
from gateway.receive.parse import BodyLimits
from gateway.receive.plan import shipped_plans
from gateway.receive.validate import Rulebook
from gateway.receive.walk import Committer, Promise, prepare
from gateway.settings import read_settings
from mappings.canonical import sample_event

Environment = dict[str, str]

_EVENTS_A_COMMIT: Final = 200
_WAIT_FOR_NUMBER_SECONDS: Final = 7200
_PROMISE_SECONDS: Final = 43_200
_SURROUNDINGS: Final = Surroundings(system_clock, random.random, os.urandom)


def birth(number: int, *, has_number: bool, registered_at: datetime) -> bytes:
    """One of many births; a child that has its personal ID needs nothing from the population database."""
    event = sample_event("birth")
    event["registration"]["registered_at"] = registered_at.isoformat()
    event["source_event_id"] = event["dossier"]["code"] = f"BENCH-{number}"
    event["registration"]["number"] = str(number)
    event["child"]["name"] = invented_name(number)
    event["mother"]["personal_id"] = f"0991970{number:05}"
    event["father"]["personal_id"] = f"0990940{number:05}"
    if has_number:
        event["child"]["personal_id"] = f"0993260{number:05}"
    return json.dumps(event, ensure_ascii=False).encode()


def enqueue_births(gateway: Gateway, births: int, *, have_numbers: bool, waited: timedelta) -> None:
    """Take births in as the intake does, as if that had been so long ago."""
    committer = Committer(
        database=gateway.stores.database,
        stores=intake_stores(gateway.stores, gateway.settings),
        promise=Promise(
            shipped_plans({"personal_id_wait_seconds": _WAIT_FOR_NUMBER_SECONDS}), _PROMISE_SECONDS
        ),
        clock=lambda: system_clock() - waited,
        random_bytes=os.urandom,
    )
    batch: list[ValidSubmission] = []
    for number in range(births):
        batch.append(_submission(number, have_numbers=have_numbers, received_at=system_clock() - waited))
        if len(batch) == _EVENTS_A_COMMIT or number == births - 1:
            committer(batch)
            batch = []


@contextmanager
def gateway_in_front(
    address: str, database_url: str, roles: Roles, more: Sequence[tuple[str, str]] = ()
) -> Iterator[Gateway]:
    """A whole gateway, not started, whose three destinations are at one address; it logs as always."""
    environment: Environment = {
        "HOTICH_DATABASE_URL": database_url,
        "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__BASE_URL": address,
        "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__CLIENT_ID": "bench",
        "HOTICH_DESTINATIONS__NATIONAL_REGISTRY__CLIENT_SECRET": "bench",
        "HOTICH_DESTINATIONS__POPULATION_DB__SERVICE_URL": f"{address}/dancuquocgia",
        "HOTICH_DESTINATIONS__POPULATION_DB__USER": "bench",
        "HOTICH_DESTINATIONS__POPULATION_DB__SECRET": "bench",
        "HOTICH_DESTINATIONS__POPULATION_DB__OFFICER_ID": "099190000001",
        "HOTICH_DESTINATIONS__ONE_STOP__BASE_URL": address,
        "HOTICH_DESTINATIONS__ONE_STOP__USER": "bench",
        "HOTICH_DESTINATIONS__ONE_STOP__PASSWORD": "bench",
        **dict(more),
    }
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        configure_logging("info", nowhere)
        gateway = build_gateway(_SURROUNDINGS, read_settings(environment), roles)
        yield gateway


def _submission(number: int, *, have_numbers: bool, received_at: datetime) -> ValidSubmission:
    body = birth(number, has_number=have_numbers, registered_at=received_at)
    raw = RawSubmission(ClientId("bench"), frozenset({"08"}), None, body, received_at)
    prepared = prepare(raw, BodyLimits(), Rulebook())
    if not isinstance(prepared, ValidSubmission):
        message = f"the sample is not valid: {prepared}"
        raise TypeError(message)
    return prepared
