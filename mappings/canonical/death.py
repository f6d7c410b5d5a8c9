"""Deaths (khai tử)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.facts import DeathNotice
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import Deceased, Requester, check_unknown, stated
from mappings.canonical.place import Place
from mappings.canonical.registration import DeathRegistration
from mappings.canonical.text_types import ClockTime, Count, Text500


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
