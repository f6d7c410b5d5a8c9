from pathlib import Path

import pytest

from adapters.hardened_xml import DoctypeRefused, UnreadableXml, child_of, read_xml, text_of

BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]><lolz>&d;</lolz>"""


def test_an_entity_bomb_is_refused() -> None:
    with pytest.raises(DoctypeRefused) as caught:
        read_xml(BOMB)
    assert caught.value.root == "lolz"


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><a/>',
        b'<!DOCTYPE a PUBLIC "-//X//Y" "file:///etc/passwd"><a/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode("utf-16"),
    ],
)
def test_any_doctype_is_refused(content: bytes) -> None:
    with pytest.raises(DoctypeRefused):
        read_xml(content)


def test_a_file_named_by_an_entity_is_never_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("do not tell")
    with pytest.raises(DoctypeRefused):
        read_xml(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode())


@pytest.mark.parametrize("content", [b"", b"<a>", b"not xml", b"<a>&unknown;</a>", b"<a>\xff</a>"])
def test_what_is_not_well_formed_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableXml):
        read_xml(content)


def test_nesting_beyond_the_parsers_limit_is_unreadable() -> None:
    with pytest.raises(UnreadableXml):
        read_xml(b"<a>" * 5000 + b"</a>" * 5000)


def test_children_are_found_whatever_their_namespace_and_blank_is_none() -> None:
    root = read_xml('<a xmlns:n="urn:n"><n:b> Mẫu </n:b><c> </c><!-- x --></a>'.encode())
    assert text_of(root, "b") == "Mẫu"
    assert text_of(root, "c") is None
    assert child_of(root, "c") is not None
    assert text_of(root, "d") is None
