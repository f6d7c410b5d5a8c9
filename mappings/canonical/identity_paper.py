"""Papers that say who a person is (giấy tờ tùy thân)."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.canonical.text_types import CalendarDay, PaperNumber, Text100, Text200
from mappings.canonical.violations import violation

IdentityPaperKind = Literal[
    "identity_card_9",
    "passport",
    "permanent_resident_card",
    "citizen_id_card",
    "identity_card_2024",
    "identity_certificate",
    "soldier_id",
    "officer_id",
    "police_id",
    "other",
]


class IdentityPaper(BaseModel):
    """One paper with its number."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: IdentityPaperKind = Field(
        description="Loại: CMND 9 số, hộ chiếu, thẻ thường trú, CCCD, thẻ căn cước (từ 01/07/2024), "
        "giấy chứng nhận căn cước, chứng minh quân nhân, sĩ quan, công an, giấy tờ khác"
    )
    other_kind: Text100 | None = Field(None, description="Tên giấy tờ khác, chỉ khi kind là other")
    number: PaperNumber = Field(description="Số giấy tờ", examples=["099197000001"])
    issued_on: CalendarDay | None = Field(None, description="Ngày cấp")
    issued_by: Text200 | None = Field(None, description="Nơi cấp")

    @model_validator(mode="after")
    def _other_is_named(self) -> Self:
        if self.kind == "other" and self.other_kind is None:
            raise violation("other_kind_missing")
        if self.kind != "other" and self.other_kind is not None:
            raise violation("other_kind_unexpected")
        return self
