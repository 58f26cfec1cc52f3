"""What a policy says is text on the pages of the site: it reads no file, and runs nothing."""

from __future__ import annotations

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from handbook.markdown import quoted, said

from pytest_icp.law.text import plain

OUTSIDE = "../../../../etc/passwd"
HOSTILE = (
    f"~~~{{include}} {OUTSIDE}",
    f"```{{literalinclude}} {OUTSIDE}",
    "```{raw} html",
    "<img src=x onerror=alert(1)//>",
    "# heading",
    "=====",
    "    code",
    "a\r# heading\r~~~{raw} html\r",
    "![x](https://evil.example/x.png)",
)
"""What Markdown would take for something else; and what MyST adds to it."""

OF_MYST = {
    f"a {{download}}`{OUTSIDE}` b": f"a \\{{download}}`{OUTSIDE}` b",
    "{raw}`x`": "\\{raw}`x`",
    ":::{include} x": "\\:::{include} x",
    "% comment": "\\% comment",
    "+++": "\\+++",
    "(target)=": "\\(target)=",
    "{a} and `b`": "{a} and `b`",
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("words", HOSTILE)
def test_it_is_one_paragraph_without_anything_in_it(words: str, lang: str) -> None:
    for text in (said(plain(words), lang), quoted(plain(words), lang)):
        page = cmarkgfm.markdown_to_html(text, Options.CMARK_OPT_UNSAFE).replace("\n", "")
        inside = page.removeprefix("<blockquote>").removesuffix("</blockquote>")
        assert inside.startswith("<p>"), page
        assert "<" not in inside.replace("<p>", "").replace("</p>", ""), page


@pytest.mark.parametrize("words", OF_MYST)
def test_what_would_read_a_file_is_escaped(words: str) -> None:
    assert said(plain(words), "en") == OF_MYST[words]
