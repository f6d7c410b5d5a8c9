"""The population database's one SOAP door, with its four operations, and its WSDL."""

import hashlib
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from simulators.clock import Clock
from simulators.contract import contract_of
from simulators.credentials import Credentials, find_basic
from simulators.exchange import wrong_reply
from simulators.exchange_values import Call, Reply, Request
from simulators.journal import EntryKind, Journal
from simulators.planting import Effects
from simulators.population_db import notices, numbers
from simulators.population_db.citizen_answer import citizen_answer
from simulators.population_db.people import Person, Register
from simulators.population_db.soap import XML_TYPE, Asked, NotAcceptable, SoapReader, answer, soap_fault

NAME = "population_db"
PATH = "/dancuquocgia"
FETCH, VERIFY = "TraCuuThongTinCongDan", "XacThucThongTinCongDan"
INTEGRATIONS = {FETCH: {"037"}, VERIFY: {"003", "033"}}
PRELOADED = "people"
_WSDL_ADDRESS = "http://127.0.0.1:9102/dancuquocgia"
_DOCUMENTS = {
    f"{PATH}?wsdl": "dancuquocgia.wsdl",
    "/xsd/dancuquocgia.xsd": "xsd/dancuquocgia.xsd",
    "/xsd/dancu-1.0.xsd": "xsd/dancu-1.0.xsd",
}


class PopulationDatabase:
    """Looks people up, gives out numbers, takes notices."""

    def __init__(
        self,
        clock: Clock,
        journal_directory: Path | None = None,
        *,
        credentials: Credentials | None = None,
        seed: int = 1,
        people: int = 50,
        known_only: bool = False,
    ) -> None:
        self.name = NAME
        self._clock = clock
        self._seed = seed
        self._credentials = credentials or Credentials()
        self._contract = contract_of(NAME)
        self.body_bytes_max = self._contract.limit("body_bytes_max")
        self._skew = timedelta(seconds=self._contract.limit("timestamp_skew_seconds_max"))
        self._reader = SoapReader(self._contract, (FETCH, VERIFY, numbers.OPERATION, notices.OPERATION))
        self.journal = Journal(NAME, clock, journal_directory)
        self._register = Register(seed, people)
        self._numbers = numbers.NumberDesk(clock, self.journal, self._register)
        self._notices = notices.NoticeDesk(
            self.journal, self._register, self._contract, known_only=known_only
        )
        self._lock = threading.RLock()
        held = self.journal.entries(EntryKind.HELD)
        self._numbers.restore(held)
        self._notices.restore(held)

    def open(self, request: Request) -> Call:
        """Name the call; unknown paths answer 404."""
        if request.method == "GET":
            return Call("wsdl", request.path, request.path, lambda _: self._document(request))
        if (request.method, request.path) != ("POST", PATH):
            missing = Reply(404, b"no such resource\n", "text/plain")
            return Call("unknown", request.path, request.path, lambda _: missing)
        try:
            asked = self._reader.read(request.body)
        except NotAcceptable as error:
            text = str(error)
            return Call("malformed", "", "", lambda _: self._guarded(request, soap_fault("Client", text)))
        identity = str(asked.values.get("MaYeuCau") or asked.values["maYeuCau"])
        return Call(
            asked.operation, identity, _subject(asked), lambda effects: self._act(request, asked, effects)
        )

    def expire_credentials(self, request: Request) -> Reply | None:
        """Refuse the header once: there is no token to end here."""
        return soap_fault("Client.Authentication", f"Authorization refused for {request.path}")

    def failure(self, status: int) -> Reply:
        """Answer of a service or bus in trouble."""
        if status == 500:  # noqa: PLR2004 - the status that SOAP gives its own faults
            return soap_fault("Server", "Internal error, try again later")
        return Reply(status, b"<html><body><h1>Bad gateway</h1></body></html>", "text/html")

    def wrong_answer(self, form: str) -> Reply:
        """Answer that breaks the contract."""
        return wrong_reply(
            form,
            garbage=b'<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="http://sch',
            wrong_shape=answer("khongCoTrongHopDong", [("ok", "1")]).body,
            content_type=XML_TYPE,
        )

    def reset(self) -> None:
        """Forget requests, notices and everyone but the seeded people."""
        with self._lock:
            self.journal.reset()
            self._register.reset()
            self._numbers.reset()
            self._notices.reset()

    def preload(self, people: Iterable[Person]) -> None:
        """Add people to the register; not kept over a restart."""
        with self._lock:
            for person in people:
                self._register.put(person)

    def everyone(self) -> list[Person]:
        """All people of the register."""
        with self._lock:
            return self._register.everyone()

    def _act(self, request: Request, asked: Asked, effects: Effects) -> Reply:
        if not self._is_authorised(request):
            return soap_fault("Client.Authentication", "Authorization or Timestamp refused")
        with self._lock:
            if asked.operation == numbers.OPERATION:
                return answer(asked.operation, self._numbers.ask(asked.values, effects).children())
            if asked.operation == notices.OPERATION:
                status, text = self._notices.take(asked.values, effects)
                return answer(asked.operation, [("trangThai", status), *([("moTa", text)] if text else [])])
            return self._query(asked)

    def _query(self, asked: Asked) -> Reply:
        query = asked.values
        if query["MaTichHop"] not in INTEGRATIONS[asked.operation]:
            return soap_fault(
                "Client", f"MaTichHop {query['MaTichHop']} does not belong to {asked.operation}"
            )
        if not query.get("SoDinhDanh") and not query.get("SoCMND"):
            return soap_fault("Client", "SoDinhDanh or SoCMND is required")
        person = self._register.find_agreeing(query)
        if asked.operation == VERIFY:
            exists = "true" if person is not None else "false"
            return answer(asked.operation, [("KetQuaXacThuc", [("TonTai", exists)])])
        in_live_form = hashlib.sha256(f"{self._seed}|{query['MaYeuCau']}".encode()).digest()[0] % 2 == 0
        return citizen_answer(asked.operation, person, in_live_form=in_live_form)

    def _guarded(self, request: Request, reply: Reply) -> Reply:
        if self._is_authorised(request):
            return reply
        return soap_fault("Client.Authentication", "Authorization or Timestamp refused")

    def _is_authorised(self, request: Request) -> bool:
        basic = find_basic(request.headers.get("authorization", ""))
        timestamp = request.headers.get("timestamp", "")
        if basic is None or basic[0] != self._credentials.name or not timestamp.isdigit():
            return False
        moment = datetime.fromtimestamp(int(timestamp[:14]) / 1000, self._clock.now().tzinfo)
        if abs(self._clock.now() - moment) > self._skew:
            return False
        url = f"http://{request.headers.get('host', '')}{request.path}"
        text = f"{url}{basic[0]}{timestamp}{self._credentials.secret}"
        return hashlib.sha256(text.encode()).hexdigest() == basic[1].lower()

    def _document(self, request: Request) -> Reply:
        query = "?wsdl" if "wsdl" in {name.lower() for name in request.query} else ""
        name = _DOCUMENTS.get(f"{request.path}{query}")
        if name is None:
            return Reply(404, b"no such document\n", "text/plain")
        text = (self._contract.folder / name).read_text(encoding="utf-8")
        here = f"http://{request.headers.get('host', '')}{PATH}"
        return Reply(200, text.replace(_WSDL_ADDRESS, here).encode(), XML_TYPE)


def _subject(asked: Asked) -> str:
    """What the request is about, the same in every run: dossier and child, or entry, person and event."""
    values: dict[str, Any] = asked.values
    if asked.operation == numbers.OPERATION:
        name = values["hoTen"]
        return f"{values['maHoSo']}/{values['soDangKy']}/{name.get('Ho', '')} {name['Ten']}"
    if asked.operation == notices.OPERATION:
        names = ("maDonVi", "quyenSo", "soDangKy", "soDinhDanh", "loaiSuKien")
        return "/".join(str(values.get(name, "")) for name in names)
    return str(values.get("SoDinhDanh") or values.get("SoCMND", ""))
