"""What a change does (变更的影响): how a run differs from an earlier state, as reports say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.baseline import KnownFinding
from pytest_icp.rules.policy import part_id

Key: TypeAlias = tuple[str, str]
"""A description, and one of its rules or fingerprints."""

NOTHING_FOUND = Text(zh="没有发现", en="nothing found")
NOT_LOOKED_AT = Text(zh="不再核对", en="no longer looked at")
FIRST = Text(zh="以前没有核对", en="not looked at")
TITLE = Text(zh="这项变更的影响（对比 {base}）", en="What this change does (since {base})")
BASE_OF_DAY = Text(zh="{base}（{day}）", en="{base} of {day}")
STILL = Text(zh="仍{how}", en="still {how}")
BY_CALENDAR = Text(zh="{how}，只因日期已过", en="{how} by the calendar alone")
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


class Was(KnownFinding, frozen=True, kw_only=True):
    """A finding of the base, with its standing there.

    ``dated`` is one that came with the days since the base was committed, not with a change.
    """

    standing: Standing
    dated: bool = False


class Unjudged(Struct, frozen=True, kw_only=True):
    """What of the base cannot be used, and why.

    ``description`` is empty where that is all of it; with a ``rule_id`` it is the check of a rule
    that crashed. ``whole`` is whether nothing of the description was judged.
    """

    description: str
    location: Location
    message: Text
    rule_id: str = ""
    whole: bool = True


class Base(Struct, frozen=True, kw_only=True):
    """An earlier state, as it is judged as of the day of the run (基准).

    ``name`` is what it is called, and ``day`` that since when it is so. ``standings`` are those of
    its rules, None where only findings are known, as of a JSON Lines report. ``findings`` are by
    description and fingerprint; ``upcoming`` the last days by description, rule and subject, and
    ``elements`` what each description has. ``apart`` are the files that it does not have because
    git does not, ``resting`` the rules that read facts of these.
    """

    name: str
    day: str = ""
    standings: Mapping[Key, Standing] | None = None
    findings: Mapping[Key, Was] = field(default_factory=dict)
    upcoming: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    elements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    unjudged: tuple[Unjudged, ...] = ()
    apart: tuple[str, ...] = ()
    resting: frozenset[Key] = frozenset()

    def lacks(self, path: str) -> bool:
        """Whether it does not have a file because git does not."""
        return any(path == one or path.startswith(f"{one}/") for one in self.apart)

    @property
    def title(self) -> Text:
        """What it is called, with its day."""
        return BASE_OF_DAY.format(base=self.name, day=self.day) if self.day else plain(self.name)


class RuleChange(Struct, frozen=True, kw_only=True):
    """A rule that stands otherwise than before, of which something new is found, or violated still.

    None is a standing that is not known: before, of a rule that was not looked at or of which
    nothing was found, and after, of one that is no longer looked at. ``message``, ``subject`` and
    ``standing`` are those of the first new finding, ``new`` counts them; ``ours`` is whether its
    line is one of the change. Of a rule without one they are those of an older violation on such a
    line. What is ``dated`` is new because of the days since the base alone. What is ``decided`` is
    not fixed: a person has said that the duty was met.
    """

    description: str
    rule_id: str
    part: str = ""
    title: Text
    before: Standing | None
    after: Standing | None
    first: Text = FIRST
    location: Location
    subject: str = ""
    message: Text = plain("")
    standing: Standing | None = None
    new: int = 0
    gone: int = 0
    ours: bool = False
    dated: bool = False
    decided: bool = False

    @property
    def own_id(self) -> str:
        """The id of the rule, or of the part of it that the first finding is of."""
        return part_id(self.rule_id, self.part)

    @property
    def edited(self) -> bool:
        """Whether it is violated as before, on a line of the change."""
        return self.ours and not (self.new or self.gone) and self.before is self.after

    @property
    def how(self) -> Text:
        """How it stood, and stands."""
        if self.dated and self.after:
            return BY_CALENDAR.format(how=standing_name(self.after))
        if self.after and self.before is self.after:
            return STILL.format(how=standing_name(self.after))
        before = standing_name(self.before) if self.before else self.first
        after = standing_name(self.after) if self.after else NOT_LOOKED_AT
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


class Since(Struct, frozen=True, kw_only=True):
    """How a run differs from its base: the worst first.

    ``new`` are the findings of the run that the base does not have, ``known`` those that it has;
    what cannot be compared is neither. ``unseen`` are rules that are no longer looked at;
    ``absent`` are findings of the base that the run, which decided their rules, does not have.
    """

    base: Base
    rules: tuple[RuleChange, ...] = ()
    unseen: tuple[RuleChange, ...] = ()
    due: tuple[DueChange, ...] = ()
    added: tuple[Key, ...] = ()
    gone: tuple[Key, ...] = ()
    new: frozenset[Key] = frozenset()
    known: frozenset[Key] = frozenset()
    absent: tuple[Was, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing differs."""
        return not (self.rules or self.unseen or self.due or self.added or self.gone)
