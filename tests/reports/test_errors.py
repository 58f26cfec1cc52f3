from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files.schema import InvalidDocument
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.errors import error_text

BASE = Path("/repository")
PLACE = Place(path=BASE / "a.yaml", line=3, column=3, excerpt="  aplied_on: never", width=9)
MESSAGE = Text("未知的键 aplied_on", "unknown key aplied_on")
HINT = Text("是否指 applied_on？", "did you mean applied_on?")


def test_an_error_has_its_place_its_line_and_a_hint() -> None:
    error = InputError(MESSAGE, place=PLACE, hint=HINT)
    assert error_text(error, "en", BASE).splitlines() == [
        "a.yaml:3:3: unknown key aplied_on",
        "  |   aplied_on: never",
        "  |   ^^^^^^^^^",
        "  = did you mean applied_on?",
    ]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (None, "bad"),
        (Place(path=BASE / "a.yaml"), "a.yaml: bad"),
        (Place(path=BASE / "a.yaml", line=3), "a.yaml:3: bad"),
        (Place(path=Path("/else/a.yaml")), "/else/a.yaml: bad"),
    ],
)
def test_as_much_as_is_known(place: Place | None, text: str) -> None:
    assert error_text(InputError("bad", place=place), "en", BASE) == text


def test_every_problem_of_a_document_is_told() -> None:
    problems = [InputError(f"no {i}", place=Place(path=BASE / "a.yaml", line=i)) for i in (1, 2)]
    text = error_text(InvalidDocument(problems, more=5), "en", BASE)
    assert text.splitlines() == ["a.yaml:1: no 1", "a.yaml:2: no 2", "and 5 more"]


def test_hostile_files_lose_their_power() -> None:
    place = Place(path=BASE / "\x1b[2Ja.yaml", line=1, column=1, excerpt="\x1b]0;x\x07: 1")
    text = error_text(
        InputError(plain("\x1b[31m"), place=place, hint=plain("\u202e")), "both", BASE
    )
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
