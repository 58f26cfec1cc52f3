"""Messages of the plugin, imported only when needed."""

from __future__ import annotations

from pytest_icp.law.text import Text

READING = Text(zh="正在读取 {file}", en="reading {file}")
DECIDING = Text(zh="正在核对 {rule}", en="checking {rule}")
WRITING = Text(zh="正在写出报告", en="writing the reports")
LOOKING_AHEAD = Text(zh="正在推算今后的变化", en="forecasting")
WORKING = Text(zh="正在处理", en="working")

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

REST_ON_ASSUMPTIONS = Text(
    zh="{n} 项的结论基于来源的假定（assume）",
    en="the verdicts of {n:rule} rest on what sources assume (`assume`)",
)
UNKNOWN_FAILS = Text(
    zh="无法判断的按失败处理（{n} 项）；加上 {option} 则只作提示",
    en="undecided rules fail the run ({n:rule}); {option} only shows them",
)

AND_MORE = Text(zh=" 等，另有 {n} 份", en=" and {n} more")
LEFT_OUT = Text(
    zh="testpaths 没有包括描述文件，未核对：{names}{more}；请把它加进 testpaths",
    en="not evaluated, because `testpaths` leaves it out: {names}{more}; add it to `testpaths`",
)
LEFT_OUT_OF_ARGUMENTS = Text(
    zh="所给的文件夹中没有描述文件，未核对：{names}{more}；要核对，运行 pytest {first}",
    en="not evaluated, because the folders named have no description: {names}{more}; "
    "to evaluate it, run pytest {first}",
)
WILL_BE_LEFT_OUT = Text(
    zh="pytest 不会核对 {path}：testpaths 没有包括它，请加进去。",
    en="pytest will not evaluate {path}: `testpaths` leaves it out; add it there.",
)
TESTMON_OVERRULED = Text(
    zh="pytest-testmon 只看 Python 文件有没有改动；描述文件照常全部核对",
    en="pytest-testmon sees only changes of Python files; descriptions are evaluated all the same",
)
TESTMON_MAY_SKIP = Text(
    zh="此版本的 pytest-testmon 可能跳过描述文件，未必核对；请加 --testmon-noselect",
    en="this version of pytest-testmon may skip descriptions; run with --testmon-noselect",
)
