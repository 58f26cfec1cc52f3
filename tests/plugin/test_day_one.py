"""The first run of somebody who has declared nothing: the breach in the files is found."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy, copytree, rmtree
from typing import TYPE_CHECKING

import pytest

from pytest_icp.cli.main import main

if TYPE_CHECKING:
    from tests.plugin.conftest import Infra

REPOSITORY = Path(__file__).resolve().parents[2] / "examples" / "repository"
DAY = "2026-11-24"
BREACHES = {
    ("LIC/domains", "deploy/ingress.yaml", 20),
    ("LIC/domains", "nginx/conf.d/site.conf", 11),
    ("LIC/domains", "dns/example.org.zone", 7),
    ("SP02/home-page", "www/index.html", 7),
}
"""What the files break without any word about them, and the lines that do."""


@pytest.fixture
def day_one(infra: Infra) -> Infra:
    root = infra.pytester.path
    for path in (root / "infra").iterdir():
        path.unlink()
    copytree(REPOSITORY / "broken", root, dirs_exist_ok=True)
    copy(REPOSITORY / "licence.yaml", root / "licence.yaml")
    infra.write(
        "site.icp.yaml",
        """\
        apiVersion: pytest-icp/v1
        licence_file: licence.yaml
        sources:
          - {kind: terraform-plan, path: infra/plan.json}
          - {kind: kubernetes, path: deploy/}
          - {kind: nginx, path: nginx/nginx.conf, roots: {/usr/share/nginx/html: www}}
          - {kind: zone, path: dns/}
          - {kind: html, path: www/index.html, host: www.example.cn}
        """,
    )
    return infra


def test_each_breach_is_named_on_its_line_and_comes_first(day_one: Infra) -> None:
    reports = ("--icp-report=jsonl=r.jsonl", "--icp-report=sarif=r.sarif")
    run = day_one.run("site.icp.yaml", "--icp-unknown=warn", *reports, as_of=DAY)
    root = day_one.pytester.path
    lines = [json.loads(line) for line in (root / "r.jsonl").read_text("utf-8").splitlines()]
    found = {
        (line["rule"], line["place"]["path"], line["place"].get("line"))
        for line in lines
        if "hinge" in line
    }
    assert found >= BREACHES
    assert {line["verdict"] for line in lines if "hinge" in line} == {"unknown"}
    results = json.loads((root / "r.sarif").read_text("utf-8"))["runs"][0]["results"]
    physical = [
        (one["ruleId"], one["locations"][0]["physicalLocation"])
        for one in results
        if "would be violated" in one["message"]["text"]
    ]
    places = {
        (rule, place["artifactLocation"]["uri"], place["region"]["startLine"])
        for rule, place in physical
    }
    assert places >= BREACHES
    text = run.stdout.str()
    assert text.index("LIC/domains ") < text.index("LIC/server-place ")
    assert "if “In production” is true" in " ".join(text.split())


def test_with_what_init_assumes_each_breach_is_a_violation(day_one: Infra) -> None:
    root = day_one.pytester.path
    (root / "site.icp.yaml").unlink()
    assert main(["init", "--licence", "licence.yaml", "--as-of", DAY]) == 0
    text = (root / "infra.icp.yaml").read_text("utf-8")
    assume = "\n     assume: {production: true, commercial: true, public: true"
    # What applications log is mostly no log of access.
    assumed = text.count("  - {kind: ") - text.count("kind: log-retention")
    assert text.count(assume) == assumed
    assert "path: www/index.html, host: " in text
    run = day_one.run(
        "infra.icp.yaml", "--icp-unknown=warn", "--icp-report=jsonl=r.jsonl", as_of=DAY
    )
    lines = [json.loads(line) for line in (root / "r.jsonl").read_text("utf-8").splitlines()]
    violated = {
        (line["rule"], line["place"]["path"], line["place"].get("line"))
        for line in lines
        if line["grade"] == "violated"
    }
    assert violated >= BREACHES
    assert all(
        "assuming `" in line["message"]["en"] for line in lines if line.get("rule") == "LIC/domains"
    )
    assert "assum" not in run.stdout.lines[-2]


def test_the_last_line_counts_what_is_met_on_an_assumption(day_one: Infra) -> None:
    root = day_one.pytester.path
    for name in ("deploy", "dns", "nginx", "www"):
        rmtree(root / name)
        copytree(REPOSITORY / name, root / name)
    text = (root / "site.icp.yaml").read_text("utf-8")
    plain, assuming = "host: www.example.cn}", "host: www.example.cn, assume: {production: true}}"
    (root / "site.icp.yaml").write_text(text.replace(plain, assuming), "utf-8")
    chosen = ("--icp-select=LIC/domains,LIC/term", "--icp-lang=en")
    run = day_one.run("site.icp.yaml", *chosen, as_of=DAY)
    run.stdout.fnmatch_lines(["1 verdict on assumptions; *"])
