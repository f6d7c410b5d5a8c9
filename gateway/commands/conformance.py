"""`hotich-gateway conformance`: a vendor checks whether his messages keep the rules."""

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Final

import httpx
import typer
import uvicorn
from rich.progress import track

from gateway.bootstrap.conformance import build_judge, report_of
from gateway.bootstrap.listening import build_listening
from gateway.commands.acting import instant
from gateway.commands.announcing import AnnouncingServer
from gateway.commands.context import Context
from gateway.commands.output import AsJson, complaints, fail, print_json, print_table, say
from gateway.errors import SettingsInvalid
from gateway.model.clock import Clock
from gateway.model.conforming import Fault, JudgedMessage, RuleStatus
from gateway.observability.logging import configure_logging
from gateway.operations.conformance.page import report_page
from gateway.operations.conformance.report import Report, codes_with, report_document
from gateway.receive.conformance.judge import Document

SET_FILE: Final = "set.json"
EXPECTED_FILE: Final = "expected.json"
SUFFIXES: Final = frozenset({".json", ".ndjson", ".jsonl", ".xml"})
MESSAGES_MAX: Final = 20_000
"""So many verdicts are kept; more go in several runs."""
FETCH_SECONDS_MAX: Final = 30.0
NO_TARGET: Final = (
    "Name a FILE, a DIR or a URL, or --listen HOST:PORT. (Nêu tệp, thư mục, URL hoặc --listen HOST:PORT.)"
)
BAD_LISTEN: Final = "--listen: write HOST:PORT, e.g. 127.0.0.1:8090. (Viết HOST:PORT.)"
NOTHING_THERE: Final = (
    "{target}: no message there; files end in .json, .ndjson, .jsonl. (Không có thông điệp.)"
)
TOO_MANY: Final = f"More than {MESSAGES_MAX} messages; check them in several runs. (Quá nhiều thông điệp.)"


@dataclass(frozen=True, slots=True)
class _Terms:
    """How the messages are measured."""

    authorities: tuple[str, ...]
    clock: Clock
    is_complete: bool


def conformance(
    target: Annotated[
        str | None, typer.Argument(help="A file, a folder (searched through), or an http(s) address.")
    ] = None,
    listen: Annotated[
        str | None,
        typer.Option(help="HOST:PORT: answer like the gateway, store nothing, report at the end and at /."),
    ] = None,
    authority: Annotated[
        list[str] | None, typer.Option(help="Unit the sender speaks for; otherwise that is not checked.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(help="Measure as if it were then, e.g. 2026-11-30T10:00:00+07:00.")
    ] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report as a page to this file.")] = None,
    write_set: Annotated[
        Path | None, typer.Option(help="Write the published test messages to this new folder, and end.")
    ] = None,
    *,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete", help="These are all the sender ever sent: other earlier events are unknown."
        ),
    ] = False,
    as_expected: Annotated[
        bool,
        typer.Option(
            "--as-expected", help="Status 0 when exactly the faults named beside messages are found."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tell of each message which rules hold and which fail, with the source of the rule.

    Status 0 only if every message conforms. Nothing is stored or sent, no database is needed.

    Example: hotich-gateway conformance out/ --html report.html
    """
    if write_set is not None:
        _write_set(write_set)
        return
    configure_logging("error")
    context = Context.from_environment()
    moment = instant(now)
    clock = context.clock if moment is None else lambda: moment
    terms = _Terms(tuple(authority or ()), clock, complete)
    try:
        report = _listened(context, listen, terms) if listen else _checked(context, target, terms)
    except SettingsInvalid as invalid:
        fail(invalid, exit_code=2)
    _tell(report, html, as_json=as_json)
    is_good = report.tally.all_as_expected if as_expected else report.tally.all_conform
    if not is_good:
        raise typer.Exit(1)


def _checked(context: Context, target: str | None, terms: _Terms) -> Report:
    if target is None:
        fail(NO_TARGET, exit_code=2)
    folder = Path(target)
    if target.startswith(("http://", "https://")):
        documents = [_fetched(target, context.settings.server.body_bytes_max)]
    else:
        terms = _as_the_set_says(folder, terms)
        documents = list(_documents(folder))
    if not documents:
        fail(NOTHING_THERE.format(target=target), exit_code=2)
    judge = build_judge(context.settings, terms.clock, terms.authorities, is_complete=terms.is_complete)
    return report_of(_judged(judge.judge_all(documents)), context.clock)


def _judged(messages: Iterator[JudgedMessage]) -> Sequence[JudgedMessage]:
    kept: list[JudgedMessage] = []
    for message in track(messages, "Checking", console=complaints, transient=True):
        kept.append(message)
        if len(kept) > MESSAGES_MAX:
            fail(TOO_MANY, exit_code=2)
    return kept


def _documents(target: Path) -> Iterator[Document]:
    """Files in the order of their names; what a test set says of itself is no message."""
    if not target.exists():
        fail(f"{target}: not there. (Không tồn tại.)", exit_code=2)
    found = [target] if target.is_file() else sorted(each for each in target.rglob("*") if each.is_file())
    for path in found:
        if path != target and (path.suffix not in SUFFIXES or path.name in {SET_FILE, EXPECTED_FILE}):
            continue
        place = path.name if path == target else path.relative_to(target).as_posix()
        yield Document(place, path.read_bytes, path.name, _expected(path))


def _expected(path: Path) -> frozenset[Fault] | None:
    beside = path.with_name(EXPECTED_FILE)
    if not beside.is_file():
        return None
    faults = json.loads(beside.read_text(encoding="utf-8")).get(path.name)
    return None if faults is None else frozenset(Fault(each["code"], each["pointer"]) for each in faults)


def _as_the_set_says(folder: Path, terms: _Terms) -> _Terms:
    """A test set is measured at its own moment and for its own sender, unless the options say otherwise."""
    file = folder / SET_FILE
    if not file.is_file():
        return terms
    said = json.loads(file.read_text(encoding="utf-8"))
    moment = datetime.fromisoformat(said["now"])
    return _Terms(
        authorities=terms.authorities or tuple(said["authorities"]),
        clock=lambda: moment,
        is_complete=terms.is_complete or bool(said["is_complete"]),
    )


def _fetched(address: str, bytes_max: int) -> Document:
    body = bytearray()
    try:
        with httpx.stream("GET", address, timeout=FETCH_SECONDS_MAX, follow_redirects=False) as answer:
            if not answer.is_success:
                fail(f"{address}: HTTP {answer.status_code}.", exit_code=2)
            media_type = answer.headers.get("content-type", "").split(";")[0].strip()
            for part in answer.iter_bytes():
                body += part
                if len(body) > bytes_max:
                    break
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fail(f"{address}: {type(error).__name__}. (Không tải được.)", exit_code=2)
    content = bytes(body)
    return Document(address, lambda: content, media_type)


def _listened(context: Context, address: str, terms: _Terms) -> Report:
    """Until Ctrl-C or SIGTERM."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        fail(BAD_LISTEN, exit_code=2)
    listening = build_listening(context.surroundings(), context.settings, terms.authorities, MESSAGES_MAX)
    listening.writer.start()
    config = uvicorn.Config(
        listening.app, host=host.strip("[]"), port=int(port), log_config=None, access_log=False,
        server_header=False, timeout_graceful_shutdown=5,
    )  # fmt: skip
    try:
        AnnouncingServer(config).run()
    except KeyboardInterrupt:
        pass  # Ctrl-C is how a listening check ends
    finally:
        listening.writer.stop()
    return listening.report()


def _tell(report: Report, html: Path | None, *, as_json: bool) -> None:
    if html is not None:
        try:
            html.write_text(report_page(report), encoding="utf-8")
        except OSError as error:
            fail(f"{html}: {error.strerror}. (Không ghi được tệp.)", exit_code=2)
    if as_json:
        print_json(report_document(report))
        return
    rows = [
        (each.place, fault.pointer or "/", fault.code, fault.message_vi, _source(report, fault.code))
        for each in report.messages
        for fault in each.violations
    ]
    if rows:
        print_table("Failures", ("message", "pointer", "rule", "fault", "source"), rows)
    held = sum(len(codes_with(each, RuleStatus.HELD)) for each in report.messages)
    tally = report.tally
    say(f"{tally.conforming} of {tally.messages} messages conform; {held} rules held, {len(rows)} failed")
    say(f"({tally.conforming}/{tally.messages} thông điệp phù hợp)")


def _source(report: Report, code: str) -> str:
    rule = report.rules[code]
    return f"{rule.source} [{rule.mark}]"


def _write_set(folder: Path) -> None:
    if folder.exists():
        fail(f"{folder} exists already. (Thư mục đã có.)", exit_code=2)
    with as_file(files("gateway.receive.conformance").joinpath("test_set")) as shipped:
        shutil.copytree(shipped, folder)
    say(f"{folder}: published test messages. Check them: hotich-gateway conformance {folder} --as-expected")
