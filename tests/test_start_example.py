"""The first hour of ``examples/start``: nothing is written by hand, and each patch is found."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from shutil import copytree

import pytest

import pytest_icp
from pytest_icp.cli.main import main
from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from tests.forking import bases_are_judged_in_forks
from tests.repositories import commit

__all__ = ["bases_are_judged_in_forks"]

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "start"
README = (EXAMPLE / "README.md").read_text("utf-8")
DAY = "2026-11-27"
DESCRIBED = "2026-11-20"
BREACHES = {
    "1-host": ("LIC/domains", "deploy/web.yaml:45"),
    "2-number": ("SP02/home-page", "www/index.html:10"),
    "3-region": ("LIC/server-place", "infra/variables.tf:4"),
    "4-logs": ("SP09/six-months", "infra/variables.tf:10"),
}
"""Each patch with the rule that it breaks and the line that it edits."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    copytree(EXAMPLE, root)
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    assert main(["init", "LICENCE.txt", "--lang", "en", "--as-of", DESCRIBED]) == 0
    return root


def judged() -> list[tuple[Result, Finding]]:
    results = pytest_icp.evaluate(pytest_icp.load("infra.icp.yaml"), as_of=DAY)
    violated = [result for result in results if result.verdict is Verdict.VIOLATED]
    return [
        (result, one)
        for result in violated
        for one in result.findings
        if one.verdict is Verdict.VIOLATED
    ]


def apply(patch: str, root: Path) -> None:
    """Apply a patch to the one file that it names."""
    text = (EXAMPLE / "patches" / f"{patch}.patch").read_text("utf-8")
    (name,) = re.findall(r"^\+\+\+ b/(.*)$", text, re.MULTILINE)
    hunk = text.partition("\n@@")[2].partition("\n")[2].splitlines()
    before = "\n".join(line[1:] for line in hunk if line[:1] in {" ", "-"})
    after = "\n".join(line[1:] for line in hunk if line[:1] in {" ", "+"})
    file = root / name
    old = file.read_text("utf-8")
    assert old.count(before) == 1
    file.write_text(old.replace(before, after), "utf-8")


def test_as_it_stands_nothing_is_violated(repository: Path) -> None:
    assert judged() == []


@pytest.mark.parametrize("patch", BREACHES)
def test_each_patch_is_found_on_the_line_that_it_edits(repository: Path, patch: str) -> None:
    apply(patch, repository)
    rule, place = BREACHES[patch]
    found = {
        (result.rule_id, f"{one.location.path}:{one.location.line}") for result, one in judged()
    }
    assert found == {(rule, place)}


def in_words(markdown: str) -> str:
    """A text without its marks."""
    return " ".join(unescape(re.sub(r"\*\*|<[^>]*>", "", markdown)).split())


def comment_shown(page: str) -> str:
    """The comment that a page shows."""
    text = (EXAMPLE.parents[1] / "docs" / page).read_text("utf-8")
    return text.partition("```text\n")[2].partition("```")[0]


def shown(guide: str) -> list[str]:
    """The lines of the guide that say what the four patches do."""
    text = (EXAMPLE.parents[1] / "docs" / "guides" / guide).read_text("utf-8")
    return re.findall(r"^  .* → .*$", text, re.MULTILINE)


def test_the_four_patches_read_as_four_lines(
    repository: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (repository / ".git").rmdir()
    commit(repository, DESCRIBED)
    for patch in BREACHES:
        apply(patch, repository)
    capsys.readouterr()
    arguments = ["infra.icp.yaml", "--as-of", DAY, "--lang", "en", "--since", "main"]
    assert main(["evaluate", *arguments, "--report", "comment=comment.md"]) == 1
    said = capsys.readouterr().out
    lines = [line for line in said.splitlines() if "→ violated" in line]
    for (rule, place), line in zip(sorted(BREACHES.values()), lines, strict=True):
        assert f" {place}:" in line
        assert re.search(rf" {rule}(#[a-z]+)?: ", line)
    comment = in_words(Path("comment.md").read_text("utf-8"))
    pieces = re.split(r"…|❌|3f2a1b9c4d5e", comment_shown("comment.md"))
    assert [one for one in map(in_words, pieces) if one.strip(". ") not in comment] == []
    places = re.compile(r"❌ (\S+/\S+) (\S+:[0-9]+)")
    one, other = (places.findall(comment_shown(name)) for name in ("comment.md", "comment.zh.md"))
    assert len(one) == len(BREACHES)
    assert one == other
    assert shown("pull-requests.md") == lines
    starts = [line.partition(": ")[0] for line in shown("pull-requests.zh.md")]
    assert starts == [line.partition(": ")[0] for line in lines]


def test_other_breaches_of_the_first_day_are_found(repository: Path) -> None:
    def change(name: str, old: str, new: str) -> None:
        text = (repository / name).read_text("utf-8")
        assert old in text
        (repository / name).write_text(text.replace(old, new), "utf-8")

    change("infra/variables.tf", '"cn-beijing"', '"ap-southeast-1"')
    zone = (repository / "dns/example.cn.zone").read_text("utf-8")
    other = zone.replace("example.cn.", "example.net.")
    (repository / "dns/example.net.zone").write_text(other, "utf-8")
    change("infra/main.tf", '"private"', '"public-read"')
    change("infra/main.tf", '"example-user-uploads"', '"example-personal-data"')
    found = {
        (result.rule_id, f"{one.location.path}:{one.location.line}") for result, one in judged()
    }
    assert found >= {
        ("LIC/server-place", "infra/variables.tf:4"),
        ("LIC/server-abroad", "infra/variables.tf:4"),
        ("LIC/domains", "dns/example.net.zone:6"),
        ("SP07/least-privilege", "infra/main.tf:58"),
    }


def test_the_readme_shows_each_patch() -> None:
    told = [[cell.strip(" `") for cell in row.split("|")[1:4]] for row in README.splitlines()]
    for patch, (rule, place) in BREACHES.items():
        assert [patch, rule, place] in told
