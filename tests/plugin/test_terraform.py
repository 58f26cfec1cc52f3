"""Plans in a run of pytest: what is marked sensitive appears in nothing that a run writes."""

from __future__ import annotations

import json

import pytest

from pytest_icp.reports.publishing import FORMATS
from tests.plugin.conftest import Infra
from tests.sources.plan_files import change, declared, in_region, plan
from tests.sources.terraform.test_secrets import SENTINEL, leaky


@pytest.fixture
def leaking(infra: Infra) -> Infra:
    infra.write("infra/plan.json", json.dumps(leaky()))
    infra.describe(sources="[{kind: terraform-plan, path: plan.json}]")
    return infra


def test_no_output_or_report_has_what_is_sensitive(leaking: Infra) -> None:
    reports = [f"--icp-report={name}=out/report.{name}" for name in FORMATS]
    result = leaking.run("-vv", "--showlocals", "--tb=long", "-rA", *reports)
    assert result.ret == 1
    assert SENTINEL not in result.stdout.str() + result.stderr.str()
    root = leaking.pytester.path
    written = [path for path in root.rglob("*") if path.is_file() and path.name != "plan.json"]
    assert len([path for path in written if path.parent.name == "out"]) == len(FORMATS)
    assert not [path for path in written if SENTINEL.encode() in path.read_bytes()]


def test_a_broken_plan_says_nothing_of_what_is_in_it(leaking: Infra) -> None:
    leaking.write("infra/plan.json", json.dumps(leaky())[:-1] + " oops}")
    result = leaking.run("-vv", "--showlocals", "--tb=long")
    result.stdout.fnmatch_lines(["*plan.json:1:*", "*not valid*JSON*"])
    assert SENTINEL not in result.stdout.str() + result.stderr.str()


def test_a_server_abroad_is_found_in_the_plan(infra: Infra) -> None:
    vm = "alicloud_instance.web"
    document = plan(
        change(vm, {"availability_zone": "cn-hongkong-b"}),
        resources=[declared(vm)],
        providers={"alicloud": in_region("cn-hongkong")},
    )
    infra.write("infra/plan.json", json.dumps(document, indent=1))
    infra.describe(
        servers=f"[{{id: {vm}, production: true, role: origin, site_ids: []}}]",
        sources="[{kind: terraform-plan, path: plan.json}]",
        described_on="2025-06-01",
    )
    # Advice fails no run; what is advised stands at the line of the plan all the same.
    result = infra.run("-v", "infra/prod.icp.yaml::LIC::server-abroad")
    assert (result.ret, result.parseoutcomes()) == (0, {"advice": 1})
    result.stdout.fnmatch_lines(["*LIC/server-abroad infra/plan.json:*"])
