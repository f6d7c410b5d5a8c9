"""Names as they are given in Tuyên Quang, by ethnic group and sex; every combination is left to chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

MALE, FEMALE = "male", "female"


@dataclass(frozen=True, slots=True)
class Name:
    """Family name, middle name and given name; the first two may be empty."""

    family: str
    middle: str
    given: str

    @property
    def whole(self) -> str:
        """In capitals with tone marks, as the books write it."""
        return " ".join(part for part in (self.family, self.middle, self.given) if part).upper()


@dataclass(frozen=True, slots=True)
class Customs:
    """How one ethnic group names its children; `code` has two digits, `weight` is its share in a hundred."""

    code: str
    weight: int
    families: tuple[str, ...]
    middles: Mapping[str, tuple[str, ...]]
    givens: Mapping[str, tuple[str, ...]]


_VIETNAMESE_MIDDLES = {
    MALE: ("Văn", "Đức", "Minh", "Quang", "Hữu", "Tuấn", "Gia", "Xuân", "Đình"),
    FEMALE: ("Thị", "Ngọc", "Thu", "Thanh", "Bích", "Khánh", "Phương", "Thị Hồng"),
}
_VIETNAMESE_GIVENS = {
    MALE: (
        *("An", "Bình", "Cường", "Dũng", "Đạt", "Giang", "Hải", "Hiếu", "Hùng", "Khôi", "Kiên", "Lâm"),
        *("Long", "Nam", "Nghĩa", "Phong", "Quân", "Sơn", "Thắng", "Thành", "Tiến", "Toàn", "Trung", "Vinh"),
    ),
    FEMALE: (
        *("Anh", "Châu", "Chi", "Dung", "Duyên", "Hà", "Hạnh", "Hoa", "Hương", "Huyền", "Lan", "Linh"),
        *("Ly", "Mai", "My", "Nga", "Ngân", "Nhung", "Oanh", "Quỳnh", "Thảo", "Trang", "Uyên", "Yến"),
    ),
}
_HIGHLAND_GIVENS = {
    MALE: ("Sính", "Páo", "Dình", "Chá", "Tủa", "Lử", "Pó", "Sử", "Vảng", "Chứ", "Sài", "Dìn", "Phử"),
    FEMALE: ("Mỷ", "Dợ", "Chở", "Máy", "Dí", "Sua", "Pà", "Cáy", "Xúa", "Lía", "Mỷ Dí", "Say"),
}
_DAO_GIVENS = {
    MALE: ("Phin", "Chàn", "Sênh", "Kiềm", "Vạng", "Quẩy", "Chòi", "Tòng", "Lìn", "Phúc"),
    FEMALE: ("Mẩy", "Mùi", "Ghển", "Pham", "Nảy", "Chài", "Liều", "Lai", "Coi", "Sểnh"),
}
_DAO_MIDDLES = {
    MALE: ("Văn", "Tà", "Chòi", "Kim", "Dào", "Trần"),
    FEMALE: ("Thị", "Tả", "Mùi", "Mẩy", "Lở"),
}
_MONG_MIDDLES = {MALE: ("A", "Mí", "Seo", "Minh", "Chá"), FEMALE: ("Thị", "Mỷ", "Thị Mỷ")}

GROUPS = (
    Customs(
        "01",
        22,
        ("Nguyễn", "Trần", "Lê", "Phạm", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Đinh", "Phan"),
        _VIETNAMESE_MIDDLES,
        _VIETNAMESE_GIVENS,
    ),
    Customs(
        "02",
        26,
        ("Hoàng", "Nông", "Ma", "Quan", "Hà", "Lương", "Chu", "La", "Bế", "Nguyễn", "Ma Doãn"),
        _VIETNAMESE_MIDDLES,
        _VIETNAMESE_GIVENS,
    ),
    Customs(
        "08",
        20,
        ("Giàng", "Sùng", "Vàng", "Thào", "Lầu", "Hầu", "Vừ", "Ly", "Má", "Cháng", "Thò", "Chứ"),
        _MONG_MIDDLES,
        _HIGHLAND_GIVENS,
    ),
    Customs(
        "09", 14, ("Triệu", "Bàn", "Đặng", "Lý", "Phùng", "Chảo", "Tẩn", "Phàn"), _DAO_MIDDLES, _DAO_GIVENS
    ),
    Customs("07", 6, ("Lù", "Vi", "Hoàng", "Long", "Lèng", "Nùng"), _VIETNAMESE_MIDDLES, _VIETNAMESE_GIVENS),
    Customs("15", 4, ("Trần", "Ninh", "La", "Sầm", "Tống", "Lâm"), _VIETNAMESE_MIDDLES, _VIETNAMESE_GIVENS),
    Customs("25", 2, ("Lù", "Vàng", "Lùng"), _VIETNAMESE_MIDDLES, _VIETNAMESE_GIVENS),
    Customs("38", 2, ("Vương", "Long", "Ly", "Lùng", "Tận"), _VIETNAMESE_MIDDLES, _HIGHLAND_GIVENS),
    Customs("43", 1, ("Lò", "Dìu", "Sình", "Lù"), _MONG_MIDDLES, _HIGHLAND_GIVENS),
    Customs("46", 1, ("Phù", "Tải", "Húng", "Sìn", "Làn"), _VIETNAMESE_MIDDLES, _VIETNAMESE_GIVENS),
    Customs("47", 1, ("Min", "Sáng", "Cáo"), _VIETNAMESE_MIDDLES, _HIGHLAND_GIVENS),
    Customs("51", 1, ("Củng", "Tráng", "Phù"), _VIETNAMESE_MIDDLES, _HIGHLAND_GIVENS),
)
CUSTOMS = {group.code: group for group in GROUPS}


def choose_group(chance: Random) -> str:
    """Code of an ethnic group, by its share."""
    return chance.choices(GROUPS, [group.weight for group in GROUPS])[0].code


def choose_name(chance: Random, group: str, sex: str, family: str = "", *, one_word: bool = False) -> Name:
    """A name of that group; `family` keeps the father's name, `one_word` gives nothing but a given name."""
    customs = CUSTOMS[group]
    given = chance.choice(customs.givens[sex])
    if one_word:
        return Name("", "", given.split()[0])
    return Name(family or chance.choice(customs.families), chance.choice(customs.middles[sex]), given)
