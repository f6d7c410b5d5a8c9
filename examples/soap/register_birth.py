"""Register a birth from the WSDL alone, with zeep: the receipt, its journey, and every fault at once.

python register_birth.py WSDL CLIENT_ID SOAP_PASSWORD NUMBER
"""

import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import zeep
from zeep.wsse.username import UsernameToken

VIETNAM = timezone(timedelta(hours=7))


def person(name: str, sex: str, year: int, personal_id: str) -> dict[str, object]:
    """An invented parent."""
    return {
        "name": {"full": name},
        "sex": sex,
        "birth_date": {"year": year, "month": 3, "day": 14},
        "ethnic_group_code": "01",
        "nationality": "VN",
        "personal_id": personal_id,
        "residence": {"kind": "permanent", "place": {"province_code": "08", "commune_code": "00691"}},
    }


def birth(number: str) -> dict[str, object]:
    """An invented birth, registered just now."""
    now = datetime.now(VIETNAM).replace(microsecond=0)
    born = now - timedelta(days=3)
    place = {"province_code": "08", "commune_code": "00691", "detail": "Bệnh viện đa khoa"}
    return {
        "source_event_id": f"PY-{number}",
        "registration": {
            "authority_code": "00691",
            "registered_at": now,
            "book_code": "KS",
            "volume": f"01/{now.year}",
            "number": number,
            "kind": "on_time",
        },
        "child": {
            "name": {"full": "LÊ THỬ NGHIỆM"},
            "sex": "female",
            "birth_date": {"year": born.year, "month": born.month, "day": born.day},
            "ethnic_group_code": "01",
            "nationality": "VN",
            "place_of_origin": place,
            "place_of_birth": place,
        },
        "mother": person("PHẠM THỊ MẪU", "female", 1997, f"099197{number:0>6}"),
        "father": person("LÊ VĂN VÍ DỤ", "male", 1994, f"099094{number:0>6}"),
        "birth": {"abandoned": False},
    }


def spoilt(number: str) -> dict[str, object]:
    """The same with five mistakes."""
    event = birth(f"{number}9")
    event["registration"] |= {"authority_code": "691", "kind": "on_time"}  # type: ignore[operator]  # a dict, see above
    event["child"] |= {"sex": "girl", "nationality": "Việt Nam"}  # type: ignore[operator]  # as just above
    event["mother"] |= {"personal_id": "197"}  # type: ignore[operator]  # as just above
    event["copies_requested"] = -1
    return event


def main(wsdl: str, client_id: str, password: str, number: str) -> None:
    """Say what came back."""
    token: Any = UsernameToken(client_id, password, use_digest=True)  # type: ignore[no-untyped-call]  # zeep has no types
    client: Any = zeep.Client(wsdl, wsse=token)  # type: ignore[no-untyped-call]  # as just above
    receipt = client.service.RegisterBirth(birth=birth(number))
    print("event_id", receipt.event_id)
    print("due_at", receipt.due_at.isoformat())
    journey = client.service.GetEventStatus(event_id=receipt.event_id)
    for delivery in journey.deliveries:
        print("delivery", delivery.destination, delivery.state)
    try:
        client.service.RegisterBirth(birth=spoilt(number))
    except zeep.exceptions.Fault as fault:
        problem = client.wsdl.types.deserialize(fault.detail[0])
        print("refused", problem.code)
        for error in problem.errors:
            print("fault", error.pointer, error.code, error.message_vi)


if __name__ == "__main__":
    main(*sys.argv[1:])
