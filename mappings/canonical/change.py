"""Change, correction, supplement of an entry (thay đổi, cải chính, bổ sung, xác định lại dân tộc)."""

from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.earlier import Amends
from mappings.canonical.person import Requester
from mappings.canonical.registration import ChangeRegistration
from mappings.canonical.roles import Subject
from mappings.canonical.text_types import Count, Text500
from mappings.canonical.violations import violation

CHANGES_MAX: Final = 30
ChangeAct = Literal["change", "correction", "supplement", "ethnic_redetermination", "data_alignment"]
Consenting = Literal["mother", "father", "guardian", "subject"]
ChangedField = Literal[
    "name",
    "sex",
    "birth_date",
    "ethnic_group",
    "nationality",
    "other_nationality",
    "place_of_birth",
    "place_of_origin",
    "residence",
    "personal_id",
    "identity_paper",
    "mother",
    "mother.name",
    "mother.birth_date",
    "mother.ethnic_group",
    "mother.nationality",
    "mother.residence",
    "mother.personal_id",
    "father",
    "father.name",
    "father.birth_date",
    "father.ethnic_group",
    "father.nationality",
    "father.residence",
    "father.personal_id",
    "spouse.name",
    "spouse.birth_date",
    "spouse.ethnic_group",
    "spouse.nationality",
    "spouse.residence",
    "spouse.personal_id",
    "marital_status",
    "established_on",
    "death.date",
    "death.time",
    "death.place",
    "death.cause",
    "guardian.name",
    "guardian.birth_date",
    "guardian.residence",
    "other",
]
"""Fields of an entry, seen from its subject: `mother.name` is the name of the subject's mother."""


class FieldChange(BaseModel):
    """One field of the entry before and after; free text alone could not be applied by a machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: ChangedField = Field(
        description="Tên trường thay đổi, tính từ người có thông tin: name, birth_date, mother.name…; "
        "mother, father: bổ sung hoặc xóa cả phần ghi về mẹ, cha; other: mô tả trong reason",
    )
    before: Text500 | None = Field(
        None,
        description="Giá trị cũ; ngày viết 1988-02-09, 1988-02 hoặc 1988; giới tính, dân tộc, "
        "quốc tịch viết mã",
    )
    after: Text500 | None = Field(None, description="Giá trị mới, viết như giá trị cũ")

    @model_validator(mode="after")
    def _something_changes(self) -> Self:
        if self.before == self.after:
            raise violation("nothing_changes")
        return self


Changes = Annotated[tuple[FieldChange, ...], Field(max_length=CHANGES_MAX)]


class CivilStatusChange(CivilEvent):
    """A change of an earlier entry (Law on civil status, art. 26 to 29, 45 to 47)."""

    party_fields: ClassVar[tuple[str, ...]] = ("subject",)

    event_type: Literal["civil_status_change"] = Field(
        description="Loại sự kiện: thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc"
    )
    registration: ChangeRegistration = Field(description="Việc đăng ký")
    act: ChangeAct = Field(
        description="change: thay đổi; correction: cải chính; supplement: bổ sung; "
        "ethnic_redetermination: xác định lại dân tộc; data_alignment: chỉnh dữ liệu điện tử theo sổ giấy, "
        "chỉ do cổng lập (Luật Hộ tịch, điều 60)"
    )
    amends: Amends = Field(description="Mục đăng ký gốc được thay đổi")
    subject: Subject = Field(description="Người có thông tin thay đổi")
    changes: Annotated[Changes, Field(min_length=1)] = Field(description="Các trường thay đổi, trước và sau")
    reason: Text500 = Field(description="Lý do", examples=["Sai sót khi đăng ký"])
    consents: Annotated[tuple[Consenting, ...], Field(max_length=4)] = Field(
        (),
        description="Những người đồng ý với việc thay đổi họ tên người dưới 18 tuổi: cha, mẹ, người giám hộ,"
        " chính người đó từ đủ 9 tuổi (Nghị định 123/2015, điều 7)",
    )
    consent_exception: Text500 | None = Field(
        None, description="Vì sao không lấy được ý kiến của cha hoặc mẹ", examples=["Cha đã chết"]
    )
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
