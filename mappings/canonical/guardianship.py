"""Guardianship and its supervision: begin, end, change (giám hộ, giám sát việc giám hộ)."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.earlier import Amends
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import Requester
from mappings.canonical.registration import (
    GuardianshipEndEntry,
    GuardianshipEndRegistration,
    GuardianshipRegistration,
    SecondEntry,
    SupervisionEndRegistration,
    SupervisionRegistration,
)
from mappings.canonical.roles import Guardian, Supervisor, Ward
from mappings.canonical.text_types import Count, Flag, Text500

GuardianshipKind = Literal["natural", "appointed"]
WardCondition = Literal["minor", "incapacitated", "limited_cognition"]
EndKind = Literal[
    "ward_of_age_or_capable",
    "ward_died",
    "parents_able_again",
    "ward_adopted",
    "guardian_replaced",
    "other",
]


class GuardianshipFacts(BaseModel):
    """What kind of guardianship it is, over whom and why (Civil Code 2015, art. 46 to 55)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: GuardianshipKind = Field(description="natural: giám hộ đương nhiên; appointed: được cử, chỉ định")
    ward_condition: WardCondition = Field(
        description="minor: người chưa thành niên; incapacitated: người mất năng lực hành vi dân sự; "
        "limited_cognition: người có khó khăn trong nhận thức, làm chủ hành vi"
    )
    reason: Text500 = Field(description="Lý do giám hộ", examples=["Cha, mẹ đã chết"])
    scope: Text500 | None = Field(None, description="Phạm vi giám hộ")
    starts_on: PartialDate = Field(description="Ngày bắt đầu giám hộ")


class EndingFacts(BaseModel):
    """When and why it ends (Civil Code 2015, art. 60 and 62)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: EndKind = Field(
        description="ward_of_age_or_capable: người được giám hộ đã đủ năng lực; ward_died: đã chết; "
        "parents_able_again: cha, mẹ đủ điều kiện trở lại; ward_adopted: được nhận làm con nuôi; "
        "guardian_replaced: thay đổi người giám hộ; other: lý do khác"
    )
    reason: Text500 = Field(description="Lý do chấm dứt, ghi bằng chữ")
    ended_on: PartialDate = Field(description="Ngày chấm dứt")


class SupervisionFacts(BaseModel):
    """Why the guardian is watched over, and from when (Civil Code 2015, art. 51)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    involves_property: Flag = Field(
        description="Giám sát liên quan đến quản lý tài sản của người được giám hộ"
    )
    reason: Text500 | None = Field(None, description="Lý do, căn cứ cử người giám sát")
    scope: Text500 | None = Field(None, description="Phạm vi giám sát")
    starts_on: PartialDate = Field(description="Ngày bắt đầu giám sát")


class GuardianshipStart(CivilEvent):
    """A registered guardianship (đăng ký giám hộ; Law on civil status, art. 19 to 21, 39 to 41)."""

    party_fields: ClassVar[tuple[str, ...]] = ("guardian", "ward")

    event_type: Literal["guardianship_start"] = Field(description="Loại sự kiện: đăng ký giám hộ")
    registration: GuardianshipRegistration = Field(description="Việc đăng ký")
    guardian: Guardian = Field(description="Người giám hộ, là cá nhân")
    ward: Ward = Field(description="Người được giám hộ")
    guardianship: GuardianshipFacts = Field(description="Việc giám hộ")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")


class GuardianshipEnd(CivilEvent):
    """The registered end of a guardianship (chấm dứt giám hộ; Law on civil status, art. 22, 42)."""

    party_fields: ClassVar[tuple[str, ...]] = ("guardian", "ward")

    event_type: Literal["guardianship_end"] = Field(description="Loại sự kiện: chấm dứt giám hộ")
    registration: GuardianshipEndRegistration = Field(description="Việc đăng ký chấm dứt")
    amends: Amends = Field(description="Mục đăng ký giám hộ bị chấm dứt")
    guardian: Guardian = Field(description="Người giám hộ, là cá nhân")
    ward: Ward = Field(description="Người được giám hộ")
    ending: EndingFacts = Field(description="Việc chấm dứt")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")


class GuardianshipChange(CivilEvent):
    """Another guardian: an end and a new registration, two entries (Law on civil status, art. 23)."""

    party_fields: ClassVar[tuple[str, ...]] = ("guardian", "former_guardian", "ward")

    event_type: Literal["guardianship_change"] = Field(description="Loại sự kiện: thay đổi giám hộ")
    registration: GuardianshipRegistration = Field(description="Việc đăng ký giám hộ mới")
    end_entry: GuardianshipEndEntry = Field(description="Mục đăng ký chấm dứt việc giám hộ cũ")
    amends: Amends = Field(description="Mục đăng ký giám hộ cũ")
    former_guardian: Guardian = Field(description="Người giám hộ cũ")
    guardian: Guardian = Field(description="Người giám hộ mới")
    ward: Ward = Field(description="Người được giám hộ")
    ending: EndingFacts = Field(description="Việc chấm dứt giám hộ cũ")
    guardianship: GuardianshipFacts = Field(description="Việc giám hộ mới")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")

    def second_place(self) -> SecondEntry:
        """Where the end of the former guardianship stands."""
        return self.end_entry


class GuardianshipSupervisionStart(CivilEvent):
    """A registered supervision of a guardian (giám sát việc giám hộ; Decree 07/2025; Civil Code, art. 51)."""

    party_fields: ClassVar[tuple[str, ...]] = ("supervisor", "guardian", "ward")

    event_type: Literal["guardianship_supervision_start"] = Field(
        description="Loại sự kiện: đăng ký giám sát việc giám hộ"
    )
    registration: SupervisionRegistration = Field(description="Việc đăng ký")
    supervisor: Supervisor = Field(description="Người giám sát việc giám hộ, là cá nhân")
    guardian: Guardian = Field(description="Người giám hộ, là cá nhân")
    ward: Ward = Field(description="Người được giám hộ")
    supervision: SupervisionFacts = Field(description="Việc giám sát")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")


class GuardianshipSupervisionEnd(CivilEvent):
    """The registered end of a supervision (chấm dứt giám sát việc giám hộ; Decree 07/2025)."""

    party_fields: ClassVar[tuple[str, ...]] = ("supervisor", "guardian", "ward")

    event_type: Literal["guardianship_supervision_end"] = Field(
        description="Loại sự kiện: chấm dứt giám sát việc giám hộ"
    )
    registration: SupervisionEndRegistration = Field(description="Việc đăng ký chấm dứt")
    amends: Amends = Field(description="Mục đăng ký giám sát bị chấm dứt")
    supervisor: Supervisor = Field(description="Người giám sát việc giám hộ, là cá nhân")
    guardian: Guardian = Field(description="Người giám hộ, là cá nhân")
    ward: Ward = Field(description="Người được giám hộ")
    ending: EndingFacts = Field(description="Việc chấm dứt")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
