"""A gateway that is killed between a webhook's answer and its record sends it again under the same id."""

import json
from pathlib import Path

from cryptography.fernet import Fernet

from tests.support.gateway_process import GatewayProcess
from tests.support.receivers import Listener, listening
from tests.support.submissions import another_birth
from tests.support.waiting import wait_for

SETTINGS = """
[webhooks]
sealing_keys = "{key}"
allow_http = true
allow_private_addresses = true
every_seconds = 0.1
attempt_seconds = 1
"""


def test_killed_after_the_answer_it_is_sent_again_under_the_same_id(gateway: GatewayProcess) -> None:
    gateway.more_settings = SETTINGS.format(key=Fernet.generate_key().decode())
    listener = Listener()
    with listening(listener) as url:
        gateway.start(kill_at="webhook_answered:1")
        gateway.operate("POST", "/api/v1/webhooks", {"url": url, "types": ["event.accepted"]})
        receipt = gateway.post(another_birth())
        assert receipt is not None
        gateway.wait_until_killed()
        assert len(listener.taken) == 1
        gateway.start()
        wait_for(lambda: len(listener.taken) > 1, "it is sent again", 40, gateway.log_tail)
        listed = gateway.get("/api/v1/webhooks")
        assert listed is not None
        path = f"/api/v1/webhooks/{listed['webhooks'][0]['webhook_id']}/messages"

        def is_recorded() -> bool:
            page = gateway.get(path)
            return page is not None and [each["state"] for each in page["messages"]] == ["taken"]

        wait_for(is_recorded, "it is recorded", 40, gateway.log_tail)
    assert len(listener.taken) == 2
    assert len(set(listener.ids())) == 1
    assert listener.taken[0].body == listener.taken[1].body
    assert json.loads(listener.taken[0].body)["data"]["event_id"] == receipt["event_id"]
    log = Path(gateway.log).read_text(encoding="utf-8")
    assert url not in log
