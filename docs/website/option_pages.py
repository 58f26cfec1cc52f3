"""The page of the options (选项), out of the one table that says each once."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.markdown import Lang, said

from pytest_icp.law.text import Text, plain
from pytest_icp.plugin.flags import FLAGS, Flag
from website.text import Pages, found_as, heading, listed, page, target

_TITLE = Text("选项", "Options")
_INTRO = Text(
    "`--icp-…` 写在 pytest 的命令行，`icp_…` 写在 `pytest.ini` 或者 `pyproject.toml`；"
    "`pytest-icp` 的命令用同一名称，不带 `icp-`，没有写明的取 ini 中的值。",
    "`--icp-…` is for the command line of pytest, `icp_…` for `pytest.ini` or `pyproject.toml`. "
    "The commands of `pytest-icp` have the same names without `icp-`, and take what is not given "
    "from ini.",
)
_COMMAND = Text("**命令行**：`{option}`", "**Command line:** `{option}`")
_INI = Text("**ini**：`{ini}`", "**ini:** `{ini}`")
_CHOICES = Text("**可取**：{choices}", "**One of:** {choices}")
_DEFAULT = Text("**默认**：{default}", "**Default:** {default}")
_USUAL = {
    "now": Text("当前时刻", "now"),
    "a year": Text("一年", "a year"),
    "the nearest": Text("最近的一份", "the nearest"),
    "that of the locale": Text(
        "描述文件写明的，否则为系统语言", "that of the description, else of the locale"
    ),
}
"""The defaults that are no values, which the table of options has in English."""


def option_pages(lang: Lang) -> Pages:
    """Return the page that explains every option."""
    parts = [part for flag in FLAGS.values() for part in _option(flag, lang)]
    return {"options": page(heading(1, _TITLE, lang), _INTRO[lang], *parts)}


def _option(flag: Flag, lang: Lang) -> Iterator[str]:
    words = Text(flag.zh, flag.en[0].upper() + flag.en[1:])
    yield target(f"option-{flag.name}")
    yield heading(2, plain(f"`{flag.ini if flag.ini_only else flag.option}`"), lang)
    yield found_as([flag.ini] if flag.ini_only else [flag.ini, flag.option])
    yield said(words, lang) + ("。" if lang == "zh" else ".")
    lines = []
    if not flag.ini_only:
        value = "" if flag.kind == "switch" else f" {flag.metavar or '…'}"
        lines.append(_COMMAND[lang].format(option=f"{flag.option}{value}"))
    lines.append(_INI[lang].format(ini=flag.ini))
    if flag.choices:
        choices = listed((f"`{one}`" for one in flag.choices), lang)
        lines.append(_CHOICES[lang].format(choices=choices))
    if default := _default(flag, lang):
        lines.append(_DEFAULT[lang].format(default=default))
    yield "\n".join(f"- {line}" for line in lines)


def _default(flag: Flag, lang: Lang) -> str:
    if flag.usual:
        return _USUAL[flag.usual][lang]
    values = (flag.default,) if isinstance(flag.default, str) else flag.default
    return listed((f"`{one}`" for one in values if one), lang)
