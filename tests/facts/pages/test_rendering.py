"""A script that hides or removes a number makes a page one that is not known."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from pytest_icp.facts.pages import visible_text
from pytest_icp.facts.pages.rendering import unchanged, unrendered

WORDS = "示例科技有限公司为您提供信息服务，欢迎访问我们的网站。" * 3
PAGE = f"""<div class=menu>{WORDS}</div><div class=chat>QQ 123456789</div>
<footer class=foot><p id=num class="icp x">京B2-20990001</p></footer>
<style>.js .x, .off p {{ display: none }}</style><script>SCRIPT</script>"""


@pytest.mark.parametrize(
    ("script", "named"),
    [
        ("document.getElementById('num').remove()", True),
        ('document.querySelector("footer .x").style.display = "none"', True),
        ("document.getElementsByClassName('x')[0].innerHTML = ''", True),
        ("$('.x').hide()", True),
        ("jQuery(`#num`).css({visibility: 'hidden'})", True),
        ("$('p.x').addClass('is-hidden')", True),
        ("var e = document.getElementById('num'); e.style.display = 'none'", True),
        ("const e = document.querySelector('#num')\ne.parentNode.removeChild(e)", True),
        ("document.body.innerHTML = ''", True),
        ("document.querySelectorAll('.x').forEach(e => { e.style.display = 'none' })", True),
        ("$('.x').each(function () { $(this).hide() })", True),
        ("document.documentElement.innerHTML = ''", True),
        ("document.styleSheets[0].insertRule('.x{display:none}')", True),
        ("s = document.createElement('style'); s.textContent = `a{} #num { opacity: 0 }`", True),
        ("document.write('<style>p.icp{font-size:0}')", True),
        ("document.open(); document.write('x')", True),
        *((f"document.write({text})", True) for text in ("'<!--'", '"<p style=display:none>"')),
        ("document.write('<p style=display:none><img src=a.gif></p>')", False),
        *((f"{name}.style.display = 'none'", True) for name in ("num", "window.num")),
        ("m.style.display = 'none'; a.num.remove(); insertRule('.menu{display:none}')", False),
        ("document.getElementById('num').className = 'gone'", True),
        ("document.getElementById('num').style.setProperty('display', 'none')", True),
        ("$('.x').each(function () { count(this); show(); })", False),
        ("for (const e of document.querySelectorAll('.x')) e.remove()", True),
        ("[...document.querySelectorAll('.x')].map(e => e.remove())", True),
        ("$('body').children().hide()", True),
        ("document.getElementById('num')?.remove()", True),
        ("document.getElementById('num').firstChild.nodeValue = ''", True),
        ("Object.assign(document.getElementById('num').style, {display: 'none'})", True),
        ("document.getElementById('num').style.maxHeight = 0", True),
        ("document.getElementById('num').style.left = '-9999px'", True),
        ("document.getElementById('num').style.color = 'transparent'", True),
        ("document.getElementById('num').style.height = '30px'", False),
        ("$('#num').find('a').addClass('js')", False),
        ("$('.menu').hide(); $('.menu').remove()", False),
        ("$('.chat').hide(); document.querySelector('.menu').textContent = ''", False),
        # What names an element otherwise, where the script hides something
        (
            "function hide(id) { document.getElementById(id).style.display = 'none' } hide('num')",
            True,
        ),
        ("const s = '.x'; document.querySelector(s).remove()", True),
        ("document.getElementById('n' + 'um').remove()", True),
        ("const s = '.x'; document.querySelector(s).focus()", False),
        ("$('.menu').find('.x').removeClass('y'); $(this).hide()", False),
        ("document.querySelector('.x').focus(); menu.style.display = 'none'", False),
        ("$('num').style.display = 'none'", True),
        ("var e = document.getElementsByTagName('p'); e[0].hidden = true", True),
        ("document.body.removeChild(document.getElementById('num'))", True),
        ("document.querySelector('#num').parentNode.innerHTML = ''", True),
        ("document.body.lastElementChild.previousElementSibling.remove()", True),
        ("$('#num').animate({ opacity: 0 }, 300)", True),
        # A class by which a style sheet hides
        ("document.documentElement.className = 'js'", True),
        ("document.body.classList.add('js', 'x')", True),
        ("$('.foot').toggleClass('off')", True),
        ("$('.foot').toggleClass('on'); document.documentElement.classList.add('on')", False),
        ("var e = document.getElementById('num'); f.style.display = 'none'", False),
        ("document.getElementById('num').addEventListener('click', f)", False),
        ("var text = $('.x').text()", False),
        ("$('body').css('overflow', 'auto'); $('p').addClass('js')", False),
        ("$('p:visible').hide(); $('[').remove()", False),
    ],
)
def test_a_script_that_changes_what_holds_a_number(script: str, *, named: bool) -> None:
    page = PAGE.replace("SCRIPT", script)
    assert (unrendered(PurePath("index.html"), page) is not None) is named
    assert ("京B2-20990001" not in visible_text(unchanged(page))) is named


@pytest.mark.parametrize(
    "page",
    [
        "<p style='display: var(--x)'>京B2-20990001</p>",
        "<style>:root{--x: none} .a{--x: block} p{display: var(--x)}</style><p>京B2-20990001</p>",
        "<p style='opacity: calc(1 * 0)'>京B2-20990001</p>",
        "<p style='font-size: min(0px, 1em)'>京B2-20990001</p>",
        "<p style='position: fixed; left: calc(-9999px + 1em)'>京B2-20990001</p>",
        *(f"<{tag}>京B2-20990001</{tag}>" for tag in ("del", "s", "strike", "bdo dir=rtl")),
        "<p style='text-decoration: red line-through'>京B2-20990001</p>",
        "<p style='text-decoration-line: line-through'>京B2-20990001</p>",
        "<p style='direction: rtl; unicode-bidi: bidi-override'>10009902-2B京</p>",
        *(
            f"<p style='{style}'>京B2-20990001</p>"
            for style in (
                *("mask: url(a.svg)", "zoom: 0.01", "translate: -9999px", "rotate: x 90deg"),
                *("letter-spacing: -99px", "-webkit-text-security: disc", "block-size: 0"),
                *("inset-inline-start: -9999px", "-webkit-mask: url(#a)", "unheard: of"),
            )
        ),
        *("<p>\u202e10009902-2B京</p>", "<p>&#x202e;10009902-2B京</p>"),
    ],
)
def test_a_number_is_left_open_that_may_not_be_seen_as_it_is_written(page: str) -> None:
    assert unrendered(PurePath("index.html"), page) is not None
    assert "B" not in visible_text(page)
    shown = f"{page}<footer>京B2-20990002</footer>"
    assert unrendered(PurePath("index.html"), shown) is None
    assert "京B2-20990002" in visible_text(shown)


@pytest.mark.parametrize(
    "page",
    [
        "<style>:root{--x: block} p{display: var(--x)}</style><p>京B2-20990001</p>",
        "<style>:root{--x: 1em} .a{--x: 2em} p{font-size: var(--x)}</style><p>京B2-20990001</p>",
        "<p style='color: var(--x); left: calc(100% - 1em)'>京B2-20990001</p>",
        "<p style='font-size: clamp(1rem, 2vw, 2rem); left: calc(50% - 500px)'>京B2-20990001</p>",
        "<p style='transform: translateX(-100%)'>京B2-20990001</p>",
        "<p style='zoom: 1; -ms-zoom: 0; letter-spacing: -1px; mask: none'>京B2-20990001</p>",
    ],
)
def test_a_number_is_seen_that_is_styled_by_what_hides_nothing(page: str) -> None:
    assert unrendered(PurePath("index.html"), page) is None
    assert "京B2-20990001" in visible_text(page)


@pytest.mark.parametrize(
    "style",
    [
        "--x: none; display: var(--x)",
        "transform: translateX(-100vw)",
        "position: absolute; left: 9999px",
        "overflow: hidden; text-indent: 100%",
        *("font-size: 1px", "font-size: 0.01em"),
        *(
            "color: rgba(0, 0, 0, 0.01)",
            "color: #fff0",
            "color: #00000000",
            "color: rgb(0 0 0 / 0)",
        ),
        "color: rgb(255 255 255); background: hsl(0 0% 100%)",
        *("margin: 0 0 0 -9999px", "position: fixed; inset: 0 auto auto -9999px"),
        *("transform: scale(0.01)", "filter: blur(9px)"),
        *("margin-top: -9999px", "transform: skewX(90deg)", "filter: contrast(0)"),
        *("filter: url(#a)", "-webkit-transform: scale(0)"),
    ],
)
def test_a_number_that_is_too_far_or_too_small_or_faint_is_hidden(style: str) -> None:
    page = f"<p style='{style}'>京B2-20990001</p>"
    assert unrendered(PurePath("index.html"), page) is None
    assert not visible_text(page).strip()


@pytest.mark.parametrize(
    ("rule", "hidden"),
    [
        ("@media screen, print {p{display:none}}", True),
        ("@media not print {p{display:none}}", True),
        ("@media (min-width: 0) {p{display:none}}", True),
        ("@media screen and (min-width:1px) and (max-width: 99999px) {p{display:none}}", True),
        ("@media (max-width: 1200px) {p{display:none}}", False),
        ("p{position: relative; top: -9999px}", True),
        ("p{scale: 0.001}", True),
        ("p{margin-bottom: -9999px; padding-bottom: 9999px}", False),
        ("p{margin: 0 0 -9999px}", False),
        ("p{margin: -9999px 0 0}", True),
        ("p:read-only {display:none}", True),
        ("@media not screen {p{display:none}}", False),
        ("@media (min-width: 600px) {p{display:none}}", False),
        ("@media (orientation: portrait) {p{display:none}}", False),
        ("@media (color) {p{display:none}}", False),
        ("@media speech {p{display:none}}", False),
        ("p{margin: -9999px} p{margin: 0 auto}", False),
    ],
)
def test_a_rule_hides_that_is_for_every_screen(rule: str, *, hidden: bool) -> None:
    assert ("B2" in visible_text(f"<style>{rule}</style><p>京B2-20990001</p>")) is not hidden


@pytest.mark.parametrize(
    ("page", "seen"),
    [
        ("<div id=app><i>加载中</i><p>京B2-20990001</p></div><script src=a.js></script>", False),
        ("<app-root>京B2-20990001</app-root><script src=a.js></script>", False),
        ("<div id=app></div><p>京B2-20990001</p><script src=a.js></script>", True),
        ("<div id=app>{{ x }}<p>京B2-20990001</p></div><script src=vue.js></script>", True),
        (f"<div id=app>{WORDS}<p>京B2-20990001</p></div><script src=a.js></script>", True),
        ("<div id=app><p>京B2-20990001</p></div>", True),
    ],
)
def test_what_waits_where_scripts_render_the_page_is_gone_then(page: str, *, seen: bool) -> None:
    assert ("京B2-20990001" in visible_text(unchanged(page))) is seen


@pytest.mark.parametrize(
    "classes",
    "dropdown-menu|offcanvas offcanvas-end|toast|fade|carousel-item|layui-tab-item"
    "|layui-colla-content|text-hide|visible-print-block".split("|"),
)
def test_a_class_by_which_common_sheets_hide_leaves_a_number_open(classes: str) -> None:
    page = f"<link rel=stylesheet href=a.css><p class='{classes}'>京B2-20990001</p>"
    assert unrendered(PurePath("index.html"), page) is not None
    assert "B2" not in visible_text(page)
    assert unrendered(PurePath("index.html"), page.replace("京B2-20990001", "13800138000")) is None
    opened = page.replace("'>", " show active'>")
    assert ("B2" in visible_text(opened)) is (classes not in {"text-hide", "visible-print-block"})
