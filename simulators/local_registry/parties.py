"""People as messages name them: who takes part in a matter, and who brings it to the desk."""

from typing import Any

from simulators.local_registry.books import Entry
from simulators.local_registry.people import Citizen, Shows, identity_paper

Json = dict[str, Any]


def write_party(citizen: Citizen, entry: Entry) -> Json:
    """Somebody whose civil status the matter is about."""
    found: Json = {
        "name": write_name(citizen),
        "sex": citizen.sex,
        "birth_date": citizen.birth_date(),
        "nationality": citizen.nationality,
        "residence": {"kind": "permanent", "place": _home(citizen)},
    }
    if citizen.group:
        found["ethnic_group_code"] = citizen.group
    else:
        found["unknown"] = ["ethnic_group_code"]
    if citizen.personal_id and citizen.shows in {Shows.CARD, Shows.NOTHING}:
        found["personal_id"] = citizen.personal_id
    paper = identity_paper(citizen, entry.day)
    return {**found, "identity_paper": paper} if paper else found


def write_requester(requester: tuple[Citizen, str], entry: Entry) -> Json:
    """Who comes to the desk, and as what."""
    citizen, relation = requester
    party = write_party(citizen, entry)
    kept = ("name", "personal_id", "identity_paper", "residence")
    found = {field: party[field] for field in kept if field in party}
    if citizen.personal_id:
        found["phone"] = f"09000{citizen.personal_id[-5:]}"
    return {**found, "relation": relation}


def write_name(citizen: Citizen) -> Json:
    """Whole, or in parts where the parts are told apart: both spellings are in use."""
    name = citizen.name
    if name.middle and sum(name.given.encode()) % 6 == 0:
        return {"family": name.family, "middle": name.middle, "given": name.given}
    return {"full": name.whole}


def _home(citizen: Citizen) -> Json:
    if citizen.nationality == "VN":
        return citizen.home.place(citizen.hamlet)
    return {"country": citizen.nationality, "detail": citizen.hamlet}
