"""Selectors of style sheets: which elements a rule hides, and what is too much to read."""

from __future__ import annotations

import time

import pytest

from pytest_icp.facts.pages import visible_text

NUMBER = "京B2-20990001"


def hides(css: str, body: str = f'<p class="a c1-x" id=b lang=zh-CN>{NUMBER}</p>') -> bool:
    page = f"<html><head><style>{css}</style></head><body><h1>x</h1>{body}</body></html>"
    return NUMBER not in visible_text(page)


@pytest.mark.parametrize(
    "css",
    [
        "p:not(.c){display:none}",
        "p:not(:hover){display:none}",
        "p:last-child{display:none}",
        "body :nth-child(2){display:none}",
        "body:has(p){display:none}",
        "@layer x{.a{display:none}}",
        "@scope (body){.a{display:none}}",
        "p{ &.a{display:none} }",
        ".c1{ &-x{display:none} }",
        "p:not(.x, #y, div, [hidden]){display:none}",
        ":not(h1):not(html):not(body){display:none}",
        "body:not(.x) .a{display:none}",
        ":is(.a,.c){display:none}",
        ".z, p:is( .x , .a ){display:none}",
        ":is(:is(.a)){display:none}",
        "body > :where(.a){display:none}",
        "p:not(div.a){display:none}",
        ":root .a{display:none}",
        "[class^=a]{display:none}",
        "[lang$='CN']{display:none}",
        "[class*='c1-']{display:none}",
        "[class~=a]{display:none}",
        "[lang|=zh]{display:none}",
        "[id|=b]{display:none}",
        "p:not([class^=b]){display:none}",
        "body{ .a{display:none} }",
        "body{ color:red; & .a{display:none} }",
        ".a{&#b{display:none}}",
        "h1{ + p{display:none} }",
        "html, x{ y, body{ .a{display:none} } }",
        ".a{ @media screen{display:none} }",
        "body{ @media all{ .a{display:none} } }",
        "@supports (display:grid) and (color:red){.a{display:none}}",
        "@supports (display:grid){.a{display:none}}",
        # What has a class counts for more than a tag, and what is in `:where` for nothing.
        "p:not(.c){display:none} p{display:block}",
        ":where(#b){display:block} p{display:none}",
    ],
)
def test_a_rule_of_the_element_hides_it(css: str) -> None:
    assert hides(css) is ("and (" not in css)


@pytest.mark.parametrize(
    "css",
    [
        "p:not(.a){display:none}",
        "p:not(){display:none}",
        "p:not(div p){display:none}",
        ":is(" * 9 + "p" + ")" * 9 + "{display:none}",
        ":is(.d,.c){display:none}",
        ".a:is(){display:none}",
        ".a:is(body p){display:none}",
        ".a is(.a){display:none}",
        "is(.a){display:none}",
        ".a:has(b){display:none}",
        ".a:hover{display:none}",
        ".a::before{display:none}",
        ".a:{display:none}",
        "p:root{display:none}",
        "[class^=b]{display:none}",
        "[class^='']{display:none}",
        "[class='a' i]{display:none}",
        "[class!=b]{display:none}",
        "[class>a]{display:none}",
        "[gone*=b]{display:none}",
        "body{ .c{display:none} }",
        ".a{ &:hover{display:none} }",
        ".a{ @media print{display:none} }",
        ".a{ @x; @media print{ .b{display:none} } }",
        "@supports not (display:grid){.a{display:none}}",
        "@supports (-ms-ime-align:auto){.a{display:none}}",
        "@supports selector(a){.a{display:none}}",
        "@container (color:red){.a{display:none}}",
        ":where(#b){display:none} p{display:block}",
    ],
)
def test_a_rule_of_others_or_that_is_not_read_hides_nothing(css: str) -> None:
    assert not hides(css)


def test_the_attributes_of_a_page_are_no_selectors() -> None:
    assert not hides("[class^=z]{display:none}", f"<p class=a class^=z>{NUMBER}</p>")


@pytest.mark.parametrize(
    "css",
    [
        ":is(.x,.y)" * 40 + "{display:none}",
        ":is(.x,.y)" * 40 + ":is(){display:none}",
        ".x{" * 40 + "display:none" + "}" * 40,
        ".x, .y{" * 9 + "display:none" + "}" * 9,
        "& &, & &{" * 8 + "display:none" + "}" * 8,
        ".x{" + "& " * 300 + "{display:none}}",
        ".x{" + "& .y, " * 2000 + "&{display:none}}",
        ":is(" + ".x," * 2000 + ".y):is(.x,.y){display:none}",
        "p:not(" + ".x," * 20000 + ".a){display:none}",
    ],
)
def test_selectors_that_multiply_end_soon(css: str) -> None:
    started = time.process_time()
    assert not hides(css)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(("others", "hidden"), [(1, True), (2200, False)])
def test_of_very_many_rules_on_a_long_page_only_the_first_count(others: int, hidden: bool) -> None:
    css = "".join(f":not(.x{i}){{left:0}}" for i in range(950))
    body = f"<p class=a>{NUMBER}</p>" + "<i></i>" * others
    assert hides(f"{css}.a{{display:none}}", body) is hidden
