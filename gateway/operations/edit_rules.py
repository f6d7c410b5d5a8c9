"""What an edit may not touch: everything that says which registration this is. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.model.submission import Violation
from gateway.operations.json_change import value_at
from mappings.canonical import DECLARATION, EVENT_TYPES

IDENTITY: Final = {
    "/event_type": ("loại sự kiện", "the type of the event"),
    "/source_event_id": ("mã sự kiện của nơi gửi", "the sender's own number"),
    "/registration/authority_code": ("cơ quan đăng ký", "the registration authority"),
    "/registration/book_code": ("sổ đăng ký", "the book"),
    "/registration/number": ("số đăng ký", "the number in the book"),
    "/registration/registered_at": (
        "thời điểm đăng ký, vì thời hạn tính từ đó",
        "the moment of registration, because the due time counts from it",
    ),
    "/dossier/code": ("mã hồ sơ", "the dossier code"),
}
"""Pointer -> what stands there."""


DECLARED: Final = {
    "/received_at": ("thời điểm tiếp nhận hồ sơ", "the moment at which the dossier was taken in"),
    "/open": ("danh sách trường chờ đăng ký", "which fields are left to the registration"),
}
"""The same, of a declaration: what it asks for stands one level deeper."""
_WITHIN: Final = "/declared"


def place_of_matter(message: Mapping[str, Any]) -> str:
    """Where the matter stands in a message: in a declaration one level deeper."""
    return _WITHIN if message.get("event_type") == DECLARATION else ""


def identity_faults(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Violation]:
    """Each identity that the edit would change, and each party that it would add or take away."""
    within = place_of_matter(before)
    identities = {f"{within}{pointer}": words for pointer, words in IDENTITY.items()}
    if within:
        identities |= {**DECLARED, "/event_type": IDENTITY["/event_type"]}
    for pointer, (vietnamese, english) in identities.items():
        if value_at(before, pointer) != value_at(after, pointer):
            yield Violation(
                pointer,
                "edit_changes_identity",
                f"Không được sửa {vietnamese}; để nguyên {pointer}, hoặc hủy việc gửi và gửi sự kiện mới.",
                f"An edit may not change {english}; leave {pointer}, or cancel and hand in a new event.",
            )
    old, new = (value_at(each, within) if within else each for each in (before, after))
    if not isinstance(new, Mapping):
        return
    for role in EVENT_TYPES[old["event_type"]].party_fields:
        if bool(old.get(role)) != bool(new.get(role)):
            yield Violation(
                f"{within}/{role}",
                "edit_changes_parties",
                f"Không được thêm hoặc bỏ một bên ({role}) bằng cách sửa; việc đó phải đăng ký riêng.",
                f"An edit may neither add nor remove a party ({role}); that is a registration of its own.",
            )
