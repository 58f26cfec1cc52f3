"""What is said of a value that is not found, or is written otherwise (措辞)."""

from __future__ import annotations

from datetime import date
from functools import cache

from msgspec import Struct

from pytest_icp.facts.titles import title_of, word_of
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Note, NoteKind, Verdict
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, unknown, violated
from pytest_icp.kinds.match.records import Record
from pytest_icp.kinds.match.search import Search
from pytest_icp.kinds.match.spec import Match
from pytest_icp.kinds.matching import Days
from pytest_icp.kinds.names import folded, plainly
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, location, steps
from pytest_icp.kinds.words import condition, first_of, shown
from pytest_icp.law.condition import ANYTHING
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import join_path

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
        if self.spec.names or (self.spec.paths and not self._is_list):
            return self._wrong(_DIFFERS.format(by=by), self._most)
        if self.spec.pairs or self.spec.valid:
            said = _NONE_FOR.format(value=value, by=self._records, joined=self._joined)
            return self._wrong(said, self._counting(_ONE_FOR.format(by=self._records)))
        left_out = self.among.left_out and self.among.uncounted.at([self.fact.value])
        return self._listed(_DOES_NOT_COUNT if left_out else _NOT_COVERED)

    def not_then(self, days: Days, over: date | None) -> Judgement:
        """Say that no record says a value on all of the days on which one must."""
        dated = {"by": self._records, "first": days.first, "last": days.last}
        said = _NOT_THEN.format(value=self._value, **dated)
        return self._wrong(said, self._counting(_ALL_THE_TIME.format(**dated)), over)

    def twice(self) -> Judgement:
        """Say that more than one record says a value."""
        return self._listed(_COVERED_TWICE)

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
            return self._noted(_SPACING)
        return SATISFIED

    def changing(self) -> Judgement:
        """Return that a difference is none, with a note of why."""
        return self._noted(_CHANGING)

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
    def _is_list(self) -> bool:
        return any(isinstance(one.says.value, list) for one in self.among.records)

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

    def _listed(self, message: Text) -> Judgement:
        among, value, by = self.spec.records, self._value, self._by
        which = condition(among.where, steps(among.of)[2]) if among else Text("", "")
        values = self.among.shown
        required = (_AMONG if values.en else _AMONG_NONE).format(by=by, values=values)
        return self._wrong(message.format(value=value, by=by, which=which), required)

    def _wrong(self, message: Text, required: Text, over: date | None = None) -> Judgement:
        found = plain(_text(self.fact.value)) if self.spec.names else self._value
        return violated(
            self.subject, self.fact.tokens, message, found=found, required=required, over=over
        )

    def _noted(self, template: Text) -> Judgement:
        expected = " / ".join(self._names)
        text = template.format(found=_text(self.fact.value), expected=expected, by=self._by)
        note = Note(kind=NoteKind.ADVICE, text=text, location=location(self.fact.tokens))
        return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else show(value)
