"""Extract the text of a PDF, in a child process.

The task: ``root``, a folder with the file ``paper.pdf`` alone; ``most``, how many pages are read.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from itertools import pairwise
from math import pi
from pathlib import Path
from typing import Any, NamedTuple

from pytest_icp.sources.child import restrict

FILE = "paper.pdf"
BROKEN, LOCKED = "broken", "locked"
_WRONG_PASSWORD = 4
_LINE_END = "\r\n"
_LEVEL = 0.1
_FAR = 3
_HAN = 0x2E80


def answer(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of the ``pages``, or why there are none: ``count`` pages, or ``refused``."""
    raw = Path(task["root"], FILE).read_bytes()
    for codec in ("ascii", "utf-16-le"):
        codecs.lookup(codec)  # a codec is imported when it is first used
    pdfium: Any = import_module("pypdfium2")
    restrict(task["root"])
    try:
        with pdfium.PdfDocument(raw) as document:
            count = len(document)
            if count > task["most"]:
                return {"count": count}
            return {"pages": [_text(document[index]) for index in range(count)]}
    except pdfium.PdfiumError as error:
        return {"refused": LOCKED if error.err_code == _WRONG_PASSWORD else BROKEN}


class _Mark(NamedTuple):
    """A character, the angle of its line in radians, and where it stands in points."""

    char: str
    angle: float
    left: float
    right: float
    height: float

    @property
    def is_across(self) -> bool:
        """Whether it is written neither along the lines of a page nor along its edge."""
        return _LEVEL < self.angle % (pi / 2) < pi / 2 - _LEVEL

    def is_far(self, other: _Mark | None) -> bool:
        """Whether it stands apart from a neighbour, or there is none on its line."""
        if other is None or other.char in _LINE_END:
            return True
        gap = max(self.left - other.right, other.left - self.right)
        return gap > _FAR * self.height


def _text(page: Any) -> str:
    """Return the text of one page, without what is written across it.

    A character that stands alone in a line, as those of a watermark do, gets a line of its own.
    U+FFFE of PDFium is a hyphen at the end of a line.
    """
    marks = list(_marks(page.get_textpage()))
    across = sum(mark.is_across for mark in marks)
    if across * 2 <= len(marks):
        marks = [mark for mark in marks if not mark.is_across]
    words = "".join(_apart(marks))
    return words.replace("\ufffe", "-").replace("\0", "")


def _marks(text: Any) -> Iterator[_Mark]:
    raw: Any = import_module("pypdfium2.raw")
    box = raw.FS_RECTF()
    for index in range(text.count_chars()):
        char = chr(raw.FPDFText_GetUnicode(text, index))
        # By the metrics of the font, as no font of the system can be read here.
        raw.FPDFText_GetLooseCharBox(text, index, box)
        angle = raw.FPDFText_GetCharAngle(text, index)
        yield _Mark(char, angle, box.left, box.right, abs(box.top - box.bottom))


def _apart(marks: Sequence[_Mark]) -> Iterator[str]:
    """Yield the characters of a page, each that is far from both its neighbours between lines."""
    visible = [i for i, mark in enumerate(marks) if mark.char != " "]
    after = dict(pairwise(visible))
    last: _Mark | None = None
    for i, mark in enumerate(marks):
        if ord(mark.char) < _HAN or not mark.char.isalpha():
            yield mark.char
        else:
            following = marks[after[i]] if i in after else None
            alone = mark.is_far(last) and mark.is_far(following)
            yield f"\n{mark.char}\n" if alone else mark.char
        last = last if mark.char == " " else mark
