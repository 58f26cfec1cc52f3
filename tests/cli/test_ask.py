"""The interview at the terminal, with what somebody types."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.description import load
from pytest_icp.sources import loading
from tests.cli.conftest import Command, Said

EXPIRED = "{issued_on: 2019-01-01, valid_until: 2024-03-06, status: 正常}\n"
RULES = "--select=SP08/act,SP11/apply,SP15-11/test,SP12/renewal"


@pytest.fixture
def asked(folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch):
    (folder / "prod.icp.yaml").write_text(
        "apiVersion: pytest-icp/v1\nlicence_file: licence.yaml\n# Ours.\n"
        "company: {name: 甲}  # who\n",
        "utf-8",
    )

    def ask(typed: str, *arguments: str, lang: str = "en") -> Said:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        said = command("ask", *(arguments or ("prod.icp.yaml", RULES)), lang=lang)
        assert said.err == ""
        return said

    return ask


def text_of(name: str = "prod.icp.yaml") -> str:
    return Path(name).read_text("utf-8")


def facts() -> dict[str, Any]:
    return {
        name: value
        for name, value in load(Path("prod.icp.yaml")).facts.items()
        if name not in {"licence", "licence_file", "company"}
    }


def test_answers_are_written_and_the_rest_of_the_file_stays(asked) -> None:
    said = asked("n\n")
    assert said.code == 0
    assert "\n# Ours.\ncompany: {name: 甲}  # who\n" in text_of()
    assert len(facts()) == 1
    assert "Wrote 1 fact to " in said.out
    assert "run pytest-icp ask again to go on" in said.out


def test_a_question_has_progress_who_waits_who_knows_and_the_words_of_the_schema(asked) -> None:
    said = asked("", "prod.icp.yaml", "--select=SP08/act,SP08/contained")
    lines = said.out.splitlines()
    assert lines[:8] == [
        "",
        "question 1 of 1 · security · decides 2 rules: SP08/act, SP08/contained",
        "",
        "Have there been network security incidents?",
        "  Network security incidents; an empty list when none.",
        "  incidents    prod.icp.yaml:4:26",
        "  y / n",
        "  enter: skip  -: not known  ?: why  q: stop, everything is saved",
    ]
    zh = asked("", "prod.icp.yaml", "--select=SP08/act", lang="zh").out
    assert "\n第 1 个问题，共 1 个 · 安全人员 · 可判断 1 项规则：SP08/act\n" in zh


def test_questions_are_numbered_and_q_stops(asked) -> None:
    said = asked("\nq\n")
    assert "\nquestion 2 of 4 · " in said.out
    assert "question 3" not in said.out
    assert "4 facts without an answer" in said.out


def test_skipped_questions_are_asked_the_next_time(asked) -> None:
    said = asked("\n" * 9)
    assert "No fact was written." in said.out
    assert facts() == {}
    assert "facts without an answer" in said.out
    again = asked("\n" * 9)
    assert again.out == said.out


def test_what_is_not_known_yet_is_written_and_not_asked_again(asked) -> None:
    only = ("prod.icp.yaml", "--select=SP08/act")
    asked("-\n", *only)
    assert text_of().endswith("incidents: null\n")
    assert "question" not in asked("no\n", *only).out


GRANTED = {"applied_on": "2023-12-01", "decision": "granted"}
OF_LICENCE = ("prod.icp.yaml", "--select=LIC/valid", "--as-of=2024-03-07")


def test_what_an_answer_needs_beside_it_is_null_until_it_is_asked(asked) -> None:
    Path("licence.yaml").write_text(EXPIRED, "utf-8")
    said = asked("2023-12-01\ngranted\n", *OF_LICENCE)
    assert facts() == {"renewal": {**GRANTED, "decided_on": None}}
    assert "Renewal › Decided on" in said.out
    # Whoever stopped there is not asked again: null is what the file says.
    assert "Decided on" not in asked("", *OF_LICENCE).out


def test_a_fact_beside_another_is_answered_at_once(asked) -> None:
    Path("licence.yaml").write_text(EXPIRED, "utf-8")
    asked("2023-12-01\ngranted\n2024-02-20\n", *OF_LICENCE)
    assert facts() == {"renewal": {**GRANTED, "decided_on": "2024-02-20"}}


def test_a_wrong_answer_is_refused_and_asked_again(asked) -> None:
    said = asked("maybe\nno\n", "prod.icp.yaml", "--select=SP08/act")
    assert "  expected: " in said.out
    assert facts() == {"incidents": []}


def test_a_question_mark_explains_which_duties_wait(asked) -> None:
    said = asked("?\n？\nno\n", "prod.icp.yaml", "--select=SP08/act")
    assert said.out.count("  SP08/act  ") == 2
    assert facts() == {"incidents": []}


def test_an_element_is_begun_with_what_it_cannot_do_without_and_asked_on(asked) -> None:
    asked("yes\n\ninc-1\n", "prod.icp.yaml", "--select=SP08/act")
    assert facts() == {"incidents": [{"id": "inc-1"}]}
    said = asked("outage\n", "prod.icp.yaml", "--select=SP08/act")
    assert "Incidents › " in said.out
    assert "(inc-1)" in said.out


def test_what_is_asked_of_several_elements_may_be_answered_for_all(asked, folder: Path) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write("sites:\n  - {id: a, domains: [a.cn]}\n  - {id: b, domains: [b.cn]}\n")
    select = ("prod.icp.yaml", "--select=LIC/domains")
    said = asked("yy\n", *select)
    assert "Sites › In production (a)\n" in said.out
    assert "  sites › production    prod.icp.yaml:6:5\n" in said.out
    assert "  y / n    the same for the other 1 (b): yy / nn\n" in said.out
    assert "  written: prod.icp.yaml:6   production: true\n" in said.out
    assert [site["production"] for site in facts()["sites"]] == [True, True]


STORE = """\
releases: [{id: a,
  kind: launch}]
data_stores:
  - {id: crm, personal_info: true, in_service_on: 2020-01-01}
"""
OF_STORE = ("prod.icp.yaml", "--select=SP07/legal-basis")


def test_the_values_are_listed_with_numbers_and_other_lines_stay(asked, folder: Path) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write(STORE)
    before = text_of()
    said = asked("2\n", *OF_STORE)
    assert "  one of: 1 consent  2 contract  3 legal_duty" in said.out
    assert text_of() == before.replace("01-01}", "01-01, legal_basis: contract}")


def test_several_values_may_be_named_by_their_numbers(asked, folder: Path) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write(STORE.replace("true", "true, legal_basis: consent, published: false"))
    said = asked("9\n1, 2\n", "prod.icp.yaml", "--select=SP07/consent")
    assert "with commas, or [] for none: 1 general 2 sensitive" in " ".join(said.out.split())
    assert "consents: [general, sensitive]" in text_of()


def test_the_elements_that_a_fact_may_refer_to_are_listed(asked, folder: Path) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write(
            "sites:\n  - {id: a, domains: [example.cn], production: true, commercial: true}\n"
            "servers:\n  - {id: s, role: origin, production: true, location: {country: CN},\n"
            "     in_service_on: 2020-01-01}\n"
        )
    said = asked("1\n", "prod.icp.yaml", "--select=LIC/server-place", "--for=engineering")
    assert ": 1 a\n" in said.out
    assert facts()["servers"][0]["site_ids"] == ["a"]


@pytest.mark.parametrize("typed", ["n", "y"])
def test_n_is_no_only_where_yes_or_no_is_asked(typed: str, asked, folder: Path) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write(STORE)
    before = text_of()
    said = asked(f"{typed}\n", *OF_STORE)
    assert "this is not asked with yes or no" in said.out
    assert text_of() == before


def test_the_only_service_is_called_as_the_site_on_the_licence(asked) -> None:
    asked("no\n", "prod.icp.yaml", "--select=SP15-11/test")
    assert facts() == {"services": [{"id": "site", "features": {"app_distribution": False}}]}


@pytest.mark.parametrize("typed", ["never", "没有", "尚未", "no"])
def test_the_words_are_offered_and_written(asked, folder: Path, typed: str) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write("renewal: {intention: renew}\n")
    said = asked(f"{typed}\n", "prod.icp.yaml", "--select=SP12/renewal")
    assert "  YYYY-MM-DD | never" in said.out
    assert facts() == {"renewal": {"intention": "renew", "applied_on": "never"}}


def test_a_word_that_stands_for_an_object_is_written_out_for_what_is_asked_of_it(
    asked, folder: Path
) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write("renewal: none  # yet\n")
    asked("exit\n", "prod.icp.yaml", "--select=SP12/renewal")
    assert facts() == {
        "renewal": {
            "applied_on": "never",
            "decided_on": "never",
            "decision": "none",
            "intention": "exit",
        }
    }


def test_only_what_a_role_knows_is_asked_and_goes_into_its_part(asked, folder: Path) -> None:
    main = folder / "prod.icp.yaml"
    main.write_text(main.read_text("utf-8") + "include: [prod.security.yaml]\n", "utf-8")
    (folder / "prod.security.yaml").write_text("apiVersion: pytest-icp/v1\n", "utf-8")
    said = asked("no\n", "prod.icp.yaml", RULES, "--for", "security")
    assert " · security · " in said.out
    assert " · legal · " not in said.out
    assert text_of("prod.security.yaml") == "apiVersion: pytest-icp/v1\nincidents: []\n"
    assert "incidents" not in text_of()


def test_a_fact_of_the_licence_goes_into_its_file(asked, folder: Path) -> None:
    licence = folder / "licence.yaml"
    kept = [line for line in licence.read_text("utf-8").splitlines() if "issued_on:" not in line]
    licence.write_text("\n".join(kept), "utf-8")
    asked("2021-01-04\n", "prod.icp.yaml", "--select=SP14/report")
    assert "first_issued_on: 2021-01-04" in licence.read_text("utf-8")


def test_an_answer_that_the_description_cannot_have_is_taken_back(asked, folder: Path) -> None:
    with (folder / "prod.icp.yaml").open("a") as file:
        file.write(
            "sites:\n  - {id: a, domains: [example.cn], production: true, commercial: true,\n"
            "     launched_on: 2020-01-01}\n"
            "servers:\n  - {id: s, role: origin, production: true, location: {country: CN},\n"
            "     in_service_on: 2020-01-01}\n"
        )
    before = text_of()
    said = asked("nowhere\n\n\n\n", "prod.icp.yaml", "--select=LIC/server-place")
    assert "no element of `sites` has the id 'nowhere'" in " ".join(said.out.split())
    assert text_of() == before


class Typing(io.StringIO):
    """What somebody types, who then presses Ctrl-C."""

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(size)
        if not line:
            raise KeyboardInterrupt
        return line


def test_somebody_who_goes_has_everything_saved(
    folder: Path, command: Command, asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Typing("no\n"))
    said = command("ask", "prod.icp.yaml", RULES)
    assert (said.code, said.err) == (0, "")
    assert "Wrote 1 fact to prod.icp.yaml." in said.out
    assert len(facts()) == 1


MANIFEST = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {rules: [{host: www.example.cn}]}
"""


@pytest.mark.parametrize(("source", "times"), [("deploy/web.yaml", 1), (".", 3)])
def test_a_source_is_read_again_only_if_an_answer_changes_it(
    source: str, times: int, asked, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "deploy").mkdir()
    (folder / "deploy" / "web.yaml").write_text(MANIFEST, "utf-8")
    with (folder / "prod.icp.yaml").open("a", encoding="utf-8") as file:
        file.write(f"sources: [{{kind: kubernetes, path: {source}, assume: {{public: true}}}}]\n")
    read: list[object] = []

    def reading(*given: object) -> object:
        read.append(given)
        return original(*given)

    original = loading._reading
    monkeypatch.setattr(loading, "_reading", reading)
    rules = "--select=SP08/act,SP11/apply"
    said = asked("n\nn\n", "prod.icp.yaml", rules)
    assert "Wrote 2 facts to " in said.out
    assert len(read) == times
    assert loading.load(Path("prod.icp.yaml")).facts["sites"] == [
        {"id": "www.example.cn", "domains": ["www.example.cn"], "public": True}
    ]


def test_a_source_that_cannot_be_read_is_tried_again(asked, folder: Path) -> None:
    memory = loading.Memory()
    (folder / "prod.icp.yaml").write_text(
        "apiVersion: pytest-icp/v1\nsources: [{kind: kubernetes, path: web.yaml}]\n", "utf-8"
    )
    assert loading.load("prod.icp.yaml", memory=memory).readings[0].error
    (folder / "web.yaml").write_text(MANIFEST, "utf-8")
    assert loading.load("prod.icp.yaml", memory=memory).facts["sites"]
    (folder / "web.yaml").unlink()
    # The entry has moved, and what it tells is remembered.
    text = (folder / "prod.icp.yaml").read_text("utf-8")
    (folder / "prod.icp.yaml").write_text(f"\n{text}", "utf-8")
    (told,) = loading.load("prod.icp.yaml", memory=memory).readings
    assert (told.place.line, told.error) == (3, None)
    memory.forget(folder / "web.yaml")
    assert loading.load("prod.icp.yaml", memory=memory).readings[0].error
