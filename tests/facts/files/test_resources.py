"""The locator of the data folders finds them in a wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files import resources
from pytest_icp.facts.files.resources import resource


@pytest.mark.parametrize("kind", ["policies", "schemas"])
def test_a_checkout_has_the_folders_beside_the_package(kind: resources.Kind) -> None:
    assert resource(kind).is_dir()
    assert resource(kind).name == kind


def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *folders: str) -> Path:
    package = tmp_path / "site-packages" / "pytest_icp"
    for folder in ("", *folders):
        (package / folder).mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    resource.cache_clear()
    return package


@pytest.fixture(autouse=True)
def _forget() -> object:
    yield
    resource.cache_clear()


def test_a_wheel_has_them_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = installed(tmp_path, monkeypatch, "schemas", "../schemas")
    assert resource("schemas") == package / "schemas"


def test_neither_is_a_broken_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = installed(tmp_path, monkeypatch)
    (package / "schemas").write_text("a file is no folder")
    with pytest.raises(RuntimeError, match=r"without its folder 'schemas'.*pip install"):
        resource("schemas")
