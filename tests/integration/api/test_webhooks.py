"""Webhooks over HTTP: one's own, limits, refusals, and secrets that stay secret."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from gateway.storage.ports import Role
from tests.support.database import sqlite_url
from tests.support.edge_desk import opened_edge
from tests.support.webhook_post import PATH, Post, opened_post


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    yield from opened_post(sqlite_url(tmp_path))


def test_secrets_are_sealed_at_rest_and_shown_once(post: Post) -> None:
    made = post.subscribe("http://127.0.0.1:9/hook")
    shown = post.desk.call("GET", PATH, post.desk.badge()).text
    assert made["secret"] not in shown
    with post.desk.gateway.stores.database.read() as transaction:
        row = str(transaction.execute(text("SELECT * FROM webhooks")).one())
    assert made["secret"].removeprefix("whsec_") not in row


def test_a_client_sees_only_his_own_and_an_operator_all(post: Post) -> None:
    made, operator = post.subscribe("http://127.0.0.1:9/hook"), post.desk.operator()
    stranger = post.desk.badge("stranger")
    path = f"{PATH}/{made['webhook_id']}"
    assert post.desk.call("GET", PATH, stranger).json() == {"webhooks": []}
    for method, place in (
        ("GET", path),
        ("DELETE", path),
        ("POST", f"{path}/rotate"),
        ("POST", f"{path}/test"),
        ("POST", f"{path}/disable"),
        ("GET", f"{path}/messages"),
        ("GET", f"{PATH}/nonsense"),
    ):
        assert post.desk.call(method, place, stranger).status_code == httpx.codes.NOT_FOUND, place
    assert [each["webhook_id"] for each in post.desk.call("GET", PATH, operator).json()["webhooks"]] == [
        made["webhook_id"]
    ]
    assert post.log(made, operator) == []
    reader = post.desk.badge("reader", Role.CONSUMER)
    assert post.desk.call("GET", PATH, reader).status_code == httpx.codes.FORBIDDEN
    assert post.desk.call("DELETE", path, post.desk.badge()).status_code == httpx.codes.NO_CONTENT
    assert post.desk.call("GET", path, post.desk.badge()).status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "ftp://x.example"}, "webhook_address_refused"),
        ({"url": "https://u:p@x.example"}, "webhook_address_refused"),
        ({"url": ""}, "invalid_parameter"),
        ({"url": "https://x.example", "types": ["; DROP"]}, "invalid_parameter"),
        ({"url": "https://x.example", "more": 1}, "invalid_parameter"),
        ([], "invalid_parameter"),
    ],
)
def test_a_bad_wish_is_refused_with_a_code(post: Post, body: object, code: str) -> None:
    answer = post.desk.call("POST", PATH, post.desk.badge(), json=body)
    assert answer.json()["code"] == code
    assert answer.is_client_error


def test_there_is_a_limit_and_without_a_key_there_are_none(tmp_path: Path) -> None:
    wish = {"url": "https://vendor.example/hook"}
    for post in opened_post(sqlite_url(tmp_path), WEBHOOKS__SUBSCRIPTIONS_MAX="1"):
        post.subscribe("https://vendor.example/hook")
        answer = post.desk.call("POST", PATH, post.desk.badge(), json=wish)
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")
    other = tmp_path / "other"
    other.mkdir()
    with opened_edge(sqlite_url(other)) as desk:
        answer = desk.call("POST", PATH, desk.badge(), json=wish)
        assert (answer.status_code, answer.json()["code"]) == (409, "webhooks_not_set_up")
