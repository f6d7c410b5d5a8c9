"""What every event carries besides its people: registration, dossier, attachments."""

import base64
import binascii
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.canonical.text_types import (
    AuthorityCode,
    BookNumber,
    CalendarDay,
    DossierCode,
    Flag,
    Instant,
    MediaType,
    Ordinal,
    ProcedureCode,
    Text50,
    Text100,
    Text200,
)
from mappings.canonical.violations import violation

VIETNAM_TIME: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""No summer time, so a fixed offset is the zone."""
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


@dataclass(frozen=True, slots=True)
class EntryIdentity:
    """Names one entry in one book: office, book, year, number (Circular 04/2020, art. 29)."""

    authority_code: str
    book_code: str
    year: int
    number: str


class Official(BaseModel):
    """Who signed or wrote the entry (người ký, người thực hiện)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text100 = Field(description="Họ, chữ đệm và tên", examples=["Trần Văn Mẫu"])
    title: Text100 | None = Field(None, description="Chức vụ, chức danh", examples=["Chủ tịch"])


class Registration(BaseModel):
    """The entry in the book (việc đăng ký; Law on civil status, art. 60: the book is what counts)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authority_code: AuthorityCode = Field(
        description="Mã cơ quan đăng ký: xã 5 số, huyện 3 số (trước 01/07/2025), tỉnh 2 số",
        examples=["00715"],
    )
    registered_at: Instant = Field(
        description="Thời điểm đăng ký, có múi giờ; năm của sổ là năm theo giờ Việt Nam",
        examples=["2026-11-16T08:40:00+07:00"],
    )
    book_code: str = Field(description="Mã sổ", examples=["KS"])
    volume: BookNumber = Field(description="Quyển số", examples=["01/2026"])
    number: BookNumber = Field(description="Số đăng ký, bắt đầu lại từ 01 mỗi năm", examples=["41"])
    page: BookNumber | None = Field(None, description="Trang số")
    signed_by: Official | None = Field(None, description="Người ký")
    performed_by: Official | None = Field(None, description="Người thực hiện")

    @property
    def book_year(self) -> int:
        """The year of the entry by Vietnamese time."""
        return self.registered_at.astimezone(VIETNAM_TIME).year


EntryKind = Literal["on_time", "late", "re_registration", "foreign_note"]
MarriageEntryKind = Literal["first", "re_registration"]
_ENTRY_KIND_TEXT: Final = (
    "on_time: đúng hạn; late: quá hạn; re_registration: đăng ký lại; "
    "foreign_note: ghi vào sổ việc đã đăng ký ở nước ngoài"
)


class BirthRegistration(Registration):
    """Entry in the book of births (Sổ đăng ký khai sinh)."""

    book_code: Literal["KS"] = Field(description="Mã sổ đăng ký khai sinh")
    kind: EntryKind = Field(description=_ENTRY_KIND_TEXT)


class MarriageRegistration(Registration):
    """Entry in the book of marriages (Sổ đăng ký kết hôn)."""

    book_code: Literal["KH"] = Field(description="Mã sổ đăng ký kết hôn")
    kind: MarriageEntryKind = Field(description="first: đăng ký lần đầu; re_registration: đăng ký lại")


class DeathRegistration(Registration):
    """Entry in the book of deaths (Sổ đăng ký khai tử)."""

    book_code: Literal["KT"] = Field(description="Mã sổ đăng ký khai tử")
    kind: EntryKind = Field(description=_ENTRY_KIND_TEXT)


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
