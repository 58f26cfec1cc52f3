"""Extract the text of a PDF, in a child process.

The task: ``root``, a folder with the file ``paper.pdf`` alone; ``most``, how many pages are read.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from pytest_icp.sources.child.confinement import restrict

FILE = "paper.pdf"
BROKEN, LOCKED = "broken", "locked"
_WRONG_PASSWORD = 4


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


def _text(page: Any) -> str:
    """Return the text of one page; U+FFFE of PDFium is a hyphen at the end of a line."""
    words: str = page.get_textpage().get_text_range()
    return words.replace("\ufffe", "-").replace("\0", "")
