"""The package as it is installed: from a wheel, an sdist, or in place.

``ICP_INSTALLED_AS`` says which of them is meant to be tested; the environments of tox set it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest

import pytest_icp
from pytest_icp.facts.files.properties import resource

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path(pytest_icp.__file__).resolve().parent
INSTALLED_AS = os.environ.get("ICP_INSTALLED_AS", "")
KINDS = ("cases", "policies", "schemas")
NOT_SHIPPED = {".DS_Store"}

BESIDE = {"cases": "tests/cases"}
"""Where a checkout has what a wheel carries under another name."""

every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def installed() -> Distribution:
    return distribution("pytest-icp")


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in NOT_SHIPPED and "__pycache__" not in path.parts
    }


@pytest.mark.skipif(INSTALLED_AS not in {"wheel", "sdist"}, reason="no built artefact is tested")
def test_the_built_package_is_the_one_that_is_imported() -> None:
    assert not (ROOT / "pytest_icp").exists()
    assert PACKAGE.parent.name == "site-packages"
    assert {resource(kind).parent for kind in KINDS} == {PACKAGE}


@pytest.mark.skipif(INSTALLED_AS != "editable", reason="no editable install is tested")
def test_the_editable_package_is_the_checkout() -> None:
    assert ROOT / "pytest_icp" == PACKAGE
    folders = {kind: ROOT / BESIDE.get(kind, kind) for kind in KINDS}
    assert {kind: resource(kind) for kind in KINDS} == folders


@every_kind
def test_the_data_is_shipped_byte_for_byte(kind: str) -> None:
    shipped = files(resource(kind))  # type: ignore[arg-type]  # the literals come from KINDS
    assert shipped == files(ROOT / BESIDE.get(kind, kind))
    assert shipped


def test_the_page_has_its_style() -> None:
    assert "page.css" in files(PACKAGE / "reports")


def test_the_metadata_says_what_the_project_says(
    installed: Distribution, project: dict[str, Any]
) -> None:
    metadata = installed.metadata
    assert (metadata["Name"], metadata["Version"]) == (project["name"], project["version"])
    assert metadata["Requires-Python"] == project["requires-python"]
    assert metadata["License-Expression"] == "Apache-2.0"


def test_types_are_published() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_pytest_finds_the_plugin_by_its_name(installed: Distribution) -> None:
    entries = {entry.group: entry for entry in installed.entry_points}
    assert entries["pytest11"].name == "icp"
    assert entries["pytest11"].load().__name__ == "pytest_icp.plugin"


def test_the_command_is_on_the_path() -> None:
    command = shutil.which("pytest-icp", path=Path(sys.executable).parent)
    assert command
    done = subprocess.run([command, "--help"], check=True, capture_output=True, encoding="utf-8")
    assert "explain" in done.stdout


def test_all_is_every_extra_but_fleet_and_fuzz(project: dict[str, Any]) -> None:
    extras = project["optional-dependencies"]
    others = sorted(extras.keys() - {"all", "fleet", "fuzz"})
    assert extras["all"] == [f"pytest-icp[{','.join(others)}]"]


def test_the_lower_bounds_are_those_that_are_tested(project: dict[str, Any]) -> None:
    bounds = project["dependencies"] + project["optional-dependencies"]["fuzz"]
    environments = (ROOT / "tox.ini").read_text("utf-8")
    tested = re.findall(r"^    ([a-z0-9-]+)==([0-9.]+?)(?:\.\*)?$", environments, re.MULTILINE)
    assert {name: version.removesuffix(".0") for name, version in tested} == dict(
        requirement.split(">=") for requirement in bounds
    )
