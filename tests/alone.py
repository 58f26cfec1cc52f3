"""The package with its required dependencies and nothing else: no extra, no library of the tests.

Not collected by itself: ``pytest --noconftest tests/alone.py``, in an environment that has only
what ``pip install pytest-icp`` brings.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent
ABSENT = ["dns", "hypothesis", "icalendar", "pypdfium2"]


@pytest.mark.parametrize("module", ABSENT)
def test_nothing_brings_an_extra(module: str) -> None:
    assert find_spec(module) is None


def test_the_example_is_decided_and_reported(pytester: pytest.Pytester) -> None:
    formats = ("html", "jsonl", "markdown", "sarif")
    reports = [f"--icp-report={name}={pytester.path / name}" for name in formats]
    example = ("--rootdir", str(ROOT / "examples"), str(ROOT / "examples" / "etaoche"))
    run = pytester.runpytest_subprocess("--icp-as-of=2023-11-20", *reports, *example)
    assert run.ret == pytest.ExitCode.OK
    assert all((pytester.path / name).stat().st_size for name in formats)


def test_fuzzing_is_answered_with_the_command_that_installs_it(pytester: pytest.Pytester) -> None:
    run = pytester.runpytest_subprocess("--icp-fuzz")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert run.stderr.str().count('pip install "pytest-icp[fuzz]"') == 1


def test_strategies_are_answered_with_it_too(pytester: pytest.Pytester) -> None:
    code = "from pytest_icp import strategies; strategies.descriptions"
    run = pytester.run(sys.executable, "-c", code)
    assert 'pip install "pytest-icp[fuzz]"' in run.stderr.str()
