"""The messages of fuzzing."""

from __future__ import annotations

from pytest_icp.law.text import Text

FORGETTING_LAW = Text(
    zh="少申报一项事实，结论不变，或者变为无法判断",
    en="forgetting a fact leaves the verdict as it is, or makes it unknown",
)
ORDER_LAW = Text(zh="先后次序与结论无关", en="the order in which facts are written does not matter")
BYSTANDER_LAW = Text(
    zh="where 排除的对象与结论无关", en="a subject that `where` leaves out does not matter"
)
EVIDENCE_LAW = Text(zh="去掉证据不能使违反变为符合", en="removing evidence never fixes a violation")
ZONE_LAW = Text(
    zh="同一时刻用哪个时区书写与结论无关",
    en="the time zone in which an instant is written does not matter",
)
HOST_LAW = Text(
    zh="同一主机名怎样书写与结论无关", en="the way a host name is written does not matter"
)
LOOKALIKE_LAW = Text(
    zh="形似许可域名的主机名与其他主机名无异",
    en="a host that only resembles a licensed domain is treated like any other",
)
BOUNDARY_LAW = Text(
    zh="结论恰在期限届满时翻转", en="the verdict flips exactly at the end of the term"
)
NUMBER_LAW = Text(
    zh="结论恰在文字所述的数值处翻转",
    en="the verdict flips exactly at the number that the words state",
)
SCOPE_LAW = Text(
    zh="许可的服务项目减少，结论不会变好", en="permitting less never improves the verdict"
)
REPEAT_LAW = Text(
    zh="相同的描述得出相同的结论，检查不改动描述",
    en="the same description always has the same verdict, and a check does not change it",
)
CRASH_LAW = Text(zh="检查能判断每一份有效的描述", en="a check can decide every valid description")

WHEN_KNOWN = Text(zh="{fact} 为 {value} 时：{verdict}", en="with {fact}: {value} it is {verdict}")
OTHERWISE_ORDERED = Text(
    zh="次序颠倒后：{verdict}", en="with everything in the reverse order it is {verdict}"
)
WITHOUT_BYSTANDER = Text(zh="没有 {subject} 时：{verdict}", en="without {subject} it is {verdict}")
WITH_EVIDENCE = Text(zh="有 {fact} 时：{verdict}", en="with {fact} it is {verdict}")
WRITTEN_AS = Text(
    zh="{fact} 写作 {value} 时：{verdict}", en="with {fact} written as {value} it is {verdict}"
)
ANOTHER_HOST = Text(zh="换成 {value} 时：{verdict}", en="with {value} in its place it is {verdict}")
AS_OF_AS = Text(
    zh="核对日写作 {value} 时：{verdict}", en="as of the same instant, {value}, it is {verdict}"
)
ENDS = Text(
    zh="{source}：自 {event} 计算，末日为 {last}",
    en="{source}: from {event} the last day is {last}",
)
TERM_IN_WORDS = Text(zh="文字写明 {term}", en="the words say {term}")
TERM_IN_FIELDS = Text(zh="规则声明 {term}", en="the policy declares {term}")
BOUND_IN_WORDS = Text(zh="文字写明 {bound}", en="the words say {bound}")
WITH_MORE = Text(zh="许可 {more} 时：{verdict}", en="with {more} permitted as well it is {verdict}")
SECOND_TIME = Text(zh="再判断一次：{verdict}", en="decided again it is {verdict}")
CHANGED = Text(zh="检查改动了描述", en="the check changed the description")
CRASHED = Text(zh="检查出错", en="the check crashed")
A_VERDICT = Text(zh="任何一种结论", en="a verdict")

GAVE_UP = Text(
    zh="试了 {tries} 次，没有找到违反它的描述：这项规则可能什么也没有检查",
    en="no description that violates it was found in {tries} tries: "
    "perhaps this rule checks nothing",
)
MOSTLY = Text(zh="最常见的结果（{n} 次）：{reason}", en="most common outcome ({n} times): {reason}")
LESS_OFTEN = Text(zh="其次（{n} 次）：{reason}", en="next ({n} times): {reason}")
LOOK_AT = Text(
    zh="检查 where、require 中的词语是否拼写正确、互相矛盾，或者总是满足",
    en="look for a misspelt word in `where` or `require`, for conditions that contradict each "
    "other, or for one that is always met",
)
PASTE = Text(
    zh="可以作为测试用例粘贴；verdict 是法则要求的结论",
    en="ready to paste as a case; `verdict` is what the law requires",
)
LAW = Text(zh="违反的法则", en="law broken")
FOUND = Text(zh="实际结论", en="verdict found")
EXPECTED = Text(zh="应当", en="expected")
WHY = Text(zh="依据", en="because")
CAUSE = Text(zh="出错原因", en="cause")
FUZZ = Text(zh="模糊测试的反例", en="counterexample found by fuzzing")
UNTRIED = Text(zh="模糊测试无法进行", en="fuzzing gave up")

SUMMARY = Text(zh="模糊测试", en="fuzzing")
KEPT = Text(
    zh="{rules} 项规则在 {n} 种情形中守住每一条法则",
    en="{rules:rule} kept every law in {n:situation}",
)
BROKEN = Text(zh="；{n} 项没有守住，见上", en="; {n} did not, see above")
DAYS = Text(
    zh="期限准确到秒，当日结束后即为违反：{shown}",
    en="deadlines, to the second; violated once the day has ended: {shown}",
)
SCOPE = Text(
    zh="范围：以下任何一项改为所列的回答，即超出许可：{shown}",
    en="scope; any of these answers alone would go beyond the licence: {shown}",
)
ANSWERS = Text(
    zh="另有 {n} 项事实，改变其中一项的回答即为违反，用 -v 列出",
    en="of {n:more fact} another answer alone would violate a rule: -v lists them",
)
AND_MORE = Text(zh="；另有 {n} 项", en="; and {n} more")
