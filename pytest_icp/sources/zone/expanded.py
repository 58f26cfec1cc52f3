"""A zone file as one text with its includes inserted, each line with its place."""

from __future__ import annotations

import os
import re
from pathlib import Path

from msgspec import Struct, field

from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.decoding import decode
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request

_INCLUDE = re.compile(r'\$INCLUDE[ \t]+("?)([^\s";]+)\1(?:[ \t]+([^\s;]+))?', re.IGNORECASE)
_ORIGIN = re.compile(r"\$ORIGIN[ \t]+([^\s;]+)", re.IGNORECASE)
# Names that some providers use for an alias that is also allowed at the apex.
_ALIAS = re.compile(
    r"^(\S*[ \t]+(?:[0-9]\w*[ \t]+|IN[ \t]+){0,2})(?:ALIAS|ANAME)(?=[ \t])", re.IGNORECASE
)
_DEEPEST = 32


class Expanded(Confidential, Struct):
    """The lines of a zone (区域文件), each with its file and line number."""

    _shown = ()

    meter: Meter
    missing: list[InputError] = field(default_factory=list)
    """Why files that are included are not read, each with the place of its include."""
    lines: list[str] = field(default_factory=list)
    places: list[tuple[Path, int]] = field(default_factory=list)

    def text(self) -> str:
        """Return all lines, as dnspython reads them."""
        lines = (_ALIAS.sub(r"\1CNAME", line) for line in self.lines)
        return "\n".join([*lines, ""])

    def place(self, line: int) -> Place:
        """Return the place of a line of the expanded text; of the line, its first word is quoted.

        A text of a record, or a comment, may be a secret.
        """
        at = min(line, len(self.places)) - 1
        path, number = self.places[at]
        words = self.lines[at].rstrip()
        lead = len(words) - len(words.lstrip())
        width = len(words[lead:].split(None, 1)[0]) if words else 1
        shown = words[: lead + width]
        return Place(path=path, line=number, column=lead + 1, excerpt=shown, width=width)


def expand(request: Request, path: Path, origin: str) -> Expanded:
    """Read a zone file and its includes; ``origin`` is appended to its relative names.

    Raises `InputError` for a file that is binary or includes itself.
    """
    whole = Expanded(request.meter)
    raw = request.read(None if path == request.path else path)
    _add(whole, request, path, raw, origin, ())
    return whole


def _add(
    whole: Expanded,
    request: Request,
    path: Path,
    raw: bytes,
    origin: str,
    stack: tuple[str, ...],
) -> str:
    """Add the lines of a file; return the origin at its end."""
    inner = (*stack, os.path.realpath(path))
    for number, line in enumerate(re.split("\r\n?|\n", _text(path, raw)), start=1):
        included = _INCLUDE.match(line)
        moved = _ORIGIN.match(line)
        if moved:
            origin = _absolute(moved[1], origin)
        if included is None:
            _append(whole, line, path, number)
            continue
        file = path.parent / included[2]
        start = _absolute(included[3], origin) if included[3] else origin
        width = included.end()
        place = Place(path=path, line=number, column=1, excerpt=line[:width], width=width)
        try:
            content = _included(request, path, included[2], inner, place)
        except InputError as error:
            whole.missing.append(error)
            continue
        request.meter.spend("expansions", content.count(b"\n") + 1)
        _append(whole, f"$ORIGIN {start}", path, number)
        _add(whole, request, file, content, start, inner)
        # An include does not change the origin of the including file.
        _append(whole, f"$ORIGIN {origin}", path, number)
    return origin


def _append(whole: Expanded, line: str, path: Path, number: int) -> None:
    whole.meter.spend("elements")
    whole.lines.append(line)
    whole.places.append((path, number))


def _included(
    request: Request, path: Path, written: str, stack: tuple[str, ...], place: Place
) -> bytes:
    """Read a file that a path includes.

    Raises `InputError` at the include if it cannot be read.
    """
    file = path.parent / written
    if os.path.realpath(file) in stack or len(stack) > _DEEPEST:
        raise InputError(
            Text(zh="$INCLUDE 循环引用或层次过深", en="$INCLUDE is circular or nested too deeply"),
            place=place,
        )
    try:
        return request.read(file)
    except InputError as error:
        message = Text(zh=f"{written}：{error.message.zh}", en=f"{written}: {error.message.en}")
        raise InputError(message, place=place, hint=error.hint) from None


def _text(path: Path, raw: bytes) -> str:
    text = decode(raw)
    if "\0" in text:
        raise InputError(
            Text(zh="是二进制文件，不是区域文件", en="a binary file, not a zone file"),
            place=Place(path=path),
        )
    return text


def _absolute(name: str, origin: str) -> str:
    if name.endswith(".") or name == "@":
        return origin if name == "@" else name
    return f"{name}." if origin == "." else f"{name}.{origin}"
