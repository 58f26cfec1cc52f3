"""The text of files that other people write, whatever their encoding (编码)."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from pathlib import Path

from pytest_icp.facts.files.positions import Lines
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text


def decoded(path: Path, raw: bytes) -> str:
    """Decode UTF-8 without a byte-order mark; raise `InputError` for any other encoding."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw[1:2] == b"\0" or raw[:1] == b"\0":
        raise InputError(
            Text(zh="文件是 UTF-16 编码或二进制", en="the file is UTF-16 or binary"),
            place=Place(path=path),
            hint=_SAVE,
        )
    text = decoded_as(raw, "utf-8")
    if text is None:
        raise _not_utf8(path, raw)
    if b"\0" in raw:
        at = text.index("\0")
        raise InputError(
            Text(zh="文件含有 NUL 字节", en="the file contains a NUL byte"),
            place=Lines(text).place(path, at, at + 1),
        )
    return text


_SAVE = Text(zh="请另存为 UTF-8", en="save it as UTF-8")


def _not_utf8(path: Path, raw: bytes) -> InputError:
    # The first byte that is not decoded stands there as half a pair.
    before = re.split("[\udc80-\udcff]", raw.decode(errors="surrogateescape"))[0]
    at = len(before.encode())
    byte = f"0x{raw[at]:02X}"
    line = raw.find(b"\n", at)
    tail = raw[at : line if line >= 0 else None].decode(errors="replace")
    is_gbk = decoded_as(raw, "gb18030") is not None
    return InputError(
        Text(
            zh=f"不是 UTF-8：第 {at} 字节是 {byte}",
            en=f"not UTF-8: byte {byte} at offset {at}",
        ),
        place=Lines(before + tail).place(path, len(before), len(before) + 1),
        hint=_SAVE_GBK if is_gbk else _SAVE,
    )


_SAVE_GBK = Text(
    zh="像是 GBK（GB 18030）编码，请另存为 UTF-8",
    en="it looks like GBK (GB 18030); save it as UTF-8",
)
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(content: bytes) -> str:
    """Decode a file: by its byte order mark, as UTF-8, or as older Chinese files are encoded.

    Anything else is decoded as far as possible, with U+FFFD for the rest.
    """
    if content.startswith(_WIDE):
        return content.decode("utf-16", errors="replace")
    text = decoded_as(content, "utf-8", "gb18030")
    return (content.decode(errors="replace") if text is None else text).removeprefix("\ufeff")


def decoded_as(content: bytes, *encodings: str) -> str | None:
    """Return the text in the first encoding that fits, None if none does.

    An error raised while that of decoding was handled would carry all bytes along.
    """
    for encoding in encodings:
        with suppress(UnicodeError):
            return content.decode(encoding)
    return None
