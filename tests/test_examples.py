"""The example says what its README says: on its three days, and when one thing is changed."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pytest_icp
from pytest_icp.engine import binding
from pytest_icp.kinds.policies import default_policies
from tests.plugin.conftest import Infra, infra

if TYPE_CHECKING:
    from pytest_icp import Result

__all__ = ["infra"]  # a fixture

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "etaoche"
DESCRIPTION = EXAMPLE / "etaoche.icp.yaml"
README = (EXAMPLE / "README.md").read_text("utf-8")
BOUND = binding(default_policies(), pytest_icp.load(DESCRIPTION))
"""The provisions of its line of business, and of every licence."""

MOST_ROWS = 25
"""What a run prints when all is well, at 80 columns and in both languages."""

MATRIX = re.compile(r"  ((?:EVID|LIC|SP)[0-9-]*+) [A-Z].* [0-9]++")
"""The row of a provision: its id, and a sign for each rule."""
RULE = r"\b[A-Z]{2,}[0-9-]*/[a-z][a-z0-9-]*"
CALM, MISSED, EXPIRED = "2023-11-20", "2023-12-08", "2026-11-24"
RENEWAL_DUE = "2023-12-07"

STALE = {
    # neither assessed nor checked again
    *("SP06/conformity", "SP06/risk"),
    "SP07/self-check",
}
FAILING = {
    CALM: set[str](),
    MISSED: {"SP12/renewal"},
    EXPIRED: {"LIC/valid", "SP12/renewal"} | STALE,
}
UNKNOWN = {CALM: set[str](), MISSED: set[str](), EXPIRED: {"SP02/home-page"}}
"""What nobody can tell any more: the snapshot of the home page is three years old."""


@dataclass(frozen=True)
class Change:
    """One change that the README proposes, and the verdicts that it leads to."""

    file: str
    old: str
    new: str
    verdicts: dict[str, str]


VISIBLE_NUMBER = "      <span>增值电信业务经营许可证：京B2-20190486</span> |\n"
CHANGES = {
    "chat": Change(
        "etaoche.icp.yaml",
        "messaging: support_chat",
        "messaging: user_to_user",
        {"SP02/scope": "violated"},
    ),
    "number only hidden": Change(
        "pages/index.html", VISIBLE_NUMBER, "", {"SP02/home-page": "violated"}
    ),
    "domain": Change(
        "etaoche.icp.yaml",
        "domains: [etaoche.cn, www.etaoche.cn, m.etaoche.cn]",
        "domains: [etaoche.cn, www.etaoche.cn, m.etaoche.cn, etaoche.com]",
        {"LIC/domains": "violated"},
    ),
    "server": Change(
        "etaoche.icp.yaml",
        "id: web-2\n    role: origin\n    production: true\n    location: *printed\n",
        "id: web-2\n    role: origin\n    production: true\n"
        "    location: {country: CN, province: 上海市}\n",
        {"LIC/server-place": "violated"},
    ),
    "180 days": Change(
        "etaoche.icp.yaml",
        "retention: {days: 200}",
        "retention: {days: 180}",
        {"SP09/six-months": "violated"},
    ),
    "late report": Change(
        "etaoche.icp.yaml",
        'reported_at: "2023-10-11T10:00+08:00"',
        'reported_at: "2023-10-12"',
        {"SP09/report": "violated"},
    ),
    "lease": Change(
        "facts/resources.yaml",
        'valid_until: "2028-12-31"',
        'valid_until: "2023-11-19"',
        {"SP03/rent": "violated"},
    ),
    "push": Change(
        "facts/services.yaml",
        "    default_on: false\n",
        "    default_on: true\n",
        {"SP15-10/consent": "violated"},
    ),
    "digit": Change(
        "evidence/brochure.md",
        "20190486",
        "20190487",
        {"SP02/promotion-number": "violated"},
    ),
    "not known": Change(
        "etaoche.icp.yaml", "  coverage: all\n", "", {"SP09/monitoring": "unknown"}
    ),
}


def decided(description: Path, as_of: str) -> dict[str, Result]:
    results = pytest_icp.evaluate(pytest_icp.load(description), as_of=as_of)
    return {result.rule_id: result for result in results}


def standing_out(results: dict[str, Result]) -> dict[str, str]:
    return {
        rule: str(result.verdict)
        for rule, result in results.items()
        if result.verdict in {"violated", "unknown"}
    }


def fails(result: Result) -> bool:
    return result.level == "mandatory"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "etaoche"))


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return dict(pytest_icp.load(DESCRIPTION).facts)


# ---- the three days ------------------------------------------------------------------------------


@pytest.mark.parametrize("day", FAILING)
def test_exactly_what_the_story_tells_fails(day: str) -> None:
    results = decided(DESCRIPTION, day)
    found = standing_out(results)
    failing = {rule: verdict for rule, verdict in found.items() if fails(results[rule])}
    unknown = dict.fromkeys(UNKNOWN[day], "unknown")
    assert failing == dict.fromkeys(FAILING[day], "violated") | unknown
    # What is advisory grows old as well, where nobody looks after anything any more.
    assert day == EXPIRED or found == failing


def test_the_renewal_is_noted_while_there_is_time() -> None:
    renewal = decided(DESCRIPTION, CALM)["SP12/renewal"]
    assert renewal.verdict == "satisfied"
    assert [note.due for note in renewal.notes if note.kind == "due soon"] == [RENEWAL_DUE]
    assert [item.last for item in renewal.upcoming] == [RENEWAL_DUE]


@pytest.mark.parametrize(
    ("last_good", "first_bad", "rule"),
    [(RENEWAL_DUE, MISSED, "SP12/renewal"), ("2024-03-06", "2024-03-07", "LIC/valid")],
)
def test_the_boundaries_are_days(last_good: str, first_bad: str, rule: str) -> None:
    assert decided(DESCRIPTION, last_good)[rule].verdict == "satisfied"
    assert decided(DESCRIPTION, first_bad)[rule].verdict == "violated"


def test_every_kind_of_fact_of_the_story_is_decided() -> None:
    """What does not apply on the calm day is what the story lacks, not what was forgotten."""
    results = decided(DESCRIPTION, CALM)
    idle = {rule for rule, result in results.items() if result.verdict == "not applicable"}
    assert idle == {
        *("LIC/apps", "SP02/app-filing", "SP02/app-number"),  # there is no app
        "SP01/market",  # nothing was said against competition
        *("SP02/icp-filing", "SP02/filing-number"),  # the site is commercial
        *("SP01/number-permit", "SP01/number-holder"),  # it has no number
        *("SP01/number-use", "SP01/number-provider"),
        *("SP02/area", "LIC/capital"),  # the licence prints no area, and no capital
        # nothing is built, leads abroad, or is passed on
        *("SP03/build", "SP03/construction", "SP03/international"),
        *("SP04/unlicensed", "SP04/resale", "SP04/numbers"),
        # no critical infrastructure, not a million users; nothing is published or goes abroad
        *("SP07/location", "SP07/officer"),
        *("SP07/audit", "SP07/faces", "SP07/catalogue"),  # not law yet, and no important data
        *("SP07/minors-access", "SP07/minors-audit", "SP07/minors-audit-report"),
        *(rule for rule in results if rule.startswith("SP07/export-")),
        # both incidents were small, and no crime
        *("SP08/act", "SP08/contained", "SP08/orders"),
        "SP08/vulnerability",
        "SP08/guardians",
        *("SP08/cyberspace", "SP08/protection"),
        *("SP08/final-report", "SP08/police"),
        "SP10/foreign",  # only the police asked
        # the operator, the scope and the shareholders stay, and none of these is foreign
        *(rule for rule in results if rule.startswith("SP11/")),
        *(rule for rule in results if rule.startswith("SP13/")),  # there is no other licence
        "SP12/exit",  # the company means to go on
        *("SP12/stop", "SP12/stop-notice"),
        "SP12/winddown",
        # nothing that another authority approves first
        *("SP15-01/pre-approval", "SP15-01/added-item", "SP15-01/approval-first"),
        "SP15-01/drug-filing",
        "SP15-01/addition-first",
        "SP15-03/own-content",  # the cases are those of users
        "SP15-05/collection",  # no operator collects fees
        *("SP15-08/user-scale", "SP15-08/generated"),  # no great growth of users, nothing generated
        "SP14/number-report",  # there are no numbers
        "SP15-10/paid",  # what is pushed is free
        *("SP15-05/consent", "SP15-10/popup"),  # nothing renews by itself, is bundled or pops up
        # no apps are distributed, and the licence excludes search, community and interaction
        *(rule for rule in results if rule.startswith(("SP15-11/", "SP15-12/", "SP15-13/"))),
        *(f"SP15-14/{rule}" for rule in ("account-review", "account-filing", "plan")),
        *(f"SP15-14/{rule}" for rule in ("mechanism-exists",)),
    }


EXCLUDED = {"SP15-12": "B25.search", "SP15-13": "B25.community", "SP15-14": "B25.im"}


@pytest.mark.parametrize("provision", EXCLUDED)
def test_what_the_licence_excludes_is_not_applicable_and_says_why(provision: str) -> None:
    licensed = [
        result
        for rule, result in decided(DESCRIPTION, CALM).items()
        if result.provision == provision and rule != "SP15-14/telephone"
    ]
    assert licensed
    for result in licensed:
        assert result.verdict == "not applicable"
        assert "the licence does not cover" in result.reason.en
        assert f"({EXCLUDED[provision]}), so this does not apply" in result.reason.en
        assert EXCLUDED[provision] in result.reason.zh
        assert result.location.path.endswith("licence.yaml")


@pytest.fixture
def example(infra: Infra) -> Infra:
    """A repository with the example, for real runs of pytest."""
    shutil.rmtree(infra.path.parent)
    shutil.copytree(EXAMPLE, infra.pytester.path / "etaoche")
    return infra


def test_every_provision_is_collected(example: Infra) -> None:
    every = [policy.id for policy in BOUND]
    assert len(every) == 30
    items = example.run("etaoche", "--collect-only", "-q").outlines
    named = [line.split("::") for line in items if "::" in line]
    assert list(dict.fromkeys(provision for _, provision, _ in named)) == every
    assert [f"{provision}/{rule}" for _, provision, rule in named] == [
        obligation.rule_id for policy in BOUND for obligation in policy.obligations
    ]


@pytest.mark.parametrize("day", FAILING)
def test_a_pytest_run_says_the_same(example: Infra, day: str) -> None:
    # As a user does once; the other days need no process of their own.
    run = example.run_apart if day == CALM else example.run
    result = run("etaoche", "-rf", "-W", "error", as_of=day)
    counts = result.parseoutcomes()
    expected = decided(DESCRIPTION, day)
    assert counts.get("failed", 0) == len(FAILING[day])
    assert sum(counts.values()) == len(expected)
    assert set(counts) <= {"passed", "skipped", "failed", "advice", "undecided"}
    assert counts.get("undecided", 0) == len(UNKNOWN[day])
    for rule in FAILING[day]:
        provision, _, obligation = rule.partition("/")
        result.stdout.fnmatch_lines([f"FAILED *::{provision}::{obligation}*"])
    assert result.ret == (pytest.ExitCode.TESTS_FAILED if FAILING[day] else pytest.ExitCode.OK)
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert day != CALM or any(RENEWAL_DUE in line for line in result.outlines)
    assert day != CALM or len(result.outlines) <= MOST_ROWS


def test_with_v_every_provision_has_its_row(example: Infra) -> None:
    result = example.run("etaoche", "-v", as_of=CALM)
    signs = [m[1] for m in map(MATRIX.match, result.outlines) if m]
    assert signs == [policy.id for policy in BOUND]


# ---- one thing changed ---------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_one_change_breaks_what_the_readme_says(copy: Path, change: Change) -> None:
    file = copy / change.file
    before = file.read_text("utf-8")
    assert before.count(change.old) == 1
    file.write_text(before.replace(change.old, change.new), "utf-8")
    assert standing_out(decided(copy / DESCRIPTION.name, CALM)) == change.verdicts


def test_an_application_in_time_fixes_the_renewal(copy: Path) -> None:
    file = copy / DESCRIPTION.name
    text = file.read_text("utf-8")
    applied = f'applied_on: "{RENEWAL_DUE}"\n  decision: pending'
    file.write_text(text.replace("applied_on: never", applied), "utf-8")
    assert standing_out(decided(file, MISSED)) == {}


@pytest.mark.parametrize("heading", ["## Break it", "## 改坏试试"])
def test_the_readme_proposes_these_changes(heading: str) -> None:
    section = README.partition(heading)[2].partition("\n## ")[0]
    rules = re.findall(RULE, section)
    assert rules == [rule for change in CHANGES.values() for rule in change.verdicts]


# ---- the files -----------------------------------------------------------------------------------


def test_the_readme_names_files_that_exist() -> None:
    named = set(re.findall(r"`((?:[a-z]+/)?[a-z-]+\.(?:icp\.yaml|yaml|html|md)|[a-z]+/)`", README))
    assert {"etaoche.icp.yaml", "licence.yaml", "pages/index.html", "evidence/"} <= named
    assert [name for name in named if not (EXAMPLE / name).exists()] == []


@pytest.mark.parametrize("day", FAILING)
def test_the_readme_tells_the_three_days_twice(day: str) -> None:
    assert README.count(f"\npytest examples/etaoche --icp-as-of {day}\n") == 2
    rows = [line for line in README.splitlines() if line.startswith(f"| {day} |")]
    assert len(rows) == 2
    for row in rows:
        assert set(re.findall(RULE, row)) == FAILING[day]


def documents(value: Any) -> list[dict[str, Any]]:
    """Every object of the description that names a document, at any depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    mine = [value] if isinstance(value, dict) and "document" in value else []
    named = [one for one in mine if isinstance(one["document"], str)]
    return named + [found for one in inner for found in documents(one)]


def test_the_hashes_are_those_of_the_documents(facts: dict[str, Any]) -> None:
    written = {one["document"]: one["sha256"] for one in documents(facts) if "sha256" in one}
    papers = {request["legal_basis_doc"] for request in facts["authority_requests"]}
    papers |= {plan["document"] for plan in facts["emergency_plans"]}
    there = {
        file.relative_to(EXAMPLE).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (EXAMPLE / "evidence").iterdir()
    }
    assert papers <= there.keys()  # requests of authorities and plans are named without a hash
    assert written == {name: there[name] for name in there.keys() - papers}


def test_the_page_shows_the_number_of_the_licence_once(facts: dict[str, Any]) -> None:
    page = (EXAMPLE / "pages" / "index.html").read_text("utf-8")
    number = facts["licence"]["number"]
    assert page.count(number) == 4  # as text, in a comment, in an alt text, in a hidden element
    numbers = pytest_icp.find_numbers(page)
    assert numbers.licences == (number,)
    assert [found.number for found in numbers.found].count(number) == 1
    (site,) = facts["sites"]
    assert numbers.filings == (site["icp_filing"]["number"],)
    assert numbers.police == (site["psb_filing"]["number"].rstrip("号"),)
    assert pytest_icp.find_numbers(page.replace(VISIBLE_NUMBER, "")).licences == ()


def test_only_the_representative_of_the_licence_is_named(facts: dict[str, Any]) -> None:
    name = facts["licence"]["legal_representative"]
    assert facts["company"]["legal_representative"] == name
    for file in (EXAMPLE / "evidence").iterdir():
        assert name.encode() not in file.read_bytes()


def test_the_display_photo_is_a_picture() -> None:
    content = (EXAMPLE / "evidence" / "display-photo.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert content.endswith(b"IEND\xaeB`\x82")


# ---- the licence ---------------------------------------------------------------------------------


def printed() -> str:
    """Return the words of the sample licence's main and attached page."""
    paper = (ROOT / "tests" / "data" / "paper" / "licence.txt").read_text("utf-8")
    return paper.partition("特别规定事项")[0]


def printed_after(label: str) -> str:
    """Return what is printed on the line of a label."""
    (found,) = set(re.findall(rf"^{label}：(.+)$", printed(), re.MULTILINE))
    return str(found)


def printed_day(label: str) -> str:
    """Return a printed day as YYYY-MM-DD."""
    form = re.fullmatch(r"(\d{4})年(\d{2})月(\d{2})日", printed_after(label))
    assert form
    return "-".join(form.groups())


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("holder", "公司名称"),
        ("legal_representative", "法定代表人"),
        ("attachments.0.name", "网站名称"),
        ("attachments.0.domains.0", "网站域名"),
        ("attachments.0.server_location.text", "服务器放置地"),
        ("attachments.0.access_provider.name", "网站接入服务提供单位"),
    ],
)
def test_the_licence_says_what_is_printed(facts: dict[str, Any], path: str, label: str) -> None:
    value: Any = facts["licence"]
    for name in path.split("."):
        value = value[int(name)] if name.isdecimal() else value[name]
    assert value == printed_after(label)


def test_the_days_are_those_printed(facts: dict[str, Any]) -> None:
    licence = facts["licence"]
    assert licence["issued_on"] == printed_day("发证日期")
    assert licence["valid_until"] == printed_day("有效期限至")


def test_the_number_is_the_one_printed(facts: dict[str, Any]) -> None:
    assert pytest_icp.find_numbers(printed()).licences == (facts["licence"]["number"],)


def test_the_scope_is_the_one_printed(facts: dict[str, Any]) -> None:
    (line,) = facts["licence"]["service_lines"]
    cell = re.search(r"\(服务项目\)\n(.+)\n及覆盖范围：(.+\n【.+】)", printed())
    assert cell
    assert (line["name"], line["scope"].strip()) == cell.groups()
    assert pytest_icp.parse_scope(line["scope"], line=line["name"]).permitted == {"B25.publish"}


def test_the_place_of_the_servers_is_the_printed_line_taken_apart(facts: dict[str, Any]) -> None:
    (attachment,) = facts["licence"]["attachments"]
    place = attachment["server_location"]
    parts = ("province", "district", "street", "number", "detail")
    assert "".join(place[part] for part in parts) == place["text"]


def test_the_first_issue_is_inferred_from_number_and_term(facts: dict[str, Any]) -> None:
    licence = facts["licence"]
    first, last = licence["first_issued_on"], licence["valid_until"]
    assert first[:4] == licence["number"].partition("-")[2][:4]
    assert first[4:] == last[4:]
    assert int(last[:4]) - int(first[:4]) == 5
    assert licence["issuing_authority"] == {"kind": "CA", "province": "北京", "inferred": True}
