"""The one event that all parties are translated into: birth, marriage, death (sự kiện hộ tịch)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Final, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from mappings.canonical.facts import (
    Attachment,
    BirthFacts,
    BirthRegistration,
    DeathNotice,
    DeathRegistration,
    Dossier,
    EntryIdentity,
    MarriageRegistration,
    Registration,
)
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import (
    Child,
    Deceased,
    Parent,
    Person,
    Requester,
    Spouse,
    check_unknown,
    stated,
)
from mappings.canonical.place import Place
from mappings.canonical.text_types import ClockTime, Count, SourceEventId, Text500, Text1000

ATTACHMENTS_MAX: Final = 20


class CivilEvent(BaseModel):
    """What every registered event has, whatever its matter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    party_fields: ClassVar[tuple[str, ...]] = ()
    """Fields that name people whose civil status the event records or changes, in the order of the book."""

    source_event_id: SourceEventId = Field(
        description="Mã sự kiện do hệ thống nguồn đặt, không đổi khi gửi lại", examples=["KS-2026-00715-41"]
    )
    registration: Registration = Field(description="Việc đăng ký")
    dossier: Dossier | None = Field(None, description="Hồ sơ một cửa, nếu có")
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=ATTACHMENTS_MAX)] = Field(
        (), description="Tệp đính kèm"
    )
    note: Text1000 | None = Field(None, description="Ghi chú trong sổ")

    def parties(self) -> Mapping[str, Person]:
        """Role and person, for the roles that are filled; the requester is no party."""
        people = {role: getattr(self, role) for role in self.party_fields}
        return MappingProxyType({role: person for role, person in people.items() if person is not None})

    def entry(self) -> EntryIdentity:
        """Say which entry of which book this is."""
        place = self.registration
        return EntryIdentity(place.authority_code, place.book_code, place.book_year, place.number)


class Birth(CivilEvent):
    """A registered birth (khai sinh; Law on civil status, art. 13 to 16)."""

    party_fields: ClassVar[tuple[str, ...]] = ("child", "mother", "father")

    event_type: Literal["birth"] = Field(description="Loại sự kiện: khai sinh")
    registration: BirthRegistration = Field(description="Việc đăng ký")
    child: Child = Field(description="Người được khai sinh")
    mother: Parent | None = Field(None, description="Mẹ; để trống thì phải ghi mother vào unknown")
    father: Parent | None = Field(None, description="Cha; để trống thì phải ghi father vào unknown")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    birth: BirthFacts = Field(description="Giấy chứng sinh và việc sinh")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
    unknown: Annotated[tuple[Literal["mother", "father"], ...], Field(max_length=2)] = Field(
        (), description="Cha, mẹ được xác nhận là không rõ"
    )

    @model_validator(mode="after")
    def _parents_are_stated(self) -> Self:
        names = frozenset({"mother", "father"})
        check_unknown(self, self.unknown, stated(self, names), names)
        return self


class Marriage(CivilEvent):
    """A registered marriage (kết hôn; Law on civil status, art. 17 and 18)."""

    party_fields: ClassVar[tuple[str, ...]] = ("husband", "wife")

    event_type: Literal["marriage"] = Field(description="Loại sự kiện: kết hôn")
    registration: MarriageRegistration = Field(description="Việc đăng ký")
    husband: Spouse = Field(description="Chồng")
    wife: Spouse = Field(description="Vợ")
    established_on: PartialDate = Field(description="Ngày xác lập quan hệ hôn nhân")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
    unknown: Annotated[tuple[str, ...], Field(max_length=0)] = Field(
        (), description="Luôn trống đối với kết hôn"
    )


class DeathFacts(BaseModel):
    """When, where and of what the person died, and the paper that says so."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: PartialDate = Field(description="Ngày chết")
    time: ClockTime | None = Field(
        None, description="Giờ, phút chết; không rõ thì để trống", examples=["05:40"]
    )
    place: Place | None = Field(None, description="Nơi chết; để trống thì phải ghi place vào unknown")
    cause: Text500 | None = Field(None, description="Nguyên nhân chết")
    notice: DeathNotice | None = Field(None, description="Giấy báo tử hoặc giấy tờ thay thế")
    unknown: Annotated[tuple[Literal["time", "place", "cause"], ...], Field(max_length=3)] = Field(
        (), description="Tên các trường được xác nhận là không rõ"
    )

    @model_validator(mode="after")
    def _place_is_stated(self) -> Self:
        filled = stated(self, frozenset({"time", "place", "cause"}))
        check_unknown(self, self.unknown, filled, frozenset({"place"}))
        return self


class Death(CivilEvent):
    """A registered death (khai tử; Law on civil status, art. 32 to 34)."""

    party_fields: ClassVar[tuple[str, ...]] = ("deceased",)

    event_type: Literal["death"] = Field(description="Loại sự kiện: khai tử")
    registration: DeathRegistration = Field(description="Việc đăng ký")
    deceased: Deceased = Field(description="Người chết")
    death: DeathFacts = Field(description="Việc chết")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
    unknown: Annotated[tuple[str, ...], Field(max_length=0)] = Field(
        (), description="Luôn trống đối với khai tử"
    )


AnyEvent: TypeAlias = Birth | Marriage | Death
CanonicalEvent: TypeAlias = Annotated[AnyEvent, Field(discriminator="event_type")]
EVENT_TYPES: Final[Mapping[str, type[AnyEvent]]] = MappingProxyType(
    {"birth": Birth, "marriage": Marriage, "death": Death}
)

_ADAPTER: Final[TypeAdapter[AnyEvent]] = TypeAdapter(CanonicalEvent)


def parse_event(value: object) -> AnyEvent:
    """Read an event from plain values, as a JSON reader gives them.

    Raises:
        pydantic.ValidationError: everything that shape, format and calendar have against it.

    """
    return _ADAPTER.validate_python(value)


def dump_event(event: AnyEvent) -> dict[str, Any]:
    """Write an event as plain JSON values, without the fields that hold nothing."""
    return event.model_dump(mode="json", exclude_none=True)
