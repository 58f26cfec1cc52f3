"""The text of files that other people write, whatever their encoding (编码)."""

from __future__ import annotations

import codecs

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes) -> str:
    """Decode a file: by its byte order mark, as UTF-8, or as older Chinese files are encoded.

    Anything else is decoded as far as possible, with U+FFFD for the rest.
    """
    if content.startswith(_WIDE):
        return content.decode("utf-16", errors="replace")
    try:
        text = content.decode()
    except UnicodeDecodeError:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError:
            text = content.decode(errors="replace")
    return text.removeprefix("\ufeff")
