"""Domestic adoption (nuôi con nuôi trong nước)."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import Requester
from mappings.canonical.registration import AdoptionRegistration
from mappings.canonical.roles import AdoptedChild, AdoptiveParent
from mappings.canonical.text_types import Count, Text200, Text500

GiverKind = Literal["birth_parents", "mother", "father", "guardian", "care_institution"]


class AdoptionFacts(BaseModel):
    """Who gave the child, and from when it is adopted (Law on adoption 2010, art. 21 to 24)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    adopted_on: PartialDate = Field(description="Ngày việc nuôi con nuôi có hiệu lực")
    giver_kind: GiverKind = Field(
        description="Bên giao con nuôi: cha mẹ đẻ, mẹ đẻ, cha đẻ, người giám hộ, cơ sở nuôi dưỡng"
    )
    giver_name: Text200 | None = Field(None, description="Tên người hoặc cơ sở giao con nuôi")
    reason: Text500 | None = Field(None, description="Lý do, hoàn cảnh")


class DomesticAdoption(CivilEvent):
    """A registered adoption at home (Law on adoption 2010; Circular 04/2020, art. 19, 29)."""

    party_fields: ClassVar[tuple[str, ...]] = ("adoptive_father", "adoptive_mother", "child")

    event_type: Literal["domestic_adoption"] = Field(
        description="Loại sự kiện: đăng ký nuôi con nuôi trong nước"
    )
    registration: AdoptionRegistration = Field(description="Việc đăng ký")
    adoptive_father: AdoptiveParent | None = Field(
        None, description="Cha nuôi; người độc thân nhận con nuôi thì bỏ trống bên kia"
    )
    adoptive_mother: AdoptiveParent | None = Field(None, description="Mẹ nuôi")
    child: AdoptedChild = Field(description="Con nuôi")
    adoption: AdoptionFacts = Field(description="Việc nuôi con nuôi")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
