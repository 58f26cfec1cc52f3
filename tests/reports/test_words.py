from __future__ import annotations

import pytest

from pytest_icp.law.text import Text, plain
from pytest_icp.reports import words
from pytest_icp.reports.words import each_language, heading, in_languages

SAID = Text(zh="期限", en="due")
CATALOGUE = {name: text for name, text in vars(words).items() if isinstance(text, Text)}


def test_a_text_in_one_language_or_both() -> None:
    assert [in_languages(SAID, lang) for lang in ("zh", "en", "both")] == [
        "期限",
        "due",
        "期限 · due",
    ]
    assert in_languages(SAID, "both", between="/") == "期限/due"
    assert in_languages(plain("1"), "both") == "1"


def test_a_text_once_for_each_language() -> None:
    assert each_language(SAID, "zh") == ("期限",)
    assert each_language(SAID, "both") == ("期限", "due")
    assert each_language(plain("1"), "both") == ("1",)


def test_a_label_is_said_once() -> None:
    assert [heading(SAID, lang) for lang in ("zh", "en", "both")] == ["期限", "due", "due"]


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_the_catalogue_speaks_both_languages(name: str) -> None:
    text = CATALOGUE[name]
    assert text.zh
    assert not text.zh.isascii()
    assert text.en.isascii()
    # The same things are filled in.
    assert sorted(fields(text.zh)) == sorted(fields(text.en))


def fields(template: str) -> list[str]:
    return [part.partition("}")[0].partition(":")[0] for part in template.split("{")[1:]]
