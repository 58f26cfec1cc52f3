"""Citations and numbers that policies refer to by id: their files, and each reference."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from msgspec import Struct, convert, field

from pytest_icp.law.condition import ConditionError, Node, parse_condition
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, suggested
from pytest_icp.rules.fields import Path
from pytest_icp.rules.numbers import Case, Cases, Dated, Entry, Listing, Named, Number, Value
from pytest_icp.rules.policy import Citation
from pytest_icp.rules.policy_files import PolicyFile

EDITION = "edition"
"""The word for a number that is as old as the edition of the licence that prints it."""

_NO_DAY = Text(zh="没有写明从哪一天起适用", en="it is not said from which day on this value holds")
_SAY_DAY = Text(
    zh=f"写 from: 日期；许可证印明的写 from: {EDITION}；自行设定的，confidence 写 default",
    en=f"write `from: DAY`, or `from: {EDITION}` where the licence prints the number; "
    "confidence: default where no text sets it",
)
_NO_DAY_BESIDE = Text(
    zh="有多个取值，只有最早的一个可以不写日期",
    en="of several values only the oldest may go without a day",
)
_WRITE_FROM = Text(zh="写 from: 日期", en="write `from: DAY`")
_BACKWARD = Text(
    zh="{day} 不晚于前一个取值的 {before}", en="{day} is not after {before}, of the value before"
)
_OLDEST_FIRST = Text(zh="按日期先后排列，最早的在前", en="put the oldest first")
_OVERLAP = Text(
    zh="前一个取值适用至 {until}，与本取值的 {day} 重叠",
    en="the value before holds until {until}, which overlaps with {day}",
)
_GAP = Text(
    zh="前一个取值适用至 {until}，到 {day} 之间没有取值",
    en="the value before holds until {until}, so there is none until {day}",
)
_UNTIL = Text(
    zh="前一个取值写 until: {day}，或者不写", en="write `until: {day}` before it, or leave it out"
)
_ENDS_FIRST = Text(zh="{key}: {day} 早于 from: {start}", en="{key}: {day} is before from: {start}")
_NONE_BEFORE = Text(
    zh="最早的取值之前没有取值，不能写 {key}",
    en="no value is before the oldest, so it has no {key}",
)
_NOT_THE_FIRST = Text(
    zh="只有最早的取值才能写 covers: begun",
    en="only the oldest value can have covers: begun",
)
_TWICE = Text(zh="“{value}”列了两次", en="{value!r} is listed twice")


_MIXED = Text(
    zh="其他取值写有 where，本取值没有", en="other values have a `where`, this one has none"
)


_Defined = TypeVar("_Defined")
_Dated = TypeVar("_Dated", bound=Dated)

_Values = list[tuple[int, dict[str, Any]]]
"""Some values of a number as they are written, each with its position."""


def read_number(entry: dict[str, Any], file: PolicyFile, i: int) -> Named:
    """Read one number, the ``i``-th of its file.

    Raises `InputError` with the place for a value without a day that needs one, and for days that
    overlap, leave a gap or go backward.
    """
    return _Reader(file, i).number(entry)


class _Reader(Struct, frozen=True):
    """Reads the number at a position of its file."""

    file: PolicyFile
    i: int

    def number(self, entry: dict[str, Any]) -> Named:
        name, title, unit = entry["id"], Text(**entry["title"]), entry["unit"]
        written: _Values = [*enumerate(entry["values"])]
        if unit == "list":
            return Listing(id=name, title=title, values=tuple(self._entries(written)))
        groups: dict[str, _Values] = {}
        for i, one in written:
            groups.setdefault(json.dumps(one.get("where"), sort_keys=True), []).append((i, one))
        numbers = [
            Number(id=name, title=title, unit=unit, values=self._values(group))
            for group in groups.values()
        ]
        without = [i for i, one in written if "where" not in one]
        if len(without) == len(written):
            return numbers[0]
        for i in without:
            raise self._fault((i, "value"), _MIXED)
        cases = (
            Case(self._where(*group[0]), group[0][1]["where"], number)
            for group, number in zip(groups.values(), numbers, strict=True)
        )
        return Cases(id=name, title=title, unit=unit, cases=tuple(cases))

    def _entries(self, written: _Values) -> Iterator[Entry]:
        known: set[str] = set()
        for i, one in written:
            entry = self._read(Entry, i, one)
            self._oldest(i, entry)
            if entry.value in known:
                raise self._fault((i, "value"), _TWICE.format(value=entry.value))
            known.add(entry.value)
            yield entry

    def _values(self, written: _Values) -> tuple[Value, ...]:
        values: list[Value] = []
        for i, one in written:
            value = self._read(Value, i, one)
            if values:
                self._follows(i, value, values[-1])
                if value.begun:
                    raise self._fault((i, "covers"), _NOT_THE_FIRST)
            else:
                self._oldest(i, value)
                none_before = {"covers": value.running, "grace": value.grace}
                for key in (key for key, said in none_before.items() if said):
                    raise self._fault((i, key), _NONE_BEFORE.format(key=key))
            if value.grace and value.grace < value.since:
                raise self._ends_first(i, "grace", one)
            values.append(value)
        return tuple(values)

    def _read(self, kind: type[_Dated], i: int, one: dict[str, Any]) -> _Dated:
        edition, covers = one.get("from") == EDITION, one.get("covers")
        more = {"edition": edition, "running": covers == "running", "begun": covers == "begun"}
        start = None if edition else one.get("from")
        dated = convert({**one, **more, "from": start}, kind)
        if dated.start and dated.until and dated.until < dated.start:
            raise self._ends_first(i, "until", one)
        return dated

    def _oldest(self, i: int, one: Dated) -> None:
        if not (one.start or one.edition or one.confidence == "default"):
            raise self._fault((i, "value"), _NO_DAY, _SAY_DAY)

    def _follows(self, i: int, value: Value, before: Value) -> None:
        """Refuse a value that does not begin when the one before it ends."""
        if value.start is None:
            key = "from" if value.edition else "value"
            raise self._fault((i, key), _NO_DAY_BESIDE, _WRITE_FROM)
        if before.start and value.start <= before.start:
            text = _BACKWARD.format(day=value.start, before=before.start)
            raise self._fault((i, "from"), text, _OLDEST_FIRST)
        last = value.start - timedelta(days=1)
        if before.until and before.until != last:
            text = _OVERLAP if before.until > last else _GAP
            text = text.format(until=before.until, day=value.start)
            raise self._fault((i, "from"), text, _UNTIL.format(day=last))

    def _where(self, i: int, one: dict[str, Any]) -> Node:
        try:
            return parse_condition(one["where"])
        except ConditionError as error:
            raise self._fault((i, "where", *error.path), error.message) from error

    def _ends_first(self, i: int, key: str, one: dict[str, Any]) -> InputError:
        said = _ENDS_FIRST.format(key=key, day=one[key], start=one["from"])
        return self._fault((i, key), said)

    def _fault(self, at: Path, message: Text, hint: Text | str = "") -> InputError:
        return self.file.wrong(("parameters", self.i, "values", *at), message, hint)


_FIXED = Text(
    zh="数值“{name}”由条文规定（{source}），不能更改",
    en="the number {name!r} is fixed by law ({source}) and cannot be changed",
)
_UNIT = Text(
    zh="数值“{name}”的单位是 {old}，不是 {new}",
    en="the number {name!r} is in {old}, not in {new}",
)


class Law(Struct, frozen=True, kw_only=True):
    """The citations and numbers that policies refer to, by id."""

    citations: Mapping[str, Citation] = field(default_factory=dict)
    parameters: Mapping[str, Named] = field(default_factory=dict)


def gather(documents: Iterable[tuple[PolicyFile, Mapping[str, Any]]]) -> Law:
    """Collect what files of citations and of numbers define; each comes with its file.

    A later file may change a number that no verified text of law fixes, so that a company can
    set its own where the law gives none.

    Raises `InputError` for an id that is defined twice otherwise.
    """
    citations: dict[str, Citation] = {}
    parameters: dict[str, Named] = {}
    for file, document in documents:
        for entry in document.get("citations", ()):
            _once(citations, entry["id"], file)
            citations[entry["id"]] = convert(entry, Citation)
        parameters |= _numbers(document.get("parameters", ()), parameters, file)
    return Law(citations=citations, parameters=parameters)


def text_or_none(written: dict[str, str] | None) -> Text | None:
    """Return a text, None where the file leaves it out."""
    return Text(**written) if written else None


def _once(known: Mapping[str, object], name: str, file: PolicyFile) -> None:
    if name in known:
        said = Text(zh=f"id {name!r} 被定义了两次", en=f"the id {name!r} is defined twice")
        raise file.wrong((), said)


def _numbers(
    entries: Iterable[dict[str, Any]], known: Mapping[str, Named], file: PolicyFile
) -> dict[str, Named]:
    """Read the numbers of one file; each is new, or replaces one that may be changed."""
    numbers: dict[str, Named] = {}
    for i, entry in enumerate(entries):
        number = read_number(entry, file, i)
        _once(numbers, number.id, file)
        old = known.get(number.id)
        fixed = [one for one in old.values if one.confidence == "primary"] if old else []
        if fixed:
            said = _FIXED.format(name=number.id, source=fixed[-1].source)
            raise file.wrong(("parameters", i, "id"), said)
        if old and old.unit != number.unit:
            said = _UNIT.format(name=number.id, old=old.unit, new=number.unit)
            raise file.wrong(("parameters", i, "unit"), said)
        numbers[number.id] = number
    return numbers


def referred(written: Json, at: Path = ()) -> Iterator[tuple[str, Path]]:
    """Yield the id of each number that is referred to, ``{parameter: id}``, and where."""
    if isinstance(written, list):
        for i, part in enumerate(written):
            yield from referred(part, (*at, i))
    elif isinstance(written, dict):
        if written.keys() == {"parameter"}:
            yield str(written["parameter"]), at
        else:
            for key, part in written.items():
                yield from referred(part, (*at, key))


def definition(
    defined: Mapping[str, _Defined], name: str, what: Text, file: PolicyFile, at: Path
) -> _Defined:
    """Return what is defined under an id.

    Raises `InputError` at the place of the id when it is not defined.
    """
    if name in defined:
        return defined[name]
    said = Text(zh=f"没有名为 {name!r} 的{what.zh}", en=f"no {what.en} is called {name!r}")
    raise file.wrong(at, said, suggested(name, defined))
