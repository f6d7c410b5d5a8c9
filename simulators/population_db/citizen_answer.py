"""A citizen as the population database tells it: in the published form, or in the form of live answers."""

from lxml import etree

from simulators.exchange_values import Reply
from simulators.population_db.people import Person
from simulators.population_db.soap import BCA, envelope

DANCU = "http://www.mic.gov.vn/dancu/1.0"


def citizen_answer(operation: str, person: Person | None, *, in_live_form: bool) -> Reply:
    """Answer of a look-up; nobody found = a collection without `CongDan`, HTTP 200."""
    root = etree.Element(f"{{{BCA}}}{operation}Response", nsmap={"ns1": BCA})
    collection = etree.SubElement(root, f"{{{DANCU}}}CongdanCollection", nsmap={"ns2": DANCU})
    if person is not None:
        citizen = _child(collection, "CongDan")
        _child(citizen, "SoDinhDanh", person.personal_id)
        if in_live_form:
            _live_form(citizen, person)
        else:
            collection.set("SoCongDan", "1")
            _published_form(citizen, person)
    return envelope(root)


def _live_form(citizen: etree._Element, person: Person) -> None:
    _child(citizen, "SoCMND", person.old_identity_number)
    name = _child(citizen, "HoVaTen")
    _child(name, "Ho", "")
    _child(name, "ChuDem", "")
    _child(name, "Ten", person.full_name.upper())
    _child(citizen, "GioiTinh", person.sex)
    _child(citizen, "DanToc", person.ethnic_group)
    _child(citizen, "TonGiao", "00")
    _child(citizen, "TinhTrangHonNhan", person.marital_status)
    _child(citizen, "NhomMau", "00")
    born = _child(citizen, "NgayThangNamSinh")
    _child(born, "Nam", person.birth[:4])
    if len(person.birth) == len("yyyyMMdd"):
        _child(born, "NgayThangNam", person.birth)
    if person.commune:
        home = _child(citizen, "ThuongTru")
        _child(home, "MaTinhThanh", person.province)
        _child(home, "MaPhuongXa", person.commune)
        _child(home, "ChiTiet", person.address)
        _child(home, "QuocGia", "VN")
    _child(citizen, "QuocTich", "")


def _published_form(citizen: etree._Element, person: Person) -> None:
    if person.old_identity_number:
        _child(citizen, "SoCMND", person.old_identity_number)
    first, *middle, last = (
        (*person.full_name.title().split(),) if " " in person.full_name else ("", person.full_name)
    )
    name = _child(citizen, "HoVaTen")
    _child(name, "Ho", first)
    _child(name, "ChuDem", " ".join(middle))
    _child(name, "Ten", last)
    _child(citizen, "GioiTinh", person.sex)
    _child(_child(citizen, "DanToc"), "MaDanToc", person.ethnic_group)
    _child(citizen, "TinhTrangHonNhan", person.marital_status)
    born = _child(citizen, "NgayThangNamSinh")
    if len(person.birth) == len("yyyyMMdd"):
        _child(born, "NgayThangNam", f"{person.birth[:4]}-{person.birth[4:6]}-{person.birth[6:]}")
    else:
        _child(born, "Nam", person.birth[:4])
    if person.commune:
        home = _child(citizen, "ThuongTru")
        _child(home, "MaDonViHanhChinh", person.commune)
        _child(home, "ChiTiet", person.address)
        _child(home, "QuocGia", "VN")
    _child(citizen, "QuocTich", "VN")


def _child(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{DANCU}}}{name}")
    child.text = text
    return child
