"""A run at a glance: its verdict, and how many rules of each provision have which standing."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from msgspec import Struct

from pytest_icp.kinds.standing import UNDECIDED, Standing
from pytest_icp.law.text import Text
from pytest_icp.reports import labels
from pytest_icp.reports.run import Run, whole
from pytest_icp.reports.verdict_line import not_selected

_VIOLATED = Text(zh="违反 {n} 项规则", en="{n:rule} violated")
_PARTLY_VIOLATED = Text(zh="核对未完成；违反 {n} 项规则", en="Incomplete; {n:rule} violated")
_NONE_FOUND = Text(zh="没有发现违反，{n} 项无法判断", en="No violation found, {n} undecided")
_AMONG = Text(
    zh="本次核对的 {n} 项规则中没有发现违反", en="No violation among the {n:rule} selected"
)
_ALL = Text(zh="{n} 项规则均已判断，没有发现违反", en="All {n:rule} decided, no violation")


class Row(Struct, frozen=True, kw_only=True):
    """A provision: how many of its rules have which standing, and those that are not met.

    ``article`` and ``title`` are empty for tests of one's own.
    """

    provision: str
    article: str
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
    stands = [(r.provision, r.article, r.provision_title, r.rule_id, r.standing) for r in results]
    stands.sort(key=lambda one: (one[0], one[3]))
    rows = []
    for provision, group in groupby(stands, key=lambda one: one[0]):
        of_one = list(group)
        _, article, title, _, _ = max(of_one, key=lambda one: bool(one[2].en))
        rules = tuple((rule, how) for _, _, _, rule, how in of_one)
        rows.append(
            Row(
                provision=provision,
                article=article,
                title=title,
                counts=Counter(how for _, how in rules),
                rules=rules,
            )
        )
    counts = Counter(one[4] for one in stands)
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
        return labels.JUDGED.format(day=day, provisions=provisions, rules=rules)
    return labels.JUDGED_PARTLY.format(day=day, rules=str(rules), all=rules + len(run.not_run))


def _word(run: Run, counts: Counter[Standing], *, selected_all: bool) -> Text:
    """Return what may be said of the rules; of a licence or a company, nothing is."""
    violated, n = counts[Standing.VIOLATED], counts.total()
    if not run.complete or run.troubles:
        return _PARTLY_VIOLATED.format(n=violated) if violated else labels.INCOMPLETE
    if violated:
        return _VIOLATED.format(n=violated)
    if undecided := sum(counts[how] for how in UNDECIDED):
        return _NONE_FOUND.format(n=str(undecided))
    if not n:
        return labels.NOTHING
    return (_ALL if selected_all else _AMONG).format(n=n)
