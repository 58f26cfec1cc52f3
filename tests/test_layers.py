"""What the import contracts in pyproject.toml cannot ask."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pytest_icp
from pytest_icp.kinds import kinds
from pytest_icp.kinds.kind import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = Path(pytest_icp.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LAW = sorted((PACKAGE / "law").glob("*.py"))

MODULE_LINES = 350
FUNCTION_LINES = 50


def imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("path", LAW, ids=lambda path: path.stem)
def test_the_law_imports_the_standard_library_msgspec_and_itself(path: Path) -> None:
    allowed = {*sys.stdlib_module_names, "msgspec"}
    others = {name for name in imported(path) if name.split(".")[0] not in allowed}
    assert {name for name in others if not name.startswith("pytest_icp.law.")} == set()


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_no_kind_of_check_knows_another(kind: Kind) -> None:
    own = kind.check.__module__
    others = {one.check.__module__ for one in kinds().values()} - {own}
    assert others.isdisjoint(imported(PACKAGE / "kinds" / f"{own.rpartition('.')[2]}.py"))


KINDS = "|".join(kinds())
NAMED = re.compile(rf"""["'`]({KINDS})["'`]|pytest_icp\.kinds\.({KINDS})\b""")
HOMONYMS = {"coverage", "display", "location", "scope"}
"""Kinds that are also called as a fact, a folder or a property of CSS is."""


@pytest.mark.parametrize(
    "path",
    [
        *(path for path in MODULES if path.parent.name != "kinds"),
        *(ROOT / "docs" / "handbook").glob("*.py"),
        ROOT / "pyproject.toml",
    ],
    ids=lambda path: path.name,
)
def test_a_kind_is_named_in_its_own_module_and_nowhere_else(path: Path) -> None:
    found = {"".join(match.groups("")) for match in NAMED.finditer(path.read_text("utf-8"))}
    assert found - HOMONYMS == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_constant_is_given_two_values(path: Path) -> None:
    """A sentence that is named like another would be said in its stead."""
    named = [
        target.id
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    assert sorted(set(named)) == sorted(named)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_modules_and_functions_keep_to_the_budget(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MODULE_LINES
    functions = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [node.name for node in functions if _lines(node) > FUNCTION_LINES]
    assert long == []


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
