"""Acts abroad noted in our books (ghi vào sổ việc hộ tịch đã giải quyết ở nước ngoài)."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from mappings.canonical.adoption import AdoptionFacts
from mappings.canonical.change import Changes
from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.death import DeathFacts
from mappings.canonical.earlier import ForeignAct
from mappings.canonical.facts import BirthFacts
from mappings.canonical.guardianship import GuardianshipFacts
from mappings.canonical.parent_child import RecognitionFacts
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.person import Child, Deceased, Parent, Requester, Spouse
from mappings.canonical.registration import DivorceNoteRegistration, ForeignNoteRegistration
from mappings.canonical.roles import (
    AdoptiveParent,
    FormerSpouse,
    Guardian,
    RecognitionParent,
    Subject,
    Ward,
)
from mappings.canonical.text_types import Count, Text500

NotedAct = Literal[
    "birth",
    "marriage",
    "death",
    "guardianship",
    "parent_child",
    "parent_determination",
    "adoption",
    "change",
]
EndOfMarriage = Literal["divorce", "annulment"]


class ForeignActNote(CivilEvent):
    """An act abroad in the book of its matter (Law on civil status, art. 48 to 50; Circular 04/2020).

    Which people and facts must be there depends on `act`; they are named as in the events of that matter.
    """

    party_fields: ClassVar[tuple[str, ...]] = (
        "child",
        "mother",
        "father",
        "husband",
        "wife",
        "deceased",
        "guardian",
        "ward",
        "parent",
        "adoptive_father",
        "adoptive_mother",
        "subject",
    )

    event_type: Literal["foreign_act_note"] = Field(
        description="Loại sự kiện: ghi vào sổ việc hộ tịch đã giải quyết ở nước ngoài"
    )
    registration: ForeignNoteRegistration = Field(description="Việc ghi vào sổ")
    foreign_act: ForeignAct = Field(description="Giấy tờ nước ngoài")
    act: NotedAct = Field(
        description="birth: khai sinh; marriage: kết hôn; death: khai tử; guardianship: giám hộ; "
        "parent_child: nhận cha, mẹ, con; parent_determination: xác định cha, mẹ, con; adoption: nuôi "
        "con nuôi; change: thay đổi hộ tịch"
    )
    child: Child | None = Field(None, description="Con: khai sinh, nhận hoặc xác định cha, mẹ, con, con nuôi")
    mother: Parent | None = Field(None, description="Mẹ, khi ghi việc khai sinh")
    father: Parent | None = Field(None, description="Cha, khi ghi việc khai sinh")
    birth: BirthFacts | None = Field(None, description="Việc sinh, khi ghi việc khai sinh")
    husband: Spouse | None = Field(None, description="Chồng, khi ghi việc kết hôn")
    wife: Spouse | None = Field(None, description="Vợ, khi ghi việc kết hôn")
    established_on: PartialDate | None = Field(None, description="Ngày xác lập quan hệ hôn nhân")
    deceased: Deceased | None = Field(None, description="Người chết, khi ghi việc khai tử")
    death: DeathFacts | None = Field(None, description="Việc chết")
    guardian: Guardian | None = Field(None, description="Người giám hộ")
    ward: Ward | None = Field(None, description="Người được giám hộ")
    guardianship: GuardianshipFacts | None = Field(None, description="Việc giám hộ")
    parent: RecognitionParent | None = Field(None, description="Cha hoặc mẹ nhận, được nhận hoặc xác định")
    recognition: RecognitionFacts | None = Field(None, description="Việc nhận, xác định cha, mẹ, con")
    adoptive_father: AdoptiveParent | None = Field(None, description="Cha nuôi")
    adoptive_mother: AdoptiveParent | None = Field(None, description="Mẹ nuôi")
    adoption: AdoptionFacts | None = Field(None, description="Việc nuôi con nuôi")
    subject: Subject | None = Field(None, description="Người có thông tin thay đổi, khi ghi việc thay đổi")
    changes: Changes = Field((), description="Các trường thay đổi, trước và sau")
    reason: Text500 | None = Field(None, description="Lý do thay đổi")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
    unknown: Annotated[tuple[Literal["mother", "father"], ...], Field(max_length=2)] = Field(
        (), description="Cha, mẹ được xác nhận là không rõ, khi ghi việc khai sinh"
    )


class ForeignDivorceNote(CivilEvent):
    """A divorce or annulment abroad (Law on civil status, art. 50; Decree 123/2015, art. 37 to 39)."""

    party_fields: ClassVar[tuple[str, ...]] = ("husband", "wife")

    event_type: Literal["foreign_divorce_note"] = Field(
        description="Loại sự kiện: ghi vào sổ việc ly hôn, hủy việc kết hôn đã giải quyết ở nước ngoài"
    )
    registration: DivorceNoteRegistration = Field(description="Việc ghi vào sổ")
    foreign_act: ForeignAct = Field(description="Bản án, quyết định, thỏa thuận nước ngoài")
    act: EndOfMarriage = Field(description="divorce: ly hôn; annulment: hủy việc kết hôn")
    husband: FormerSpouse = Field(description="Chồng")
    wife: FormerSpouse = Field(description="Vợ")
    effective_on: PartialDate = Field(description="Ngày ly hôn, hủy việc kết hôn có hiệu lực")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
