"""Marriages (kết hôn)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import Spouse
from mappings.canonical.registration import MarriageRegistration
from mappings.canonical.text_types import Count


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
