"""The one walk through folders: what is entered, what is yielded, and where it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files.walking import descriptions_below, folders_below

GLOBS = ("*.icp.yaml",)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("a.icp.yaml", "b/c.icp.yaml", ".hidden/d.icp.yaml", "venv/e.icp.yaml", "b/f.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    (tmp_path / "venv" / "pyvenv.cfg").touch()
    (tmp_path / "link").symlink_to(tmp_path / "b")
    return tmp_path


def below(root: Path, *tops: str, **limits: int) -> list[str]:
    found = descriptions_below([root / top for top in tops or (".",)], GLOBS, (".*",), **limits)
    return sorted(str(path.relative_to(root)) for path in found)


def test_neither_links_nor_hidden_folders_nor_environments_are_entered(root: Path) -> None:
    assert below(root) == ["a.icp.yaml", "b/c.icp.yaml"]


def test_a_file_is_found_itself_if_it_is_a_description(root: Path) -> None:
    assert below(root, "a.icp.yaml", "b/f.txt", "b/c.icp.yaml") == ["a.icp.yaml", "b/c.icp.yaml"]


def test_a_pattern_may_name_folders(root: Path) -> None:
    assert [*descriptions_below([root], ["b/*.icp.yaml"])] == [root / "b" / "c.icp.yaml"]


def test_the_search_ends_after_as_much_as_one_says(root: Path) -> None:
    assert below(root, most=3) == []
    assert below(root, most=4) == ["a.icp.yaml"]


def test_a_folder_that_cannot_be_listed_is_told(root: Path) -> None:
    refused: list[OSError] = []
    file = root / "a.icp.yaml"
    assert [*folders_below([file, root / "b"], refuse=refused.append)] == [
        (root / "b", ["c.icp.yaml", "f.txt"], [])
    ]
    assert [Path(error.filename) for error in refused] == [file]
