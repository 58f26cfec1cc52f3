"""Records of changes (变更记录): what they name may no longer be as other pages print it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from msgspec.structs import replace

from pytest_icp.facts.paper import Field, PaperAttachment, Seen
from pytest_icp.law.text import Text
from pytest_icp.sources.paper.services import Services
from pytest_icp.sources.paper.stream import Stream, tight

_HEADING = re.compile(
    r"(?:许可证)?(?:变更|延续|增项)(?:事项|记录|内容|情况|登记(?!手续)|页|前:|后:)"
)
_CHANGING = re.compile(r"(?:变更|更名|更正)为|变更:|延[续长期]至|增加(?:业务|经营)|增项:")
_NEW = re.compile("(?:为|后|→|->|[续长期]至):?[\"'“‘]?")
_MOST = 100
_NAMES = {
    "holder": r"(?:公司|企业|单位)名称|更名",
    "legal_representative": "法定代表人|法人代表",
    "registered_capital": "注册资(?:本|金)",
    "registered_address": "住所|(?:公司|注册|企业)地址",
    "issuing_authority": "发证机关",
    "issued_on": "(?:发|颁)证(?:日期|时间)",
    "valid_until": "有效期",
    "services": "业务种类|覆盖范围|业务范围|服务项目|增项|增加(?:业务|经营)",
    "name": "(?:网站|APP|应用|小程序)(?:程序)?名称",
    "domains": "域名|网址",
    "server_location": "服务器(?:放置|所在)地",
    "access_provider": "接入服务提供",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _NAMES.items()}

_CHANGED = Text(
    zh="另有变更记录，可能已经不是这样", en="a record of changes names it: it may no longer be so"
)


class Changes:
    """The records of changes of a licence: each from the line of its first word to its sheet's end.

    Sentences of the special provisions about changes are not among its streams.
    """

    def __init__(self, streams: Iterable[Stream]) -> None:
        begun = ((stream, _begin(stream)) for stream in streams)
        records = [(stream, at) for stream, at in begun if at is not None]
        self._named = {
            name: tuple(filter(None, (_named(pattern, *record) for record in records)))
            for name, pattern in _PATTERNS.items()
        }
        new = ((one, match.end()) for one, at in records for match in _NEW.finditer(one.text, at))
        self._new = list(islice(new, _MOST))

    def settled(self, name: str, field: Field) -> Field:
        """Return a field, as a doubt where a record names it and its value is not the new one."""
        named = self._named[name]
        if field.value is None or not named or any(map(self._is_new, field.seen)):
            return field
        return Field(seen=(*field.seen, *named), doubt=_CHANGED)

    def services(self, cell: Services) -> Services:
        """Return the lines of business; none where a record names them."""
        named = self._named["services"] if cell.lines else ()
        lines = [line.name.seen[0] for line in cell.lines]
        return Services(why=Field(seen=(*lines, *named), doubt=_CHANGED)) if named else cell

    def attachment(self, row: PaperAttachment) -> PaperAttachment:
        """Return a row of the attached page, as `settled` does its fields."""
        names = ("name", "domains", "server_location", "access_provider")
        return replace(row, **{name: self.settled(name, getattr(row, name)) for name in names})

    def _is_new(self, seen: Seen) -> bool:
        words = tight(seen.words)
        return any(_is_whole(words, *place) for place in self._new)


def _is_whole(words: str, stream: Stream, at: int) -> bool:
    """Whether words stand somewhere, and none goes on behind them."""
    end = at + len(words)
    within = not stream.apart(end) and stream.text[end].isalnum()
    return stream.text.startswith(words, at) and not within


def _begin(stream: Stream) -> int | None:
    """Return where the line begins that begins a record; None if the sheet has none."""
    headings = [match.start() for match in _HEADING.finditer(stream.text)]
    found = [at for at in headings if stream.starts_line(at)]
    found += [match.start() for match in _CHANGING.finditer(stream.text)]
    at = min(found, default=None)
    while at and not stream.starts_line(at):
        at -= 1
    return at


def _named(pattern: re.Pattern[str], stream: Stream, at: int) -> Seen | None:
    """Return the words from a name to the end of its line; None if a record does not have it."""
    match = pattern.search(stream.text, at)
    if match is None:
        return None
    end = match.end()
    while end < len(stream.characters) and not stream.starts_line(end):
        end += 1
    return stream.seen(match.start(), end)
