"""Births, alone or together with the recognition of a parent (khai sinh)."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mappings.canonical.civil_event import CivilEvent
from mappings.canonical.facts import BirthFacts
from mappings.canonical.parent_child import RecognitionFacts
from mappings.canonical.person import Child, Parent, Requester, check_unknown, stated
from mappings.canonical.registration import BirthRegistration, RecognitionEntry, SecondEntry
from mappings.canonical.text_types import Count


class BirthEvent(CivilEvent):
    """What the entry of a birth says, however it came about."""

    party_fields: ClassVar[tuple[str, ...]] = ("child", "mother", "father")

    registration: BirthRegistration = Field(description="Việc đăng ký")
    child: Child = Field(description="Người được khai sinh")
    mother: Parent | None = Field(None, description="Mẹ; để trống thì phải ghi mother vào unknown")
    father: Parent | None = Field(None, description="Cha; để trống thì phải ghi father vào unknown")
    requester: Requester | None = Field(None, description="Người yêu cầu")
    birth: BirthFacts = Field(description="Giấy chứng sinh và việc sinh")
    copies_requested: Count = Field(0, description="Số bản sao yêu cầu")
    unknown: Annotated[tuple[Literal["mother", "father"], ...], Field(max_length=2)] = Field(
        (), description="Cha, mẹ được xác nhận là không rõ"
    )

    @model_validator(mode="after")
    def _parents_are_stated(self) -> Self:
        names = frozenset({"mother", "father"})
        check_unknown(self, self.unknown, stated(self, names), names)
        return self


class Birth(BirthEvent):
    """A registered birth (khai sinh; Law on civil status, art. 13 to 16)."""

    event_type: Literal["birth"] = Field(description="Loại sự kiện: khai sinh")


class BirthWithRecognition(BirthEvent):
    """A birth and the recognition of a parent: one dossier, two entries (Circular 04/2020, art. 15)."""

    event_type: Literal["birth_with_recognition"] = Field(
        description="Loại sự kiện: khai sinh kết hợp nhận cha, mẹ, con"
    )
    recognition: RecognitionFacts = Field(description="Việc nhận cha, mẹ, con")
    recognition_entry: RecognitionEntry = Field(description="Mục đăng ký trong sổ nhận cha, mẹ, con")

    def second_place(self) -> SecondEntry:
        """Where the recognition stands."""
        return self.recognition_entry
