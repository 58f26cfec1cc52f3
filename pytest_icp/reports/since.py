"""What a change does (变更的影响): how one report differs from an earlier one, in lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.kinds.finding import Decided
from pytest_icp.kinds.result import Waived
from pytest_icp.kinds.standing import UNDECIDED, Standing, standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import inert, item
from pytest_icp.reports.record import Digest
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.policy import part_id

Key: TypeAlias = tuple[str, str]
"""A description, and one of its rules or fingerprints."""

NOT_LOOKED_AT = Text(zh="不再核对", en="no longer looked at")
FIRST = Text(zh="以前没有核对", en="not looked at")
TITLE = Text(
    zh="这项变更的影响（对比 {base}）：新增违反 {new} 项，改正 {fixed} 项",
    en="What this change does (since {base}): {new} new, {fixed} fixed",
)
UNCOMPARED = Text(zh="这项变更的影响（对比 {base}）", en="What this change does (since {base})")
BASE_OF_DAY = Text(zh="{base}（{day}）", en="{base} of {day}")
BY_CALENDAR = Text(zh="{how}，只因日期已过", en="{how} by the calendar alone")
OTHERWISE = Text(zh="仍{how}，现状由 {was} 变为 {found}", en="still {how}, {was} → {found}")
NOTHING = Text(zh="没有影响：结论和期限都没有变化", en="nothing: no verdict and no date differs")
MOVED = Text(zh="期限 {before} → {after}", en="due {before} → {after}")
ADDED = Text(zh="新增对象", en="new subject")
GONE = Text(zh="对象已去掉", en="subject gone")
UNTIL = Text(zh="至 {expires}（{owner}）：{reason}", en="until {expires} by {owner}: {reason}")
APART = Text(
    zh="git 中没有 {path}，无法比较：其中的发现不算新增，也不算原有",
    en="git does not have {path}: not comparable, so what is found in it is neither new nor known",
)
UNJUDGED = Text(zh="基准中不能使用：{message}", en="the base cannot be used: {message}")

MOST = 12
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


class Line(Struct, frozen=True, kw_only=True, rename={"version": "apiVersion"}):
    """A line of a JSON Lines report, as far as a comparison asks for it."""

    version: str
    grade: str
    description: str
    message: Text = plain("")
    place: Location = Location()
    as_of: str = ""
    rule: str = ""
    part: str = ""
    subject: str = ""
    pointer: str = ""
    title: Text = plain("")
    found: Text = plain("")
    fingerprint: str = ""
    waiver: Waived | None = None
    decided: Decided | None = None
    rules: Mapping[str, Standing] | None = None
    upcoming: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    elements: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    digests: tuple[Digest, ...] = ()

    @property
    def standing(self) -> Standing:
        """The grade of a finding."""
        return Standing(self.grade)

    @property
    def key(self) -> Key:
        """What tells a finding apart from all others."""
        return self.description, self.fingerprint

    @property
    def own_id(self) -> str:
        """The id of the rule, or of the part of it."""
        return part_id(self.rule, self.part)


class State(Struct, frozen=True, kw_only=True):
    """A state of a repository, as its report has it (状态).

    ``name`` is what it is called, ``day`` that since when it is so, and ``as_of`` the instant as of
    which it was judged. ``rules`` are how those of
    each description stand; ``findings`` are by description and fingerprint, ``upcoming`` the last
    days by description, rule and subject, and ``elements`` what each description has.
    ``left`` are the rules that are not selected of one.
    ``unjudged`` are the lines of what could not be judged, ``settings`` the options and own
    policies that it was judged by.

    Of a base, ``apart`` are the files that it does not have because git does not, ``resting`` the
    rules that read facts of these, and ``dated`` the findings that came with the days since it was
    committed, not with a change.
    """

    name: str
    day: str = ""
    as_of: str = ""
    rules: Mapping[Key, Standing] = field(default_factory=dict)
    findings: Mapping[Key, Line] = field(default_factory=dict)
    upcoming: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    elements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    left: frozenset[Key] = frozenset()
    unjudged: tuple[Line, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    apart: tuple[str, ...] = ()
    resting: frozenset[Key] = frozenset()
    dated: frozenset[Key] = frozenset()

    def lacks(self, path: str) -> bool:
        """Whether it does not have a file because git does not."""
        return any(path == one or path.startswith(f"{one}/") for one in self.apart)

    @property
    def unread(self) -> frozenset[str]:
        """The descriptions of which nothing was judged; "" is all of them."""
        read = {description for description, _ in self.rules}
        return frozenset(one.description for one in self.unjudged) - read

    @property
    def title(self) -> Text:
        """What it is called, with its day."""
        return BASE_OF_DAY.format(base=self.name, day=self.day) if self.day else plain(self.name)


class Change(Struct, frozen=True, kw_only=True):
    """A subject of a rule that stands otherwise than before; without a subject, the rule.

    ``before`` is None where it was not looked at then, ``after`` where it is gone now. What is
    ``dated`` is new because of the days since the base alone. ``was`` is what the base found,
    where that differs.
    """

    description: str
    rule_id: str
    part: str = ""
    title: Text = plain("")
    subject: str = ""
    before: Standing | None
    after: Standing | None
    location: Location
    message: Text = plain("")
    was: Text = plain("")
    found: Text = plain("")
    new: bool = False
    dated: bool = False

    @property
    def own_id(self) -> str:
        """The id of the rule, or of the part of it."""
        return part_id(self.rule_id, self.part)

    @property
    def how(self) -> Text:
        """How it stood, and stands."""
        after = standing_name(self.after) if self.after else NOT_LOOKED_AT
        if self.dated:
            return BY_CALENDAR.format(how=after)
        if self.was.en:
            return OTHERWISE.format(how=after, was=self.was, found=self.found)
        before = standing_name(self.before) if self.before else FIRST
        return before + plain(" → ") + after


class DueChange(Struct, frozen=True, kw_only=True):
    """A due date that moved."""

    description: str
    rules: tuple[str, ...]
    subject: str
    before: str
    after: str

    @property
    def how(self) -> Text:
        """The dates."""
        return MOVED.format(before=self.before, after=self.after)


class SettingChange(Struct, frozen=True, kw_only=True):
    """An option, or a policy of one's own, that is not as it was; "" is none."""

    name: str
    before: str
    after: str


class Since(Struct, frozen=True, kw_only=True):
    """How a run differs from its base: the worst first.

    ``new`` are the findings of the run that the base does not have, ``known`` those that it has;
    what cannot be compared is neither. ``unseen`` are rules that are no longer looked at;
    ``absent`` are findings of the base that the run, which decided their rules, does not have.
    """

    base: State
    settings: tuple[SettingChange, ...] = ()
    unseen: tuple[Change, ...] = ()
    rules: tuple[Change, ...] = ()
    due: tuple[DueChange, ...] = ()
    added: tuple[Key, ...] = ()
    gone: tuple[Key, ...] = ()
    new: frozenset[Key] = frozenset()
    known: frozenset[Key] = frozenset()
    absent: tuple[Line, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing differs."""
        changes = (self.settings, self.unseen, self.rules, self.due, self.added, self.gone)
        return not any(changes)

    @property
    def violations(self) -> int:
        """How many subjects violate a rule that did not before, or otherwise than before."""
        return sum(one.new and one.after is Standing.VIOLATED for one in self.rules)

    @property
    def fixed(self) -> int:
        """How many violated a rule and comply with it now; what is undecided is not fixed."""
        fine = (Standing.SATISFIED, Standing.DUE_SOON)
        return sum(one.before is Standing.VIOLATED and one.after in fine for one in self.rules)


class Row(Struct, frozen=True, kw_only=True):
    """Where, and what differs.

    What is said of one rule is ``short``: one line, which says the rest where there is room.
    """

    place: str
    what: Text
    short: bool = False


def title(since: Since) -> Text:
    """Return the title of what follows, with how many subjects stand better or worse."""
    if "" in since.base.unread:
        return UNCOMPARED.format(base=since.base.title)
    return TITLE.format(base=since.base.title, new=since.violations, fixed=since.fixed)


def rows(since: Since, most: int = MOST) -> Iterator[Row]:
    """Yield what differs, the worst first, so many rows of each; then how many more there are."""
    if since.nothing and not since.base.unjudged:
        yield Row(place="", what=NOTHING)
    yield from unseen_rows(since)
    yield from _up_to([setting_row(one) for one in since.settings], most)
    still, others = undecided_still(since)
    yield from _up_to([_rule_row(one, n) for one, n in grouped(others)], most)
    if still:
        yield several(STILL, still)
    due = [due_row(one) for one in since.due]
    yield from _up_to(due, most)
    for label, named in ((ADDED, since.added), (GONE, since.gone)):
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
    return [(group[0], len(group)) for group in groups.values()]


def remarks(since: Since) -> Iterator[Text]:
    """Yield what could not be compared."""
    for one in since.base.unjudged:
        place = plain(f"{one.place}: ") if one.place.path else plain("")
        yield place + UNJUDGED.format(message=one.message)
    apart = since.base.apart
    yield from (APART.format(path=path) for path in apart[:MOST])
    if len(apart) > MOST:
        yield w.MORE.format(n=len(apart) - MOST)


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
    return Row(place="", what=setting_text(setting))


def since_section(since: Since) -> b.Section:
    """Return the section of the terminal: what differs, and what could not be compared."""
    blocks = [block for row in rows(since) for block in _row_blocks(row)]
    said = [b.line(b.whole(one)) for one in remarks(since)]
    return b.Section(title(since), (*blocks, *b.items(said, style="joined")))


def _row_blocks(row: Row) -> Iterator[b.Block]:
    if row.short:
        yield b.paragraph(f"  {row.place}", row.what, style="cut")
    else:
        said = b.line(row.place, b.whole(row.what))
        yield from b.items([said], style="joined")


def quiet_lines(since: Since, language: Language) -> Iterator[str]:
    """Yield what differs, each in a whole line with its message, and what is not compared."""
    for row in rows(since):
        said = in_languages(row.what, language)
        yield inert(f"  {row.place} {said}".rstrip())
    for remark in remarks(since):
        yield from item(in_languages(remark, language), 80)


def _rule_row(change: Change, n: int) -> Row:
    what = change_text(change, n) + plain(" ") + change.message
    return Row(place=str(change.location), what=what, short=True)


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


def _up_to(found: list[Row], most: int) -> Iterator[Row]:
    yield from found[:most]
    if len(found) > most:
        yield Row(place="", what=w.MORE.format(n=len(found) - most))
