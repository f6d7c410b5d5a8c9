"""The page on top of a courier bundle, for people: what it is, for whom, and how its results come back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from gateway.model.ids import Destination
from gateway.model.operating import BundleItem
from gateway.operations.sentences import DESTINATIONS, clock_time

_STYLE: Final = (
    "body{font-family:serif;margin:2cm;font-size:11pt}table{border-collapse:collapse;width:100%}"
    "td,th{border:1px solid #000;padding:2pt 4pt;text-align:left;font-size:9pt;word-break:break-all}"
    "th{font-weight:bold}.sign td{height:3cm;vertical-align:top;width:50%}"
)


@dataclass(frozen=True, slots=True)
class CoverFacts:
    """What the page says."""

    bundle_id: str
    destination: Destination
    office: str
    authority_code: str
    created_at: datetime
    created_by: str
    key_id: str


def cover_page(facts: CoverFacts, items: Sequence[BundleItem]) -> bytes:
    """HTML without scripts or pictures; names nobody whom the messages concern."""
    name = DESTINATIONS[facts.destination]
    rows = "".join(_row(item) for item in items)
    head = "".join(
        f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>"
        for label, value in (
            ("Bên giao / From", f"{facts.office} ({facts.authority_code})"),
            ("Bên nhận / To", f"{name.vi} / {name.en}"),
            ("Mã gói / Bundle", facts.bundle_id),
            ("Lập lúc / Made at", clock_time(facts.created_at)),
            ("Người lập / Made by", facts.created_by),
            ("Số thông điệp / Messages", str(len(items))),
            ("Mã khóa ký / Signing key", facts.key_id),
        )
    )
    page = (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Phiếu bàn giao</title>'
        f"<style>{_STYLE}</style></head><body><h1>Phiếu bàn giao hồ sơ hộ tịch</h1>"
        f"<p>Handover of civil-status messages</p><table>{head}</table>{_WORDS}"
        "<h2>Danh sách / List</h2><table><tr><th>STT / No</th><th>Tệp / File</th>"
        f"<th>Mã yêu cầu / Request</th><th>Hạn / Due</th></tr>{rows}</table>{_SIGNATURES}</body></html>\n"
    )
    return page.encode()


def _row(item: BundleItem) -> str:
    cells = (str(item.ordinal), item.file_name, item.request_id, clock_time(item.due_at))
    return "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"


_WORDS: Final = (
    "<p>Đường truyền bị gián đoạn nên các thông điệp này được giao trực tiếp. Đề nghị bên nhận cập nhật từng"
    " thông điệp theo đúng thứ tự, ghi kết quả vào tệp <code>results-to-fill-in.csv</code>, lưu thành"
    " <code>results.csv</code> và gửi lại: <code>accepted</code> kèm số tiếp nhận, hoặc <code>refused</code>"
    " kèm lý do. Dòng để trống nghĩa là chưa xử lý. Nếu một mã yêu cầu đã có trên hệ thống thì không cập nhật"
    " lần thứ hai.</p><p>The line is interrupted, so these messages are handed over. Please enter each of"
    " them in this order, write the result into <code>results-to-fill-in.csv</code>, save it as"
    " <code>results.csv</code> and send it back: <code>accepted</code> with your number, or"
    " <code>refused</code> with the reason. A blank line means not yet dealt with. Do not enter a request"
    " number twice.</p>"
)
_SIGNATURES: Final = (
    '<h2>Ký nhận / Signatures</h2><table class="sign"><tr>'
    "<td>Người giao (ký, ghi rõ họ tên, ngày giờ)<br>Handed over by (signature, name, date and time)</td>"
    "<td>Người nhận (ký, ghi rõ họ tên, ngày giờ)<br>Received by (signature, name, date and time)</td>"
    "</tr></table>"
)
