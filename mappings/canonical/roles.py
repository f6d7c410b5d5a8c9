"""People in the matters beside birth, marriage and death, and what each must state about himself."""

from typing import ClassVar, Final

from pydantic import Field

from mappings.canonical.person import Person, Requester
from mappings.canonical.place import Place
from mappings.canonical.text_types import Text50

_AS_IN_THE_BOOK: Final = frozenset({"ethnic_group_code", "nationality", "residence"})


class Guardian(Person):
    """Who looks after the ward (người giám hộ; Civil Code 2015, art. 48 to 50).

    A person: an organisation that is guardian by law (cơ quan, tổ chức) is not carried, because no known
    message of the destinations has a place for it.
    """

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK


class Ward(Person):
    """Who is looked after (người được giám hộ; Civil Code 2015, art. 47)."""

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK


class Supervisor(Person):
    """Who watches over the guardian (người giám sát việc giám hộ; Civil Code 2015, art. 51).

    A person: an organisation (cơ quan, tổ chức) is not carried, as with the guardian.
    """

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK


class RecognitionParent(Person):
    """Father or mother in a recognition, whoever recognises whom (cha, mẹ trong việc nhận cha, mẹ, con)."""

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK


class RecognitionChild(Person):
    """The child in a recognition, whoever recognises whom (con trong việc nhận cha, mẹ, con)."""

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK


class Subject(Person):
    """Whose entry is changed, noted, certified or copied (người có thông tin hộ tịch)."""

    must_state: ClassVar[frozenset[str]] = frozenset({"nationality"})

    place_of_birth: Place | None = Field(None, description="Nơi sinh")


class CertifiedPerson(Person):
    """Whose marital status is certified (người được xác nhận tình trạng hôn nhân)."""

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK


class FormerSpouse(Person):
    """One side of a marriage that ended (bên trong việc ly hôn, hủy việc kết hôn)."""

    must_state: ClassVar[frozenset[str]] = frozenset({"nationality"})


class AdoptiveParent(Person):
    """Adoptive father or mother (cha nuôi, mẹ nuôi; Law on adoption 2010, art. 14)."""

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK


class AdoptedChild(Person):
    """Who is adopted (người được nhận làm con nuôi; Law on adoption 2010, art. 8)."""

    must_state: ClassVar[frozenset[str]] = _AS_IN_THE_BOOK

    place_of_birth: Place | None = Field(None, description="Nơi sinh")


class RecognitionRequester(Requester):
    """Who asks for a recognition is related to both sides."""

    relation: Text50 = Field(description="Quan hệ với người nhận, ghi bằng chữ", examples=["Bản thân"])
    relation_to_recognised: Text50 | None = Field(
        None, description="Quan hệ với người được nhận, ghi bằng chữ", examples=["Cha"]
    )
