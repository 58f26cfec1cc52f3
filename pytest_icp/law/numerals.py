"""Chinese numerals (中文数字) as laws and licences number their parts, and as dates use them."""

from __future__ import annotations

import re

DIGITS = "〇一二三四五六七八九"
_ZEROS = str.maketrans("零○O0", "〇〇〇〇")
TEN = 10
LARGEST = 99
_HOUSE = re.compile(r"(?<![〇零一二三四五六七八九十])[〇零一二三四五六七八九十]++(?=[号號弄院])")


def number_of(words: str) -> int | None:
    """Read 一 to 九十九; None for anything else."""
    tens, ten, ones = words.partition("十")
    if not ten:
        return DIGITS.index(words) if len(words) == 1 and words in DIGITS[1:] else None
    if not all(not part or (len(part) == 1 and part in DIGITS[1:]) for part in (tens, ones)):
        return None
    return (DIGITS.index(tens) if tens else 1) * TEN + (DIGITS.index(ones) if ones else 0)


def numeral(number: int) -> str:
    """Write 1 to 99: 三, 十, 十五, 二十一. Raises `ValueError` for any other number."""
    if not 0 < number <= LARGEST:
        raise ValueError(number)
    tens, ones = divmod(number, TEN)
    head = "十" if tens == 1 else f"{DIGITS[tens]}十" if tens else ""
    return head + (DIGITS[ones] if ones else "")


def year_of(words: str) -> int | None:
    """Read a year that is written digit by digit, 二〇一九 or 二零一九; None for anything else."""
    digits = words.translate(_ZEROS)
    if not digits or not all(digit in DIGITS for digit in digits):
        return None
    return int("".join(str(DIGITS.index(digit)) for digit in digits))


def arabic(address: str) -> str:
    """Return an address with the numbers of houses in digits: 1号院 for 一号院."""
    return _HOUSE.sub(
        lambda words: str(number_of(words[0]) or year_of(words[0]) or words[0]), address
    )
