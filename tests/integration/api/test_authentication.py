"""No path is open but those that say so; tokens end when they should; secrets are kept only as hashes."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import text

from gateway.storage.ports import Role
from tests.support.edge_desk import EVENTS, Badge, EdgeDesk, expect_problem
from tests.support.submissions import another_birth

TOKENS = {("POST", path) for path in ("/oauth/token", "/token", "/lgsp/token")}
KEYS = ("GET", "/.well-known/hotich-gateway-keys")
OPEN = {KEYS, ("GET", "/health/live"), ("GET", "/health/ready"), *TOKENS}
AN_ID = "019a8a5c-0000-7000-8000-000000000001"
NEEDED = {
    ("POST", EVENTS): {Role.SENDER},
    ("GET", "/api/v1/changes"): {Role.CONSUMER, Role.OPERATOR},
    ("GET", "/metrics"): {Role.OPERATOR},
    ("GET", "/api/v1/deliveries"): {Role.OPERATOR},
    ("GET", "/api/v1/deliveries/summary"): {Role.OPERATOR},
    **{
        ("POST", "/api/v1/deliveries/{delivery_id}/" + act): {Role.OPERATOR}
        for act in ("retry", "release", "hold", "cancel")
    },
    **{("POST", "/api/v1/destinations/{destination}/" + act): {Role.OPERATOR} for act in ("release", "hold")},
}


def _operations(desk: EdgeDesk) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in desk.gateway.app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def _concrete(path: str) -> str:
    known = {"{event_type}": "birth", "{destination}": "one_stop"}
    return re.sub(r"\{\w+\}", lambda found: known.get(found[0], AN_ID), path)


def _form(badge: Badge, **changes: str) -> dict[str, str]:
    form = {
        "grant_type": "client_credentials",
        "client_id": badge.client_id,
        "client_secret": badge.client_secret,
    }
    return form | changes


def test_every_documented_path_but_the_open_ones_answers_401_without_a_token(desk: EdgeDesk) -> None:
    found = list(_operations(desk))
    closed = [(method, path, each) for method, path, each in found if (method, path) not in OPEN]
    assert len(closed) > 8
    for method, path, operation in closed:
        if "dialects" in operation["tags"]:
            assert str(desk.call(method, path).json()["errorCode"]) == "100"
            continue
        answer = desk.call(method, _concrete(path))
        expect_problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_document_marks_exactly_the_open_paths_as_open(desk: EdgeDesk) -> None:
    marked = {
        (method, path) for method, path, operation in _operations(desk) if operation.get("security") == []
    }
    assert marked == OPEN


def test_every_served_path_is_documented_or_part_of_the_documentation(desk: EdgeDesk) -> None:
    documented = {path for _, path, _ in _operations(desk)}
    paths = {context.path for context in iter_route_contexts(desk.gateway.app.routes) if context.path}
    served = {path.replace(":path}", "}") for path in paths}  # a number may hold a slash
    assert documented <= served
    assert served - documented == {
        "/openapi.json",
        "/docs",
        "/docs/oauth2-redirect",
        "/static-offline-docs",
        "/soap/registry",  # its WSDL documents it
    }


def test_every_path_that_needs_a_role_answers_403_to_the_others(desk: EdgeDesk) -> None:
    badges = {role: desk.badge(role.value, role) for role in Role}
    documented = {(method, path): operation.get("x-roles") for method, path, operation in _operations(desk)}
    for each, allowed in NEEDED.items():
        assert documented[each] == sorted(role.value for role in allowed)
    assert {(method, path) for method, path, _ in _operations(desk)} >= NEEDED.keys()
    for (method, path), allowed in NEEDED.items():
        for role in set(Role) - allowed:
            document = expect_problem(desk.call(method, _concrete(path), badges[role]), 403, "forbidden")
            assert document["needed"] == sorted(each.value for each in allowed)


@pytest.mark.parametrize(
    "header",
    [
        "Bearer",
        "Bearer ",
        "Bearer garbage",
        "Basic Z2FyYmFnZQ==",
        "garbage",
        "Bearer \x7f",
        "Bearer " + "a" * 4000,
    ],
)
def test_a_header_that_is_no_good_token_is_401(desk: EdgeDesk, header: str) -> None:
    expect_problem(
        desk.call("GET", "/api/v1/schemas", headers={"Authorization": header}), 401, "unauthenticated"
    )


def test_a_token_ends_when_its_time_is_over(desk: EdgeDesk) -> None:
    badge = desk.badge()
    assert desk.call("GET", "/api/v1/schemas", badge).status_code == httpx.codes.OK
    desk.clock.advance(desk.gateway.settings.security.token_seconds + 1)
    expect_problem(desk.call("GET", "/api/v1/schemas", badge), 401, "unauthenticated")


def test_a_revoked_client_is_known_for_the_cache_time_and_no_longer(desk: EdgeDesk) -> None:
    badge = desk.badge()
    assert desk.call("GET", "/api/v1/schemas", badge).status_code == httpx.codes.OK
    desk.gateway.clients.revoke(badge.client_id, desk.clock())
    desk.clock.advance(desk.gateway.settings.security.token_cache_seconds - 0.1)
    assert desk.call("GET", "/api/v1/schemas", badge).status_code == httpx.codes.OK
    desk.clock.advance(0.2)
    expect_problem(desk.call("GET", "/api/v1/schemas", badge), 401, "unauthenticated")


def test_a_revoked_client_that_was_not_cached_is_turned_away_at_once(desk: EdgeDesk) -> None:
    badge = desk.badge()
    desk.gateway.clients.revoke(badge.client_id, desk.clock())
    expect_problem(desk.post(another_birth(), badge), 401, "unauthenticated")
    expect_problem(desk.call("POST", "/oauth/token", data=_form(badge)), 401, "invalid_client")


def test_credentials_in_a_form_give_a_token_that_works(desk: EdgeDesk) -> None:
    answer = desk.call("POST", "/oauth/token", data=_form(desk.badge()))
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["cache-control"] == "no-store"
    given = answer.json()
    assert given["token_type"] == "Bearer"
    assert given["expires_in"] == desk.gateway.settings.security.token_seconds
    header = {"Authorization": f"Bearer {given['access_token']}"}
    assert desk.call("GET", "/api/v1/schemas", headers=header).status_code == httpx.codes.OK


def test_credentials_as_basic_give_a_token_that_works(desk: EdgeDesk) -> None:
    badge = desk.badge()
    pair = b64encode(f"{badge.client_id}:{badge.client_secret}".encode()).decode()
    answer = desk.call(
        "POST",
        "/oauth/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {pair}"},
    )
    assert answer.status_code == httpx.codes.OK
    header = {"Authorization": f"bearer {answer.json()['access_token']}"}
    assert desk.call("GET", "/api/v1/schemas", headers=header).status_code == httpx.codes.OK


@pytest.mark.parametrize(
    "changes",
    [
        {"client_secret": "wrong"},
        {"client_secret": ""},
        {"client_id": "hotich-0000000000000000"},
        {"client_id": ""},
    ],
)
def test_wrong_credentials_get_no_token(desk: EdgeDesk, changes: dict[str, str]) -> None:
    answer = desk.call("POST", "/oauth/token", data=_form(desk.badge(), **changes))
    assert expect_problem(answer, 401, "invalid_client")["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("client_id", ["a\x00b", "\ud7ff", "x" * 101, "hotich '; --"])
def test_an_id_that_no_client_can_have_is_an_unknown_client(desk_on_both: EdgeDesk, client_id: str) -> None:
    form = _form(desk_on_both.badge(), client_id=client_id)
    expect_problem(desk_on_both.call("POST", "/oauth/token", data=form), 401, "invalid_client")


def test_basic_credentials_that_cannot_be_read_are_wrong_credentials(desk: EdgeDesk) -> None:
    for encoded in ("###", b64encode(b"\xff\xfe").decode(), ""):
        answer = desk.call(
            "POST",
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            headers={"Authorization": f"Basic {encoded}"},
        )
        expect_problem(answer, 401, "invalid_client")
        assert answer.headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize(
    "body",
    [b"", b"grant_type=password", b"{}", b"\xff\xfe", b"&".join(b"a%d=1" % number for number in range(50))],
)
def test_anything_but_client_credentials_is_refused(desk: EdgeDesk, body: bytes) -> None:
    document = expect_problem(desk.call("POST", "/oauth/token", content=body), 400, "unsupported_grant_type")
    assert document["error"] == "unsupported_grant_type"


def test_a_form_of_any_size_is_not_read(desk: EdgeDesk) -> None:
    expect_problem(desk.call("POST", "/oauth/token", content=b"a" * 10_000), 413, "body_too_large")


def test_neither_secret_nor_token_is_anywhere_in_the_database(desk: EdgeDesk) -> None:
    badge = desk.badge()
    assert desk.call("GET", "/api/v1/schemas", badge).status_code == httpx.codes.OK
    with desk.gateway.stores.database.read() as connection:
        path = connection.execute(text("PRAGMA database_list")).one()[2]
        stored = connection.execute(text("SELECT secret_hash FROM clients")).scalar_one()
    assert stored.startswith("scrypt$")
    files = [each for each in Path(path).parent.iterdir() if each.name.startswith(Path(path).name)]
    assert files
    for each in files:
        content = each.read_bytes()
        assert badge.client_secret.encode() not in content
        assert badge.token.encode() not in content


def test_what_is_told_once_does_not_show_itself_by_accident(desk: EdgeDesk) -> None:
    new = desk.gateway.clients.add("quiet", frozenset({"08"}), frozenset({Role.SENDER}), desk.clock())
    token = desk.gateway.clients.give_token(new.client_id, new.client_secret, desk.clock())
    assert token is not None
    assert new.client_secret not in repr(new)
    assert token.token not in repr(token)
