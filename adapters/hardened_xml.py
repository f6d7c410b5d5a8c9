"""Reading XML that somebody else wrote: nothing in it may cost memory, open a file or reach the network."""

from lxml import etree
from lxml.etree import _Element as Element

__all__ = ["DoctypeRefused", "Element", "UnreadableXml", "child_of", "local_name", "read_xml", "text_of"]


class UnreadableXml(ValueError):
    """The bytes are not well-formed XML within the parser's limits."""


class DoctypeRefused(UnreadableXml):
    """The document carries a DOCTYPE; no partner's contract needs one, and it is where entity bombs live."""

    def __init__(self, root: str | None) -> None:
        super().__init__(self.__doc__)
        self.root = root


def read_xml(content: bytes) -> Element:
    """The root element: no DOCTYPE, no entity, no network, no depth or size beyond libxml2's ordinary limits.

    The limit in bytes is the caller's: answers are cut off by the channel (`answer_bytes_max`).
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableXml(UnreadableXml.__doc__) from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.doctype:
        raise DoctypeRefused(document.root_name)
    return root


def child_of(parent: Element, name: str) -> Element | None:
    """First child with this local name, whatever its namespace."""
    return next(parent.iterchildren(f"{{*}}{name}"), None)


def text_of(parent: Element, name: str) -> str | None:
    """Text of the first child with this local name; None when it is absent or blank."""
    child = child_of(parent, name)
    return None if child is None else (child.text or "").strip() or None


def local_name(element: Element) -> str:
    """The element's name without its namespace."""
    return etree.QName(element).localname
