"""A script that hides or removes a number makes a page one that is not known."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from pytest_icp.facts.pages.rendering import unrendered

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
        ("$('.menu').hide(); $('.menu').remove()", False),
        ("document.getElementById('n').addEventListener('click', f)", False),
        ("var text = $('.x').text()", False),
        ("$('body').css('overflow', 'auto'); $('p').addClass('js')", False),
        ("$('p:visible').hide(); $('[').remove()", False),
    ],
)
def test_a_script_that_changes_what_holds_a_number(script: str, *, named: bool) -> None:
    mark = unrendered(PurePath("index.html"), PAGE.replace("SCRIPT", script))
    assert (mark is not None) is named
