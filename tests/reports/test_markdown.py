from __future__ import annotations

from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from msgspec.structs import replace

from pytest_icp.law.text import plain
from pytest_icp.reports.markdown import LIMIT, MARKER, markdown
from pytest_icp.reports.run import Run
from tests.runs import (
    LEFT,
    RECORD,
    RUN,
    TROUBLE,
    VIOLATED,
    hostile,
    many,
)


class Page(HTMLParser):
    """The elements and the text of a page, and whether each element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        if tag not in {"hr", "br", "input", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def page(run: Run) -> Page:
    """The comment as GitHub's own parser renders it."""
    text = cmarkgfm.github_flavored_markdown_to_html(markdown(run), Options.CMARK_OPT_UNSAFE)
    read = Page(text)
    assert read.open == []
    return read


OURS = {
    *("h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "b", "em", "ul"),
    *("li", "code", "pre", "details", "summary", "blockquote"),
}


def test_the_verdict_comes_first() -> None:
    assert markdown(RUN).startswith(
        f"{MARKER}\n## ❌ 1 rule violated\n\n"
        "❌ Violated **1** · ❓ Unknown **1** · ⚠️ Advisory, not met **1** · ⏸️ Waived **1** · "
        "✅ Satisfied **2** · ➖ Not applicable **1**\n\n"
        "As of 2023-12-08: 5 provisions, 7 rules · pytest-icp 1.2.3\n\n"
    )


def test_a_violation_is_folded_with_its_article_and_what_to_do() -> None:
    text = markdown(replace(RUN, results=(VIOLATED,), language="both"))
    fold = text.partition("<details>")[2].partition("</details>")[0]
    for words in (
        "<b>SP12/renewal</b> 提前90日申请延续 · Renewal is applied for 90 days ahead",
        "<code>infra/prod.icp.yaml:7:15</code></summary>",
        "\n**逾期未办理 · not done, and overdue**\n",
        "\n- **期限 · due**: 2023-12-07\n",
        "\n**整改 · fix** 立即申请。 · Apply now.\n",
        "> 许可证特别规定事项第十二条 · the licence, SP12 (十二): 应当提前90日\n",
        "> 许可证特别规定事项第十二条 · the licence, SP12 (十二): 90 days in advance\n",
        "\n**依据 · statute** 示例法第一条 · Example Law, Art. 1\n",
    ):
        assert words in fold


def test_what_was_not_judged_comes_first() -> None:
    text = markdown(replace(RUN, results=(), troubles=(TROUBLE,) * 32))
    assert "### 🚫 Not judged\n\n- <code>infra/broken.icp.yaml:2:1</code> there is no prop" in text
    assert "</code> there is no property &#96;x&#96; did you mean y?\n" in text
    assert "- and 2 more" in text
    bare = replace(TROUBLE, hint=plain(""))
    assert "did you mean" not in markdown(replace(RUN, results=(), troubles=(bare,)))
    assert text.startswith(f"{MARKER}\n## ❌ Incomplete")


def test_nothing_judged_and_what_was_left_out_is_said() -> None:
    text = markdown(replace(RUN, results=(), records=(replace(RECORD, left=LEFT),), version=""))
    assert text == (
        f"{MARKER}\n## ➖ Nothing was judged\n\n"
        "As of 2023-12-08: 0 provisions, 0 rules · 1 not selected (compliance 1): "
        "&#96;select: all&#96; · pytest-icp\n"
    )


@pytest.mark.parametrize("run", [many(1_000), hostile("中" * 1_000_000), hostile("&" * 5000)])
def test_it_keeps_within_the_limit_whatever_there_is_to_say(run: Run) -> None:
    text = markdown(run)
    assert len(text) <= LIMIT
    assert len(text.encode("utf-16-le")) <= 2 * LIMIT
    page(run)
