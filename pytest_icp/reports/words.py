"""The headings and labels of reports, in Chinese and in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pytest_icp.law.text import Lang, Text, plain

if TYPE_CHECKING:
    from pytest_icp.kinds.finding import Decided
    from pytest_icp.kinds.result import PartResult, Waived
    from pytest_icp.rules.practice import Breach
    from pytest_icp.rules.waivers import Waiver

Language = Literal["zh", "en", "both"]

FOUND = Text(zh="现状", en="found")
REQUIRED = Text(zh="要求", en="required")
ARTICLE = Text(zh="条文", en="article")
OF_COMPANY = Text(zh="（公司自定）", en=" (company rule)")
OF_LICENCES = Text(zh="（许可证 {licences}）", en=" (licence {licences})")
MEANING = Text(zh="含义", en="meaning")
STATUTE = Text(zh="依据", en="statute")
LAW = Text(zh="依据", en="law")
NUMBER = Text(zh="数值", en="number")
DUE = Text(zh="期限", en="due")
FIX = Text(zh="整改", en="fix")
PRACTICE = Text(zh="执法实践", en="in practice")
EXPLAINED = Text(zh="规则说明", en="explained")
WHO = Text(zh="由谁办", en="who")
TO_DO = Text(zh="查明", en="to do")
FOR_NULL = Text(zh="null 换成实际的值", en="replace null with the actual value")
ADD = Text(zh="申报（null 换成实际的值）", en="to add (replace null with the actual value)")
SUBJECT = Text(zh="对象", en="subject")
ALSO = Text(zh="同样", en="also")
RULES = Text(zh="规则", en="rules")
AS_OF = Text(zh="截至 {day}", en="as of {day}")
LICENCE = Text(zh="许可证", en="licence")
NO_LICENCE = Text(zh="未申报许可证编号", en="no licence number declared")
LATER = Text(zh="另有 {n} 项更晚到期", en="and {n} more due later")
MORE = Text(zh="另有 {n} 项", en="and {n} more")
MORE_VIOLATED = Text(zh="另有违反 {n} 项（全文：-v）", en="{n:more violation} (-v: in full)")
MORE_PAST = Text(zh="已经发生，不能补正：{n} 项", en="happened, cannot be fixed: {n}")

PARTS = Text(zh="各部分", en="parts")
PART = Text(zh="部分", en="part")
TO_REVIEW = Text(zh="须由人认定", en="a person must decide")
DECIDE = Text(zh="认定", en="to do")
TO_DECIDE = Text(
    zh="已履行的，写入 icp-waivers.yaml（null 换成实际的值）",
    en="if the duty was met, add to icp-waivers.yaml (replace null with the actual value)",
)
DECIDED = Text(zh="已经认定的事项", en="decided by a person")
LEVELS = {
    "mandatory": Text(zh="强制", en="mandatory"),
    "review": Text(zh="须由人认定", en="review"),
    "advisory": Text(zh="建议", en="advice"),
}
"""The levels of rules and parts, in a word."""

MATRIX = Text(zh="特别规定事项", en="special provisions")
MARKED = Text(zh="带 icp 标记的测试", en="tests with the marker icp")
UNKNOWNS = Text(zh="无法判断的事项", en="cannot be decided")
WOULD_BE = Text(zh="可能违反（{n} 项）", en="would be violated ({n})")
NEXT_DUE = Text(zh="将到期事项", en="due next")
DUE_FIRST = Text(
    zh="将到期：{day} {rule}（共 {n} 项：pytest-icp deadlines）",
    en="due next: {day} {rule} (all {n}: pytest-icp deadlines)",
)
DECLARE_FIRST = Text(
    zh="接下来申报：{fact} 等 {n} 项（pytest-icp ask）",
    en="declare next: {fact}, {n:fact} in all (pytest-icp ask)",
)
DECLARE_NEXT = Text(
    zh="接下来申报（逐项提问：pytest-icp ask；全部：-v）",
    en="declare next (one by one: pytest-icp ask; all: -v)",
)
LEFT_OUT = Text(
    zh="有的事实没有写，视为不知道；应当补写的词见“接下来申报”",
    en="facts that are left out are not known; the words to add are listed once, at the end",
)
NOTES = Text(zh="提示", en="notes")
WAIVED = Text(zh="已豁免的违反", en="waived violations")
ADVISORY = Text(zh="建议性要求", en="advisory, not failing")
EXPIRED_WAIVERS = Text(zh="已到期的豁免", en="expired waivers")
IDLE_WAIVERS = Text(zh="未匹配任何违反的豁免", en="waivers that match nothing")
SOURCES = Text(zh="来源", en="sources of facts")
RESOURCE = Text(zh="资源", en="resource")
NOT_CHECKED = Text(zh="未列入本次核对的规则", en="not selected")
IGNORED = Text(zh="{n} 项规则：{rules}", en="{n:rule}: {rules}")
UNDATED = Text(zh="没有日期的事实按现状采用", en="undated facts are taken as current")
DECIDES = Text(zh="可判断 {n} 项规则", en="decides {n:rule}")
ELEMENTS = Text(zh="{n} 个对象", en="in {n:element}")
DECIDES_WHETHER = Text(zh="决定 {n} 项规则是否适用", en="decides whether to apply {n:rule}")
DECIDES_PARTLY = Text(zh="另有 {n} 项规则还需要其他事实", en="needed with other facts by {n:rule}")
KNOWN_BY = Text(zh="{fact}（由{role}申报）", en="{fact} (ask {role})")
COMMA = Text(zh="、", en=", ")
FACT = Text(zh="事实", en="fact")
WHO_KNOWS = Text(zh="由谁申报", en="who knows")
WHERE = Text(zh="位置", en="where")
LEGAL_NOTES = Text(
    zh="默认值和未核对的数字：docs/legal-notes.zh.md，或 pytest-icp explain 规则",
    en="defaults, unverified numbers: docs/legal-notes.md or pytest-icp explain RULE",
)
LEGEND = Text(
    zh=". 符合  F 违反  ? 无法判断  a/u 建议性  w 已豁免  - 不适用",
    en=". satisfied  F violated  ? unknown  a/u advisory  w waived  - not applicable",
)
SAFE_DAY = Text(zh="此前最后一个工作日", en="the last working day before")
PROVISIONAL = Text(
    zh="暂定：该年放假安排尚未公布",
    en="provisional: the working days of that year are not published",
)

# ---- Of written reports; heads of tables begin with a capital there

INCOMPLETE = Text(zh="核对未完成", en="Incomplete")
NOTHING = Text(zh="没有核对任何规定", en="Nothing was judged")
NOT_JUDGED = Text(zh="未能核对", en="Not judged")
WEAKENED = Text(zh="放宽本次核对的事项", en="What weakens this run")
PROVISION = Text(zh="规定", en="provision")
RULE = Text(zh="规则", en="rule")
LINES = Text(zh="业务种类", en="lines of business")
AREAS = Text(zh="覆盖范围", en="areas")
BY_LICENCE = Text(zh="按许可证汇总", en="By licence")
AMISS = Text(zh="未满足的规则", en="rules not met")
LAST_DAY = Text(zh="最后一天", en="last day")
LEFT = Text(zh="剩余", en="left")
DUTY = Text(zh="办什么", en="to do")
IF_NOT_DONE = Text(zh="未办的，自该日起", en="if not done, from")
OTHER_PROVISIONS = Text(zh="其余{n}条没有未满足的规则：", en="Nothing amiss in the other {n}:")
NO_PROVISION = Text(zh="{n}条规定都没有未满足的规则：", en="Nothing amiss in {n:provision}:")
UNTIL = Text(zh="豁免至", en="until")
ON = Text(zh="认定日期", en="on")
OWNER = Text(zh="负责岗位", en="owner")
REASON = Text(zh="理由", en="reason")
DAYS = Text(zh="还有{n}日", en="{n:day}")
AGO = Text(zh="逾期{n}日", en="{n:day} late")
TODAY = Text(zh="今日", en="today")
NEW = Text(zh="新增", en="new")
TOLERATED = Text(zh="原来就有，未使运行失败", en="tolerated")
KNOWN = Text(zh="基线中已有", en="in the baseline")
KNOWN_COUNT = Text(zh="其中 {n} 项基线中已有", en="{n} of these in the baseline")
TIMELINE = Text(zh="期限", en="Due dates")
JUDGED = Text(
    zh="截至 {day}，{provisions} 条规定、{rules} 项规则",
    en="As of {day}: {provisions:provision}, {rules:rule}",
)
JUDGED_PARTLY = Text(
    zh="截至 {day}，{all} 项规则中核对了 {rules} 项",
    en="As of {day}: {rules} of {all:rule} decided",
)
CUT = Text(
    zh="为不超过长度限制，另有 {n} 项未在此列出",
    en="{n} more are not listed here because of the length limit",
)
PLACE = Text(zh="位置", en="place")
RULES_DECIDED = Text(zh="可判断的规则", en="rules it decides")
KNOW_MORE = Text(zh="由谁申报：", en="Who can say more:")
OF_ROLE = Text(zh=" {n}项事实（{rules}项规则）", en=" {n:fact} ({rules:rule})")
NOBODY = Text(zh="未指明", en="nobody named")

_BREACH = Text(
    zh="被点名次数居第 {rank} 位（不是罚款次数）：{title}。{found}。出处（{day} 查阅）：{sources}",
    en="{title}: number {rank} by how often companies are named for it, not by fines. {found}. "
    "Read on {day}: {sources}",
)
_WAIVER = Text(
    zh="豁免至 {expires}（{owner}）：{reason}", en="waived until {expires} by {owner}: {reason}"
)
_DECIDED = Text(
    zh="认定为已履行（{owner}，{day}）：{reason}",
    en="decided: complied, by {owner} on {day}: {reason}",
)
_PART = Text(zh="{name}（{level}）", en="{name} ({level})")


def waiver_text(waiver: Waived | Waiver) -> Text:
    """Return until when a waiver covers a violation, its owner, and its reason."""
    return _WAIVER.format(expires=waiver.expires, owner=waiver.owner, reason=waiver.reason)


def breach_text(breach: Breach) -> Text:
    """Return what a breach is, how much it is pursued, and where one reads so."""
    sources = Text("；", "; ").join([plain(one) for one in breach.sources])
    return _BREACH.format(
        rank=breach.rank,
        title=breach.title,
        found=breach.found,
        sources=sources,
        day=breach.read_on,
    )


def decided_text(decided: Decided) -> Text:
    """Return who decided that a duty was met, when, and why."""
    return _DECIDED.format(owner=decided.owner, day=decided.day, reason=decided.reason)


def entry_text(entry: Waiver) -> Text:
    """Return what an entry of the waivers file says: a waiver, or a decision."""
    if entry.decided_on is None:
        return waiver_text(entry)
    return _DECIDED.format(owner=entry.owner, day=entry.decided_on, reason=entry.reason)


def part_text(part: PartResult) -> Text:
    """Return the name of a part of a rule with its level."""
    return level_text(part.name, part.level)


def level_text(of: Text | str, level: str) -> Text:
    """Return what a level is of, and the level."""
    return _PART.format(name=of, level=LEVELS[level])


def languages(language: Language) -> tuple[Lang, ...]:
    """Return the selected languages, in their order."""
    return ("zh", "en") if language == "both" else (language,)


def in_languages(text: Text, language: Language, *, between: str = " · ") -> str:
    """Return a text in one language, or in both with something between."""
    return between.join(each_language(text, language))


def each_language(text: Text, language: Language) -> tuple[str, ...]:
    """Return a text once for each selected language; the same words only once."""
    return tuple(dict.fromkeys(text[lang] for lang in languages(language)))


def capitalised(text: Text) -> Text:
    """Return a text as it begins a line."""
    return Text(zh=text.zh, en=text.en[:1].upper() + text.en[1:])
