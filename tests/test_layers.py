"""What the import contracts in pyproject.toml cannot ask."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pytest_icp
from pytest_icp.kinds import Kind, kinds
from tests.helpers import for_each

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
PACKAGE = Path(pytest_icp.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
LAW = sorted((PACKAGE / "law").glob("*.py"))


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


ASKED = {"match": ("dated",)}
"""The kinds of rules that a rule of another one names: whether their duty is open is asked."""


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.name)
def test_no_kind_of_check_knows_another(kind: Kind) -> None:
    own = kind.check.__module__
    others = {one.check.__module__ for one in kinds().values()} - {own}
    others -= {f"pytest_icp.kinds.{name}" for name in ASKED.get(kind.name, ())}
    at = PACKAGE / "kinds" / own.split(".")[2]
    files = [*at.rglob("*.py")] or [at.with_suffix(".py")]
    assert others.isdisjoint(name for path in files for name in imported(path))


OPENING = {"fdopen", "mmap", "open", "read_bytes", "read_text"}
OPENED_ELSEWHERE = {
    *("engine", "interview", "options", "self", "self._opener", "self.session", "session_of"),
}
"""What is opened there is no file: a description, by the session that reads it; an address."""
OPENERS = {
    "facts/files/disk.py": "the one way to open a file of a repository, and to write one",
    "plugin/github.py": "writes the job summary that the environment names",
    "plugin/progress.py": "the terminal",
    "cli/output.py": "the null device",
    "cli/schema.py": "schemas that the package ships",
    "facts/files/properties.py": "schemas that the package ships",
    "law/jsontypes.py": "tables that the package ships",
    "fleet/storage.py": "what `fsspec` reads",
    "reports/html.py": "the style sheet that the package ships",
    "sources/child.py": "the rules of the kernel for a child process, its task and answer",
    "sources/paper/extracting.py": "the copy that a child process is given",
    "sources/register/extracting.py": "the copy that a child process is given",
    "sources/terraform/language/modules.py": "the copy that a child process is given",
}


def opens(path: Path) -> Iterator[str]:
    """Yield the calls of a module that open or read a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            receiver, _, method = ast.unparse(node.func).rpartition(".")
            elsewhere = receiver.partition("(")[0] in OPENED_ELSEWHERE
            by_name = isinstance(node.func, ast.Name) and method == "read_bytes"
            if method in OPENING and not elsewhere and not by_name:
                yield ast.unparse(node)


def test_files_of_a_repository_are_read_in_one_place() -> None:
    found = {path.relative_to(PACKAGE).as_posix() for path in MODULES if any(opens(path))}
    assert found == OPENERS.keys()


KINDS = "|".join(kinds())
NAMED = re.compile(rf"""["'`]({KINDS})["'`]|pytest_icp\.kinds\.({KINDS})\b""")
HOMONYMS = {"condition", "dated", "evidence", "law", "licensed", "match", "scope", "shown"}
"""Kinds that are also called as a fact, a field, a folder or a variable is."""


@for_each(
    "path",
    [
        *(path for path in MODULES if PACKAGE / "kinds" not in path.parents),
        *(ROOT / "docs" / "handbook").glob("*.py"),
        ROOT / "pyproject.toml",
    ],
)
def test_a_kind_is_named_in_its_own_module_and_nowhere_else(path: Path) -> None:
    found = {"".join(match.groups("")) for match in NAMED.finditer(path.read_text("utf-8"))}
    assert found - HOMONYMS == set()


@for_each("path", MODULES)
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
