"""What events carry besides people and entry: dossier, attachments, the facts of birth and death."""

import base64
import binascii
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.canonical.text_types import (
    CalendarDay,
    DossierCode,
    Flag,
    Instant,
    MediaType,
    Ordinal,
    ProcedureCode,
    Text50,
    Text200,
)
from mappings.canonical.violations import violation

ATTACHMENT_BYTES_MAX: Final = 2 * 1024 * 1024
_BASE64_CHARACTERS_MAX: Final = (ATTACHMENT_BYTES_MAX + 2) // 3 * 4

AttachmentKind = Literal[
    "birth_certificate",
    "death_notice",
    "identity_paper",
    "residence_paper",
    "marital_status_paper",
    "court_decision",
    "declaration_form",
    "other",
]


class Dossier(BaseModel):
    """The one-stop file of the matter (hồ sơ một cửa; Circular 01/2018/TT-VPCP, art. 19)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: DossierCode = Field(description="Mã hồ sơ một cửa", examples=["H60.129-261116-0041"])
    linked_code: DossierCode | None = Field(None, description="Mã hồ sơ của phần mềm dịch vụ công liên thông")
    procedure_code: ProcedureCode = Field(description="Mã thủ tục hành chính", examples=["1.001193"])
    received_at: Instant | None = Field(None, description="Thời điểm tiếp nhận")
    due_at: Instant | None = Field(None, description="Thời điểm hẹn trả kết quả")


class Attachment(BaseModel):
    """One file sent along (tệp đính kèm)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: Text200 = Field(description="Tên tệp", examples=["gcs.pdf"])
    title: Text200 = Field(description="Tên giấy tờ", examples=["Giấy chứng sinh"])
    kind: AttachmentKind = Field(
        description="Loại: giấy chứng sinh, giấy báo tử, giấy tờ tùy thân, giấy tờ cư trú, giấy xác nhận "
        "tình trạng hôn nhân, bản án hoặc quyết định của tòa án, tờ khai, khác"
    )
    media_type: MediaType = Field(description="Kiểu nội dung", examples=["application/pdf"])
    content_base64: Annotated[str, Field(max_length=_BASE64_CHARACTERS_MAX)] | None = Field(
        None, description="Nội dung mã hóa base64, tối đa 2 MiB sau giải mã; bỏ trống khi tệp đã rút"
    )
    withdrawn: Flag = Field(default=False, description="Giấy tờ đã rút, không gửi đi")

    @model_validator(mode="after")
    def _content_is_readable(self) -> Self:
        if self.content_base64 is None:
            if not self.withdrawn:
                raise violation("attachment_content_missing")
            return self
        try:
            content = base64.b64decode(self.content_base64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise violation("attachment_base64") from error
        if len(content) > ATTACHMENT_BYTES_MAX:
            raise violation("attachment_too_large", bytes_max=ATTACHMENT_BYTES_MAX)
        return self


class MultipleBirth(BaseModel):
    """Which of how many children of one birth (sinh đôi, sinh ba)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    order: Ordinal = Field(description="Thứ tự sinh")
    total: Annotated[Ordinal, Field(ge=2)] = Field(description="Tổng số con của lần sinh")

    @model_validator(mode="after")
    def _order_within_total(self) -> Self:
        if self.order > self.total:
            raise violation("multiple_order", order=self.order, total=self.total)
        return self


class BirthFacts(BaseModel):
    """How the birth is proved (giấy chứng sinh)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate_code: Text50 | None = Field(
        None, description="Mã giấy chứng sinh", examples=["08001.GCS.00042.26"]
    )
    certificate_date: CalendarDay | None = Field(None, description="Ngày cấp giấy chứng sinh")
    abandoned: Flag = Field(default=False, description="Trẻ bị bỏ rơi (Nghị định 123/2015, điều 14)")
    multiple: MultipleBirth | None = Field(None, description="Sinh nhiều con trong một lần")


DeathNoticeKind = Literal[
    "death_notice",
    "execution_confirmation",
    "court_decision",
    "police_or_forensic_paper",
    "district_health_paper",
    "minutes",
    "witness_statement",
]


class DeathNotice(BaseModel):
    """The paper that proves the death (giấy báo tử hoặc giấy tờ thay thế; Decree 123/2015, art. 4)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: DeathNoticeKind = Field(
        description="Loại: giấy báo tử, xác nhận thi hành án tử hình, quyết định của tòa án, văn bản công an "
        "hoặc giám định pháp y, giấy tờ y tế, biên bản, văn bản người làm chứng"
    )
    number: Text50 | None = Field(None, description="Số giấy tờ")
    issued_on: CalendarDay | None = Field(None, description="Ngày cấp")
    issued_by: Text200 | None = Field(None, description="Cơ quan cấp")
