"""The envelope that every event shares, whatever its matter (phần chung của sự kiện hộ tịch)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field

from mappings.canonical.earlier import Amends, Decision, ForeignAct
from mappings.canonical.facts import Attachment, Dossier
from mappings.canonical.person import Person
from mappings.canonical.registration import EntryIdentity, Registration, SecondEntry
from mappings.canonical.text_types import Flag, MatterCode, SourceEventId, Text1000

ATTACHMENTS_MAX: Final = 20
DOCUMENTS_MAX: Final = 10


class CivilEvent(BaseModel):
    """What every registered event has, whatever its matter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    party_fields: ClassVar[tuple[str, ...]] = ()
    """Fields that name people whose civil status the event records or changes, in the order of the book."""

    source_event_id: SourceEventId = Field(
        description="Mã sự kiện do hệ thống nguồn đặt, không đổi khi gửi lại", examples=["KS-2026-00715-41"]
    )
    matter: MatterCode | None = Field(
        None, description="Mã việc hộ tịch theo bảng matters; để trống thì suy từ các trường khác"
    )
    registration: Registration = Field(description="Việc đăng ký")
    foreign_element: Flag = Field(default=False, description="Có yếu tố nước ngoài")
    mobile: Flag = Field(default=False, description="Đăng ký lưu động")
    dossier: Dossier | None = Field(None, description="Hồ sơ một cửa, nếu có")
    amends: Amends | None = Field(None, description="Sự kiện hoặc mục đăng ký trước đó mà việc này liên quan")
    foreign_act: ForeignAct | None = Field(None, description="Giấy tờ của việc đã giải quyết ở nước ngoài")
    documents: Annotated[tuple[Decision, ...], Field(max_length=DOCUMENTS_MAX)] = Field(
        (), description="Bản án, quyết định làm căn cứ"
    )
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=ATTACHMENTS_MAX)] = Field(
        (), description="Tệp đính kèm"
    )
    note: Text1000 | None = Field(None, description="Ghi chú trong sổ")

    def parties(self) -> Mapping[str, Person]:
        """Role and person, for the roles that are filled; the requester is no party."""
        people = {role: getattr(self, role) for role in self.party_fields}
        return MappingProxyType({role: person for role, person in people.items() if person is not None})

    def entry(self) -> EntryIdentity:
        """Say which entry of which book this is; a remark is named by the entry it is written in."""
        place = self.registration
        number = place.number if place.number is not None else self._remark_number()
        return EntryIdentity(place.authority_code, place.book_code, place.book_year, number)

    def second_entry(self) -> EntryIdentity | None:
        """The other entry of an event that makes two."""
        second = self.second_place()
        if second is None:
            return None
        place = self.registration
        return EntryIdentity(place.authority_code, second.book_code, place.book_year, second.number)

    def amended_entry(self) -> EntryIdentity | None:
        """The earlier entry that this one concerns."""
        if self.amends is None or self.amends.entry is None:
            return None
        return self.amends.entry.identity()

    def other_entries(self) -> tuple[EntryIdentity, ...]:
        """The entries beside its own that it touches; deliveries about them stay in order with its own."""
        entries = (self.second_entry(), self.amended_entry())
        return tuple(entry for entry in entries if entry is not None)

    def second_place(self) -> SecondEntry | None:
        """Where the other entry of an event that makes two stands."""
        return None

    def _remark_number(self) -> str:
        """Two remarks are the same when they say the same of the same entry: the same paper, else moment."""
        amended = self.amended_entry()
        written_in = (
            self.source_event_id
            if amended is None
            else f"{amended.authority_code}/{amended.year}/{amended.number}"
        )
        return f"remark:{written_in}:{self._remark_reason()}"

    def _remark_reason(self) -> str:
        return self.registration.registered_at.isoformat()
