from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.reports.as_markdown import escaped
from pytest_icp.reports.layout import one_line


@given(st.text(max_size=200))
def test_what_is_read_is_what_was_written(text: str) -> None:
    assert unescape(escaped(text).replace("<!-- -->", "")) == one_line(text)


@given(st.text("<>&`*_[]|~#@!:\\$%www.ab12 \n"))
def test_no_sign_of_markup_is_left(text: str) -> None:
    bare = escaped(text).replace("<!-- -->", "")
    assert not set("<>`*_[]|~@\\$%!") & set(re.sub("&#[0-9]+;", "", bare)) - {"@", "!"}
    assert not re.search("[@!][a-z0-9]", escaped(text))
    assert "www." not in escaped(text)
    assert "://" not in escaped(text)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("@team", "@<!-- -->team"),
        ("#12", "&#35;<!-- -->12"),
        ("https://x", "https&#58;//x"),
        ("WWW.x", "WWW&#46;x"),
        ("mailto:a", "mailto&#58;a"),
        ("/close", "&#47;close"),
        ("a.yaml:7:15", "a.yaml:7:15"),
        ("中文，句。", "中文，句。"),
    ],
)
def test_what_platforms_look_for_is_parted(text: str, markdown: str) -> None:
    assert escaped(text) == markdown
