"""Writes the quick-start pages of docs/how-to, which show the files of examples/quickstart as they are.

`python -m tools.quickstart_pages`; a test fails when a page shows something else than its file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path("docs") / "how-to"
EXAMPLES: Final = Path("examples") / "quickstart"


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
        "Java 17, no library; the program is compiled when it is started. A JSON library reads answers better.",
    ),
    "quick-start-csharp.md": Page(
        "C#",
        "csharp/Send.cs",
        "csharp",
        "dotnet run -- birth.json",
        "With [Send.csproj](../../examples/quickstart/csharp/Send.csproj) beside it; Mono compiles the same file.",
    ),
}


def pages() -> Mapping[str, str]:
    """Name of the page -> its whole text."""
    return {name: _text(page) for name, page in PAGES.items()}


def _text(page: Page) -> str:
    code = (EXAMPLES / page.file).read_text(encoding="utf-8").rstrip("\n")
    return f"""# How do I send events with {page.title}?

A whole sender: it gets a token, hands in each file, keeps the receipt, tells every fault of a refused one, waits while the gateway is busy or away, and asks what
became of the event. The file is [examples/quickstart/{page.file}](../../examples/quickstart/{page.file}); it is run against a served gateway and the sandbox with
every change. {page.remark}

You need a client: `hotich-gateway client add NAME --authority CODE --role sender` ([connect a sender](connect-a-sender.md)).

```text
export GATEWAY=http://127.0.0.1:8080 CLIENT_ID=… CLIENT_SECRET=…
{page.run}
```

| it prints | because | do |
|---|---|---|
| `accepted EVENT_ID` | 202 accepted now, or 200 accepted before: the first receipt again | keep the receipt; it [can be verified](verify-a-receipt.md) |
| `journey EVENT_ID DESTINATION STATE` | one line a delivery | ask again later, or [receive webhooks](receive-webhooks.md) |
| `fault POINTER CODE …` | 422: all faults at once | correct all, send again; [check your software](check-your-software.md) beforehand |
| `conflict CODE …` | 409: number or entry belong to other content | a person compares |
| nothing for a while | 429, 503 or nobody answers | nothing: it sends the **same** bytes with the **same** `Idempotency-Key` again |

```{page.fence}
{code}
```
"""


def write() -> None:
    """Write all pages."""
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
