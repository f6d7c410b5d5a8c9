"""Invented personal numbers (số định danh cá nhân): twelve digits."""

PLACE = "099"  # assigned to no province: nobody real has such a number


def number_of(sex: str, year: str, block: int) -> str:
    """Twelve digits: place, century and sex, year, block."""
    century = (int(year) - 1900) // 100
    return f"{PLACE}{century * 2 + (1 if sex == '2' else 0)}{year[2:]}{block:06d}"
