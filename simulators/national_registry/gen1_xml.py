"""The XML text of generation 1, read with suspicion: one dossier, flat fields, no entities."""

from lxml import etree


class NotAHotich(ValueError):
    """The text is not `<hotich><hoso>…</hoso></hotich>` with one text in each field."""


def read_record(text: str) -> dict[str, str]:
    """Give the fields of the dossier. Raises `NotAHotich`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        raise NotAHotich from None
    if root.tag != "hotich" or root.getroottree().docinfo.doctype or [each.tag for each in root] != ["hoso"]:
        raise NotAHotich
    record: dict[str, str] = {}
    for field in root[0]:
        if not isinstance(field.tag, str) or len(field) or field.tag in record:
            raise NotAHotich
        record[field.tag] = field.text or ""
    return record
