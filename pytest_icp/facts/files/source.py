"""A YAML or JSON file read into JSON types, with the place of each value."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import FORMATS, decoded, read_bytes, tidy
from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.positions import Lines, Positions, Span, TreePositions
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, object_of, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

_BOM = b"\xef\xbb\xbf"


class Source(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """A file's data in JSON types, and the place of each value.

    ``path`` is the path as it was given, without ``..``. Aliases of YAML share one Python
    object: treat ``data`` as read only. ``sha256`` is the digest of the bytes as they were read.
    """

    path: Path
    data: Json
    positions: Positions
    sha256: str = ""

    @property
    def members(self) -> JsonObject:
        """The data if it is an object, else an empty one."""
        return object_of(self.data)

    def place(self, pointer: str, *, of: Literal["value", "key"] = "value") -> Place:
        """Return the place of a fact by its JSON Pointer (RFC 6901).

        An absent fact has the place of its closest ancestor, of its key if it has one. A value
        that is written as nothing has the place of its key, too.
        """
        names = tokens(pointer)
        return self._at(self.positions.find(names), len(names), of)

    def _at(self, span: Span, depth: int, of: Literal["value", "key"] = "value") -> Place:
        start, end = span.value
        if span.key and (of == "key" or span.depth < depth or start == end):
            start, end = span.key
        return self.positions.lines().place(self.path, start, end)

    def place_to_write(self, names: tuple[str, ...]) -> Place:
        """Return the place of a fact or, if it is absent, that where it is to be written.

        That is the question for it in a comment, else the closest ancestor, else the last line.
        """
        span = self.positions.find(names)
        found = self.positions.question(names, span)
        if found is None and names and not span.depth:
            found = self.positions.end()
        place = self.positions.lines().place
        return place(self.path, *found) if found else self._at(span, len(names))

    def asks_for(self, names: tuple[str, ...]) -> bool:
        """Whether a fact or a part of its path is there, or asked for in a comment."""
        span = self.positions.find(names)
        return bool(span.depth or self.positions.question(names, span))


def read_source(
    path: Path, *, root: Path | None = None, limit: int | None = None, merge: bool = False
) -> Source:
    """Read a ``.yaml``, ``.yml`` or ``.json`` file into JSON types.

    With ``root``, a file outside that folder is refused, symbolic links followed. ``limit``
    is the largest size in bytes (default: 64 MiB of YAML, 512 MiB of JSON). With ``merge``,
    YAML may use merge keys (``<<``), as cases do.

    Raises `InputError` for every file that cannot be used, and nothing else.
    """
    path = tidy(path)
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError(_NOT_DATA, place=Place(path=path), hint=_ENDINGS)
    most = FORMATS[suffix] if limit is None else limit
    raw = read_bytes(path, root=root, limit=most, too_large=_SPLIT)
    return parse_source(path, raw, suffix, merge=merge)


def parse_source(path: Path, read: bytes, suffix: str = ".yaml", *, merge: bool = False) -> Source:
    """Read the bytes of a YAML or JSON file; raises `InputError` at ``path`` for unusable ones."""
    raw = read.removeprefix(_BOM)
    try:
        data, positions = _parsed(path, raw, suffix, merge=merge)
    except Fault as fault:
        raise _located(fault, path, decoded(path, raw)) from None
    whole = sha256(read).hexdigest()
    return Source(path=path, data=data, positions=positions, sha256=whole)


def _parsed(path: Path, raw: bytes, suffix: str, *, merge: bool) -> tuple[Json, Positions]:
    # Most runs read one of the two formats, and import only that.
    if suffix == ".json":
        from pytest_icp.facts.files.json import parse_json

        return parse_json(raw)
    from pytest_icp.facts.files.yaml import parse_yaml

    text = decoded(path, raw)
    data, tree = parse_yaml(raw, text, merge=merge)
    return data, TreePositions(text, tree)


def _located(fault: Fault, path: Path, text: str) -> InputError:
    lines = Lines(text)
    hint = fault.hint
    if fault.earlier is not None:
        hint = hint.format(line=lines.line(fault.earlier))
    place = lines.place(path, fault.start, fault.end)
    return InputError(fault.message, place=place, hint=hint)


_SPLIT = Text(
    zh="用 include 分成几个文件；JSON 读得更快，限额也更大",
    en="split it with `include`; JSON is read faster and may be larger",
)
_NOT_DATA = Text(zh="文件名看不出是 YAML 还是 JSON", en="not the name of a YAML or JSON file")
_ENDINGS = Text(zh="用 .yaml、.yml 或 .json 结尾", en="end it in .yaml, .yml or .json")
