"""Every block of code of every page is run, or read by what it is a part of."""

from __future__ import annotations

import argparse
import configparser
import doctest
import json
import re
import shlex
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from _pytest.config import Config, get_config
from handbook import shown
from handbook.shown import (
    BOOKS,
    ENDINGS,
    FENCED,
    PAGES,
    ROOT,
    Block,
    blocks,
    lay_out,
    run,
    text_of,
    today,
)

import pytest_icp
from pytest_icp.cli.arguments import joined
from pytest_icp.cli.main import main, parser_in
from pytest_icp.facts.files.schema import check as check_schema
from pytest_icp.facts.files.source import read_source
from pytest_icp.facts.workdays import published, with_years
from pytest_icp.law.text import Lang
from tests import forking
from tests.frozen.comparing import Entry

SOURCES = "docs/sources/"
"""The pages whose files `tests/test_source_pages.py` reads."""

OTHERS = {"text", "terraform", "nginx", "apache", "caddyfile", "html", "xml", "csv", "json", "sql"}
"""The languages of other tools' files and questions, and the words of a run."""

every_language = pytest.mark.parametrize("lang", ENDINGS)
every_page = pytest.mark.parametrize("page", PAGES)


def each(*languages: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a test try each block in some languages."""
    pages = PAGES if "sh" in languages else [one for one in PAGES if not one.startswith(SOURCES)]
    found = [block for page in pages for block in blocks(page, *languages)]
    assert found
    names = [f"{block.page}: {block.lines[0]}" for block in found]
    return pytest.mark.parametrize("block", found, ids=names)


@pytest.fixture(autouse=True)
def commands_are_run_in_forks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shown, "subprocess", forking)


@every_page
def test_each_block_says_its_language(page: str) -> None:
    said = {language for _, language, _ in FENCED.findall(text_of(page))}
    assert said <= OTHERS | {"sh", "console", "yaml", "ini", "python", "pycon"}
    for block in blocks(page, "json"):
        json.loads(block.text)


# ---- commands ------------------------------------------------------------------------------------


@cache
def pytest_config() -> Config:
    """pytest's own configuration with our options, and those of pytest-xdist."""
    config = get_config()
    for plugin in ("pytest_icp.plugin", "xdist.plugin"):
        config.pluginmanager.import_plugin(plugin)
    return config


@cache
def commands() -> set[str]:
    """The names of our commands, some of two words."""
    actions = parser_in("en")._actions
    (named,) = (one for one in actions if isinstance(one, argparse._SubParsersAction))
    return set(named.choices)


@cache
def environments() -> set[str]:
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini", "utf-8")
    named = {section.removeprefix("testenv:") for section in tox.sections()}
    return named | set(tox["tox"]["env_list"].split())


@cache
def project() -> dict[str, Any]:
    return tomllib.loads(text_of("pyproject.toml"))


def check_line(line: str) -> None:
    """Fail unless those commands of a line that are ours are there with their options."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="&|;>")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("&|;>"):
            if words:
                check_command(words)
            words = []
        else:
            words.append(word)


def check_command(words: list[str]) -> None:
    program, *arguments = [Path(words[0]).name, *(one for one in words[1:] if one != "-P")]
    if program == "podman" and arguments[0] == "run":
        program, *arguments = arguments[arguments.index("pytest-icp") :]
    if program == "python" and arguments[0] == "-m":
        program, *arguments = [arguments[1].replace("_", "-"), *arguments[2:]]
    match [program, *arguments]:
        case ["pytest", *arguments]:
            pytest_config()._parser.parse(arguments)
            ours = [one for one in arguments if one.startswith(("tests/", "examples/"))]
            assert [one for one in ours if not (ROOT / one).exists()] == []
        case ["pytest-icp", *arguments]:
            try:
                parser_in("en").parse_args(joined(arguments, commands()))
            except SystemExit as stopped:
                assert not stopped.code, words
        case ["tox", "-e", names, *_]:
            assert set(names.split(",")) <= environments()
        case ["python", script, *_] if "/" in script:
            assert (ROOT / script).exists()
        case ["pip", *arguments]:
            groups = [arguments[i + 1] for i, one in enumerate(arguments) if one == "--group"]
            assert set(groups) <= project()["dependency-groups"].keys()


@each("sh")
def test_each_command_is_there_with_its_options(block: Block) -> None:
    for line in block.text.replace("\\\n", "").splitlines():
        check_line(line)


@every_page
def test_each_command_that_is_named_is_there(page: str) -> None:
    prose = FENCED.sub("", text_of(page))
    for code in re.findall(r"`((?:pytest|pytest-icp|tox|pip) [^`]+)`", prose):
        command, first, *more = code.split()
        if command == "pytest-icp" and not more:
            assert first in commands(), code  # what it is called, without what it wants
        elif "--help" not in [first, *more]:
            check_line(code)


@every_page
def test_each_extra_that_is_named_is_there(page: str) -> None:
    named = re.findall(r"pytest[-_]icp[\w.-]*\[([\w,]+)\]", text_of(page))
    extras = project()["project"]["optional-dependencies"].keys()
    assert {extra for names in named for extra in names.split(",")} <= extras


@every_language
def test_each_command_is_shown(lang: Lang) -> None:
    shown = "\n".join(block.text for page in BOOKS[lang] for block in blocks(page, "sh"))
    assert [one for one in commands() if f"pytest-icp {one}" not in shown] == []


@each("console")
def test_what_is_shown_is_what_is_printed(block: Block) -> None:
    assert today(block) == block.text, "run python docs/handbook shown"


# ---- files ---------------------------------------------------------------------------------------

WORDS = {"zh": "示例", "en": "Shown"}
OBLIGATION = {
    "id": "shown",
    **dict.fromkeys(("title", "meaning", "fix"), WORDS),
    "level": "mandatory",
    "basis": "own",
}
POLICY = {"id": "OWN", "article": "自订", "title": WORDS, "text": WORDS}
RULE = {**OBLIGATION, "kind": "condition", "each": "servers", "require": {"production": True}}
NAMED_BY = {
    "jobs": "ci",
    "include": "ci",
    "repos": "ci",
    "obligations": "policy",
    "parameters": "parameters",
    "waivers": "waivers",
    "provision": "cases",
    "holder": "licence",
    "year": "workdays",
}
"""A key of a file that only one kind of file has."""


def completed(data: Any) -> tuple[str, Any]:
    """Name the kind of file of which a page shows a part, and add what else it must have."""
    match data:
        case [{"situation": _}, *_]:
            return "differences", data
        case [{"reason": _}, *_]:
            return "waivers", {"waivers": data}
        case [{"cases": _}, *_]:
            return "cases", {"provision": "SP12", "cases": data}
        case [*obligations]:
            return "policy", {**POLICY, "obligations": obligations}
        case {"each": _}:
            return "policy", {**POLICY, "obligations": [{**OBLIGATION, **data}]}
        case {"editions": _}:
            return "policy", {**POLICY, **data, "obligations": [RULE]}
    for key in NAMED_BY.keys() & data.keys():
        return NAMED_BY[key], data
    return "description", {"apiVersion": "pytest-icp/v1", **data}


@each("yaml")
def test_each_file_can_be_read(block: Block, tmp_path: Path) -> None:
    name, data = completed(yaml.safe_load(block.text))
    path = tmp_path / f"{'OWN' if name == 'policy' else name}.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    if name == "ci":
        check_ci(block.text, data)
    elif name == "differences":
        assert msgspec.convert(data, list[Entry])
    elif name == "policy" and not block.path:  # one with a name is run as its page shows
        assert pytest_icp.load_policies([tmp_path])
    elif name != "policy":
        check_schema(read_source(path), name)


def check_ci(text: str, data: dict[str, Any]) -> None:
    """Fail unless a file of a CI service asks for what the action, template and hooks offer."""
    action = yaml.safe_load(text_of("action.yml"))
    hooks = yaml.safe_load(text_of(".pre-commit-hooks.yaml"))
    steps = [step for job in data.get("jobs", {}).values() for step in job["steps"]]
    given = {name for one in steps if "/pytest-icp@" in one["uses"] for name in one.get("with", ())}
    assert given <= action["inputs"].keys()
    assert set(re.findall(r"\.outputs\.([\w-]+)", text)) <= action["outputs"].keys()
    template = text_of("templates/pytest-icp.gitlab-ci.yml")
    assert [name for name in data.get("variables", ()) if f"${{{name}:" not in template] == []
    used = {hook["id"] for repo in data.get("repos", ()) for hook in repo["hooks"]}
    assert used <= {hook["id"] for hook in hooks}
    versions = re.findall(r"(?:pytest-icp@|re[fv]: )v([0-9.]+)", text)
    assert set(versions) == {project()["project"]["version"]}


@each("ini")
def test_each_setting_is_there(block: Block) -> None:
    settings = configparser.ConfigParser()
    settings.read_string(block.text)
    assert settings.sections() == ["pytest"]
    assert settings["pytest"].keys() <= pytest_config()._parser._inidict.keys()


def test_the_year_file_shown_can_be_read(tmp_path: Path) -> None:
    (block,) = (b for b in blocks("CONTRIBUTING.md", "yaml") if b.path)
    path = tmp_path / str(block.path)
    path.write_text(block.text, "utf-8")
    year = yaml.safe_load(block.text)
    calendar = with_years(published(), [path])
    assert [calendar.is_workday(day) for day in year["holidays"]] == [False, False]
    assert [calendar.is_workday(day) for day in year["workdays"]] == [True]


# ---- Python --------------------------------------------------------------------------------------


@each("pycon")
def test_the_session_shown_is_what_is_printed(
    block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    told: list[str] = []
    tests = doctest.DocTestParser().get_doctest(block.text, {}, block.page, block.page, 0)
    result = doctest.DocTestRunner(verbose=False).run(tests, out=told.append)
    assert result.attempted
    assert "".join(told) == ""


@each("python")
def test_the_program_shown_runs(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = compile(block.text, block.page, "exec")
    # A file is run with its page, and what asks tables of `fleet` by the tests of these.
    if not block.path and "polars" not in block.text:
        monkeypatch.chdir(lay_out(block.page, tmp_path))
        names: dict[str, Any] = {}
        exec(program, names)  # noqa: S102 - it is what the page shows
        tests = [one for name, one in names.items() if name.startswith("test_")]
        assert tests
        for test in tests:
            test()


# ---- what the pages show together ----------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The repository that the files shown in the guides make together."""
    return lay_out("docs/guides/describing.md", tmp_path)


def test_the_files_shown_work_together(repository: Path) -> None:
    asked = ("--icp-as-of", "2025-10-13", "--icp-unknown=warn", "-rA", "-v")
    ran = run(repository, "pytest", "infra", *asked)
    outcomes = {m[2]: m[1] for line in ran if (m := re.match(r"([A-Z]+) (infra/\S+)", line))}
    assert outcomes["infra/prod.icp.yaml::OWN::server-city"] == "PASSED"
    assert outcomes["infra/test_own.py::test_publication_logs_name_the_account"] == "PASSED"
    assert outcomes["infra/prod.icp.yaml::SP12::renewal"] == "XFAIL"
    assert not {"FAILED", "ERROR"} & set(outcomes.values())
    assert any(re.match(r"  OWN log-fields +1$", line) for line in ran)


def test_the_hook_shown_does_no_harm_without_the_plugin(repository: Path) -> None:
    ran = run(repository, "pytest", "infra", "-p", "no:icp", "--collect-only", "-q")
    assert "infra/test_own.py::test_publication_logs_name_the_account" in ran
    assert not any("unknown hook" in line for line in ran)


def test_the_waiver_shown_expires(repository: Path) -> None:
    ran = run(repository, "pytest", "infra", "--icp-as-of", "2025-10-14", "--icp-unknown=warn")
    assert [line.split()[1] for line in ran if line.startswith("FAILED")] == [
        "infra/prod.icp.yaml::SP12::renewal"
    ]


def test_the_provision_shown_can_be_violated_and_explained(repository: Path) -> None:
    description = repository / "infra" / "prod.icp.yaml"
    moved = description.read_text("utf-8").replace("city: 北京市", "city: 上海市")
    description.write_text(moved.replace("province: 北京市", "province: 上海市"), "utf-8")
    ran = run(repository, "pytest", "infra", "--icp-as-of", "2025-06-01", "--icp-select", "OWN")
    assert any(line.startswith("FAILED infra/prod.icp.yaml::OWN::server-city") for line in ran)
    explained = run(repository, "pytest-icp", "explain", "OWN")
    assert any("OWN/server-city" in line for line in explained)


CASE = """\
provision: OWN
cases:
  - name: the last character is right
    rule: OWN/credit-code
    as_of: 2025-01-01
    facts: {company: {uscc: 91110105MA00000X0W}}
    verdict: satisfied
  - name: the last character is wrong
    rule: OWN/credit-code
    as_of: 2025-01-01
    facts: {company: {uscc: 91110105MA00000X0A}}
    verdict: violated
"""


def test_the_kind_shown_is_known_to_commands_for_authors(tmp_path: Path) -> None:
    lay_out("docs/own-kinds.md", tmp_path / "infra")
    (tmp_path / "infra" / "cases").mkdir()
    (tmp_path / "infra" / "cases" / "OWN.yaml").write_text(CASE, "utf-8")
    own = ("OWN", "--policies", "infra/policies", "--lang", "en")
    assert run(tmp_path, "pytest-icp", "lint", *own)[-1] == "1 provision checked, nothing found."
    assert "Its rules" in run(tmp_path, "pytest-icp", "explain", *own)
    mutated = run(tmp_path, "pytest-icp", "mutate", *own, "--cases", "infra/cases")
    assert mutated[-1].endswith("100%"), mutated


@every_language
def test_the_change_of_a_licence_shown_is_found(
    lang: Lang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = blocks(f"docs/guides/first-hour{ENDINGS[lang]}", "text")
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
