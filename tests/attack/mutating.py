"""Texts and documents like given ones, but wrong somewhere; and small ones that fail as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from functools import cache
from random import Random
from typing import Any

from tests.attack.regexes import hard_texts, regexes

_SIGNS = [
    *"{}[]()<>\"'`,:;#&*!|%@$\\/=-?~^ \t\n\r\0\f\x0b\x1b\x7f\u2028\ufeff\u202e\x85é中𝕏：，\u3000",
    *("---\n", "...\n", "%YAML 1.1\n", "<<: ", "&a ", "*a", "!!int ", "? ", "|\n", ">-\n"),
    *("{{", "${", "\\u0000", "\\ud800", "0x", "1e999", "-0", "NaN", "include *;", "server {"),
    *("<!--", "-->", "<style>", "<script>", "</p>", "&#99999999999;"),
    *("$ORIGIN ", "$INCLUDE ", "$GENERATE 1-9 "),
]
_SCALARS: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, -(10**400), 0.1, 1e308, -1e-300, [], {}),
    *("", " ", "never", "x", "中", "-", "\0", "a" * 300, "9" * 5000, "\u202e", "𝕏" * 50),
    *("0001-01-01", "9999-12-31", "2023-02-29", "2023-11-20", "2023-11-20T24:00"),
    *("2023-11-20T23:59:59+14:00", "a.cn", "*.a.cn", "https://a.cn/", "../../etc/passwd"),
    *("1.2.3.4", "::1", "京B2-20210001", "公司"),
]
_LONGEST = (*[6_000] * 20, 20_000, 20_000, 200_000)
"""Most texts are short, so that there are many."""


@cache
def _hard() -> list[str]:
    """Return what is hard for the regular expressions of the project."""
    texts = {
        start + repeated for regex in regexes() for start, repeated, _ in hard_texts(regex.pattern)
    }
    return sorted(text for text in texts if len(text) <= 40)


class Mutator:
    """Makes texts and documents out of given ones, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self._hard = _hard()

    def text(self, given: Sequence[str]) -> str:
        """Return one of the texts with one to eight changes."""
        text = self.random.choice(given)
        for _ in range(self.random.choice((1, 1, 2, 3, 8))):
            text = self.random.choice(_CHANGES)(self, text, given)
        return text[: self.random.choice(_LONGEST)]

    def document(self, given: Any) -> Any:
        """Return a document with one to four of its values changed."""
        document = deepcopy(given)
        for _ in range(self.random.choice((1, 1, 2, 4))):
            places = list(_places(document))
            if places:
                self._change(*self.random.choice(places), places)
        return document

    def _change(self, holder: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
        value = holder[key]
        alike = [h[k] for h, k in places if type(h[k]) is type(value) and k == key]
        match self.random.randrange(6):
            case 0:
                del holder[key]
            case 1 | 2:
                holder[key] = deepcopy(self.random.choice(alike))
            case 3 if isinstance(value, str) and value:
                holder[key] = self.text([value])
            case 4 if isinstance(value, list) and value:
                value.append(deepcopy(self.random.choice(value)))
            case _:
                holder[key] = deepcopy(self.random.choice(_SCALARS))

    def _at(self, text: str) -> int:
        return self.random.randrange(len(text) + 1)

    def _inserted(self, text: str, _: Sequence[str]) -> str:
        at = self._at(text)
        sign = self.random.choice(_SIGNS)
        return text[:at] + sign * self.random.choice((1, 1, 2, 50)) + text[at:]

    def _hard_inserted(self, text: str, _: Sequence[str]) -> str:
        at = self._at(text)
        return (
            text[:at] + self.random.choice(self._hard) * self.random.choice((1, 3, 500)) + text[at:]
        )

    def _cut(self, text: str, _: Sequence[str]) -> str:
        start, end = sorted((self._at(text), self._at(text)))
        return text[:start] + text[end:]

    def _repeated(self, text: str, _: Sequence[str]) -> str:
        start, end = sorted((self._at(text), self._at(text)))
        return text[:end] + text[start:end] * self.random.choice((1, 2, 20)) + text[end:]

    def _joined(self, text: str, given: Sequence[str]) -> str:
        other = self.random.choice(given)
        return text[: self._at(text)] + other[self._at(other) :]

    def _flipped(self, text: str, _: Sequence[str]) -> str:
        at = self._at(text)
        return text[:at] + chr(self.random.randrange(1, 0x250)) + text[at + 1 :]


_CHANGES: tuple[Callable[[Mutator, str, Sequence[str]], str], ...] = (
    Mutator._inserted,
    Mutator._inserted,
    Mutator._hard_inserted,
    Mutator._cut,
    Mutator._repeated,
    Mutator._joined,
    Mutator._flipped,
)


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each value of a document as what holds it, and its key or index."""
    keys: Any = ()
    if isinstance(document, dict):
        keys = list(document)
    elif isinstance(document, list):
        keys = range(len(document))
    for key in keys:
        yield document, key
        yield from _places(document[key])


def shrunk(text: str, still: Callable[[str], bool], tries: int = 2000) -> str:
    """Return a text with as much cut away as possible, of which something still holds."""
    size = max(1, len(text) // 2)
    while size:
        at = 0
        while at < len(text):
            if not tries:
                return text
            tries -= 1
            shorter = text[:at] + text[at + size :]
            if still(shorter):
                text = shorter
            else:
                at += size
        size //= 2
    return text
