"""Recognition of father, mother or child (nhận cha, mẹ, con)."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.registration import RecognitionRegistration
from mappings.canonical.roles import RecognitionChild, RecognitionParent, RecognitionRequester
from mappings.canonical.text_types import Count, Text50, Text500

RecognitionKind = Literal[
    "father_recognises_child",
    "mother_recognises_child",
    "child_recognises_father",
    "child_recognises_mother",
]


class RecognitionFacts(BaseModel):
    """Who recognises whom, and on what ground (loại xác nhận)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RecognitionKind = Field(
        description="father_recognises_child: cha nhận con; mother_recognises_child: mẹ nhận con; "
        "child_recognises_father: con nhận cha; child_recognises_mother: con nhận mẹ"
    )
    decision_number: Text50 | None = Field(None, description="Số quyết định công nhận, nếu có")
    evidence: Text500 | None = Field(None, description="Chứng cứ chứng minh quan hệ cha, mẹ, con")


class ParentChildRecognition(CivilEvent):
    """A registered recognition (Law on civil status, art. 24, 25, 43, 44; Decree 120/2025)."""

    party_fields: ClassVar[tuple[str, ...]] = ("parent", "child")

    event_type: Literal["parent_child_recognition"] = Field(
        description="Loại sự kiện: đăng ký nhận cha, mẹ, con"
    )
    registration: RecognitionRegistration = Field(description="Việc đăng ký")
    parent: RecognitionParent = Field(description="Cha hoặc mẹ nhận, hoặc được nhận")
    child: RecognitionChild = Field(description="Con nhận, hoặc được nhận")
    recognition: RecognitionFacts = Field(description="Việc nhận cha, mẹ, con")
    requester: RecognitionRequester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
