"""Senders are told over real sockets: once at least, in order per event, signed so that others can check."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import httpx
import pytest
import standardwebhooks.webhooks
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tests.support.database import emptied, sqlite_url
from tests.support.receivers import Listener, listening
from tests.support.submissions import RECEIVED_AT, another_birth
from tests.support.webhook_post import PATH, Post, opened_post


@pytest.fixture
def post(tmp_path: Path) -> Iterator[Post]:
    yield from opened_post(sqlite_url(tmp_path))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def post_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    is_sqlite = request.param == "sqlite"
    url = sqlite_url(tmp_path) if is_sqlite else emptied(request.getfixturevalue("postgres_url"))
    yield from opened_post(url)


def _told(listener: Listener) -> list[str]:
    return [json.loads(each.body)["type"] for each in listener.taken]


def test_a_sender_is_told_of_his_own_events_with_ids_and_codes_that_others_can_check(
    post_on_both: Post,
) -> None:
    post, listener = post_on_both, Listener()
    with listening(listener) as url:
        made = post.subscribe(url)
        event = another_birth()
        mine = post.desk.accepted(event)["event_id"]
        others = post.desk.accepted(another_birth(), post.desk.badge("other office"))["event_id"]
        for event_id in (mine, others):
            post.change(
                event_id, "delivery.held", reason="refused.content", destination="one_stop", text="LÊ THỊ MẪU"
            )
        post.change(mine, "fact.recorded", fact="personal_id")
        post.courier().serve(made["webhook_id"])
    (taken,) = listener.taken
    told = json.loads(taken.body)
    assert told == {
        "type": "delivery.held",
        "timestamp": post.desk.clock().isoformat(),
        "data": {
            "event_id": mine,
            "delivery_id": None,
            "destination": "one_stop",
            "reason": "refused.content",
            "links": {"event": f"/api/v1/events/{mine}"},
        },
    }
    assert "MẪU" not in taken.body.decode()
    (line,) = post.log(made)
    assert (line["state"], line["attempts"], line["last_result"]) == ("taken", 1, "HTTP 204")
    assert line["message_id"] == taken.message_id
    assert b'hotich_webhook_attempts_total{result="taken"} 1.0' in post.metrics.render()


class _StillClock(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> "_StillClock":
        return cls.fromtimestamp(RECEIVED_AT.timestamp(), tz)


def test_the_public_library_verifies_the_signature_and_refuses_a_changed_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener = Listener()
    for post in opened_post(sqlite_url(tmp_path)):
        with listening(listener) as url:
            made = post.subscribe(url, "*")
            post.desk.accepted(another_birth())
            post.courier().serve(made["webhook_id"])
        (taken,) = listener.taken
        verifier = Verifier(made["secret"])
        # Its clock is the machine's; the test's stands still at another time.
        monkeypatch.setattr(standardwebhooks.webhooks, "datetime", _StillClock)
        assert verifier.verify(taken.body, taken.headers)["type"] == "event.accepted"
        with pytest.raises(WebhookVerificationError):
            verifier.verify(taken.body + b" ", taken.headers)
        with pytest.raises(WebhookVerificationError):
            Verifier("whsec_" + "A" * 44).verify(taken.body, taken.headers)


def test_what_fails_is_sent_again_under_the_same_id_and_others_are_not_held_up(post_on_both: Post) -> None:
    post, listener = post_on_both, Listener(statuses=[503])
    with listening(listener) as url:
        made = post.subscribe(url, "event.accepted", "delivery.done")
        first = post.desk.accepted(another_birth())["event_id"]
        second = post.desk.accepted(another_birth())["event_id"]
        for event_id in (first, second):
            post.change(event_id, "delivery.done")
        courier = post.courier()
        courier.serve(made["webhook_id"])
        about = [json.loads(each.body)["data"]["event_id"] for each in listener.taken]
        assert about == [first, second, second]
        assert post.show(made)["failing_since"] is None  # the others were taken
        post.desk.clock.advance(9)
        courier.serve(made["webhook_id"])
        assert len(listener.taken) == 3
        post.desk.clock.advance(1)
        courier.serve(made["webhook_id"])
    ids = listener.ids()
    assert ids[3] == ids[0]
    assert listener.taken[3].body == listener.taken[0].body
    assert listener.taken[3].headers["webhook-timestamp"] != listener.taken[0].headers["webhook-timestamp"]
    assert len(set(ids)) == 4
    assert _told(listener)[3:] == ["event.accepted", "delivery.done"]
    assert {line["state"] for line in post.log(made)} == {"taken"}


def test_a_message_without_success_is_given_up_and_a_receiver_that_fails_too_long_is_disabled(
    tmp_path: Path,
) -> None:
    listener = Listener(statuses=[500] * 20)
    for post in opened_post(sqlite_url(tmp_path), WEBHOOKS__DISABLE_AFTER_SECONDS="150"):
        with listening(listener) as url:
            made = post.subscribe(url, "event.accepted")
            post.desk.accepted(another_birth())
            courier = post.courier()
            for seconds in (0, 10, 100):
                post.desk.clock.advance(seconds)
                courier.serve(made["webhook_id"])
            (line,) = post.log(made)
            assert (line["state"], line["attempts"], line["next_attempt_at"]) == ("given_up", 3, None)
            post.desk.clock.advance(100)
            post.desk.accepted(another_birth())
            courier.serve(made["webhook_id"])
            assert (post.show(made)["state"], post.show(made)["disabled_because"]) == (
                "disabled",
                "failing_too_long",
            )
            post.desk.accepted(another_birth())
            courier.look()
            courier.serve(made["webhook_id"])
            assert len(listener.taken) == 4
            listener.statuses.clear()
            trial = post.desk.call("POST", f"{PATH}/{made['webhook_id']}/test", post.desk.badge())
            assert trial.json()["code"] == "webhook_disabled"
            enabled = post.desk.call("POST", f"{PATH}/{made['webhook_id']}/enable", post.desk.badge())
            assert enabled.json()["state"] == "active"
            courier.serve(made["webhook_id"])
        # Nothing that happened meanwhile is lost: the one that waited, and the one from the feed.
        assert len(listener.taken) == 6
        assert listener.ids()[4] == listener.ids()[3]


def test_a_receiver_that_says_when_is_obeyed_and_one_that_has_gone_is_left_alone(post: Post) -> None:
    listener = Listener(statuses=[429, 410], headers={"retry-after": "60"})
    with listening(listener) as url:
        made = post.subscribe(url, "*")
        post.desk.accepted(another_birth())
        courier = post.courier()
        courier.serve(made["webhook_id"])
        post.desk.clock.advance(59)
        courier.serve(made["webhook_id"])
        assert len(listener.taken) == 1
        post.desk.clock.advance(1)
        courier.serve(made["webhook_id"])
    assert len(listener.taken) == 2
    assert post.show(made)["disabled_because"] == "receiver_gone"


def test_redirects_are_not_followed_and_nobody_listening_is_no_end(post: Post) -> None:
    elsewhere, listener = Listener(), Listener(statuses=[302])
    with listening(elsewhere) as other, listening(listener) as url:
        listener.headers = {"location": other}
        made = post.subscribe(url, "*")
        post.desk.accepted(another_birth())
        courier = post.courier()
        courier.serve(made["webhook_id"])
    assert elsewhere.taken == []
    assert post.log(made)[0]["last_result"] == "HTTP 302"
    post.desk.clock.advance(10)
    courier.serve(made["webhook_id"])
    assert post.log(made)[0]["last_result"] == "ConnectError"


def test_a_receiver_that_hangs_costs_its_own_time_only(tmp_path: Path) -> None:
    hanging, quick = Listener(hangs=threading.Event()), Listener()
    for post in opened_post(sqlite_url(tmp_path), WEBHOOKS__ATTEMPT_SECONDS="0.5"):
        with listening(hanging) as slow_url, listening(quick) as quick_url:
            slow, fast = post.subscribe(slow_url, "*"), post.subscribe(quick_url, "*")
            post.desk.accepted(another_birth())
            courier = post.courier()
            courier.look()
            courier.look()  # nobody is served twice at once
            courier.stop()
            assert hanging.hangs is not None
            hanging.hangs.set()
        assert post.log(fast)[0]["state"] == "taken"
        assert (post.log(slow)[0]["attempts"], post.log(slow)[0]["last_result"]) == (1, "ReadTimeout")


def test_a_receiver_that_drips_is_cut_off(tmp_path: Path) -> None:
    dripping = Listener(drips=True)
    for post in opened_post(sqlite_url(tmp_path), WEBHOOKS__ATTEMPT_SECONDS="0.3"):
        with listening(dripping) as url:
            made = post.subscribe(url, "*")
            post.desk.accepted(another_birth())
            post.courier().serve(made["webhook_id"])
            dripping.drips = False
        (line,) = post.log(made)
        assert (line["state"], line["attempts"]) == ("pending", 1)
        assert line["last_result"] == "ReadError"


def test_of_several_processes_one_serves_a_webhook_at_a_time(post_on_both: Post) -> None:
    post, listener = post_on_both, Listener(hangs=threading.Event())
    with listening(listener) as url:
        made = post.subscribe(url, "*")
        post.desk.accepted(another_birth())
        first, second = post.courier(), post.courier()
        thread = threading.Thread(target=first.serve, args=(made["webhook_id"],))
        thread.start()
        while not listener.taken:
            thread.join(0.01)
        second.serve(made["webhook_id"])
        assert len(listener.taken) == 1
        assert listener.hangs is not None
        listener.hangs.set()
        thread.join()
        second.serve(made["webhook_id"])
    assert len(listener.taken) == 1
    assert post.log(made)[0]["state"] == "taken"


def test_who_lost_his_lease_records_nothing_and_it_is_sent_again_under_the_same_id(post: Post) -> None:
    listener = Listener(hangs=threading.Event())
    with listening(listener) as url:
        made = post.subscribe(url, "*")
        post.desk.accepted(another_birth())
        late, other = post.courier(), post.courier()
        thread = threading.Thread(target=late.serve, args=(made["webhook_id"],))
        thread.start()
        while not listener.taken:
            thread.join(0.01)
        post.desk.clock.advance(60)  # the lease has run out, as after a stall of the whole process
        assert listener.hangs is not None
        listener.hangs.set()
        other.serve(made["webhook_id"])
        thread.join()
    assert len(listener.taken) == 2
    assert len(set(listener.ids())) == 1
    assert [(line["state"], line["attempts"]) for line in post.log(made)] == [("taken", 1)]


def test_the_earlier_secret_signs_too_for_a_while_after_a_rotation(post: Post) -> None:
    listener = Listener()
    with listening(listener) as url:
        made = post.subscribe(url, "*")
        new = post.desk.call("POST", f"{PATH}/{made['webhook_id']}/rotate", post.desk.badge()).json()
        assert new["secret"] != made["secret"]
        courier = post.courier()
        event_id = post.desk.accepted(another_birth())["event_id"]
        courier.serve(made["webhook_id"])
        post.desk.clock.advance(timedelta(days=1).total_seconds())
        post.change(event_id, "delivery.done")
        courier.serve(made["webhook_id"])
    both, one = (each.headers["webhook-signature"].split(" ") for each in listener.taken)
    assert (len(both), len(one)) == (2, 1)


def test_a_test_message_goes_the_same_way(post: Post) -> None:
    listener = Listener()
    with listening(listener) as url:
        made = post.subscribe(url)
        answer = post.desk.call("POST", f"{PATH}/{made['webhook_id']}/test", post.desk.badge())
        assert answer.status_code == httpx.codes.ACCEPTED
        courier = post.courier()
        courier.look()
        courier.stop()
    assert _told(listener) == ["webhook.test"]
    assert listener.ids() == [answer.json()["message_id"]]


def test_a_revoked_client_is_told_nothing_more(post: Post) -> None:
    listener = Listener()
    with listening(listener) as url:
        made = post.subscribe(url, "*")
        post.desk.accepted(another_birth())
        post.desk.gateway.clients.revoke(post.desk.badge().client_id, post.desk.clock())
        post.courier().serve(made["webhook_id"])
    assert listener.taken == []
    (row,) = post.desk.call("GET", PATH, post.desk.operator()).json()["webhooks"]
    assert row["disabled_because"] == "client_revoked"
