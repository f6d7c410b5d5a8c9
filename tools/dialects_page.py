"""The page docs/reference/dialects.md, from the tables by which the dialects are read."""

from collections.abc import Iterator

from gateway.api.dialects import wire
from gateway.api.dialects.fault_codes import FAULT_CODES
from gateway.api.dialects.standing import WORDS
from mappings.markdown import table
from mappings.national_registry.reading.dossier import READERS
from mappings.national_registry.reading.tables import (
    NOT_READ,
    Form,
    ReadingRow,
    forms,
    reader_rows,
    rows_of,
    word_rows,
)

_BOTH = ("1", "2")
_OPERATIONS = (
    ("1", wire.PUSH_FIRST, "one dossier; `data` is XML text", "1, else 0 with 100, 101, 106, 500", "S"),
    ("1", wire.CODE_LISTS, "`loaiDanhMuc` 1 to 5", "1 and a list as JSON text, else 302", "S; items I"),
    ("1", wire.STATUS, "`maDonVi`, `maHoSo`", "1 to 4, else 0 with 201", "S"),
    ("1", wire.RESULT, "`maDonVi`, `maHoSo`", "1 and the entry as JSON text, else 200, 201", "S; value I"),
    ("1", wire.CHANGED, "`module`, `ngayCapNhat`", "1 and `[{id, maDonVi}]` as JSON text", "S; our numbers"),
    ("1", wire.RECORD, "`module`, `maHoSo`: the `id`", "1 and `[record]` as JSON text, else 201", "S"),
    ("1", wire.RECORDS, "`maTinh`, `module`, `dsMaHoSo`", "the same, else 108, 201", "S"),
    ("2", wire.PUSH_SECOND, "one dossier; `data` is JSON text", '`status` "1" or "0"', "S"),
    (
        "2",
        wire.POLL,
        "`maDinhDanhHoSo` list, `maTinh`, `module`",
        "1 and `value`, an item a dossier",
        "S; path I",
    ),
)
_NUMBERS = (
    (wire.AUTHEN_ERROR, "no token, or not a good one", "get a token"),
    (wire.IP_DISALLOWED, "the client's role does not allow it", "ask the gateway's operator"),
    (
        wire.AGENCY_INCORRECT,
        "`maDonVi` is no unit of that day, or not yours",
        "correct the code, or ask for the right",
    ),
    (wire.PROVINCE_INCORRECT, "`maTinh` is no province", "correct it"),
    (wire.RECORD_UNCOMPLETE, "the registry has not finished", "ask later"),
    (wire.RECORD_NOT_FOUND, "no such dossier among those that you may see", "check code and office"),
    (wire.DATA_TYPE_INVALID, "no such list or module, or too many codes", "correct it"),
    (wire.DATA_INCORRECT, "the content is refused; `errors` names every fault", "correct and send again"),
    (wire.RECEIVED_ALREADY, "generation 2: a repeat; the sentence says so", "nothing: it is there"),
    (wire.LATER, "no room or no storage now (HTTP 429, 503); nothing was stored", "send the same again"),
)


_OPEN = (
    (
        "`so`, `quyenSo`, `trangSo`, `ngayDangKy`",
        "always; a remark has only the day",
        "what the registry tells",
        "S",
    ),
    ("`loaiDangKy`", "where the book has kinds", "by the time limit; else the first kind", "I"),
    ("`ngayXacLapQuanHeHonNhan`", "first marriage", "the day of registration", "S"),
    ("`nksQuocTich`", "birth; told as a warning", "VN, if the registry does not tell it", "S; value I"),
    (
        "`nksLoaiKhaiSinh`",
        "birth; told as a warning",
        "not abandoned; a parent without a name is unknown",
        "S; value I",
    ),
)
_ANSWERS_BEFORE = (
    (
        "a dossier without an entry",
        "taken; `receipt` is the declaration's, due 12 hours after its acceptance",
    ),
    ("the same again", "received already, with the first receipt"),
    ("the same code with other content, or by another sender", "refused, by the code's field"),
    ("half an entry", "refused, by the missing fields"),
    ("the entry itself, later, under the same code", "taken as the event; none is made a second time"),
    (
        "with `loaiDangKy`: a birth, death or marriage that is registered already",
        "refused (`event_already_registered`); without it this is seen when the event is made",
    ),
    ("status, result, poll", "found by the code all along; with the entry as soon as the registry told it"),
)


def dialects_page(generated: str) -> list[str]:
    """All of it."""
    return [
        "# The dialects of one-stop clients (giao diện dành cho phần mềm một cửa sẵn có)",
        "",
        generated,
        "",
        "Existing one-stop software speaks to the national registry. It can speak to the gateway with",
        "the same messages: how to switch it over is in [point a one-stop client",
        "here](../how-to/point-a-one-stop-client-here.md). Rules, receipts and faults are those of",
        "`POST /api/v1/events`; the façade only reads and answers in the registry's words. [S]: seen",
        "in a public source; [I]: inferred or proposed by us.",
        "",
        *_operations(),
        *_numbers(),
        *_rules(),
        *_before_registration(),
        *_forms(),
        *_readers(),
        *_words(),
        *_fault_codes(),
        *_fields(),
    ]


def _operations() -> Iterator[str]:
    yield from ("## Operations", "")
    rows = ((each[0], f"`{each[1]}`", *each[2:]) for each in _OPERATIONS)
    yield from table(("generation", "POST", "asks", "answers", "mark"), rows)
    first, second = (
        ", ".join(f"`{path}/`" for path in paths) for paths in (wire.FIRST_PATHS, wire.SECOND_PATHS)
    )
    tokens = " and ".join(f"`{path}`" for path in wire.TOKEN_PATHS)
    yield f"Generation 1 lies below {first}, generation 2 below {second} (before and after 1 July 2025)."
    yield f"Tokens: {tokens}, as on the bus: client id and secret as HTTP Basic or in the form,"
    yield "`grant_type=client_credentials`; the answer is `{access_token, scope, token_type,"
    yield "expires_in}`, in seconds. A header `lgspaccesstoken` is passed over: one token is enough"
    yield "here."
    yield ""


def _numbers() -> Iterator[str]:
    yield from ("## Numbers (mã lỗi)", "")
    rows = ((str(number), meaning, remedy) for number, meaning, remedy in _NUMBERS)
    yield from table(("errorCode", "meaning here", "what to do"), rows)
    yield "Beside what old clients parse, a refusal has `errors: [{field, pointer, code, message_vi,"
    yield "message_en}]` with every fault at once; success has `receipt` (as over REST) and `warnings`."
    yield "`errorDescription` says each fault as the registry does, one sentence a field."
    yield ""
    yield from ("## How far a dossier is (trạng thái)", "")
    yield from table(("trangThai", "words"), ((number, text) for number, text in WORDS.items()))
    yield "1: waiting here, or there; 3: also while a person at the gateway corrects a refused record;"
    yield "6: refused by the clerk, or taken back. Generation 1 has no 6 and says 2 [S]. An event that"
    yield "came another way is found by its one-stop code."
    yield ""
    yield "Of a dossier that was pushed before its registration the numbers are those of its"
    yield "declaration, also when there is an event: 4 and the entry come with the registry's answer,"
    yield "before our event is made of it. Where a person must look first (`not_entered`), 4 stays, for"
    yield "the entry stands in the book."
    yield ""


def _rules() -> Iterator[str]:
    yield from ("## Rules of reading", "")
    yield from (
        "- **Before or after the registration.** Without number *and* without day of its entry it is a",
        "  declaration, with both it is an event; half an entry is refused with the missing fields. See",
        "  [below](#before-the-registration-hồ-sơ-chờ-đăng-ký).",
        "- **What is left out is not known.** The dialect has no other word for it; empty, `null` and",
        "  “Không có thông tin” are the same. 1 January that is written is that day; a missing day or",
        "  month stays missing.",
        "- **The moment of registration** is the time written behind `ngayDangKy`; else that of",
        "  `ngayTiepNhan` on the same day; else 17:00, or the arrival where that is earlier [I]. A",
        "  repeat counts with the moment of the first.",
        "- **The same code names the same event for good**: module and `maHoSoMCDT` (`maHoSo`) are",
        "  `source_event_id`. The same content again is success; other content is refused, in words",
        "  that no client takes for success.",
        "- **The procedure** is the first one of the matter, a linked module's that of the linked",
        "  service; the dialect does not say it [I].",
        "- **A foreign element** is another nationality, a residence abroad, or an act abroad.",
        "- **The day of marriage** is the day of a first registration, when `ngayXacLapQuanHeHonNhan`",
        "  is empty (they sign on that day).",
        "- **Numbers that lost their zeros** get them back where one unit can be meant; `noiDangKy` helps.",
        "- A field of the other generation is read too: generation 1 has none for the marital status",
        "  before a marriage or for the kind of a residence in a recognition, and the event requires",
        "  them.",
        "",
    )


def _before_registration() -> Iterator[str]:
    yield from ("## Before the registration (hồ sơ chờ đăng ký)", "")
    yield from (
        "The same push, without `so` and `ngayDangKy`: [why it is two events of",
        "ours](../explanation/before-registration.md). It goes to the registry without the entry, and to the",
        "one-stop shop; the event is made when the registry has told the day of the entry.",
        "",
    )
    yield from table(("field", "left out before the registration", "afterwards it is", "mark"), _OPEN)
    yield from (
        "Everything else must be there as for an event, so that every rule can be applied at once, and",
        "besides:",
        "",
        "- `ngayTiepNhan`: the day of intake, on which codes are read until there is a day of registration;",
        "- a one-stop code in `maHoSoMCDT` (`maHoSo`): its result is asked for by nothing else. A code made",
        "  from an entry, `23941-KS-2025-41`, names none.",
        "",
    )
    yield from table(("what comes", "answer"), _ANSWERS_BEFORE)
    yield from (
        "Only this façade takes declarations; over REST and SOAP `declaration` is no type of event.",
        "Assumed by us [I]: that every module may be pushed before its registration ([S] for linked births",
        "and deaths); that a birth is `late` after 60 days and a death after 15 where `loaiDangKy` is empty",
        "(Law on civil status, art. 15 and 33 [S]); the moment of registration, of which the registry tells",
        "the day only: 17:00 of it, or when we heard of it where that is earlier.",
        "",
    )


def _forms() -> Iterator[str]:
    yield from ("## Modules", "")
    rows = (
        (
            ", ".join(f"`{each}`" for each in form.modules),
            _conditions(form),
            f"`{form.event_type}`",
            form.note,
            form.mark,
        )
        for form in forms()
    )
    yield from table(("module", "when", "read as", "what it is", "mark"), rows)
    yield "The first row that fits counts; `*` is the module of any book. LT: linked service (liên thông)."
    yield ""


def _conditions(form: Form) -> str:
    said = (f"`{field}`" + (f" = {value}" if value else " filled") for field, value in form.conditions)
    return ", ".join(said) or "–"


def _readers() -> Iterator[str]:
    yield from ("## How values are read", "")
    rows = (
        (f"`{name}`", (READERS[name].__doc__ or "").strip().partition("\n")[0], notes)
        for name, notes in _notes_of_readers().items()
    )
    yield from table(("reader", "what it takes", "note"), rows)


def _notes_of_readers() -> dict[str, str]:
    found: dict[str, dict[str, None]] = {}
    for row in reader_rows():
        name = row["reader"].partition(" ")[0]
        if name != NOT_READ:
            found.setdefault(name, {})
            if row["note"]:
                found[name][row["note"]] = None
    return {name: "; ".join(notes) for name, notes in sorted(found.items())}


def _words() -> Iterator[str]:
    yield from ("## Words beside the codes", "")
    rows = (
        (
            f"`{row['list']}`",
            row["word"],
            f"`{row['term']}`" if row["term"] else "nothing",
            row["mark"],
            row["note"],
        )
        for row in word_rows()
    )
    yield from table(("list", "word or code", "means", "mark", "note"), rows)


def _fault_codes() -> Iterator[str]:
    yield from ("## Codes of the façade", "", "Every other code is one of [the rules](errors.md).", "")
    rows = ((f"`{code}`", english, vietnamese) for code, (english, vietnamese) in FAULT_CODES.items())
    yield from table(("code", "meaning", "tiếng Việt"), rows)


def _fields() -> Iterator[str]:
    yield from ("## Fields by module", "")
    yield "`must`: without it the registry takes no such record, so the gateway asks for it at once. More"
    yield "may be needed by the [rules](errors.md) of the event."
    yield ""
    for form in forms():
        yield f"### {', '.join(form.modules)}: {form.event_type} ({form.note})"
        yield ""
        yield from table(("field", "generation", "goes to", "reader", "must", "mark"), _rows_of(form))


def _rows_of(form: Form) -> Iterator[tuple[str, ...]]:
    spoken: dict[tuple[str, str, str], list[str]] = {}
    rows: dict[tuple[str, str, str], ReadingRow] = {}
    for generation in _BOTH:
        for row in rows_of(form, generation, alone=True):
            key = row.field, row.reader, row.argument
            spoken.setdefault(key, []).append(generation)
            rows[key] = row  # the newer one is what the registry is told by
    for key, row in rows.items():
        reader = f"`{row.reader}` {row.argument}".strip()
        yield (
            f"`{row.field}`",
            ", ".join(spoken[key]),
            f"`{row.path}`" if row.path else "–",
            "said elsewhere" if row.reader == NOT_READ else reader,
            "yes" if row.is_required and row.reader != NOT_READ else "",
            row.mark,
        )
