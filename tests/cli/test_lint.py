from __future__ import annotations

import re
from pathlib import Path

import pytest

from pytest_icp.cli.main import main
from tests.policies_of_ones_own import BACKUPS, CASES, own_policies


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with policies of its own, made the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def linted(
    folder: Path, capsys: pytest.CaptureFixture[str], obligations: str, *arguments: str
) -> tuple[int, str]:
    if not (folder / "rules").exists():
        own_policies(folder, obligations=obligations)
    code = main(["lint", "--lang", "en", "--policies", "rules", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_misspelt_fact_is_shown_where_it_stands(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = linted(folder, capsys, BACKUPS.replace("act: answered_at", "act: anwsered_at"))
    assert code == 1
    assert said == (
        "rules/ACME.yaml:15:10: ACME/answered: no description has the fact\n"
        "  'complaints.anwsered_at', so this can never be decided [unknown-fact]\n"
        "  |     act: anwsered_at\n"
        "  |          ^^^^^^^^^^^\n"
        "  = did you mean 'answered_at'?\n"
        "\n"
        "1 provision checked, 1 remark made.\n"
    )


MISTAKES = {
    "unknown-fact": ("each: complaints", "each: complaint"),
    "unknown-word": ("[service, illegal_content]", "[service, illegal_contents]"),
    "never": (
        "{kind: {enum: [service, illegal_content]}}",
        "{allOf: [{kind: service}, {kind: illegal_content}]}",
    ),
    "translation": ("en: Answer now.", "en: 立即答复。"),
    "unused-number": ("within: acme.answer", "within: {days: 10}"),
}
"""A mistake of each sort, as what is written for what."""


@pytest.mark.parametrize("code", MISTAKES)
def test_each_planted_mistake_is_remarked_upon(
    folder: Path, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    right, wrong = MISTAKES[code]
    assert right in BACKUPS
    _, said = linted(folder, capsys, BACKUPS.replace(right, wrong), "ACME")
    assert said.startswith("rules/")
    assert re.findall(r"\[([a-z-]+)\]\n", said) == [code]
    assert "1 provision checked, 1 remark made." in said


def test_cases_are_read_with_the_policies(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("ACME", "--cases", "cases")
    assert linted(folder, capsys, BACKUPS, *arguments)[0] == 0
    path = folder / "cases" / "ACME.yaml"
    path.write_text(CASES.replace("verdict: violated", "verdict: violated\n    say: x"), "utf-8")
    code, said = linted(folder, capsys, BACKUPS, *arguments)
    assert code == 4
    assert "cases/ACME.yaml:16:5: unknown key 'say'" in said
    assert linted(folder, capsys, BACKUPS, "ACME")[0] == 0


def test_files_elsewhere_keep_their_whole_path(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = own_policies(folder, obligations=BACKUPS.replace("illegal_content", "illegal_contents"))
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    assert main(["lint", "--lang", "en", "--policies", str(rules), "ACME"]) == 1
    # A place that leaves no room has a line of its own.
    assert capsys.readouterr().out.startswith(f"{rules}/ACME.yaml:14:36:\n  ACME/answered: ")
