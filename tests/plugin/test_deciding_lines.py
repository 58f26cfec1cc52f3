"""Which line of an ini file leaves a rule out: one of the change, or none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.law.location import Location
from pytest_icp.plugin import deciding_lines as module
from pytest_icp.plugin.deciding_lines import LinesOfIni, at_deciding_lines
from tests.reports.test_comment_title import against
from tests.results import WAIVED
from tests.runs import RUN, VIOLATED

Find = Callable[..., str]


@pytest.fixture
def find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Find:
    """A function that gives the place of the line which leaves a rule out."""
    session = SimpleNamespace(groups={"dated": {"A/b"}})
    monkeypatch.setattr(module, "session_of", lambda _: session)

    def find(
        rule: str,
        text: str = "",
        ini: Path | None = None,
        touched: Any = range(99),
        **options: tuple[str, ...],
    ) -> str:
        given = SimpleNamespace(**{"select": (), "ignore": (), **options})
        monkeypatch.setattr(module, "read_options", lambda _: given)
        path = ini or tmp_path / "pytest.ini"
        if text:
            path.write_text(text, "utf-8")
        config: Any = SimpleNamespace(inipath=path)
        place = LinesOfIni(config, tmp_path).leaving_out(rule, lambda spot: spot.line in touched)
        return str(place)

    return find


@pytest.mark.parametrize(
    ("rule", "ignored", "line"),
    [
        ("SP12/renewal", "SP12/renewal", "icp_ignore = SP02 SP12/renewal"),
        ("SP12/renewal", "SP12", "icp_ignore = SP12"),
        ("SP12/renewal", "SP12/*", 'addopts = ["--icp-ignore=SP12/*"]'),
        ("A/b", "dated", "icp_ignore = dated"),
    ],
)
def test_what_names_a_rule_to_be_ignored(find: Find, rule: str, ignored: str, line: str) -> None:
    text = f"[pytest]\ntestpaths = infra\n{line}\n"
    assert find(rule, text, ignore=(ignored,)) == "pytest.ini:3"
    # A line that was there before did not do it.
    assert find(rule, text, ignore=(ignored,), touched=[2]) == "None"
    assert find("SP01/other", text, ignore=(ignored,)) == "None"


def test_what_is_not_among_those_selected(find: Find) -> None:
    text = "[pytest]\nicp_lang = en\nicp_select = SP02\n"
    assert find("SP12/renewal", text, select=("SP02",)) == "pytest.ini:3"
    assert find("SP12/renewal", text, select=("SP02",), touched=[1, 2]) == "None"
    # Chosen on the command line.
    assert find("SP12/renewal", "[pytest]\n", select=("SP02",)) == "None"


def test_a_file_elsewhere_or_none_is_not_of_the_change(find: Find, tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / "pytest.ini"
    assert find("SP12/renewal", ini=elsewhere, ignore=("SP12",)) == "None"
    (tmp_path / "pytest.ini").mkdir()
    assert find("SP12/renewal", ignore=("SP12",)) == "None"


def test_a_waiver_that_nobody_knows_leaves_the_place_as_it_was() -> None:
    waived = replace(VIOLATED, waived=WAIVED)
    found = against(replace(RUN, results=(VIOLATED,)), waived)
    assert found.since is not None
    lines: Any = None
    same = at_deciding_lines(found.since, found, {}, lines, lambda _: True)
    assert same.rules == found.since.rules
    assert isinstance(same.rules[0].location, Location)
