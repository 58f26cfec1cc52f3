from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.law.errors import InputError
from pytest_icp.sources import html as pages
from pytest_icp.sources.html import Page, link_faults, read_html
from pytest_icp.sources.request import Request
from tests.sources.reading import said

LICENCE = "增值电信业务经营许可证：京B2-20990001"
FILING = '<a href="https://beian.miit.gov.cn/">京ICP备99000000号-1</a>'
OLD = "http://www.beian.gov.cn/portal/registerSystemInfo"
POLICE = (
    '<a href="https://beian.mps.gov.cn/#/query/webSearch?code=11010800000001">'
    "京公网安备11010800000001号</a>"
)


@pytest.fixture
def read(tmp_path):
    def read(html, name="index.html", **settings):
        if html is not None:
            raw = html if isinstance(html, bytes) else html.encode()
            (tmp_path / name).write_bytes(raw)
        settings = {"host": "www.example.cn", **settings}
        request = Request(path=tmp_path / name, root=tmp_path, folder=tmp_path, settings=settings)
        return read_html(request)

    return read


def site(derived):
    (only,) = derived.facts["sites"]
    return only


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ("<p>\n<!-- 京B2-20990001 -->\n京B2-20990001", 3),
        ("<p>\n<script>'京B2-20990001'</script>\n<b>京B2-</b>20990001\n", 3),
        ("<p>\n京B2-2O990001\n<footer>x</footer>", 2),
        ("<p>x</p>\n<footer>\nx</footer>", 2),
        ("<body>\nx\n</body>", 3),
        ("x", 1),
        ("a\n京B2-2099<b>0001</b>\n<footer>", 3),
    ],
)
def test_where_the_number_stands_or_belongs(read, html, line):
    assert read(html).trace("/sites/0/home_page").place.line == line


@pytest.mark.parametrize(
    "html",
    [
        "京ICP备99000000号-1 京ICP备99000000号-2",
        "京公网安备11010800000001号 京公网安备11010800000002号",
    ],
)
def test_of_several_numbers_none_is_known_to_be_the_sites_own(read, html):
    derived = read(html)
    assert set(site(derived)) == {"id", "domains", "home_page"}
    assert "it is not known which one is of this site" in said(derived)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_encodings(read, encoding):
    derived = read(f"<meta charset=gbk>{FILING}".encode(encoding))
    assert site(derived)["icp_filing"] == {"number": "京ICP备99000000号-1"}


@pytest.mark.parametrize(
    "html",
    [
        "<p>{{ icp }}</p>",
        "{% include 'footer.html' %}",
        "<?php echo 1 ?>",
        "<?= $icp ?>",
        "<% icp %>",
        "${icp}",
        "x\n  @include('footer')\n",
        "@extends('layout')",
        "<!--#include virtual='footer.html' -->",
        "<th:block th:replace='footer'>",
        "<div id=app></div><script src=app.js></script>",
        "{$title}{:url('index')}",
        '<include file="public/footer"/>',
        '{include file="footer.html"}',
        "{if $a}a{/if}",
        "{dede:global.cfg_webname/}",
        "[field:title/]",
        "{pboot:sitetitle}",
        '{template "content","footer"}',
        "{pc:content action=a}",
        "<!--{template common/footer}-->",
        "[!--temp.footer--]",
        '<#include "footer.ftl">',
        "<@footer/>",
        '<footer th:replace="~{footer}">x</footer>',
        '首页 #parse("footer.vm")',
        "#set($a = 1)",
        "#@footer()",
        "#(title)",
        "<%include('/footer.html'){}%>",
        "<div>@Html.Partial('footer')</div>",
        "@{ Layout = 'x'; }",
        "x\n@model Home\n",
        "<p v-if='a'>x</p>",
        "<Footer className='a' />",
        "<div style={x}>a</div>",
        "<div id='app'>加载中...</div><script type=module src=/src/main.js></script>",
        "<div id=root><img src=a></div><p>© 2024</p><script src=a.js></script>",
        (
            "<div id=root><style>.page-loading-warp{display:flex;justify-content:center}a{margin:0}"
            "</style>Ant Design</div><script src=umi.js></script>"
        ),
        "<p>x</p>{load href='/static/a.js' /}",
        "<link href='__PUBLIC__/css/a.css'><p>x</p>",
        "<p>x</p>@include('footer')",
        "<p>{!! $footer !!}</p>",
        "<div>@RenderPage('footer')</div>",
        "<div>@await Html.PartialAsync('footer')</div>",
        "<partial name='_Footer' />",
        "<p>$footer</p>",
        "[@cms_channel]x[/@cms_channel]",
        "{insert name='footer'}",
        "{ms:global.name/}",
        "{other:footer/}",
        "<div>%sveltekit.body%</div>",
        "<p>%VITE_ICP%</p>",
        "<cfinclude template='f.cfm'>",
        "<p tal:content='x'>y</p>",
        "<p ng-bind='icp'></p>",
        "<p *ngIf='icp'></p>",
        "<p :text='icp'></p>",
        "<p x-text='icp'></p>",
        "<p data-bind='text: icp'></p>",
        "<div hx-get='/footer' hx-trigger='load'></div>",
        "<div w3-include-html='footer.html'></div>",
        "<p>x</p><site-footer></site-footer>",
        "<p>x</p><iframe width=9 src='footer.html'></iframe>",
        "<iframe srcdoc='x'></iframe>",
        "<frameset cols=1><frame src=a.html></frameset>",
        "<object data='footer.html'></object>",
        "<link rel=import href=footer.html>",
        "<meta http-equiv=refresh content='0;url=/home/'>",
        "<p>x</p><script src='/js/footer.js'></script>",
        "<p>x</p><script>$('#f').load('/footer.html')</script>",
        "<p>x</p><script>document.write('京ICP证190486号')</script>",
        "<div class=c>页面加载中，请稍候</div><script src=a.js></script>",
        "<p>x</p><script>document.write('许可证：京B2-20990001')</script>",
        "<p>x</p><script>f.innerText = '增值电信业务经营许可证'</script>",
        "<p>x</p><script>v = '京B2-20990001'</script><script src=a.js></script>",
        '<!-- #BeginLibraryItem "/library/page_footer.lbi" -->',
        '<!-- wp:template-part {"slug":"footer"} /-->',
        "<!-- @include footer.html --><!-- build:include f.html -->",
        '<!-- include tpl="foot" -->',
        "<p>x</p><!--ssr-outlet-->",
        "<style>.i::before{content:'京B2-'}</style><p class=i>x</p>",
        '<style>b{} .i::after { content : "ICP备19012345号" }</style><p class=i>x</p>',
        "<p>x</p><style>.i::after{content:'\\4eac B2 20190486'",
        "<halo:footer/>",
        "<vc:footer></vc:footer>",
        "<x-site.footer />",
        "<.footer />",
        "<include src='footer.html'></include>",
        "<span wicket:id='footer'></span>",
        "<p>#{site.icp}</p>",
        "[% INCLUDE footer.tt %]",
        "<TMPL_INCLUDE NAME=f>",
        "<& footer &>",
        "<p>首页{template:footer}</p>",
        "<p>{Stl.SiteIcp}</p>",
        "<p>{get('icp')}</p>",
        '<p>{PE.Label id="版权" /}</p>',
        "<p>{$=icp}</p>",
        "{#include footer /}",
        "{(footer.html)}{*icp*}",
        "<p>首页@(icp)</p>",
        "<p>x</p>\n//= footer.html\n",
        "% include('footer')\n",
        "<p>x</p>\n#end\n",
        "<html><body><div id=root></div></body></html>",
        "<p>x</p><script src='/js/bottom.js'></script>",
        "<p>x</p><script>fetch('/api/footer').then(show)</script>",
        "<p>x</p><script>$.get('/c', c => $('#icp').text(c.icp))</script>",
        "<p>x</p><script>fetch('/api').then(d => { siteIcp.innerText = d.icp })</script>",
        "---\nlayout: default\n---\n<p>x</p>",
        "<p>x</p><footer></footer><script src=/js/main.js></script>",
        (
            "<p>x</p><div id=f><!-- later --> </div><script defer src=/js/jquery.js?v=1></script>"
            "<script src=/a.js></script>"
        ),
        "<p>x</p><p class=copyright></p><script src=https://cdn.example/a.js></script>",
        "正在跳转<script> window.location.href = '/portal/'</script>",
        "正在跳转<script>location.replace('/portal/')</script>",
        "正在跳转<script>window.onload = function () { location.href = '/portal/' }</script>",
    ],
)
def test_a_page_that_is_yet_to_be_rendered_is_a_gap(read, html):
    derived = read(html)
    assert site(derived) == {
        "id": "www.example.cn",
        "domains": ["www.example.cn"],
        "home_page": None,
    }
    assert derived.trace("/sites/0/home_page/snapshot").status is Status.AS_SERVED
    (gap,) = derived.gaps
    assert gap.kinds == set()
    assert gap.place.line is not None
    assert "chromium --headless --dump-dom" in gap.message.en


@pytest.mark.parametrize(
    "head", ["", "<title><%= htmlWebpackPlugin.options.title %></title>", "<p>%VITE_A%</p>"]
)
def test_the_shell_of_an_application_names_what_to_do(read, head):
    derived = read(f"{head}<noscript>京B2-20990001</noscript><div id=app></div><script src=a.js>")
    assert site(derived)["home_page"] is None
    (gap,) = derived.gaps
    assert "index.html is a shell that scripts fill in the browser" in gap.message.en
    assert "name as `path` the component that shows the number" in gap.message.en
    assert derived.trace("/sites/0/home_page/snapshot").advice == gap.message


@pytest.mark.parametrize("name", ["Footer.vue", "Index.cshtml", "index.html.erb"])
def test_a_component_or_a_page_with_a_layout_is_a_gap(read, name):
    derived = read("<p>首页</p>", name)
    assert site(derived)["home_page"] is None
    assert derived.gaps


def test_a_component_tells_the_number_of_a_constant_that_it_shows(read, tmp_path):
    (tmp_path / "site.js").write_text("export default { icp: '京B2-20990001' }", "utf-8")
    vue = "<template>\n  <p>{{ site.icp }}</p></template><script setup>\nimport site from './site'"
    derived = read(vue, "Footer.vue")
    assert site(derived)["home_page"] == {"snapshot": "Footer.vue", "fetched_at": "none"}
    place = derived.trace("/sites/0/home_page/snapshot").place
    assert (place.line, place.column) == (2, 3)
    assert place.excerpt == "  <p>{{ site.icp }}</p></template><script setup>"
    assert not derived.gaps


@pytest.mark.parametrize(
    "leads",
    [
        "<meta http-equiv=refresh content='0;url=/home/'>",
        "<script>window.location.href = '/m/'</script>",
        "<script>location.replace('/m/')</script>",
    ],
)
def test_a_number_on_a_page_that_leads_to_another_one_is_not_shown(read, leads):
    derived = read(f"{leads}<p>{LICENCE}</p>")
    assert site(derived)["home_page"] is None
    assert len(derived.gaps) == 1


def test_what_only_browsers_without_scripts_or_nobody_follows_leads_nowhere(read):
    leads = "<meta http-equiv=refresh content='0;url=/m/'>"
    derived = read(f"<noscript>{leads}</noscript><!-- {leads} --><p>{LICENCE}</p>")
    assert site(derived)["home_page"]


def test_a_number_that_stands_in_a_template_is_shown(read):
    derived = read(f"{{% include 'nav.html' %}}<p>{LICENCE}</p>")
    assert site(derived)["home_page"] == {"snapshot": "index.html", "fetched_at": "none"}
    assert not derived.gaps
    (remark,) = derived.remarks
    assert remark.en.endswith("rendered by scripts, and 京B2-20990001 stands in it as such")


@pytest.mark.parametrize(
    "html",
    [
        "x<script>a = '{{ x }} <?php'</script>",
        "x<style>@include x; {% a %}</style>",
        "x<style>.i::before{content:'\\f0c9';width:20190486px}</style>",
        "x<!-- <style>.i::before{content:'京B2-20190486'}</style> -->",
        "x<style>.i::before{content: url(/img/b2-20190486.svg)}</style>",
        "x<!-- {{ a }} -->",
        "x <!-- # a heading -->",
        """x<script type="application/ld+json">{"legalName": "京B2-20990001"}</script>""",
        "x<script>v = 'AB12-202612310'; document.write(v)</script>",
        "x<script>v = '京B2-20990001'</script>",
        "x<script>if (a) location.href = '/m/'; location == b; $('.footer').hide()</script>",
        "x<!-- Include all plugins --><o:p></o:p><b data-x='{a:1}'>{限时} {\"a\":1}</b>",
        "<div id=root>首页</div>",
        "<?xml version='1.0'?><p>x",
        "mail me @section",
        "<svg xmlns:xlink='a'>x<use xlink:href='#a'/></svg>",
        "<a href='/s?q={keyword}' class='v-text'>a {b} [c] #1 @d</a>",
        "<div id=app><a href=/>首页</a> 服务</div><script src=a.js></script>",
        "<div id=app>加载中</div>",
        "<p>¥9 $9</p><b onclick='$(this)'>a</b><!-- <iframe src=a.html></iframe> -->",
        "x<iframe src=''></iframe><iframe src='https://map.example.com/'></iframe>",
        "<meta http-equiv=refresh content=300>x<a href='/%E4%BD%A0'>y</a>",
        "<p>x</p>\n---\n<script>if (icp.innerText == 'x') document.title = 'y'</script>",
        "<p>备案</p><script>var a = 'x.html'</script><style>.icp备案{}</style>",
        "x<div id=f></div>",
        "x<div id=f><img src=a></div><div class=row></div><script src=a.js></script>",
        (
            "x<footer></footer><script src=/js/jquery-3.7.1.min.js></script>"
            "<script src=https://hm.baidu.com/hm.js?1></script><!-- <script src=a.js></script> -->"
        ),
        "x<div id=f></div><script src=a.js></script><p>京ICP备99000000号-1</p>",
    ],
)
def test_what_looks_like_a_template_but_is_a_page(read, html):
    assert "home_page" in site(read(html))
    assert not read(html).gaps


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        (FILING, ""),
        ("<a href='http://beian.miit.gov.cn'>京ICP备99000000号-1</a>", ""),
        ("<p>京ICP备99000000号-1</p>", "is not linked to beian.miit.gov.cn"),
        ("<a>京ICP备99000000号-1</a>", "is not linked to beian.miit.gov.cn"),
        (
            "<a href=http://www.miibeian.gov.cn>京ICP备99000000号-1</a>",
            "is linked to www.miibeian.gov.cn, which is out of service",
        ),
        (
            "<a href=http://www.miitbeian.gov.cn/a>京ICP备99000000号-1</a>",
            "is linked to www.miitbeian.gov.cn, which is out of service",
        ),
        (
            "<a href=https://www.beian.miit.gov.cn>京ICP备99000000号-1</a>",
            "is linked to www.beian.miit.gov.cn, which is out of service",
        ),
        ("<a href=#>京ICP备99000000号-1</a>", "is linked to `#`"),
        (
            "<a href='javascript:void(0)'>京ICP备99000000号-1</a>",
            "is linked to `javascript:void(0)`",
        ),
        ("<a href='http://[x'>京ICP备99000000号-1</a>", "is linked to `http://[x`"),
        ("<a href=https://evil.example/beian.miit.gov.cn>京ICP备99000000号-1</a>", "is linked to"),
        (POLICE, ""),
        (
            f"<a href='{OLD}?recordcode=11010800000001'>京公网安备11010800000001号</a>",
            "",
        ),
        (
            f"<a href='{OLD}?recordcode=11010800000009'><img>京公网安备 11010800000001号</a>",
            "is linked with another number, 11010800000009",
        ),
        ("<a href=https://beian.mps.gov.cn/>京公网安备11010800000001号</a>", ""),
        ("京公网安备11010800000001号", "is not linked to beian.mps.gov.cn"),
        (
            "<a href=https://beian.miit.gov.cn/>京公网安备11010800000001号</a>",
            "it should be https://beian.mps.gov.cn",
        ),
        ("<a href=/a>关于<a href=https://beian.miit.gov.cn/>京ICP备99000000号-1</a>", ""),
        ("<a href=/a>备案说明</a>", ""),
    ],
)
def test_how_numbers_are_linked(read, link, fault):
    assert fault in said(read(f"<div>{link}</div>"))
    assert bool(said(read(f"<div>{link}</div>"))) is bool(fault)


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("a.html", "<a href='{{ x }}'>NUMBER</a>"),
        ("a.html", "<a th:href='@{x}'>NUMBER</a>"),
        ("a.vue", "<template><div><a :href='x' class='y'>NUMBER</a></div></template>"),
        ("a.jsx", "export default () => <p><a href={x} target='_blank'>NUMBER</a></p>;"),
        ("a.jsx", "export default () => <a href={'https://beian.miit.gov.cn'}>NUMBER</a>;"),
        ("a.svelte", "<a href={x} class='y'>NUMBER</a>"),
        ("a.html", "<a href='https://beian.miit.gov.cn/'>NUMBER</a> <a href='#'>NUMBER</a>"),
    ],
)
def test_a_link_that_may_be_right_is_not_called_wrong(name, page):
    seen = Page(Path(name), page.replace("NUMBER", "京ICP备99000000号-1"))
    assert seen.numbers.filings == ("京ICP备99000000号-1",)
    assert list(link_faults(seen)) == []


def test_the_page_itself_may_tell_whose_it_is(read):
    html = "<base><link rel=stylesheet href=a.css><link rel=canonical href=https://m.example.cn/>x"
    assert site(read(html, host=None))["id"] == "m.example.cn"
    html = "<meta property=og:url content=https://M.example.cn/a>x"
    assert site(read(html, host=None))["id"] == "m.example.cn"
    with pytest.raises(InputError, match="add the host"):
        read("<link rel=canonical href=/>x", host=None)


def test_a_number_that_a_style_sheet_hides_is_not_shown(read, tmp_path):
    (tmp_path / "a.css").write_text("p{display:none}")
    html = f"<link rel=stylesheet href=a.css><b>首页</b><p>{FILING}</p>"
    assert "icp_filing" not in site(read(html))
    assert "icp_filing" in site(read(html.replace("a.css", "b.css")))


@pytest.mark.parametrize(
    "script",
    ["$('#foot').hide()", "document.write('<p>ICP备案号：' + icp + '</p>')", "location = '/m/'"],
)
def test_a_linked_script_that_changes_the_foot_makes_a_page_unknown(read, tmp_path, script):
    (tmp_path / "js").mkdir()
    (tmp_path / "js/site.js").write_text(script, "utf-8")
    number = "" if "write" in script else f"<p id=foot>{LICENCE}</p>"
    html = f"<p>首页</p>{number}<script src='/js/site.js?v=1'></script>"
    derived = read(html)
    assert site(derived)["home_page"] is None
    assert len(derived.gaps) == 1
    assert site(read(html.replace("site.js", "other.js")))["home_page"]
    assert site(read(f"<!-- {html[len('<p>首页</p>') :]} --><p>{LICENCE}</p>"))["home_page"]


@pytest.mark.parametrize("base", ["", "<base href=/app/>", "<base href='https://www.a.cn/app/x'>"])
@pytest.mark.parametrize(
    "link",
    [
        "<link rel=stylesheet href=css/a.css>",
        "<link rel=preload as=style href=css/a.css onload=\"this.rel='stylesheet'\">",
        "<link rel=stylesheet media=print href=css/a.css onload=\"this.media='all'\">",
        "<style>@import 'css/a.css';</style>",
        "<script src=css/a.js></script>",
    ],
)
def test_styles_and_scripts_are_found_where_a_browser_finds_them(read, tmp_path, base, link):
    folder = tmp_path / ("app/css" if base else "css")
    folder.mkdir(parents=True)
    (folder / "a.css").write_text("#foot{display:none}")
    (folder / "a.js").write_text(f"{'f();' * 30_000}$('#foot').hide()")
    found = site(read(f"<head>{base}{link}</head><p>首页</p><p id=foot>{FILING}</p>"))
    assert (found["home_page"] is None) is ("script" in link)
    assert "icp_filing" not in found


LINKED = "<link rel=stylesheet href=https://cdn.example.com/all.css>"


@pytest.mark.parametrize("linked", [LINKED, "<script src=https://cdn.example.com/a.js></script>"])
@pytest.mark.parametrize(
    "name",
    ["hidden", "foot d-none", "sr-only", "hidden md:hidden", "dn", "fade modal", "opacity-0"],
)
def test_a_number_that_a_linked_style_sheet_may_hide_is_not_known(read, name, linked):
    derived = read(f"{linked}<p>页面</p><p class='{name}'>京B2-20990001</p>", host="www.example.cn")
    assert derived.facts["sites"][0]["home_page"] is None
    assert len(derived.gaps) == 1


@pytest.mark.parametrize("attribute", ["ng-show=a", "x-show=a", "data-ng-if=a", "ng-switch-when=a"])
def test_a_number_that_an_attribute_may_leave_out_is_not_known(read, attribute):
    derived = read(f"<p>页面</p><footer {attribute}>{LICENCE}</footer>")
    assert site(derived)["home_page"] is None
    assert len(derived.gaps) == 1
    assert site(read(f"<p>页面</p><footer {attribute}>热线</footer>"))["home_page"]


@pytest.mark.parametrize(
    "page",
    [
        f"{LINKED}<p class='hidden md:block'>京B2-20990001</p>",
        f"{LINKED}<style>.hidden{{display:block}}</style><p class=hidden>京B2-20990001</p>",
        f"{LINKED}<p class=hidden>京B2-20990001</p><p>京B2-20990001</p>",
        f"{LINKED}<p class=hidden>菜单</p>",
        f"{LINKED}<p class='collapse show'>京B2-20990001</p>",
        "<p class=hidden>京B2-20990001</p>",
    ],
)
def test_what_no_linked_style_sheet_hides_is_known(read, page):
    derived = read(page, host="www.example.cn")
    assert derived.facts["sites"][0]["home_page"]
    assert not derived.gaps


def test_standard_input_is_no_snapshot():
    request = Request(
        path=Path("-"), root=Path(), given=FILING.encode(), settings={"host": "www.example.cn"}
    )
    assert set(site(read_html(request))) == {"id", "domains", "icp_filing"}


def test_a_host_that_is_none(read):
    with pytest.raises(InputError, match="a URL"):
        read("x", host="https://www.example.cn/")


def test_of_a_folder_the_index_is_the_home_page(read, tmp_path):
    (tmp_path / "www" / "about").mkdir(parents=True)
    (tmp_path / "www" / "about" / "index.html").write_text("a")
    assert site(read(None, "www"))["home_page"]["snapshot"] == "www/about/index.html"
    (tmp_path / "www" / "news.html").write_text("n")
    with pytest.raises(InputError, match="no index"):
        read(None, "www")
    (tmp_path / "www" / "Index.htm").write_text("i")
    assert site(read(None, "www"))["home_page"]["snapshot"] == "www/Index.htm"


@pytest.mark.parametrize(
    ("raw", "said"), [(b"", "empty"), (b" \n", "empty"), (b"\x89PNG\0", "a binary file")]
)
def test_what_is_no_page(read, raw, said):
    with pytest.raises(InputError, match=said):
        read(raw)


def test_a_page_that_is_too_large(read, monkeypatch):
    monkeypatch.setattr(pages, "LARGEST", 10)
    with pytest.raises(InputError, match="not a home page"):
        read("x" * 11)
