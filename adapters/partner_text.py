"""Partners' sentences made comparable (Unicode form, case, spaces) and fit to be stored."""

import re
import unicodedata

TEXT_CHARACTERS_MAX = 2000
"""A partner's sentence is kept up to here; what follows has never helped anybody."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""PostgreSQL refuses NUL, and a lone surrogate cannot be written as UTF-8."""


def comparable(text: str) -> str:
    """NFC, case folded, spaces folded. Marks stay: without them Vietnamese words become other words."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def storable(text: str | None, characters_max: int = TEXT_CHARACTERS_MAX) -> str | None:
    """NFC text that every database takes, cut to a length; None when there is nothing in it."""
    if text is None:
        return None
    clean = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    return unicodedata.normalize("NFC", clean).strip()[:characters_max] or None
