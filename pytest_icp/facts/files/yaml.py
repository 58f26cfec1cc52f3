"""YAML text to JSON types: dates, `on` and `no` stay strings; repeated keys are refused.

Data and places are read in one pass over the events of PyYAML's parser. PyYAML's own `compose`
loses the places of aliases and refuses an anchor that is used again.

Files of other tools are read with more than one document, each on its own. Kubernetes, Compose and
the like accept merge keys, keys that are numbers and repeated keys.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from msgspec import Struct
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pytest_icp.facts.files.budget import SMALLER, Meter, OverBudgetError
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.faults import (
    DEPTH,
    Fault,
    duplicate_key,
    empty,
    resolve_plain,
    show,
    too_deep,
)
from pytest_icp.facts.files.positions import NO_KEY, KeySpan, Node, Positions
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_icp.law.jsontypes import Json

Event: TypeAlias = Any
"""An event of PyYAML, which types every mark as optional; those of a parser all have one."""

ALIASED = 100_000
"""How many values all aliases of a document may expand to."""

_CORE = "tag:yaml.org,2002:"
"""What the tags of the core schema begin with."""
_CLASSES = {"int": int, "float": float, "bool": bool, "null": type(None)}

_MERGE = "<<"
"""The key that adds the members of another object."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)
# First characters of plain scalars that may be something else than a text.
_NOT_TEXT = frozenset(("", *"0123456789+-.~nNtTfF"))

_UNUSED = Text(zh="删去它，或者用 * 引用", en="remove it, or refer to it with *")
_SPLIT = Text(zh="拆成几个文件，用 include 引入", en="write one file each and `include` them")
_BRACES = Text(
    zh="花括号里写的若是文字（如模板 {{…}}），请加引号",
    en="if braces are part of a text, like a template's {{…}}, put it in quotes",
)


def parse_yaml(raw: bytes, text: str, *, merge: bool = False) -> tuple[Json, Node]:
    """Read YAML, given as UTF-8 without a byte-order mark and decoded, into JSON types.

    Returns the places of the values as well. With ``merge``, the key ``<<`` adds the members of
    another object that an object lacks, and an anchor that no alias names is refused.

    Raises `Fault` for what is not YAML, no document or more than one, a key that is repeated or
    not a text, another ``<<``, a tag outside the core schema, .inf and .nan, nesting beyond
    `DEPTH`, and aliases that contain themselves or expand to more than `ALIASED` values.
    """
    _refuse_unprintable(text)
    reader = _Reader(raw, Meter(), merge=merge)
    try:
        reader.read()
    except OverBudgetError as error:
        raise Fault(error.message, start=0, hint=SMALLER) from None
    if reader.data is None and reader.node[2] == reader.node[3]:
        raise empty()
    if merge:
        reader.refuse_unnamed()
    return reader.data, reader.node


def _refuse_unprintable(text: str) -> None:
    """Raise `Fault` at the first character that is not allowed in YAML, or ambiguous.

    The parsers treat U+0085, U+2028 and U+2029 as line breaks, like YAML 1.1; in YAML 1.2 they
    are not. They would change a text silently.
    """
    if match := _UNPRINTABLE.search(text):
        code = f"U+{ord(match[0]):04X}"
        escape = f"\\u{ord(match[0]):04x}"
        raise Fault(
            Text(zh=f"有控制字符 {code}", en=f"control character {code}"),
            start=match.start(),
            hint=Text(
                zh=f"确需保留时，在双引号中写成 {escape}",
                en=f"to keep it, write {escape} in double quotes",
            ),
        )


class _Reader:
    """Reads the one document of a text; ``data`` is None if there is none."""

    def __init__(self, raw: bytes, meter: Meter, *, merge: bool) -> None:
        self.data: Json = None
        self.node: Node = (*NO_KEY, 0, 0, None)
        self._raw = raw
        self._meter = meter
        self._merge = merge
        self._anchors: dict[str, tuple[Event, list[Any]]] = {}
        self._unnamed: dict[int, Event] = {}
        self._keys: dict[str, str] = {}
        self._aliased = 0

    def read(self) -> None:
        """Read the text; raise `Fault` for the first fault."""
        with _in_plain_words(self._raw):
            self._next: Callable[[], Event] = _parser(self._raw).get_event
            self._next()  # the stream begins
            if self._next().__class__ is StreamEndEvent:
                return
            self.data, self.node = self._value(self._next(), NO_KEY, 0)
            self._next()  # the document ends
            event = self._next()
            if event.__class__ is not StreamEndEvent:
                raise fault_at(
                    event, "一个文件只能有一个文档", "a second document in one file", _SPLIT
                )

    def refuse_unnamed(self) -> None:
        """Raise `Fault` for an anchor that no alias names: what it marks is perhaps not read."""
        for event in self._unnamed.values():
            name = show(event.anchor)
            raise fault_at(
                event, f"没有别名引用锚点 {name}", f"no alias names the anchor {name}", _UNUSED
            )

    def _value(self, event: Event, key: KeySpan, depth: int) -> tuple[Json, Node]:
        """Return the value that begins with an event, at a depth of nesting."""
        kind = event.__class__
        start, end = event.start_mark.index, event.end_mark.index
        if kind is AliasEvent:
            value, below = self._alias(event, depth)
            return value, (*key, start, end, below)
        anchored = None if event.anchor is None else self._begun(event)
        if kind is ScalarEvent:
            value, below = self._scalar(event), None
        else:
            value, below, end = self._container(event, depth)
        if anchored is not None:
            anchored.extend((value, below))
        return value, (*key, start, end, below)

    def _scalar(self, event: Event) -> Json:
        word: str = event.value
        if event.style == '"':
            _refuse_half_pair(event, word)
        if _is_plain(event):
            return self._resolve(word, event.start_mark.index) if word[:1] in _NOT_TEXT else word
        return word if event.tag is None else _tagged(event)

    def _begun(self, event: Event) -> list[Any]:
        """Return what an anchor marks: a value and the places in it, once it is read."""
        anchored: list[Any] = []
        self._anchors[event.anchor] = (event, anchored)
        self._unnamed[event.start_mark.index] = event
        return anchored

    def _alias(self, event: Event, depth: int) -> tuple[Json, Any]:
        if event.anchor not in self._anchors:
            name = show(event.anchor)
            raise fault_at(event, f"没有锚点 {name}", f"there is no anchor {name}")
        begun, anchored = self._anchors[event.anchor]
        if not anchored:
            raise fault_at(event, "别名包含它自己", "this alias contains itself")
        self._unnamed.pop(begun.start_mark.index, None)
        value, below = anchored
        count, height = _measured(value, ALIASED - self._aliased)
        self._aliased += count
        if self._aliased > ALIASED:
            raise fault_at(
                event,
                f"全部别名展开后超过 {ALIASED} 个值",
                f"the aliases expand to more than {ALIASED} values",
            )
        if depth + height > DEPTH:
            raise too_deep(event.start_mark.index)
        self._meter.spend("elements", count - 1)
        return value, below

    def _container(self, event: Event, depth: int) -> tuple[Json, Any, int]:
        """Return a list or an object, the places in it, and where it ends."""
        is_list = event.__class__ is SequenceStartEvent
        if event.tag not in {None, "!", _CORE + ("seq" if is_list else "map")}:
            _refuse_tag(event)
        if depth >= DEPTH:
            raise too_deep(event.start_mark.index)
        value, below, end = (self._list if is_list else self._object)(depth + 1)
        self._meter.spend("elements", len(below))
        return value, below, end

    def _list(self, depth: int) -> tuple[Json, Any, int]:
        items: list[Json] = []
        nodes: list[Node] = []
        while (event := self._next()).__class__ is not SequenceEndEvent:
            item, node = self._value(event, NO_KEY, depth)
            items.append(item)
            nodes.append(node)
        return items, nodes, _end(event)

    def _object(self, depth: int) -> tuple[Json, Any, int]:
        members: dict[str, Json] = {}
        nodes: dict[str, Node] = {}
        while (event := self._next()).__class__ is not MappingEndEvent:
            key = self._key(event)
            span = (event.start_mark.index, event.end_mark.index)
            if key in nodes:
                self._refuse_repeated(duplicate_key(key, span, nodes[key][0] or 0))
            members[key], nodes[key] = self._value(self._next(), span, depth)
        if self._merge and _MERGE in members:
            self._add_merged(members)
        return members, nodes, _end(event)

    def _key(self, event: Event) -> str:
        if event.__class__ is AliasEvent:
            raise fault_at(event, "别名不能作键", "an alias cannot be a key")
        if event.__class__ is not ScalarEvent:
            raise fault_at(event, "键必须是字符串", "a key must be a string", _BRACES)
        word: str = event.value
        if event.anchor is not None:
            self._begun(event).extend((word, None))
        if not _is_plain(event):
            if event.style == '"':
                _refuse_half_pair(event, word)
            if event.tag not in {None, "!", _CORE + "str"}:
                raise fault_at(event, "键必须是字符串", "a key must be a string")
        elif word not in self._keys:
            self._check_key(event, word)
        # Elements repeat the same keys; each is stored once.
        return self._keys.setdefault(word, word)

    # Subclasses that read another dialect override these:

    def _resolve(self, word: str, start: int) -> Json:
        return resolve_plain(word, start)

    def _check_key(self, event: Event, word: str) -> None:
        if word == _MERGE and self._merge:
            return
        if word == _MERGE:
            raise fault_at(
                event,
                "不支持合并键 <<",
                "merge keys (<<) are not supported",
                Text(zh="请把各键写全", en="write the keys out"),
            )
        if not word:
            raise fault_at(event, "冒号之前没有键", "there is no key before the colon")
        if not isinstance(resolve_plain(word, event.start_mark.index), str):
            raise fault_at(
                event,
                f"键必须是字符串，而 {word[:40]} 不是",
                f"a key must be a string, and {word[:40]} is not",
                Text(zh=f'请加引号："{word[:40]}"', en=f'put it in quotes: "{word[:40]}"'),
            )

    def _refuse_repeated(self, fault: Fault) -> None:
        raise fault

    def _add_merged(self, members: dict[str, Json]) -> None:
        merged = members[_MERGE]
        if isinstance(merged, Mapping):
            del members[_MERGE]
            for name, value in merged.items():
                members.setdefault(name, value)


def _measured(value: Json, most: int) -> tuple[int, int]:
    """Return how many values are in one with itself, counted a little beyond ``most``.

    The second number is how deep lists and objects nest in it.
    """
    level: list[Any] = [value]
    count, height = 1, 0
    while count <= most and (inner := [one for one in level if isinstance(one, (list, dict))]):
        height += 1
        count += sum(map(len, inner))
        # Aliases in it may expand to far more.
        if count <= most:
            level = [
                below for one in inner for below in (one.values() if isinstance(one, dict) else one)
            ]
    return count, height


def _end(event: Event) -> int:
    end: int = event.end_mark.index
    return end


def _is_plain(event: Event) -> bool:
    """Return whether a word without quotes and without a tag may be a number or a constant."""
    return event.implicit[0] and not event.style


def _refuse_half_pair(event: Event, word: str) -> None:
    """Refuse an escape that is not a character; the parser written in Python accepts it."""
    if not word.isascii() and _SURROGATE.search(word):
        raise fault_at(event, "代理码不是字符", "a surrogate is not a character")


def _tagged(event: Event) -> Json:
    """Return the value of a scalar with a tag that the core schema knows."""
    kind = event.tag.removeprefix(_CORE)
    word: str = event.value
    if kind in {"str", "!"}:
        return word
    value = resolve_plain(word, event.start_mark.index)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        try:
            value = float(value)
        except OverflowError:
            raise fault_at(event, "数太大", "this number is too large for a float") from None
    if kind not in _CLASSES:
        _refuse_tag(event)
    if value.__class__ is not _CLASSES[kind]:
        raise fault_at(event, f"{word[:40]} 不合标签 !!{kind}", f"{word[:40]} is not a !!{kind}")
    return value


def _refuse_tag(event: Event) -> NoReturn:
    """Refuse a tag outside the core schema."""
    tag = show(event.tag)
    raise fault_at(
        event,
        f"不支持标签 {tag}",
        f"the tag {tag} is not supported",
        Text(zh="请去掉标签，只写值", en="leave the tag out and write the value alone"),
    )


def _parser(raw: bytes) -> Any:
    """Return PyYAML's parser written in C or, if it is not built, the one in Python.

    The offsets of its marks count characters.
    """
    import yaml

    if yaml.__with_libyaml__:
        return yaml.CLoader(raw)
    return yaml.SafeLoader(raw.decode())


@contextmanager
def _in_plain_words(raw: bytes) -> Iterator[None]:
    """Convert the errors of a parser to a `Fault` in plain words."""
    import yaml

    try:
        yield
    except yaml.YAMLError as error:
        from pytest_icp.facts.files.yaml_faults import fault_of

        raise fault_of(error, raw.decode()) from None
    except (ValueError, OverflowError):
        # The parser written in Python passes a wrong escape or version number to int().
        raise Fault(Text(zh="不是有效的 YAML", en="not YAML"), start=0) from None


def fault_at(event: Event, zh: str, en: str, hint: Text | None = None) -> Fault:
    """Return a fault at the place of an event."""
    start, end = event.start_mark.index, event.end_mark.index
    return Fault(Text(zh=zh, en=en), start=start, end=max(end, start + 1), hint=hint)


_MARKER = re.compile(rb"^(?:---|\.\.\.)(?=[ \t\r\n]|\Z)", re.MULTILINE)
# Directives, comments and blank lines, which are not values.
_BARE = re.compile(rb"(?:[ \t]*(?:[%#][^\n]*)?\r?\n)*+[ \t]*+")


class Part(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """The text between two markers of a YAML file: at most one document.

    It is a span of ``whole``, with ``before`` lines above it. ``data`` is what could be read
    before ``fault`` if there is one; ``repeated`` are faults of repeated keys, the last of which
    counts.
    """

    whole: bytes
    start: int
    end: int
    before: int
    data: Json
    repeated: tuple[Fault, ...]
    fault: Fault | None

    @property
    def raw(self) -> bytes:
        """The bytes of the part, cut out each time, so that many parts take no memory."""
        return self.whole[self.start : self.end]


class PartPositions(Positions):
    """Finds values in a part, which is read once more when first needed: few parts are."""

    def __init__(self, part: Part) -> None:
        self._whole = part.whole
        self._span = slice(part.start, part.end)
        self._tree: Node | None = None

    def text(self) -> str:
        """Return the text of the part."""
        return self._whole[self._span].decode()

    def root(self) -> Node:
        """Return the node of the document."""
        if self._tree is None:
            reader = _Lenient(self._whole[self._span], Meter())
            reader.attempt()
            self._tree = reader.node
        return self._tree


def yaml_documents(raw: bytes, meter: Meter | None = None) -> Iterator[Part]:
    """Yield the parts of a UTF-8 text in order, without empty ones and null.

    Raises `OverBudgetError` for one with too many values.

    A marker at the beginning of a line ends a document everywhere, even inside a quoted text, so
    that a document that cannot be read never swallows the next one.
    """
    before = last = 0
    meter = meter or Meter()
    for start, end in _spans(raw):
        before += raw.count(b"\n", last, start)
        last = start
        reader = _Lenient(raw[start:end], meter)
        fault = reader.attempt()
        if reader.data is not None or fault:
            yield Part(
                whole=raw,
                start=start,
                end=end,
                before=before,
                data=reader.data,
                repeated=tuple(reader.repeated),
                fault=fault,
            )


def _spans(raw: bytes) -> Iterator[tuple[int, int]]:
    """Yield the start and end of documents; directives belong to the document that follows."""
    start = seen = 0
    for marker in _MARKER.finditer(raw):
        end = marker.start()
        bare = _BARE.fullmatch(raw, seen, end) is not None
        if not bare:
            yield start, end
        if not bare or raw.find(b"%", seen, end) < 0:
            start = end if marker[0] == b"---" else marker.end()
        seen = marker.end()
    yield start, len(raw)


class _Lenient(_Reader):
    """Reads a document like the tools that it is written for."""

    def __init__(self, raw: bytes, meter: Meter) -> None:
        super().__init__(raw, meter, merge=True)
        self.repeated: list[Fault] = []

    def attempt(self) -> Fault | None:
        """Read as far as possible, and return what is wrong."""
        try:
            self.read()
        except Fault as fault:
            return fault
        return None

    def _resolve(self, word: str, start: int) -> Json:
        """Return the value of a plain scalar; anything but a JSON number stays a text."""
        try:
            return super()._resolve(word, start)
        except Fault:
            return word

    def _check_key(self, event: Event, word: str) -> None:
        """Accept numbers and other words as texts, like JSON."""

    def _refuse_repeated(self, fault: Fault) -> None:
        self.repeated.append(fault)

    def _add_merged(self, members: dict[str, Json]) -> None:
        """Add the members of one object or of a list of them; ignore anything else."""
        merged = members.pop(_MERGE)
        for base in merged if isinstance(merged, list) else [merged]:
            if isinstance(base, Mapping):
                for name, value in base.items():
                    members.setdefault(name, value)
