"""Messages of the plugin, imported only when needed."""

from __future__ import annotations

from pytest_icp.law.text import Text

READING = Text(zh="正在读取 {file}", en="reading {file}")
DECIDING = Text(zh="正在核对 {rule}", en="checking {rule}")
FUZZING = Text(zh="正在模糊测试 {rule}", en="fuzzing {rule}")
WRITING = Text(zh="正在写出报告", en="writing the reports")
LOOKING_AHEAD = Text(zh="正在推算今后的变化", en="forecasting")
JUDGING_BASE = Text(zh="正在核对基准", en="judging the base")
WORKING = Text(zh="正在处理", en="working")
DONE = Text(zh="已完成 {n:,}/{all:,}，约剩 {left}", en="{n:,} of {all:,}, about {left} left")
SECONDS = Text(zh="{n} 秒", en="{n} s")
MINUTES = Text(zh="{n} 分钟", en="{n} min")

NO_RULE_ID = Text(
    zh="标记 icp 须写明一项规则的标识，而这里是 {written}",
    en="the marker icp takes the id of one rule, not {written}",
)
SUCH_AS = Text(zh='例如 icp("OWN/log-fields")', en='such as icp("OWN/log-fields")')

SEVERAL_DESCRIPTIONS = Text(
    zh="--icp-source 的来源只能属于一份描述，这里有多份：{names}；请只运行其中一份，"
    "或者把来源写进描述的 sources",
    en="--icp-source needs a single description, and there are several here: {names}; run one of "
    "them, or name the sources in `sources` of each description",
)

INCOMPLETE = Text(
    zh="核对未完成：{all} 项规则中有 {n} 项没有核对：{rules}",
    en="incomplete: {n} of {all:rule} not run: {rules}",
)
INCOMPLETE_HERE = Text(zh="核对未完成：{file}：{why}", en="incomplete: {file}: {why}")

TAKEN_OUT = Text(
    zh="基准核对而这次不再核对的规则使运行失败：{n} 项",
    en="rules that are no longer looked at fail the run: {n:rule}",
)
UNKNOWN_FAILS = Text(
    zh="无法判断的按失败处理（只作提示：{option}）",
    en="undecided rules fail the run ({option} only shows them)",
)

NOTHING_JUDGED = Text(
    zh="没有核对任何描述文件，本次运行按失败处理",
    en="the run fails, because no description was evaluated",
)
LEFT_OUT = Text(
    zh="没有核对：{names}；要核对，运行 pytest {first}，或者加进 testpaths",
    en="not evaluated: {names}; to evaluate it, run pytest {first}, or add it to `testpaths`",
)

KIND_OF_OBLIGATION = Text(zh="义务类别", en="kind of obligation")
KIND_OF_SOURCE = Text(zh="来源类型", en="kind of source")
REPLACED = Text(
    zh="插件提供的{what}“{name}”已经存在；插件只能增加，不能替换",
    en="a plugin brings the {what} {name!r}, which is there already; plugins add, and replace none",
)
ANOTHER_NAME = Text(zh="换一个名称", en="give it another name")

NO_PROJECT = Text(
    zh="没有运行仓库中的代码，也没有采用其配置（--no-project）；其中自定义的规定和选项未用",
    en="no code of the repository was run, and no configuration of it was used (--no-project), so "
    "without the policies and options that these bring",
)
OTHER_DAY = Text(zh="截至 {day}，不是今日", en="as of {day}, not today")
DAY_OF_FILE = Text(
    zh="核对日（{day}）来自仓库中的文件，不能用于 CI",
    en="the as-of date ({day}) comes from a file of the repository, which CI does not accept",
)
NAME_THE_DAY = Text(
    zh="删去 icp_as_of；要在 CI 中截至某日核对，由流水线写 --icp-as-of",
    en="remove icp_as_of; to evaluate as of a day in CI, let the workflow say --icp-as-of",
)
LONG_WAIVER = Text(
    zh="豁免至 {expires}，超过一年", en="this waiver lasts until {expires}, which is over a year"
)
SHORTER = Text(
    zh="写一年之内的日期，或者设置 icp_waiver_days",
    en="choose a day within a year, or set icp_waiver_days",
)
WEAKENED_BY = Text(zh="放宽本次核对的有：{what}", en="this run is weakened by {what}")
NUMBER_OF = Text(zh="{what}（{n}）", en="{what} ({n})")
HOOKS = Text(zh="仓库代码中的钩子", en="hooks in code of the repository")
KINDS_OF_OBLIGATION = Text(zh="插件增加的义务类别", en="kinds of obligation that plugins add")
KINDS_OF_SOURCE = Text(zh="插件增加的来源类型", en="kinds of source that plugins add")
ASSUMPTIONS = Text(zh="来源的假定", en="assumptions of sources")
WAIVERS = Text(zh="豁免", en="waivers")
