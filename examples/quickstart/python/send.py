"""Sends events to the gateway: python3 send.py FILE…  Needs GATEWAY, CLIENT_ID, CLIENT_SECRET.

Status 0: every event has a receipt. 1: some were refused. 2: the gateway could not be asked.
Needs nothing but Python.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

GATEWAY = os.environ["GATEWAY"]
TRY_AGAIN = {408, 429, 500, 502, 503, 504}
ATTEMPTS_MAX = 8


def call(path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict[str, Any]]:
    """One request; sent again, unchanged, while nobody answers or the gateway asks for time."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(GATEWAY + path, body, named)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        wait = min(2**attempt, 60)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            if refused.code not in TRY_AGAIN or attempt == ATTEMPTS_MAX:
                return refused.code, json.load(refused)
            wait = int(refused.headers.get("Retry-After") or wait)
        except OSError:
            if attempt == ATTEMPTS_MAX:
                raise
        time.sleep(wait)
    raise AssertionError


def get_token() -> str:
    """Good for an hour (`expires_in`): keep it, and get a new one after a 401."""
    form = {
        "grant_type": "client_credentials",
        "client_id": os.environ["CLIENT_ID"],
        "client_secret": os.environ["CLIENT_SECRET"],
    }
    status, answer = call("/oauth/token", urllib.parse.urlencode(form).encode())
    if status != 200:
        print("no token:", answer["detail"], file=sys.stderr)
        sys.exit(2)
    return str(answer["access_token"])


def send(file: Path, bearer: str) -> bool:
    """Hand in one event; true when it has a receipt."""
    # The same key for every attempt at the same event: what was stored is recognised, never stored twice.
    status, answer = call(
        "/api/v1/events",
        file.read_bytes(),
        Authorization=bearer,
        Content_Type="application/json",
        Idempotency_Key=file.stem,
    )
    match status:
        case 200 | 202:  # 202: accepted now; 200: accepted before, the same receipt again. Keep it.
            print("accepted", answer["event_id"])
            show_journey(answer["event_id"], bearer)
        case 422:  # every fault at once: correct them all, then send again
            for fault in answer["errors"]:
                print("fault", fault["pointer"], fault["code"], fault["message_vi"])
        case 409:  # the number or the entry belongs to other content: a person compares
            print("conflict", answer["code"], answer["detail"])
        case _:
            print("refused", status, answer["code"], answer["detail"])
    return status in {200, 202}


def show_journey(event_id: str, bearer: str) -> None:
    """What became of it: ask as often as you like, or subscribe to a webhook."""
    _, journey = call(f"/api/v1/events/{event_id}", Authorization=bearer)
    for delivery in journey["deliveries"]:
        print("journey", event_id, delivery["destination"], delivery["state"])


if __name__ == "__main__":
    authorization = f"Bearer {get_token()}"
    results = [send(Path(name), authorization) for name in sys.argv[1:]]
    sys.exit(0 if all(results) else 1)
