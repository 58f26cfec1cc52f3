"""``pytest-icp fetch``: what a comparison needs is fetched into a shallow clone, and no more."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.cli import fetch as module
from pytest_icp.cli.fetch import run_fetch
from pytest_icp.cli.main import main
from pytest_icp.law.errors import InputError
from pytest_icp.plugin.git import Git
from tests.repositories import commit, git
from tests.stand_in import TOKEN


class Remote:
    """A repository with a pull request: ``main`` went on since the branch of the change began."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        git(folder, "init", "-q")
        self.old = [self._commit(f"old {n}") for n in range(3)]
        self.fork = self._commit("where the change begins")
        git(folder, "checkout", "-q", "-b", "change")
        self.change = [self._commit(f"change {n}") for n in range(3)][-1]
        git(folder, "checkout", "-q", "main")
        self.main = [self._commit(f"main {n}") for n in range(3)][-1]
        git(folder, "checkout", "-q", "--detach")
        git(folder, "merge", "-q", "--no-ff", "-m", "merged", "change")
        self.merge = git(folder, "rev-parse", "HEAD")
        git(folder, "update-ref", "refs/pull/7/merge", self.merge)
        git(folder, "checkout", "-q", "main")

    def _commit(self, name: str) -> str:
        (self.folder / name).write_text(name)
        return commit(self.folder)


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Remote:
    return Remote(tmp_path_factory.mktemp("remote") / "r")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a job, made the current one."""
    folder = tmp_path / "clone"
    folder.mkdir()
    git(folder, "init", "-q")
    monkeypatch.chdir(folder)
    return folder


def check_out(clone: Path, remote: Remote, what: str, *depth: str) -> None:
    """Check out one commit, as the services do."""
    if "origin" not in git(clone, "remote"):
        git(clone, "remote", "add", "origin", remote.folder.as_uri())
    git(clone, "fetch", "-q", "--no-tags", *depth, "origin", what)
    git(clone, "checkout", "-q", "--detach", "FETCH_HEAD")


def commits(clone: Path) -> int:
    listed = git(clone, "cat-file", "--batch-check", "--batch-all-objects")
    return sum(" commit " in line for line in listed.splitlines())


def event(folder: Path, sha: str) -> dict[str, str]:
    path = folder.parent / "event.json"
    path.write_text(json.dumps({"pull_request": {"number": 7, "base": {"sha": sha}}}))
    return {"GITHUB_EVENT_PATH": str(path)}


def test_of_a_merge_for_the_job_only_its_parents_are_fetched(clone: Path, remote: Remote) -> None:
    check_out(clone, remote, "refs/pull/7/merge", "--depth=1")
    # What the event says is older than what was merged.
    job = event(clone, remote.fork) | {
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": remote.merge,
    }
    assert run_fetch("", job) == remote.main
    assert commits(clone) == 3
    assert git(clone, "merge-base", "HEAD", remote.main) == remote.main
    assert run_fetch("", job) == remote.main


def test_another_commit_than_the_merge_is_compared_with_its_merge_base(
    clone: Path, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_DEEPER", (1, 2, 100))
    check_out(clone, remote, remote.change, "--depth=1")
    job = event(clone, remote.main) | {
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": remote.merge,
    }
    assert run_fetch("", job) == remote.fork
    # Not the whole history.
    assert commits(clone) < 11
    assert git(clone, "rev-parse", "--is-shallow-repository") == "true"


def test_a_job_for_a_commit_that_is_no_merge(clone: Path, remote: Remote) -> None:
    check_out(clone, remote, remote.change, "--depth=1")
    job = event(clone, remote.main) | {
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_SHA": remote.change,
    }
    assert run_fetch("", job) == remote.fork


def test_the_variables_of_gitlab(clone: Path, remote: Remote) -> None:
    check_out(clone, remote, remote.change, "--depth=2")
    assert run_fetch("", {"CI_MERGE_REQUEST_DIFF_BASE_SHA": remote.fork}) == remote.fork
    check_out(clone, remote, "refs/pull/7/merge", "--depth=1")
    both = {
        "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": remote.main,
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": remote.fork,
    }
    assert run_fetch("", both) == remote.main


@pytest.mark.parametrize("name", ["main", "origin/main"])
def test_a_branch_that_is_not_there_is_fetched(clone: Path, remote: Remote, name: str) -> None:
    check_out(clone, remote, remote.change, "--depth=1")
    assert run_fetch(name, {}) == remote.fork


def test_a_whole_clone_stays_whole(clone: Path, remote: Remote) -> None:
    check_out(clone, remote, remote.change)
    assert run_fetch("main", {}) == remote.fork
    assert git(clone, "rev-parse", "--is-shallow-repository") == "false"
    # What is there is not asked for.
    git(clone, "remote", "remove", "origin")
    assert run_fetch("HEAD~1", {}) == git(clone, "rev-parse", "HEAD~1")


def test_a_commit_that_only_this_clone_has(clone: Path, remote: Remote) -> None:
    check_out(clone, remote, remote.change, "--depth=1")
    (clone / "new").touch()
    commit(clone)
    assert run_fetch(remote.main, {}) == remote.fork


def test_what_has_nothing_in_common(clone: Path, remote: Remote) -> None:
    check_out(clone, remote, remote.change, "--depth=1")
    git(clone, "checkout", "-q", "--orphan", "alone")
    commit(clone)
    with pytest.raises(InputError, match="have no commit in common"):
        run_fetch(remote.main, {})


def test_a_file_or_folder_is_what_it_is(clone: Path) -> None:
    (clone / "before").mkdir()
    assert run_fetch("before", {}) == "before"


def test_what_cannot_be_fetched(clone: Path, remote: Remote) -> None:
    check_out(clone, remote, remote.change, "--depth=1")
    for wrong in ("no-such", "--upload-pack=touch ran", "0" * 40, "a:b", "n" * 300, "a\0b"):
        with pytest.raises(InputError, match="cannot be fetched"):
            run_fetch(wrong, {})
    git(clone, "fetch", "-q", "--depth=1", "origin", remote.main)
    git(clone, "remote", "set-url", "origin", "ext::touch ran")
    for named in (remote.main, remote.old[0]):
        with pytest.raises(InputError, match="'ext' not allowed"):
            run_fetch(named, {})
    assert not (clone / "ran").exists()


def test_outside_of_a_job(
    clone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GITHUB_EVENT_PATH", "CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        monkeypatch.delenv(name, raising=False)
    (clone / "event.json").write_text('{"pull_request": {"base": 1}}')
    with pytest.raises(InputError, match="no commit is named"):
        run_fetch("", {"GITHUB_EVENT_PATH": "event.json"})
    assert main(["fetch"]) == 4
    assert "no commit is named" in capsys.readouterr().err
    first = commit(clone)
    assert main(["fetch", "HEAD"]) == 0
    assert capsys.readouterr().out == f"{first}\n"
    monkeypatch.setenv("PATH", str(clone))
    with pytest.raises(InputError, match="git cannot be run"):
        run_fetch("main", {})


def test_the_token_goes_to_the_service_where_there_is_no_other_way(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(clone)
    ran: list[tuple[tuple[str, ...], Any]] = []

    class Recorded(Git):
        def __init__(self, folder: Path, **more: Any) -> None:
            super().__init__(folder, **more)
            self.settings = more["settings"]

        def ask(self, *arguments: str) -> bytes | None:
            if arguments[0] != "fetch":
                return super().ask(*arguments)
            ran.append((arguments, self.settings))
            return None

    monkeypatch.setattr(module, "Git", Recorded)
    job = {"GITHUB_SERVER_URL": "https://git.example", "GITHUB_REPOSITORY": "o/r"}
    with pytest.raises(InputError, match="cannot be fetched"):
        run_fetch("other", job | {"GITHUB_TOKEN": TOKEN})
    (_, first), (second, settings) = ran
    assert "GIT_CONFIG_COUNT" not in first
    assert second[-2:] == ("https://git.example/o/r", "+other:refs/icp/base")
    assert settings["GIT_CONFIG_KEY_0"] == "http.https://git.example/.extraheader"
    basic = settings["GIT_CONFIG_VALUE_0"].removeprefix("AUTHORIZATION: basic ")
    assert b64decode(basic).decode() == f"x-access-token:{TOKEN}"
    assert TOKEN not in str([arguments for arguments, _ in ran])
    ran.clear()
    with pytest.raises(InputError, match="cannot be fetched"):
        run_fetch("other", job)
    assert "GIT_CONFIG_COUNT" not in ran[1][1]
    ran.clear()
    with pytest.raises(InputError, match="cannot be fetched"):
        run_fetch("other", job | {"GITHUB_SERVER_URL": "http://git.example"})
    assert len(ran) == 1
