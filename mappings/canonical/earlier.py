"""What an event refers to: an earlier entry, an act abroad, a decision (việc liên quan)."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import check_unknown, stated
from mappings.canonical.registration import BookCode, EntryIdentity
from mappings.canonical.text_types import (
    AuthorityCode,
    BookNumber,
    CalendarDay,
    CountryCode,
    SourceEventId,
    Text50,
    Text200,
)
from mappings.canonical.violations import violation

GatewayEventId: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
]


class AmendedEntry(BaseModel):
    """An earlier entry as its paper names it (mục đăng ký gốc)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authority_code: AuthorityCode = Field(
        description="Mã cơ quan đã đăng ký, theo danh mục của ngày đăng ký gốc", examples=["00691"]
    )
    book_code: BookCode = Field(description="Mã sổ gốc")
    registered_on: PartialDate = Field(description="Ngày đăng ký gốc; có thể chỉ biết năm")
    number: BookNumber = Field(description="Số đăng ký gốc", examples=["112"])
    volume: BookNumber | None = Field(None, description="Quyển số gốc")
    page: BookNumber | None = Field(None, description="Trang số gốc")

    @model_validator(mode="after")
    def _year_is_known(self) -> Self:
        if self.registered_on.year is None:
            raise violation("amended_entry_year_missing")
        return self

    def identity(self) -> EntryIdentity:
        """The entry as a key: office, book, year, number."""
        year = self.registered_on.year or 0
        return EntryIdentity(self.authority_code, self.book_code, year, self.number)


class Amends(BaseModel):
    """The earlier event or entry that a change, remark, end or copy concerns."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: AmendedEntry | None = Field(None, description="Mục đăng ký gốc trong sổ")
    event_id: GatewayEventId | None = Field(
        None, description="Mã sự kiện gốc do cổng cấp, nếu đã gửi qua cổng"
    )
    source_event_id: SourceEventId | None = Field(None, description="Mã sự kiện gốc của hệ thống nguồn")

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if self.entry is None and self.event_id is None and self.source_event_id is None:
            raise violation("amends_nothing")
        return self


class ForeignAct(BaseModel):
    """The four facts of a paper from abroad (số, ngày, cơ quan, nước; Circular 04/2020, art. 29)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Text50 | None = Field(None, description="Số giấy tờ nước ngoài; không có số thì ghi vào unknown")
    date: PartialDate = Field(description="Ngày của giấy tờ nước ngoài")
    authority: Text200 = Field(description="Cơ quan nước ngoài đã giải quyết")
    country: CountryCode = Field(description="Nước đã giải quyết, mã ISO 3166-1 hai chữ", examples=["LA"])
    unknown: Annotated[tuple[Literal["number"], ...], Field(max_length=1)] = Field(
        (), description="number: giấy tờ không có số"
    )

    @model_validator(mode="after")
    def _number_is_stated(self) -> Self:
        names = frozenset({"number"})
        check_unknown(self, self.unknown, stated(self, names), names)
        return self


class Decision(BaseModel):
    """A judgment or decision on which an act rests (bản án, quyết định)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Text50 = Field(description="Số bản án, quyết định", examples=["45/2026/QĐST-HNGĐ"])
    date: CalendarDay = Field(description="Ngày bản án, quyết định")
    issued_by: Text200 = Field(description="Tòa án hoặc cơ quan ban hành")
