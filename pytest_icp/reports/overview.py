"""A run at a glance: its verdict, the number of rules by status, and those not selected.

Nothing is said of a licence or a company as a whole, and of rules no more than was decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from enum import Enum, auto
from itertools import groupby

from msgspec import Struct

from pytest_icp.facts.fields import roles
from pytest_icp.kinds.finding import NoteKind
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import UNDECIDED, Standing, standing
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.marked import MarkedTest
from pytest_icp.reports.record import Record
from pytest_icp.reports.run import Run, whole

_SEVERAL = Text(zh="{n} 份描述：{said}", en="{n:description}: {said}")
_COUNTS: dict[Standing, Text] = {
    Standing.VIOLATED: Text(zh="违反 {n}", en="{n} violated"),
    Standing.UNKNOWN: Text(zh="无法判断 {n}", en="{n} undecided"),
    Standing.ADVISORY: Text(zh="建议未做到 {n}", en="{n} advice not met"),
    Standing.DUE_SOON: Text(zh="即将到期 {n}", en="{n} due soon"),
    Standing.WAIVED: Text(zh="已豁免 {n}", en="{n} waived"),
    Standing.DECIDED: Text(zh="认定为已履行 {n}", en="{n} decided: complied"),
    Standing.SATISFIED: Text(zh="符合 {n}", en="{n} satisfied"),
    Standing.NOT_APPLICABLE: Text(zh="不适用 {n}", en="{n} not applicable"),
}
_WOULD_BE = Text(zh="可能违反 {n}", en="{n} would be")
_OF_ADVICE = Text(zh="（建议 {n}）", en=" ({n} advice)")
_NONE_FOUND = Text(zh="没有发现违反，{counts}", en="no violation found, {counts}")
_SELECTED = Text(
    zh="本次核对的 {n} 项规则中没有发现违反", en="no violation among the {n:rule} selected"
)
_ALL = Text(zh="{n} 项规则均已判断，没有发现违反", en="all {n:rule} decided, no violation")
_LEFT = Text(
    zh="{n} 项未列入本次核对{roles}：select: all", en="{n} not selected{roles}: `select: all`"
)
_BY_OPTION = Text(
    zh="按 icp_select、icp_ignore，{n} 项未列入本次核对{roles}",
    en="{n} not selected by icp_select and icp_ignore{roles}",
)
_COLON = Text(zh="：{counts}", en=": {counts}")
_BRACKETS = Text(zh="（{counts}）", en=" ({counts})")
_RESTING = Text(zh="{n} 项的结论基于假定", en="{n:verdict} on assumptions")
_OF_ROLE = Text(zh="{role} {n}", en="{role} {n}")
_COMMA = Text(zh="，", en=", ")

_VIOLATED = Text(zh="违反 {n} 项规则", en="{n:rule} violated")
_SOME_OPEN = Text(zh="没有发现违反，{n} 项无法判断", en="No violation found, {n} undecided")
_PARTLY_VIOLATED = Text(zh="核对未完成；违反 {n} 项规则", en="Incomplete; {n:rule} violated")


class Among(Enum):
    """Among which rules something was found: every one, those selected, or some of these."""

    EVERY = auto()
    SELECTED = auto()
    SOME = auto()


def verdict_line(
    results: Sequence[Result],
    marked: Sequence[MarkedTest] = (),
    *,
    among: Among = Among.EVERY,
) -> Text | None:
    """Return how many rules stand how, the worst first, and ``among`` which that is.

    ``marked`` are the verdicts of ordinary tests. None if no rule of a description was decided.
    """
    if not results:
        return None
    said, n = _said(results, marked, among), len({result.description for result in results})
    return _SEVERAL.format(n=n, said=said) if n > 1 else said


def _said(results: Sequence[Result], marked: Sequence[MarkedTest], among: Among) -> Text:
    counts = Counter(result.standing for result in results)
    counts.update(standing(one.verdict, "mandatory", waived=False) for one in marked)
    unknown = (one for one in results if one.standing is Standing.UNKNOWN)
    said = _COMMA.join(_parts(counts, sum(one.would_be_violated for one in unknown)))
    if counts[Standing.VIOLATED]:
        return said
    if among is Among.SOME or any(counts[how] for how in UNDECIDED):
        return _NONE_FOUND.format(counts=said)
    whole = _ALL + _COLON if among is Among.EVERY else _SELECTED + _BRACKETS
    return whole.format(n=counts.total(), counts=said)


def _parts(counts: Counter[Standing], would_be: int) -> list[Text]:
    """Return each count; what would be violated is not counted with what is undecided."""
    of_advice = counts[Standing.ADVISORY_UNKNOWN]
    shown = counts + Counter({Standing.UNKNOWN: of_advice - would_be})
    parts = [_WOULD_BE.format(n=would_be)] if would_be else []
    for how, words in _COUNTS.items():
        if n := shown[how]:
            advice = how is Standing.UNKNOWN and of_advice
            said = words.format(n=n) + (_OF_ADVICE.format(n=of_advice) if advice else plain(""))
            parts.insert(0 if how is Standing.VIOLATED else len(parts), said)
    return parts


def not_selected(
    records: Iterable[Record], options: Collection[str] = (), *, by_role: bool = True
) -> Text | None:
    """Return how many rules are not selected, and ``by_role`` whom they would ask.

    None if all are. ``options`` are the names of those that are set: they decide in place of a
    description.
    """
    left: Counter[str] = Counter()
    for record in records:
        left.update({role: len(rules) for role, rules in record.left.items()})
    if not left:
        return None
    named = roles()
    parts = [_OF_ROLE.format(role=named[role], n=n) for role, n in left.most_common()]
    said = _BY_OPTION if not {"icp_select", "icp_ignore"}.isdisjoint(options) else _LEFT
    whom = _BRACKETS.format(counts=_COMMA.join(parts)) if by_role else plain("")
    return said.format(n=left.total(), roles=whom)


def resting(results: Iterable[Result]) -> Text | None:
    """Return how many rules are decided only as far as what sources assume is so."""
    n = sum(any(note.kind is NoteKind.ASSUMED for note in one.notes) for one in results)
    return _RESTING.format(n=n) if n else None


class Row(Struct, frozen=True, kw_only=True):
    """A provision: how many of its rules have which standing, and those that are not met.

    The ``title`` is empty for tests of one's own.
    """

    provision: str
    title: Text
    counts: Counter[Standing]
    rules: tuple[tuple[str, Standing], ...]


class Overview(Struct, frozen=True, kw_only=True):
    """The verdict of a run in a few words, the numbers, and a row for each provision.

    ``worst`` decides the sign; ``judged`` tells how much was judged, and as of when, ``left`` how
    many rules are not selected, if any.
    """

    word: Text
    worst: Standing
    judged: Text
    left: Text | None = None
    counts: Counter[Standing]
    rows: tuple[Row, ...]

    @property
    def standings(self) -> list[Standing]:
        """The standings that occur, the worst first."""
        return [how for how in Standing if self.counts[how]]


def overview(run: Run) -> Overview:
    """Return the overview of a run over all its descriptions, users' own tests among them."""
    results = whole(run).results
    ordered = sorted(results, key=lambda one: (one.provision, one.rule_id))
    rows = []
    for provision, group in groupby(ordered, key=lambda one: one.provision):
        rules = [(one.rule_id, one.provision_title, one.standing) for one in group]
        titled = max((title for _, title, _ in rules), key=lambda title: bool(title.en))
        rows.append(
            Row(
                provision=provision,
                title=titled,
                counts=Counter(how for _, _, how in rules),
                rules=tuple((rule, how) for rule, _, how in rules),
            )
        )
    counts = Counter(how for row in rows for how in row.counts.elements())
    worst = next((how for how in Standing if counts[how]), Standing.NOT_APPLICABLE)
    if not run.complete:
        worst = Standing.VIOLATED if counts[Standing.VIOLATED] else Standing.UNKNOWN
    left = not_selected(run.records, run.settings)
    return Overview(
        word=_word(run, counts, selected_all=left is None),
        worst=Standing.VIOLATED if run.troubles else worst,
        judged=_judged(run, provisions=len(rows)),
        left=left,
        counts=counts,
        rows=tuple(rows),
    )


def _judged(run: Run, provisions: int) -> Text:
    day, rules = run.as_of[:10], len(run.results)
    if run.complete:
        return w.JUDGED.format(day=day, provisions=provisions, rules=rules)
    return w.JUDGED_PARTLY.format(day=day, rules=str(rules), all=rules + len(run.not_run))


def _word(run: Run, counts: Counter[Standing], *, selected_all: bool) -> Text:
    """Return what may be said of the rules; of a licence or a company, nothing is."""
    violated, n = counts[Standing.VIOLATED], counts.total()
    if not run.complete or run.troubles:
        return _PARTLY_VIOLATED.format(n=violated) if violated else w.INCOMPLETE
    if violated:
        return _VIOLATED.format(n=violated)
    if undecided := sum(counts[how] for how in UNDECIDED):
        return _SOME_OPEN.format(n=str(undecided))
    if not n:
        return w.NOTHING
    return w.capitalised((_ALL if selected_all else _SELECTED).format(n=n))
