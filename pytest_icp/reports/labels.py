"""Labels of the written reports, beside those of the terminal in `words`."""

from __future__ import annotations

from pytest_icp.law.text import Text

INCOMPLETE = Text(zh="核对未完成", en="Incomplete")
NOTHING = Text(zh="没有核对任何规定", en="Nothing was judged")

NOT_JUDGED = Text(zh="未能核对", en="Not judged")

WEAKENED = Text(zh="放宽本次核对的事项", en="What weakens this run")

PROVISION = Text(zh="规定", en="Provision")
RULE = Text(zh="规则", en="Rule")
RULES = Text(zh="规则", en="Rules")
LICENCE = Text(zh="许可证", en="Licence")
LINES = Text(zh="业务种类", en="Lines of business")
AREAS = Text(zh="覆盖范围", en="Areas")
BY_LICENCE = Text(zh="按许可证汇总", en="By licence")
AMISS = Text(zh="未满足的规则", en="Rules not met")
DAY = Text(zh="最后一天", en="Last day")
LEFT = Text(zh="剩余", en="Left")
TO_DO = Text(zh="办什么", en="To do")
WHO = Text(zh="由谁办", en="Who")
IF_NOT_DONE = Text(zh="未办的，自该日起", en="If not done, from")
OTHER_PROVISIONS = Text(zh="其余{n}条没有未满足的规则：", en="Nothing amiss in the other {n}:")
NO_PROVISION = Text(zh="{n}条规定都没有未满足的规则：", en="Nothing amiss in {n:provision}:")
SUBJECT = Text(zh="对象", en="Subject")
UNTIL = Text(zh="豁免至", en="Until")
ON = Text(zh="认定日期", en="On")
OWNER = Text(zh="负责岗位", en="Owner")
REASON = Text(zh="理由", en="Reason")
DAYS = Text(zh="还有{n}日", en="{n:day}")
AGO = Text(zh="逾期{n}日", en="{n:day} late")
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
CUT = Text(
    zh="为不超过长度限制，另有 {n} 项未在此列出",
    en="{n} more are not listed here because of the length limit",
)
FACT = Text(zh="事实", en="Fact")
PLACE = Text(zh="位置", en="Place")
WHO_KNOWS = Text(zh="由谁申报", en="Who knows")
DECIDES = Text(zh="可判断的规则", en="Rules it decides")
KNOW_MORE = Text(zh="由谁申报：", en="Who can say more:")
OF_ROLE = Text(zh=" {n}项事实（{rules}项规则）", en=" {n:fact} ({rules:rule})")
NOBODY = Text(zh="未指明", en="nobody named")
