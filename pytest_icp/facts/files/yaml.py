"""YAML text to JSON types: dates, `on` and `no` stay texts; repeated keys are refused.

Data and places are read in one pass over the events of PyYAML's parser. PyYAML's own `compose`
loses the places of aliases and refuses an anchor that is used again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from pytest_icp.facts.files.budget import SMALLER, Meter, OverBudgetError
from pytest_icp.facts.files.faults import DEPTH, Fault, duplicate_key, empty, too_deep
from pytest_icp.facts.files.positions import NO_KEY, KeySpan, Node
from pytest_icp.facts.files.wording import show
from pytest_icp.facts.files.yaml_faults import (
    Event,
    fault_at,
    in_plain_words,
    parser,
    refuse_unprintable,
)
from pytest_icp.facts.files.yaml_scalars import CORE, refuse_tag, resolve_plain, tagged
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_icp.law.jsontypes import Json

ALIASED = 100_000
"""How many values all aliases of a document may expand to."""

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
