"""Writes the quick-start pages of docs/how-to, which show the files of examples/quickstart as they are.

`python -m tools.quickstart_pages`; a test fails when a page shows something else than its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path("docs") / "how-to"
EXAMPLES: Final = Path("examples") / "quickstart"
TEMPLATE: Final = Path(__file__).with_name("quickstart_page.txt")


@dataclass(frozen=True, slots=True)
class Page:
    """One language."""

    title: str
    file: str
    fence: str
    run: str
    remark: str


PAGES: Final = {
    "quick-start-curl.md": Page(
        "curl",
        "curl/send.sh",
        "text",
        "sh send.sh birth.json",
        "curl itself waits as `Retry-After` says and tries again; the key makes that safe.",
    ),
    "quick-start-python.md": Page(
        "Python",
        "python/send.py",
        "python",
        "python3 send.py birth.json",
        "Python 3.10 or newer, no package. With httpx or requests the loop of `call` stays the same.",
    ),
    "quick-start-php.md": Page(
        "PHP", "php/send.php", "php", "php send.php birth.json", "PHP 8, no extension."
    ),
    "quick-start-java.md": Page(
        "Java",
        "java/Send.java",
        "java",
        "java Send.java birth.json",
        "Java 17, no library; it is compiled when it is started. A JSON library reads answers better.",
    ),
    "quick-start-csharp.md": Page(
        "C#",
        "csharp/Send.cs",
        "csharp",
        "dotnet run -- birth.json",
        "[Send.csproj](../../examples/quickstart/csharp/Send.csproj) stands beside it; Mono compiles it too.",
    ),
}


def pages() -> Mapping[str, str]:
    """Name of the page -> its whole text."""
    return {name: _text(page) for name, page in PAGES.items()}


def _text(page: Page) -> str:
    code = (EXAMPLES / page.file).read_text(encoding="utf-8").rstrip("\n")
    words = {"title": page.title, "file": page.file, "fence": page.fence, "run": page.run}
    return TEMPLATE.read_text(encoding="utf-8").format(**words, remark=page.remark, code=code)


def write() -> None:
    """Write all pages."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
