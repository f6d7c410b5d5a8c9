"""Papers that are issued: marital status, extracts, confirmations (giấy xác nhận, bản sao trích lục)."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.earlier import Amends, Decision
from mappings.canonical.name import PersonName
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import Requester
from mappings.canonical.place import Place
from mappings.canonical.registration import (
    CertificateRegistration,
    ConfirmationRegistration,
    ExtractRegistration,
)
from mappings.canonical.roles import CertifiedPerson, Subject
from mappings.canonical.text_types import (
    CalendarDay,
    Count,
    CountryCode,
    Flag,
    PersonalId,
    Text200,
    Text500,
    Text1000,
)

CertifiedStatus = Literal[
    "not_married_now", "married", "divorced", "widowed", "unmarried_for_a_time", "other"
]
PurposeKind = Literal[
    "marry_vietnamese_at_home",
    "marry_foreigner_at_home",
    "marry_vietnamese_abroad",
    "marry_foreigner_abroad",
    "other",
]
ExtractKind = Literal["extract_copy", "birth_certificate_copy"]


class CertifiedPeriod(BaseModel):
    """Where and when the person lived, if the paper speaks of a time (thời gian cư trú)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: Place | None = Field(None, description="Nơi cư trú trong thời gian xác nhận")
    starts_on: CalendarDay | None = Field(None, description="Từ ngày")
    ends_on: CalendarDay | None = Field(None, description="Đến ngày")


class MaritalStatusFacts(BaseModel):
    """What is certified, and the paper it rests on (Circular 04/2020, art. 12, 33)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: CertifiedStatus = Field(
        description="not_married_now: hiện không kết hôn với ai; married: đang có vợ, chồng; divorced: đã "
        "ly hôn, chưa kết hôn lại; widowed: vợ, chồng đã chết, chưa kết hôn lại; unmarried_for_a_time: trong "
        "thời gian từ … đến … chưa kết hôn, hiện đang có vợ, chồng; other: khác"
    )
    text: Text500 | None = Field(None, description="Nội dung xác nhận bằng chữ; bắt buộc khi status là other")
    spouse_name: PersonName | None = Field(None, description="Tên vợ, chồng hiện tại hoặc đã chết, đã ly hôn")
    paper: Decision | None = Field(
        None, description="Giấy chứng nhận kết hôn, bản án ly hôn hoặc giấy tờ chứng minh vợ, chồng đã chết"
    )
    unmarried_from: CalendarDay | None = Field(None, description="Chưa kết hôn từ ngày")
    unmarried_to: CalendarDay | None = Field(None, description="Chưa kết hôn đến ngày")


class IntendedSpouse(BaseModel):
    """Who is to be married; the paper is valid for nobody else (người dự định kết hôn)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: PersonName = Field(description="Họ, chữ đệm và tên")
    birth_date: PartialDate = Field(description="Ngày, tháng, năm sinh")
    nationality: CountryCode = Field(description="Quốc tịch, mã ISO 3166-1 hai chữ")
    personal_id: PersonalId | None = Field(None, description="Số định danh cá nhân")
    paper_number: Text200 | None = Field(None, description="Giấy tờ tùy thân khác, ghi bằng chữ")


class CertificatePurpose(BaseModel):
    """What the paper is for; it is valid for nothing else (mục đích sử dụng)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PurposeKind = Field(
        description="marry_vietnamese_at_home, marry_foreigner_at_home: kết hôn tại Việt Nam với công dân "
        "Việt Nam, người nước ngoài; marry_vietnamese_abroad, marry_foreigner_abroad: kết hôn ở nước ngoài; "
        "other: khác"
    )
    text: Text500 | None = Field(None, description="Mục đích bằng chữ; bắt buộc khi kind là other")
    partner: IntendedSpouse | None = Field(None, description="Người dự định kết hôn; bắt buộc khi để kết hôn")
    marriage_place: Text500 | None = Field(None, description="Nơi dự định đăng ký kết hôn")


class MaritalStatusCertificate(CivilEvent):
    """A certificate of marital status (Decree 123/2015, art. 21 to 23; valid for 6 months)."""

    party_fields: ClassVar[tuple[str, ...]] = ("subject",)

    event_type: Literal["marital_status_certificate"] = Field(
        description="Loại sự kiện: cấp giấy xác nhận tình trạng hôn nhân"
    )
    registration: CertificateRegistration = Field(description="Việc cấp giấy")
    subject: CertifiedPerson = Field(description="Người được xác nhận")
    marital: MaritalStatusFacts = Field(description="Tình trạng hôn nhân được xác nhận")
    period: CertifiedPeriod | None = Field(None, description="Thời gian cư trú được xác nhận")
    purpose: CertificatePurpose = Field(description="Mục đích sử dụng")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(1, description="Số bản cấp; để kết hôn chỉ cấp một bản")


class ExtractFacts(BaseModel):
    """Which copy, how many (Decree 87/2020, art. 13; Circular 04/2020, art. 23, 30)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ExtractKind = Field(
        description="extract_copy: bản sao trích lục; birth_certificate_copy: bản sao giấy khai sinh"
    )
    copies: Annotated[Count, Field(ge=1)] = Field(description="Số bản sao đã cấp")
    electronic: Flag = Field(default=False, description="Bản điện tử")
    certified: Flag = Field(default=True, description="Bản sao có chứng thực, đóng dấu")
    other_information: Text500 | None = Field(None, description="Thông tin khác")


class ExtractCopy(CivilEvent):
    """A copy of an extract of an entry (Law on civil status, art. 63, 64)."""

    party_fields: ClassVar[tuple[str, ...]] = ("subject",)

    event_type: Literal["extract_copy"] = Field(
        description="Loại sự kiện: cấp bản sao trích lục hộ tịch, bản sao giấy khai sinh"
    )
    registration: ExtractRegistration = Field(description="Việc cấp bản sao")
    amends: Amends = Field(description="Mục đăng ký được sao")
    subject: Subject = Field(description="Người có tên trong mục đăng ký được sao")
    extract: ExtractFacts = Field(description="Bản sao")
    requester: Requester | None = Field(None, description="Người yêu cầu")


class ConfirmationFacts(BaseModel):
    """What is confirmed, and for what use (văn bản xác nhận thông tin hộ tịch)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: Text1000 = Field(description="Nội dung xác nhận")
    purpose: Text500 | None = Field(None, description="Mục đích sử dụng")


class InformationConfirmation(CivilEvent):
    """A confirmation of civil-status information (Decree 87/2020)."""

    party_fields: ClassVar[tuple[str, ...]] = ("subject",)

    event_type: Literal["information_confirmation"] = Field(
        description="Loại sự kiện: xác nhận thông tin hộ tịch"
    )
    registration: ConfirmationRegistration = Field(description="Việc cấp văn bản xác nhận")
    subject: Subject = Field(description="Người có thông tin được xác nhận")
    confirmation: ConfirmationFacts = Field(description="Nội dung xác nhận")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(1, description="Số bản yêu cầu")
