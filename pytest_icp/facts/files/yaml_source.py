"""YAML text to JSON types: dates stay texts, `on` and `no` stay words, every key is kept.

Scalars follow the core schema of YAML 1.2. The events of the parser are built into data by
an explicit stack, so that no document can exhaust Python's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from pytest_icp.facts.files.faults import DEPTH, Fault, duplicate_key, empty, too_deep
from pytest_icp.facts.files.garbage import collector_spared
from pytest_icp.facts.files.wording import show
from pytest_icp.facts.files.yaml_events import events, refuse_unprintable
from pytest_icp.facts.files.yaml_scalars import resolve_plain
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_icp.law.jsontypes import Json

_Event: TypeAlias = Any
"""An event of PyYAML, which types every mark as optional; those of a parser all have one."""

ALIASED = 100_000
"""How many values all aliases of a document may stand for together."""

_MERGE = "<<"
_CORE = "tag:yaml.org,2002:"
_SURROGATE = re.compile("[\ud800-\udfff]")
# What a plain scalar begins with unless it is a text.
_NOT_TEXT = frozenset("0123456789+-.~nNtTfF")


def parse_yaml(raw: bytes, text: str, *, merge: bool = False) -> Json:
    """Read YAML, given as UTF-8 without a byte-order mark and decoded, into JSON types.

    With ``merge``, the key ``<<`` adds the members of other objects that an object lacks.

    Raises `Fault` for what is not YAML, no document or more than one, a key that is repeated
    or is no text, another ``<<``, a tag outside the core schema, .inf and .nan, nesting beyond
    `DEPTH`, and aliases that contain themselves or stand for more than `ALIASED` values.
    """
    refuse_unprintable(text)
    builder = Builder(merge=merge)
    with collector_spared():
        handlers = builder.handlers()
        for event in events(raw):
            handlers[event.__class__](event)
    return builder.document()


class _Frame:
    """A list or an object that is being read.

    ``keys`` holds the offset of each key of an object so far and is None for a list;
    ``height`` is the deepest nesting below; ``before`` counts the values read before it.
    """

    __slots__ = ("anchor", "before", "height", "items", "key", "keys", "members")

    def __init__(self, anchor: str | None, before: int, *, of: type[dict] | type[list]) -> None:  # type: ignore[type-arg]  # only the class counts
        self.anchor = anchor
        self.before = before
        self.height = 1
        self.key: str | None = None
        self.items: list[Json] = []
        self.members: dict[str, Json] = {}
        self.keys: dict[str, int] | None = {} if of is dict else None


class _Anchored:
    """A finished value that aliases may repeat, with its weight and height."""

    __slots__ = ("height", "value", "values")

    def __init__(self, value: Json, values: int, height: int) -> None:
        self.value = value
        self.values = values
        self.height = height


class Builder:
    """Builds one document from the events of its parser; what it refuses, a dialect may take."""

    resolve = staticmethod(resolve_plain)

    def __init__(self, *, merge: bool = False) -> None:
        self._merge = merge
        self._frames = [_Frame(None, 0, of=list)]
        self._anchors: dict[str, _Anchored | _Frame] = {}
        self._names: dict[str, str] = {}
        self._values = 0
        self._aliased = 0
        self._documents = 0
        self._bare = False

    def handlers(self) -> dict[type, Callable[[_Event], None]]:
        """Return the method that takes each class of event."""
        from yaml import events as kinds

        return {
            kinds.StreamStartEvent: _ignore,
            kinds.StreamEndEvent: _ignore,
            kinds.DocumentStartEvent: self._document,
            kinds.DocumentEndEvent: _ignore,
            kinds.ScalarEvent: self._scalar,
            kinds.AliasEvent: self._alias,
            kinds.SequenceStartEvent: self._open_list,
            kinds.MappingStartEvent: self._open_object,
            kinds.SequenceEndEvent: self._close,
            kinds.MappingEndEvent: self._close,
        }

    def document(self) -> Json:
        """Return the data of the document that was built."""
        root = self._frames[0].items
        if not root or self._bare:
            raise empty()
        return root[0]

    def _document(self, event: _Event) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _fault(event, "一个文件只能有一个文档", "a second document in one file", _SPLIT)

    def _scalar(self, event: _Event) -> None:
        word = event.value
        # `implicit` tells whether the parser lets a plain word be resolved.
        plain = event.implicit[0] and not event.style
        if event.style == '"':
            _refuse_half_pair(event, word)
        frame = self._frames[-1]
        keys = frame.keys
        if keys is not None and frame.key is None:
            frame.key = self._key(keys, event, plain=plain)
            return
        value: Json = word
        if plain:
            if word[:1] in _NOT_TEXT or not word:
                value = self.resolve(word, event.start_mark.index)
                self._bare = len(self._frames) == 1 and not word
        elif event.tag is not None:
            value = _tagged(event)
        self._values += 1
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0)
        self._add(value)

    def _key(self, keys: dict[str, int], event: _Event, *, plain: bool) -> str:
        """Return a key that is good and new, and note where it stands."""
        word: str = self._names.get(event.value, "") if plain else ""
        if not word:
            word = event.value
            if plain:
                self._check_key(event, word)
                self._names[word] = word
            elif event.tag not in {None, "!", _CORE + "str"}:
                raise _fault(event, "键必须是字符串", "a key must be a string")
        start = event.start_mark.index
        if word in keys:
            self._repeated(duplicate_key(word, (start, event.end_mark.index), keys[word]))
        keys[word] = start
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(word, 1, 0)
        return word

    def _check_key(self, event: _Event, word: str) -> None:
        if not (self._merge and word == _MERGE):
            _refuse_key(event, word)

    def _repeated(self, fault: Fault) -> None:
        raise fault

    def _add(self, value: Json) -> None:
        frame = self._frames[-1]
        if frame.key is None:
            frame.items.append(value)
        elif self._merge and frame.key == _MERGE and isinstance(value, dict):
            frame.members = {**value, **frame.members}
            frame.key = None
        else:
            frame.members[frame.key] = value
            frame.key = None

    def _alias(self, event: _Event) -> None:
        frame = self._frames[-1]
        if frame.keys is not None and frame.key is None:
            raise _fault(event, "别名不能作键", "an alias cannot be a key")
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            raise _fault(
                event, f"没有锚点 {show(event.anchor)}", f"there is no anchor {show(event.anchor)}"
            )
        if isinstance(anchored, _Frame):
            raise _fault(event, "别名包含它自己", "this alias contains itself")
        self._values += anchored.values
        self._aliased += anchored.values
        if self._aliased > ALIASED:
            raise _fault(
                event,
                f"全部别名展开后超过 {ALIASED} 个值",
                f"the aliases stand for more than {ALIASED} values",
            )
        if len(self._frames) - 1 + anchored.height > DEPTH:
            raise too_deep(event.start_mark.index)
        frame.height = max(frame.height, anchored.height + 1)
        self._add(anchored.value)

    def _open_list(self, event: _Event) -> None:
        self._open(event, "seq", _Frame(event.anchor, self._values, of=list))

    def _open_object(self, event: _Event) -> None:
        self._open(event, "map", _Frame(event.anchor, self._values, of=dict))

    def _open(self, event: _Event, tag: str, frame: _Frame) -> None:
        if event.tag not in {None, "!", _CORE + tag}:
            _refuse_tag(event, event.tag)
        above = self._frames[-1]
        if above.keys is not None and above.key is None:
            raise _fault(event, "键必须是字符串", "a key must be a string", _BRACES)
        if len(self._frames) > DEPTH:
            raise too_deep(event.start_mark.index)
        self._values += 1
        if event.anchor is not None:
            self._anchors[event.anchor] = frame
        self._frames.append(frame)

    def _close(self, _: _Event) -> None:
        frame = self._frames.pop()
        value: Json = frame.items if frame.keys is None else frame.members
        if frame.anchor is not None and self._anchors.get(frame.anchor) is frame:
            values = self._values - frame.before
            self._anchors[frame.anchor] = _Anchored(value, values, frame.height)
        above = self._frames[-1]
        above.height = max(above.height, frame.height + 1)
        self._add(value)


_SPLIT = Text(zh="拆成几个文件，用 include 引入", en="write one file each and `include` them")
_BRACES = Text(
    zh="花括号里写的若是文字（如模板 {{…}}），请加引号",
    en="if braces are part of a text, like a template's {{…}}, put it in quotes",
)


def _ignore(_: object) -> None:
    """Take an event that carries no data."""


def _fault(event: _Event, zh: str, en: str, hint: Text | None = None) -> Fault:
    start, end = event.start_mark.index, event.end_mark.index
    return Fault(Text(zh=zh, en=en), start=start, end=max(end, start + 1), hint=hint)


def _refuse_half_pair(event: _Event, word: str) -> None:
    """Refuse an escape that is no character; the parser written in Python lets it through."""
    if not word.isascii() and _SURROGATE.search(word):
        raise _fault(event, "代理码不是字符", "a surrogate is no character")


def _refuse_key(event: _Event, word: str) -> None:
    if word == _MERGE:
        raise _fault(
            event,
            "不支持合并键 <<",
            "merge keys (<<) are not supported",
            Text(zh="请把各键写全", en="write the keys out"),
        )
    if not word:
        raise _fault(event, "冒号之前没有键", "there is no key before the colon")
    value = resolve_plain(word, event.start_mark.index)
    if not isinstance(value, str):
        raise _fault(
            event,
            f"键必须是字符串，而 {word[:40]} 不是",
            f"a key must be a string, and {word[:40]} is not",
            Text(zh=f'请加引号："{word[:40]}"', en=f'put it in quotes: "{word[:40]}"'),
        )


def _tagged(event: _Event) -> Json:
    """Return the value of a scalar with a tag that the core schema knows."""
    kind = (event.tag or "").removeprefix(_CORE)
    word: str = event.value
    start: int = event.start_mark.index
    if kind in {"str", "!"}:
        return word
    value = resolve_plain(word, start)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = _as_float(event, value)
    classes = {"int": int, "float": float, "bool": bool, "null": type(None)}
    if kind not in classes:
        _refuse_tag(event, event.tag)
    if value.__class__ is not classes[kind]:
        raise _fault(event, f"{word[:40]} 不合标签 !!{kind}", f"{word[:40]} is no !!{kind}")
    return value


def _as_float(event: _Event, value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        raise _fault(event, "数太大", "this number is too large for a float") from None


def _refuse_tag(event: _Event, tag: str | None) -> NoReturn:
    raise _fault(
        event,
        f"不支持标签 {show(tag)}",
        f"the tag {show(tag)} is not supported",
        Text(zh="请去掉标签，只写值", en="leave the tag out and write the value alone"),
    )
