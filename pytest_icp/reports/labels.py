"""Labels of the written reports, beside those of the terminal in `words`."""

from __future__ import annotations

from pytest_icp.kinds import messages
from pytest_icp.law.text import Text

COMPLIES = Text(zh="符合", en="Complies")
FAILS = Text(zh="不符合", en="Does not comply")
UNDECIDED = Text(zh="无法判断", en="Cannot be decided")
INCOMPLETE = Text(zh="核对未完成", en="Incomplete")
INCOMPLETE_FAILS = Text(
    zh="核对未完成，已核对的部分不符合", en="Incomplete; what was checked does not comply"
)
NOTHING = Text(zh="没有核对任何规定", en="Nothing was judged")

NOT_JUDGED = Text(zh="未能核对", en="Not judged")

WEAKENED = Text(zh="放宽本次核对的事项", en="What weakens this run")

PROVISION = Text(zh="规定", en="Provision")
RULE = Text(zh="规则", en="Rule")
AMISS = Text(zh="未满足的规则", en="Rules not met")
DAY = Text(zh="期限届满日", en="Due date")
LEFT = Text(zh="剩余", en="Left")
SUBJECT = Text(zh="对象", en="Subject")
UNTIL = Text(zh="豁免至", en="Until")
ON = Text(zh="认定日期", en="On")
OWNER = Text(zh="负责岗位", en="Owner")
REASON = Text(zh="理由", en="Reason")
DAYS = Text(zh="{n} 日", en="{n:day}")
AGO = Text(zh="已过 {n} 日", en="{n:day} ago")
TODAY = Text(zh="今日", en="today")
NEW = Text(zh="新增", en="new")
TOLERATED = Text(zh="原来就有，未使运行失败", en="tolerated")
KNOWN = Text(zh="基线中已有", en="in the baseline")
KNOWN_COUNT = Text(zh="其中 {n} 项基线中已有", en="{n} of these in the baseline")
NEXT = Text(zh="将到期事项", en="Due next")
TIMELINE = Text(zh="期限", en="Due dates")
JUDGED = Text(
    zh="截至 {day}，{provisions} 条规定、{rules} 项规则",
    en="As of {day}: {provisions:provision}, {rules:rule}",
)
JUDGED_PARTLY = Text(
    zh="截至 {day}，{all} 项规则中核对了 {rules} 项",
    en="As of {day}: {rules} of {all:rule} decided",
)
IGNORED = Text(zh="未检查 {n} 项规则", en="{n:rule} not checked")
CUT = Text(
    zh="为不超过长度限制，另有 {n} 项未在此列出",
    en="{n} more are not listed here because of the length limit",
)

# The page.
WEAKENED_COUNT = Text(zh="放宽本次核对的事项有 {n} 项", en="What weakens this run: {n:item}")
TITLE = Text(zh="许可证特别规定事项核对报告", en="Special provisions of the licence: report")
SKIP = Text(zh="跳到结果", en="Skip to the results")
LANGUAGE = Text(zh="语言", en="Language")
BOTH = Text(zh="双语", en="Both")
HOLDER = Text(zh="持证单位", en="Holder")
LICENCE = Text(zh="许可证编号", en="Licence number")
VALID = Text(zh="有效期", en="Term")
NOT_DECLARED = messages.NOT_DECLARED
DESCRIPTION = Text(zh="描述文件", en="Description")
CHECKED = Text(zh="核对范围", en="Checked")
VERSION = Text(zh="版本", en="Version")
DIGEST = Text(zh="摘要", en="SHA-256")
DIGESTS = Text(
    zh="所读的 {n} 个文件及其摘要（SHA-256）",
    en="Digests (SHA-256) of the {n:file} read",
)
SOURCE_FILES = Text(zh="来源", en="Sources")
EVIDENCE_FILES = Text(zh="证明材料", en="Evidence")
POLICY_FILES = Text(zh="自有规定", en="Own policies")
SHIPPED_POLICIES = Text(zh="随 pytest-icp 发布的规定", en="Policies that pytest-icp ships")
MATRIX = Text(zh="按规定汇总", en="By provision")
NOT_MET = Text(zh="违反的规则", en="Rules violated")
NO_DUTY = Text(zh="没有带期限的事项。", en="No duty has a due date.")
SOON = Text(zh="即将到期", en="due soon")
OVERDUE_TITLE = Text(zh="已逾期", en="Overdue")
NEAR = Text(zh="今后 {n} 日", en="The next {n:day}")
BY_MONTH = Text(zh="此后按月", en="Later, by month")
BY_YEAR = Text(zh="更远的按年", en="Later still, by year")
POSSIBLE = Text(zh="可能违反", en="Possible violations")
MISSING = Text(
    zh="{n} 个事实没有申报。申报一个事实，即可判断其下的规则。",
    en="{n:fact} not declared. Each decides the rules that are listed below it.",
)
ASK = Text(zh="由{role}申报", en="Ask {role}")
ASK_ANYBODY = Text(zh="未指明由谁申报", en="Nobody named")
OTHER_CAUSES = Text(zh="其他原因", en="Other causes")
WAITING = Text(zh="全部无法判断的规则", en="All rules that cannot be decided")
OF_RULES = Text(zh="涉及 {n} 项规则", en="{n:rule}")
PLACE = Text(zh="位置", en="place")
BY_CALENDAR = Text(zh="只因日期已过", en="by the calendar alone")
CHANGED_LINE = Text(zh="本次变更的行", en="a line of this change")
MOVED = Text(zh="期限变动", en="Due dates that moved")
SUBJECTS = Text(zh="对象增减", en="Subjects added and removed")
UNSEEN = Text(zh="不再核对的规则", en="Rules no longer looked at")
NOT_COMPARED = Text(zh="未能比较", en="Not compared")
