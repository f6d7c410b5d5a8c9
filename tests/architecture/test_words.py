"""Words stay in their rooms: partner spellings, personal identifiers, machine paths, unfinished work."""

import csv
import re
from pathlib import PurePosixPath

from tests.support.source_tree import PRODUCTION, modules_under, texts, texts_under

PARTNERS = ("national_registry", "population_db", "one_stop")
ROOMS_OF_PARTNER_WORDS = (
    *(f"adapters/{partner}/" for partner in PARTNERS),
    *(f"mappings/{partner}/" for partner in PARTNERS),
    "gateway/api/dialects/",  # the façade is where those words are spoken to us
    "mappings/tables/",
    "mappings/digitised_books/",
    "simulators/",
)
# Known without looking, so that a contract folder that went missing cannot make the test pass.
SURE_PARTNER_WORDS = {
    "nksHoTen",
    "maHoSoMCDT",
    "DongBoHoSoMC",
    "CapNhatTienDoHoSoMC",
    "MaYeuCau",
    "nhanHoSoDKHT",
}
# An inner capital and some length: nobody spells a word of ours like that by chance.
DISTINCTIVE = re.compile(r"[A-Za-z]+[a-z][A-Z][A-Za-z]{3,}")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

PEOPLE_FOLDERS = ("docs", "examples", "tests", "bench", "simulators", "adapters", "mappings", "gateway")
# Twelve digits on their own: not inside a longer number, a hash, a decimal or an identifier.
TWELVE_DIGITS = re.compile(r"(?<![\w.+-])\d{12}(?![\w-]|\.\d)")
TEST_PLACE_CODE = "099"

# Put together from parts, so that this file does not find itself.
MACHINE_PATHS = re.compile(
    r"(?<![A-Za-z0-9_./-])/(?:"
    + "|".join(("wo" + "rk", "ro" + "ot", "fa" + "rm", "home/[a-z]", "Users/"))
    + r")/"
)
INDEX_SETTINGS = re.compile(
    "|".join(("py" + r"pi\.org", "python" + r"hosted", r"index[-_]" + "url", "find" + "-links"))
)
UNFINISHED = re.compile(
    r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "X" + "XX", "NotImplemented" + "Error")) + r")\b"
)


def _partner_words() -> set[str]:
    found = set(SURE_PARTNER_WORDS)
    for name, text in texts_under(*(f"adapters/{partner}/contract/messages" for partner in PARTNERS)).items():
        found.add(PurePosixPath(name).stem)
        found.update(row["field"] for row in csv.DictReader(text.splitlines()))
    leaves = {part for word in found for part in WORD.findall(word)}
    return {word for word in leaves if DISTINCTIVE.fullmatch(word)}


def test_partner_words_stay_in_their_rooms() -> None:
    words = _partner_words()
    assert len(words) > len(SURE_PARTNER_WORDS)
    elsewhere = {
        name: sorted(words & set(WORD.findall(text)))
        for name, text in texts_under(*PRODUCTION).items()
        if not name.startswith(ROOMS_OF_PARTNER_WORDS) and name.endswith((".py", ".toml"))
    }
    assert elsewhere
    assert {name: found for name, found in elsewhere.items() if found} == {}


def test_personal_identifiers_begin_with_the_unassigned_place_code() -> None:
    found = {
        name: [each for each in TWELVE_DIGITS.findall(text) if not each.startswith(TEST_PLACE_CODE)]
        for name, text in texts_under(*PEOPLE_FOLDERS).items()
    }
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


def test_no_file_names_a_machine_or_a_package_index() -> None:
    assert {name for name, text in texts().items() if MACHINE_PATHS.search(text)} == set()
    named = {name for name, text in texts().items() if INDEX_SETTINGS.search(text.lower())}
    assert named == set()


def test_no_code_waits_to_be_finished() -> None:
    code = {name: text for name, text in texts().items() if name.endswith((".py", ".toml", ".sql"))}
    assert {name for name, text in code.items() if UNFINISHED.search(text)} == set()


def test_an_ignored_check_gives_its_reason_on_the_line() -> None:
    mark = re.compile(r"#\s*(?:type:\s*ignore|noqa)[^#\n]*")
    ignored = [
        f"{name}: {line.strip()}"
        for name in modules_under(*PRODUCTION, "simulators", "tests", "bench", "tools", "examples")
        for line in texts()[name].splitlines()
        if (found := mark.search(line)) is not None and not _gives_reason(line, found.group())
    ]
    assert ignored == []


def _gives_reason(line: str, mark: str) -> bool:
    # What is left beside the codes, before or after a second `#`, must be two words at least.
    code = re.sub(r"#\s*(?:type:\s*ignore(?:\[[^\]]*\])?|noqa(?::\s*[A-Z0-9, ]+)?)", "", mark)
    rest = line.split(mark, 1)[1]
    return len(re.findall(r"[A-Za-z]{2,}", f"{code} {rest}")) >= 2
