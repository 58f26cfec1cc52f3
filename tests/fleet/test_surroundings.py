"""What lies beside a description counts as a part of the input."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.fleet.inputs import digest_of
from pytest_icp.fleet.place import RUN
from pytest_icp.fleet.planning import _stamps
from pytest_icp.law.errors import InputError
from tests.fleet.made import DOCUMENT, judged, lay_folder


def changed(all_: Path) -> None:
    (all_ / "c1" / DOCUMENT).write_bytes(b"another")


def added(all_: Path) -> None:
    (all_ / "c1" / "deploy" / "more.yaml").write_text("kind: Service\n", "utf-8")


def removed(all_: Path) -> None:
    (all_ / "c1" / DOCUMENT).unlink()


def linked(all_: Path) -> None:
    (all_ / "c1" / "link").unlink()
    (all_ / "c1" / "link").symlink_to(DOCUMENT)


def shared(all_: Path) -> None:
    (all_.parent / "shared.pdf").write_bytes(b"another")


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    all_ = lay_folder(tmp_path / "all", 1, 2)
    (all_ / "c1" / "deploy").mkdir()
    (all_ / "c1" / "link").symlink_to("deploy")
    (all_ / "shared.pdf").write_bytes(b"%PDF-")
    return all_


@pytest.mark.parametrize("change", [changed, added, removed, linked])
def test_a_file_beside_a_description_that_changed_is_not_taken_as_judged(
    laid: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    judged(tmp_path / "out", laid, base=tmp_path)
    assert judged(tmp_path / "out", laid, base=tmp_path).before == 1
    change(laid)
    with pytest.raises(InputError, match="of inputs that have changed since"):
        judged(tmp_path / "out", laid, base=tmp_path)


def test_in_a_repository_so_is_any_file_of_it(laid: Path, tmp_path: Path) -> None:
    judged(tmp_path / "out", laid, base=tmp_path)
    shared(laid)
    assert judged(tmp_path / "out", laid, base=tmp_path).before == 1
    (tmp_path / ".git").mkdir()
    judged(tmp_path / "in-git", laid, base=tmp_path)
    # What git keeps, and what was written into the repository, is no part of it.
    (tmp_path / ".git" / "index").write_bytes(b"x")
    judged(tmp_path / "another", laid, base=tmp_path)
    assert judged(tmp_path / "in-git", laid, base=tmp_path).before == 1
    (tmp_path / "all" / "shared.pdf").write_bytes(b"and another")
    with pytest.raises(InputError, match="of inputs that have changed since"):
        judged(tmp_path / "in-git", laid, base=tmp_path)


def test_what_is_gone_meanwhile_and_what_cannot_be_listed_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "file").write_bytes(b"1")
    found = [_stamps(tmp_path)]
    (tmp_path / "x").symlink_to("closed")
    found.append(_stamps(tmp_path))
    lstat = Path.lstat

    def refusing(path: Path) -> Any:
        if path.name == "file":
            raise FileNotFoundError(path)
        return lstat(path)

    monkeypatch.setattr(Path, "lstat", refusing)
    found.append(_stamps(tmp_path))
    (tmp_path / RUN).touch()
    # Results are no part of it.
    found.append(_stamps(tmp_path))
    assert found[-1] == digest_of([])
    assert len({*found}) == len(found)
