"""What a change does (变更的影响): how one report differs from an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.kinds.finding import Decided
from pytest_icp.kinds.result import Waived
from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.record import Digest
from pytest_icp.rules.policy import part_id

Key: TypeAlias = tuple[str, str]
"""A description, and one of its rules or fingerprints."""

NOT_LOOKED_AT = Text(zh="不再核对", en="no longer looked at")
FIRST = Text(zh="以前没有核对", en="not looked at")
TITLE = Text(
    zh="这项变更的影响（对比 {base}）：新增违反 {new} 项，改正 {mended} 项",
    en="What this change does (since {base}): {new} new, {mended} mended",
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
TOLERATED = Text(
    zh="另有 {n} 项自 {base} 起就有，未使运行失败（--icp-fail-on=new）",
    en="{n:finding} tolerated, there since {base} (--icp-fail-on=new)",
)


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

    ``before`` is None where it was not looked at then, ``after`` where it is gone now. ``ours`` is
    whether its line is one of the change. What is ``dated`` is new because of the days since the
    base alone. ``was`` is what the base found, where that differs.
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
    ours: bool = False
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
    location: Location = Location()
    ours: bool = False


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
    def has_ours(self) -> bool:
        """Whether a line of the change is among what differs."""
        return any(one.ours for one in self.rules) or any(one.ours for one in self.settings)

    @property
    def violations(self) -> int:
        """How many subjects violate a rule that did not before, or otherwise than before."""
        return sum(one.new and one.after is Standing.VIOLATED for one in self.rules)

    @property
    def mended(self) -> int:
        """How many violated a rule and comply with it now; what is undecided is not mended."""
        fine = (Standing.SATISFIED, Standing.DUE_SOON)
        return sum(one.before is Standing.VIOLATED and one.after in fine for one in self.rules)
