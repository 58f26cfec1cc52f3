"""``pytest-icp evaluate --staged``: what git has staged decides which descriptions are judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import DESCRIPTION, Command, Said
from tests.repositories import commit, git

ONE_RULE = ("--select", "SP12/renewal")
MORE = "apiVersion: pytest-icp/v1\ndomains: []\n"
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"
TWO = """\
apiVersion: pytest-icp/v1
licence_file: licence.yaml
include: [more.yaml]
sources: [{kind: kubernetes, path: deploy}]
sites: [{id: w, name: web, home_page: {url: "https://example.cn/", snapshot: home.html}}]
renewal: {intention: renew, applied_on: never}
"""


@pytest.fixture
def repository(folder: Path) -> Path:
    """A repository with two descriptions, of which one reads more than the other."""
    (folder / "two").mkdir()
    (folder / "two/deploy").mkdir()
    (folder / "two/two.icp.yaml").write_text(TWO, "utf-8")
    (folder / "two/licence.yaml").write_bytes((folder / "licence.yaml").read_bytes())
    (folder / "two/more.yaml").write_text(MORE, "utf-8")
    (folder / "two/home.html").write_text("<p>hello</p>", "utf-8")
    (folder / "two/deploy/web.yaml").write_text(SERVICE, "utf-8")
    (folder / "other.py").write_text("1\n", "utf-8")
    commit(folder)
    return folder


def judged(told: Said) -> set[str]:
    """Return the descriptions of which a short output has a finding."""
    return {line.partition(":")[0] for line in told.out.splitlines() if "SP12/renewal" in line}


def staged(command: Command, *more: str) -> Said:
    return command("evaluate", "--staged", "--format", "short", *ONE_RULE, ".", *more)


def refused(command: Command) -> str:
    """Return why nothing was judged."""
    told = staged(command)
    assert (told.code, told.out) == (4, "")
    return " ".join(told.err.split())


@pytest.mark.parametrize(
    ("name", "concerned"),
    [
        ("other.py", set()),
        ("prod.icp.yaml", {"prod.icp.yaml"}),
        ("licence.yaml", {"prod.icp.yaml"}),
        ("two/more.yaml", {"two/two.icp.yaml"}),
        ("two/home.html", {"two/two.icp.yaml"}),
        ("two/icp-waivers.yaml", {"two/two.icp.yaml"}),
        ("two/deploy/web.yaml", {"two/two.icp.yaml"}),
        ("two/deploy/new/db.yaml", {"two/two.icp.yaml"}),
        ("pytest.ini", {"prod.icp.yaml", "two/two.icp.yaml"}),
    ],
)
def test_a_change_concerns_what_reads_it(
    repository: Path, command: Command, name: str, concerned: set[str]
) -> None:
    path = repository / name
    path.parent.mkdir(exist_ok=True)
    text = {"pytest.ini": "[pytest]\n", "icp-waivers.yaml": "waivers: []\n"}
    before = path.read_text("utf-8") if path.exists() else text.get(path.name, SERVICE)
    path.write_text(f"{before}\n", "utf-8")
    git(repository, "add", "-A")
    told = staged(command)
    assert judged(told) == concerned
    assert told.code == int(bool(concerned))
    if not concerned:
        assert (told.out, told.err) == ("", "")


def test_what_is_removed_concerns_too(repository: Path, command: Command) -> None:
    git(repository, "rm", "-q", "two/more.yaml")
    told = staged(command)
    assert told.code == 1
    assert "two/two.icp.yaml:3:11 more.yaml: no such file" in told.out
    assert judged(told) == set()


def test_what_a_pattern_has_led_to_concerns_who_has_sources(
    repository: Path, command: Command
) -> None:
    # The last file of its folder: nothing that is read now lies beside it.
    two = repository / "two"
    nginx = TWO.replace("kind: kubernetes, path: deploy", "kind: nginx, path: nginx.conf")
    (two / "two.icp.yaml").write_text(nginx, "utf-8")
    (two / "nginx.conf").write_text("http { include conf.d/*.conf; }\n", "utf-8")
    (two / "conf.d").mkdir()
    (two / "conf.d/a.conf").write_text("server { listen 80; }\n", "utf-8")
    commit(repository)
    git(repository, "rm", "-q", "two/conf.d/a.conf")
    assert judged(staged(command)) == {"two/two.icp.yaml"}


def test_a_line_is_a_finding_and_the_last_ones_say_how_rules_stand(
    repository: Path, command: Command
) -> None:
    (repository / "conftest.py").write_text(
        "def pytest_runtest_teardown(item): raise ZeroDivisionError('later')\n", "utf-8"
    )
    told = command("evaluate", "--format", "short", *ONE_RULE, "prod.icp.yaml")
    first, second, stands, *_ = told.out.splitlines()
    assert first == "prod.icp.yaml::SP12::renewal ZeroDivisionError: later"
    assert second.startswith("prod.icp.yaml:5:15: SP12/renewal: Renewal: not done, and overdue")
    assert stands == "1 violated"


def test_where_nothing_is_staged_all_are_judged(repository: Path, command: Command) -> None:
    # As with `pre-commit run --all-files`.
    assert judged(staged(command)) == {"prod.icp.yaml", "two/two.icp.yaml"}


def test_the_index_of_a_commit_of_some_files_counts(
    repository: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = str(repository / ".git/other-index")
    git(repository, "read-tree", "HEAD", GIT_INDEX_FILE=index)
    (repository / "prod.icp.yaml").write_text(f"{DESCRIPTION}# changed\n", "utf-8")
    git(repository, "add", "prod.icp.yaml", GIT_INDEX_FILE=index)
    git(repository, "rm", "-q", "--cached", "other.py")
    monkeypatch.setenv("GIT_INDEX_FILE", index)
    assert judged(staged(command)) == {"prod.icp.yaml"}


def test_two_commits_that_pre_commit_names_are_compared(
    repository: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = git(repository, "rev-parse", "HEAD")
    (repository / "two/more.yaml").write_text(f"{MORE}# changed\n", "utf-8")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", first)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", commit(repository, "2025-05-02"))
    assert judged(staged(command)) == {"two/two.icp.yaml"}
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "--output=x")
    assert "--staged: git gives no staged changes" in refused(command)
    assert not (repository / "x").exists()


def test_only_what_is_named_is_judged(repository: Path, command: Command) -> None:
    (repository / "none").mkdir()
    ask = ("evaluate", "--staged", "--format", "json", "none")
    assert json.loads(command(*ask).out) == {"apiVersion": "pytest-icp/v1", "errors": []}
    told = command("evaluate", "--staged", "nowhere.icp.yaml")
    assert (told.code, "no such file" in told.err) == (4, True)


def test_without_git_it_says_so(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "git gives no staged changes: fatal: not a git repository" in refused(command)
    monkeypatch.setenv("PATH", "")
    assert "git gives no staged changes: FileNotFoundError" in refused(command)
