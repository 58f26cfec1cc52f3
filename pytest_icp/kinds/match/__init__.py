"""Kind ``match`` (对照): every value is found among others.

What is asked for is each value of ``fact``, or of those the ``values`` alone, each as long as the
law asks for it; without ``fact``, all ``values``. It is found ``among`` what stands at one of some
paths, or in records: in those that count (``where``), are the subject's (``match``), say so
(``at``, compared as ``how`` says) and are ``valid`` on the days needed. What is certain of all four
decides for it, what is impossible of one against it; between the two the answer is not known. A
difference is none ``while_open``: the duty of another rule is open for one of its subjects while
its time runs, and after that if the act was filed in time and is not decided.

`search` has the fields, and answers the four questions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache, cached_property, reduce

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.fields import title_of, word_of
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import Judging
from pytest_icp.kinds.dated.when import Dated
from pytest_icp.kinds.dates import ALWAYS, Days, covered, last_gap, long_ago
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
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.likeness import Index, Likeness, folded, likeness, plainly, type_of
from pytest_icp.kinds.match.search import (
    Found,
    Match,
    Names,
    Record,
    Search,
    WhileOpen,
    facts_at,
    period_of,
    records_of,
)
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, steps
from pytest_icp.kinds.words import condition, first_of, shown
from pytest_icp.law.condition import ANYTHING, AllOf, parse_condition
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.policy import Obligation

# ---- What is said of a value that is not found, or is written otherwise (措辞)

# Of a long list many values are not found among the same records.
_title = cache(title_of)

_NOT_COVERED = Text(zh="{value} 不在“{by}”所列范围内", en="{value} is not among “{by}”")
_COVERED_TWICE = Text(zh="{value} 被“{by}”多次列入", en="{value} is in “{by}” more than once")
_DOES_NOT_COUNT = Text(
    zh="{value} 只列入不计入的“{by}”（计入的：{which}）",
    en="{value} is only among “{by}” that do not count (what counts: {which})",
)
_AMONG = Text(zh="“{by}”之一：{values}", en="one of “{by}”: {values}")
_AMONG_NONE = Text(zh="“{by}”之一；目前一项也没有申报", en="one of “{by}”, but none is declared")
_NONE_FOR = Text(
    zh="“{by}”中没有与本项{joined}对应的 {value}",
    en="no record in “{by}” for this{joined} covers {value}",
)
_NOT_THEN = Text(
    zh="“{by}”中没有 {value} 在 {first} 至 {last} 期间持续有效的记录",
    en="no record in “{by}” for {value} is in force from {first} to {last}",
)
_ONE_FOR = Text(zh="“{by}”中有对应的记录", en="a record for it in “{by}”")
_ALL_THE_TIME = Text(
    zh="“{by}”中有对应的记录，{first} 至 {last} 均有效",
    en="records for it in “{by}”, in force from {first} to {last}",
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


class Saying(Struct, frozen=True):
    """Says what is found of one value of a subject: that of the fact.

    ``there`` are the records that are the subject's, whatever they say.
    """

    spec: Match
    each: str
    context: Context
    subject: Subject
    fact: Fact
    among: Search
    there: tuple[Record, ...] = ()

    def not_found(self) -> Judgement:
        """Say that a value is not found."""
        value, by = self._value, self._by
        if self.spec.how == "at_most" and self.there:
            most = self._most
            said = _MORE.format(value=value, by=by, most=most, joined=self._joined)
            return self._wrong(said, _NO_MORE.format(most=most))
        listed = any(isinstance(one.says.value, list) for one in self.among.records)
        if self.spec.names or (self.spec.paths and not listed):
            return self._wrong(_DIFFERS.format(by=by), self._most)
        if self.spec.pairs or self.spec.valid:
            said = _NONE_FOR.format(value=value, by=self._records, joined=self._joined)
            return self._wrong(said, self._counting(_ONE_FOR.format(by=self._records)))
        left_out = self.among.left_out and self.among.uncounted.at([self.fact.value])
        return self.listed(_DOES_NOT_COUNT if left_out else _NOT_COVERED)

    def not_then(self, days: Days, over: date | None) -> Judgement:
        """Say that no record says a value on all of the days on which one must."""
        dated = {"by": self._records, "first": days.first, "last": days.last}
        said = _NOT_THEN.format(value=self._value, **dated)
        return self._wrong(said, self._counting(_ALL_THE_TIME.format(**dated)), over)

    def perhaps(self, at: Tokens | None) -> Judgement:
        """Say that it hangs on a fact whether a value is found; without one, that it is not.

        Of a name it may be the script in which it is written.
        """
        if at is None:
            return self.not_found()
        if not self.spec.names or at != self.fact.tokens:
            return missing(self.subject, at)
        names = plain(" / ".join(self._names))
        said, found = _SCRIPT.format(by=self._by), plain(_text(self.fact.value))
        return unknown(self.subject, at, said, found=found, required=names)

    def written_otherwise(self) -> Judgement:
        """Return that a name is the right one, with a note if it is only written otherwise."""
        found, names = _text(self.fact.value), self._names
        if plainly(found) not in map(plainly, names) and folded(found) in map(folded, names):
            return self.noted(_SPACING)
        return SATISFIED

    @property
    def _joined(self) -> Text:
        """What joins the subject to records."""
        facts = (self.context.fact(self.subject, pair.subject) for pair in self.spec.pairs)
        values = [shown(value, fact.tokens) for fact in facts for value in fact.values]
        return _WHICH.format(which=first_of(values)) if values else Text("", "")

    @property
    def _value(self) -> Text:
        """What is looked for; what a rule asks for itself is called as records call it."""
        return word_of(self._path, self.fact.value) or shown(self.fact.value, self.fact.tokens)

    @property
    def _names(self) -> list[str]:
        return [_text(value) for one in self._there for value in one.known]

    @property
    def _there(self) -> tuple[Record, ...]:
        return self.among.records if self.spec.paths else self.there

    @property
    def _most(self) -> Text:
        """What the records say, as a finding names it."""
        said = [shown(value, one.says.tokens) for one in self._there for value in one.known]
        return plain(" / ").join(said)

    @property
    def _by(self) -> Text:
        """The titles of what it is found among."""
        return _title(self._path)

    @property
    def _path(self) -> str:
        among = self.spec.records
        return among.dotted(among.at) if among else join_path(self.each, self.spec.paths[0])

    @property
    def _records(self) -> Text:
        return _title(self.spec.records.dotted()) if self.spec.records else self._by

    def _counting(self, required: Text) -> Text:
        """Return what is required, with what a record meets to count."""
        among = self.spec.records
        if among is None or among.where is ANYTHING:
            return required
        return required + _WHICH.format(which=condition(among.where, steps(among.of)[2]))

    def listed(self, message: Text) -> Judgement:
        """Say of a value what is wrong, and among what it should be."""
        among, value, by = self.spec.records, self._value, self._by
        which = condition(among.where, steps(among.of)[2]) if among else Text("", "")
        values = self.among.shown
        required = (_AMONG if values.en else _AMONG_NONE).format(by=by, values=values)
        return self._wrong(message.format(value=value, by=by, which=which), required)

    def _wrong(self, message: Text, required: Text, over: date | None = None) -> Judgement:
        found = plain(_text(self.fact.value)) if self.spec.names else self._value
        at = self.fact.tokens
        return violated(self.subject, at, message, found=found, required=required, over=over)

    def noted(self, template: Text) -> Judgement:
        """Return that a difference is none, with a note of why."""
        expected = " / ".join(self._names)
        text = template.format(found=_text(self.fact.value), expected=expected, by=self._by)
        return noted(NoteKind.ADVICE, text, self.fact.tokens)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else show(value)


# ---- Changes that are being made (变更期间): what differs in the meantime is no difference yet

_UNDECIDED = parse_condition({"decision": {"not": {"enum": ["granted", "refused"]}}})
"""What an application meets that is not decided."""


def changing(rule: WhileOpen, other: Obligation, context: Context) -> Judgement:
    """Return `SATISFIED` while the duty of another rule is open, `NOT_APPLICABLE` if none is.

    It is unknown where a fact that decides is not known.
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
        records, left_out = records_of(among, spec.valid, context)

        def like(path: str, ours: str) -> Likeness:
            return likeness(join_path(self.each, ours), among.dotted(path))

        def index(record: str, ours: str) -> Index:
            facts = (context.fact(one.subject, record) for one in records)
            return Index.of(like(record, ours), facts)

        return Search(
            spec,
            context,
            tuple(records),
            like(among.at, (*spec.fact, "")[0]),
            tuple((one.subject, index(one.record, one.subject)) for one in spec.pairs),
            context.subjects(among.of).missing,
            tuple(left_out),
        )

    def _at_paths(self, subject: Subject) -> Search:
        """Return what stands at the paths of the rule, for one subject."""
        spec, context = self.spec, self.context
        records = tuple(Record(subject, one) for one in facts_at(context, subject, spec.paths))
        ours, theirs = (join_path(self.each, path) for path in ((*spec.fact, "")[0], spec.paths[0]))
        return Search(spec, context, records, likeness(ours, theirs))

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
        saying = Saying(spec, self.each, self.context, subject, fact, search)
        if self._are_areas:
            found = search.of_area(str(fact.value))
            return SATISFIED if found.sure.days else saying.perhaps(found.open_at)
        entry = spec.values and spec.values.entry(fact.value)
        if days and entry:
            asked = Days(max(days.first, entry.since), min(days.last, entry.last))
            if asked.first > asked.last:
                # It may have been needed earlier, while the law still asked.
                perhaps = open_at if asked.last < days.first else None
                return missing(subject, perhaps) if perhaps else SATISFIED
            days = asked
        found = search.of(subject, fact, days or ALWAYS, names)
        saying = replace(saying, there=found.there)
        judged = self._found(saying, days, open_at, found)
        if names and judged is SATISFIED:
            return saying.written_otherwise()
        # The name of somebody else is not one of a change.
        ours = spec.how != "company" or (names and names.is_licensee)
        return self._while_open(saying, judged) if spec.while_open and ours else judged

    def _found(
        self, saying: Saying, days: Days | None, earlier: Tokens | None, found: Found
    ) -> Judgement:
        """Judge a value by what is found of it on the days on which it must be.

        ``earlier`` is a fact by which there may be more days before, or which tells them.
        """
        spec, subject, fact = self.spec, saying.subject, saying.fact
        if spec.if_none == "not_applicable" and not found.there:
            return missing(subject, found.maybe) if found.maybe else NOT_APPLICABLE
        if fact.value is None:
            return missing(subject, fact.tokens)
        if spec.one and found.times > 1:
            return saying.listed(_COVERED_TWICE)
        if spec.one and found.open_at:
            return saying.perhaps(found.open_at)
        if days is None:
            # On what day is not known: there may be one then, unless there is none at all.
            return saying.perhaps(earlier if found.ever else None)
        either = (found.sure, *found.perhaps)
        if covered(days, found.sure):
            return missing(saying.subject, earlier) if earlier else SATISFIED
        if covered(days, *either):
            return saying.perhaps(found.open_at)
        over, at_best = last_gap(days, found.sure), last_gap(days, *either)
        past = [bool(day and long_ago(self.context, day)) for day in (at_best, over)]
        if past == [True, False]:
            # Perhaps it is over since long.
            return saying.perhaps(found.open_at)
        dated = self.spec.valid and found.ever
        return saying.not_then(days, over) if dated else saying.not_found()

    def _while_open(self, saying: Saying, judged: Judgement) -> Judgement:
        """Return a difference as none while the duty of another rule is open."""
        rule = self.spec.while_open
        if rule is None or judged.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return judged
        excuse = changing(rule, self.obligation.others[0], self.context)
        if excuse.verdict is Verdict.SATISFIED:
            return saying.noted(_CHANGING)
        perhaps = excuse.verdict is Verdict.UNKNOWN and judged.verdict is Verdict.VIOLATED
        return excuse if perhaps else judged


KIND = Kind("match", Match, check_match)
