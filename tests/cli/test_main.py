from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from pytest_icp.cli import explain
from pytest_icp.cli import main as cli
from pytest_icp.cli.main import main
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import IcpError
from pytest_icp.reports.layout import width
from tests.cli.conftest import DESCRIPTION, LICENCE
from tests.cli.test_project import OWN, write

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a description, and a terminal of 80 columns."""
    (tmp_path / "licence.yaml").write_text(LICENCE, "utf-8")
    (tmp_path / "prod.icp.yaml").write_text(DESCRIPTION, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


class Said:
    """What a run left behind."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]  # a small closure
    """Run the command line in this process."""

    def run(*arguments: str) -> Said:
        code = main(arguments)
        return Said(code, *capsys.readouterr())

    return run


# --- the command line --------------------------------------------------------------------------

NONE_HERE = (
    "there is no description (*.icp.yaml) in this folder\n  = run pytest-icp init to create one\n"
)


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["--help"], 0)])
def test_help_names_the_commands_in_both_languages(run, arguments: list[str], code: int) -> None:
    said = run(*arguments, "--lang", "both")
    assert said.code == code
    assert "usage: pytest-icp [-h] [--version] [--lang {zh,en,both}] COMMAND" in said.out
    assert re.search(r"init +写出描述文件的初稿 · write a starting description", said.out)


def test_help_has_the_commands_in_groups(run) -> None:
    groups = run("--help").out.split("\n\n")
    titles = [group.split("\n")[0] for group in groups[3:6]]
    assert titles == ["describe and judge:", "write policies:", "more:"]
    assert [re.findall(r"(?m)^  (\w+(?: report)?)  ", group) for group in groups[4:6]] == [
        ["lint", "mutate"],
        ["fleet", "fleet report", "schema"],
    ]


def test_what_most_commands_have_is_explained_once(run) -> None:
    about = "a folder of your own policies"
    assert run("--help").out.count(about) == 1
    said = run("deadlines", "--help").out
    assert about not in said
    assert "--policies DIR, --source KIND=PATH" in said
    assert run("deadlines", "--policies", "own").code == 4  # it is read all the same


@pytest.mark.parametrize(
    "command", ["init", "explain", "schema", "evaluate", "baseline", "waivers"]
)
def test_help_fits_a_terminal(run, command: str) -> None:
    said = run(command, "--help")
    assert said.code == 0
    assert [line for line in said.out.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["exlpain"], "invalid choice: 'exlpain'"),
        (["explain"], "the following arguments are required: RULE"),
        (["explain", "SP12", "--lang", "fr"], "invalid choice: 'fr'"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_a_wrong_command_line_has_pytests_exit_code(run, arguments: list[str], wrong: str) -> None:
    said = run(*arguments)
    assert (said.code, said.out) == (4, "")
    assert said.err.startswith("usage: pytest-icp")
    assert wrong in said.err


def test_the_version_of_a_checkout_that_is_not_installed(
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise cli.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(cli.metadata, "version", missing)
    assert run("--version").out == "pytest-icp (not installed)\n"


# --- init --------------------------------------------------------------------------------------


def test_init_writes_a_description_and_says_so(run, folder: Path) -> None:
    said = run("init", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Wrote infra.icp.yaml: ")
    assert "“No” closes " in (folder / "infra.icp.yaml").read_text("utf-8")


def test_init_speaks_and_writes_the_language_of_the_locale(
    run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("init", "en.icp.yaml").out.startswith("Wrote en.icp.yaml: ")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    said = run("init", "new.icp.yaml", "--licence", "licence.yaml")
    assert "\n已写入 new.icp.yaml：" in said.out
    assert "\nlicence_file: licence.yaml\n" in (folder / "new.icp.yaml").read_text("utf-8")
    assert "答“否”" in (folder / "new.icp.yaml").read_text("utf-8")


def test_init_does_not_write_over_a_file(run) -> None:
    said = run("init", "prod.icp.yaml")
    assert (said.code, said.out) == (4, "")
    assert said.err == (
        "prod.icp.yaml: the file already exists; it was not changed\n"
        "  = add --force to overwrite it\n"
    )
    assert run("init", "prod.icp.yaml", "--force").code == 0


@pytest.mark.parametrize("named", [".", "..", "/"])
def test_init_does_not_take_a_folder_for_a_description(run, named: str) -> None:
    said = run("init", named)
    assert said.code == 4
    assert "must end in .icp.yaml" in said.err


def test_init_reads_the_paper_of_a_licence(run, folder: Path) -> None:
    for name in ("licence.yaml", "prod.icp.yaml"):
        (folder / name).unlink()
    paper = ROOT / "tests" / "data" / "paper" / "licence.txt"
    said = run("init", str(paper), "prod.icp.yaml")
    assert (said.code, said.err) == (0, "")
    assert "special provisions: comparison" in said.out
    assert "\nWrote prod.icp.yaml: " in said.out
    written = {path.name for path in folder.iterdir()}
    assert written == {"licence.yaml", "licence.comparison.txt", "prod.icp.yaml"}


def test_init_asks_by_the_policies_and_the_language_of_the_project(run, folder: Path) -> None:
    write("own/OWN.yaml", OWN)
    write("pytest.ini", "[pytest]\nicp_policies = own\nicp_lang = en\n")
    rules = sum(len(policy.obligations) for policy in default_policies())
    said = run("init", "--select", "all").out
    assert f" of {rules + 1} rules do not apply" in " ".join(said.split())
    assert "“No” closes " in (folder / "infra.icp.yaml").read_text("utf-8")


def test_init_in_a_folder_that_is_not_there(run) -> None:
    said = run("init", "nowhere/a.icp.yaml", "--lang", "en")
    assert (said.code, said.out) == (4, "")
    assert said.err == "nowhere/a.icp.yaml: there is no folder nowhere\n"


# --- explain -----------------------------------------------------------------------------------


def test_explain_what_a_description_says(run) -> None:
    one = run("explain", "SP12/renewal", "--as-of", "2025-06-01")
    assert "In prod.icp.yaml, as of 2025-06-01" in one.out
    for named in (["prod.icp.yaml"], ["."]):
        assert run("explain", "SP12/renewal", *named, "--as-of", "2025-06-01").out == one.out


def test_explain_in_a_folder_with_several_descriptions(run, folder: Path) -> None:
    (folder / "other").mkdir()
    (folder / "a.icp.json").write_text("{}", "utf-8")
    said = run("explain", "SP12/renewal", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    assert "prod.icp.yaml" not in said.out
    said = run("explain", "SP12/renewal", ".", "--lang", "en")
    assert "  = name one: pytest-icp explain SP12/renewal a.icp.json, or set" in said.err
    said = run("facts", "--lang", "en")
    assert "  = name one: pytest-icp facts a.icp.json, or set" in said.err
    said = run("explain", "SP12/renewal", "other", "--lang", "en")
    assert (said.code, said.err) == (
        4,
        f"other: {NONE_HERE}",
    )


def test_commands_take_the_descriptions_of_this_folder(run, folder: Path) -> None:
    for command in ("waivers", "facts"):
        assert "usage:" not in run(command, "--lang", "en").err
    (folder / "prod.icp.yaml").unlink()
    for command in ("evaluate", "deadlines", "waivers", "baseline", "facts", "ask"):
        said = run(command, "--lang", "en")
        assert (said.code, said.err) == (4, NONE_HERE)


def test_explain_a_rule_beside_a_description_that_cannot_be_read(run, folder: Path) -> None:
    (folder / "prod.icp.yaml").write_text("apiVersion：pytest-icp/v1\n", "utf-8")
    said = run("explain", "SP12/renewal", "--lang", "en")
    assert said.code == 0
    assert said.out.startswith("SP12/renewal\n  Renewal is applied for 90 days ahead\n")
    assert said.err.startswith("prod.icp.yaml:1:11: ")


def test_explain_leaves_with_the_code_of_pytest(run, folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nicp_lang = fr\n", "utf-8")
    said = run("explain", "SP12")
    assert (said.code, said.out) == (4, "")
    assert "icp_lang: 'fr' is not one of zh, en, both" in said.err


def test_explain_names_files_as_seen_from_here(run, folder: Path) -> None:
    (folder / "prod.icp.yaml").write_text("apiVersion: pytest-icp/v2\n", "utf-8")
    said = run("explain", "SP12", "prod.icp.yaml", "--lang", "en")
    assert said.err.startswith("prod.icp.yaml:1:13: ")


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["SP12/renewl"], "there is no rule 'SP12/renewl'\n  = did you mean 'SP12/renewal'?\n"),
        (["sp12/RENEWAL"], "there is no rule 'sp12/RENEWAL'\n  = did you mean 'SP12/renewal'?\n"),
        (["sp12"], "there is no rule 'sp12'\n  = did you mean 'SP12'?\n"),
        (["SP12", "--as-of", "2025-02-30"], "--as-of: 2025-02-30 is not a date that exists\n"),
        (
            ["SP12", "--as-of", "9999-12-31"],
            "--as-of: 9999-12-31 is outside the supported years, 2000 to 2099\n",
        ),
        (["SP12", "--policies", "nowhere"], "there is no folder of policies at nowhere\n"),
    ],
)
def test_explain_what_cannot_be_explained(run, arguments: list[str], wrong: str) -> None:
    said = run("explain", *arguments, "--lang", "en")
    assert (said.code, said.out, said.err) == (4, "", wrong)


def test_what_no_file_is_to_blame_for_is_said_in_one_line(
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> str:
        raise IcpError("a word that is not known")

    monkeypatch.setattr(explain, "run", fail)
    said = run("explain", "SP12")
    assert (said.code, said.err) == (4, "a word that is not known\n")


def test_a_fault_of_our_own_is_a_sentence_and_a_code_of_its_own(
    run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> str:
        raise ValueError("a secret")

    monkeypatch.setattr(explain, "run", fail)
    said = run("explain", "SP12")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("internal error: ValueError (pytest_icp/cli/main.py:")
    assert "to the maintainers" in said.err
    assert "a secret" not in said.err


def test_who_stops_a_command_sees_no_traceback(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(explain, "run", stop)
    said = run("explain", "SP12")
    assert (said.code, said.err) == (2, "interrupted\n")


# --- schema ------------------------------------------------------------------------------------


def test_schema_writes_them_out(run, folder: Path) -> None:
    said = run("schema", "--lang", "en")
    assert (said.code, said.err) == (0, "")
    assert "# yaml-language-server: $schema=.icp-schemas/licence.schema.json\n" in said.out
    assert (folder / ".icp-schemas" / "licence.schema.json").exists()


# --- the terminal ------------------------------------------------------------------------------


def test_a_narrow_terminal_gets_narrow_lines(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    said = run("explain", "SP12", "--lang", "zh")
    assert max(map(width, said.out.splitlines())) <= 50


def test_output_may_go_to_something_else_than_a_file() -> None:
    with redirect_stdout(StringIO()) as out:
        assert main(["schema", "--print", "licence"]) == 0
    assert out.getvalue().startswith("{")


def _process(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pytest_icp", *arguments]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environ})


def test_the_module_is_the_command() -> None:
    said = _process("explain", "SP12/nothing", "--lang", "en", PYTHONUTF8="1")
    assert said.returncode == 4
    assert said.stderr.startswith(b"there is no rule 'SP12/nothing'")


def test_a_project_may_take_warnings_for_errors(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", "utf-8")
    said = _process("evaluate", ".", "--as-of", "2025-06-01")
    assert (said.returncode, said.stderr) == (1, b"")


def test_a_terminal_without_chinese_is_no_reason_to_stop() -> None:
    said = _process("explain", "SP12", "--lang", "zh", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (said.returncode, said.stderr) == (0, b"")
    assert said.stdout.startswith(b"SP12 \\u5341\\u4e8c\n")


def test_a_reader_that_leaves_early_is_no_reason_to_complain() -> None:
    command = [sys.executable, "-m", "pytest_icp", "schema", "--print", "description"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# --- evaluate ----------------------------------------------------------------------------------


def test_evaluate_refuses_an_unknown_format_in_both_languages(run) -> None:
    said = run("evaluate", ".", "--report", "pdf", "--lang", "both")
    assert (said.code, said.out) == (4, "")
    assert "没有报告格式“pdf”" in said.err
    assert "there is no report format 'pdf'" in said.err
