"""A script that hides or removes a number makes a page one that is not known."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from pytest_icp.facts.pages import visible_text
from pytest_icp.facts.pages.rendering import unchanged, unrendered

WORDS = "示例科技有限公司为您提供信息服务，欢迎访问我们的网站。" * 3
PAGE = f"""<div class=menu>{WORDS}</div>
<footer class=foot><p id=n class="icp x">京B2-20990001</p></footer><script>SCRIPT</script>"""


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("document.getElementById('n').remove()", True),
        ('document.querySelector("footer .x").style.display = "none"', True),
        ("document.getElementsByClassName('x')[0].innerHTML = ''", True),
        ("$('.x').hide()", True),
        ("jQuery(`#n`).css({visibility: 'hidden'})", True),
        ("$('p.x').addClass('is-hidden')", True),
        ("var e = document.getElementById('n'); e.style.display = 'none'", True),
        ("const e = document.querySelector('#n')\ne.parentNode.removeChild(e)", True),
        ("document.body.innerHTML = ''", True),
        ("document.querySelectorAll('.x').forEach(e => { e.style.display = 'none' })", True),
        ("$('.x').each(function () { $(this).hide() })", True),
        ("$('.x').each(function () { count(this); show(); })", False),
        ("$('.menu').hide(); $('.menu').remove()", False),
        ("var e = document.getElementById('n'); f.style.display = 'none'", False),
        ("document.getElementById('n').addEventListener('click', f)", False),
        ("var text = $('.x').text()", False),
        ("$('body').css('overflow', 'auto'); $('p').addClass('js')", False),
        ("$('p:visible').hide(); $('[').remove()", False),
    ],
)
def test_a_script_that_changes_what_holds_a_number(script: str, *, named: bool) -> None:
    page = PAGE.replace("SCRIPT", script)
    assert (unrendered(PurePath("index.html"), page) is not None) is named
    assert (visible_text(unchanged(page)).strip() != visible_text(page).strip()) is named
