"""Court and agency decisions as remarks on an entry, and revoked papers (ghi chú bản án, quyết định)."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from mappings.canonical.change import Changes
from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.earlier import Amends, Decision
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.registration import RemarkRegistration, RevocationRegistration
from mappings.canonical.roles import FormerSpouse, Subject
from mappings.canonical.text_types import Text50, Text500, Text1000

DecisionKind = Literal[
    "nationality_change",
    "parent_determination",
    "sex_redetermination",
    "adoption",
    "adoption_end",
    "divorce",
    "annulment",
    "marriage_recognition",
    "guardianship_recognition",
    "missing",
    "missing_cancelled",
    "capacity_limited",
    "capacity_cancelled",
    "death_declared",
    "death_declaration_cancelled",
]
RevokedPaper = Literal[
    "birth_certificate",
    "marriage_certificate",
    "marital_status_certificate",
    "death_extract",
    "recognition_extract",
    "guardianship_extract",
    "change_extract",
    "other",
]


class CourtDecision(CivilEvent):
    """A decision noted in an entry (Law on civil status, art. 30, 31; Circular 04/2020, art. 21, 29)."""

    party_fields: ClassVar[tuple[str, ...]] = ("subject", "spouse")

    event_type: Literal["court_decision"] = Field(
        description="Loại sự kiện: ghi vào sổ việc hộ tịch theo bản án, quyết định"
    )
    registration: RemarkRegistration = Field(description="Việc ghi chú")
    amends: Amends = Field(description="Mục đăng ký được ghi chú")
    kind: DecisionKind = Field(
        description="Nội dung: thay đổi quốc tịch; xác định cha, mẹ, con; xác định lại giới tính; nuôi con "
        "nuôi; chấm dứt nuôi con nuôi; ly hôn; hủy kết hôn trái pháp luật; công nhận hôn nhân; công nhận "
        "giám hộ; tuyên bố mất tích; hủy tuyên bố mất tích; mất, hạn chế năng lực hành vi dân sự "
        "hoặc khó khăn trong nhận thức; hủy tuyên bố đó; tuyên bố đã chết; hủy tuyên bố đã chết"
    )
    decision: Decision = Field(description="Bản án, quyết định")
    effective_on: PartialDate | None = Field(None, description="Ngày có hiệu lực, nếu khác ngày ban hành")
    subject: Subject = Field(description="Người có mục đăng ký được ghi chú; với ly hôn là một bên")
    spouse: FormerSpouse | None = Field(None, description="Bên kia của hôn nhân")
    changes: Changes = Field((), description="Các trường thay đổi theo quyết định, trước và sau")
    content: Text1000 = Field(description="Nội dung ghi chú vào sổ")

    def _remark_reason(self) -> str:
        return f"{self.kind}/{self.decision.number}"


class RevocationFacts(BaseModel):
    """Which paper is taken back, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    paper: RevokedPaper = Field(
        description="Loại giấy tờ: giấy khai sinh, giấy chứng nhận kết hôn, giấy xác nhận tình trạng hôn "
        "nhân, trích lục khai tử, nhận cha mẹ con, giám hộ, thay đổi hộ tịch, khác"
    )
    paper_number: Text50 | None = Field(None, description="Số giấy tờ bị thu hồi")
    reason: Text500 = Field(description="Lý do thu hồi, hủy bỏ")


class CertificateRevocation(CivilEvent):
    """A wrong paper revoked by the chairman of the provincial committee (since 07/2025; Decree 120/2025)."""

    party_fields: ClassVar[tuple[str, ...]] = ("subject", "spouse")

    event_type: Literal["certificate_revocation"] = Field(
        description="Loại sự kiện: thu hồi, hủy bỏ giấy tờ hộ tịch cấp sai"
    )
    registration: RevocationRegistration = Field(description="Việc ghi chú; cơ quan là tỉnh, mã 2 số")
    amends: Amends = Field(description="Mục đăng ký của giấy tờ bị thu hồi")
    decision: Decision = Field(description="Quyết định thu hồi, hủy bỏ")
    subject: Subject = Field(description="Người được cấp giấy tờ")
    spouse: FormerSpouse | None = Field(None, description="Bên kia, nếu giấy tờ về hôn nhân")
    revocation: RevocationFacts = Field(description="Giấy tờ bị thu hồi")

    def _remark_reason(self) -> str:
        return f"revocation/{self.decision.number}"
