"""People, and what each role must state about them (nhân thân)."""

from functools import cache
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator

from mappings.canonical.identity_paper import IdentityPaper
from mappings.canonical.name import PersonName
from mappings.canonical.partial_date import PartialDate
from mappings.canonical.place import Place
from mappings.canonical.text_types import (
    CountryCode,
    Email,
    EthnicGroupCode,
    PersonalId,
    Phone,
    Text50,
    Text100,
)
from mappings.canonical.violations import violation

Sex = Literal["male", "female", "undetermined"]
MaritalStatus = Literal["never_married", "divorced", "widowed"]
ResidenceKind = Literal["permanent", "temporary", "not_stated"]
UnknownOfPerson = Literal[
    "ethnic_group_code",
    "nationality",
    "personal_id",
    "identity_paper",
    "residence",
    "place_of_origin",
    "place_of_birth",
    "marital_status_before",
    "marriage_number",
]


def stated(model: BaseModel, names: frozenset[str]) -> frozenset[str]:
    """Pick the fields among `names` that hold a value."""
    return frozenset([name for name, value in model.__dict__.items() if value is not None and name in names])


def check_unknown(
    model: BaseModel, unknown: tuple[str, ...], filled: frozenset[str], required: frozenset[str]
) -> None:
    """Refuse what is filled and unknown at once, listed twice, or left without a word: unknown is not empty.

    Raises:
        PydanticCustomError: `unknown_repeated`, `unknown_but_filled` or `neither_filled_nor_unknown`.

    """
    listed = frozenset(unknown)
    if len(listed) != len(unknown):
        raise violation(
            "unknown_repeated", fields=", ".join(sorted({n for n in unknown if unknown.count(n) > 1}))
        )
    both = sorted(listed & filled)
    if both:
        raise violation("unknown_but_filled", fields=", ".join(both))
    silent = sorted(required - filled - listed)
    if silent:
        raise violation("neither_filled_nor_unknown", fields=", ".join(silent), of=type(model).__name__)


class Residence(BaseModel):
    """Where a person lives (nơi cư trú)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ResidenceKind = Field(
        description="permanent: thường trú; temporary: tạm trú; not_stated: sổ không ghi (sổ giấy cũ)"
    )
    place: Place = Field(description="Địa chỉ nơi cư trú")


class Person(BaseModel):
    """What the books say of a person; a personal ID is a fact about him, never his key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    must_state: ClassVar[frozenset[str]] = frozenset()
    """Fields that must be filled or listed in `unknown`."""

    name: PersonName = Field(description="Họ, chữ đệm và tên")
    sex: Sex = Field(description="Giới tính; undetermined: chưa xác định")
    birth_date: PartialDate = Field(description="Ngày, tháng, năm sinh")
    ethnic_group_code: EthnicGroupCode | None = Field(
        None, description="Mã dân tộc, 01 là Kinh (danh mục các dân tộc Việt Nam)", examples=["01"]
    )
    ethnic_group_other: Text100 | None = Field(None, description="Tên dân tộc không có trong danh mục")
    nationality: CountryCode | None = Field(
        None, description="Quốc tịch, mã ISO 3166-1 hai chữ", examples=["VN"]
    )
    other_nationality: CountryCode | None = Field(None, description="Quốc tịch khác")
    personal_id: PersonalId | None = Field(
        None, description="Số định danh cá nhân, 12 chữ số", examples=["099197000001"]
    )
    identity_paper: IdentityPaper | None = Field(None, description="Giấy tờ tùy thân")
    residence: Residence | None = Field(None, description="Nơi cư trú")
    place_of_origin: Place | None = Field(None, description="Quê quán")
    unknown: Annotated[tuple[UnknownOfPerson, ...], Field(max_length=9)] = Field(
        (), description="Tên các trường được xác nhận là không rõ, khác với để trống"
    )

    @model_validator(mode="after")
    def _unknown_is_stated_once(self) -> Self:
        if not self.unknown and not self._has_silent_fields():
            return self  # nearly always: everything is filled in
        filled = stated(self, _tellable(type(self)))
        if self.ethnic_group_other is not None:
            filled |= {"ethnic_group_code"}
        check_unknown(self, self.unknown, filled, self.must_state)
        return self

    def _has_silent_fields(self) -> bool:
        values = self.__dict__
        for name in self.must_state:  # noqa: SIM110 - a generator takes longer than the four fields
            if values[name] is None:
                return True
        return False


@cache
def _tellable(model: type[Person]) -> frozenset[str]:
    """The fields of a kind of person that can be filled, or said to be unknown."""
    return frozenset(model.model_fields) - {"unknown"}


class Child(Person):
    """The child whose birth is registered (người được khai sinh; Law on civil status art. 14)."""

    must_state: ClassVar[frozenset[str]] = frozenset(
        {"ethnic_group_code", "nationality", "place_of_origin", "place_of_birth"}
    )

    place_of_birth: Place | None = Field(None, description="Nơi sinh")


class Parent(Person):
    """Mother or father as the birth entry names them (cha, mẹ)."""

    must_state: ClassVar[frozenset[str]] = frozenset({"ethnic_group_code", "nationality", "residence"})


class Spouse(Person):
    """One side of a marriage (vợ, chồng; Law on civil status art. 17)."""

    must_state: ClassVar[frozenset[str]] = frozenset(
        {"ethnic_group_code", "nationality", "residence", "marital_status_before", "marriage_number"}
    )

    marital_status_before: MaritalStatus | None = Field(
        None,
        description="Tình trạng hôn nhân trước khi kết hôn: chưa kết hôn, đã ly hôn, vợ hoặc chồng đã chết; "
        "sổ cũ không ghi thì nêu trong unknown",
    )
    marriage_number: Annotated[StrictInt, Field(ge=1, le=20)] | None = Field(
        None, description="Kết hôn lần thứ mấy; sổ cũ không ghi thì nêu trong unknown"
    )


class Deceased(Person):
    """The person who died (người chết; Law on civil status art. 34)."""

    must_state: ClassVar[frozenset[str]] = frozenset({"ethnic_group_code", "nationality", "residence"})


class Requester(BaseModel):
    """Who asked for the registration (người yêu cầu); his own civil status does not change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: PersonName = Field(description="Họ, chữ đệm và tên người yêu cầu")
    relation: Text50 = Field(description="Quan hệ với người được đăng ký, ghi bằng chữ", examples=["Mẹ"])
    personal_id: PersonalId | None = Field(None, description="Số định danh cá nhân")
    identity_paper: IdentityPaper | None = Field(None, description="Giấy tờ tùy thân")
    residence: Residence | None = Field(None, description="Nơi cư trú")
    phone: Phone | None = Field(None, description="Số điện thoại", examples=["0900000000"])
    email: Email | None = Field(None, description="Thư điện tử", examples=["nguoi.thu@example.com"])
