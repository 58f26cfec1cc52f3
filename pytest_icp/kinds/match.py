"""Kind ``match`` (对照): every value is among others.

What is asked for is each value of ``fact``, or of those the ``values`` alone, each as long as the
law asks for it; without ``fact``, all ``values``. It is found ``among`` what stands at one of some
paths, or in records: in those that count (``where``), are the subject's (``match``), say so
(``at``, compared as ``how`` says) and are ``valid`` on the days needed. What is certain of all four
decides for it, what is impossible of one against it; between the two the answer is not known. A
difference is none ``while_open``: the duty of another rule is open for one of its subjects while
its time runs, and after that if the act was filed in time and is not decided.

What does not hang on a subject is read once for all of them. Records are looked up by the value
that they have, and by what joins them to the subject; those of which that is not known may be any.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, cached_property, partial, reduce
from math import isclose
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.facts.fields import title_of, word_of
from pytest_icp.kinds import Kind
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import Judging
from pytest_icp.kinds.dated.when import Dated
from pytest_icp.kinds.dates import ALWAYS, Days, Runs, covered, day_of, last_gap, long_ago, merged
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    noted,
    unknown,
    violated,
)
from pytest_icp.kinds.likeness import (
    Index,
    Likeness,
    folded,
    in_areas,
    key_of,
    legal_person,
    likeness,
    plainly,
    type_of,
    unclear_area,
)
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, steps
from pytest_icp.kinds.words import condition, first_of, shown
from pytest_icp.law.condition import ANYTHING, AllOf, Node, Truth, parse_condition
from pytest_icp.law.divisions import may_be_traditional
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain, show
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.numbers import Listing
from pytest_icp.rules.policy import Obligation, Spec

# ---- The fields of the kind


class Among(Struct, frozen=True, kw_only=True):
    """Records, the value that each has, which of them count, and which are the subject's.

    Those are that ``match`` by their facts at some paths its own at others.
    """

    of: str
    at: str
    where: Node = ANYTHING
    match: Mapping[str, str] = field(default_factory=dict)

    def dotted(self, path: str = "") -> str:
        """Return the path of the records, or of a fact of them, from the root of a description."""
        return join_path(join_path("", self.of), path)


class Valid(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The days of a record, and the day of the subject on which, or since which, it must run.

    It runs until a day of its own, or for so many days after its first.
    """

    from_: tuple[str, ...]
    until: str | None = None
    days: int | None = None
    at: str | None = None
    since: str | None = None


class WhileOpen(Struct, frozen=True, kw_only=True):
    """Another rule, and for which of its subjects a difference is none while its duty is open."""

    rule: str
    where: Node = ANYTHING


class Match(Spec, frozen=True, kw_only=True):
    """What is found, and among what."""

    fact: tuple[str, ...] = ()
    values: Listing | None = None
    among: tuple[str | Among, ...]
    how: Literal["name", "company", "at_most"] | None = None
    one: bool = False
    valid: Valid | None = None
    if_none: Literal["violated", "not_applicable"] | None = None
    while_open: WhileOpen | None = None

    @property
    def records(self) -> Among | None:
        """The records among which it is found; None where that is at paths."""
        first = self.among[0]
        return first if isinstance(first, Among) else None

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths at which it is found; none where that is in records."""
        return tuple(path for path in self.among if isinstance(path, str))

    @property
    def names(self) -> bool:
        """Whether names are compared, which need not be written alike."""
        return self.how in {"name", "company"}

    @property
    def rules(self) -> tuple[str, ...]:
        """The other rule that it names."""
        return (self.while_open.rule,) if self.while_open else ()


# ---- Names of one and the same (名称)

_COMPANY = ("/company/name", "/company/former_names")
"""The names of the licensee: where one of them is expected, the others are right as well."""


class Names(Struct, frozen=True):
    """The names that a subject has, and those of the licensee where these are one.

    ``gap`` is the place of the first that is not declared.
    """

    own: frozenset[str]
    company: frozenset[str]
    gap: Tokens | None

    @classmethod
    def of(cls, spec: Match, context: Context, subject: Subject) -> Names:
        """Return the names of a subject."""
        own = [*facts_at(context, subject, spec.fact)]
        company = [*facts_at(context, subject, _COMPANY if spec.how == "company" else ())]
        open_at = (fact.tokens for fact in (*own[1:], *company) if fact.is_open)
        return cls(_folded(own), _folded(company), next(open_at, None))

    @property
    def is_licensee(self) -> bool:
        """Whether one of them is the licensee's."""
        return not self.own.isdisjoint(self.company)

    def like(self, name: Json) -> bool | None:
        """Whether a name is one of them, however it is written; None where it may be."""
        theirs = legal_person(str(name))
        if theirs in self.own or (theirs in self.company and self.is_licensee):
            return True
        script = any(may_be_traditional(mine, folded(str(name))) for mine in self.own)
        return None if self.gap or script else False


def _folded(facts: Iterable[Fact]) -> frozenset[str]:
    texts = (value for fact in facts for value in fact.values)
    return frozenset(legal_person(text) for text in texts if isinstance(text, str))


def facts_at(context: Context, subject: Subject, paths: Iterable[str]) -> Iterator[Fact]:
    """Yield what is at some paths, through the lists on the way; the last is taken whole."""
    for path in paths:
        _, absolute, names = steps(path)
        start = Fact((), context.view.facts) if absolute else Fact(subject.tokens, subject.value)
        yield from _below(start, names)


def _below(fact: Fact, names: tuple[str, ...]) -> Iterator[Fact]:
    if not names or fact.value is None:
        yield fact
    elif isinstance(fact.value, list):
        for i, element in enumerate(fact.value):
            yield from _below(Fact((*fact.tokens, i), element), names)
    elif isinstance(fact.value, dict):
        yield from _below(Fact((*fact.tokens, names[0]), fact.value.get(names[0])), names[1:])


# ---- Records (记录): which count, whose they are, when they are valid


class Record(Struct, frozen=True, gc=False):
    """One of those among which a value is found, and what it says.

    ``days`` are those on which it is valid. Where ``open_at``, a fact, is not known, it only
    perhaps counts, or is only perhaps valid on them.
    """

    subject: Subject
    says: Fact
    days: Days = ALWAYS
    open_at: Tokens | None = None

    @property
    def known(self) -> tuple[Json, ...]:
        """The values that it certainly says."""
        return tuple(value for value in self.says.values if value is not None)


def records_of(among: Among, valid: Valid | None, context: Context) -> Iterator[Record]:
    """Yield the records of a rule that count, or may."""
    for one in context.subjects(among.of).subjects:
        counts, days = context.counts(one, among.where), _days(valid, context, one)
        if counts is not False and days is not None:
            open_at = days[1] if counts else context.open_of(one, among.where)
            yield Record(one, context.fact(one, among.at), days[0], open_at)


def _days(
    rule: Valid | None, context: Context, record: Subject
) -> tuple[Days, Tokens | None] | None:
    """Return when a record is valid, and what is not known of that; None if it never was."""
    if rule is None:
        return ALWAYS, None
    starts = [context.fact(record, path) for path in rule.from_]
    if any(start.value == NEVER for start in starts):
        return None
    ends = [context.fact(record, rule.until)] if rule.until else []
    first = max((day for start in starts if (day := day_of(start))), default=ALWAYS.first)
    last = min((day for end in ends if (day := day_of(end))), default=ALWAYS.last)
    if rule.days is not None and first != ALWAYS.first:
        last = min(last, first + timedelta(days=rule.days))
    open_at = (fact.tokens for fact in (*starts, *ends) if fact.value is None)
    return Days(first, last), next(open_at, None)


def period_of(
    rule: Valid | None, context: Context, subject: Subject
) -> tuple[Days | None, Tokens | None]:
    """Return the days on which a value of a subject must be found; None where none is known.

    Where a fact that is not known may add others, its place is returned as well.
    """
    today = Days(context.today, context.today)
    if rule and rule.at:
        on = context.fact(subject, rule.at)
        day = day_of(on)
        return (Days(day, day), None) if day else (None, on.tokens)
    if not rule or not rule.since:
        return today, None
    since = context.fact(subject, rule.since)
    begun = day_of(since)
    if begun is not None:
        return Days(begun, context.today), None
    return today, None if since.value == NEVER else since.tokens


_Says: TypeAlias = bool | Tokens
"""Whether a record says what is looked for, or the place of what is not known of that."""

_OWN: Tokens = ()
"""The place of what is not known of the subject itself, which is another for each."""


class Found(Struct):
    """The days on which records certainly say a value, and others on which they may.

    ``there`` are the records that certainly count, belong to the subject and are valid, whatever
    they say. ``open_at`` is the first fact that is not known, so that one only may say the value;
    ``maybe`` the first for which there only may be a record. It ``is_certain`` where those that
    certainly say it cover all ``days``.
    """

    days: Days
    sure: list[Days] = field(default_factory=list)
    perhaps: list[Days] = field(default_factory=list)
    there: list[Record] = field(default_factory=list)
    open_at: Tokens | None = None
    maybe: Tokens | None = None
    is_certain: bool = False

    def add(self, record: Record, says: _Says, gaps: Sequence[Tokens]) -> None:
        """Add a record, unless it says something else.

        ``gaps`` are the places of what else is not known of it.
        """
        if gaps:
            self.doubt(None, gaps[0])
        else:
            self.there.append(record)
        if says is False or (says is True and not gaps):
            self.sure += [record.days] if says else []
        else:
            self.perhaps.append(record.days)
            self.doubt(gaps[0] if says is True else says, None)

    def doubt(self, open_at: Tokens | None, maybe: Tokens | None) -> None:
        """Take in what is not known, where nothing was before."""
        self.open_at = open_at if self.open_at is None else self.open_at
        self.maybe = maybe if self.maybe is None else self.maybe

    @property
    def either(self) -> Runs:
        """The days on which they say it, or may."""
        return merged([*self.sure, *self.perhaps])


class _Here(Struct, frozen=True):
    """A fact of a subject that joins records to it; those ``named`` share a value with it."""

    index: Index
    fact: Fact
    named: set[int]


class _Rest(Struct, frozen=True):
    """What records come to that may be anybody's: days, and of each what is not known."""

    days: tuple[Days, ...]
    open_at: tuple[tuple[int, Tokens], ...]
    maybe: tuple[tuple[int, Tokens], ...]


class Search(Struct, frozen=True, eq=False, dict=True):
    """The records of a rule that count, or may, with what they say and what joins them.

    What they say stands at a dotted ``path``, and is compared by ``like``. ``joins`` are facts of a
    subject, each with those of the records. ``missing`` are the places where none are declared.
    What may be anybody's is the same for many subjects, and summed up once.
    """

    spec: Match
    context: Context
    path: str
    records: tuple[Record, ...]
    like: Likeness
    joins: tuple[tuple[str, Index], ...] = ()
    missing: tuple[Tokens, ...] = ()
    rests: dict[Hashable, _Rest] = field(default_factory=dict)

    def of(self, subject: Subject, fact: Fact, days: Days, names: Names | None) -> Found:
        """Return which records say a value of a subject on some days.

        What is looked for may not be known; then only whether there are records is told.
        """
        found, spec = Found(days), self.spec
        joins = ((index, self.context.fact(subject, path)) for path, index in self.joins)
        heres = [_Here(index, mine, index.at(mine.values)) for index, mine in joins]
        said = set() if spec.how else self.said.at([fact.value])
        # Whether there is a record of a subject at all, only what joins the two tells.
        alike = not spec.how and spec.if_none != "not_applicable"
        by_value = alike and not spec.paths and fact.value is not None
        saying: Collection[int] = said if by_value else range(len(self.records))
        named = heres[0].named if heres else saying
        for i in sorted(named):
            gaps = self._gaps(i, heres)
            if gaps is not None and self.records[i].days.meets(days):
                found.add(self.records[i], self._says(i, said, fact, names), gaps)
        found.is_certain = covered(days, merged(found.sure))
        if self.missing:
            found.perhaps.append(ALWAYS)
            found.open_at = found.maybe = self.missing[0]
        elif spec.one or not found.is_certain:
            # Else what may say so changes nothing.
            rest = self._rest(saying, said, fact, names, heres)
            found.perhaps += rest.days
            each = (rest.open_at, rest.maybe)
            found.doubt(*(next((at for i, at in one if i not in named), None) for one in each))
        place = next((one.fact.tokens for one in heres if one.fact.is_open), fact.tokens)
        found.open_at, found.maybe = (
            place if at == _OWN else at for at in (found.open_at, found.maybe)
        )
        return found

    def _rest(
        self,
        saying: Collection[int],
        said: set[int],
        fact: Fact,
        names: Names | None,
        heres: Sequence[_Here],
    ) -> _Rest:
        """Return what the records come to that may be any subject's, or may say any value."""
        # Of prices that may be anybody's it is not asked how high they are.
        dear = self.spec.how == "at_most" and fact.value is not None
        first = [one.fact.is_open for one in heres[:1]]
        others = (key_of(one.fact.value) for one in heres[1:])
        # Without joins it may be any of those of which it is not known what they say.
        key = (bool(heres) and (dear or key_of(fact.value), names), *first, *others)
        if key not in self.rests:
            positions: Iterable[int] = self.said.others
            if heres:
                positions = heres[0].index.others_of(heres[0].fact)
                positions = (i for i in positions if i in saying or self.records[i].says.is_open)
                heres = [replace(heres[0], named=set()), *heres[1:]]

            def says(i: int) -> _Says:
                if not heres:
                    return self.records[i].says.tokens
                return dear or self._says(i, said, fact, names)

            self.rests[key] = self._summed(positions, heres, says)
        return self.rests[key]

    def _summed(
        self, positions: Iterable[int], heres: Sequence[_Here], says: Callable[[int], _Says]
    ) -> _Rest:
        days, open_at, maybe = list[Days](), list[tuple[int, Tokens]](), list[tuple[int, Tokens]]()
        for i in positions:
            gaps, said = self._gaps(i, heres), says(i)
            if gaps:
                maybe.append((i, gaps[0]))
            if gaps is not None and said is not False:
                days.append(self.records[i].days)
                open_at.append((i, gaps[0] if said is True else said))
        return _Rest(merged(days).days, tuple(open_at), tuple(maybe))

    def _gaps(self, i: int, heres: Sequence[_Here]) -> list[Tokens] | None:
        """Return what is not known of whether a record is a subject's; None if it is not."""
        open_at = self.records[i].open_at
        gaps = [] if open_at is None else [open_at]
        for here in heres:
            there = here.index.facts[i]
            if i in here.named:
                continue
            if not there.is_open and not here.fact.is_open:
                return None
            gaps.append(there.tokens if there.is_open else _OWN)
        return gaps

    def _says(self, i: int, said: set[int], fact: Fact, names: Names | None) -> _Says:
        """Whether a record says what is looked for; the place of what is not known of it."""
        value: Any = fact.value
        if value is None:
            return _OWN
        says = self.records[i].says
        answers: list[Truth] = [i in said]
        if names:
            answers = [names.like(name) for name in self.records[i].known]
        elif self.spec.how == "at_most":
            # Sums of decimals may be a hair off.
            limits: Any = self.records[i].known
            answers = [bool(value <= most or isclose(value, most)) for most in limits]
        if True in answers:
            return True
        if says.is_open:
            return says.tokens
        return ((names and names.gap) or _OWN) if None in answers else False

    @cached_property
    def areas(self) -> tuple[set[str], set[str], list[Tokens], list[Tokens]]:
        """The areas that records certainly say, and all; where others may be, and all doubts."""
        known = [(one.open_at, {str(value) for value in one.known}) for one in self.records]
        sure = {area for doubt, areas in known for area in areas if doubt is None}
        every = {area for _, areas in known for area in areas}
        open_at = [
            one.open_at or (one.says.tokens if one.says.is_open else None) for one in self.records
        ]
        others = [one.says.tokens for one in self.records if one.says.is_open]
        doubts = [at for at in open_at if at is not None]
        return sure, every, [*self.missing, *others], [*self.missing, *doubts]

    @cached_property
    def said(self) -> Index:
        """What the records say that count, or may."""
        return Index.of(self.like, (one.says for one in self.records))

    @cached_property
    def every(self) -> Index:
        """What all records say, those that do not count among them."""
        among, context = self.spec.records, self.context
        every = context.subjects(among.of).subjects if among else ()
        return Index.of(self.like, (context.fact(one, among.at) for one in every if among))

    @cached_property
    def shown(self) -> Text:
        """The first of the values that the records say, as a finding names them."""
        counted = [one for one in self.records if one.open_at is None]
        values = {show(v): shown(v, one.says.tokens) for one in counted for v in one.known}
        return first_of(values[name] for name in sorted(values))


# ---- What is said of a value that is not found, or is written otherwise (措辞)

# Of a long list many values are not found among the same records.
_title = cache(title_of)

_NOT_COVERED = Text(
    zh="{value} 不在“{by}”{which}所列范围内", en="{value} is not among “{by}”{which}"
)
_COVERED_TWICE = Text(zh="{value} 被“{by}”多次列入", en="{value} is in “{by}” more than once")
_AMONG = Text(zh="“{by}”{which}之一：{values}", en="one of “{by}”{which}: {values}")
_AMONG_NONE = Text(
    zh="“{by}”{which}之一；目前一项也没有申报", en="one of “{by}”{which}, but none is declared"
)
_NONE_FOR = Text(
    zh="“{by}”中没有与本项{joined}对应的 {value}",
    en="no record in “{by}” for this{joined} covers {value}",
)
_NOT_THEN = Text(
    zh="“{by}”中没有 {value} 在 {first} 至 {last} 期间持续有效的记录",
    en="no record in “{by}” for {value} is in force from {first} to {last}",
)
_ONE_FOR = Text(zh="“{by}”中有对应的记录{which}", en="a record for it in “{by}”{which}")
_ALL_THE_TIME = Text(
    zh="“{by}”中有对应的记录，{first} 至 {last} 均有效{which}",
    en="records for it in “{by}”, in force from {first} to {last}{which}",
)
_WHICH = Text(zh="（{which}）", en=" ({which})")
_DIFFERS = Text(zh="与“{by}”不一致", en="differs from “{by}”")
_MORE = Text(
    zh="{value} 超过“{by}”{joined}的 {most}",
    en="{value} is more than {most}, the “{by}”{joined}",
)
_NO_MORE = Text(zh="不超过 {most}", en="no more than {most}")
_SCRIPT = Text(
    zh="可能是“{by}”的繁体写法，无法判断是否相同；请照其写法填写",
    en="this may be the “{by}” in traditional characters, which cannot be decided; write it as it "
    "is written there",
)
_SPACING = Text(
    zh="仅空格、括号、大小写或者繁简不同：“{found}”与“{expected}”",
    en="only spaces, brackets, case or traditional characters differ: «{found}», «{expected}»",
)
_CHANGING = Text(
    zh="“{found}”与“{by}”的“{expected}”不同，变更在申请期限内或者正在办理",
    en="{found} differs from {expected}, the “{by}”; the change may still be applied for, or is "
    "being decided",
)


class Sought(Struct, frozen=True):
    """One value of a subject, that of the fact, with what was found of it."""

    subject: Subject
    fact: Fact
    among: Search
    found: Found
    names: Names | None

    @property
    def spec(self) -> Match:
        """The fields of the rule."""
        return self.among.spec

    def judge(self, days: Days | None, earlier: Tokens | None) -> Judgement:
        """Judge by the days on which it must be found.

        ``earlier`` is a fact by which there may be more days before, or which tells them.
        """
        spec, found, subject, context = self.spec, self.found, self.subject, self.among.context
        if spec.if_none == "not_applicable" and not found.there:
            return missing(subject, found.maybe) if found.maybe else NOT_APPLICABLE
        if self.fact.value is None:
            return missing(subject, self.fact.tokens)
        if spec.one and found.sure[1:]:
            return self._among(_COVERED_TWICE)
        if spec.one and found.open_at:
            return self._perhaps(found.open_at)
        if days is None:
            # On what day is not known: there may be one then, unless there is none at all.
            return self._perhaps(earlier if found.sure or found.perhaps else None)
        if found.is_certain:
            return missing(subject, earlier) if earlier else self._written_otherwise()
        if covered(days, found.either):
            return self._perhaps(found.open_at)
        # What the law no longer asks for is over, however it was before.
        ended = days.last if days.last < context.today else None
        over, at_best = (
            last_gap(days, runs) or ended for runs in (merged(found.sure), found.either)
        )
        past = [bool(day and long_ago(context, day)) for day in (at_best, over)]
        if past == [True, False]:
            # Perhaps it is over since long.
            return self._perhaps(found.open_at)
        if spec.valid and (found.sure or found.perhaps):
            return self._not_then(days, over)
        return self._not_found(over)

    def judge_area(self) -> Judgement:
        """Return whether an area lies in one of those of all records together."""
        name, (sure, every, others, doubts) = str(self.fact.value), self.among.areas
        if in_areas(name, sure):
            return SATISFIED
        inside = in_areas(name, every)
        gap = next(iter(others if inside is False else doubts), None)
        if gap is not None:
            return missing(self.subject, gap)
        if inside is False:
            return self._not_found()
        message, at = unclear_area(name, every), self.fact.tokens
        return unknown(self.subject, at, message, found=self._value, required=self._listed)

    def noted(self, template: Text) -> Judgement:
        """Return that a difference is none, with a note of why."""
        expected = " / ".join(self._names)
        text = template.format(found=_text(self.fact.value), expected=expected, by=self._by)
        return noted(NoteKind.ADVICE, text, self.fact.tokens)

    def _not_found(self, over: date | None = None) -> Judgement:
        """Say that a value is not found, where it had to be until a day that it was ``over``."""
        spec, value, by, there = self.spec, self._value, self._by, self.found.there
        said = [shown(known, one.says.tokens) for one in there for known in one.known]
        most = plain(" / ").join(said)
        if spec.how == "at_most" and there:
            message = _MORE.format(value=value, by=by, most=most, joined=self._joined)
            return self._wrong(message, _NO_MORE.format(most=most), over)
        listed = any(isinstance(one.says.value, list) for one in self.among.records)
        if spec.names or (spec.paths and not listed):
            return self._wrong(_DIFFERS.format(by=by), most)
        if spec.valid or (spec.records and spec.records.match):
            message = _NONE_FOR.format(value=value, by=self._records, joined=self._joined)
            which = _ONE_FOR.format(by=self._records, which=self._which)
            return self._wrong(message, which, over)
        return self._among(_NOT_COVERED)

    def _not_then(self, days: Days, over: date | None) -> Judgement:
        """Say that no record says a value on all of the days on which one must."""
        dated = {"by": self._records, "first": days.first, "last": days.last}
        said = _NOT_THEN.format(value=self._value, **dated)
        return self._wrong(said, _ALL_THE_TIME.format(**dated, which=self._which), over)

    def _among(self, message: Text) -> Judgement:
        """Say of a value what is wrong, and among what it should be."""
        # A reader sees it in a record that does not count.
        which = self._which if self.among.every.at([self.fact.value]) else Text("", "")
        said = message.format(value=self._value, by=self._by, which=which)
        return self._wrong(said, self._listed)

    def _perhaps(self, at: Tokens | None) -> Judgement:
        """Say that it hangs on a fact whether a value is found; without one, that it is not.

        Of a name it may be the script in which it is written.
        """
        if at is None:
            return self._not_found()
        if not self.spec.names or at != self.fact.tokens:
            return missing(self.subject, at)
        names = plain(" / ".join(self._names))
        said, found = _SCRIPT.format(by=self._by), plain(_text(self.fact.value))
        return unknown(self.subject, at, said, found=found, required=names)

    def _written_otherwise(self) -> Judgement:
        """Return that a value is found, with a note if a name is only written otherwise."""
        found, names = _text(self.fact.value), self._names if self.names else []
        if plainly(found) not in map(plainly, names) and folded(found) in map(folded, names):
            return self.noted(_SPACING)
        return SATISFIED

    @property
    def _joined(self) -> Text:
        """What joins the subject to records."""
        ours = self.spec.records.match.values() if self.spec.records else ()
        facts = (self.among.context.fact(self.subject, path) for path in ours)
        values = [shown(value, fact.tokens) for fact in facts for value in fact.values]
        return _WHICH.format(which=first_of(values)) if values else Text("", "")

    @property
    def _value(self) -> Text:
        """What is looked for; what a rule asks for itself is called as records call it."""
        fact = self.fact
        return word_of(self.among.path, fact.value) or shown(fact.value, fact.tokens)

    @property
    def _names(self) -> list[str]:
        return [_text(value) for one in self.found.there for value in one.known]

    @property
    def _by(self) -> Text:
        """The titles of what it is found among."""
        return _title(self.among.path)

    @property
    def _records(self) -> Text:
        return _title(self.spec.records.dotted()) if self.spec.records else self._by

    @property
    def _which(self) -> Text:
        """What a record meets to count."""
        among = self.spec.records
        if among is None or among.where is ANYTHING:
            return Text("", "")
        return _WHICH.format(which=condition(among.where, steps(among.of)[2]))

    @property
    def _listed(self) -> Text:
        """Among what it should be."""
        values = self.among.shown
        required = _AMONG if values.en else _AMONG_NONE
        return required.format(by=self._by, which=self._which, values=values)

    def _wrong(self, message: Text, required: Text, over: date | None = None) -> Judgement:
        found = plain(_text(self.fact.value)) if self.names else self._value
        at = self.fact.tokens
        return violated(self.subject, at, message, found=found, required=required, over=over)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else show(value)


# ---- Changes that are being made (变更期间): what differs in the meantime does not count yet

_UNDECIDED = parse_condition({"decision": {"not": {"enum": ["granted", "refused"]}}})
"""What an application meets that is not decided."""

_NOTHING: frozenset[str] = frozenset()


def changing(rule: WhileOpen, other: Obligation, context: Context) -> Judgement:
    """Return `SATISFIED` while the duty of another rule is open, `NOT_APPLICABLE` if none is.

    So it is before the change itself, where that comes later: what differs is then what is new. It
    is unknown where a fact that decides is not known.
    """
    dated = other.spec_as(Dated)
    act = dated.acts
    undecided = replace(act, where=AllOf((act.where, _UNDECIDED)))
    judging = Judging(replace(dated, act=undecided), other, context)
    where = AllOf((other.where, rule.where))
    records = context.subjects(other.each)
    judged = [missing(Subject(place, {}), place) for place in records.missing]
    for one in records.subjects:
        counts, open_ = context.counts(one, where), judging.of(one)
        if not context.view.to_come.get(id(one.value), _NOTHING).isdisjoint(dated.anchors.at):
            open_ = SATISFIED
        if counts is not False and open_.verdict in {Verdict.SATISFIED, Verdict.UNKNOWN}:
            judged.append(open_ if counts else missing(one, context.open_of(one, where)))
    judged.sort(key=lambda one: one.verdict is Verdict.UNKNOWN)
    return next(iter(judged), NOT_APPLICABLE)


# ---- Judges whether each value of a subject is found (是否找到)


def check_match(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``match``."""
    matching = Matching(obligation, obligation.spec_as(Match), context)
    return judge_each(obligation, context, matching.of)


class Matching(Struct, frozen=True, eq=False, dict=True):
    """Judges each subject of a rule."""

    obligation: Obligation
    spec: Match
    context: Context

    @cached_property
    def each(self) -> str:
        """The dotted path of the subjects."""
        return join_path("", self.obligation.each)

    @cached_property
    def _records(self) -> Search | None:
        """The records, which are the same for all subjects; None where values stand at paths."""
        spec, context, among = self.spec, self.context, self.spec.records
        if among is None:
            return None
        records = tuple(records_of(among, spec.valid, context))

        def like(path: str, ours: str) -> Likeness:
            return likeness(join_path(self.each, ours), among.dotted(path))

        def index(record: str, ours: str) -> Index:
            facts = (context.fact(one.subject, record) for one in records)
            return Index.of(like(record, ours), facts)

        return Search(
            spec,
            context,
            among.dotted(among.at),
            records,
            like(among.at, (*spec.fact, "")[0]),
            tuple((ours, index(theirs, ours)) for theirs, ours in among.match.items()),
            context.subjects(among.of).missing,
        )

    def _at_paths(self, subject: Subject) -> Search:
        """Return what stands at the paths of the rule, for one subject."""
        spec, context = self.spec, self.context
        records = tuple(Record(subject, one) for one in facts_at(context, subject, spec.paths))
        ours, theirs = (join_path(self.each, path) for path in ((*spec.fact, "")[0], spec.paths[0]))
        return Search(spec, context, theirs, records, likeness(ours, theirs))

    @cached_property
    def _are_areas(self) -> bool:
        among = self.spec.records
        theirs = [among.dotted(among.at)] if among else []
        ours = (join_path(self.each, path) for path in (*self.spec.fact, *self.spec.paths))
        return "area" in map(type_of, (*theirs, *ours))

    def of(self, subject: Subject) -> Judgement:
        """Judge a subject."""
        search = self._records or self._at_paths(subject)
        names = Names.of(self.spec, self.context, subject) if self.spec.names else None
        each = [self._value(subject, fact, search, names) for fact in self._asked(subject)]
        return reduce(both, each) if each else SATISFIED

    def _asked(self, subject: Subject) -> Iterator[Fact]:
        """Yield what is looked for: the values of the fact, or those of the rule."""
        spec, context = self.spec, self.context
        if not spec.fact:
            place = context.fact(subject, spec.records.of if spec.records else spec.paths[0])
            values = spec.values.values if spec.values else ()
            yield from (Fact(place.tokens, one.value) for one in values)
            return
        fact = context.fact(subject, spec.fact[0])
        each = [fact]
        if isinstance(fact.value, list):
            each = [Fact((*fact.tokens, i), value) for i, value in enumerate(fact.value)]
        for one in each:
            if one.value is None or spec.values is None or spec.values.entry(one.value):
                yield one

    def _value(
        self, subject: Subject, fact: Fact, search: Search, names: Names | None
    ) -> Judgement:
        """Judge one value, at the place of the fact."""
        spec = self.spec
        days, open_at = period_of(spec.valid, self.context, subject)
        if fact.value is None and spec.if_none is None:
            return missing(subject, fact.tokens)
        sought = partial(Sought, subject, fact, search)
        if self._are_areas:
            return sought(Found(ALWAYS), None).judge_area()
        entry = spec.values and spec.values.entry(fact.value)
        if days and entry:
            asked = Days(max(days.first, entry.since), min(days.last, entry.last))
            if asked.first > asked.last:
                # It may have been needed earlier, while the law still asked.
                perhaps = open_at if asked.last < days.first else None
                return missing(subject, perhaps) if perhaps else SATISFIED
            days = asked
        one = sought(search.of(subject, fact, days or ALWAYS, names), names)
        judged = one.judge(days, open_at)
        # The name of somebody else is not one of a change.
        ours = spec.how != "company" or (names and names.is_licensee)
        return self._while_open(one, judged) if spec.while_open and ours else judged

    def _while_open(self, sought: Sought, judged: Judgement) -> Judgement:
        """Return a difference as none while the duty of another rule is open."""
        rule = self.spec.while_open
        if rule is None or judged.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return judged
        excuse = changing(rule, self.obligation.others[0], self.context)
        if excuse.verdict is Verdict.SATISFIED:
            return sought.noted(_CHANGING)
        perhaps = excuse.verdict is Verdict.UNKNOWN and judged.verdict is Verdict.VIOLATED
        return excuse if perhaps else judged


KIND = Kind("match", Match, check_match)
