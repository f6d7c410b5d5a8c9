"""What the docs show works: blocks parse, events are valid, commands and links exist."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest
from lxml import etree
from typer.main import get_command

from gateway.cli import app
from mappings.canonical import parse_event
from tests.support.source_tree import ROOT, texts

BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")
MAKE_LINE = re.compile(r"^\s*\$?\s*make\s+(?P<target>[a-z][a-z-]*)", re.MULTILINE)
COMMAND_LINE = re.compile(
    r"^\s*\$?\s*(?:\.venv/bin/)?hotich-gateway(?P<words>(?:\s+[a-z][a-z-]*){1,2})", re.MULTILINE
)
SHELLS = {"sh", "bash", "console", "shell"}


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: where it stands, the words after the fence, its text."""

    where: str
    info: tuple[str, ...]
    body: str

    @property
    def language(self) -> str:
        """The first word after the fence; a second one, `invalid`, marks an example of what is refused."""
        return self.info[0] if self.info else ""

    @property
    def is_valid(self) -> bool:
        """Most blocks are; one marked `invalid` still has to be well-formed."""
        return "invalid" not in self.info


def _pages() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.endswith(".md")}


def blocks_of(name: str, text: str) -> Iterator[Block]:
    """Every fenced block of a page, its own indentation taken away."""
    for found in BLOCK.finditer(text):
        indent = len(found["indent"])
        body = "\n".join(line[indent:] for line in found["body"].splitlines())
        line = text.count("\n", 0, found.start()) + 1
        yield Block(f"{name}:{line}", tuple(found["info"].split()), body)


def fault_in(block: Block) -> str | None:
    """What is wrong with a block, or nothing."""
    try:
        match block.language:
            case "json":
                value = json.loads(block.body)
                if block.is_valid and isinstance(value, dict) and "source_event_id" in value:
                    parse_event(value)
            case "python":
                compile(block.body, block.where, "exec")
            case "toml":
                tomllib.loads(block.body)
            case "xml":
                etree.fromstring(block.body.strip().encode(), etree.XMLParser(resolve_entities=False))
            case _:
                return None
    except (ValueError, SyntaxError, etree.XMLSyntaxError) as error:
        return f"{block.where}: {error}"
    return None


def _make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", texts()["Makefile"], re.MULTILINE))


def _is_command(words: list[str]) -> bool:
    command: object = get_command(app)
    for word in words:
        inner: dict[str, object] = getattr(command, "commands", {})
        if not inner:
            return True  # what follows a whole command is its argument
        if word not in inner:
            return False
        command = inner[word]
    return True


def _shell_blocks() -> list[Block]:
    return [
        block
        for name, text in _pages().items()
        for block in blocks_of(name, text)
        if block.language in SHELLS
    ]


def test_every_block_in_the_docs_is_well_formed() -> None:
    found = [block for name, text in _pages().items() for block in blocks_of(name, text)]
    assert found
    assert [fault for block in found if (fault := fault_in(block)) is not None] == []


def test_every_make_target_in_the_docs_exists() -> None:
    named = {
        (block.where, found["target"])
        for block in _shell_blocks()
        for found in MAKE_LINE.finditer(block.body)
    }
    assert named
    assert {each for each in named if each[1] not in _make_targets()} == set()


def test_every_command_in_the_docs_exists() -> None:
    named = [
        (block.where, found["words"].split())
        for block in _shell_blocks()
        for found in COMMAND_LINE.finditer(block.body)
    ]
    assert named
    assert [each for each in named if not _is_command(each[1])] == []


def test_every_link_between_pages_leads_somewhere() -> None:
    broken = {
        (name, target)
        for name, text in _pages().items()
        for target in LINK.findall(BLOCK.sub("", text))
        if "://" not in target and not target.startswith(("#", "mailto:", "/"))
        if not (ROOT / PurePosixPath(name).parent / unquote(target.split("#")[0])).exists()
    }
    assert broken == set()


def test_every_example_event_is_accepted() -> None:
    examples = {name: text for name, text in texts().items() if name.startswith("examples/events/")}
    whole = {
        name: text for name, text in examples.items() if name.endswith(".json") and "invalid" not in name
    }
    assert whole
    for text in whole.values():
        parse_event(json.loads(text))


@pytest.mark.parametrize(
    ("block", "is_faulty"),
    [
        (Block("x", ("json",), '{"a": 1}'), False),
        (Block("x", ("json",), '{"a": 1,}'), True),
        (Block("x", ("json",), '{"source_event_id": "1"}'), True),
        (Block("x", ("json", "invalid"), '{"source_event_id": "1"}'), False),
        (Block("x", ("python",), "if:"), True),
        (Block("x", ("toml",), "a = "), True),
        (Block("x", ("xml",), "<a></b>"), True),
        (Block("x", ("text",), "<a></b>"), False),
    ],
)
def test_a_faulty_block_is_recognised(block: Block, *, is_faulty: bool) -> None:
    assert (fault_in(block) is not None) is is_faulty
