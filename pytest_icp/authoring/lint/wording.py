"""Finds words that lack a translation, are not printed, too long, or differ from what a rule uses.

A rule quotes its own quotation, or where it rests on a statute the articles that it cites, in all
their versions. A rule that reckons with days, or compares how long something took, uses every
length of time (期限) that it quotes: one with a bound of no days that quotes thirty is wrong by
thirty days. What the parts of a rule quote alike, one of them uses. A number that was read in the
law stands in what one of the rules quotes or cites that use it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pytest_icp.authoring.lint import Remark, WrittenObligation
from pytest_icp.authoring.words import leaves, lengths_in
from pytest_icp.law.condition import BOUNDS, is_number
from pytest_icp.law.jsontypes import Json, pointer
from pytest_icp.law.text import Text, counted
from pytest_icp.reports.failure import first_sentence
from pytest_icp.reports.layout import width
from pytest_icp.rules.fields import CONDITIONS, Field, Path
from pytest_icp.rules.numbers import Amount, Cases, Listing, Named, Number
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Citation, Obligation
from pytest_icp.rules.policy_files import PARTS
from pytest_icp.rules.specs import numbers_in

_HAN = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[A-Za-z]")
_NO_ZH = Text(zh="中文文本中没有汉字", en="the Chinese text has no Chinese characters")
_NO_EN = Text(zh="没有英文译文", en="there is no English translation")
_TRANSLATE = Text(zh="补上译文", en="translate it")
_NOT_PRINTED = Text(zh="引文不在 text 之中", en="the quoted words are not in `text`")
_CUT = Text(zh="从 text 中逐字摘取", en="copy them from `text` exactly")
_NO_LAW = Text(zh="以法规为依据，却没有引用任何法条", en="it is based on a statute, but cites none")
_CITE = Text(
    zh="在 cites 中写上 statutes.yaml 中的法条", en="list an article of statutes.yaml in `cites`"
)
_LONG = Text(
    zh="第一句占{n}列，不能超过{most}列，否则一行显示不下",
    en="the first sentence takes {n} columns; more than {most} do not fit into a line",
)
_SHORTEN = Text(
    zh="第一句只写要做什么，其余写在后面的句子中",
    en="say in it what to do, and the rest in the sentences after it",
)

_IN_A_LINE = 70
"""Columns that a terminal has for the first sentence of a fix."""


def untranslated(written: WrittenPolicy) -> Iterator[Remark]:
    """Yield each text of a policy that has one language only."""
    for path, text in _texts(written.data, ()):
        wrong = None
        if not _HAN.search(text["zh"]):
            wrong = ("zh", _NO_ZH)
        elif text["en"] == text["zh"] or not _LATIN.search(text["en"]):
            wrong = ("en", _NO_EN)
        if wrong:
            yield Remark(
                code="translation",
                about=_about(written, path),
                place=written.file.place(pointer((*path, wrong[0]))),
                message=wrong[1],
                hint=_TRANSLATE,
            )


def _texts(
    value: Json, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Mapping[str, str]]]:
    if isinstance(value, Mapping):
        if value.keys() == {"zh", "en"}:
            yield path, {lang: str(words) for lang, words in value.items()}
            return
        for key, member in value.items():
            yield from _texts(member, (*path, key))
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from _texts(member, (*path, i))


def _about(written: WrittenPolicy, path: tuple[str | int, ...]) -> str:
    if path[0] != "obligations":
        return written.policy.id
    rule = written.policy.obligations[int(path[1])]
    return rule.parts[int(path[3])].own_id if path[2] == PARTS else rule.rule_id


def uncited(entry: WrittenObligation) -> Iterator[Remark]:
    """Yield the mistakes in what an obligation quotes and cites."""
    obligation, policy = entry.obligation, entry.written.policy
    for lang in ("zh", "en"):
        texts = (policy.text, *(one.text for one in policy.editions if one.text))
        printed = " ".join(_flat(text[lang]) for text in texts)
        if obligation.quote and _flat(obligation.quote[lang]) not in printed:
            yield entry.remark("quote", ("quote", lang), _NOT_PRINTED, _CUT)
    if obligation.basis == "statute" and not obligation.cites:
        yield entry.remark("citation", ("cites",), _NO_LAW, _CITE)


def long_fixes(entry: WrittenObligation) -> Iterator[Remark]:
    """Yield each language in which a line does not hold the first sentence of the fix."""
    first = first_sentence(entry.obligation.fix)
    for lang in ("zh", "en"):
        if (columns := width(first[lang])) > _IN_A_LINE:
            said = _LONG.format(n=columns, most=_IN_A_LINE)
            yield entry.remark("long-fix", ("fix", lang), said, _SHORTEN)


def _flat(words: str) -> str:
    return " ".join(words.split())


# ---- Lengths of time


_Length = tuple[float, str]

_UNITS = frozenset(Amount.__struct_fields__)

_UNUSED = Text(
    zh="引文写明 {quoted}，本项用的是 {used}", en="it quotes {quoted}, but the rule uses {used}"
)
_USES_NONE = Text(
    zh="引文写明 {quoted}，本项没有用到期限",
    en="it quotes {quoted}, but the rule uses no length of time",
)
_AND = Text(zh="、", en=" and ")
_USE_IT = Text(
    zh="用上这个期限，或者只引用起决定作用的文字", en="use it, or quote only the words that decide"
)
_UNQUOTED = Text(
    zh="数值“{id}”（{amount}）标为 primary，用它的规则所引用的文字却都没有写明",
    en="the number {id!r} ({amount}) is marked as primary, but no rule that uses it quotes or "
    "cites words that state it",
)
_QUOTE_IT = Text(
    zh="引用写明它的文字；没有读过原文的，改写 confidence",
    en="quote or cite the words that state it; if they were not read, change its confidence",
)


def unused_lengths(entry: WrittenObligation) -> Iterator[Remark]:
    """Yield the lengths of time that an obligation quotes and does not use."""
    for path, words in _quoted(entry):
        users = _quoting(entry, path)
        used = sorted({length for one in users for length in _used(one)})
        if not used and not any(map(_reckons_with_days, users)):
            continue
        shown = _AND.join(counted(*one) for one in used)
        for length in sorted(lengths_in(words) - {_in_years(one) for one in used}):
            text = _UNUSED if used else _USES_NONE
            said = text.format(quoted=counted(*length), used=shown)
            yield entry.remark("unused-length", path, said, _USE_IT)


def unquoted_lengths(
    every: Sequence[WrittenObligation], rules: Collection[str]
) -> Iterator[Remark]:
    """Yield the numbers of the given rules that were read in the law, and that nothing quotes."""
    quoted: dict[str, set[_Length]] = {}
    for entry in every:
        obligation = entry.obligation
        stated = {one for words in _words(obligation) for one in _stated(words)}
        for number in obligation.relies_on:
            quoted.setdefault(number.id, set()).update(stated)
    for entry in every:
        if entry.obligation.rule_id not in rules:
            continue
        for number in _lengths(entry.obligation.relies_on):
            for value in number.values:
                length = (value.n, number.unit)
                if value.confidence == "primary" and _in_years(length) not in quoted[number.id]:
                    said = _UNQUOTED.format(id=number.id, amount=counted(*length))
                    at = dict(numbers_in(type(entry.obligation.spec), entry.data))
                    path = at.get(number.id, ())
                    yield entry.remark("unquoted-length", path, said, _QUOTE_IT)


def _quoting(entry: WrittenObligation, path: Path) -> list[Obligation]:
    """Return the obligation; of a part also the others that have the same words there."""
    name = str(path[0])
    words = getattr(entry.obligation, name)
    return [one for one in entry.whole.each_part if getattr(one, name) == words]


def _used(obligation: Obligation) -> list[_Length]:
    """Return the lengths of time that an obligation uses, those of numbers in all their values."""
    numbers = _lengths(obligation.relies_on)
    used = [(value.n, number.unit) for number in numbers for value in number.values]
    for field in obligation.written.fields.walk():
        unit = field.mark("x-icp-unit")
        if unit in _UNITS and isinstance(field.value, (int, float)):
            used.append((field.value, unit))
        used += _compared(field) if field.what in CONDITIONS else ()
    return used


def _compared(condition: Field) -> Iterator[_Length]:
    """Yield the lengths that a condition compares facts with, whose names end in their units."""
    for name, leaf in leaves(condition.node):
        unit = name.rpartition("_")[2]
        numbers = (leaf.schema.get(keyword) for keyword in BOUNDS)
        yield from ((n, unit) for n in numbers if unit in _UNITS and is_number(n))


def _lengths(numbers: Iterable[Named]) -> list[Number | Cases]:
    lengths = (one for one in numbers if not isinstance(one, Listing))
    return [one for one in lengths if one.unit in _UNITS]


def _reckons_with_days(obligation: Obligation) -> bool:
    """Whether a field of the kind is a day; when an act was done is none of them."""
    own = [one for one in obligation.written.fields.members if not one.mark("x-icp-past")]
    return any(field.what == "day" for member in own for field in member.walk())


def _quoted(entry: WrittenObligation) -> Iterator[tuple[Path, str]]:
    """Yield the words that carry an obligation, each with its path there."""
    obligation = entry.obligation
    if obligation.quote is not None:
        yield ("quote", "zh"), obligation.quote.zh
    elif obligation.basis == "statute":
        names: Any = entry.data["cites"]
        for citation in obligation.cites:
            at = ("cites", names.index(citation.id))
            yield from ((at, words) for words in _versions(citation))


def _words(obligation: Obligation) -> Iterator[str]:
    """Yield all that an obligation quotes and cites."""
    if obligation.quote is not None:
        yield obligation.quote.zh
    for citation in obligation.cites:
        yield from _versions(citation)


def _versions(citation: Citation) -> Iterator[str]:
    yield from (one.quote.zh for one in citation.versions if one.quote is not None)


def _stated(words: str) -> Iterator[_Length]:
    yield from lengths_in(words)
    if "每年" in words:
        yield 1, "years"


def _in_years(length: _Length) -> _Length:
    """Return a length as words state it: they call a calendar year a year."""
    n, unit = length
    return (n, "years") if unit == "calendar_years" else length
