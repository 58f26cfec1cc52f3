"""What reads ends at a budget, and says which."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.sources import loading
from pytest_icp.sources.loading import KINDS, load
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.deriving import Element
from pytest_icp.sources.terraform.resource import FactValue, Origin
from tests.attack.reading import Files, write


def read(folder: Path, kind: str, path: str, **budget: float) -> None:
    meter = Meter(Budget(**budget))  # type: ignore[arg-type]  # one part of it
    KINDS[kind].read(Request(path=folder / path, root=folder, folder=folder, meter=meter))


ZONE = "$ORIGIN a.cn.\n@ IN SOA ns h 1 1 1 1 1\n"


@pytest.mark.parametrize(
    ("kind", "files", "budget", "said"),
    [
        ("compose", {"compose.yaml": "services: {a: {image: x}}"}, {"bytes": 5}, "5 bytes"),
        (
            "compose",
            {"compose.yaml": f"services: {{a: {{ports: {[1] * 20}}}}}"},
            {"elements": 9},
            "9 elements",
        ),
        (
            "kubernetes",
            {"a.json": f'{{"kind": "A", "apiVersion": "v1", "metadata": {{}}, "a": {[1] * 20}}}'},
            {"elements": 9},
            "9 elements",
        ),
        ("nginx", {"nginx.conf": "a b;" * 20}, {"elements": 9}, "9 elements"),
        ("apache", {"httpd.conf": "a b\n" * 20}, {"elements": 9}, "9 elements"),
        (
            "apache",
            {"httpd.conf": "Include b\n" * 10, "b": "a b\n" * 10},
            {"expansions": 50},
            "50 expansions",
        ),
        ("caddy", {"Caddyfile": "a.cn {\n}\n" * 20}, {"elements": 9}, "9 elements"),
        (
            "caddy",
            {"Caddyfile": "import b\n" * 10, "b": "(x) {\n a\n}\n" * 10},
            {"expansions": 50},
            "50 expansions",
        ),
        ("zone", {"a.cn.zone": ZONE * 20}, {"elements": 9}, "9 elements"),
        (
            "zone",
            {"a.cn.zone": f"{ZONE}$GENERATE 1-50 h$ A 1.2.3.4\n"},
            {"expansions": 9},
            "9 expansions",
        ),
        (
            "nginx",
            {"nginx.conf": "include b;" * 10, "b": "a b;" * 10},
            {"expansions": 50},
            "50 expansions",
        ),
        (
            "compose",
            {
                "compose.yaml": "services: {a: {environment: ['VIRTUAL_HOST=${A}']}}",
                ".env": "A=" + "b" * 100,
            },
            {"expansions": 50},
            "50 expansions",
        ),
        ("zone", {"a.cn.zone": ZONE}, {"seconds": 0}, "0 seconds of processor time"),
    ],
)
def test_a_source_beyond_its_budget_is_refused(
    tmp_path: Path, kind: str, files: Files, budget: dict[str, float], said: str
) -> None:
    write(tmp_path, files)
    with pytest.raises(OverBudgetError) as refused:
        read(tmp_path, kind, next(iter(files)), **budget)
    assert refused.value.message.en == f"over budget: more than {said}"
    read(tmp_path, kind, next(iter(files)), **dict.fromkeys(budget, 100_000))


def test_time_is_looked_at_while_much_is_spent() -> None:
    meter = Meter(Budget(seconds=0))
    meter.spend("elements", 1000)
    with pytest.raises(OverBudgetError, match="seconds"):
        meter.spend("elements")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no source, and no file of a description, take more than 40 of anything."""
    few = partial(Budget, elements=40, expansions=40)
    monkeypatch.setattr("pytest_icp.facts.files.budget.Budget", few)


def test_the_budget_is_named_at_the_source_and_the_rest_goes_on(
    tmp_path: Path, small: None
) -> None:
    write(
        tmp_path,
        {
            "a.icp.yaml": "apiVersion: pytest-icp/v1\nsources:\n"
            "  - {kind: zone, path: a.cn.zone}\n  - {kind: compose, path: compose.yaml}\n",
            "a.cn.zone": f"{ZONE}$GENERATE 1-50 h$ A 1.2.3.4\n",
            "compose.yaml": "services: {a: {environment: ['VIRTUAL_HOST=a.cn']}}",
        },
    )
    zone, compose = load(tmp_path / "a.icp.yaml", root=tmp_path).readings
    assert compose.derived is not None
    assert zone.gives == KINDS["zone"].gives
    assert "a.icp.yaml:3:5: over budget: more than 40 expansions" in str(zone.error)


SOURCES = "".join(f"  - {{kind: zone, path: {name}.cn.zone}}\n" for name in "abcdefghi")


@pytest.mark.parametrize(
    ("budget", "said", "read"),
    [
        ({"elements": 10}, "more than 10 elements", 3),
        ({"bytes": 90}, "more than 90 bytes", 3),
        ({"seconds": 0}, "more than 0 seconds of processor time", 0),
    ],
)
def test_all_sources_of_a_description_have_a_budget_together(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    budget: dict[str, float],
    said: str,
    read: int,
) -> None:
    monkeypatch.setattr(loading, "ALL_SOURCES", Budget(**budget))  # type: ignore[arg-type]
    write(tmp_path, {"a.icp.yaml": f"apiVersion: pytest-icp/v1\nsources:\n{SOURCES}"})
    write(tmp_path, {f"{name}.cn.zone": ZONE for name in "abcdefghi"})
    readings = load(tmp_path / "a.icp.yaml", root=tmp_path).readings
    errors = [one.error for one in readings]
    assert [error is None for error in errors] == [True] * read + [False] * (9 - read)
    assert f"over the budget of all sources of a description: {said}" in str(errors[-1])
    assert readings[-1].gives == KINDS["zone"].gives


def test_children_count_as_time() -> None:
    meter = Meter(Budget(seconds=0.2))
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    subprocess.run([sys.executable, "-c", busy], check=True)
    with pytest.raises(OverBudgetError, match="seconds"):
        meter.check_time()


def test_a_description_beyond_its_budget_is_refused(tmp_path: Path, small: None) -> None:
    values: Json = [0] * 50
    write(tmp_path, {"a.yaml": f"a: {values}\n"})
    with pytest.raises(InputError, match="over budget: more than 40 elements"):
        read_source(tmp_path / "a.yaml")


def test_lists_of_one_element_are_joined_without_repeats() -> None:
    element = Element("a", Origin(None))
    for addresses in (["1"], ["1", "2"], ["2", "3"], ["3", "1"]):
        element.put("ips", FactValue(addresses, Origin(None)), 0)
    assert element.written() == {"id": "a", "ips": ["1", "2", "3"]}
