"""The entry in a book, for each kind of book (việc đăng ký vào sổ hộ tịch)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from mappings.canonical.text_types import AuthorityCode, BookNumber, Instant, Text100

VIETNAM_TIME: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""No summer time, so a fixed offset is the zone."""

BookCode = Literal["KS", "KH", "KT", "CMC", "GH", "GSGH", "HN", "TDCC", "NCN", "GCLH", "BS", "XNHT"]
"""Kinds of book; the names are in `mappings/tables/books.csv`."""
MatterBook = Literal["KS", "KH", "KT", "CMC", "GH", "GSGH", "TDCC", "NCN", "GCLH"]
"""Books in whose entries remarks are written."""


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
    """What was written in a book (việc đăng ký; Law on civil status, art. 60: the book is what counts)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authority_code: AuthorityCode = Field(
        description="Mã cơ quan đăng ký: xã 5 số, huyện 3 số (trước 01/07/2025), tỉnh 2 số, cơ quan đại diện "
        "ở nước ngoài M + mã nước + 2 số",
        examples=["00715"],
    )
    registered_at: Instant = Field(
        description="Thời điểm đăng ký, có múi giờ; năm của sổ là năm theo giờ Việt Nam",
        examples=["2026-11-16T08:40:00+07:00"],
    )
    book_code: str = Field(description="Mã sổ", examples=["KS"])
    volume: BookNumber | None = Field(None, description="Quyển số", examples=["01/2026"])
    number: BookNumber | None = Field(
        None, description="Số đăng ký, bắt đầu lại từ 01 mỗi năm", examples=["41"]
    )
    page: BookNumber | None = Field(None, description="Trang số")
    signed_by: Official | None = Field(None, description="Người ký")
    performed_by: Official | None = Field(None, description="Người thực hiện")

    @property
    def book_year(self) -> int:
        """The year of the entry by Vietnamese time."""
        return self.registered_at.astimezone(VIETNAM_TIME).year


class NumberedRegistration(Registration):
    """An entry with a number of its own (số đăng ký)."""

    number: BookNumber = Field(description="Số đăng ký, bắt đầu lại từ 01 mỗi năm", examples=["41"])


class BookRegistration(NumberedRegistration):
    """An entry with its own number in a bound volume (quyển số)."""

    volume: BookNumber = Field(description="Quyển số", examples=["01/2026"])


EntryKind = Literal["on_time", "late", "re_registration", "foreign_note"]
MarriageEntryKind = Literal["first", "re_registration"]
NewEntryKind = Literal["new", "foreign_note"]
AdoptionEntryKind = Literal["new", "re_registration"]
_ENTRY_KIND_TEXT: Final = (
    "on_time: đúng hạn; late: quá hạn; re_registration: đăng ký lại; "
    "foreign_note: ghi vào sổ việc đã đăng ký ở nước ngoài"
)
_NEW_KIND_TEXT: Final = "new: đăng ký mới; foreign_note: ghi vào sổ việc đã giải quyết ở nước ngoài"


class BirthRegistration(BookRegistration):
    """Entry in the book of births (Sổ đăng ký khai sinh)."""

    book_code: Literal["KS"] = Field(description="Mã sổ đăng ký khai sinh")
    kind: EntryKind = Field(description=_ENTRY_KIND_TEXT)


class MarriageRegistration(BookRegistration):
    """Entry in the book of marriages (Sổ đăng ký kết hôn)."""

    book_code: Literal["KH"] = Field(description="Mã sổ đăng ký kết hôn")
    kind: MarriageEntryKind = Field(description="first: đăng ký lần đầu; re_registration: đăng ký lại")


class DeathRegistration(BookRegistration):
    """Entry in the book of deaths (Sổ đăng ký khai tử)."""

    book_code: Literal["KT"] = Field(description="Mã sổ đăng ký khai tử")
    kind: EntryKind = Field(description=_ENTRY_KIND_TEXT)


class GuardianshipRegistration(BookRegistration):
    """Entry in the book of guardianships that begins one (Sổ đăng ký giám hộ)."""

    book_code: Literal["GH"] = Field(description="Mã sổ đăng ký giám hộ")
    kind: NewEntryKind = Field(description=_NEW_KIND_TEXT)


class GuardianshipEndRegistration(BookRegistration):
    """Entry in the book of guardianships that ends one (chấm dứt giám hộ)."""

    book_code: Literal["GH"] = Field(description="Mã sổ đăng ký giám hộ")
    kind: Literal["end"] = Field(description="end: chấm dứt")


class SupervisionRegistration(BookRegistration):
    """Entry in the register of guardianship supervision (Sổ đăng ký giám sát việc giám hộ)."""

    book_code: Literal["GSGH"] = Field(description="Mã sổ đăng ký giám sát việc giám hộ")
    kind: Literal["new"] = Field(description="new: đăng ký mới")


class SupervisionEndRegistration(BookRegistration):
    """Entry in the register of guardianship supervision that ends one."""

    book_code: Literal["GSGH"] = Field(description="Mã sổ đăng ký giám sát việc giám hộ")
    kind: Literal["end"] = Field(description="end: chấm dứt")


class RecognitionRegistration(BookRegistration):
    """Entry in the book of parent-child recognitions (Sổ đăng ký nhận cha, mẹ, con)."""

    book_code: Literal["CMC"] = Field(description="Mã sổ đăng ký nhận cha, mẹ, con")
    kind: NewEntryKind = Field(description=_NEW_KIND_TEXT)


class ChangeRegistration(Registration):
    """Entry in the book of changes; a supplement is written into the original entry instead."""

    book_code: MatterBook = Field(
        description="TDCC: sổ thay đổi, cải chính; bổ sung hộ tịch thì ghi mã sổ của việc đã đăng ký"
    )
    kind: Literal["new", "remark"] = Field(
        description="new: ghi vào sổ TDCC, có số riêng; remark: ghi chú vào mục đăng ký gốc (bổ sung hộ tịch)"
    )


class RemarkRegistration(Registration):
    """A remark in an entry that exists; it has no number of its own (ghi chú vào sổ)."""

    book_code: MatterBook = Field(description="Mã sổ của việc được ghi chú")
    kind: Literal["remark"] = Field(description="remark: ghi chú vào mục đã đăng ký")


class RevocationRegistration(Registration):
    """A remark in the entry whose paper is revoked (ghi chú việc thu hồi, hủy bỏ giấy tờ)."""

    book_code: BookCode = Field(description="Mã sổ của giấy tờ bị thu hồi")
    kind: Literal["remark"] = Field(description="remark: ghi chú vào mục đã đăng ký")


class ForeignNoteRegistration(BookRegistration):
    """Entry of an act abroad in the book of its matter (ghi vào sổ việc đã giải quyết ở nước ngoài)."""

    book_code: Literal["KS", "KH", "KT", "GH", "CMC", "NCN", "TDCC"] = Field(
        description="Mã sổ của việc được ghi: khai sinh KS, kết hôn KH, khai tử KT, giám hộ GH, "
        "nhận hoặc xác định cha, mẹ, con CMC, nuôi con nuôi NCN, thay đổi hộ tịch TDCC"
    )
    kind: Literal["foreign_note"] = Field(description="foreign_note: ghi chú việc ở nước ngoài")


class DivorceNoteRegistration(BookRegistration):
    """Entry in the book of divorces and annulments abroad (Sổ ghi chú ly hôn)."""

    book_code: Literal["GCLH"] = Field(description="Mã sổ ghi chú ly hôn, hủy việc kết hôn")
    kind: Literal["foreign_note"] = Field(description="foreign_note: ghi chú việc ở nước ngoài")


class CertificateRegistration(BookRegistration):
    """Entry in the book of marital-status certificates (Sổ cấp Giấy xác nhận tình trạng hôn nhân)."""

    book_code: Literal["HN"] = Field(description="Mã sổ cấp giấy xác nhận tình trạng hôn nhân")
    kind: Literal["issue", "re_issue"] = Field(description="issue: cấp lần đầu; re_issue: cấp lại")


class ExtractRegistration(NumberedRegistration):
    """Issue of a copy of an extract; numbers look like 12/TLKS-BS (cấp bản sao trích lục)."""

    book_code: Literal["BS"] = Field(description="Mã sổ cấp bản sao trích lục hộ tịch")
    kind: Literal["issue"] = Field(description="issue: cấp bản sao")


class ConfirmationRegistration(NumberedRegistration):
    """Issue of a confirmation of civil-status information (văn bản xác nhận thông tin hộ tịch)."""

    book_code: Literal["XNHT"] = Field(description="Mã sổ xác nhận thông tin hộ tịch")
    kind: Literal["issue"] = Field(description="issue: cấp văn bản xác nhận")


class AdoptionRegistration(BookRegistration):
    """Entry in the book of adoptions (Sổ đăng ký nuôi con nuôi)."""

    book_code: Literal["NCN"] = Field(description="Mã sổ đăng ký nuôi con nuôi")
    kind: AdoptionEntryKind = Field(description="new: đăng ký mới; re_registration: đăng ký lại")


class SecondEntry(BaseModel):
    """The other entry of an event that makes two; office, day and signature are those of `registration`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    book_code: str = Field(description="Mã sổ", examples=["CMC"])
    volume: BookNumber = Field(description="Quyển số", examples=["01/2026"])
    number: BookNumber = Field(description="Số đăng ký", examples=["7"])
    page: BookNumber | None = Field(None, description="Trang số")


class RecognitionEntry(SecondEntry):
    """The recognition that is registered together with the birth."""

    book_code: Literal["CMC"] = Field(description="Mã sổ đăng ký nhận cha, mẹ, con")


class GuardianshipEndEntry(SecondEntry):
    """The end of the earlier guardianship that is registered together with the new one."""

    book_code: Literal["GH"] = Field(description="Mã sổ đăng ký giám hộ")


END_OF_WORK: Final = time(17, 0)
"""An office registers no later than this [I]."""


def moment_of_day(day: date, heard_at: datetime) -> datetime:
    """The latest moment at which something can have been registered of which only the day is told.

    `heard_at` is when we heard of it: the end of the working day, or that moment where it is earlier.
    """
    end = datetime.combine(day, END_OF_WORK, VIETNAM_TIME)
    local = heard_at.astimezone(VIETNAM_TIME)
    return min(local, end) if local.date() == day else end
