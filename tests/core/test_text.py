from __future__ import annotations

import pytest

from pytest_icp.core.text import Text, plain


def test_a_text_has_both_languages() -> None:
    text = Text(zh="截至", en="as of")
    assert (text["zh"], text["en"]) == ("截至", "as of")
    assert plain("x") == Text(zh="x", en="x")
    assert text + plain(" 1") == Text(zh="截至 1", en="as of 1")


def test_placeholders_are_filled_in_their_own_language() -> None:
    template = Text(zh="{n} 个{unit}", en="{n} {unit}")
    filled = template.format(n=3, unit=Text(zh="月", en="months"))
    assert filled == Text(zh="3 个月", en="3 months")


def test_what_is_filled_in_is_never_filled_itself() -> None:
    assert plain("{a}").format(a="{b} %s") == plain("{b} %s")


def test_a_placeholder_that_nobody_fills_is_an_error() -> None:
    with pytest.raises(KeyError):
        plain("{a}").format(b=1)
