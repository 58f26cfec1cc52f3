from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.reports.colours import coloured
from pytest_icp.reports.failure import brief_text, failure_text
from tests.results import FINDING, RESULT


def marked(text: str, **markup: bool) -> str:
    return f"<{' '.join(markup)}>{text}</>"


def test_a_finding_has_the_colours_of_a_compiler() -> None:
    result = replace(RESULT, verdict=Verdict.VIOLATED, findings=(FINDING,))
    lines = failure_text(result, "en").split("\n")
    shown = list(coloured(lines, marked, colour="red"))
    assert shown[0] == f"<bold red>{lines[0]}</>"
    assert any(line.startswith("<cyan>infra/prod.icp.yaml:7:15</>: ") for line in shown)
    assert any(line.startswith("<bold red> ") and line.endswith("^</>") for line in shown)
    assert any(line.startswith("<bold>found: </>") for line in shown)
    brief = list(coloured(brief_text(RESULT, "zh").split("\n"), marked, colour="red"))
    assert [line.partition("：")[0] for line in brief[-2:]] == ["<bold>整改", "<bold>依据"]


def test_without_colours_nothing_changes() -> None:
    lines = failure_text(RESULT, "both").split("\n")
    assert list(coloured(lines, lambda text, **_: text, colour="red")) == lines
