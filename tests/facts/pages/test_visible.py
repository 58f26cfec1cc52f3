from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.pages import visible_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain 文字\n two", "plain 文字\n two"),
        ("a < b && c > d", "a < b && c > d"),
        ("x<y and z", "x"),
        ("1 <2", "1 <2"),
        ("a&nbsp;b &lt;c&gt;", "a\xa0b <c>"),
        ("京<b>B2</b>-<i>2019</i>", "京B2-2019"),
        ("<p>a</p><p>b</p>", "a\nb\n"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a<span>b</span></div>c", "ab\nc"),
        ("<Link href='x'>a</Link><Image src={y} alt='b' />c", "ac"),
        ("<x-number>a</x-number>", "a"),
        ("<svg><title>t</title><path d='1'/><text>x</text></svg>y", "xy"),
        ("<input type=hidden value=a><input placeholder=b>c", "c"),
        ("<textarea>a<b></textarea>c", "a<b>c"),
        ("</>a</ b>", "a"),
        ("<!-->a<!--->b", "ab"),
        ("", ""),
    ],
)
def test_what_is_shown(html, text):
    assert visible_text(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<!-- x -->",
        "<!-- x",
        "<!doctype x>",
        "<?php echo 'x'; ?>",
        "<?php echo 'x';",
        "<script>'x'</script>",
        "<script>'x'",
        "<style>x{}</style>",
        "<template>x</template>",
        "<noscript>x</noscript>",
        "<object data=a.swf>x</object>",
        "<select><option>a<option>x</select>",
        "<body bgcolor=#fff><font color=#fff>x</font>",
        "<table bgcolor=white><tr><td><font color=white>x",
        "<style>.i{position:absolute;left:-100vw}</style><p class=i>x",
        '<p style="position:fixed;left:-200%">x</p>',
        '<p style="text-indent:-100em">x</p>',
        '<p style="transform:rotateX(90deg)">x</p>',
        '<p style="transform:matrix(0,0,0,0,9,9)">x</p>',
        '<p style="clip-path:polygon(0 0,0 0,0 0)">x</p>',
        "<head><title>x</title></head>",
        "<iframe>x</iframe>",
        "<iframe src=a />x",
        "<iframe src=a /><iframe src=b />x",
        "<p hidden>x</p>",
        "<P HIDDEN>x</P>",
        '<p hidden="">x<b>x</b></p>',
        '<p style="display:none">x</p>',
        '<p style="DISPLAY : none !important; color: red">x</p>',
        '<p style="visibility:hidden">x</p>',
        '<p style="visibility:collapse">x</p>',
        '<p style="opacity:0">x</p>',
        '<p style="opacity: 0.0">x</p>',
        '<p style="font-size:0">x</p>',
        '<p style="font-size:0px">x<b style="font-size:2em">x</b></p>',
        '<p style="text-indent:-9999px">x</p>',
        '<p style="position:absolute;left:-9999px">x</p>',
        '<p style="height:0;overflow:hidden">x</p>',
        '<p style="clip:rect(0 0 0 0)">x</p>',
        '<p style="clip: rect(0px, 0px, 0px, 0px)">x</p>',
        '<p style="clip-path: inset(50%)">x</p>',
        '<p style="clip-path:inset(100% 60%)">x</p>',
        '<p style="content-visibility:hidden">x</p>',
        '<p style="color:#fff;background:#fff">x</p>',
        '<p style="color:white;background-color:rgb(255, 255, 255)">x</p>',
        '<div style="background:#fefefe"><p style="color:#fff"><b>x</b></p></div>',
        "<style>.a{color:#eee} footer{background:#eee}</style><footer><p class=a>x</p></footer>",
        '<img alt="x" title="x">',
        '<a title="x"></a>',
        '<img alt="x',
        "<p title='x",
        "<details>x<p>x</p></details>",
        "<dialog>x</dialog>",
        "<div popover>x</div>",
        "<datalist><option>x</datalist>",
        "<div hidden/>x",
        "<ul><li hidden>x<p>x</p></ul>",
        "<span hidden><div></span>x</div></span>",
        "<table><tr><td hidden>x</div>x",
        "<style>.a{display:none}</style><p class='b a'>x</p>",
        "<style>#a{display:none}</style><p id=a>x</p>",
        "<style>p{display:none}</style><p>x</p>",
        "<style>p.a#b{display:none}</style><p class=a id=b>x</p>",
        "<style>/* c */ .b , .a { visibility : hidden ; }</style><p class=a>x</p>",
        "<p class=a>x</p><style>.a{display:none}</style>",
        "<style>.a{display:none!important}</style><p class=a style='display:block'>x</p>",
        "<style>.a{display:none} p{display:block}</style><p class=a>x</p>",
        "<style>@media screen{.a{display:none}}</style><p class=a>x</p>",
        "<style>@import 'y';.a{display:none}</style><p class=a>x</p>",
        "<style media=all>.a{display:none}</style><p class=a>x</p>",
        '<p style="/* c */display:none">x</p>',
        '<p style="display:none/* c */">x</p>',
        '<p style="color:red;/* a */display:none;/* b */">x</p>',
        "<style><!--\n.a{display:none}\n--></style><p class=a>x</p>",
        "<style>@media (max-width:9px){.a{display:none}}.a{display:none}</style><p class=a>x</p>",
        "<style>.a{display:none}@media print{.a{display:block}}</style><p class=a>x</p>",
        "<style>.a{display:none}@media not screen{.a{display:block}}</style><p class=a>x</p>",
        "<style>.a{display:none}@font-face{.a{display:block}}</style><p class=a>x</p>",
        "<style>@media print{@media screen{.b{}}} .a{display:none}</style><p class=a>x</p>",
        "<style>.a{display:none}@media print{@media screen{.a{display:block}}}</style><p class=a>x",
        '<p style="font:0/0 a">x</p>',
        "<style>.b .a{display:none}</style><div class=b><div><p class=a>x</p></div></div>",
        "<style>.b > .a{display:none}</style><div class=b><p class=a>x</p></div>",
        "<style>.b>p>i{display:none}</style><div class=b><p><i>x</i></p></div>",
        "<style>#b div > .a i{display:none}</style><p id=b><div id=b><div><p class=a><b><i>x",
        "<style>.a{display:block} p.b .a{display:none}</style><p class=b><b class=a>x</b></p>",
        "<style>p .a{display:none} .a{display:block}</style><p><b class=a>x</b></p>",
        "<style>.b .a,.c{display:none}</style><p class=b><b class=a>x</b></p>",
        "<style>ul{font-size:0} ol li{font-size:9px}</style><ul><li>x</ul>",
        "<style>" + "p b{left:0}" * 499 + "p i{display:none}</style><p><i>x</i></p>",
        "<style>*{opacity:0}</style><p>x</p>",
        "<style>[a]{display:none}</style><p a>x</p>",
        "<style>.b/**/.a{display:none}</style><p class='a b'>x</p>",
        "<style>p[a='b c']{display:none}</style><p a='b c'>x</p>",
        "<style>p[a=b]{display:none}</style><p a=b>x</p>",
        "<style>p + .a{display:none}</style><p></p><p class=a>x</p>",
        "<style>i ~ .a > b{display:none}</style><i></i><p></p><p class=a><b>x</b></p>",
        "<style>@media only screen{.a{display:none}}</style><p class=a>x</p>",
        "<style>@layer b{.a{display:none}}</style><p class=a>x</p>",
        r"<style>.md\:a{display:none}</style><p class='md:a'>x</p>",
        "<p style='font-size:0'><b style='font-size:2em'>x</b></p>",
        "<head><noscript><p>x</p></noscript></head>",
        "<details><details><summary>x</summary></details></details>",
        '<p style="font-size:12px;font:italic 0px/1 Arial">x</p>',
        '<p style="color:transparent">x</p>',
        '<p style="color:rgba(9,9,9,0)">x<b style="color:inherit">x</b></p>',
        '<p style="color:red;-webkit-text-fill-color:#0000">x</p>',
        '<p style="color:transparent;text-shadow:none">x</p>',
        "<style>.a{color:transparent} .a:hover{color:red}</style><p class=a>x</p>",
        '<p style="opacity:.01">x</p>',
        '<p style="opacity:4%">x</p>',
        '<p style="transform:rotate(9deg) scale(0)">x</p>',
        '<p style="transform:scaleY(0)">x</p>',
        '<p style="transform:translate(-9999px,0)">x</p>',
        '<p style="scale:0">x</p>',
        '<p style="filter:opacity(0)">x</p>',
        '<p style="clip-path:circle(0 at 50%)">x</p>',
        '<p style="position:absolute;clip:rect(1px,1px,1px,1px)">x</p>',
        '<p style="position:absolute;clip:rect(0 0 9px 0)">x</p>',
        '<p style="width:1px;height:1px;overflow:hidden">x</p>',
        "<canvas>x</canvas><progress>x</progress><meter>x</meter><ruby>-<rp>x</rp></ruby>",
    ],
)
def test_what_is_hidden(html):
    assert "x" not in visible_text(html)


@pytest.mark.parametrize(
    "html",
    [
        "<p hidden>-<p>x",
        "<p hidden>-</p>x",
        "<p hidden>-<div>x</div>",
        "<ul><li hidden>-<li>x</ul>",
        "<ul><li hidden>-<ul><li>-</ul><li>x</ul>",
        "<dl><dt hidden>-<dd>x</dl>",
        "<table><tr hidden><td>-<tr><td>x</table>",
        "<table><tr><td hidden>-<td>x</table>",
        "<table><tbody hidden><tr><td>-<tbody><tr><td>x</table>",
        "<select><option hidden>-<option>x</select>",
        "<b hidden>-</b>x</p></div>",
        '<p style="visibility:hidden">-<b style="visibility:visible">x</b></p>',
        '<p style="font-size:0">-<b style="font-size:12px">x</b></p>',
        '<p style="opacity:0.5;left:-9999px;height:0">x</p>',
        '<p style="visibility:inherit;font-size:large;opacity:none">x</p>',
        '<p style="display:none;display:block">x</p>',
        '<p style="color:red;/* old; display:none; */">x</p>',
        '<p style="font-size:0">-<b style="font-size:small">x</b></p>',
        "<style>.b .a{display:none}</style><p class=a>x</p><p class=b></p>",
        "<style>.b .a{display:none}</style><p class=b></p><p class=a>x</p>",
        "<style>.b > .a{display:none}</style><div class=b><div><p class=a>x</p></div></div>",
        "<style>.b > i > .a{display:none}</style><div class=b><i><b><p class=a>x",
        "<style>.a{display:none} .f .a{display:block}</style><p class=f><b class=a>x</b></p>",
        "<style>ul{font-size:0} ul li{font-size:9px}</style><ul>-<li>x</ul>",
        "<style>p + .a,p ~ .a,p > > .a,> .a,p >,p [a]{display:none}</style><p><b class=a>x",
        "<style>" + "p " * 8 + ".a{display:none}</style>" + "<b>" * 9 + "<b class=a>x",
        "<style>" + "p b{left:0}" * 500 + "p i{display:none}</style><p><i>x</i></p>",
        "<style>" + "@media all{" * 9 + ".a{display:none}</style><p class=a>x</p>",
        "<style>p + .a{display:none}</style><p></p><i></i><p class=a>x</p>",
        "<style>p ~ .a{display:none}</style><p><b class=a>x</b></p>",
        "<style>#a.b{display:none}</style><p id=a>x</p>",
        "<style>#None{display:none}</style><p>x</p>",
        "<style>[a=b],[a~=d],[a=],[a=1]{display:none}</style><p a='b c'>x</p>",
        "<style>. .a,a.,.a.{display:none}</style><p class=a>x</p>",
        "<style media='(min-width:9px)'>.a{display:none}</style><p class=a>x</p>",
        "<style>@supports (a:b){.a{display:none}} .a{.a{display:none}}</style><p class=a>x</p>",
        '<p style="clip:rect(0 0 9px 0);opacity:calc(1);display:none none">x</p>',
        '<p style="clip-path:inset(50% 0)">x</p>',
        '<p style="clip-path:inset()">x</p>',
        '<p style="clip-path:circle(40%)">x</p>',
        '<p style="font-size:0">-<b style="font:bold 12px/1.5 Arial">x</b></p>',
        '<p style="font-size:0">-<b style="font:700 medium Arial">x</b></p>',
        '<p style="font-size:12px"><b style="font:inherit">x</b></p>',
        "<style>.a{display:none}@media (min-width:9px){.a{display:block}}</style><p class=a>x</p>",
        "<style>.a{opacity:0}@media screen and (min-width:9px){.a{opacity:1}}</style><p class=a>x",
        "<style>@media (min-width:9px){.a{visibility:hidden;font-size:0}}</style><p class=a>x</p>",
        "<style>@media (min-width:9px){.a{left:-9999px;position:absolute}}</style><p class=a>x</p>",
        '<p style="displaynone">x</p>',
        '<p style="color:transparent">-<b style="color:red">x</b></p>',
        '<p style="color:rgb(0 0 0 / 0);color:nothing 1">x</p>',
        '<p style="color:#fff">x</p>',
        '<p style="background:#fff;color:#ddd">x</p>',
        '<p style="color:#fff;background:#fff url(dark.png)">x</p>',
        '<p style="color:#fff;background-color:#fff;background-image:url(dark.png)">x</p>',
        '<p style="color:#fff;background:#fff;text-shadow:0 0 9px #000">x</p>',
        '<p style="color:#fff;background:#fff">-<b style="background:#000">x</b></p>',
        '<p style="color:#fff;background:#fff">-<a href=/>x</a></p>',
        '<div style="background:#000;color:#fff"><p style="background:none">x</p></div>',
        "<style>@media (min-width:9px){p{color:#fff}}</style><p style='background:#fff'>x</p>",
        '<p style="color:transparent;background-clip:text">x</p>',
        '<p style="color:transparent;-webkit-background-clip:text">x</p>',
        '<p style="color:transparent;background:linear-gradient(red,blue) text">x</p>',
        '<p style="color:transparent;text-shadow:0 0 9px red">x</p>',
        '<p style="background:red;background-clip:border-box;opacity:1e0;filter:none">x</p>',
        "<style>@media (min-width:9px){.a{color:transparent;scale:0}}</style><p class=a>x</p>",
        "<style>.a{scale:0}@media (min-width:9px){.a{scale:1}}</style><p class=a>x</p>",
        '<p style="transform:translate(-50%) scale(.5) rotate(0);scale:1">x</p>',
        '<p style="filter:blur(0) opacity(.5)">x</p>',
        '<p style="clip:rect(1px,1px,1px,1px)">x</p>',
        '<p style="position:absolute;clip:rect(0 9px 9px 0)">x</p>',
        '<p style="position:absolute;clip:rect(auto,9px,9px,0)">x</p>',
        '<p style="clip-path:circle()">x</p>',
        '<p style="width:2px;overflow:hidden">x</p>',
        '<p style="height:1em;overflow:hidden">x</p>',
        '<p hidden style="display:block">x</p>',
        "<details>-<summary>x</summary></details>",
        "<details open>x</details>",
        "<select><option>x<option>a</select>",
        "<font color=#fff>x</font>",
        "<style>body{background:#000}</style><body bgcolor=#fff><font color=#fff>x</font>",
        "<table background=a.png bgcolor=#fff><tr><td><font color=#fff>x",
        '<p style="margin-left:-100%">x</p>',
        '<p style="transform:rotateX(80deg)">x</p>',
        '<p style="clip-path:polygon(0 0,9px 0,9px 9px)">x</p>',
        "<details><p>-</p></details>x",
        "<dialog open>x</dialog>",
        "<script></script>x",
        "<script>'<!--'</script>x",
        "<script/></script>x",
        "<style>@media print{.a{display:none}}</style><p class=a>x</p>",
        "<style>@media (max-width:9px){.a{display:none}.a{display:none}}</style><p class=a>x</p>",
        "<style media=print>.a{display:none}</style><p class=a>x</p>",
        "<style>.b .a{display:none} .a:hover{display:none}</style><p class=a>x</p>",
        "<style>.a{display:none}</style><p class=a style='display:block'>x</p>",
        "<style>.a{display:none} .a{display:block}</style><p class=a>x</p>",
        "<style>.a{display:none} #b{display:block}</style><p class=a id=b>x</p>",
        "<style>p.b{display:none} .a{display:none}</style><p class=c>x</p>",
        "<style>.a{color:red} } {display:none} </style><p class=a>x</p>",
        "<style>.a{display:none</style><p class=b>x</p>",
        "x<p title='-",
        "x<script>-",
        "x</textarea>",
        "<a href=x?a=1&b=2>x</a>",
        "<a b='1' b='2' =c d = e f=>x</a>",
        "<a onclick={() => 1}>x</a>",
    ],
)
def test_what_is_not_hidden(html):
    assert "x" in visible_text(html)


PLAIN = st.text().filter(lambda text: "<" not in text and "&" not in text)
PIECES = """
    <p> </p> <b> </b> <!-- --> < > & &amp; &lt; a 京B2-20190486 <script> </script> <style> .a{ }
    </style> <li> <td> <table> </table> hidden= " ' = <details> <summary> / <br/> <x-y <?
"""
PAGES = st.lists(st.sampled_from([*PIECES.split(), " "])).map("".join)


@given(PLAIN)
def test_a_plain_text_comes_back(text):
    assert visible_text(text) == text


@given(PAGES)
def test_a_page_in_pieces_never_fails_and_never_shows_more_than_it_holds(html):
    shown = visible_text(html)
    assert len(shown) <= 2 * len(html)


@given(PAGES, PAGES)
def test_nothing_in_a_closed_comment_shows(before, inside):
    comment = inside.replace("-", "").replace(">", "")
    assert visible_text(f"a<!--{comment}-->{before}") == visible_text(f"a{before}")


def test_a_page_is_read_as_far_as_its_elements_are_nested_as_in_pages():
    assert visible_text("<div>" * 1000 + "a").strip() == "a"
    assert visible_text("a" + "<div>" * 1001 + "b").strip() == "a"


@pytest.mark.parametrize(
    "unit",
    [
        "<p>",
        "<p>a</div>",
        "<ul><li><p>a<li><a href=x><span>b</a></ul>",
        "<dl><dt>a<dd>b</dl>",
        "<table><thead><tr><th>a<tbody><tr><td>a<td>b<tr><td>c</table>",
        "<select><option>a<option>b</select>",
        "<img><br>",
        "<!-- <div> -->",
        "<script>'<div>'</script>",
        "<a title='<b>'>a</a>",
    ],
)
def test_of_ends_that_need_not_be_written_no_page_has_too_many(unit):
    assert visible_text(unit * 2000 + "京").rstrip().endswith("京")
