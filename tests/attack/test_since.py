"""A hostile base, or a hostile repository around it: nothing of it runs, and nothing leads out."""

from __future__ import annotations

import os
import random
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from pytest_icp.cli.main import main
from pytest_icp.law.errors import InputError
from pytest_icp.plugin import git as asking
from pytest_icp.plugin.git import Git, base_commit, unpack
from tests.plugin.conftest import Infra
from tests.plugin.test_since import DAY
from tests.repositories import commit, git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "a").write_text("a", "utf-8")
    commit(folder)
    return folder


def tree(folder: Path, *rows: tuple[str, str, str]) -> str:
    """Commit a tree of files as git's own plumbing writes it, whatever their names are."""
    listed = b""
    for mode, name, content in rows:
        blob = git(folder, "hash-object", "-w", "--stdin", given=content.encode())
        kind = "tree" if mode == "40000" else "blob"
        listed += f"{mode} {kind} {blob}\t{name}\n".encode()
    made = git(folder, "mktree", given=listed)
    return git(folder, "commit-tree", "-m", "a", made)


def unpacked(repository: Path, made: str, tmp_path: Path) -> tuple[Path, frozenset[str]]:
    folder = tmp_path / "base"
    folder.mkdir()
    return folder, unpack(Git(repository), made, folder.resolve())


def test_links_stay_inside(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    made = tree(
        repository,
        ("120000", "absolute", str(tmp_path / "secret")),
        ("120000", "up", "../secret"),
        ("120000", "loop", "loop"),
        ("120000", "good", "file"),
        ("120000", "through", "good/../../secret"),
        ("100644", "file", "x"),
    )
    folder, left = unpacked(repository, made, tmp_path)
    assert (folder / "good").read_text("utf-8") == "x"
    assert {"absolute", "up"} <= left
    assert not any(os.path.lexists(folder / name) for name in ("absolute", "up"))
    assert all(
        Path(os.path.realpath(path)).is_relative_to(folder.resolve()) for path in folder.iterdir()
    )


@pytest.mark.parametrize("left", [0, 20_000])
def test_a_file_that_git_has_lost_is_no_empty_one(
    repository: Path, tmp_path: Path, left: int
) -> None:
    content = random.Random(1).randbytes(50_000).hex()
    made = tree(repository, ("100644", "lost", content))
    blob = git(repository, "hash-object", "--stdin", given=content.encode())
    path = repository / ".git" / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(InputError):
        unpacked(repository, made, tmp_path)


def test_names_of_git_itself_are_not_written(repository: Path, tmp_path: Path) -> None:
    made = tree(repository, ("100644", ".gitx", "x"), ("100755", "run", "x"))
    folder, left = unpacked(repository, made, tmp_path)
    assert {path.name for path in folder.iterdir()} == {".git", ".gitx", "run"}
    assert left == frozenset()
    config = (folder / ".git" / "config").read_text("utf-8")
    odd = bytes.fromhex(git(repository, "hash-object", "-w", "--stdin", given=b"x"))
    inner = git(
        *(repository, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"),
        given=b"100644 config\0" + odd,
    )
    for row in (
        b"100644 .git\0" + odd,
        b"100644 ..\0" + odd,
        b"100644 a/../../x\0" + odd,
        *(b"40000 %b\0" % name + bytes.fromhex(inner) for name in (b".git", b".GIT", b"..")),
    ):
        arguments = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
        made = git(repository, "commit-tree", "-m", "a", git(repository, *arguments, given=row))
        with pytest.raises(InputError, match="does not give all files"):
            unpack(Git(repository), made, folder)
    assert (folder / ".git" / "config").read_text("utf-8") == config
    assert [path.name for path in tmp_path.iterdir() if path.name == "x"] == []


def test_a_link_that_is_also_a_folder_reaches_nothing_outside(
    repository: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").symlink_to("nowhere")
    link = git(repository, "hash-object", "-w", "--stdin", given=str(outside).encode())
    inner = git(repository, "mktree", given=f"120000 blob {link}\tx\n".encode())
    rows = (b"40000 a\0" + bytes.fromhex(inner), b"120000 a\0" + bytes.fromhex(link))
    for order in (rows, rows[::-1]):
        arguments = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
        made = git(repository, *arguments, given=b"".join(order))
        made = git(repository, "commit-tree", "-m", "a", made)
        folder = tmp_path / f"base{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        with suppress(InputError):
            unpack(Git(repository), made, folder.resolve())
        assert (outside / "x").is_symlink()


def test_what_git_lfs_keeps_elsewhere_is_told(repository: Path, tmp_path: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    made = tree(repository, ("100644", "big.json", pointer))
    assert unpacked(repository, made, tmp_path)[1] == {"big.json"}


def test_size_and_number_are_limited(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tree(repository, ("100644", "a", "xxxx"), ("100644", "b", "xxxx"))
    for name, most in (("MOST_FILES", 1), ("MOST_BYTES", 7), ("MOST_PRINTED", 9)):
        with monkeypatch.context() as patch:
            patch.setattr(asking, name, most)
            with pytest.raises(InputError, match="git worktree add"):
                unpack(Git(repository), made, tmp_path)


def test_a_tree_that_repeats_itself_ends(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = git(repository, "hash-object", "-w", "--stdin", given=b"x")
    listed = "".join(f"100644 blob {blob}\tf{n}\n" for n in range(10))
    made = git(repository, "mktree", given=listed.encode())
    for _ in range(9):
        rows = "".join(f"040000 tree {made}\td{n}\n" for n in range(10))
        made = git(repository, "mktree", given=rows.encode())
    made = git(repository, "commit-tree", "-m", "a", made)
    monkeypatch.setattr(asking, "MOST_PRINTED", 1_000_000)
    with pytest.raises(InputError, match="git worktree add"):
        unpacked(repository, made, tmp_path)


def test_a_broken_repository_is_one_error(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tree(repository, ("100644", "gone", "only here"))
    blob = git(repository, "rev-parse", f"{made}:gone")
    (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(InputError, match="does not give all files"):
        unpacked(repository, made, tmp_path)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(InputError, match="does not give all files"):
        unpack(Git(repository), made, tmp_path)


def test_a_commit_of_no_day_is_the_oldest(repository: Path) -> None:
    tree_of = git(repository, "rev-parse", "HEAD^{tree}")
    for seconds in ("99999999999999999999", "x"):
        raw = f"tree {tree_of}\nauthor a <a> 1 +0000\ncommitter a <a> {seconds} +0000\n\na\n"
        made = git(
            repository,
            "hash-object",
            "-t",
            "commit",
            "-w",
            "--literally",
            "--stdin",
            given=raw.encode(),
        )
        git(repository, "update-ref", "--no-deref", "refs/heads/main", made)
        assert base_commit(Git(repository), made).instant.year == 1970


def test_a_shallow_history_without_a_common_commit(repository: Path, tmp_path: Path) -> None:
    git(repository, "branch", "other")
    commit(repository, "2025-05-02")
    git(repository, "checkout", "-q", "other")
    (repository / "b").write_text("b", "utf-8")
    commit(repository, "2025-05-03")
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{repository}", "s")
    with pytest.raises(InputError, match="no commit in common") as error:
        base_commit(Git(tmp_path / "s"), "origin/main")
    assert "--deepen=100" in error.value.text("en")


def test_a_link_beside_git_gives_the_base_nothing_from_outside(infra: Infra) -> None:
    root = infra.pytester.path
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "site.conf").write_text("server { server_name secret.example.cn; }\n", "utf-8")
    (root / "infra/out").symlink_to(outside)
    with infra.path.open("a", encoding="utf-8") as file:
        file.write("sources: [{kind: nginx, path: out/site.conf}]\n")
    commit(root, "2025-11-01")
    run = infra.run("--icp-since=main", "--icp-lang=en", "--icp-select=LIC/domains", as_of=DAY)
    assert "secret" not in run.stdout.str()
    assert "What this change does" in run.stdout.str()


def test_a_head_without_a_commit(repository: Path) -> None:
    git(repository, "symbolic-ref", "HEAD", "refs/heads/none")
    with pytest.raises(InputError, match="no commit yet"):
        base_commit(Git(repository), "main")


HOSTILE = """\
[core]
fsmonitor = {run}
hooksPath = {folder}
pager = {run}
sshCommand = {run}
editor = {run}
[filter "x"]
smudge = {run}
clean = {run}
process = {run}
[diff "x"]
textconv = {run}
command = {run}
[diff]
external = {run}
[log]
showSignature = true
[gpg]
program = {run}
[remote "origin"]
url = ext::{run}
promisor = true
uploadpack = {run}
[extensions]
partialClone = origin
[alias]
rev-parse = !{run}
merge-base = !{run}
"""


def test_no_setting_of_the_repository_runs_anything(infra: Infra) -> None:
    root = infra.pytester.path
    infra.write(".gitattributes", "* filter=x diff=x merge=x export-subst\n")
    infra.write("conftest.py", "")
    code = f"open({str(root)!r} + '/ran', 'a').write('x')\n"
    for name in ("evil", "infra/conftest", "infra/__init__", "infra/test_it", "sitecustomize"):
        infra.write(f"{name}.py", code)
    commit(root)
    infra.write(
        "pytest.ini", "[pytest]\naddopts = -p evil\npythonpath = .\nrequired_plugins = evil\n"
    )
    commit(root, "2025-11-01")
    infra.write("pytest.ini", "[pytest]\n")
    for name in ("evil", "infra/conftest", "infra/__init__", "infra/test_it", "sitecustomize"):
        (root / f"{name}.py").unlink()
    script = root / ".git" / "evil"
    script.write_text(f"#!/bin/sh\ntouch {root}/ran\n", "utf-8")
    script.chmod(0o755)
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (root / ".git" / hook).write_text(script.read_text("utf-8"), "utf-8")
        (root / ".git" / hook).chmod(0o755)
    config = root / ".git" / "config"
    config.write_text(
        config.read_text("utf-8") + HOSTILE.format(run=script, folder=root / ".git"), "utf-8"
    )
    index = (root / ".git/index").read_bytes()
    run = infra.run("--icp-since=main", "--icp-lang=en", "--icp-select=SP12", as_of=DAY)
    run.stdout.fnmatch_lines(["*nothing: no verdict and no date differs*"])
    assert not (root / "ran").exists()
    assert (root / ".git/index").read_bytes() == index


MISSING = """\
[extensions]
partialClone = origin
[protocol "ext"]
allow = always
[remote "origin"]
url = ext::{run}
promisor = true
"""
MECHANISMS = {
    "hook": ("[core]\nhooksPath = {hooks}", ["checkout", "a"]),
    "hook of the index": ("[core]\nhooksPath = {hooks}", ["update-index", "--force-write-index"]),
    "smudge": ('[filter "x"]\nsmudge = {run}', ["checkout", "a"]),
    "clean": ('[filter "x"]\nclean = {run}', ["add", "--renormalize", "."]),
    "process": ('[filter "x"]\nprocess = {run}\nrequired = true', ["add", "--renormalize", "."]),
    "fsmonitor": ("[core]\nfsmonitor = {run}", ["status"]),
    "alternate refs": (
        "[core]\nalternateRefsCommand = {run}",
        ["rev-list", "-1", "--alternate-refs", "HEAD"],
    ),
    "external diff": ("[diff]\nexternal = {run}", ["diff"]),
    "diff of a kind": ('[diff "x"]\ncommand = {run}', ["diff"]),
    "textconv": ('[diff "x"]\ntextconv = {run}', ["diff"]),
    "credentials": ("[credential]\nhelper = !{run}", ["credential", "fill"]),
    "password": ("[core]\naskPass = {run}", ["credential", "fill"]),
    "transport": (
        '[protocol "ext"]\nallow = always\n[remote "origin"]\nurl = ext::{run}',
        ["fetch", "origin"],
    ),
    "ssh": (
        '[core]\nsshCommand = {run}\n[remote "origin"]\nurl = ssh://x.invalid/y',
        ["fetch", "origin"],
    ),
    "missing objects": (
        MISSING,
        ["cat-file", "-p", "main:lost"],
    ),
}


@pytest.mark.parametrize("name", MECHANISMS)
def test_what_a_repository_sets_is_not_run(repository: Path, tmp_path: Path, name: str) -> None:
    """Each setting runs a command by what people type, and none by what is asked for a base."""
    (repository / ".gitattributes").write_text("* filter=x diff=x\n", "utf-8")
    (repository / "lost").write_text("lost", "utf-8")
    commit(repository)
    (repository / "a").write_text("another", "utf-8")
    ran, hooks = tmp_path / "ran", tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("post-checkout", "post-index-change", "run"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {ran}\n", "utf-8")
        (hooks / hook).chmod(0o755)
    if name == "alternate refs":
        git(tmp_path, "clone", "-q", "--bare", str(repository), "other")
        alternates = repository / ".git/objects/info/alternates"
        alternates.write_text(f"{tmp_path / 'other' / 'objects'}\n", "utf-8")
    if name == "missing objects":
        blob = git(repository, "rev-parse", "main:lost")
        (repository / ".git/objects" / blob[:2] / blob[2:]).unlink()
    settings, typed = MECHANISMS[name]
    with (repository / ".git/config").open("a", encoding="utf-8") as file:
        file.write(settings.format(run=hooks / "run", hooks=hooks) + "\n")
    asked = Git(repository)
    folder = tmp_path / "base"
    folder.mkdir()
    found = base_commit(asked, "main")
    with suppress(InputError):
        unpack(asked, found.id, folder)
    asked.ask("ls-files", "-z", "--full-name")
    assert not ran.exists()
    if name != "missing objects":
        assert (folder / "a").read_text("utf-8") == "a"
    asked_of = b"protocol=https\nhost=x.invalid\n\n"
    subprocess.run(
        ["git", *typed],  # noqa: S607 - as users have it
        cwd=repository,
        input=asked_of,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
    )
    assert ran.exists()


TELLING = """\
import os
from pathlib import Path
Path({told!r}).write_text(repr(dict(os.environ)), "utf-8")
def pytest_icp_policies(config):
    return []
"""


@pytest.mark.parametrize("isolated", [False, True])
def test_the_code_of_a_base_has_no_token(
    infra: Infra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolated: bool
) -> None:
    """Of a base that has hooks of ours `conftest.py` runs; nothing does with ``--no-project``."""
    told = tmp_path / "told"
    infra.write("conftest.py", TELLING.format(told=str(told)))
    commit(infra.pytester.path, "2025-11-01")
    infra.write("conftest.py", "")
    for name in ("GITHUB_TOKEN", "CI_JOB_TOKEN", "AWS_SECRET_ACCESS_KEY", "GIT_ASKPASS"):
        monkeypatch.setenv(name, "a-secret")
    if isolated:
        monkeypatch.setattr("pytest_icp.cli.main.is_fresh", lambda: True)
        given = ["evaluate", "--no-project", "infra", "--since", "main", "--as-of", DAY]
        main([*given, "--select", "SP12"])
        assert not told.exists()
        return
    infra.run("--icp-since=main", "--icp-select=SP12", as_of=DAY)
    assert "PATH" in told.read_text("utf-8")
    assert "a-secret" not in told.read_text("utf-8")


def test_a_run_that_stops_leaves_nothing(
    infra: Infra, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    commit(infra.pytester.path, "2025-11-01")
    run = infra.run("--icp-since=main", "--icp-select=NOTHING", as_of=DAY)
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert [*tmp_path.glob("icp-base-*")] == []


def test_a_folder_that_looks_like_a_repository_is_none(repository: Path) -> None:
    inner = repository / "inner"
    inner.mkdir()
    git(inner, "init", "-q", "--bare", ".")
    with pytest.raises(InputError, match="not a git repository"):
        base_commit(Git(inner), "HEAD")


def test_a_base_brings_no_ini_file_from_above(
    infra: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = infra.pytester.path.parent / "temporary"
    temporary.mkdir()
    (temporary / "pytest.ini").write_text("[pytest]\nicp_ignore = SP12/opened\n", "utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    commit(infra.pytester.path, "2025-11-01")
    run = infra.run("--icp-since=main", "--icp-lang=en", "--icp-select=SP12", as_of=DAY)
    run.stdout.fnmatch_lines(["*nothing: no verdict and no date differs*"])
    assert [path.name for path in temporary.iterdir()] == ["pytest.ini"]
