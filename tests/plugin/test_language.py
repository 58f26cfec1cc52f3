"""A description may say which language is spoken of it; an option comes first."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import Infra

RULE = "--icp-select=SP12/renewal"
ZH, EN = "有效期至", "valid until"


@pytest.mark.parametrize(
    ("asked", "options", "said"),
    [
        ("zh", (), (True, False)),
        ("en", (), (False, True)),
        ("both", (), (True, True)),
        ("null", (), (False, True)),
        ("zh", ("--icp-lang=en",), (False, True)),
        ("zh", ("-o", "icp_lang=en"), (False, True)),
        ("zh", ("-n", "1"), (True, False)),
    ],
)
def test_a_description_names_its_language(
    infra: Infra, asked: str, options: tuple[str, ...], said: tuple[bool, bool]
) -> None:
    infra.describe(language=asked)
    told = infra.run(RULE, *options).stdout.str()
    assert (ZH in told, EN in told) == said


def test_the_locale_speaks_where_nobody_says(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = infra.run(RULE).stdout.str()
    assert (ZH in told, EN in told) == (True, False)


def test_another_word_is_no_language(infra: Infra) -> None:
    infra.describe(language="fr")
    infra.run(RULE).stdout.fnmatch_lines(["*prod.icp.yaml:*'fr'*"])
