"""YAML text to JSON types: dates, `on` and `no` stay texts; repeated keys are refused.

Data and places are read in one pass over the events of PyYAML's parser. PyYAML's own `compose`
loses the places of aliases and refuses an anchor that is used again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pytest_icp.facts.files.budget import SMALLER, Meter, OverBudgetError
from pytest_icp.facts.files.faults import DEPTH, Fault, duplicate_key, empty, show, too_deep
from pytest_icp.facts.files.flow import resolve_plain
from pytest_icp.facts.files.positions import NO_KEY, KeySpan, Node
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yaml import YAMLError

    from pytest_icp.law.jsontypes import Json

ALIASED = 100_000
"""How many values all aliases of a document may expand to."""

CORE = "tag:yaml.org,2002:"
"""What the tags of the core schema begin with."""

MERGE = "<<"
"""The key that adds the members of another object."""

_SURROGATE = re.compile("[\ud800-\udfff]")
# First characters of plain scalars that may be something else than a text.
_NOT_TEXT = frozenset(("", *"0123456789+-.~nNtTfF"))
_SHORT = 32


def parse_yaml(raw: bytes, text: str, *, merge: bool = False) -> tuple[Json, Node]:
    """Read YAML, given as UTF-8 without a byte-order mark and decoded, into JSON types.

    Returns the places of the values as well. With ``merge``, the key ``<<`` adds the members of
    another object that an object lacks, and an anchor that no alias names is refused.

    Raises `Fault` for what is not YAML, no document or more than one, a key that is repeated or
    not a text, another ``<<``, a tag outside the core schema, .inf and .nan, nesting beyond
    `DEPTH`, and aliases that contain themselves or expand to more than `ALIASED` values.
    """
    refuse_unprintable(text)
    reader = Reader(raw, Meter(), merge=merge)
    try:
        reader.read()
    except OverBudgetError as error:
        raise Fault(error.message, start=0, hint=SMALLER) from None
    if reader.data is None and reader.node[2] == reader.node[3]:
        raise empty()
    if merge:
        reader.refuse_unnamed()
    return reader.data, reader.node


class _Anchored:
    """A value that aliases may repeat, its number of values, and how deep it nests.

    ``values`` is 0 while the value is being read. ``event`` is where it begins.
    """

    __slots__ = ("below", "event", "height", "named", "value", "values")

    def __init__(self, event: Event) -> None:
        self.event = event
        self.named = False
        self.value: Json = None
        self.below: Any = None
        self.values = self.height = 0


class Reader:
    """Reads the one document of a text; ``data`` is None if there is none."""

    def __init__(self, raw: bytes, meter: Meter, *, merge: bool) -> None:
        self.data: Json = None
        self.node: Node = (*NO_KEY, 0, 0, None)
        self._raw = raw
        self._meter = meter
        self._metered = 0
        self._merge = merge
        self._anchors: dict[str, _Anchored] = {}
        self._anchored: list[_Anchored] = []
        self._keys: set[str] = set()
        self._words: dict[str, str] = {}
        self._values = 0
        self._aliased = 0
        self._deepest = 0

    def read(self) -> None:
        """Read the text; raise `Fault` for the first fault."""
        with in_plain_words(self._raw):
            self._next: Callable[[], Event] = parser(self._raw).get_event
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
        for one in self._anchored:
            if not one.named:
                name = show(one.event.anchor)
                raise fault_at(
                    one.event,
                    f"没有别名引用锚点 {name}",
                    f"no alias names the anchor {name}",
                    _UNUSED,
                )

    def _value(self, event: Event, key: KeySpan, depth: int) -> tuple[Json, Node]:
        """Return the value that begins with an event, at a depth of nesting."""
        kind = event.__class__
        if kind is ScalarEvent:
            value, below, end = self._scalar(event), None, event.end_mark.index
        elif kind is AliasEvent:
            anchored = self._alias(event, depth)
            value, below, end = anchored.value, anchored.below, event.end_mark.index
        else:
            value, below, end = self._container(event, depth)
        return value, (*key, event.start_mark.index, end, below)

    def _scalar(self, event: Event) -> Json:
        word = event.value
        value: Json = word
        if event.style == '"':
            _refuse_half_pair(event, word)
        if _is_plain(event):
            if word[:1] in _NOT_TEXT:
                value = self._resolve(word, event.start_mark.index)
        elif event.tag is not None:
            value = tagged(event)
        if value.__class__ is str and len(word) <= _SHORT:
            # Descriptions repeat the same words; each is stored once.
            value = self._words.setdefault(word, word)
        self._values += 1
        if event.anchor is not None:
            self._anchor(event, value)
        return value

    def _anchor(self, event: Event, value: Json) -> None:
        anchored = self._begun(event)
        anchored.value, anchored.values = value, 1

    def _begun(self, event: Event) -> _Anchored:
        """Return what an anchor marks, whose value is not read yet."""
        anchored = self._anchors[event.anchor] = _Anchored(event)
        self._anchored.append(anchored)
        return anchored

    def _alias(self, event: Event, depth: int) -> _Anchored:
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            name = show(event.anchor)
            raise fault_at(event, f"没有锚点 {name}", f"there is no anchor {name}")
        if not anchored.values:
            raise fault_at(event, "别名包含它自己", "this alias contains itself")
        anchored.named = True
        self._values += anchored.values
        self._aliased += anchored.values
        if self._aliased > ALIASED:
            raise fault_at(
                event,
                f"全部别名展开后超过 {ALIASED} 个值",
                f"the aliases expand to more than {ALIASED} values",
            )
        if depth + anchored.height > DEPTH:
            raise too_deep(event.start_mark.index)
        self._deepest = max(self._deepest, depth + anchored.height)
        return anchored

    def _container(self, event: Event, depth: int) -> tuple[Json, Any, int]:
        """Return a list or an object, the places in it, and where it ends."""
        is_list = event.__class__ is SequenceStartEvent
        if event.tag not in {None, "!", CORE + ("seq" if is_list else "map")}:
            refuse_tag(event)
        if depth >= DEPTH:
            raise too_deep(event.start_mark.index)
        anchored = None
        if event.anchor is not None:
            anchored = self._begun(event)
        before, around = self._values, self._deepest
        self._values += 1
        self._deepest = depth + 1
        value, below, end = (self._list if is_list else self._object)(depth + 1)
        self._meter.spend("elements", self._values - self._metered)
        self._metered = self._values
        if anchored is not None:
            anchored.value, anchored.below = value, below
            anchored.values = self._values - before
            anchored.height = self._deepest - depth
        self._deepest = max(self._deepest, around)
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
        if self._merge and MERGE in members:
            self._add_merged(members)
        return members, nodes, _end(event)

    def _key(self, event: Event) -> str:
        if event.__class__ is AliasEvent:
            raise fault_at(event, "别名不能作键", "an alias cannot be a key")
        if event.__class__ is not ScalarEvent:
            raise fault_at(event, "键必须是字符串", "a key must be a string", _BRACES)
        word: str = event.value
        if event.anchor is not None:
            self._anchor(event, word)
        if not _is_plain(event):
            if event.style == '"':
                _refuse_half_pair(event, word)
            if event.tag not in {None, "!", CORE + "str"}:
                raise fault_at(event, "键必须是字符串", "a key must be a string")
        elif word not in self._keys:
            self._check_key(event, word)
            self._keys.add(word)
        return self._words.setdefault(word, word)

    # Subclasses that read another dialect override these:

    def _resolve(self, word: str, start: int) -> Json:
        return resolve_plain(word, start)

    def _check_key(self, event: Event, word: str) -> None:
        if word == MERGE and self._merge:
            return
        if word == MERGE:
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
        merged = members[MERGE]
        if isinstance(merged, Mapping):
            del members[MERGE]
            for name, value in merged.items():
                members.setdefault(name, value)


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


_UNUSED = Text(zh="删去它，或者用 * 引用", en="remove it, or refer to it with *")
_SPLIT = Text(zh="拆成几个文件，用 include 引入", en="write one file each and `include` them")
_BRACES = Text(
    zh="花括号里写的若是文字（如模板 {{…}}），请加引号",
    en="if braces are part of a text, like a template's {{…}}, put it in quotes",
)


Event: TypeAlias = Any
"""An event of PyYAML, which types every mark as optional; those of a parser all have one."""

_NEAR = 20
"""How many lines before a fault are searched for its cause."""

_UNPRINTABLE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)


def refuse_unprintable(text: str) -> None:
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


def tagged(event: Event) -> Json:
    """Return the value of a scalar with a tag that the core schema knows."""
    kind = (event.tag or "").removeprefix(CORE)
    word: str = event.value
    start: int = event.start_mark.index
    if kind in {"str", "!"}:
        return word
    value = resolve_plain(word, start)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = _as_float(event, value)
    classes = {"int": int, "float": float, "bool": bool, "null": type(None)}
    if kind not in classes:
        refuse_tag(event)
    if value.__class__ is not classes[kind]:
        raise fault_at(event, f"{word[:40]} 不合标签 !!{kind}", f"{word[:40]} is not a !!{kind}")
    return value


def _as_float(event: Event, value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise fault_at(event, "数太大", "this number is too large for a float") from None


def refuse_tag(event: Event) -> NoReturn:
    """Refuse a tag outside the core schema."""
    tag = show(event.tag)
    raise fault_at(
        event,
        f"不支持标签 {tag}",
        f"the tag {tag} is not supported",
        Text(zh="请去掉标签，只写值", en="leave the tag out and write the value alone"),
    )


def parser(raw: bytes) -> Any:
    """Return PyYAML's parser written in C or, if it is not built, the one in Python.

    The offsets of its marks count characters.
    """
    import yaml

    if yaml.__with_libyaml__:
        return yaml.CLoader(raw)
    return yaml.SafeLoader(raw.decode())


@contextmanager
def in_plain_words(raw: bytes) -> Iterator[None]:
    """Convert the errors of a parser to a `Fault` in plain words."""
    import yaml

    try:
        yield
    except yaml.YAMLError as error:
        fault = _not_yaml(error, raw)
        raise _misplaced(raw.decode(), fault) or fault from None
    except (ValueError, OverflowError):
        # The parser written in Python passes a wrong escape or version number to int().
        raise Fault(Text(zh="不是有效的 YAML", en="not YAML"), start=0) from None


def fault_at(event: Event, zh: str, en: str, hint: Text | None = None) -> Fault:
    """Return a fault at the place of an event."""
    start, end = event.start_mark.index, event.end_mark.index
    return Fault(Text(zh=zh, en=en), start=start, end=max(end, start + 1), hint=hint)


def _not_yaml(error: YAMLError, raw: bytes) -> Fault:
    problem = getattr(error, "problem", None) or "unreadable"
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    start = mark.index if mark else 0
    for words, message, hint, at_context in _COMPLAINTS:
        if words in problem:
            if at_context and context:
                start = context.index
            return Fault(message, start=start, hint=hint)
    if "cannot start any token" in problem:
        return _wrong_start(raw, start)
    return Fault(Text(zh=f"不是有效的 YAML：{problem}", en=f"not YAML: {problem}"), start=start)


def _misplaced(text: str, fault: Fault) -> Fault | None:
    """Return the fault of the full-width sign that causes another fault, if one does."""
    from pytest_icp.facts.files.punctuation import misplaced_before

    end = text.find("\n", fault.start)
    lines = text[: end if end >= 0 else None].split("\n")[-_NEAR:]
    found = misplaced_before(lines)
    if found is None:
        return None
    index, sign = found
    rest = sum(len(line) + 1 for line in lines[index:]) - 1
    start = (end if end >= 0 else len(text)) - rest
    return Fault(sign.message, start=start + sign.start, end=start + sign.end, hint=sign.hint)


def _wrong_start(raw: bytes, start: int) -> Fault:
    character = raw.decode()[start : start + 1]
    if character == "\t":
        return Fault(_TAB, start=start, hint=_SPACES)
    return Fault(
        Text(zh=f"值不能以 {character} 开头", en=f"a value cannot begin with {character}"),
        start=start,
        hint=Text(zh="请给整个值加引号", en="put the whole value in quotes"),
    )


_TABLE = """
found a tab character | YAML 不能用制表符缩进 | a tab cannot indent YAML |
    请改用空格 | use spaces
mapping values are not allowed | 此处不能再有 `键: 值` | `key: value` is not allowed here |
    值里若有冒号加空格，请加引号；否则检查缩进 |
    put a value that contains a colon and a space in quotes, or check the indentation
sequence entries are not allowed | 此处不能有 `- ` | `- ` is not allowed here |
    检查缩进 | check the indentation
expected key | 缩进与上文不符 | this does not line up with the lines above |
    检查缩进 | check the indentation
expected '-' indicator | 缩进与上文不符 | this does not line up with the lines above |
    检查缩进 | check the indentation
expected <block end> | 缩进与上文不符 | this does not line up with the lines above |
    检查缩进 | check the indentation
could not find expected ':' * | 这一行不是 `键: 值` | this line is not `key: value` |
    键后要有冒号加空格 | a colon and a space follow a key
found unexpected end of stream * | 引号没有结束 | these quotes are not closed
found unexpected document * | 引号没有结束 | these quotes are not closed
expected ',' or ']' | 此处应有 ',' 或 ']' | expected ',' or ']' here
expected ',' or '}' | 此处应有 ',' 或 '}' | expected ',' or '}' here
node content | 此处应有一个值 | expected a value here
unknown escape character | 不认识的转义 | unknown escape |
    反斜杠原样写时用单引号 | use single quotes for a literal backslash
<document start> | 文档到此已经结束，后面还有内容 | the document ends before this
nesting depth | 嵌套太深 | nested too deeply
"""
"""What the parser says, what it means, and what to do; with * the fault lies where it began."""


def _complaints() -> Iterator[tuple[str, Text, Text, bool]]:
    for row in re.split(r"\n(?! )", _TABLE.strip()):
        words, *said = (" ".join(cell.split()) for cell in row.split("|"))
        message, hint, *_ = *map(Text, said[::2], said[1::2]), Text("", "")
        yield words.removesuffix(" *"), message, hint, words.endswith(" *")


_COMPLAINTS = tuple(_complaints())
_TAB, _SPACES = _COMPLAINTS[0][1:3]
