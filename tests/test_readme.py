"""The pages at the top are true: what they show is what runs, what they name is there."""

from __future__ import annotations

import configparser
import doctest
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import pytest_icp
from pytest_icp import plugin
from pytest_icp.facts.workdays import published, with_years
from pytest_icp.kinds import kinds
from pytest_icp.kinds.policies import default_policies
from pytest_icp.plugin import hookspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.law.text import Lang

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(pytest_icp.__file__).parent
READMES = {"en": "README.md", "zh": "README.zh.md"}
PAGES = [*READMES.values(), "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"]

PLACEHOLDER = "nn"
"""What stands for the number of a provision in the name of a file."""

CUT = "…"
"""The line that stands for output that is not shown."""

every_readme = pytest.mark.parametrize("readme", READMES.values())
every_page = pytest.mark.parametrize("page", PAGES)


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    language: str
    text: str

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def path(self) -> str | None:
        """The file that the block is, where its first line is a comment that names one."""
        named = re.fullmatch(r"# ([\w./-]+\.(?:yaml|ini|py))", self.lines[0])
        return named[1] if named else None


def blocks(page: str, *languages: str) -> list[Block]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)
    return [Block(page, lang, text) for lang, text in found if lang in languages]


def prose(page: str) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^```\w*\n.*?^```$", "", text_of(page), flags=re.MULTILINE | re.DOTALL)


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    table = text_of(page).partition(f"\n## {heading}\n")[2]
    lines = re.search(r"(?:^\|.*\n)+", table, re.MULTILINE)
    assert lines, heading
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[0].splitlines()[2:]]


def sections(page: str) -> list[str]:
    return re.findall(r"^## (.+)$", text_of(page), re.MULTILINE)


def section(page: str, title: str) -> str:
    """The title of the section that stands where ``title`` stands in the English page."""
    return sections(page)[sections(READMES["en"]).index(title)]


def run(folder: Path, *command: str) -> list[str]:
    """The lines that a command prints on a terminal of 80 columns, without its seconds."""
    program, *arguments = command
    kept = {k: v for k, v in os.environ.items() if k not in {"CI", "FORCE_COLOR", "PY_COLORS"}}
    done = subprocess.run(
        [sys.executable, "-m", program.replace("-", "_"), *arguments],
        cwd=folder,
        env=kept
        | {
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "PYTHONUTF8": "1",
            "PYTEST_ADDOPTS": "-p no:cacheprovider",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return [line.rstrip() for line in (done.stdout + done.stderr).splitlines()]


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
    """The repository that the files shown in the README make together."""
    return lay_out(READMES["en"], tmp_path)


def lay_out(readme: str, folder: Path) -> Path:
    for block in blocks(readme, "yaml", "ini", "python"):
        if block.path:
            path = folder / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
    return folder


SHOWN = [block for readme in READMES.values() for block in blocks(readme, "console")]


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: f"{block.page}: {block.lines[0][2:]}")
def test_what_is_shown_is_what_is_printed(block: Block, tmp_path: Path) -> None:
    command = block.lines[0].removeprefix("$ ")
    folder = ROOT if "examples/" in command else lay_out(block.page, tmp_path)
    printed = "\n".join(["", *run(folder, *command.split()), ""])
    for chunk in re.split(rf"^{CUT}$", "\n".join(block.lines[1:]), flags=re.MULTILINE):
        assert f"\n{chunk.strip(chr(10))}\n" in printed


@every_readme
def test_a_failure_is_shown(readme: str) -> None:
    (failing,) = (block for block in blocks(readme, "console") if "2023-12-08" in block.lines[0])
    assert f"\n{'SP12/renewal'.center(14).center(80, '_')}\n" in failing.text
    assert "applied_on: never" in failing.text


def test_the_files_shown_work_together(project: Path) -> None:
    asked = ("--icp-as-of", "2025-10-13", "--icp-unknown=warn", "-rA", "-v")
    ran = run(project, "pytest", "infra", *asked)
    outcomes = {m[2]: m[1] for line in ran if (m := re.match(r"([A-Z]+) (infra/\S+)", line))}
    assert outcomes["infra/prod.icp.yaml::OWN::server-city"] == "PASSED"
    assert outcomes["infra/test_own.py::test_publication_logs_name_the_account"] == "PASSED"
    assert outcomes["infra/prod.icp.yaml::SP12::renewal"] == "XFAIL"
    assert not {"FAILED", "ERROR"} & set(outcomes.values())
    assert any(re.match(r"  OWN +\. +log-fields$", line) for line in ran)


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


@every_readme
def test_the_python_shown_runs(readme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = blocks(readme, "pycon")
    told: list[str] = []
    tests = doctest.DocTestParser().get_doctest(block.text, {}, readme, readme, 0)
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


@every_readme
def test_the_commands_shown_are_commands(readme: str) -> None:
    shown = "\n".join(block.text for block in blocks(readme, "sh"))
    commands = set(re.findall(r"^pytest-icp (\w+)", shown, re.MULTILINE))
    there = set(
        re.findall(r"^    (\w+)  ", "\n".join(run(ROOT, "pytest-icp", "--help")), re.MULTILINE)
    )
    assert commands == there


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
    shown = blocks(READMES["en"], "console")[0].lines[0].removeprefix("$ ")
    assert line.endswith(f".venv/bin/{shown}")


# ---- what is told --------------------------------------------------------------------------------


@every_readme
def test_the_table_of_options_is_the_help(readme: str, pytestconfig: pytest.Config) -> None:
    found = rows(readme, section(readme, "Options"))
    named = [re.findall(r"`(--[a-z-]+)", option) for option, *_ in found]
    assert {name for names in named for name in names} == options()
    assert sorted(ini.strip("`") for _, ini, *_ in found if ini) == sorted(inis())
    for names, (_, ini, default, _) in zip(named, found, strict=True):
        assert not ini or names in ([], [f"--{ini.strip('`').replace('_', '-')}"])
        if not ini:
            # An option that no file may set.
            continue
        value = pytestconfig.getini(ini.strip("`"))
        told = " ".join(value) if isinstance(value, list) else value
        assert default.strip("`") == told if default.startswith("`") else told == ""


@every_readme
def test_the_table_of_provisions_is_what_is_decided(readme: str) -> None:
    language: Lang = "zh" if readme == READMES["zh"] else "en"
    assert rows(readme, section(readme, "What is decided")) == [
        [f"`{policy.id}`", policy.title[language], str(len(policy.obligations))]
        for policy in default_policies()
    ]


@every_readme
def test_the_figures_are_those_of_the_policies(readme: str) -> None:
    told = text_of(readme).partition(f"\n## {section(readme, 'What is decided')}\n")[2]
    first = told.strip().partition("。" if readme == READMES["zh"] else ". ")[0]
    rules = sum(len(policy.obligations) for policy in default_policies())
    assert sorted(map(int, re.findall(r"[0-9]+", first))) == [len(default_policies()), rules]


@pytest.mark.parametrize(
    ("readme", "word"), [("README.md", "seventeen checks"), ("README.zh.md", "十七种检查")]
)
def test_the_kinds_are_counted(readme: str, word: str) -> None:
    assert len(kinds()) == 17
    assert word in text_of(readme)


@every_readme
def test_the_table_of_hooks_is_the_specification(readme: str) -> None:
    hooks = {name for name in vars(hookspec) if name.startswith("pytest_icp_")}
    told = set(re.findall(r"^\| `(pytest_icp_\w+)\(", text_of(readme), re.MULTILINE))
    assert told == hooks


def without_comments(block: Block) -> str:
    """The text of a block but for its comments, and what a waiver says to people."""
    text = re.sub(r"(?:^| +)# .*$", "", block.text, flags=re.MULTILINE)
    return re.sub(r"^ +(?:reason|owner): .*$", "", text, flags=re.MULTILINE)


def test_both_languages_show_the_same_files() -> None:
    english, chinese = (blocks(readme, "yaml", "ini", "python") for readme in READMES.values())
    assert [block.path for block in english] == [block.path for block in chinese]
    assert [without_comments(one) for one in english] == [without_comments(one) for one in chinese]


def test_both_languages_have_the_same_sections() -> None:
    english, chinese = READMES.values()
    assert len(sections(english)) == len(sections(chinese))


@every_readme
def test_the_extras_are_named_with_what_they_are_for(readme: str) -> None:
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].keys()
    named = [row[0] for row in rows(readme, section(readme, "Start with your own"))]
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
        assert path.startswith("https://") or exists(path or page), link
        if anchor:
            assert anchor in {slug(title) for title in sections(path or page)}, link


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
    named = set(re.findall(r"`tox -e ([\w,-]+)`", text_of("CONTRIBUTING.md")))
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
