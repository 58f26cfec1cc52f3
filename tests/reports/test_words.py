from __future__ import annotations

import pytest

from pytest_icp.law.text import Text
from pytest_icp.reports import words

CATALOGUE = {name: text for name, text in vars(words).items() if isinstance(text, Text)}


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
