"""Text as it is compared: full-width forms folded, invisible characters removed, offsets known."""

from __future__ import annotations

import re
import unicodedata

from msgspec import Struct

_FOLDS: dict[int, int | str | None] = {
    # Radicals that PDF files contain instead of the characters that look like them; NFKC folds the
    # others.
    **str.maketrans(
        "⺟⺠⻅⻆⻉⻋⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "母民见角贝车长长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
    ),
    # Marks that only choose the form of the character before them, or join two.
    **dict.fromkeys((0x034F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))),
    # Numbers in circles, of which NFKC makes bare digits, or nothing.
    **{
        first + i: f"({i + 1})"
        for first, most in ((0x2460, 20), (0x24F5, 10), (0x2776, 10), (0x2780, 10), (0x278A, 10))
        for i in range(most)
    },
}
"""Characters that are replaced or removed in addition to what NFKC does."""


class Folded(Struct, frozen=True):
    """A folded text and the original offset of each of its characters.

    ``offsets`` has one entry more than ``text``: the length of the original.
    """

    text: str
    offsets: tuple[int, ...]

    def origin(self, index: int) -> int:
        """Return the offset in the original text of a folded character."""
        return self.offsets[index]


def fold(text: str) -> Folded:
    """Fold width and compatibility forms (NFKC), remove format characters, unify spaces.

    Zero-width and soft-hyphen characters (Unicode category Cf) vanish: readers do not see
    them. Characters are folded one by one, so that every offset is known.
    """
    if _is_folded(text):
        return Folded(text, tuple(range(len(text) + 1)))
    folded: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for part in _fold_char(char):
            folded.append(part)
            offsets.append(offset)
    return Folded("".join(folded), (*offsets, len(text)))


def _is_folded(text: str) -> bool:
    """Whether folding changes nothing: normal, printable text has no Cf and one kind of space."""
    normal = text.isprintable() and unicodedata.is_normalized("NFKC", text)
    return normal and text.translate(_FOLDS) == text


def fold_tight(text: str) -> Folded:
    """Fold as `fold` does and remove all white space, which does not separate Chinese words."""
    loose = fold(text)
    kept = [i for i, char in enumerate(loose.text) if not char.isspace()]
    return Folded(
        "".join(loose.text[i] for i in kept),
        (*(loose.offsets[i] for i in kept), loose.offsets[-1]),
    )


def _fold_char(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.category(char) == "Cf":
        return ""
    # NFKC turns a spacing accent into a space and a combining mark: neither is printed.
    whole = unicodedata.normalize("NFKC", char.translate(_FOLDS))
    return " " if char.isspace() else whole


# ---- Chinese numerals (中文数字) as laws and licences number their parts, and as dates use them


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
