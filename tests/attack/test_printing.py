"""What is printed is whole and obeyed by nobody, whatever the stream and the names of files."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_icp.cli import output as printing
from pytest_icp.cli.main import main
from pytest_icp.law.errors import InputError
from pytest_icp.reports.as_markdown import escaped
from pytest_icp.reports.publishing import FORMATS
from tests.plugin.conftest import DESCRIPTION, LICENCE, Infra


def stream(encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="strict", newline="\n")


def written(to: io.TextIOWrapper) -> str:
    to.flush()
    return to.buffer.getvalue().decode(to.encoding)  # type: ignore[attr-defined]  # of BytesIO


def test_an_ascii_stream_has_every_character(monkeypatch: pytest.MonkeyPatch) -> None:
    ascii_output = stream("ascii")
    monkeypatch.setattr(sys, "stdout", ascii_output)
    assert main(["explain", "SP12/renewal", "--lang", "zh"]) == 0
    text = written(ascii_output)
    assert r"\u63d0\u524d90\u65e5" in text
    assert "?" not in text


@pytest.mark.parametrize(
    "command",
    [
        ("schema", "--print", "description"),
        ("evaluate", "infra", "--select=SP12", "--report", "sarif"),
    ],
)
def test_what_a_program_reads_is_refused_instead(
    infra: Infra,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ascii_output = stream("ascii")
    monkeypatch.setattr(sys, "stdout", ascii_output)
    assert main(command) == 4
    assert written(ascii_output) == ""
    assert "standard output is ascii" in " ".join(capsys.readouterr().err.split())


def test_pytest_escapes_too(infra: Infra) -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    args = (
        "-q",
        "-p",
        "no:cacheprovider",
        "--icp-select=SP12",
        "--icp-as-of=2025-12-01",
        "--icp-lang=zh",
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *args], capture_output=True, env=env, check=False
    )
    text = done.stdout.decode("ascii")
    assert done.returncode == 1
    assert r"\u672a" in text
    assert not re.search(r"\?\?|[a-z]\?", text)


@pytest.mark.parametrize(
    ("redirected", "said"),
    [(">&-", "standard output cannot be written: it is closed"), ("2>&- >&-", "")],
)
def test_a_stream_that_is_closed(redirected: str, said: str) -> None:
    command = f"{sys.executable} -m pytest_icp schema --print waivers {redirected}"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 4
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_no_stream_at_all(infra: Infra) -> None:
    command = f"{sys.executable} -m pytest_icp evaluate infra >&- 2>&-"
    assert subprocess.run(["/bin/sh", "-c", command], check=False).returncode == 4


def test_a_folder_that_was_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(["explain", "SP12", "--lang", "en"]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(("name", "said"), [("/dev/full", "no space is left on the disk")])
def test_a_stream_that_takes_nothing(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path(name).open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["explain", "SP12/renewal"]) == 4
    assert said in " ".join(capsys.readouterr().err.split())


def test_errors_without_a_stream_are_only_an_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(InputError, match="it is closed"):
        printing.print_text("x")
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["schema", "--print", "nothing"]) == 4
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stderr", full)
        printing.print_errors(["x"])
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())


@pytest.mark.parametrize("args", [(), ("-vv",), ("--tb=line",), ("-q", "--collect-only")])
def test_a_file_name_is_no_command(pytester: pytest.Pytester, args: tuple[str, ...]) -> None:
    (pytester.path / "::warning::").mkdir()
    for name in (
        "::error::x.icp.yaml",
        "##[error]x.icp.yaml",
        " ::x.icp.yaml",
        "::warning::/x.icp.yaml",
    ):
        (pytester.path / name).write_text(DESCRIPTION, "utf-8")
        (pytester.path / name).with_name("licence.yaml").write_text(LICENCE, "utf-8")
        (pytester.path / name.replace("x.", "y.")).write_text("bad: 1", "utf-8")
    result = pytester.runpytest_inprocess("--icp-select=SP12/renewal", *args)
    assert "x.icp.yaml" in result.stdout.str()
    assert not [line for line in result.outlines if line.strip().startswith(("::", "##"))]


def test_each_name_is_an_item_of_its_own(infra: Infra) -> None:
    for name in ("x::().icp.yaml", "a[b].icp.yaml", "n\nl.icp.yaml", "::()/b.icp.yaml"):
        infra.write(f"infra/{name}", DESCRIPTION)
        (infra.path.parent / name).with_name("licence.yaml").write_text(LICENCE, "utf-8")
    (infra.path.parent / os.fsdecode(b"\xff.icp.yaml")).write_text(DESCRIPTION, "utf-8")
    result = infra.run("--icp-select=SP12/renewal", "--junitxml=r.xml")
    assert sum(result.parseoutcomes().get(one, 0) for one in ("passed", "failed", "violated")) == 6


@pytest.mark.parametrize("name", FORMATS)
def test_neither_is_it_in_a_report(
    pytester: pytest.Pytester, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (pytester.path / "::error::y.icp.yaml").write_text("bad: 1", "utf-8")
    assert main(["evaluate", ".", "--report", name]) == 1
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert not [line for line in lines if line.startswith(("::error::", "##["))]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GH-12", "GH<!-- -->-12"),
        ("gh-1", "gh<!-- -->-1"),
        ("#12", "&#35;<!-- -->12"),
        ("org/repo#1", "org/repo&#35;<!-- -->1"),
        ("@user", "@<!-- -->user"),
        ("user@deadbee", "user@<!-- -->deadbe<!-- -->e"),
        ("deadbee1", "deadbe<!-- -->e1"),
        ("https://evil.example", "https&#58;//evil.example"),
        ("www.evil.example", "www&#46;evil.example"),
        ("aGH-12 GH-x deadbeefg abcdef", "aGH-12 GH-x deadbeefg abcdef"),
        ("0" * 41, "0" * 41),
    ],
)
def test_what_platforms_link_is_inert_in_markdown(text: str, shown: str) -> None:
    assert escaped(text) == shown


@pytest.mark.parametrize("args", [("--report", name) for name in FORMATS] + [("--format", "short")])
def test_no_value_is_a_command_in_the_middle_of_a_line(
    infra: Infra, args: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    told = '"a ##[stop-commands]x ##vso[task.setvariable variable=x]y"'
    site = f"{{id: {told}, name: {told}, domains: [evil.example.org], production: true}}"
    infra.describe(sites=f"[{site}]", **{"a ##[add-mask]b": "1"})
    infra.write("infra/b.icp.yaml", f"apiVersion: pytest-icp/v1\nsites: [{site}]\nsource: {told}\n")
    infra.describe(sites=f"[{site}]")
    assert main(["evaluate", "infra", "--select", "LIC", *args]) == 1
    assert not re.search(r"##(vso)?\[", capsys.readouterr().out)
