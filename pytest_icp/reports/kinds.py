"""The kinds of obligation in words: what each asks, in one sentence of either language."""

from __future__ import annotations

from collections.abc import Mapping

from pytest_icp.law.text import Text

KINDS: Mapping[str, Text] = {
    "agreement": Text(
        "一致：一项事实与另一处的记载相同。", "Agreement: a fact says the same as another one."
    ),
    "attestation": Text(
        "证明：有一份写明日期和负责岗位的文件，内容没有改动，也没有过期。",
        "Attestation: there is a document with a date and a responsible role, unchanged and "
        "not too old.",
    ),
    "constraint": Text(
        "条件：每个对象的事实都满足条件。",
        "Constraint: the facts of every subject meet a condition.",
    ),
    "containment": Text(
        "包含：省内许可证包含在跨地区许可证范围内的，按期注销或变更，也不再重复取得。",
        "Containment: a provincial licence that lies in a cross-regional one is given up in time, "
        "and none is obtained afterwards.",
    ),
    "coverage": Text(
        "覆盖：每一项都能在另一份清单中找到。",
        "Coverage: every one of these is found in another list.",
    ),
    "deadline": Text(
        "期限：在事件发生后的期限内，或者在某日之前的期限届满前办理。",
        "Deadline: it is done within a time after an event, or so long before a day.",
    ),
    "display": Text(
        "标明：可见文字中有该编号或者名称；注释、隐藏内容、图片和图片的替代文字都不算。",
        "Display: the number or name stands in visible text; comments, hidden parts, images and "
        "their alternative texts do not count.",
    ),
    "grading": Text(
        "定级：申报的等级不低于数据所对应的等级。",
        "Grading: the declared grade is not below the one that the figures make it.",
    ),
    "growth": Text(
        "增长：一个数量增长较大的，另一项条件也须满足。",
        "Growth: where a number has grown by much, a condition is met as well.",
    ),
    "holding": Text(
        "持证：所列单位持有所需类别的、在期的许可证。",
        "Holding: the organisation holds a licence of one of the categories, in force.",
    ),
    "location": Text(
        "地点：服务器放置在附页为其网站载明的地点，或者放置在境内。",
        "Location: the server stands where the attached page says for its site, or in mainland "
        "China.",
    ),
    "order": Text(
        "先后：一个日期不早于另一个日期，或者与之相隔一定时间。",
        "Order: one date is not before another, or lies so far after it.",
    ),
    "presence": Text(
        "具备：至少有这么多条符合条件的记录。",
        "Presence: there are at least so many records that meet a condition.",
    ),
    "recurrence": Text(
        "周期：每年在规定的时段内，或者每隔一定时间办理一次。",
        "Recurrence: it is done in a window of every year, or every so often.",
    ),
    "retention": Text(
        "留存：设定的保存时间和实际存有的记录都足够长。",
        "Retention: records are kept long enough, as set up and as really there.",
    ),
    "scope": Text("许可范围：实际经营的不超出许可的。", "Scope: what is operated is licensed."),
    "validity": Text(
        "有效期：许可证状态正常且在有效期内；届满的，已获准延续，或者依法视为准予延续。其他证书和定期"
        "事项，仍在有效期内。",
        "Validity: the licence is in force, or was renewed, or is deemed renewed by law; another "
        "permit, or what is done from time to time, is still good.",
    ),
}
