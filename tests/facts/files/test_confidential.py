"""What a user's files say stays out of tracebacks and failed assertions."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from pytest_icp.facts import description
from pytest_icp.facts.evidence import Evidence
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.source import read_source
from pytest_icp.sources.documents import Setting
from pytest_icp.sources.html import Page
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import ConfigText

WHOLE = frozenset({"blocks", "body", "document", "given", "html", "raw"})
"""Names of members that hold what a file says, or a whole file."""


class Paper(Confidential, Struct, frozen=True, eq=False):
    """A value of the kind that the tests are about."""

    path: Path
    words: str


def test_only_the_members_that_are_named_are_shown() -> None:
    paper = Paper(Path("a.yaml"), "hunter2")
    assert repr(paper) == f"{paper}" == "Paper(path=a.yaml)"
    assert paper.__rich_repr__() == [("path", Path("a.yaml"))]
    with pytest.raises(AttributeError, match="immutable"):
        paper.words = "another"  # type: ignore[misc]  # it is frozen


def test_a_description_and_its_files_show_no_fact(tmp_path: Path) -> None:
    file = tmp_path / "a.icp.yaml"
    file.write_text("apiVersion: pytest-icp/v1\ncompany: {name: hunter2}\n")
    source, loaded = read_source(file), description.load(file)
    assert repr(source) == f"Source(path={file})"
    assert repr(loaded) == f"Description(path={file})"
    assert "hunter2" not in repr(loaded.joined)


@pytest.mark.parametrize(
    "value",
    [
        Evidence(path="a.html", sha256="0", text="hunter2"),
        Setting("hunter2", lambda: pytest.fail("not asked for")),
        Page(Path("a.html"), "<p>hunter2"),
        Page(Path("a.html"), "<p>hunter2").reading,
        Request(path=Path("-"), root=Path(), given=b"hunter2"),
        ConfigText.read(Path("a.conf"), b"auth { password hunter2; }"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_secret_is_shown(value: object) -> None:
    assert "hunter2" not in repr(value)


def classes() -> Iterator[type]:
    for room in ("facts", "sources"):
        package = importlib.import_module(f"pytest_icp.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and value.__module__ == module.name:
                    yield value


def test_every_struct_with_such_a_member_is_confidential() -> None:
    assert not [
        cls
        for cls in classes()
        if WHOLE.intersection(getattr(cls, "__struct_fields__", ()))
        and not issubclass(cls, Confidential)
    ]
