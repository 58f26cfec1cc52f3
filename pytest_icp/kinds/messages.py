"""Messages of the engine and those that several kinds share; each kind has its own as well."""

from __future__ import annotations

from pytest_icp.law.text import Text

# Facts that are not declared.
NOT_DECLARED = Text(zh="未申报", en="not declared")
NOT_DONE = Text(zh="未办理", en="never")
DECLARE = Text(zh="申报“{fact}”", en="declare “{fact}”")
APPLICABILITY_UNKNOWN = Text(
    zh="未申报“{fact}”，无法判断本项义务是否适用",
    en="“{fact}” is not declared, so whether this duty applies cannot be decided",
)
IT_APPLIES = Text(zh="本项适用", en="this applies")

# Dated duties.
PLUS = Text(zh="{start} 之后 {span}为 {end}", en="{start} + {span} = {end}")
MINUS = Text(zh="{start} 之前 {span}为 {end}", en="{start} − {span} = {end}")
BY = Text(zh="不晚于 {last}", en="on or before {last}")
IMPRECISE = Text(
    zh="只申报了日期，按小时、分钟计算需要时刻",
    en="only the day is declared, but hours and minutes need the time of day",
)
NOT_BEFORE = Text(zh="不早于 {day}", en="not before {day}")
NOT_AFTER = Text(zh="不晚于 {day}", en="not after {day}")

# The licence itself.
EARLIER_ISSUE = Text(
    zh="截至核对日，本证尚未颁发；当时有效的旧证未申报",
    en="this licence was not issued yet; the one in force before it is not declared",
)
UNDECIDED_RENEWAL = Text(
    zh="许可证已于 {until} 到期；延续的决定未申报",
    en="the licence expired on {until}, and whether it was renewed is not declared",
)

# Of every kind.
NOT_IN_FORCE = Text(
    zh="所依据的法条在 {day} 不具效力（{since} 起施行）",
    en="the statute was not in force on {day} (in force from {since})",
)
NO_LONGER_IN_FORCE = Text(
    zh="所依据的法条在 {day} 已不再有效（施行至 {until}）",
    en="the statute was no longer in force on {day} (in force until {until})",
)
DEFAULT_NUMBER = Text(
    zh="“{title}”取 {amount}，是本项目的默认值，法律没有规定数字",
    en="{title}: {amount} is a default of this project; the law gives no number",
)
UNVERIFIED_NUMBER = Text(
    zh="“{title}”取 {amount}，未与法律原文核对",
    en="{title}: {amount} was not checked against the text of the law",
)
ASSUMES = Text(
    zh="假定 {count} 项“{each}”的 `{name}: {value}`（来源 {place} 的 assume）",
    en="assumes `{name}: {value}` of {count} of `{each}` (`assume` of the source at {place})",
)
ASSUMING = Text(zh="（假定 {facts}）", en=" (assuming {facts})")


def assumed_apart(said: Text) -> Text:
    """Return a message that may end with what it assumes, without that."""
    return Text(zh=_before(said.zh, ASSUMING.zh), en=_before(said.en, ASSUMING.en))


def _before(said: str, assuming: str) -> str:
    return said.partition(assuming.partition("{")[0])[0]
