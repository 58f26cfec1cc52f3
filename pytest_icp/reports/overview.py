"""A run at a glance: its verdict, and how many rules of each provision have which standing."""

from __future__ import annotations

from collections import Counter
from itertools import groupby

from msgspec import Struct

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import Text
from pytest_icp.reports import labels
from pytest_icp.reports.incomplete import whole
from pytest_icp.reports.run import Run


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
    """The verdict of a run in a word, the numbers, and a row for each provision.

    ``worst`` decides the sign; ``judged`` tells how much was judged, and as of when.
    """

    word: Text
    worst: Standing
    judged: Text
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
    return Overview(
        word=_word(run, counts),
        worst=Standing.VIOLATED if run.troubles else worst,
        judged=_judged(run, provisions=len(rows)),
        counts=counts,
        rows=tuple(rows),
    )


def _judged(run: Run, provisions: int) -> Text:
    day, rules = run.as_of[:10], len(run.results)
    if run.complete:
        return labels.JUDGED.format(day=day, provisions=provisions, rules=rules)
    return labels.JUDGED_PARTLY.format(day=day, rules=str(rules), all=rules + len(run.not_run))


def _word(run: Run, counts: Counter[Standing]) -> Text:
    fails = run.troubles or counts[Standing.VIOLATED]
    if not run.complete:
        return labels.INCOMPLETE_FAILS if fails else labels.INCOMPLETE
    if fails:
        return labels.FAILS
    if counts[Standing.UNKNOWN]:
        return labels.UNDECIDED
    return labels.COMPLIES if counts else labels.NOTHING
