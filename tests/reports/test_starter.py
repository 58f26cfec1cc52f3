from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.facts.description import load
from pytest_icp.facts.evidence import papers
from pytest_icp.facts.scoping import Closing, Scoping, scoping_questions
from pytest_icp.law.text import Lang, Text
from pytest_icp.reports.starter import Starter, starter_text

LANGS: tuple[Lang, ...] = ("zh", "en")
EVERY = {one.path: one for one in scoping_questions()}


def closing(path: str, *rules: str) -> Closing:
    return Closing(EVERY[path], rules or ("SP99/made",))


def text_of(starter: Starter, lang: Lang = "en") -> str:
    return starter_text(starter, lang)


def test_a_question_stands_above_its_no_with_who_knows_and_what_it_closes() -> None:
    starter = Starter(schema="x", closings=(closing("incidents", "SP08/a", "SP08/b", "LIC/c"),))
    assert text_of(starter).endswith(
        """
## Have there been network security incidents? (security) “No” closes 3 rules:
## SP08, LIC.
# incidents: []
"""
    )
    assert text_of(starter, "zh").endswith(
        """
## 是否发生过网络安全事件？（安全人员）答“否”，3 项规则不适用：SP08、LIC。
# incidents: []
"""
    )


@pytest.mark.parametrize("lang", LANGS)
def test_the_day_on_which_sources_were_found_stands_above_them(lang: Lang, tmp_path: Path) -> None:
    sources = ({"kind": "nginx", "path": "nginx.conf"},)
    dated = Starter(schema="x", sources=sources, day="2026-11-30")
    lines = text_of(dated, lang).splitlines()
    at = lines.index("described_on: 2026-11-30")
    assert lines[at - 1].startswith("## ")
    assert lines[at + 1] == "sources:"
    path = tmp_path / "infra.icp.yaml"
    path.write_text(text_of(dated, lang), "utf-8")
    assert load(path).facts["described_on"] == "2026-11-30"
    assert "described_on" not in text_of(replace(dated, day=""), lang)
    # Nothing is read from a file, so there is nothing that is known from a day on.
    assert "described_on" not in text_of(Starter(schema="x", day="2026-11-30"), lang)


def test_of_many_provisions_some_are_named() -> None:
    rules = [f"SP0{n}/made" for n in range(1, 7)]
    starter = Starter(schema="x", closings=(closing("incidents", *rules),))
    assert "SP01, SP02, SP03, SP04 and others" in text_of(starter).replace("\n##", "")
    assert "SP01、SP02、SP03、SP04 等" in text_of(starter, "zh").replace("\n## ", "")


def test_the_questions_of_one_list_stand_together() -> None:
    paths = ("services.features.app_distribution", "incidents", "services.features.messaging")
    starter = Starter(
        schema="x",
        closings=tuple(closing(path) for path in paths),
        elements={"services": ({"id": "web", "name": "网站"},)},
    )
    lines = [line for line in text_of(starter).splitlines() if not line.startswith("##")]
    assert lines[-8:] == [
        "# services:",
        "#   - id: web",
        "#     name: 网站",
        "#     features:",
        "#       app_distribution: false",
        "#       messaging: none",
        "",
        "# incidents: []",
    ]


def test_each_element_is_asked_about_and_explained_once() -> None:
    starter = Starter(
        schema="x",
        closings=(closing("data_stores.personal_info"),),
        elements={"data_stores": ({"id": "users"}, {"id": "logs"})},
    )
    assert text_of(starter).endswith(
        """
# data_stores:
#   - id: users
##     Do you keep personal information? (engineering) “No” closes 1 rule: SP99.
#     personal_info: false
#   - id: logs
#     personal_info: false
"""
    )


def test_a_fact_of_an_object_stands_in_it() -> None:
    starter = Starter(schema="x", closings=(closing("company.foreign_share"),))
    assert "\n# company:\n##   Are there foreign shareholders" in text_of(starter)
    assert text_of(starter).endswith("\n#   foreign_share: 0\n")


@pytest.mark.parametrize("lang", LANGS)
def test_every_question_answered_no_makes_a_description(tmp_path: Path, lang: Lang) -> None:
    tops = dict.fromkeys(one.top for one in EVERY.values())
    direct = {one.path for one in EVERY.values() if one.path == one.top}
    starter = Starter(
        schema="x",
        closings=tuple(closing(path) for path in EVERY),
        elements={top: ({"id": "one"},) for top in tops if top not in direct and top != "company"},
    )
    path = tmp_path / "infra.icp.yaml"
    text = text_of(starter, lang).replace("# licence_file", "## licence_file")
    path.write_text(text.replace("\n# ", "\n"), "utf-8")
    assert load(path).facts.keys() == tops.keys() | {"papers", "select"}


def test_the_gaps_of_a_licence_are_listed() -> None:
    gaps = (Text("首次发证日期", "First issued on"), Text("许可证状态", "Status"))
    starter = Starter(schema="x", licence_file="papers/licence.yaml", gaps=gaps)
    zh, en = (text_of(starter, lang) for lang in LANGS)
    assert "\n## 许可证文件中还没有写：首次发证日期、许可证状态。\nlicence_file: papers/" in zh
    assert "\n## Still missing in that file: First issued on, Status.\nlicence_file: " in en


def test_no_question_has_two_answers() -> None:
    assert {type(one) for one in EVERY.values()} == {Scoping}
    assert [one for one in EVERY.values() if one.no not in ([], False, 0, "none")] == []


@pytest.mark.parametrize("lang", LANGS)
def test_papers_may_be_asked_for(lang: Lang, tmp_path: Path) -> None:
    text = text_of(Starter(schema="x"), lang)
    assert all(paper in text for paper in papers())
    path = tmp_path / "infra.icp.yaml"
    path.write_text(text.replace("# papers", "papers"), "utf-8")
    assert load(path).facts["papers"] == ["all"]
    assert "papers" not in text_of(Starter(schema="x", role="legal"), lang)
