"""What the one-stop system's answers mean: codes and sentences as tables, compared in NFC without case."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from adapters.partner_text import comparable

SUCCESS_CODES = frozenset({"0", "00"})
SESSION_CODES = frozenset({"-3"})

_CODES = files("adapters.one_stop") / "contract" / "codes"
_NEGATIONS = ("không", "chưa", "chẳng")
_NOTHING_APPLIED = frozenset(
    {comparable("chưa cập nhật trạng thái"), comparable("chưa được gửi không thể cập nhật trạng thái")}
)
_LOST = comparable("không tồn tại")


class Meaning(StrEnum):
    """What an answer says of the message."""

    DONE = "done"
    ALREADY = "already"
    """Done before, or the dossier is past this step."""
    EXISTS = "exists"
    """A new dossier that is there: repeat as update."""
    MISSING = "missing"
    """The dossier that we speak of is not there."""
    LATER = "later"
    UNCLEAR = "unclear"
    """A technical failure somewhere behind the answer; it may have been applied."""
    REFUSED_BEFORE = "refused_before"
    """The linked dossier was refused there; only the state "refused" is then done."""
    WRONG = "wrong"
    NEW_SESSION = "new_session"
    SILENT = "silent"
    """Nothing that the contract knows."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of an answer that decides, in comparable form."""

    words: str
    meaning: Meaning

    def stands_in(self, text: str) -> bool:
        """True when the words stand there; for good news, only if no word before them turns them round."""
        start = text.find(self.words)
        while start >= 0:
            is_negated = text[:start].rstrip().endswith(_NEGATIONS)
            if self.meaning not in {Meaning.DONE, Meaning.ALREADY} or not is_negated:
                return True
            start = text.find(self.words, start + 1)
        return False


_REFUSED_BEFORE = Sentence(comparable("bị từ chối. không thể cập nhật trạng thái"), Meaning.REFUSED_BEFORE)


def meaning_of(service: str, is_updating: str, code: str | None, text: str | None) -> Meaning:
    """The meaning of one answer; a sentence beats a success code, so that nothing looks done that is not."""
    if code in SESSION_CODES:
        return Meaning.NEW_SESSION
    found = _meaning_of_text(service, is_updating, comparable(text or ""))
    if code in SUCCESS_CODES:
        return Meaning.DONE if found in {None, Meaning.DONE, Meaning.ALREADY} else found
    if found is not None:
        return found
    return Meaning.WRONG if code is not None and text else Meaning.SILENT


def meaning_of_linked(text: str | None, *, is_refusal: bool) -> Meaning:
    """The meaning of an answer of the linked service; it has no codes, its sentences decide.

    The contract's table takes "bị từ chối" for done [S]. We do not: a result told of a dossier that was
    refused there would look arrived, and nobody would see that the two systems disagree.
    """
    words = comparable(text or "")
    if _REFUSED_BEFORE.stands_in(words):
        return Meaning.REFUSED_BEFORE
    found = _meaning_of_text("", "", words)
    if is_refusal and found in {None, Meaning.DONE}:
        return Meaning.WRONG if text else Meaning.SILENT
    return found or Meaning.SILENT


def _meaning_of_text(service: str, is_updating: str, text: str) -> Meaning | None:
    own = synchronisation_sentences().get((service, is_updating), ())
    return next((each.meaning for each in (*own, *sentences()) if each.stands_in(text)), None)


@cache
def sentences() -> Sequence[Sentence]:
    """The contract's table, longest first, so that a sentence inside another does not decide for it."""
    found = [
        Sentence(comparable(row["sentence"]), _meaning_of_row(row)) for row in _rows("answer_sentence.csv")
    ]
    return sorted(found, key=lambda each: len(each.words), reverse=True)


@cache
def synchronisation_sentences() -> Mapping[tuple[str, str], Sequence[Sentence]]:
    """Sentences of one service in one mode, looked at before the others."""
    found: dict[tuple[str, str], list[Sentence]] = {}
    for row in _rows("synchronisation_sentence.csv"):
        meaning = Meaning.EXISTS if row["reaction"] == "repeat_as_update" else Meaning.MISSING
        key = (row["service"], row["is_updating"])
        found.setdefault(key, []).append(Sentence(comparable(row["sentence"]), meaning))
    return found


def _meaning_of_row(row: Mapping[str, str]) -> Meaning:
    words = comparable(row["sentence"])
    if words == _LOST:
        return Meaning.MISSING  # the table says "done": a lost dossier would look finished
    if row["outcome"] == "done":
        return Meaning.DONE if words == comparable("thành công") else Meaning.ALREADY
    if row["outcome"] == "retry":
        return Meaning.LATER if words in _NOTHING_APPLIED else Meaning.UNCLEAR
    return Meaning.WRONG


def _rows(name: str) -> Sequence[Mapping[str, str]]:
    return list(csv.DictReader((_CODES / name).read_text("utf-8").splitlines()))
