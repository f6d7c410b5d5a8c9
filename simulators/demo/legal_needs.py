"""What each type of event is to become in the registry and the register of people, by the law alone."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from simulators.demo.holdings import Key, addition_key, entry_key, notice_key, remark_key
from simulators.local_registry.township import Registered

Json: TypeAlias = dict[str, Any]
HOME = "VN"
LINKED = "LT"
"""Begins the modules of linked services: LTKS, LTKT, LTKH."""
NEWBORN = ("birth", "birth_with_recognition")
REMARKS = ("court_decision", "certificate_revocation")
MODULES = {
    "guardianship_end": "CDGH",
    "guardianship_supervision_end": "CDGSGH",
}
"""Where the module is not named as the book is."""
YEAR_DIGITS = 4
ABOUT_MARRIAGE = ("divorce", "annulment", "marriage_recognition")
OF_DECISIONS = {
    "divorce": "DIVORCE",
    "annulment": "DIVORCE",
    "marriage_recognition": "MARRIAGE",
    "guardianship_recognition": "GUARDIANSHIP_START",
    "missing": "DECLARATION",
    "missing_cancelled": "DECLARATION",
    "capacity_limited": "DECLARATION",
    "capacity_cancelled": "DECLARATION",
    "death_declared": "DEATH",
    "death_declaration_cancelled": "DEATH_CANCELLED",
    "nationality_change": "CHANGE",
    "sex_redetermination": "CHANGE",
    "parent_determination": "BIRTH_CHANGE",
    "adoption": "BIRTH_CHANGE",
    "adoption_end": "BIRTH_CHANGE",
}
OF_CHANGES = {
    "change": "CHANGE",
    "correction": "CORRECTION",
    "supplement": "CHANGE",
    "ethnic_redetermination": "ETHNICITY",
}
OF_NOTES = {
    "marriage": {"husband": "MARRIAGE", "wife": "MARRIAGE"},
    "death": {"deceased": "DEATH"},
    "guardianship": {"ward": "GUARDIANSHIP_START"},
    "parent_child": {"child": "BIRTH_CHANGE"},
    "parent_determination": {"child": "BIRTH_CHANGE"},
    "adoption": {"child": "BIRTH_CHANGE"},
    "change": {"subject": "CHANGE"},
}
NOTICES = {
    "marriage": {"husband": "MARRIAGE", "wife": "MARRIAGE"},
    "death": {"deceased": "DEATH"},
    "guardianship_start": {"ward": "GUARDIANSHIP_START"},
    "guardianship_end": {"ward": "GUARDIANSHIP_END"},
    "guardianship_change": {"ward": "GUARDIANSHIP_START"},
    "parent_child_recognition": {"child": "BIRTH_CHANGE"},
    "domestic_adoption": {"child": "BIRTH_CHANGE"},
    "foreign_divorce_note": {"husband": "DIVORCE", "wife": "DIVORCE"},
    "certificate_revocation": {"subject": "CHANGE", "spouse": "CHANGE"},
}
"""Whose status changes, and how; papers that are issued and supervisions change nobody's."""


def module_of(event: Registered) -> str:
    """The registry's module of the event's own record."""
    message = event.message
    book: str = message["registration"]["book_code"]
    if event.matter == "civil_status_change":
        return "TDCC"
    if "linked_code" in message.get("dossier", {}):
        return f"{LINKED}{book}"
    return MODULES.get(event.matter, book)


def record_key(event: Registered) -> Key:
    """What the registry makes of the event itself: a record, a remark or an addition."""
    message, module = event.message, module_of(event)
    if event.matter in REMARKS:
        return remark_key(message["amends"]["entry"], message["decision"]["number"])
    if message.get("act") == "supplement":
        return addition_key(message["amends"]["entry"])
    return entry_key(module, message["registration"])


def further_record_keys(event: Registered) -> Iterator[Key]:
    """A second record, or the remark in the entry that the event changes."""
    message = event.message
    if event.matter == "birth_with_recognition":
        yield entry_key("CMC", _second_entry(event, "recognition_entry"))
    if event.matter == "guardianship_change":
        yield entry_key("CDGH", _second_entry(event, "end_entry"))
    if event.matter == "foreign_divorce_note":
        yield remark_key(message["amends"]["entry"], message["foreign_act"]["number"])
    if event.matter == "domestic_adoption":
        yield remark_key(message["amends"]["entry"], message["registration"]["number"])


def wants_number(event: Registered) -> bool:
    """A child has been born who has no number yet; who is registered again has long had one."""
    message = event.message
    is_birth = event.matter in NEWBORN or (event.matter == "foreign_act_note" and message["act"] == "birth")
    return is_birth and "personal_id" not in message["child"]


def settled_by_person(event: Registered) -> bool:
    """Sex and birth year stand in the personal ID: who gets others needs a new number.

    Rules of correction [S]; the register's answer is PHAI_CAP_LAI_SO, and the notice waits for a person [I].
    """
    return any(_is_in_number(change) for change in event.message.get("changes", ()))


def _is_in_number(change: Mapping[str, str]) -> bool:
    if change["field"] == "birth_date":
        return change["before"][:YEAR_DIGITS] != change["after"][:YEAR_DIGITS]
    return change["field"] == "sex"


def notice_keys(event: Registered, unstated: Mapping[str, str]) -> Iterator[Key]:
    """What the register of people hears, of each citizen whose status changes."""
    message = event.message
    entry: Json = {**message.get("amends", {}).get("entry", {}), **message["registration"]}
    if "number" not in message["registration"]:
        original = message["amends"]["entry"]
        entry.update(number=original["number"], volume=original.get("volume", ""))
    for role, kind in _kinds(event).items():
        person = message[role]
        if person["nationality"] != HOME:
            continue
        number = person.get("personal_id") or unstated[person["identity_paper"]["number"]]
        if event.matter == "guardianship_change":
            yield notice_key("GUARDIANSHIP_END", _second_entry(event, "end_entry"), number)
        yield notice_key(kind, entry, number)


def _kinds(event: Registered) -> Mapping[str, str]:
    message = event.message
    if event.matter == "court_decision":
        roles = ("subject", "spouse") if message["kind"] in ABOUT_MARRIAGE else ("subject",)
        return dict.fromkeys(roles, OF_DECISIONS[message["kind"]])
    if event.matter == "civil_status_change":
        return {"subject": OF_CHANGES[message["act"]]}
    if event.matter == "foreign_act_note":
        return OF_NOTES.get(message["act"], {})
    return NOTICES.get(event.matter, {})


def _second_entry(event: Registered, name: str) -> Json:
    return {"authority_code": event.message["registration"]["authority_code"], **event.message[name]}
