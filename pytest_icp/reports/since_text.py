"""What a change does, in lines: those of the terminal, which other formats say as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pytest_icp.kinds.standing import UNDECIDED
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import since as s
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import cut, inert, item
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Change, DueChange, SettingChange, Since
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages

MOST = 12
OURS = Text(zh="+ 是这项变更改动的行", en="+ marks a line of this change")
UNSEEN = Text(
    zh="不再核对的规则有 {n} 项，不算改正：{rules}",
    en="no longer looked at, so not fixed: {n:rule}: {rules}",
)
STILL = Text(
    zh="仍无法判断而又多了对象的规则有 {n} 项：{rules}",
    en="still unknown, of other subjects than before: {n:rule}: {rules}",
)
_SUBJECTS = Text(zh="{how}，{n} 个对象", en="{how}, {n} subjects")
_SETTING = Text(zh="{name}：{before} → {after}", en="{name}: {before} → {after}")
_NOT_SET = Text(zh="没有设置", en="not set")
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
    """Return the title of what follows, with how many subjects stand better or worse."""
    if "" in since.base.unread:
        return s.UNCOMPARED.format(base=since.base.title)
    return s.TITLE.format(base=since.base.title, new=since.violations, mended=since.mended)


def rows(since: Since, most: int | None = MOST) -> Iterator[Row]:
    """Yield what differs, the worst first, so many rows of each; then how many more there are."""
    if since.nothing and not since.base.unjudged:
        yield Row(place="", what=s.NOTHING)
    yield from unseen_rows(since)
    yield from _up_to([setting_row(one) for one in since.settings], most)
    still, others = undecided_still(since)
    yield from _up_to([_rule(one, n) for one, n in grouped(others)], most)
    if still:
        yield several(STILL, still)
    due = [due_row(one) for one in since.due]
    yield from _up_to(due, most)
    for label, named in ((s.ADDED, since.added), (s.GONE, since.gone)):
        found = [Row(place=at, what=label + plain(f" {name}")) for at, name in named]
        yield from _up_to(found, most)


def undecided_still(since: Since) -> tuple[list[Change], list[Change]]:
    """Return what is as unknown as before, of other subjects, and all others."""
    groups: tuple[list[Change], list[Change]] = ([], [])
    for one in since.rules:
        groups[one.before is not one.after or one.after not in UNDECIDED].append(one)
    return groups


def grouped(changes: Iterable[Change]) -> list[tuple[Change, int]]:
    """Return the changes, of subjects that a rule finds alike the first with their number."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for one in changes:
        alike = (one.description, one.own_id, one.before, one.after, one.dated, one.was)
        groups.setdefault(alike, []).append(one)
    firsts = (min(group, key=lambda one: not one.ours) for group in groups.values())
    return [(first, len(group)) for first, group in zip(firsts, groups.values(), strict=True)]


def remarks(since: Since) -> Iterator[Text]:
    """Yield what could not be compared."""
    for one in since.base.unjudged:
        place = plain(f"{one.place}: ") if one.place.path else plain("")
        yield place + s.UNJUDGED.format(message=one.message)
    apart = since.base.apart
    yield from (s.APART.format(path=path) for path in apart[:MOST])
    if len(apart) > MOST:
        yield w.MORE.format(n=len(apart) - MOST)


def tolerated(run: Run) -> Text | None:
    """Return how many findings do not fail a run, and since when they are there."""
    if not run.tolerated:
        return None
    return s.TOLERATED.format(n=len(run.tolerated), base=run.tolerated_since)


def how_text(change: Change, n: int = 1) -> Text:
    """Return how a subject stood, and stands, with the number of those alike."""
    return _SUBJECTS.format(how=change.how, n=str(n)) if n > 1 else change.how


def change_text(change: Change, n: int = 1) -> Text:
    """Return a rule, how it changed, and of what."""
    what = plain(f"{change.own_id}: ") + how_text(change, n)
    return what + plain(f" [{change.subject}]") if change.subject else what


def setting_text(setting: SettingChange) -> Text:
    """Return a setting, what it was, and what it is."""
    before, after = (plain(one) if one else _NOT_SET for one in (setting.before, setting.after))
    return _SETTING.format(name=setting.name, before=before, after=after)


def setting_row(setting: SettingChange) -> Row:
    """Return the row of a setting that is not as it was."""
    place = str(setting.location) if setting.location.path else ""
    return Row(place=place, what=setting_text(setting), ours=setting.ours)


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


def _rule(change: Change, n: int) -> Row:
    what = change_text(change, n) + plain(" ") + change.message
    return Row(place=str(change.location), what=what, ours=change.ours, short=True)


def unseen_rows(since: Since) -> Iterator[Row]:
    """Yield a row for the rules that are no longer looked at, in any description."""
    if since.unseen:
        yield several(UNSEEN, since.unseen)


def several(said: Text, changes: Sequence[Change]) -> Row:
    """Return the row of rules that are said together."""
    rules = {one.rule_id: one for one in reversed(changes)}
    first = [
        plain(one.rule_id) + (plain("") if one.after else plain(f" ({one.before})"))
        for one in list(reversed(rules.values()))[:_EXAMPLES]
    ]
    named = Text("、", ", ").join(first) + plain(" …" if len(rules) > _EXAMPLES else "")
    what = said.format(n=len(rules), rules=named)
    return Row(place=changes[0].description, what=what)


def due_row(due: DueChange) -> Row:
    """Return the row of a due date that moved."""
    of = plain(f"{', '.join(due.rules)} [{due.subject}]: ")
    return Row(place=due.description, what=of + due.how)


def _up_to(found: list[Row], most: int | None) -> Iterator[Row]:
    yield from found[:most]
    if most is not None and len(found) > most:
        yield Row(place="", what=w.MORE.format(n=len(found) - most))
