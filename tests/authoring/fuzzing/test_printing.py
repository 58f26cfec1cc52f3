from __future__ import annotations

import yaml
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.printing import case_lines, outcome_text
from pytest_icp.authoring.fuzzing.tried import BrokenLaw, GaveUp
from pytest_icp.authoring.strategies.trial import Situation
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.text import Text, plain

FACTS = {
    "apiVersion": "pytest-icp/v1",
    "renewal": {"intention": "renew", "applied_on": "never"},
    "corporate_events": [
        {"id": "a-long-name-for-an-event", "kind": "address", "changed_on": "2024-02-29"},
        {"id": "b"},
    ],
    "licence": {
        "holder": "北京示例科技有限公司",
        "attachments": [],
        "issued_on": None,
        "legal": "x" * 40,
    },
    "sites": [
        {"id": "a", "domains": ["www.example.cn", "m.example.cn", "shop.example.cn.example"]}
    ],
}
BREACH = BrokenLaw(
    law=say.BOUNDARY_LAW,
    situation=Situation(document=FACTS, as_of="2024-03-31", files=(("page.html", b"<p>x</p>"),)),
    found=Verdict.SATISFIED,
    expected=Verdict.VIOLATED,
    why=Text(zh="文字写明 30日内", en="the words say 30 days"),
)


def test_the_case_reads_back_as_the_situation() -> None:
    (case,) = yaml.safe_load("\n".join(case_lines(BREACH, "OWN/rule")))
    expected = {name: value for name, value in FACTS.items() if name != "apiVersion"}
    assert yaml.safe_load(yaml.safe_dump(case["facts"])).keys() == expected.keys()
    assert str(case["facts"]["corporate_events"][0]["changed_on"]) == "2024-02-29"
    assert case["facts"]["sites"] == expected["sites"]
    assert case["facts"]["licence"]["issued_on"] is None
    assert case["files"] == {"page.html": "<p>x</p>"}
    assert (case["rule"], str(case["verdict"])) == ("OWN/rule", "violated")


def test_at_level_review_the_case_asks_a_person() -> None:
    (case,) = yaml.safe_load("\n".join(case_lines(BREACH, "OWN/rule#late", review=True)))
    assert (case["rule"], case["verdict"], case["review"]) == ("OWN/rule#late", "unknown", True)
    met = replace(BREACH, expected=Verdict.SATISFIED)
    (case,) = yaml.safe_load("\n".join(case_lines(met, "OWN/rule#late", review=True)))
    assert (case["verdict"], "review" in case) == ("satisfied", False)
    assert "    review: true" in outcome_text(BREACH, "OWN/rule#late", "en", review=True)


def test_a_case_without_files_names_none() -> None:
    bare = replace(BREACH, situation=replace(BREACH.situation, files=()))
    (case,) = yaml.safe_load("\n".join(case_lines(bare, "OWN/rule")))
    assert "files" not in case


def test_a_crash_names_its_cause_and_no_verdict() -> None:
    crash = BrokenLaw(
        law=say.CRASH_LAW,
        situation=BREACH.situation,
        found=None,
        expected=None,
        why=plain("KeyError: 'x' (conftest.py:3)"),
        cause="KeyError conftest.py:3",
    )
    text = outcome_text(crash, "OWN/rule", "en")
    assert "cause: KeyError: 'x' (conftest.py:3)" in text
    assert "\n    verdict:" not in text


def test_giving_up_says_what_most_ended_at() -> None:
    reasons = ((plain("not applicable"), 9), (plain("not known"), 1))
    text = outcome_text(GaveUp(tries=10, reasons=reasons), "OWN/rule", "en")
    assert "no description that violates it was found in 10 tries" in " ".join(text.split())
    assert "most common outcome (9 times): not applicable" in text
    assert "next (1 times): not known" in text
