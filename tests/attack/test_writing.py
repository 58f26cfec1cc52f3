"""Reports and other files are written whole, where they are named, or not at all."""

from __future__ import annotations

import errno
import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_icp.cli.editing import set_values
from pytest_icp.cli.main import main
from pytest_icp.cli.output import write_bytes, write_new
from pytest_icp.cli.schema import run_schema
from pytest_icp.facts.files.disk import write_file
from pytest_icp.law.errors import InputError
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.publishing import Request, deliver, requested
from tests.plugin.conftest import Infra
from tests.runs import RUN


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_the_old_file_and_no_draft(repository: Path) -> None:
    old = repository / "r.md"
    old.write_text("old", "utf-8")
    with largest_file(100):
        (error,) = deliver(RUN, [Request(format="markdown", path=str(old))])
    assert "the report cannot be written: the file is larger than is allowed" in str(error)
    assert old.read_text("utf-8") == "old"


def test_a_full_disk_leaves_no_half_of_a_new_file(repository: Path) -> None:
    with largest_file(100), pytest.raises(InputError, match="cannot be written"):
        write_new(repository / "infra.icp.yaml", "x" * 1000, overwrite=False)
    assert {path.name for path in repository.iterdir()} == {".git"}


@pytest.mark.parametrize("name", ["r.md", "reports/r.md"])
def test_a_link_out_of_the_repository_is_not_followed(repository: Path, name: str) -> None:
    outside = repository.parent / "outside"
    outside.mkdir()
    secret = outside / "r.md"
    secret.write_text("mine", "utf-8")
    if "/" in name:
        (repository / "reports").symlink_to(outside)
    else:
        (repository / name).symlink_to(secret)
    with pytest.raises(InputError, match="a symbolic link leads out of the repository"):
        requested([f"markdown={name}"], repository)
    (error,) = deliver(RUN, [Request(format="markdown", path=str(repository / name))])
    assert "a symbolic link leads out of the repository" in str(error)
    with pytest.raises(InputError, match="leads out"):
        write_bytes(repository / name, b"", overwrite=True)
    assert secret.read_text("utf-8") == "mine"


def test_without_git_the_folder_of_the_run_is_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (folder / "r.md").symlink_to(tmp_path / "x")
    with pytest.raises(InputError, match="leads out"):
        write_file(folder / "r.md", b"")
    with pytest.raises(InputError, match="leads out"):
        requested(["markdown=r.md"], folder, folder)


@pytest.mark.parametrize(
    "name", [".git/hooks/post-commit", ".GIT/config", "hooks/post-commit", "config"]
)
def test_nothing_is_written_to_what_git_keeps(repository: Path, name: str) -> None:
    (repository / ".git/hooks").mkdir()
    (repository / "hooks").symlink_to(".git/hooks")
    (repository / "config").symlink_to(".git/config")
    with pytest.raises(InputError, match="in the folder that git keeps for itself"):
        requested([f"markdown={name}"], repository)
    (error,) = deliver(RUN, [Request(format="markdown", path=str(repository / name))])
    assert "in the folder that git keeps for itself" in str(error)
    with pytest.raises(InputError, match="that git keeps"):
        write_bytes(repository / name, b"", overwrite=True)
    assert {path.name for path in repository.rglob("*")} == {".git", "hooks", "config"}


def test_nor_where_that_has_another_name(repository: Path) -> None:
    (repository / ".git").rename(repository / "kept")
    (repository / ".git").symlink_to("kept")
    with pytest.raises(InputError, match="that git keeps"):
        write_file(repository / "kept/config", b"")


@pytest.mark.parametrize(
    "command",
    [
        "init hooks/infra.icp.yaml",
        "init .git/hooks/infra.icp.yaml",
        "baseline infra --output hooks/post-commit",
        "register complaints --output hooks/post-commit.csv",
        "schema hooks",
        "schema .git/hooks/new",
        "evaluate infra --report markdown=hooks/post-commit",
    ],
)
def test_neither_does_a_command(
    infra: Infra, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".git/hooks").mkdir(parents=True)
    Path("hooks").symlink_to(".git/hooks")
    assert main(command.split()) == 4
    assert "that git keeps for itself" in " ".join(capsys.readouterr().err.split())
    assert not list(Path(".git/hooks").iterdir())


def test_neither_is_a_description_edited_there(infra: Infra) -> None:
    Path(".git").mkdir()
    there = Path(".git/infra.icp.yaml").absolute()
    text = infra.path.read_text("utf-8")
    infra.path.replace(there)
    infra.path.symlink_to(there)
    with pytest.raises(InputError, match="that git keeps"):
        set_values(infra.path, {("note",): "x"})
    assert there.read_text("utf-8") == text


def test_no_folder_is_made_beyond_a_link(repository: Path) -> None:
    (repository / "out").symlink_to("..")
    with pytest.raises(InputError, match="leads out"):
        run_schema(Path("out/new"), Screen("en"))
    assert not (repository.parent / "new").exists()


def test_a_link_inside_the_repository_is_followed(repository: Path) -> None:
    (repository / "r.md").symlink_to("real.md")
    write_file(repository / "r.md", b"new")
    assert (repository / "r.md").is_symlink()
    assert (repository / "real.md").read_bytes() == b"new"


def test_an_ini_file_writes_inside_the_repository_only(repository: Path) -> None:
    for written in (f"markdown={repository.parent}/r.md", "markdown=../r.md", "markdown=~/r.md"):
        with pytest.raises(InputError, match=r"outside the repository(.|\n)*--icp-report"):
            requested([written], repository, repository, anywhere=False)
        assert requested([written], repository, repository)
    assert requested(["markdown=out/r.md"], repository, repository, anywhere=False)


@pytest.mark.parametrize(
    "key", ["icp_report = markdown={file}", "addopts = --icp-report=markdown={file}"]
)
def test_neither_does_a_run(pytester: pytest.Pytester, key: str) -> None:
    outside = pytester.path.parent / "outside.md"
    pytester.makeini(f"[pytest]\n{key.format(file=outside)}\n")
    result = pytester.runpytest()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "where an ini file may not" in " ".join(result.stderr.str().split())


def test_the_command_line_may_name_any_file(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = pytester.path.parent / "outside.md"
    pytester.makepyfile("def test(): pass")
    assert pytester.runpytest(f"--icp-report=markdown={outside}").ret == pytest.ExitCode.OK
    assert outside.read_text("utf-8").startswith("<!-- pytest-icp -->")
    outside.unlink()
    monkeypatch.setenv("PYTEST_ADDOPTS", f"--icp-report markdown={outside}")
    assert pytester.runpytest().ret == pytest.ExitCode.OK
    assert outside.exists()


def test_what_is_replaced_keeps_its_permissions(repository: Path) -> None:
    file = repository / "r.md"
    write_file(file, b"1")
    assert stat.S_IMODE(file.stat().st_mode) == 0o666 & ~_umask()
    file.chmod(0o640)
    write_file(file, b"2")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"2", 0o640)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_what_may_not_be_written_is_not_replaced(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = repository / "r.md"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError):
        write_file(file, b"new")
    assert file.read_bytes() == b"old"


def test_a_pipe_in_the_repository_is_refused_at_once(repository: Path) -> None:
    os.mkfifo(repository / "r.md")
    with pytest.raises(InputError, match="not a regular file"):
        requested(["markdown=r.md"], repository)


def test_a_stream_is_written_to_and_not_replaced() -> None:
    read, write = os.pipe()
    named = Path(f"/dev/fd/{write}")
    assert requested([f"markdown={named}"], Path.cwd())
    write_file(named, b"text")
    assert os.read(read, 10) == b"text"
    os.close(read)
    with pytest.raises(BrokenPipeError):
        write_file(named, b"text")
    os.close(write)
    assert requested(["markdown=/dev/full"], Path.cwd())
    with pytest.raises(OSError, match="No space left"):
        write_file(Path("/dev/full"), b"text")


def test_a_file_that_appears_meanwhile_is_not_lost(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = repository / "new.yaml"
    file.write_text("theirs", "utf-8")
    with pytest.raises(FileExistsError):
        write_file(file, b"mine", new=True)
    monkeypatch.setattr(os, "link", _no_links)
    with pytest.raises(FileExistsError):
        write_file(file, b"mine", new=True)
    assert file.read_text("utf-8") == "theirs"
    write_file(repository / "other.yaml", b"mine", new=True)
    assert (repository / "other.yaml").read_bytes() == b"mine"
    assert not list(repository.glob(".icp-*"))


def _no_links(*_: object, **__: object) -> None:
    raise PermissionError(errno.EPERM, "no hard links here")


def test_names_that_no_file_has(repository: Path) -> None:
    for name in ("x\0y", "x" * 300):
        with pytest.raises(InputError, match="cannot be written"):
            requested([f"markdown={name}"], repository)
        (error,) = deliver(RUN, [Request(format="markdown", path=str(repository / name))])
        assert "cannot be written" in str(error)


def test_a_report_that_is_not_written_fails_the_run(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test(): pass")
    result = pytester.runpytest("--icp-report=markdown=/dev/full")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines("*ERROR: /dev/full: the report cannot be written: no space*")
