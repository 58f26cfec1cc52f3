from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.evidence import Evidence
from tests.contexts import decide, said
from tests.obligations import obligation

NAME = obligation(
    "shown",
    "ads",
    page="file",
    text="text",
    what="name",
    shows="/holder",
    stated="shown",
    stated_by="by.role",
)
FACTS = {"holder": "示例（北京）公司", "number": "京B2-20190486"}


def verdict(made: Any, html: str = "", **ad: Any) -> str:
    facts = {**FACTS, "ads": [{"id": "a", **ad}]}
    pages = (Evidence(path="ad.html", sha256="0", text=html),) if html else ()
    return str(decide(made, facts, evidence=pages).verdict)


@pytest.mark.parametrize(
    ("ad", "html", "expected"),
    [
        ({"text": "示例(北京)公司 欢迎您"}, "", "satisfied"),
        ({"text": "示例公司"}, "", "violated"),
        ({"text": "示例\u200b（北京）公司"}, "", "satisfied"),
        ({"file": "ad.html"}, "<b>示例</b>（北京）公司", "satisfied"),
        ({"file": "ad.html"}, "<b>示例</b>", "violated"),
        ({"file": "ad.html"}, "<!-- 示例（北京）公司 -->", "violated"),
        ({"file": "ad.html"}, "", "unknown"),
        ({"file": "none", "shown": True, "by": {"role": "法务岗"}}, "", "satisfied"),
        ({"file": "none", "shown": True, "by": None}, "", "unknown"),
        ({"file": "none", "shown": False, "by": {"role": "法务岗"}}, "", "violated"),
        ({"file": "none", "shown": None}, "", "unknown"),
        # Whoever states it may have looked at something else.
        ({"shown": True, "by": {"role": "法务岗"}}, "", "unknown"),
        ({"shown": False}, "", "unknown"),
        # What a program reads is what is shown.
        ({"shown": True, "by": {"role": "法务岗"}, "text": "示例"}, "", "violated"),
        ({"shown": False, "text": "示例（北京）公司"}, "", "satisfied"),
        ({}, "", "unknown"),
    ],
)
def test_a_name_stands_in_words_on_a_page_or_is_stated(
    ad: dict[str, Any], html: str, expected: str
) -> None:
    assert verdict(NAME, html, **ad) == expected


@pytest.mark.parametrize("made", [NAME, obligation("shown", "ads", page="file", shows="/number")])
@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("{% include 'footer.html' %} 京B2-20990001", "is a template or rendered by scripts, and "),
        ("<div id=app></div><script src=a.js></script>", "is a shell that scripts fill in the "),
    ],
)
def test_what_a_template_or_a_shell_does_not_show_is_not_known(
    made: Any, html: str, why: str
) -> None:
    facts = {**FACTS, "ads": [{"id": "a", "file": "ad.html"}]}
    outcome = decide(made, facts, evidence=(Evidence(path="ad.html", sha256="0", text=html),))
    ((_, pointer, message),) = said(outcome)
    assert (outcome.verdict, pointer) == ("unknown", "/ads/0/file")
    assert message.startswith(f"the page {why}")
    shows = "示例（北京）公司 京B2-20190486"
    pages = (Evidence(path="ad.html", sha256="0", text=html + shows),)
    assert decide(made, facts, evidence=pages).verdict == "satisfied"


def test_a_component_shows_what_stands_in_it() -> None:
    made = obligation("shown", "ads", page="file", shows="/number")
    facts = {**FACTS, "ads": [{"id": "a", "file": "Footer.vue"}]}
    pages = (Evidence(path="Footer.vue", sha256="0", text="<p>x</p>"),)
    assert decide(made, facts, evidence=pages).verdict == "unknown"


def test_a_name_that_a_script_or_style_may_take_away_is_not_known() -> None:
    page = "<p>欢迎</p><p id=by>示例（北京）公司</p><script>SCRIPT</script>"
    assert verdict(NAME, page.replace("SCRIPT", "x"), file="ad.html") == "satisfied"
    hidden = page.replace("SCRIPT", "document.getElementById('by').remove()")
    assert verdict(NAME, hidden, file="ad.html") == "unknown"
    page = "<link rel=stylesheet href=a.css><p class=fade>示例（北京）公司</p>"
    assert verdict(NAME, page, file="ad.html") == "unknown"
    assert verdict(NAME, page.replace("北京", "上海"), file="ad.html") == "violated"


@pytest.mark.parametrize(
    ("path", "page"),
    [
        (
            "ad.html",
            (
                f"<p>{'示例' * 50}</p><p id=n>京B2-20190486</p>"
                "<script>document.getElementById('n').remove()</script>"
            ),
        ),
        (
            "Foot.jsx",
            (
                "function F() {\n  useEffect(() => { document.getElementById('n').remove(); });\n"
                "  return <footer id='n'>京B2-20190486</footer>;\n}"
            ),
        ),
        ("foot.pug", "footer\n  if shown\n    p 京B2-20190486"),
        ("foot.html", "{% set number = '京B2-20190486' %}"),
    ],
)
def test_what_a_script_hides_or_only_a_template_holds_is_not_known(path: str, page: str) -> None:
    made = obligation("shown", "ads", page="file", shows="/number")
    facts = {**FACTS, "ads": [{"id": "a", "file": path}]}
    pages = (Evidence(path=path, sha256="0", text=page),)
    assert decide(made, facts, evidence=pages).verdict == "unknown"
