from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.reports.brief import brief_text
from pytest_icp.reports.colours import coloured
from pytest_icp.reports.failure import failure_text
from tests.results import FINDING, RESULT, UNKNOWN, unknown_text


def marked(text: str, **markup: bool) -> str:
    return f"<{' '.join(markup)}>{text}</>"


def test_a_finding_has_the_colours_of_a_compiler() -> None:
    result = replace(RESULT, verdict=Verdict.VIOLATED, findings=(FINDING,))
    lines = failure_text(result, "en").split("\n")
    shown = list(coloured(lines, marked, colour="red"))
    assert shown[0] == f"<bold red>{lines[0]}</>"
    assert any(line.startswith("<cyan>  --></> infra/prod.icp.yaml:7:15") for line in shown)
    assert any("</><bold red>" in line and line.endswith("^</>") for line in shown)
    assert any(line.startswith("<cyan>7 |</> ") for line in shown)
    assert any(line.startswith("<bold>  = found:</> ") for line in shown)


def test_a_finding_in_a_few_lines_has_them_too() -> None:
    shown = list(coloured(brief_text(RESULT, "en").split("\n"), marked, colour="red"))
    assert shown[1].startswith("<cyan>infra/prod.icp.yaml:7:15</>: ")
    assert shown[2].endswith("<bold red>^^^^^</>")
    assert [line.partition(" ")[0] for line in shown[-2:]] == ["<bold>fix:", "<bold>law:"]


def test_a_line_to_add_is_green() -> None:
    result = replace(RESULT, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
    shown = list(coloured(unknown_text(result, "en").split("\n"), marked, colour="yellow"))
    assert shown[0].startswith("<bold yellow>")
    assert any(line.startswith("<green>      + ") for line in shown)


def test_without_colours_nothing_changes() -> None:
    lines = failure_text(RESULT, "both").split("\n")
    assert list(coloured(lines, lambda text, **_: text, colour="red")) == lines
