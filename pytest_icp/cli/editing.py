"""Values set in a file that a person writes; its comments and its order are kept (原样修改)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import crc32

from pytest_icp.cli.files import write_new
from pytest_icp.facts.extras import missing_extra
from pytest_icp.facts.files.faults import Fault
from pytest_icp.facts.files.flow import flow
from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.source import MEGABYTE, read_bytes, read_source
from pytest_icp.facts.files.yaml import parse_yaml
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from ruamel.yaml import YAML

Pointer: TypeAlias = tuple[str | int, ...]
"""Where a value is: the keys and the numbers of elements that lead to it."""

LARGEST = 64 * MEGABYTE

_EDITING = Text(zh="修改描述文件", en="editing a description")
_BY_HAND = Text(zh="；也可以手工填写", en="; or write it by hand")
_NOT_FAITHFUL = Text(
    zh="修改会改动文件中的其他内容，没有写入",
    en="the edit would change more, so nothing was written",
)
_YOURSELF = Text(zh="请手工填写", en="write it by hand")
_BOM = "\ufeff"
# The first list in a block, below its key: how far its hyphens are indented.
_LIST = re.compile(
    r"^( *)(?:- )?[^\s#-][^\n]*:[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*( *)- ", re.MULTILINE
)
_KEY = re.compile(r"[^\s#-]")
_JSON_INDENT = re.compile(r'^[\[{]\r?\n([ \t]+)"')


def content_of(path: Path) -> bytes:
    """Return the bytes of a file that is to be edited; raise `InputError` if it cannot be read."""
    return read_bytes(path, root=repository_of(path), limit=LARGEST)


def set_values(path: Path, values: Mapping[Pointer, Json]) -> None:
    """Set values in a YAML or JSON file; nothing else of it changes.

    What is missing on the way is added; the number after the last element of a list appends one.

    Raises `InputError` if the file cannot be read or written, or if ruamel.yaml is missing, and if
    more would change than the values.
    """
    source = read_source(path, root=repository_of(path))
    raw = content_of(path).decode("utf-8")
    text = raw.removeprefix(_BOM).replace("\r\n", "\n")
    wanted = with_values(source.data, values)
    if path.suffix.lower() == ".json":
        before, after = _json(text, source.data), _json(text, wanted)
    else:
        before, after = _yaml_with(path, text, {}), _yaml_with(path, text, values)
    tries = (_with_lines_of(text, before, after, whole=whole) for whole in (False, True))
    written = next((one for one in (*tries, after) if _read(one) == wanted), None)
    if written is None:
        raise InputError(_NOT_FAITHFUL, place=Place(path=path), hint=_YOURSELF)
    if "\r\n" in raw:
        written = written.replace("\n", "\r\n")
    write_new(path, _BOM * raw.startswith(_BOM) + written, overwrite=True)


def with_values(data: Json, values: Mapping[Pointer, Json]) -> Any:
    """Return a copy of what a file contains, with values set."""
    # An alias is one object with its anchor: of the values that are wanted, only one changes.
    wanted = json.loads(json.dumps(data))
    for at, value in values.items():
        wanted = _with(wanted, at, value)
    return wanted


def _with(data: Any, at: Pointer, value: Json) -> Any:
    """Return data with one value set; ``data`` itself changes where it can."""
    if not at:
        return value
    step, *rest = at
    if data is None:
        data = [] if isinstance(step, int) else {}
    if isinstance(step, int):
        inside = data[step] if step < len(data) else None
        data[step : step + 1] = [_with(inside, tuple(rest), value)]
    else:
        data[step] = _with(data.get(step), tuple(rest), value)
    return data


def _with_lines_of(text: str, before: str, after: str, *, whole: bool) -> str:
    """Return what is written ``after`` an edit with the lines of ``text`` that it leaves alone.

    ``before`` is the same text written without the edit: where it differs from the text, only the
    layout does. ``whole``, all below a key of the document is as after the edit if any of it is:
    one list may be indented as no other.
    """
    own, plain, edited = (one.splitlines(keepends=True) for one in (text, before, after))
    same: dict[int, int] = {}
    for at, to, n in SequenceMatcher(None, plain, edited).get_matching_blocks():
        same |= {at + i: to + i for i in range(n)}
    if whole:
        begins = [at for at, line in enumerate(plain) if _KEY.match(line)]
        for at, end in pairwise([0, *begins, len(plain)]):
            if not _stays(same, at, end):
                same = {i: to for i, to in same.items() if not at <= i < end}
    lines: list[str] = []
    done = 0
    for at, end, mine in _counterparts(plain, own):
        if _stays(same, at, end):
            if at < end:
                lines += edited[done : same[at]]
                done = same[end - 1] + 1
            lines += mine
    return "".join([*lines, *edited[done:]])


def _stays(same: Mapping[int, int], at: int, end: int) -> bool:
    """Whether lines stand one after the other in what was edited, as before."""
    return all(i in same and same[i] == same[at] + i - at for i in range(at, end))


def _counterparts(plain: list[str], own: list[str]) -> Iterator[tuple[int, int, list[str]]]:
    """Yield where so many lines of one layout begin and end, and what they are in the other."""
    for how, at, end, to, until in SequenceMatcher(None, plain, own).get_opcodes():
        if how == "equal":
            yield from ((at + i, at + i + 1, [own[to + i]]) for i in range(end - at))
            continue
        # Both layouts have the same characters but for blanks: a line may end where one does.
        ends = {seen: to + n for n, seen in enumerate(_seen(own[to:until]), 1)}
        begin, mine = at, to
        for n, seen in enumerate(_seen(plain[at : end - 1]), 1):
            if seen in ends:
                yield begin, at + n, own[mine : ends[seen]]
                begin, mine = at + n, ends[seen]
        yield begin, end, own[mine:until]


def _seen(lines: Iterable[str]) -> Iterator[int]:
    """Yield a digest of what can be seen of lines up to the end of each."""
    digest = 0
    for line in lines:
        digest = crc32("".join(line.split()).encode(), digest)
        yield digest


def _json(text: str, data: Json) -> str:
    indent = _JSON_INDENT.match(text)
    return json.dumps(data, ensure_ascii=False, indent=indent[1] if indent else None) + "\n"


def _read(text: str) -> Json:
    try:
        return parse_yaml(text.encode(), text)[0]
    except Fault:
        return None


def _yaml_with(path: Path, text: str, values: Mapping[Pointer, Json]) -> str:
    yaml = _round_trip(path, text)
    data = yaml.load(text)
    for at, value in values.items():
        data = _set(data, at, value)
    written = StringIO()
    yaml.dump(data, written)
    return written.getvalue()


def _round_trip(path: Path, text: str) -> YAML:
    """Return a reader and writer that keeps every plain value as it is written."""
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.nodes import ScalarNode
        from ruamel.yaml.resolver import VersionedResolver
        from ruamel.yaml.tag import Tag
    except ImportError:
        raise missing_extra("edit", _EDITING, place=Place(path=path), instead=_BY_HAND) from None

    class Verbatim(VersionedResolver):
        """Takes every scalar for a text, so that ``null``, dates and numbers stay as they are."""

        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is ScalarNode:
                return Tag(suffix="tag:yaml.org,2002:str")
            return super().resolve(kind, value, implicit)

    yaml = YAML()
    yaml.Resolver = Verbatim
    yaml.preserve_quotes = True
    yaml.width = 1_000_000
    yaml.brace_single_entry_mapping_in_flow_sequence = True
    found = _LIST.search(text)
    offset = len(found[2]) - len(found[1]) if found else 2
    yaml.indent(mapping=2, sequence=offset + 2, offset=offset)
    return yaml


def _set(data: Any, at: Pointer, value: Json, *, inline: bool = False) -> Any:
    """Set a value in a document of ruamel.yaml; return the document, or what takes its place.

    What is ``inline`` stands on the line of what contains it.
    """
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if not at:
        return _node(value, inline=inline)
    step, *rest = at
    if not isinstance(data, (CommentedMap, CommentedSeq)):
        data = CommentedSeq() if isinstance(step, int) else CommentedMap()
    if not data and not inline:
        data.fa.set_block_style()
    inline = bool(data.fa.flow_style())
    end, own = _Comments.after(data), _Comments(data, step)
    below = end.cut() if end else ""
    beneath = own.cut()
    if isinstance(data, CommentedSeq) and step == len(data):
        data.append(None)
    inside = data.get(step) if isinstance(data, CommentedMap) else data[step]
    data[step] = _set(inside, tuple(rest), value, inline=inline)
    (_Comments.after(data[step]) or own).paste(beneath)
    (_Comments.after(data) or own).paste(below)
    return data


def _node(value: Json, *, inline: bool) -> Any:
    """Return a value as ruamel.yaml writes it: what is inside an object stands on one line."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, PlainScalarString

    if isinstance(value, Mapping):
        node: Any = CommentedMap({key: _node(each, inline=True) for key, each in value.items()})
    elif isinstance(value, list):
        node = CommentedSeq([_node(each, inline=inline) for each in value])
    else:
        written = flow(value)
        if isinstance(value, str) and written.startswith('"'):
            return DoubleQuotedScalarString(value)
        # A plain text would take over the quotes of what it replaces.
        return PlainScalarString(written)
    if inline or not value:
        node.fa.set_flow_style()
    return node


class _Comments:
    """The comments beside and below a member, which ruamel.yaml keeps with what is above them."""

    def __init__(self, node: Any, step: str | int) -> None:
        from ruamel.yaml.comments import CommentedMap

        self._kept = node.ca.items
        self._step = step
        self._at = 2 if isinstance(node, CommentedMap) else 0

    @classmethod
    def after(cls, node: Any) -> _Comments | None:
        """Return the comments after the last value of a block; None if the node is no block."""
        from ruamel.yaml.comments import CommentedMap, CommentedSeq

        if not isinstance(node, (CommentedMap, CommentedSeq)) or not node or node.fa.flow_style():
            return None
        step = next(reversed(node)) if isinstance(node, CommentedMap) else len(node) - 1
        return cls.after(node[step]) or cls(node, step)

    def cut(self) -> str:
        """Take out the lines below the member, and return them."""
        token = self._kept.get(self._step, [None] * 4)[self._at]
        if token is None:
            return ""
        beside, _, below = token.value.partition("\n")
        token.value = f"{beside}\n"
        return str(below)

    def paste(self, below: str) -> None:
        """Put lines below the member."""
        from ruamel.yaml.error import CommentMark
        from ruamel.yaml.tokens import CommentToken

        kept = self._kept.setdefault(self._step, [None] * 4)
        if below and kept[self._at] is None:
            kept[self._at] = CommentToken("\n", CommentMark(0))
        if below:
            kept[self._at].value += below
