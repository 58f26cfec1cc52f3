"""What changes if nothing is done: the next day on which the standing of each rule changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from pytest_icp.kinds.standing import Standing, standing_title
from pytest_icp.law.text import Text
from pytest_icp.reports import labels
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import cut, item, pad, wrap
from pytest_icp.reports.safe import both_languages, json_text, one_line
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.policy import part_id

TITLE = Text(zh="如不作任何处理，将发生的变化", en="what changes if nothing is done")
_NONE = Text(zh="{days} 日内没有到期事项。", en="Nothing is due within {days:day}.")
_MOST = 20


class Change(Struct, frozen=True, kw_only=True):
    """The next day on which the standing of a rule changes, and why (变化).

    ``day`` is the first day of the new standing, ``before`` the standing until then.
    """

    description: str
    rule_id: str
    part: str = ""
    title: Text
    day: date
    days: int
    before: Standing
    after: Standing
    why: Text
    fix: Text
    subject: str
    as_of: str

    @property
    def own_id(self) -> str:
        """The id of the rule, or of the part of it that changes."""
        return part_id(self.rule_id, self.part)

    @property
    def last_day(self) -> date:
        """The last day of the standing before."""
        return self.day - timedelta(days=1)


def forecast_section(
    changes: Sequence[Change],
    days: int,
    names: Mapping[str, str],
    language: Language,
    columns: int,
) -> Section:
    """Return the section of the terminal with the changes within so many days.

    ``names`` tell the descriptions apart.
    """
    lines = list(changes_table(changes[:_MOST], names, language, columns))
    if not changes:
        lines = item(in_languages(none_within(days), language), columns)
    if len(changes) > _MOST:
        lines += item(in_languages(w.MORE.format(n=len(changes) - _MOST), language), columns)
    return Section(TITLE, tuple(lines))


def none_within(days: int) -> Text:
    """Return the sentence for no changes."""
    return _NONE.format(days=days)


def changes_table(
    changes: Sequence[Change], names: Mapping[str, str], language: Language, columns: int
) -> Iterator[str]:
    """Yield a line for each change with its reason below; ``names`` tell the descriptions apart."""
    for change in changes:
        before, after = (
            in_languages(standing_title(how), language) for how in (change.before, change.after)
        )
        left = f"+{change.days}"
        head = f"  {change.day} {pad(left, 5)} {change.own_id}: {before} → {after}"
        yield cut(one_line(head), columns)
        # Below the line, which has no room left.
        name = names[change.description]
        where = f"{in_languages(change.why, language)} [{change.subject}]"
        where = f"{name}: {where}" if name else where
        yield from wrap(f"      {where}", columns, indent="      ")


def changes_json(changes: Sequence[Change]) -> str:
    """Return the changes as JSON, in both languages."""
    return json_text([_json(change) for change in changes], indented=True)


def _json(change: Change) -> dict[str, object]:
    return {
        "description": one_line(change.description),
        "rule": change.rule_id,
        **({"part": change.part} if change.part else {}),
        "day": change.day.isoformat(),
        "last_day": change.last_day.isoformat(),
        "days": change.days,
        "before": str(change.before),
        "after": str(change.after),
        "subject": one_line(change.subject),
        "as_of": change.as_of,
        **{
            name: both_languages(text)
            for name, text in (("title", change.title), ("why", change.why), ("fix", change.fix))
        },
    }


def summary_of(change: Change, language: Language) -> str:
    """Return a change in one line, for the title of an event."""
    after = in_languages(standing_title(change.after), language)
    title = in_languages(change.title, language)
    last = in_languages(labels.DAY, language)
    return one_line(f"{change.own_id} {last}: {title} → {after}")
