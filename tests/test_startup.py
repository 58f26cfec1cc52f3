"""An installed plugin leaves the runs of others as they were, and costs them next to nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

RUN = """
import sys, pytest
code = pytest.main(sys.argv[1:])
print()
print(*sys.modules)
sys.exit(code)
"""

LIGHT = {
    "pytest_icp",
    "pytest_icp.facts",
    "pytest_icp.facts.files",
    "pytest_icp.facts.files.walking",
    "pytest_icp.law",
    "pytest_icp.law.errors",
    "pytest_icp.rules",
    "pytest_icp.rules.settings",
    "pytest_icp.law.times",
    "pytest_icp.plugin.collection",
    "pytest_icp.plugin.flags",
    "pytest_icp.plugin.hookspec",
    "pytest_icp.plugin.options",
    "pytest_icp.plugin.outcome",
    "pytest_icp.plugin",
    "pytest_icp.plugin.progress",
    "pytest_icp.plugin.reach",
    "pytest_icp.plugin.recorder",
    "pytest_icp.plugin.session",
}
"""What a run without descriptions may import of the package: nothing that decides or reads."""


def run(
    folder: Path, code: str, *arguments: str, environment: Mapping[str, str] | None = None
) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}, done.stderr
    return done.stdout


def modules(folder: Path, *arguments: str) -> set[str]:
    return set(run(folder, RUN, *arguments).splitlines()[-1].split())


@pytest.fixture(params=["nothing", "a test, and YAML of others"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param != "nothing":
        (tmp_path / "test_it.py").write_text("def test_it(): pass\n", "utf-8")
        (tmp_path / "icp.yaml").write_text("licence: [\n", "utf-8")
        (tmp_path / "compose.yml").write_text("services: {}\n", "utf-8")
    return tmp_path


def test_the_plugin_adds_only_light_modules_of_its_own(project: Path) -> None:
    without = modules(project, "-p", "no:icp")
    added = modules(project, "-W", "error") - without - sys.stdlib_module_names
    assert "pytest_icp.plugin" in added
    assert added <= LIGHT


def test_what_the_run_of_others_prints_stays_as_it_was(project: Path) -> None:
    code = "import sys, pytest; sys.exit(pytest.main(sys.argv[1:]))"
    arguments = ("-q", "--durations=0", "--durations-min=60", "-p", "no:cacheprovider")
    without = run(project, code, *arguments, "-p", "no:icp")
    with_it = run(project, code, *arguments)
    assert with_it.rpartition(" in ")[0] == without.rpartition(" in ")[0]


def test_public_names_are_imported_when_first_used() -> None:
    code = (
        "import sys, pytest_icp\n"
        "print(*[m for m in sys.modules if m.startswith('pytest_icp')])\n"
        "print(pytest_icp.due(after='2024-03-06', days=30).raw)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stdout.split() == ["pytest_icp", "2024-04-05"]


def test_what_only_templates_need_is_imported_for_templates() -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pytest_icp.facts.pages.rendering import certain, unrendered\n"
        "from pytest_icp.facts.pages import completed\n"
        "def shows(name, html):\n"
        "    html = completed(Path(name), html, lambda path: b'')\n"
        "    certain(Path(name), html), unrendered(Path(name), html)\n"
        "    return [m for m in ('templates', 'constants') if f'pytest_icp.facts.pages.{m}'"
        " in sys.modules]\n"
        "page = '<link rel=stylesheet href=a.css><script src=a.js></script><p>a</p>'\n"
        "print(shows('a.html', page), shows('b.php', '<?php ?>a'), shows('c.vue', page))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8"
    )
    assert done.stdout == "[] ['templates'] ['templates', 'constants']\n"


def test_modules_are_loaded_as_they_were_installed(tmp_path: Path) -> None:
    """pytest rewrites the assertions of plugins; here are none, and compiling takes its time."""
    code = (
        "import sys, pytest\n"
        "code = pytest.main(sys.argv[1:])\n"
        "loaders = {type(module.__loader__).__name__ for name, module in sys.modules.items()\n"
        "           if name.startswith('pytest_icp.')}\n"
        "print()\n"
        "print(*loaders)\n"
        "sys.exit(code)"
    )
    # As pytest does by itself with what a wheel has installed.
    (tmp_path / "early.py").write_text(
        "import pytest\n\npytest.register_assert_rewrite('pytest_icp')\n", "utf-8"
    )
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    printed = run(tmp_path, code, "-p", "early", environment=environment)
    assert printed.splitlines()[-1] == "SourceFileLoader"
