"""The pages are true: what they name is there, and both languages say the same."""

from __future__ import annotations

import os
import pkgutil
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from handbook.shown import (
    BOOKS,
    ENDINGS,
    FENCED,
    GUIDES,
    PAGES,
    ROOT,
    Block,
    blocks,
    run,
    text_of,
)

import pytest_icp
from pytest_icp import plugin
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import Lang
from pytest_icp.plugin import hookspec
from pytest_icp.reports.publishing import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(pytest_icp.__file__).parent
READMES = {lang: f"README{ending}" for lang, ending in ENDINGS.items()}


def guide(name: str, lang: Lang) -> str:
    return f"{GUIDES}{name}{ENDINGS[lang]}"


PAIRS = list(zip(*BOOKS.values(), strict=True))
BOTH = [page for book in BOOKS.values() for page in book]

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


@cache
def commands() -> set[str]:
    told = "\n".join(run(ROOT, "pytest-icp", "--help"))
    return set(re.findall(r"^  (\w+)  ", told, re.MULTILINE))


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
    links = set(re.findall(rf"\]\(({GUIDES}[^)#]+)", text_of(READMES[lang])))
    assert {page for page in BOOKS[lang] if page.startswith(GUIDES)} <= links


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
    """The text of a block but for its comments and language, and what a waiver says to people."""
    said = r"(?:^| +)# .*$|^ +(?:reason|owner): .*$|, lang: (?:en|zh)\b"
    return re.sub(said, "", block.text, flags=re.MULTILINE)


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
        assert f"]({Path(other).name})" in text_of(page)


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
    named = set(re.findall(r"\b(?:pytest_)?icp_\w+", prose(page)))
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
    known = (PACKAGE, (ROOT / page).parent)
    assert missing + [n for n in inside if not any((one / n).exists() for one in known)] == []


# ---- the architecture ----------------------------------------------------------------------------


def contracted() -> Iterator[list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = (c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    for layer in contract["layers"]:
        yield re.findall(r"\w+", layer)


def test_the_layers_are_those_of_the_contract() -> None:
    told = [re.findall(r"`(\w+)`", layer) for layer, _ in rows("ARCHITECTURE.md", "The layers")]
    assert told == list(contracted())
