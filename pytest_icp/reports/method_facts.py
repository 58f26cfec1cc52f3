"""What is told of every obligation alike: its subjects, and how facts and days are named."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from pytest_icp.law.catalogue import name_of
from pytest_icp.law.condition import ANYTHING
from pytest_icp.law.jsontypes import Json, JsonObject, texts_of
from pytest_icp.law.text import Text
from pytest_icp.law.units import UNITS, counted
from pytest_icp.reports import method_words as say
from pytest_icp.reports.conditions import sentence
from pytest_icp.rules.fields import rooted
from pytest_icp.rules.policy import Applicability, Obligation


class Row(Struct, frozen=True):
    """One line of an explanation: a label and what it says."""

    label: Text
    text: Text


def names_of(codes: tuple[str, ...]) -> Text:
    """Name catalogue codes."""
    names = [name_of(code) for code in codes]
    return Text("、".join(name.zh for name in names), "; ".join(name.en for name in names))


def amount_of(rule: JsonObject) -> Text:
    """Say the amount that a field gives, with its unit."""
    found: Iterator[tuple[str, Json]] = ((unit, rule[unit]) for unit in UNITS if unit in rule)
    unit, n = next(found)
    return counted(float(str(n)), unit)


def gates(rule: Applicability, title: Callable[[str], Text]) -> Iterator[Row]:
    """Say when a provision or an obligation applies at all (适用范围)."""
    coded = ((say.ITEMS, rule.items), (say.WITHOUT, rule.without), (say.OPERATES, rule.operates))
    yield from (Row(label, names_of(codes)) for label, codes in coded if codes)
    if rule.when is not None:
        yield Row(say.WHEN, sentence(rule.when, "", title))


class Teller(Struct, frozen=True):
    """Tells the fields of one obligation, each fact by its title and its path."""

    obligation: Obligation
    title: Callable[[str], Text]

    def subjects(self) -> Iterator[Row]:
        """Say when an obligation applies, and what it looks at one by one."""
        obligation = self.obligation
        yield from gates(obligation.applies, self.title)
        yield Row(say.EACH, self.fact("/" + obligation.each.strip("/")))
        if obligation.where != ANYTHING:
            yield Row(say.WHERE, sentence(obligation.where, self.each, self.title))
        above = obligation.condition("parent_where")
        if above != ANYTHING:
            yield Row(say.WHERE_ABOVE, sentence(above, rooted(self.each, "../"), self.title))
        if obligation.group("serving"):
            yield Row(say.SERVING, names_of(texts_of(obligation.group("serving")["items"])))

    @property
    def each(self) -> str:
        """The dotted path of the subjects."""
        return rooted("", self.obligation.each)

    def fact(self, path: str, base: str = "") -> Text:
        """Name a fact by its title and its path, from a subject or from records."""
        dotted = rooted(rooted(self.each, base) if base else self.each, path)
        title = self.title(dotted)
        return Text(f"「{title.zh}」（{dotted}）", f"“{title.en}” ({dotted})")

    def field(self, name: str) -> Text:
        """Name the fact that a field leads to."""
        return self.fact(self.obligation.path(name))

    def first_of(self, named: Json) -> Text:
        """Name one fact, or several of which the first that has a date counts."""
        paths = named if isinstance(named, list) else [named]
        first, *others = [self.fact(str(path)) for path in paths]
        for other in others:
            first = say.ELSE.format(fact=first, other=other)
        return first

    def narrowed(self, what: Text, name: str, records: str) -> Text:
        """Add which of the records are meant, where not all are."""
        where = self.obligation.condition(name)
        if where == ANYTHING:
            return what
        said = sentence(where, rooted(self.each, records), self.title)
        return say.IN_WHICH.format(what=what, where=said)

    def day(self, name: str, written: Json, which: Text = say.EARLIEST) -> Text:
        """Name a day: one fact, or one of several records."""
        if not isinstance(written, Mapping):
            return self.fact(str(written))
        records = str(written["first"])
        said = which.format(at=self.fact(str(written["at"]), records))
        codes = texts_of(written.get("operates"))
        if codes:
            said = say.OPERATING.format(what=said, items=names_of(codes))
        return self.joined(self.narrowed(said, f"{name}.where", records), records)

    def joined(self, said: Text, records: str) -> Text:
        """Add what joins the records to a subject, where anything does."""
        join = self.obligation.fields.get("joined_by")
        if join is None:
            return said
        theirs = join["record"] if isinstance(join, Mapping) else join
        return say.JOINED.format(fact=said, joined=self.fact(str(theirs), records))
