"""The READMEs and the guides are true: what they show is what runs, what they name is there."""

from __future__ import annotations

import configparser
import doctest
import os
import pkgutil
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from handbook.shown import (
    BOOKS,
    ENDINGS,
    FENCED,
    Block,
    blocks,
    blocks_of,
    lay_out,
    run,
    text_of,
    today,
)

import pytest_icp
from pytest_icp import plugin
from pytest_icp.cli.main import main
from pytest_icp.facts.workdays import published, with_years
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Lang
from pytest_icp.plugin import hookspec
from pytest_icp.reports.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(pytest_icp.__file__).parent
READMES = {lang: f"README{ending}" for lang, ending in ENDINGS.items()}


def guide(name: str, lang: Lang) -> str:
    return f"docs/guides/{name}{ENDINGS[lang]}"


PAIRS = list(zip(*BOOKS.values(), strict=True))
BOTH = [page for book in BOOKS.values() for page in book]
PAGES = [*BOTH, "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]

PLACEHOLDER = "nn"
"""What stands for the number of a provision in the name of a file."""

SCREEN = 120
"""The most lines of a README."""


every_language = pytest.mark.parametrize("lang", ENDINGS)
every_pair = pytest.mark.parametrize(("english", "chinese"), PAIRS)
every_page = pytest.mark.parametrize("page", PAGES)


def prose(page: str) -> str:
    """The page without its fenced blocks."""
    return FENCED.sub("", text_of(page))


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    table = text_of(page).partition(f"\n## {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", table, re.MULTILINE)
    assert lines, heading
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[0].splitlines()[2:]]


def headings(page: str) -> list[tuple[str, str]]:
    """The marks and titles of a page's headings."""
    return re.findall(r"^(#+) (.+)$", prose(page), re.MULTILINE)


def sections(page: str) -> list[str]:
    return [title for marks, title in headings(page) if marks == "##"]


def table(name: str, lang: Lang, title: str) -> list[list[str]]:
    """The table of a guide in the section that has this title in English."""
    page = guide(name, lang)
    return rows(page, sections(page)[sections(guide(name, "en")).index(title)])


@cache
def helped() -> str:
    return "\n".join(run(ROOT, "pytest", "--help"))


@cache
def options() -> set[str]:
    return set(re.findall(r"^  (--icp-[a-z-]+)", helped(), re.MULTILINE))


@cache
def inis() -> set[str]:
    return set(re.findall(r"^  (icp_[a-z_]+) \(", helped(), re.MULTILINE))


# ---- what is shown -------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The repository that the files shown in the guides make together."""
    return lay_out("en", tmp_path)


SHOWN = [(lang, block) for lang in ENDINGS for block in blocks_of(lang, "console")]


@pytest.mark.parametrize(
    ("lang", "block"), SHOWN, ids=[f"{block.page}: {block.lines[0][2:]}" for _, block in SHOWN]
)
def test_what_is_shown_is_what_is_printed(lang: Lang, block: Block) -> None:
    assert today(lang, block) == block.text, "run python docs/handbook shown"


@every_language
def test_a_failure_is_shown(lang: Lang) -> None:
    (failing,) = blocks(READMES[lang], "console")
    assert "2023-12-08" in failing.lines[0]
    assert "_ SP12/renewal _" in failing.text
    assert "applied_on: never" in failing.text


@every_language
def test_the_change_of_a_licence_shown_is_found(
    lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks(guide("first-hour", lang), "text")
    changed = re.findall(r"…(.*)\[([0-9]+)\](.*)…", block.text)
    (before, known, after), (_, other, _) = changed
    paper = (ROOT / "examples" / "start" / "LICENCE.txt").read_text("utf-8")
    assert f"{before}{known}{after}" in paper
    changed_paper = paper.replace(f"{before}{known}", f"{before}{other}")
    (tmp_path / "LICENCE.txt").write_text(changed_paper, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["init", "LICENCE.txt", "--lang", lang]) == 0
    assert block.text in capsys.readouterr().out


def test_the_files_shown_work_together(project: Path) -> None:
    asked = ("--icp-as-of", "2025-10-13", "--icp-unknown=warn", "-rA", "-v")
    ran = run(project, "pytest", "infra", *asked)
    outcomes = {m[2]: m[1] for line in ran if (m := re.match(r"([A-Z]+) (infra/\S+)", line))}
    assert outcomes["infra/prod.icp.yaml::OWN::server-city"] == "PASSED"
    assert outcomes["infra/test_own.py::test_publication_logs_name_the_account"] == "PASSED"
    assert outcomes["infra/prod.icp.yaml::SP12::renewal"] == "XFAIL"
    assert not {"FAILED", "ERROR"} & set(outcomes.values())
    assert any(re.match(r"  OWN log-fields +1$", line) for line in ran)


def test_the_hook_shown_does_no_harm_without_the_plugin(project: Path) -> None:
    ran = run(project, "pytest", "infra", "-p", "no:icp", "--collect-only", "-q")
    assert "infra/test_own.py::test_publication_logs_name_the_account" in ran
    assert not any("unknown hook" in line for line in ran)


def test_the_waiver_shown_expires(project: Path) -> None:
    ran = run(project, "pytest", "infra", "--icp-as-of", "2025-10-14", "--icp-unknown=warn")
    assert [line.split()[1] for line in ran if line.startswith("FAILED")] == [
        "infra/prod.icp.yaml::SP12::renewal"
    ]


def test_the_provision_shown_can_be_violated_and_explained(project: Path) -> None:
    description = project / "infra" / "prod.icp.yaml"
    moved = description.read_text("utf-8").replace("city: 北京市", "city: 上海市")
    description.write_text(moved.replace("province: 北京市", "province: 上海市"), "utf-8")
    ran = run(project, "pytest", "infra", "--icp-as-of", "2025-06-01", "--icp-select", "OWN")
    assert any(line.startswith("FAILED infra/prod.icp.yaml::OWN::server-city") for line in ran)
    explained = run(project, "pytest-icp", "explain", "OWN")
    assert any("OWN/server-city" in line for line in explained)


@every_language
def test_the_python_shown_runs(lang: Lang, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = blocks_of(lang, "pycon")
    told: list[str] = []
    tests = doctest.DocTestParser().get_doctest(block.text, {}, block.page, block.page, 0)
    result = doctest.DocTestRunner(verbose=False).run(tests, out=told.append)
    assert result.attempted
    assert "".join(told) == ""


def test_the_year_file_shown_can_be_read(tmp_path: Path) -> None:
    (block,) = (b for b in blocks("CONTRIBUTING.md", "yaml") if b.path)
    path = tmp_path / str(block.path)
    path.write_text(block.text, "utf-8")
    year = yaml.safe_load(block.text)
    calendar = with_years(published(), [path])
    assert [calendar.is_workday(day) for day in year["holidays"]] == [False, False]
    assert [calendar.is_workday(day) for day in year["workdays"]] == [True]


@cache
def commands() -> set[str]:
    told = "\n".join(run(ROOT, "pytest-icp", "--help"))
    return set(re.findall(r"^  (\w+)  ", told, re.MULTILINE))


@every_language
def test_the_commands_shown_are_commands(lang: Lang) -> None:
    shown = "\n".join(block.text for block in blocks_of(lang, "sh"))
    assert set(re.findall(r"^pytest-icp (\w+)", shown, re.MULTILINE)) == commands()


# ---- the two commands ----------------------------------------------------------------------------


def pasted(readme: str, program: str) -> list[str]:
    form = rf"^python3 -m venv \.venv && .*&& \.venv/bin/{program}(?: .*)?$"
    return re.findall(form, text_of(readme), re.MULTILINE)


@pytest.mark.parametrize("program", ["pytest", "tox"])
def test_there_is_one_line_for_each_in_both_languages(program: str) -> None:
    english, chinese = (pasted(readme, program) for readme in READMES.values())
    assert len(english) == 1
    assert english == chinese


def test_the_first_judges_the_example_as_shown() -> None:
    (line,) = pasted(READMES["en"], "pytest")
    shown = blocks(guide("reports", "en"), "console")[0].lines[0].removeprefix("$ ")
    assert line.endswith(f".venv/bin/{shown}")


@every_language
def test_a_readme_is_one_screen(lang: Lang) -> None:
    assert text_of(READMES[lang]).count("\n") <= SCREEN


@every_language
def test_every_guide_is_reached_from_the_readme(lang: Lang) -> None:
    links = set(re.findall(r"\]\((docs/guides/[^)#]+)", text_of(READMES[lang])))
    assert set(BOOKS[lang][1:]) <= links


# ---- what is told --------------------------------------------------------------------------------


@every_language
def test_the_table_of_commands_is_the_help(lang: Lang) -> None:
    named = [row[0].strip("`") for row in table("options", lang, "Commands")]
    assert len(named) == len(set(named))
    assert set(named) == commands()


@every_language
def test_the_table_of_formats_is_that_of_the_reports(lang: Lang) -> None:
    assert {row[0].strip("`") for row in table("reports", lang, "Files")} == set(FORMATS)


@pytest.mark.parametrize(("lang", "word"), [("en", "nine checks"), ("zh", "九种检查")])
def test_the_kinds_are_counted(lang: Lang, word: str) -> None:
    assert len(kinds()) == 9
    assert word in text_of(guide("own-provisions", lang))


@every_language
def test_the_table_of_hooks_is_the_specification(lang: Lang) -> None:
    hooks = {name for name in vars(hookspec) if name.startswith("pytest_icp_")}
    told = text_of(guide("own-provisions", lang))
    assert set(re.findall(r"^\| `(pytest_icp_\w+)\(", told, re.MULTILINE)) == hooks


def without_comments(block: Block) -> str:
    """The text of a block but for its comments, and what a waiver says to people."""
    text = re.sub(r"(?:^| +)# .*$", "", block.text, flags=re.MULTILINE)
    return re.sub(r"^ +(?:reason|owner): .*$", "", text, flags=re.MULTILINE)


@every_pair
def test_both_languages_show_the_same_files(english: str, chinese: str) -> None:
    one, other = (blocks(page, "yaml", "ini", "python") for page in (english, chinese))
    assert [block.path for block in one] == [block.path for block in other]
    assert [without_comments(block) for block in one] == [without_comments(b) for b in other]


@every_pair
def test_both_languages_have_the_same_parts(english: str, chinese: str) -> None:
    one, other = ([marks for marks, _ in headings(page)] for page in (english, chinese))
    assert one == other
    assert one.count("#") == 1
    one, other = (
        [lang for _, lang, _ in FENCED.findall(text_of(page))] for page in (english, chinese)
    )
    assert one == other


@every_pair
def test_each_page_leads_to_the_other(english: str, chinese: str) -> None:
    for page, other in ((english, chinese), (chinese, english)):
        third = text_of(page).splitlines()[2]
        assert re.fullmatch(rf"\*\[.+\]\({re.escape(Path(other).name)}\)\*", third)


@pytest.mark.parametrize("page", BOTH)
def test_a_page_has_no_html(page: str) -> None:
    assert not re.search(r"</?[a-z]", re.sub(r"`[^`\n]*`", "", prose(page)))


def test_a_compliance_officer_reads_no_program() -> None:
    for lang in ENDINGS:
        page = guide("compliance-officer", lang)
        assert "```" not in text_of(page)
        assert not re.search(r"python|ya?ml|\bpip\b|pytest|--[a-z]", text_of(page), re.IGNORECASE)


@every_language
def test_the_questions_quoted_are_those_that_are_asked(lang: Lang) -> None:
    schema = (ROOT / "schemas" / "description.schema.json").read_text("utf-8")
    quoted = re.findall(r"^> (.+[?？])$", text_of(guide("compliance-officer", lang)), re.MULTILINE)
    assert quoted
    assert [question for question in quoted if question not in schema] == []


@every_language
def test_the_extras_are_named_with_what_they_are_for(lang: Lang) -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].keys()
    named = [row[0] for row in table("first-hour", lang, "Install it")]
    assert {name for cell in named for name in re.findall(r"`(\w+)`", cell)} == extras


# ---- what is named -------------------------------------------------------------------------------


def exists(name: str) -> bool:
    """Whether a path is there; the package may be installed elsewhere."""
    return ((PACKAGE.parent if name.startswith("pytest_icp/") else ROOT) / name).exists()


@every_page
def test_every_rule_that_is_named_exists(page: str) -> None:
    known = {o.rule_id for policy in default_policies() for o in policy.obligations}
    named = set(re.findall(r"\b(?:LIC|SP[0-9]+(?:-[0-9]+)?)/[a-z][a-z0-9-]*\b", text_of(page)))
    assert named <= known


@every_page
def test_every_option_that_is_named_exists(page: str) -> None:
    assert set(re.findall(r"--icp-[a-z-]+", text_of(page))) <= options()


@every_page
def test_every_name_that_is_named_exists(page: str) -> None:
    fixtures = {name for name in vars(plugin) if name.startswith("icp_")}
    hooks = {name for name in vars(hookspec) if name.startswith("pytest_icp_")}
    named = set(re.findall(r"\b(?:pytest_)?icp_\w+", text_of(page)))
    assert named <= inis() | fixtures | hooks
    public = set(re.findall(r"\bpytest_icp\.(\w+)", text_of(page)))
    modules = {module.name for module in pkgutil.iter_modules(pytest_icp.__path__)}
    assert public <= {*pytest_icp.__all__, *(modules & {"strategies"})}


def slug(title: str) -> str:
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


@every_page
def test_every_link_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    for link in links:
        path, _, anchor = link.partition("#")
        if path.startswith("https://"):
            continue
        target = os.path.normpath(Path(page).parent / path) if path else page
        assert exists(target), link
        if anchor:
            assert anchor in {slug(title) for _, title in headings(target)}, link


@every_page
def test_every_file_that_is_named_exists(page: str) -> None:
    folders = r"(?:pytest_icp|policies|schemas|tests|examples|benchmarks)/[\w./-]*"
    named = re.findall(rf"`({folders})`", prose(page))
    rooms = r"(?:law|facts|rules|kinds|sources|reports|authoring|cli|plugin)/[\w./-]*"
    inside = re.findall(rf"`({rooms})`", prose(page))
    missing = [name for name in named if not exists(name) and PLACEHOLDER not in name]
    assert missing + [name for name in inside if not (PACKAGE / name).exists()] == []


def test_every_environment_that_is_named_is_one_of_tox() -> None:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini", "utf-8")
    named = set(re.findall(r"`tox (?:p )?-e ([\w,-]+)`", text_of("CONTRIBUTING.md")))
    named |= set(re.findall(r"environment `([\w-]+)`", text_of("CONTRIBUTING.md")))
    assert named
    there = {section.removeprefix("testenv:") for section in tox.sections()}
    there |= set(tox["tox"]["env_list"].split())
    assert {env for names in named for env in names.split(",")} <= there


# ---- the architecture ----------------------------------------------------------------------------


def contracted() -> Iterator[list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = (c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    for layer in contract["layers"]:
        yield re.findall(r"\w+", layer)


def test_the_layers_are_those_of_the_contract() -> None:
    told = [re.findall(r"`(\w+)`", layer) for layer, _ in rows("ARCHITECTURE.md", "The layers")]
    assert told == list(contracted())
