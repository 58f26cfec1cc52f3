"""A baseline in a pytest run: it marks, and hides nothing."""

from __future__ import annotations

import json

import pytest

from pytest_icp.cli.main import main
from tests.plugin.conftest import Infra


@pytest.fixture
def known(infra: Infra) -> Infra:
    main(["baseline", "infra", "--output", "b.json", "--as-of", "2025-12-01"])
    return infra


def test_a_baseline_marks_and_the_run_fails_all_the_same(known: Infra) -> None:
    plain = known.run("-q", as_of="2025-12-01")
    run = known.run(
        *("-q", "--icp-baseline=b.json", "--icp-report=jsonl=r.jsonl"), as_of="2025-12-01"
    )
    assert run.ret == plain.ret == pytest.ExitCode.TESTS_FAILED
    run.stdout.fnmatch_lines(["*compared with the baseline*", "*0 new, *in the baseline*"])
    lines = (known.pytester.path / "r.jsonl").read_text("utf-8").splitlines()
    others = {"due soon", "weakened", "record"}
    due = [line for line in map(json.loads, lines) if line["grade"] not in others]
    assert all(line["known"] for line in due)


def test_the_ini_names_it_beside_itself(known: Infra) -> None:
    known.write("pytest.ini", "[pytest]\nicp_baseline = b.json\n")
    known.run("-q").stdout.fnmatch_lines(["*no longer there: infra/prod.icp.yaml: SP12/renewal*"])


@pytest.mark.parametrize("name", ["no.json", "infra/licence.yaml"])
def test_one_that_cannot_be_read_stops_the_run(infra: Infra, name: str) -> None:
    result = infra.run(f"--icp-baseline={name}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--icp-baseline: *"])


def test_without_descriptions_it_says_that_nothing_is_known(known: Infra) -> None:
    known.path.unlink()
    known.write("test_it.py", "def test_it(): pass\n")
    known.run("--icp-baseline=b.json").stdout.fnmatch_lines(["*0 new, 0 in the baseline*"])
