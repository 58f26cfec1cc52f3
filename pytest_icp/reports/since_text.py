"""What a change does, in lines: those of the terminal, which other formats say as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.standing import UNDECIDED, standing_name
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import since as s
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import cut, inert, item
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import DueChange, RuleChange, Since
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages

MOST = 12
OURS = Text(zh="+ 是这项变更改动的行", en="+ marks a line of this change")
_MORE_NEW = Text(zh="{what}，新增 {n} 项", en="{what}, {n} new")
_NEW_OF = Text(zh="{what}，新增 {n} 项{how}", en="{what}, {n} new {how}")
_FEWER = Text(zh="{what}，少了 {n} 项", en="{what}, {n} fewer")
UNSEEN = Text(
    zh="不再核对的规则有 {n} 项，不算改正：{rules}",
    en="no longer looked at, so not fixed: {n:rule}: {rules}",
)
STILL = Text(
    zh="仍无法判断而又多了或少了对象的规则有 {n} 项：{rules}",
    en="still unknown, of other subjects than before: {n:rule}: {rules}",
)
_EXAMPLES = 4


class Row(Struct, frozen=True, kw_only=True):
    """Where, whether the line there is one of the change, and what differs.

    What is said of one rule is ``short``: one line, which says the rest where there is room.
    """

    place: str
    what: Text
    ours: bool = False
    short: bool = False

    def text(self, language: Language) -> str:
        """Return it with the mark of a line of the change."""
        said = in_languages(self.what, language)
        return inert(f"{'+' if self.ours else ' '} {self.place} {said}".rstrip())


def title(since: Since) -> Text:
    """Return the title of what follows."""
    return s.TITLE.format(base=since.base.title)


def rows(since: Since, most: int | None = MOST) -> Iterator[Row]:
    """Yield what differs, the worst first, so many rows of each; then how many more there are."""
    if since.nothing and not since.base.unjudged:
        yield Row(place="", what=s.NOTHING)
    still, others = undecided_still(since)
    yield from _up_to([_rule(one) for one in others], most)
    if still:
        yield several(STILL, still)
    yield from unseen_rows(since)
    due = [due_row(one) for one in since.due]
    yield from _up_to(due, most)
    for label, named in ((s.ADDED, since.added), (s.GONE, since.gone)):
        found = [Row(place=at, what=label + plain(f" {name}")) for at, name in named]
        yield from _up_to(found, most)


def undecided_still(since: Since) -> tuple[list[RuleChange], list[RuleChange]]:
    """Return the rules that are as unknown as before, of other subjects, and all others."""
    still = [one for one in since.rules if one.before is one.after and one.after in UNDECIDED]
    return still, [one for one in since.rules if one not in still]


def remarks(since: Since) -> Iterator[Text]:
    """Yield what could not be compared."""
    for one in since.base.unjudged:
        place = plain(f"{one.location}: ") if one.location.path else plain("")
        yield place + s.UNJUDGED.format(message=one.message)
    yield from (s.APART.format(path=path) for path in since.base.apart)


def tolerated(run: Run) -> Text | None:
    """Return how many findings do not fail a run, and since when they are there."""
    if not run.tolerated:
        return None
    return s.TOLERATED.format(n=len(run.tolerated), base=run.tolerated_since)


def change_text(change: RuleChange) -> Text:
    """Return a rule, how it changed, and of what."""
    what = plain(f"{change.own_id}: ") + how_text(change)
    return what + plain(f" [{change.subject}]") if change.subject else what


def how_text(change: RuleChange) -> Text:
    """Return how a rule changed, and how many findings it has more or fewer."""
    same = change.before is change.after
    if change.new and same and change.standing and change.standing is not change.after:
        how = standing_name(change.standing)
        return _NEW_OF.format(what=change.how, n=change.new, how=how)
    if change.new > 1 or (change.new and same and not change.dated):
        return _MORE_NEW.format(what=change.how, n=change.new)
    if change.gone and same:
        return _FEWER.format(what=change.how, n=change.gone)
    return change.how


def since_section(since: Since, language: Language, columns: int) -> Section:
    """Return the section of the terminal."""
    lines = list(since_lines(since, language, columns))
    return Section(title(since), tuple(lines))


def since_lines(since: Since, language: Language, columns: int | None) -> Iterator[str]:
    """Yield what differs, a line each; without ``columns`` whole, and with its message."""
    shown = list(rows(since))
    for row in shown:
        text = row.text(language)
        if columns is None:
            yield text
        elif row.short:
            yield cut(text, columns)
        else:
            yield from item(text.strip(), columns)
    if columns and any(row.ours for row in shown):
        yield cut(f"  {in_languages(OURS, language)}", columns)
    for said in remarks(since):
        yield from item(in_languages(said, language), columns or 80)


def _rule(change: RuleChange) -> Row:
    what = change_text(change) + plain(" ") + change.message
    return Row(place=str(change.location), what=what, ours=change.ours, short=True)


def unseen_rows(since: Since) -> Iterator[Row]:
    """Yield a row for the rules that are no longer looked at, one for each line that does it."""
    groups: dict[tuple[str, bool], list[RuleChange]] = {}
    for one in since.unseen:
        # Of those that no line is known of there is one for all descriptions.
        groups.setdefault((str(one.location) if one.ours else "", one.ours), []).append(one)
    for (_, ours), changes in groups.items():
        row = several(UNSEEN, changes)
        place = str(changes[0].location) if ours else row.place
        yield replace(row, place=place, ours=ours)


def several(said: Text, changes: Sequence[RuleChange]) -> Row:
    """Return the row of rules that are said together."""
    first = [
        plain(one.rule_id) + (plain("") if one.after else plain(f" ({one.before})"))
        for one in changes[:_EXAMPLES]
    ]
    rules = Text("、", ", ").join(first) + plain(" …" if len(changes) > _EXAMPLES else "")
    what = said.format(n=len(changes), rules=rules)
    return Row(place=changes[0].description, what=what)


def due_row(due: DueChange) -> Row:
    """Return the row of a due date that moved."""
    of = plain(f"{', '.join(due.rules)} [{due.subject}]: ")
    return Row(place=due.description, what=of + due.how)


def _up_to(found: list[Row], most: int | None) -> Iterator[Row]:
    yield from found[:most]
    if most is not None and len(found) > most:
        yield Row(place="", what=w.MORE.format(n=len(found) - most))
