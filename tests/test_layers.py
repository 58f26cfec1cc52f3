"""What the import contracts in pyproject.toml cannot ask."""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pytest_icp
from pytest_icp.kinds import kinds

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def test_every_kind_of_check_is_under_the_contract_that_it_knows_no_other() -> None:
    pyproject = Path(__file__).parent.parent / "pyproject.toml"
    contracts = tomllib.loads(pyproject.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (independent,) = (c["modules"] for c in contracts if c["type"] == "independence")
    assert set(independent) == {kind.check.__module__ for kind in kinds().values()}


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
