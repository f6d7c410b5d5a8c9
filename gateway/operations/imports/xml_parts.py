"""XML of a workbook, one element after the other: no document type, no entity, no memory of what went by."""

import zipfile
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from lxml import etree

from gateway.operations.imports.sheet import FileLimits
from gateway.operations.imports.zip_part import ZipPart, damaged

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006/relationships"


def elements(archive: zipfile.ZipFile, name: str, limits: FileLimits, *tags: str) -> Iterator[etree._Element]:
    """Every element of these names, whole; each is forgotten when the next one is asked for.

    Raises:
        ImportRefused: damaged, too large, or with a document type declaration.

    """
    with closing(ZipPart(archive, name, limits)) as part:
        # Whoever declares entities wants to harm; no spreadsheet program writes a document type.
        events = etree.iterparse(
            part, events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            for _, element in events:
                if element.getroottree().docinfo.doctype:
                    raise damaged()
                yield element
                element.clear()
                while element.getprevious() is not None:
                    parent = element.getparent()
                    if parent is None:
                        break
                    del parent[0]
        except etree.XMLSyntaxError as error:
            raise damaged() from error
