"""What an edit may not touch, in an event and in the declaration of one."""

from typing import Any

import pytest

from gateway.operations.edit_rules import IDENTITY, identity_faults, place_of_matter
from mappings.canonical import dump_stored
from tests.support.declarations import OF_AN_ENTRY, a_declaration, parsed_declaration
from tests.support.events import ABSENT, a_birth, a_marriage


def _stored(event: dict[str, Any]) -> dict[str, Any]:
    return dump_stored(parsed_declaration(event, *OF_AN_ENTRY))


def _faults(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    return {each.pointer: each.code for each in identity_faults(before, after)}


def test_the_matter_stands_one_level_deeper_in_a_declaration() -> None:
    assert (place_of_matter(a_birth()), place_of_matter(a_declaration(a_birth()))) == ("", "/declared")


def test_what_says_nothing_of_the_registration_may_be_edited() -> None:
    assert _faults(a_birth(), a_birth(note="x", mother__name={"full": "MẪU MỚI"})) == {}
    assert _faults(_stored(a_birth()), _stored(a_birth(note="x", mother__name={"full": "MẪU MỚI"}))) == {}


@pytest.mark.parametrize("pointer", sorted(IDENTITY))
def test_each_identity_of_an_event_stays(pointer: str) -> None:
    changed = a_birth(**{pointer.removeprefix("/").replace("/", "__"): "another"})
    assert _faults(a_birth(), changed)[pointer] == "edit_changes_identity"


@pytest.mark.parametrize(
    "path",
    [
        "event_type",
        "source_event_id",
        "dossier__code",
        "registration__authority_code",
        "registration__book_code",
    ],
)
def test_each_identity_of_what_is_declared_stays(path: str) -> None:
    before, after = _stored(a_birth()), _stored(a_birth())
    *parents, name = ["declared", *path.split("__")]
    holder = after
    for parent in parents:
        holder = holder[parent]
    holder[name] = "another"
    assert _faults(before, after) == {f"/declared/{path.replace('__', '/')}": "edit_changes_identity"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("open", ["registration.number"]),
        ("received_at", "2026-11-17T09:00:00+07:00"),
        ("event_type", "birth"),
    ],
)
def test_what_makes_it_a_declaration_stays(name: str, value: object) -> None:
    before = _stored(a_birth())
    assert _faults(before, {**before, name: value}) == {f"/{name}": "edit_changes_identity"}


@pytest.mark.parametrize(("name", "value"), [("number", "7"), ("registered_at", "2026-11-16T09:00:00+07:00")])
def test_nobody_writes_an_entry_into_a_declaration_by_hand(name: str, value: str) -> None:
    before, after = _stored(a_birth()), _stored(a_birth())
    after["declared"]["registration"][name] = value
    assert _faults(before, after) == {f"/declared/registration/{name}": "edit_changes_identity"}


def test_a_party_is_neither_added_nor_removed_inside_it() -> None:
    before, after = _stored(a_birth()), _stored(a_birth(father=ABSENT, unknown=["father"]))
    assert _faults(before, after) == {"/declared/father": "edit_changes_parties"}
    assert _faults(after, before) == {"/declared/father": "edit_changes_parties"}
    assert _faults(a_marriage(), a_marriage(wife=ABSENT)) == {"/wife": "edit_changes_parties"}


def test_a_declaration_from_which_the_matter_was_taken_changes_its_identity() -> None:
    before = _stored(a_birth())
    after = {name: value for name, value in before.items() if name != "declared"}
    assert set(_faults(before, after).values()) == {"edit_changes_identity"}
