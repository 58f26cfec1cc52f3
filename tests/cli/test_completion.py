from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_icp.cli.completion import SHELLS
from pytest_icp.cli.main import main
from tests.cli.conftest import Command

BASH = shutil.which("bash")

# What bash does when somebody presses the key after these words.
PRESS = """\
source completion
press() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    $(complete -p pytest-icp | sed 's/.*-F \\([^ ]*\\).*/\\1/') \
        pytest-icp "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    echo "${COMPREPLY[@]}"
}
press pytest-icp eval
press pytest-icp evaluate --form
press pytest-icp evaluate --unknown ""
press pytest-icp evaluate pro
press pytest-icp schema fo
"""


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_has_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print-completion", shell]) == 0
    script = capsys.readouterr().out
    for words in ("evaluate", "format", "warn"):
        assert words in script
    if shell == "zsh":
        assert "evaluate:'核对描述文件，可写出报告 · evaluate descriptions and write" in script


@pytest.mark.skipif(not BASH, reason="needs bash")
def test_bash_completes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--print-completion", "bash"])
    (folder / "completion").write_text(capsys.readouterr().out, "utf-8")
    (folder / "folder").mkdir()
    command = [BASH or "", "--norc", "-c", PRESS]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "evaluate",
        "--format",
        "fail warn",
        "prod.icp.yaml",
        "folder",
    ]


def test_without_the_extra_it_says_how_to_install_it(
    command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["--print-completion", "bash"]) == 4
    assert 'pip install "pytest-icp[completion]"' in capsys.readouterr().err
    # Who does not ask for it needs nothing.
    assert command("waivers", "prod.icp.yaml").code == 0


def test_a_shell_that_nobody_knows(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print-completion", "cmd"]) == 4
    assert "invalid choice: 'cmd'" in capsys.readouterr().err
