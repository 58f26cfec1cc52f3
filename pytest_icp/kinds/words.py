"""Facts, conditions and numbers in words (措辞).

Facts are called by the titles that the schema gives them. What the schema does not know, such as a
fact of a rule of one's own, keeps its own name. Numbers of the law (数值) are told with what they
were and will be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import islice

from pytest_icp.facts.fields import word_of
from pytest_icp.facts.files.properties import property_at
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.subjects import Tokens, steps
from pytest_icp.law.condition import Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.once import once
from pytest_icp.law.sentences import sentence
from pytest_icp.law.text import Text, counted, plain, show
from pytest_icp.rules.numbers import Cases, Dated, Entry, Listing, Named, Number, Value
from pytest_icp.rules.policy import Obligation

_SHOWN: Mapping[Json, Text] = {
    True: Text("是", "true"),
    False: Text("否", "false"),
    "never": Text("未发生", "never"),
    "none": Text("没有", "none"),
}

_LIST = Text("[{each}]", "[{each}]")
_OBJECT = Text("{{{each}}}", "{{{each}}}")
_AND = Text("、", ", ")
_BETWEEN = Text("{least} 至 {most}", "{least} to {most}")
_OR_MORE = Text("{least} 以上", "{least} or more")

_MOST = 5
"""How many of what there is a finding names."""


def first_of(names: Iterable[Text], between: Text = _AND) -> Text:
    """Join the first few names, with ``…`` where there are more."""
    first = [*islice(names, _MOST + 1)]
    if len(first) > _MOST:
        first[_MOST] = plain("…")
    return between.join(first)


def shown(value: Json, at: Tokens = ()) -> Text:
    """Show a value as a description writes it; words that it can choose in the reader's language.

    ``at`` is the place of the value, whose schema names its choices.
    """
    if value.__class__ is tuple:
        least, most = map(show, value)
        return (_OR_MORE if most == "inf" else _BETWEEN).format(least=least, most=most)
    if isinstance(value, list) and value:
        return _LIST.format(each=_AND.join([shown(each, at) for each in value]))
    if isinstance(value, Mapping) and value:
        names = {key: Text(f"{title((*at, key)).zh}: ", f"{key}: ") for key in value}
        parts = [names[key] + shown(part, (*at, key)) for key, part in value.items()]
        return _OBJECT.format(each=_AND.join(parts))
    known = _SHOWN.get(value) if isinstance(value, (bool, str)) else None
    return word_of(".".join(_names(at)), value) or known or plain(show(value))


def title(at: Tokens) -> Text:
    """Return the title of a fact; of an element of a list, that of the list."""
    return _titles(_names(at), 1)


def titles(base: Tokens, path: Tokens) -> Text:
    """Return the titles down to a fact from the object that it is in: ``注册人 › 类别``."""
    return _titles((*_names(base), *_names(path)), len(_names(path)))


def condition(node: Node, at: Tokens, subject: Tokens | None = None) -> Text:
    """Return what a condition requires of the value at a place, in or at a subject."""
    base, whole = _names(at), _names(at if subject is None else subject)

    def named(path: str) -> Text:
        names = tuple(path.split("."))
        return _titles(names, max(len(names) - len(base), 1))

    known, key = _sentences(node), (base, whole)
    if key not in known:
        known[key] = sentence(node, ".".join(base), named, word_of, subject=".".join(whole))
    return known[key]


@once
def _sentences(node: Node) -> dict[tuple[tuple[str, ...], ...], Text]:  # noqa: ARG001
    """Return the sentences of a condition by places: they are the same for a whole list."""
    return {}


def _names(at: Iterable[str | int]) -> tuple[str, ...]:
    return tuple(str(step) for step in at if isinstance(step, str))


@cache
def _titles(names: tuple[str, ...], last: int) -> Text:
    """Return the titles of the last names of a path."""
    ends = range(len(names) - last + 1, len(names) + 1)
    return plain(" › ").join(_title(names[:end]) for end in ends)


def _title(names: tuple[str, ...]) -> Text:
    known = property_at(SCHEMA, ".".join(names))
    return known.title if known else plain(names[-1] if names else "")


# ---- Numbers of the law: what one is on a day, and what it was and will be

_BEFORE = Text("；至 {day} 为 {amount}", "; until {day}: {amount}")
_LATER = Text("；自 {day} 起为 {amount}", "; from {day}: {amount}")
_BY = Text("（{article}）", " ({article})")
_GRACE = Text("；至 {day} 仍可按 {amount}", "; {amount} is enough until {day}")
_SINCE = Text("{value}（自 {day} 起）", "{value} (from {day})")
_UNTIL = Text("{value}（至 {day}）", "{value} (until {day})")
_NAMED = Text("{title}：{amount}", "{title}: {amount}")
_WHERE = Text("{amount}（{where}）", "{amount} ({where})")
_THEN = Text("；", "; ")
_EVE = timedelta(days=1)


def notes_on_numbers(obligation: Obligation, outcome: Outcome, day: date) -> tuple[Note, ...]:
    """Return notes on the numbers behind a verdict that are not checked against the law.

    ``day`` chooses their values.
    """
    if outcome.verdict is Verdict.SATISFIED or outcome.verdict is Verdict.VIOLATED:
        return tuple(note for number in obligation.relies_on for note in _doubts(number, day))
    return ()


def _doubts(named: Named, day: date) -> Iterator[Note]:
    for number in _numbers(named):
        value = number.standing(day)
        if value.confidence in {"default", "unverified"}:
            text = say.DEFAULT_NUMBER if value.confidence == "default" else say.UNVERIFIED_NUMBER
            amount = counted(value.n, number.unit)
            text = text.format(title=number.title, amount=amount)
            yield Note(kind=NoteKind.DEFAULT, text=text)


def _numbers(named: Named) -> tuple[Number, ...]:
    if isinstance(named, Cases):
        return tuple(case.number for case in named.cases)
    return () if isinstance(named, Listing) else (named,)


def holding(named: Named, day: date) -> tuple[Dated, ...]:
    """Return the values of a number that hold on a day: one in each case, each word of a list."""
    if isinstance(named, Listing):
        return tuple(one for one in named.values if one.since <= day <= one.last)
    return tuple(number.standing(day) for number in _numbers(named))


def amount_on(named: Named, day: date, each: str) -> Text:
    """Return a number as of a day, with what it was and will be (沿革).

    ``each`` is the path of the subjects that its cases are about.
    """
    if isinstance(named, Listing):
        first = min((one.since for one in named.values), default=date.min)
        return _AND.join(_entry(one, first) for one in named.values)
    if isinstance(named, Number):
        return history(named, named.standing(day))
    at = steps(each)[2]
    return _THEN.join(
        _WHERE.format(amount=amount_on(case.number, day, each), where=condition(case.where, at))
        for case in named.cases
    )


def in_words(number: Number, chosen: Value) -> Text:
    """Return the number that a finding rests on: its title, value, article, and its history."""
    return _each_in_words(number)[number.values.index(chosen)]


@once
def _each_in_words(number: Number) -> tuple[Text, ...]:
    """Return each value of a number in words: many findings rest on the same."""
    said = (history(number, value, article=True) for value in number.values)
    return tuple(_NAMED.format(title=number.title, amount=amount) for amount in said)


def numbers_on(obligation: Obligation, day: date, *, terms: bool) -> tuple[Text, ...]:
    """Return the numbers that a rule rests on as of a day, in words.

    Those of terms only if asked for: a check says by which values it reckoned. Of all others, whose
    values stand in what is required, those that have changed.
    """
    mine = obligation.terms
    said = [in_words(one, one.on(day)) for one in mine if terms]
    ids = {one.id for one in mine}
    for named in obligation.relies_on:
        changed = named.id not in ids and len(named.values) > 1
        if changed and not isinstance(named, Listing):
            said += [in_words(number, number.standing(day)) for number in _numbers(named)]
    return tuple(said)


def history(number: Number, chosen: Value, *, article: bool = False) -> Text:
    """Return a value with the one before it and the one after: “90 days; until …: 60 days”."""
    i, said = number.values.index(chosen), counted(chosen.n, number.unit)
    if article and chosen.article:
        said += _BY.format(article=chosen.article)
    if i:
        before = number.values[i - 1]
        last, amount = chosen.since - _EVE, _beside(number, before, chosen)
        said += _BEFORE.format(day=last, amount=amount)
        if chosen.grace:
            said += _GRACE.format(day=chosen.grace, amount=counted(before.n, number.unit))
    for after in number.values[i + 1 : i + 2]:
        said += _LATER.format(day=after.since, amount=_beside(number, after, chosen))
    return said


def _beside(number: Number, value: Value, chosen: Value) -> Text:
    """Return another value, with its article where that is another."""
    amount = counted(value.n, number.unit)
    other = value.article and value.article != chosen.article
    return amount + _BY.format(article=value.article) if other else amount


def _entry(one: Entry, first: date) -> Text:
    """Return a word of a list, with its days where it was not always there."""
    said = plain(one.value)
    if one.since > first:
        said = _SINCE.format(value=said, day=one.since)
    return _UNTIL.format(value=said, day=one.until) if one.until else said
