"""What an edit may not touch: everything that says which registration this is. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from gateway.model.submission import Violation
from gateway.operations.json_change import value_at

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


def identity_faults(
    before: Mapping[str, Any], after: Mapping[str, Any], party_fields: tuple[str, ...]
) -> Iterator[Violation]:
    """Each identity that the edit would change."""
    for pointer, (vietnamese, english) in IDENTITY.items():
        if value_at(before, pointer) != value_at(after, pointer):
            yield Violation(
                pointer,
                "edit_changes_identity",
                f"Không được sửa {vietnamese}; để nguyên {pointer}, hoặc hủy việc gửi và gửi sự kiện mới.",
                f"An edit may not change {english}; leave {pointer}, or cancel and hand in a new event.",
            )
    for role in party_fields:
        if bool(before.get(role)) != bool(after.get(role)):
            yield Violation(
                f"/{role}",
                "edit_changes_parties",
                f"Không được thêm hoặc bỏ một bên ({role}) bằng cách sửa; việc đó phải đăng ký riêng.",
                f"An edit may neither add nor remove a party ({role}); that is a registration of its own.",
            )
