"""The words in which methods are told: labels of rows, and how facts and amounts are joined."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_icp.law.text import Text

EACH = Text("对象", "subjects")
WHERE = Text("限于", "only where")
WHERE_ABOVE = Text("上级限于", "only in one where")
ITEMS = Text("适用于许可", "applies to licences of")
WITHOUT = Text("适用于未许可", "applies to licences without")
OPERATES = Text("适用于实际经营", "applies to who operates")
WHEN = Text("适用条件", "applies when")
REQUIRE = Text("要求", "required")
TERM = Text("期限", "term")
RENEWAL_TERM = Text("申请延续的期限", "term for applying for renewal")
DONE = Text("办理", "done")
PERIOD = Text("时段", "window")
WHILE = Text("持证期间", "while licensed")
RESTART = Text("重新起算", "begun anew by")
RECORDS = Text("记录", "records")
GROWN = Text(
    "{after} 达到 {before} 的 {factor} 倍，或者多出 {increase}",
    "{after} is at least {factor} times {before}, or {increase} more",
)
LATEST = Text("最近一次", "the last time")
SERVING = Text("所属业务", "on services of")
FIRST = Text("先", "first")
THEN = Text("后", "then")
LEAST = Text("至少相隔", "at least apart")
MOST = Text("至多相隔", "at most apart")
FACT = Text("核对", "compared")
WITH = Text("对照", "with")
ALSO = Text("也接受", "also accepted")
AMONG = Text("应见于", "found among")
MATCH = Text("比对方法", "how")
PLACES = Text("载明地点", "printed places")
SITES = Text("所属网站", "its sites")
HOLDER = Text("单位", "organisation")
DEMANDS = Text("应有", "each of")
UNTIL = Text("有效至", "good until")
EXEMPT = Text("免于持证", "no licence needed where")
OURSELVES = Text("本公司", "the company itself")
EACH_OF = Text("{fact}中的每一项", "each of {fact}")
NO_LATER = Text("截至时点，但不晚于{last}", "the day asked about, no later than {last}")
CATEGORIES = Text("许可类别", "categories")
THROUGHOUT = Text("期间", "throughout")
SET_UP = Text("设定", "as set up")
OLDEST = Text("最早的记录", "oldest record")
SINCE = Text("开始记录", "recording since")
PAGE = Text("页面", "page")
SHOWS = Text("编号", "number")
NAME = Text("名称", "name")
WORDS = Text("文字", "words")
STATED = Text("或者申报", "or stated in")
STATED_BY = Text("审核岗位", "by the post")
UNIT = Text("单位", "unit")
RUNS_FROM = Text("记录起始", "a record runs from")
RUNS_UNTIL = Text("记录截止", "a record runs until")
ON = Text("有效日", "in force on")
UP_TO_NOW = Text("持续有效，自", "in force ever since")
ONLY = Text("只核对", "only of")
DOCUMENT = Text("文件", "document")
MAX_AGE = Text("最长时效", "oldest allowed")
COMPARED = Text("比对内容", "compared")

AFTER = Text("{fact}之后 {amount}内", "within {amount} after {fact}")
BEFORE = Text("{fact}之前 {amount}", "{amount} before {fact}")
ON_OR_BEFORE = Text("{fact}当日或者之前", "on or before {fact}")
NOT_AFTER = Text("不晚于{fact}", "not after {fact}")
ELSE = Text("{fact}（未发生的，为{other}）", "{fact} (while that is `never`, {other})")
EACH_TIME = Text("每一个{at}", "each {at}")
SHARE = Text(
    "{what}，且{fact}不少于最大的{count}的 {percent}%",
    "{what}, and {fact} is at least {percent}% of the largest {count}",
)
EARLIEST = Text("最早的{at}", "the first {at}")
EARLIEST_THEN = Text("此后最早的{at}", "the first {at} from then on")
OPERATING = Text("{what}，限于实际经营{items}的", "{what}, where it operates {items}")
IN_WHICH = Text("{what}，限于{where}", "{what}, where {where}")
YEARLY = Text("每年 {first} 至 {last}", "{first} to {last} of every year")
EVERY = Text("{fact}起每 {amount}一次", "every {amount} from {fact}")
FROM_TO = Text("{first}至{last}", "{first} to {last}")
RECORDED = Text("{at}，按{year}归属年度", "{at}, for the year in {year}")
JOINED = Text("{fact}，按{joined}对应", "{fact}, joined by {joined}")
MAINLAND = Text("在境内", "in mainland China")
AS_OF = Text("截至时点", "the day asked about")
AT_LEAST = Text("不少于 {amount}", "at least {amount}")
HOST = Text("域名相同，或者是其下级域名", "the same domain, or one under it")
DOMAIN = Text("域名相同，或者是其上级域名", "the same domain, or one above it")
AREA = Text("地域相同或者位于其中；合在一起算", "the same area, or one in them all together")
EQUAL = Text("完全相同", "equal")
ONCE = Text("只能见于一处", "in one place only")
REGISTERED = Text("证明清单中 rule 为 {rule} 的文件", "the entries of `attestations` for {rule}")
COMPARISONS: Mapping[str, Text] = {
    "items": Text(
        "服务的功能所属的项目和自行申明的项目，均在许可范围内",
        "the items that features imply, or that are declared, are licensed",
    ),
    "declared": Text(
        "功能所属的项目均已自行申明", "the items that features imply are all declared"
    ),
    "areas": Text("服务地域在许可的覆盖范围内", "the areas served are licensed"),
    "content": Text(
        "须前置审批的内容均由许可证载明为「含」",
        "pre-approved content is printed as included in the licence",
    ),
}

CONTAINED: Mapping[str, Text] = {
    "cancel": Text(
        "取得跨地区许可证之前已持有、业务和地域都包含在其范围内的省内许可证，在期限内向省通信管理局"
        "注销或变更",
        "a provincial licence that was held before a cross-regional one, and whose services and "
        "areas lie in it, is cancelled or changed at its province in time",
    ),
    "duplicate": Text(
        "取得跨地区许可证之后，不再取得包含在其范围内的省内许可证",
        "no provincial licence is obtained after a cross-regional one that it lies in",
    ),
}
