from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_icp.facts.description import load
from pytest_icp.facts.files.properties import members
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.questions import RuleFacts, questions
from pytest_icp.law.text import Lang, Text
from pytest_icp.reports.layout import width
from pytest_icp.reports.starter import TOPICS, Starter, starter_text

LANGS: tuple[Lang, ...] = ("zh", "en")


def every_fact(path: str = "", depth: int = 0) -> Iterator[str]:
    """Every plain fact of the schema; what contains itself is followed a little way."""
    made_of = members("description", path)
    if depth and (not made_of.names or made_of.single or depth > 5):
        yield path
        return
    for name in made_of.names:
        if name not in {*NOT_FACTS, "licence_file"}:
            yield from every_fact(f"{path}.{name}".lstrip("."), depth + 1)


EVERYTHING = questions(
    [RuleFacts(rule="SP99/all", title=Text("全部", "All"), facts=tuple(every_fact()))]
)

WHOLE = {lang: starter_text(Starter(questions=EVERYTHING, schema="x.json"), lang) for lang in LANGS}


def text_of(*facts: str, lang: Lang = "zh", rules: int = 1, **given: str) -> str:
    """The starting description that asks for these facts."""
    asked = [
        RuleFacts(rule=f"SP01/r{n}", title=Text("标题", "Title"), facts=facts) for n in range(rules)
    ]
    starter = Starter(
        questions=questions(asked), schema="x.json", licence_file=given.get("licence_file", "")
    )
    return starter_text(starter, lang)


def toggled(text: str) -> str:
    """Take one comment sign, and the space after it, off every line, as editors do."""
    first, *rest = text.splitlines()
    return "\n".join([first, *(re.sub("^# ?", "", line) for line in rest)]) + "\n"


def plainly(text: str) -> str:
    """The explanations on one line."""
    return " ".join(re.sub("(?m)^##?", "", text).split())


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "infra.icp.yaml"
    path.write_text(text, "utf-8")
    return path


def test_the_topics_hold_every_fact_of_a_description_once() -> None:
    names = [name for topic in TOPICS for name in topic.names]
    assert sorted(names) == sorted({*members("description", "").names} - NOT_FACTS)


@pytest.mark.parametrize("lang", LANGS)
def test_it_is_valid_as_it_stands_and_says_nothing(tmp_path: Path, lang: Lang) -> None:
    assert load(written(tmp_path, WHOLE[lang])).facts == {}


@pytest.mark.parametrize("lang", LANGS)
def test_with_every_question_uncommented_it_is_valid_too(tmp_path: Path, lang: Lang) -> None:
    source = read_source(written(tmp_path, toggled(WHOLE[lang])))
    check(source, "description")
    assert isinstance(source.data, dict)
    assert source.data.keys() == {"apiVersion", *(question.name for question in EVERYTHING)}


@pytest.mark.parametrize("name", [question.name for question in EVERYTHING])
def test_with_one_block_uncommented_it_is_valid_too(tmp_path: Path, name: str) -> None:
    blocks = WHOLE["zh"].split("\n\n")
    (one,) = (i for i, block in enumerate(blocks) if re.search(f"(?m)^# {name}:", block))
    blocks[one] = re.sub("(?m)^# ?", "", blocks[one])
    assert load(written(tmp_path, "\n\n".join(blocks))).facts.keys() == {name}


@pytest.mark.parametrize("lang", LANGS)
def test_no_explanation_is_wider_than_a_terminal(lang: Lang) -> None:
    explained = [line for line in WHOLE[lang].splitlines() if line.startswith("##")]
    assert [line for line in explained if width(line) > 80] == []


def test_the_first_line_is_for_editors() -> None:
    assert text_of("company.name").splitlines()[0] == "# yaml-language-server: $schema=x.json"


def test_a_question_has_title_description_choices_rules_and_an_example() -> None:
    assert text_of("renewal.intention", "renewal.applied_on").endswith(
        """
## 许可延续：许可证的延续或退出。用于 SP01/r0。
# renewal:
##   打算：延续、退出或未定。可填 renew、exit、undecided。
#   intention: renew
##   申请延续日期：提出延续申请的日期。
#   applied_on: 2023-12-07
"""
    )


def test_the_same_in_english() -> None:
    assert text_of("renewal.intention", lang="en").endswith(
        """
## Renewal: Renewal of the licence, or exit. Read by SP01/r0.
# renewal:
##   Intention: To renew, to exit, or not decided. One of: renew, exit,
##   undecided.
#   intention: renew
"""
    )


def test_rules_are_named_where_they_differ_from_those_above() -> None:
    asked = [
        RuleFacts(rule="A/x", title=Text("甲", "A"), facts=("renewal.intention",)),
        RuleFacts(
            rule="A/y", title=Text("乙", "B"), facts=("renewal.decision", "renewal.intention")
        ),
    ]
    text = starter_text(Starter(questions=questions(asked), schema="x"), "en")
    assert re.findall("Read by (.*)[.]", text) == ["A/x, A/y", "A/y"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", "用于 SP01/r0、SP01/r1、SP01/r2、SP01/r3 等 6 项规则。"),
        ("en", "Read by SP01/r0, SP01/r1, SP01/r2, SP01/r3 and 2 more."),
    ],
)
def test_of_many_rules_some_are_named(lang: Lang, said: str) -> None:
    text = text_of("company.name", lang=lang, rules=6)
    assert said.replace(" ", "") in plainly(text).replace(" ", "")


def test_of_many_choices_some_are_named() -> None:
    text = plainly(text_of("services.declared_codes", lang="en"))
    assert re.search("One of: A11, .*, B12 and others[.]", text)


def test_the_elements_of_a_list_begin_with_a_dash() -> None:
    assert text_of("sites.production", "sites.filings").endswith(
        """
## 网站：公司经营的全部网站。用于 SP01/r0。
# sites:
#   - id: etaoche
##     正式运行：是否正式对外运行。
#     production: true
"""
    )


def test_documents_are_explained_once_and_named_for_their_rules() -> None:
    text = text_of("attestations.rule", "attestations.document", rules=2)
    assert text.endswith(
        """
# attestations:
##   SP01/r0 标题
#   - id: sp01-r0
##     规则标识：所证明的规则。
#     rule: SP01/r0
##     文件：文件的相对路径。
#     document: evidence/front-desk.pdf
##   SP01/r1 标题
#   - id: sp01-r1
#     rule: SP01/r1
#     document: evidence/front-desk.pdf
"""
    )


def test_a_licence_of_its_own_file_is_named_and_its_gaps_are_told() -> None:
    starter = Starter(
        questions=questions(
            [RuleFacts(rule="A/x", title=Text("甲", "A"), facts=("renewal.intention",))]
        ),
        schema="x.json",
        licence_file="papers/licence.yaml",
        gaps=(Text("首次发证日期", "First issued on"), Text("许可证状态", "Status")),
    )
    zh, en = (starter_text(starter, lang) for lang in LANGS)
    assert "\n## 许可证文件中还没有写：首次发证日期、许可证状态。\nlicence_file: papers/" in zh
    assert "\n## Still missing in that file: First issued on, Status.\nlicence_file: " in en
    assert "# licence:" not in zh


def test_a_licence_of_its_own_file_without_gaps() -> None:
    text = text_of("renewal.intention", licence_file="licence.yaml")
    assert "\n\nlicence_file: licence.yaml\n" in text


def test_an_inline_licence_may_be_moved_to_a_file() -> None:
    assert "licence_file: licence.yaml\n## " in text_of("licence.number")
