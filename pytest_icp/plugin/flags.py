"""Every option, described once (选项): for pytest, its ini files and our own commands."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

LARGEST = 4 * 1024 * 1024
"""The largest ini file, in bytes, that is read beside pytest."""

DEFAULT_FILES = ("*.icp.yaml", "*.icp.yml", "*.icp.json")

Kind = Literal["text", "words", "lines", "switch"]


class Flag(NamedTuple):
    """An option: ``--icp-as-of`` for pytest, ``icp_as_of`` in ini, ``--as-of`` for a command.

    ``words`` and ``lines`` are kinds of list: an ini file separates them by spaces or by lines,
    a command line repeats the option. ``default`` is the value of an ini file without it, and
    ``usual`` describes the default if it is not a fixed value, in Chinese ``usual_zh``. Help texts
    begin in lower case and end without a full stop, as pytest's own do.
    """

    name: str
    zh: str
    en: str
    default: str | tuple[str, ...] = ""
    usual: str = ""
    usual_zh: str = ""
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    kind: Kind = "text"
    ini_only: bool = False

    @property
    def ini(self) -> str:
        """The name in an ini file, and that of what pytest has read."""
        return f"icp_{self.name}"

    @property
    def option(self) -> str:
        """The name of the option of pytest."""
        return f"--icp-{self.name.replace('_', '-')}"

    @property
    def repeated(self) -> bool:
        """Whether it takes several values."""
        return self.kind in {"words", "lines"}

    def help(self, *, command: bool = False) -> str:
        """Return the help text: in both languages for a command of our own."""
        # pytest's help is English: at a terminal without Chinese it would escape all of it.
        usual = self.usual or (self.default if isinstance(self.default, str) else "")
        if not command:
            return f"{self.en} (default: {usual})" if usual else self.en
        if not usual:
            return f"{self.zh}（默认：{self.ini}） · {self.en} (default: {self.ini})"
        zh = f"（默认：{self.ini}，否则{self.usual_zh or f' {usual}'}）"
        return f"{self.zh}{zh} · {self.en} (default: {self.ini}, else {usual})"


FLAGS = {
    flag.name: flag
    for flag in (
        Flag(
            "as_of",
            "核对日：日期或者日期和时间",
            "evaluate as of this date or date-time",
            usual="now",
            usual_zh="当前时间",
            metavar="DATE",
        ),
        Flag(
            "lang",
            "输出语言",
            "language of the output",
            usual="that of the locale",
            usual_zh="系统语言",
            choices=("zh", "en", "both"),
        ),
        Flag(
            "unknown",
            "无法判断的规则按失败处理，或者只提示",
            "whether rules that cannot be decided fail the run or are only shown",
            "fail",
            choices=("fail", "warn"),
        ),
        Flag(
            "warn_days",
            "提前多少日提示将到期事项",
            "note duties that fall due within N days",
            "90",
            metavar="N",
        ),
        Flag(
            "lookback",
            "逾期后补办的，多长时间内仍算违反：730、24m、2y",
            "how long a duty done late still counts as violated: 730, 24m, 2y",
            "2y",
            metavar="SPAN",
        ),
        Flag(
            "select",
            "只核对这些规则：标识、通配符或分组（如 deployed），可多次使用",
            "check only these rule ids, globs or groups (such as deployed); may be repeated",
            (),
            metavar="RULES",
            kind="words",
        ),
        Flag(
            "ignore",
            "不核对这些规则：标识、通配符或分组，可多次使用",
            "do not check these rule ids, globs or groups; may be repeated",
            (),
            metavar="RULES",
            kind="words",
        ),
        Flag(
            "policies",
            "自定义规定的文件夹，可多次使用",
            "a folder of your own policies; may be repeated",
            (),
            metavar="DIR",
            kind="words",
        ),
        Flag(
            "source",
            "另从此文件或文件夹得出事实，可多次使用；- 为标准输入",
            "derive facts from this file or folder too; may be repeated; - is standard input",
            (),
            metavar="KIND=PATH",
            kind="lines",
        ),
        Flag(
            "report",
            "写出报告，可多次使用",
            "write a report; may be repeated",
            (),
            metavar="FORMAT[=PATH]",
            kind="lines",
        ),
        Flag(
            "github",
            "在 GitHub Actions 中加注解和摘要，或不加",
            "write annotations and a job summary in GitHub Actions",
            "auto",
            choices=("auto", "off"),
        ),
        Flag(
            "docs_url",
            "手册网站的地址，报告把规则链接到其中的页面",
            "address of the site of the manual; reports link each rule to its page there",
            metavar="URL",
        ),
        Flag(
            "forecast",
            "列出一段时间内如不处理将发生的变化：180d、24m、2y",
            "list what changes within this span if nothing is done: 180d, 24m, 2y",
            metavar="SPAN",
        ),
        Flag(
            "fuzz",
            "同时对每项义务做模糊测试",
            "fuzz every obligation as well",
            "off",
            choices=("on", "off"),
            kind="switch",
        ),
        Flag(
            "fuzz_profile",
            "ci：每次相同的少数情形；nightly：大量新的情形",
            "ci: the same few situations each time; nightly: many new ones",
            "ci",
            choices=("ci", "nightly"),
        ),
        Flag(
            "fuzz_examples",
            "每项义务试多少种情形",
            "number of situations to try for each obligation",
            metavar="N",
        ),
        Flag(
            "baseline",
            "将此基线文件中的发现标为已有，不隐藏任何发现",
            "mark the findings in this baseline as known; none is hidden",
            metavar="FILE",
        ),
        Flag(
            "since",
            "先列出自此以来的变化：提交、文件夹，或以前的 jsonl 报告",
            "show first what changed since a commit, a folder, or an earlier jsonl report",
            metavar="REF",
        ),
        Flag(
            "fail_on",
            "什么使运行失败：any 为任何发现，new 仅为 icp_since 和基线中没有的",
            "what fails the run: any finding, or what icp_since and the baseline do not have",
            "any",
            choices=("any", "new"),
        ),
        Flag(
            "files",
            "描述文件的文件名，可用通配符",
            "names of description files, or globs",
            DEFAULT_FILES,
            kind="words",
            ini_only=True,
        ),
        Flag(
            "workdays",
            "工作日年度文件",
            "files with the working days of a year",
            (),
            kind="words",
            ini_only=True,
        ),
        Flag("papers", "要求的证明材料", "more papers asked for", (), kind="words", ini_only=True),
        Flag(
            "waiver_days",
            "豁免最长多少日，0 为不限",
            "longest term of a waiver in days; 0 sets no limit",
            usual="a year",
            ini_only=True,
        ),
        Flag(
            "description",
            "fixture 读取的描述文件",
            "the description that the fixtures read",
            usual="the nearest",
            ini_only=True,
        ),
    )
}
"""Every option by its name, in the order in which they are listed."""

_INI_TYPES: dict[Kind, Literal["string", "args", "linelist"]] = {
    "text": "string",
    "switch": "string",
    "words": "args",
    "lines": "linelist",
}


def add_options(parser: pytest.Parser) -> None:
    """Add the options and their ini twins to pytest's."""
    group = parser.getgroup("icp", "pytest-icp: special provisions of a telecom licence")
    for flag in FLAGS.values():
        default = list(flag.default) if flag.repeated else flag.default
        parser.addini(flag.ini, flag.help(), type=_INI_TYPES[flag.kind], default=default)
        if flag.ini_only:
            continue
        if flag.kind == "switch":
            group.addoption(flag.option, action="store_true", default=None, help=flag.help())
        elif flag.choices:
            group.addoption(flag.option, choices=flag.choices, help=flag.help())
        else:
            action = "append" if flag.repeated else "store"
            group.addoption(flag.option, action=action, metavar=flag.metavar, help=flag.help())


def by_repository(config: pytest.Config, name: str, value: object) -> bool:
    """Whether a file of the repository sets an option to a value, and not whoever runs pytest.

    Such a file is the ini file, which may give options in ``addopts`` as well. The command line
    and the environment (``PYTEST_ADDOPTS``) belong to whoever runs pytest; so does ``-o``.
    """
    flag, addopts = FLAGS[name], config.getini("addopts")
    # A file of more arguments; what is in it is not known here.
    unread = any(one.startswith("@") for one in addopts)
    if config.getoption(flag.ini, default=None) is not None:
        return unread or str(value).strip() in values_in(addopts, flag.option)
    return unread or not is_overridden(config, flag.ini)


def is_overridden(config: pytest.Config, ini: str) -> bool:
    """Whether ``-o`` of whoever runs pytest sets an ini value."""
    listed = (one.partition("=")[0] for one in config.getoption("override_ini") or ())
    # pytest ignores ``-o`` in ``addopts``, but lists it.
    return ini in listed and not any(f"{ini}=" in one for one in config.getini("addopts"))


def values_in(arguments: Sequence[str], option: str) -> Iterator[str]:
    """Yield the values that arguments give an option."""
    for argument, after in zip(arguments, [*arguments[1:], ""], strict=False):
        name, equals, value = argument.partition("=")
        if name == option:
            yield (value if equals else after).strip()


_LOCALE = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def spoken(environment: Mapping[str, str] = os.environ) -> Literal["zh", "en"]:
    """Return the language of the locale: Chinese where it is set, else English."""
    locale = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    return "zh" if locale.lower().startswith("zh") else "en"
