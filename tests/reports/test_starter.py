from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.facts.description import load
from pytest_icp.facts.fields import Closing, Scoping, scoping_questions
from pytest_icp.law.text import Lang
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


def test_no_question_has_two_answers() -> None:
    assert {type(one) for one in EVERY.values()} == {Scoping}
    assert [one for one in EVERY.values() if one.no not in ([], False, 0, "none")] == []
