"""The quick starts as their readers run them, and what each needs; and a gateway that is busy at first."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx

from tests.support.source_tree import ROOT

FOLDER = ROOT / "examples" / "quickstart"
SECONDS_MAX = 120
_PASSED_ON = {"content-type", "authorization", "idempotency-key"}


@dataclass(frozen=True, slots=True)
class QuickStart:
    """One language."""

    name: str
    file: str
    """Below `examples/quickstart/`."""
    needs: tuple[tuple[str, ...], ...]
    """Any of these groups of programs is enough."""
    command: Callable[[Path, Path], Sequence[str]]
    """The file and a folder to work in -> how it is started; may build first."""

    def is_installed(self) -> bool:
        """Whether one group of what it needs is on this machine."""
        return any(all(shutil.which(each) for each in group) for group in self.needs)

    def run(
        self, work: Path, address: str, client: tuple[str, str], files: Sequence[Path]
    ) -> subprocess.CompletedProcess[str]:
        """As its page says."""
        environment = {
            **{name: value for name, value in os.environ.items() if "proxy" not in name.lower()},
            "GATEWAY": address,
            "CLIENT_ID": client[0],
            "CLIENT_SECRET": client[1],
            "DOTNET_CLI_TELEMETRY_OPTOUT": "1",
            "DOTNET_NOLOGO": "1",
        }
        return subprocess.run(
            [*self.command(FOLDER / self.file, work), *map(str, files)],
            env=environment,
            cwd=work,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )


def _csharp(file: Path, work: Path) -> Sequence[str]:
    """With the SDK; else with Mono, which understands the same file."""
    if shutil.which("dotnet"):
        project = shutil.copytree(file.parent, work / "csharp")
        return ("dotnet", "run", "--project", str(project), "--")
    program = work / "Send.exe"
    references = ("-r:System.Net.Http.dll", "-r:System.Runtime.Serialization.dll")
    subprocess.run(
        ["mcs", "-langversion:7.2", *references, f"-out:{program}", str(file)],  # noqa: S607 - from the PATH
        check=True,
        capture_output=True,
        timeout=SECONDS_MAX,
    )
    return ("mono", str(program))


QUICK_STARTS = (
    QuickStart("curl", "curl/send.sh", (("sh", "curl"),), lambda file, _: ("sh", str(file))),
    QuickStart("python", "python/send.py", (("python3",),), lambda file, _: ("python3", str(file))),
    QuickStart("php", "php/send.php", (("php",),), lambda file, _: ("php", str(file))),
    QuickStart("java", "java/Send.java", (("java", "javac"),), lambda file, _: ("java", str(file))),
    QuickStart("csharp", "csharp/Send.cs", (("dotnet",), ("mcs", "mono")), _csharp),
)


def busy_gateway(address: str, busy_times: int, seen: list[Mapping[str, Any]]) -> ThreadingHTTPServer:
    """In front of the real one: posts of events are first answered with 503, 429 and Retry-After."""
    left = [429, 503] * busy_times

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path == "/api/v1/events":
                seen.append({"key": self.headers.get("idempotency-key"), "body": body})
                if left:
                    return self._answer(left.pop(), b'{"code": "too_many_requests", "detail": "busy"}')
            return self._pass_on("POST", body)

        def do_GET(self) -> None:
            self._pass_on("GET", None)

        def _pass_on(self, method: str, body: bytes | None) -> None:
            headers = {name: value for name, value in self.headers.items() if name.lower() in _PASSED_ON}
            answer = httpx.request(
                method, address + self.path, content=body, headers=headers, timeout=30, trust_env=False
            )
            self._answer(answer.status_code, answer.content)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            if status in {429, 503}:
                self.send_header("retry-after", "1")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing on standard error."""

    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)
