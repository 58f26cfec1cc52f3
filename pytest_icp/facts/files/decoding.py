"""The text of files that other people write, whatever their encoding (编码)."""

from __future__ import annotations

import codecs

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes) -> str:
    """Decode a file: by its byte order mark, as UTF-8, or as older Chinese files are encoded.

    Anything else is decoded as far as possible, with U+FFFD for the rest.
    """
    encodings = ("utf-16",) if content.startswith(_WIDE) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(encodings[0], errors="replace")
