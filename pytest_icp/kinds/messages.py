"""The catalogue of what findings and notes say, in Chinese and in English."""

from __future__ import annotations

from pytest_icp.law.text import Text

# Facts that are wanting.
NOT_DECLARED = Text(zh="未申报", en="not declared")
MISSING = Text(zh="未申报「{fact}」，无法判断", en="`{fact}` is not declared, so it cannot be said")
DECLARE = Text(zh="申报「{fact}」", en="declare `{fact}`")
MEANT = Text(
    zh="未申报「{fact}」，无法判断本项义务是否适用",
    en="`{fact}` is not declared, so it cannot be said whether this duty applies",
)
CONTRADICTS = Text(zh="「{fact}」不符合要求", en="`{fact}` is not what is required")
NONE_DECLARED = Text(
    zh="「{each}」申报为空：没有此类事项", en="`{each}` is declared empty: there are none"
)
NONE_MEANT = Text(
    zh="「{each}」中没有适用的事项（{where}）", en="no element of `{each}` is meant ({where})"
)

SERVING = Text(zh="{by} 所指业务属于 {items}", en="`{by}` names a service of {items}")

# Dated duties.
PLUS = Text(zh="{start} 之后 {span}为 {end}", en="{start} + {span} = {end}")
MINUS = Text(zh="{start} 之前 {span}为 {end}", en="{start} − {span} = {end}")
BY = Text(zh="不晚于 {last}", en="on or before {last}")
BETWEEN = Text(zh="{first} 至 {last}", en="between {first} and {last}")
OVERDUE = Text(
    zh="至今未办理，{last} 已到期，逾期 {days} 日",
    en="not done, and overdue since {last}, {days:day} ago",
)
OVERDUE_HOURS = Text(zh="至今未办理，{last} 已到期", en="not done, and overdue since {last}")
LATE = Text(zh="{done} 才办理，{last} 已到期", en="done late on {done}: it was due by {last}")
DUE_SOON = Text(zh="还有 {days} 日到期：{last}", en="falls due by {last}, in {days:day}")
SAFE_DAY = Text(zh="；此前最后一个工作日为 {safe}", en="; the last working day before is {safe}")
IS_PROVISIONAL = Text(
    zh="；该年放假安排尚未公布，日期为暂定",
    en="; provisional, as that year's working days are not published",
)
PROVISIONAL = Text(
    zh="到期日 {last} 为暂定：该年放假安排尚未公布",
    en="the due date {last} is provisional: that year's working days are not published",
)
ROLLED = Text(
    zh="于 {done} 办理：期限最后一日 {raw} 是休息日，依民法典第二百零三条顺延至 {last}",
    en="done on {done}: the last day, {raw}, was a rest day and rolls to {last} by Civil Code 203",
)
REST_DAY = Text(
    zh="于 {done} 办理，晚于最后一个工作日 {safe}；提前期限不顺延",
    en="done on {done}, after the last working day {safe}; a day counted back never rolls",
)
UNPUBLISHED = Text(
    zh="取决于尚未公布的放假安排，无法判断",
    en="it depends on working days that are not yet published",
)
IMPRECISE = Text(
    zh="只申报了日期，按小时、分钟计算需要时刻",
    en="only the day is declared, but hours and minutes need the time of day",
)
OUT_OF_WINDOW = Text(
    zh="{year} 年应于 {first} 至 {last} 办理，未办理",
    en="not done in the window of {year}, {first} to {last}",
)
LATE_WINDOW = Text(
    zh="{year} 年应于 {first} 至 {last} 办理，实际于 {done} 办理",
    en="done on {done}, outside the window of {year}, {first} to {last}",
)
INTERVAL_MISSED = Text(
    zh="上次为 {since}，应不晚于 {last} 再次办理",
    en="the last time was {since}; it was due again by {last}",
)
INTERVAL_NEVER = Text(
    zh="自 {since} 起算，应不晚于 {last} 办理，未办理",
    en="not done; it was due by {last}, counted from {since}",
)
INTERVAL_LATE = Text(
    zh="{since} 之后应不晚于 {last} 再次办理，实际于 {done} 办理",
    en="done on {done}: it was due again by {last}, after {since}",
)
EXPIRES_IN_WINDOW = Text(
    zh="许可证于 {until} 到期，在窗口关闭之前；稳妥的做法是到期前办理",
    en="the licence expires on {until}, before the window closes; do it before that day",
)
BACKWARDS = Text(zh="{then} 早于 {first}", en="{then} is before {first}")
NOT_FIRST = Text(
    zh="{then} 之前应当办理的事项没有办理",
    en="what should have come before {then} was never done",
)
TOO_SOON = Text(zh="{then} 距 {first} 不足 {gap}", en="{then} is less than {gap} after {first}")
TOO_LATE = Text(zh="{then} 距 {first} 超过 {gap}", en="{then} is more than {gap} after {first}")
NOT_BEFORE = Text(zh="不早于 {day}", en="not before {day}")
NOT_AFTER = Text(zh="不晚于 {day}", en="not after {day}")

# Licences inside one another.
DUPLICATE = Text(
    zh="{then} 取得的省内许可证，已包含在 {first} 取得的跨地区许可证范围内",
    en="this provincial licence of {then} lies within the cross-regional one of {first}",
)

# Grades.
GRADED_LOW = Text(
    zh="数据已达到「{grade}」，申报的等级为「{found}」",
    en="the figures make it {grade}, but {found} is declared",
)
GROWN = Text(zh="由 {before} 增至 {after}", en="it grew from {before} to {after}")
GRADE = Text(zh="不低于「{grade}」（{which}）", en="at least {grade} ({which})")

# Retention.
TOO_SHORT = Text(zh="留存期不足 {span}", en="kept for less than {span}")
SHARE = Text(
    zh="留存 {kept} 日，按日历计算，{share} 的起算日不满 {span}",
    en="kept {kept:day}: short of {span} for {share} of the days an entry can begin on",
)
AT_LEAST = Text(zh="不少于 {span}", en="at least {span}")
AT_LEAST_DAYS = Text(zh="不少于 {span}（{days} 日以上）", en="at least {span} ({days:day} or more)")
OLDEST = Text(
    zh="最早的日志为 {oldest}，但 {cut} 的日志应仍在",
    en="the oldest entry is of {oldest}, but one of {cut} should still be there",
)
ACCEPTED_180 = Text(
    zh="按设置 icp_six_months = 180，接受 180 日为六个月",
    en="180 days are accepted as six months by icp_six_months = 180",
)

# Scope.
EXCLUDED = Text(
    zh="「{feature}: {value}」属于 {item}，许可证明文「不含」该项",
    en="`{feature}: {value}` is {item}, which the licence excludes by name",
)
UNLISTED = Text(
    zh="「{feature}: {value}」属于 {item}，不在许可范围内",
    en="`{feature}: {value}` is {item}, which the licence does not cover",
)
DECLARED_EXCLUDED = Text(
    zh="申报经营 {item}，许可证明文「不含」该项",
    en="{item} is declared as operated, which the licence excludes by name",
)
DECLARED_UNLISTED = Text(
    zh="申报经营 {item}，不在许可范围内",
    en="{item} is declared as operated, which the licence does not cover",
)
MAY_IMPLY = Text(
    zh="未申报「{feature}」；它可能属于未经许可的 {item}",
    en="`{feature}` is not declared; it may be {item}, which is not licensed",
)
PERMITTED = Text(zh="许可的项目：{items}", en="one of what is licensed: {items}")
UNDECLARED_CODE = Text(
    zh="「{feature}: {value}」属于 {item}，但 declared_codes 未列明",
    en="`{feature}: {value}` is {item}, which `declared_codes` leaves out",
)
LISTED = Text(zh="declared_codes 列明 {item}", en="`declared_codes` with {item}")
OUT_OF_AREA = Text(zh="{area} 不在许可的业务覆盖范围内", en="{area} is outside the licensed areas")
AREAS = Text(zh="许可的业务覆盖范围：{areas}", en="one of the licensed areas: {areas}")
NO_AREAS = Text(
    zh="许可证没有以地域限制业务覆盖范围", en="the licence does not limit the areas served"
)
NO_SCOPE = Text(
    zh="许可证的业务种类未申报，无法判断许可范围",
    en="the licence's lines of business are not declared, so its scope is not known",
)

# Agreement, coverage, places.
DIFFERS = Text(zh="与许可证所载不一致", en="differs from what the licence says")
SPACING = Text(
    zh="仅空格、括号或大小写不同：「{found}」与「{expected}」",
    en="only spaces, brackets or case differ: «{found}», «{expected}»",
)
NOT_COVERED = Text(zh="{value} 不在「{by}」所列范围内", en="{value} is not among `{by}`")
COVERED_TWICE = Text(zh="{value} 被「{by}」多次列入", en="{value} is in `{by}` more than once")
AMONG = Text(zh="「{by}」之一：{values}", en="one of `{by}`: {values}")
AMONG_NONE = Text(
    zh="「{by}」之一；目前一项也没有申报", en="one of `{by}`, of which none is declared"
)
NONE_FOR = Text(
    zh="「{by}」中没有与本项对应的 {value}", en="nothing in `{by}` for this is about {value}"
)
NOT_THEN = Text(
    zh="{first} 至 {last} 期间，「{by}」中没有持续有效的 {value}",
    en="nothing in `{by}` for {value} is in force from {first} to {last}",
)
ONE_FOR = Text(zh="「{by}」中有对应的记录", en="a record for it in `{by}`")
ALL_THE_TIME = Text(
    zh="「{by}」中有对应的记录，{first} 至 {last} 均有效",
    en="records for it in `{by}`, in force from {first} to {last}",
)
WHICH = Text(zh="（{which}）", en=" ({which})")
AMOUNT = Text(
    zh="收取 {found}，而当日的标价为 {prices}",
    en="{found} is charged, but {prices} was marked for that day",
)
PRICE = Text(zh="当日的标价 {prices}", en="the price marked for that day: {prices}")
CONTENT_NOT_PRINTED = Text(
    zh="许可范围没有载明「含」{content}", en="the licence does not print {content} as included"
)
CONTENT_EXCLUDED = Text(
    zh="许可证明文「不含」{content}", en="the licence excludes {content} by name"
)
CONTENT_PRINTED = Text(zh="许可范围载明：含{content}", en="a licence that includes {content}")
NO_WORD_FOR_CONTENT = Text(
    zh="现行许可证不载明「{content}」一类内容；以增项手续是否办理为准",
    en="licences have no printed word for `{content}`; what counts is the filing that adds it",
)
ELSEWHERE = Text(
    zh="服务器所在地与许可证附页不一致（{level}不同）",
    en="the server does not stand where the licence says (another {level})",
)
LEVELS = {
    "country": Text(zh="国家或地区", en="country"),
    "province": Text(zh="省级", en="province"),
    "city": Text(zh="市级", en="city"),
    "district": Text(zh="区县级", en="district"),
    "street": Text(zh="街道", en="street"),
    "number": Text(zh="门牌号", en="house number"),
}
ABROAD = Text(zh="服务器在境外", en="the server stands outside the mainland")
MAINLAND = Text(zh="境内", en="a place in the mainland")
PLACE_UNKNOWN = Text(
    zh="服务器所在地只知道到上一级，「{level}」未申报",
    en="where the server stands is not known as far as its {level}",
)

# Licences of others.
NO_LICENCES = Text(
    zh="{who} 没有覆盖该期间的相应许可",
    en="{who} holds no such licence for the whole time",
)
NO_LONGER = Text(
    zh="许可证状态为「{status}」；当日是否有效没有申报",
    en="the status of the licence is {status}; whether it was in force then is not declared",
)
ENDS_TOO_EARLY = Text(
    zh="该日在期间开始之日 {first} 之前，其中一个日期填错",
    en="the time ends before it begins on {first}: one of the two days is wrong",
)
NO_LICENCE_FOR = Text(
    zh="{who} 没有覆盖该期间的 {code} 许可",
    en="{who} holds no licence for {code} for the whole time",
)
NOT_HELD = Text(
    zh="本公司没有覆盖该期间的相应许可",
    en="the company holds no such licence for the whole time",
)
HOLDS = Text(zh="持有 {categories} 之一", en="a licence for one of {categories}")
THROUGHOUT = Text(zh="，{first} 至 {last} 有效", en=", valid {first} to {last}")

# The licence itself.
STATUS = Text(zh="许可证状态为「{status}」", en="the status of the licence is {status}")
EARLIER_ISSUE = Text(
    zh="截至时点本证尚未换发；当时有效的是未抄录的旧证",
    en="this paper was not issued yet; what was in force before it is not described",
)
NOT_ISSUED = Text(zh="许可证尚未颁发", en="the licence is not issued yet")
EXPIRED = Text(
    zh="许可证已于 {until} 到期（{days} 日前），没有已批准的延续",
    en="the licence expired on {until}, {days:day} ago, and no renewal is granted",
)
REFUSED = Text(zh="延续申请未获批准", en="the renewal was refused")
VALID = Text(zh="在有效期内，或已获准延续", en="valid, or renewed")
DEEMED = Text(
    zh="已按期申请延续，届满前未作决定，依行政许可法第五十条视为准予延续",
    en="applied for in time and not decided by {until}: deemed renewed (Licensing Law 50)",
)
LAPSED = Text(zh="已于 {until} 失效（{days} 日前）", en="it ran out on {until}, {days:day} ago")
NEVER_BEGUN = Text(zh="从未办理", en="it was never done")
STILL_GOOD = Text(zh="截至 {today} 仍然有效", en="good on {today}")
UNDECIDED_RENEWAL = Text(
    zh="许可证已于 {until} 到期；延续的决定未申报",
    en="the licence expired on {until}, and whether it was renewed is not declared",
)

# Pages and documents.
NO_PAGE = Text(zh="页面快照文件不存在", en="the page's snapshot file does not exist")
NOT_SHOWN = Text(
    zh="页面的可见文字中没有许可证编号 {number}",
    en="the number {number} is not in the visible text of the page",
)
ONLY_HIDDEN = Text(
    zh="页面源代码中有 {number}，但不可见（注释、隐藏元素、alt 等）",
    en="{number} is in the source of the page, but not visible (comment, hidden element, alt)",
)
NO_NUMBER = Text(zh="没有许可证编号", en="no licence number")
NAME_NOT_SHOWN = Text(zh="可见文字中没有「{name}」", en="{name} is not in the visible text")
NAME_ONLY_HIDDEN = Text(
    zh="源代码中有「{name}」，但不可见", en="{name} is in the source, but not visible"
)
NO_NAME = Text(zh="没有该名称", en="not that name")
SAID_NOT_SHOWN = Text(zh="申报为没有标明 {wanted}", en="it is declared that {wanted} is not shown")
SHOWN = Text(zh="可见文字 {number}", en="{number} as visible text")
NOT_ATTESTED = Text(zh="没有申报本项义务的证明材料", en="no document is declared that attests this")
MISNAMED = Text(
    zh="没有证明材料的 rule 为 {rule}；{named} 是否为其误写？",
    en="no document attests {rule}; is {named} a misspelling of it?",
)
NO_DOCUMENT = Text(zh="证明材料「{path}」不存在", en="the document {path} does not exist")
WRONG_HASH = Text(
    zh="证明材料与登记的 sha256 不符：文件已被更改",
    en="the document is not the one that was attested: its sha256 differs",
)
NO_OWNER = Text(zh="证明材料没有责任岗位", en="the document names no owner")
NO_DATE = Text(zh="证明材料没有出具日期", en="the document has no date of issue")
STALE = Text(
    zh="证明材料出具于 {issued}，超过 {days} 日",
    en="the document of {issued} is older than {days:day}",
)
DOCUMENT_EXPIRED = Text(zh="证明材料已于 {expired} 失效", en="the document expired on {expired}")
FRESH = Text(
    zh="存在、未更改、有责任岗位和日期、未过期的文件",
    en="a document that is there, unchanged, owned, dated and fresh",
)

# Existence.
TOO_FEW = Text(zh="只有 {count} 项", en="only {count} found")
HOW_MANY = Text(zh="至少 {count} 项：{which}", en="at least {count}: {which}")

# Applicability.
NO_ITEM = Text(
    zh="许可范围内没有 {items}，本条不适用；未获许可而经营的，属于第二条的问题",
    en="nothing of {items} is licensed, so this does not apply; to operate it without a licence "
    "is a matter of provision 2",
)
HAS_ITEM = Text(
    zh="许可范围内有 {items}，适用另一项义务",
    en="{items} is licensed, so another duty applies instead",
)
NOT_OPERATED = Text(
    zh="没有试点或正式业务属于 {items}，本条不适用",
    en="no service in use is {items}, so this does not apply",
)
NOT_WHEN = Text(zh="不适用：要求 {when}", en="does not apply: it asks for {when}")
NO_ITEM_KNOWN = Text(
    zh="许可范围未申报，无法判断本条是否适用",
    en="the licensed scope is not declared, so it cannot be said whether this applies",
)
NOT_IN_FORCE = Text(
    zh="所依据的法条在 {day} 不具效力（{since} 起施行）",
    en="the statute was not in force on {day} (it is from {since})",
)
DEFAULT_NUMBER = Text(
    zh="「{title}」取 {amount}，是本项目的缺省值，法律没有规定数字",
    en="{title}: {amount} is a default of this project; the law gives no number",
)
UNVERIFIED_NUMBER = Text(
    zh="「{title}」取 {amount}，未与法律原文核对",
    en="{title}: {amount} was not checked against the text of the law",
)
DEFAULT_BRIEFLY = Text(zh="缺省 {amount}，{title}", en="default {amount}: {title}")
UNVERIFIED_BRIEFLY = Text(zh="未核对 {amount}，{title}", en="unverified {amount}: {title}")
