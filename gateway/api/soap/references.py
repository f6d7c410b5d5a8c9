"""References inside a message: PHP writes a value that was used twice once, and points to it the other time.

Only SOAP's encoding knows them, and no literal message should have them; but taking such an element for an
empty one would lose what was said. The schema is finite, so following them cannot go round for ever.
"""

from typing import Final

from lxml import etree

from adapters.hardened_xml import Element

CHARACTERS_MAX: Final = 1_000_000
"""So much may be said again in one message; references to references could make a small message huge."""
_OUR_ID: Final = "id"
_HREF: Final = "href"
_ENCODING: Final = "{http://www.w3.org/2003/05/soap-encoding}"
TOLERATED: Final = frozenset({_OUR_ID, _HREF})
"""Attributes without a namespace that are no fault: what they say is followed."""


class References:
    """Finds what the elements of one message point to."""

    def __init__(self, inside: Element) -> None:
        self._inside = inside
        self._by_id: dict[str, Element] | None = None
        self._characters_left = CHARACTERS_MAX

    def follow(self, element: Element) -> Element | None:
        """The element that holds the content: mostly itself; None when it points to nothing or too much."""
        name = element.get(_HREF) or element.get(f"{_ENCODING}ref")
        if name is None:
            return element
        target = self._index().get(name.removeprefix("#"))
        if target is None or len(element) or (element.text or "").strip():
            return None
        self._characters_left -= sum(len(str(text)) for text in target.itertext()) + len(target)
        return target if self._characters_left > 0 else None

    def _index(self) -> dict[str, Element]:
        if self._by_id is None:
            self._by_id = {}
            for element in self._inside.getroottree().iter(etree.Element):
                name = element.get(_OUR_ID) or element.get(f"{_ENCODING}id")
                if name:
                    self._by_id.setdefault(name, element)
        return self._by_id
