"""The first page (首页): who reads what, and the pages written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handbook.markdown import Lang, said

from pytest_icp.law.text import Text, plain
from website.handwritten import table_by_role, title_of_page
from website.text import Pages, heading, page, rows, toctree

_TITLE = Text("pytest-icp 手册", "The pytest-icp manual")
_INTRO = Text(
    "pytest-icp 核对增值电信业务经营许可证中的特别规定事项：写下公司有哪些网站、服务器、业务和"
    "记录，它逐条说明哪里违反、哪一天到期、依据哪一条、怎样改正。",
    "pytest-icp checks the special provisions of a Chinese value-added telecom licence: you "
    "describe the sites, servers, services and records of the company, and it says what is "
    "violated, when it was due, which law that is, and how to fix it.",
)
_LOOK_UP = Text("查询", "Look up")
_HEAD = (Text("要找的", "you look for"), Text("在", "it is in"))
_WAYS = (
    (Text("报告中的一条规则", "a rule that a report names"), "rules/index", Text("规则", "Rules")),
    (
        Text("许可证上的一条规定", "a provision printed in the licence"),
        "provisions/index",
        Text("规定", "Provisions"),
    ),
    (
        Text("描述文件里怎样写、谁知道", "how to write a fact, and who knows it"),
        "facts/index",
        Text("事实", "Facts"),
    ),
    (
        Text("从哪些文件读取事实", "the files that facts are read from"),
        "sources/index",
        Text("来源", "Sources"),
    ),
    (
        Text("写自己的规定时可用的检查", "the checks that a provision of your own may use"),
        "kinds/index",
        Text("检查类别", "Kinds of check"),
    ),
    (
        Text("一个命令和它的参数", "a command with its arguments"),
        "commands",
        Text("命令", "Commands"),
    ),
    (
        Text("一个命令行或者 ini 选项", "an option of the command line or of ini"),
        "options",
        Text("选项", "Options"),
    ),
    (
        Text("默认值、有歧义之处、未核对的数字", "defaults, ambiguities, unverified numbers"),
        "legal-notes",
        Text("法律说明", "Legal notes"),
    ),
)
_BY_ROLE = Text("从哪里开始", "Where to start")
_GUIDES = Text("指南", "Guides")
_REFERENCE = Text("参考", "Reference")
_MORE = Text("其他", "More")
_SEARCH = Text(
    "搜索框也认得常用的说法，例如许可证续期、日志留存、备案号。",
    "The search also knows everyday words, such as licence renewal, log retention or 备案号.",
)
_FIRST = ("guides/compliance-officer", "guides/first-hour", "guides/pull-requests")
"""The guides that most readers begin with, in this order; the others follow by name."""


def home_page(lang: Lang, pages: Mapping[str, str]) -> Pages:
    """Return the first page; ``pages`` are all others."""
    guides = sorted((n for n in pages if n.startswith("guides/")), key=_order)
    top = [one for _, one, _ in _WAYS]
    rest = [n for n in pages if "/" not in n and n not in top]
    project = [n for n in pages if n.startswith("project/")]
    ways = ((said(what, lang), f"[{said(name, lang)}]({to}.md)") for what, to, name in _WAYS)
    listed = [f"- [{said(plain(title_of_page(pages[n])), lang)}]({n}.md)" for n in guides]
    captions = [said(text, lang) for text in (_GUIDES, _REFERENCE, _MORE)]
    trees = zip((guides, top, [*rest, *project]), captions, strict=True)
    return {
        "index": page(
            heading(1, _TITLE, lang),
            _INTRO[lang],
            heading(2, _BY_ROLE, lang),
            table_by_role(lang, {**pages}),
            heading(2, _GUIDES, lang),
            "\n".join(listed),
            heading(2, _LOOK_UP, lang),
            rows(_HEAD, ways, lang),
            _SEARCH[lang],
            *(toctree(names, caption=caption) for names, caption in trees if names),
        )
    }


def _order(name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST)), name


def with_sources_listed(pages: Pages) -> None:
    """Put the pages of the sources into the navigation, below the page that lists them."""
    names: Sequence[str] = sorted(
        n.removeprefix("sources/") for n in pages if n.startswith("sources/")
    )
    pages["sources/index"] += "\n" + toctree(n for n in names if n != "index") + "\n"
