"""What ``--icp-fuzz`` tries does not depend on the process: not on its modules, hour or cache."""

from __future__ import annotations

import hashlib

import pytest

from tests.plugin.conftest import OWN_POLICY, Infra

CONFTEST = """\
from datetime import datetime
from pathlib import Path

from pytest_icp.plugin import options
from pytest_icp.law.times import CST
from pytest_icp.authoring.strategies.trial import Trial

known = Trial.outcome


def outcome(self, situation):
    told = Path(TOLD, self.obligation.rule_id.replace("/", "-"))
    with told.open("a", encoding="utf-8") as file:
        file.write(f"{{situation!r}}\\n")
    return known(self, situation)


Trial.outcome = outcome
options.now = lambda: datetime(2025, 6, 1, {hour}, 0, 0, 1, tzinfo=CST)
"""
CONSTANTS = "\n".join(f"C{n} = ({n * 997}, 'constant-{n}.cn', {n}.25)" for n in range(200)) + "\n"
FACTS = """\
sites: [{id: main, name: 示例网, launched_on: 2020-01-01, public: true, domains: [www.example.cn]}]
customer_service: {staff_count: 4}
"""
# It breaks a law: what is counted is not what the words say.
WRONG = (
    OWN_POLICY.partition("obligations:")[0]
    + """\
obligations:
  - id: staff
    title: {zh: 至少3人, en: At least 3 people}
    meaning: {zh: 见标题。, en: As the title says.}
    fix: {zh: 照办。, en: Do so.}
    level: mandatory
    basis: own
    kind: condition
    each: customer_service
    require: {staff_count: {minimum: 5}}
"""
)


FEW = "--icp-fuzz-examples=3"
SELECT = ("SP02/area", "SP01/tariffs", "OWN")


@pytest.fixture
def told(infra: Infra) -> Infra:
    infra.write("constants.py", CONSTANTS)
    infra.write("own/OWN.yaml", WRONG)
    text = infra.path.read_text("utf-8")
    infra.path.write_text(text.replace("corporate_events: []\n", f"corporate_events: []\n{FACTS}"))
    return infra


def tried(told: Infra, folder: str, *args: str, conftest: str) -> tuple[dict[str, str], str]:
    """Return a digest of all that was tried of each rule, and the counterexample."""
    kept = told.pytester.path / folder
    kept.mkdir()
    (told.pytester.path / "conftest.py").write_text(f"TOLD = {str(kept)!r}\n{conftest}", "utf-8")
    options = ("--icp-fuzz", "-m", "icp_fuzz", "--icp-policies", "own", "--icp-lang", "en")
    run = told.run_apart(*options, *(f"--icp-select={rule}" for rule in SELECT), *args, as_of="")
    shown = run.stdout.str().partition("counterexample found by fuzzing")[2].partition("\n__")[0]
    shown = shown.partition("\n==")[0].partition("\n--")[0].partition("\nicp: incomplete")[0]
    assert "the words say >= 3" in " ".join(shown.split())
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in kept.iterdir()}, shown


def test_two_processes_try_the_same(told: Infra) -> None:
    alone, shown = tried(told, "alone", FEW, conftest=CONFTEST.format(hour=9))
    # Other modules, other tests, another hour, two workers, and a cache that is warm.
    others = ("--icp-select=SP12/renewal", "-n", "2")
    conftest = f"import constants\n{CONFTEST.format(hour=17)}"
    among, again = tried(told, "among", FEW, *others, conftest=conftest)
    assert alone.keys() == {"SP02-area", "SP01-tariffs", "OWN-staff"}
    assert len(among) > len(alone)
    assert {name: among[name] for name in alone} == alone
    assert again == shown
