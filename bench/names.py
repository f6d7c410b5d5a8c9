"""Names for invented children, each another one: who shares name and day with many is looked at closely."""

from typing import Final

_WORDS: Final = (
    ("AN", "BÌNH", "CHÂU", "DUNG", "ĐẠT", "GIANG", "HÀ", "KHÁNH", "LAN", "MINH"),
    ("NGỌC", "OANH", "PHÚC", "QUÂN", "SƠN", "THẢO", "UYÊN", "VINH", "XUÂN", "YẾN"),
    ("BẢO", "CẨM", "DIỆU", "ĐỨC", "GIA", "HẢI", "KIM", "LIÊN", "MỸ", "NHẬT"),
    ("PHƯƠNG", "QUỐC", "SONG", "THANH", "TUẤN", "ÚT", "VIỆT", "HỒNG", "THỦY", "TRÚC"),
    ("CÚC", "ĐÀO", "HIỀN", "HUỆ", "LỘC", "MẬN", "NGÂN", "SEN", "TÂM", "VÂN"),
)
"""A list for each place in the name: the same words in another order would be the same name."""


def invented_name(number: int) -> dict[str, str]:
    """Up to 100,000 of them; Mẫu is nobody's family name."""
    digits = [number // 10**place % 10 for place in range(len(_WORDS))]
    return {"full": " ".join(["MẪU", *(words[at] for words, at in zip(_WORDS, digits, strict=True))])}
