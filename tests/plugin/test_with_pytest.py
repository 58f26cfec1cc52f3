"""Everything pytest users know works: -k, -m, --lf, -x, -n, JUnit, -W error, -p no:icp."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest
from xmlschema import XMLSchema

from pytest_icp.kinds.policies import default_policies
from tests.plugin.conftest import Infra

DATA = Path(__file__).parent.parent / "data"
RENEWAL = "infra/prod.icp.yaml::SP12::renewal"


def test_select_by_keyword_and_marker(infra: Infra) -> None:
    by_word = infra.run("-k", "renewal and SP12", "-q", "--collect-only").outlines
    assert by_word[0] == RENEWAL
    by_marker = infra.run("-m", "icp", "-q", "--collect-only").outlines
    assert RENEWAL in by_marker
    assert "no tests collected" in infra.run("-m", "not icp", "-q", "--collect-only").outlines[-1]


def test_last_failed_runs_what_failed(infra: Infra) -> None:
    infra.run(RENEWAL, "infra/prod.icp.yaml::SP12::update", as_of="2025-12-01")
    infra.run("--lf", as_of="2025-12-01").assert_outcomes(failed=1)


def test_exit_first_stops_at_an_unknown(infra: Infra) -> None:
    infra.describe(renewal="null")
    result = infra.run("-x", "infra/prod.icp.yaml::SP12")
    result.stdout.fnmatch_lines(["*stopping after 1 failures*"])


def test_places_are_told_without_the_way_back(infra: Infra) -> None:
    (infra.pytester.path / ".git").mkdir()
    infra.write("licence.yaml", (infra.path.parent / "licence.yaml").read_text("utf-8"))
    infra.path.write_text(
        infra.path.read_text("utf-8").replace("licence.yaml", "../licence.yaml"), "utf-8"
    )
    text = infra.run("-vv", "--junitxml=out.xml", "-o", "junit_family=xunit1").stdout.str()
    # Items are of the description; a report of a fact in another file names that one beside it.
    assert "prod.icp.yaml::LIC::valid PASSED" in text
    assert "prod.icp.yaml::SP13::cancel <- licence.yaml UNDECIDED" in text
    assert text.count("::LIC::valid ") == 1
    assert text.count("::SP02::area ") == 1
    junit = (infra.pytester.path / "out.xml").read_text("utf-8")
    assert 'file="licence.yaml"' in junit
    assert "infra/../" not in text + junit


def test_a_reason_to_skip_is_shown_from_its_start(infra: Infra) -> None:
    text = infra.run("-vv", "--icp-lang=both", "infra/prod.icp.yaml::SP11::foreign").stdout.str()
    whole = " ".join(text.split())
    assert "SKIPPED ( “公司变更事项”申报为空：没有此类事项 · “Corporate" in whole
    english = infra.run("-vv", "--icp-lang", "en", "infra/prod.icp.yaml::SP11::foreign")
    assert "SKIPPED ( “Corporate events” is" in " ".join(english.stdout.str().split())


def test_warnings_as_errors_change_nothing(infra: Infra) -> None:
    plain = infra.run("infra/prod.icp.yaml::SP12")
    strict = infra.run("-W", "error", "infra/prod.icp.yaml::SP12")
    assert strict.parseoutcomes() == plain.parseoutcomes()


def test_without_the_plugin_nothing_is_collected(infra: Infra) -> None:
    result = infra.pytester.runpytest_inprocess("-p", "no:icp")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_other_yaml_is_left_alone(infra: Infra) -> None:
    infra.path.unlink()
    infra.write("infra/deployment.yaml", "kind: Deployment\n")
    infra.write("test_other.py", "def test_other(): pass\n")
    result = infra.run()
    result.assert_outcomes(passed=1)
    assert "icp:" not in result.stdout.str()
    assert "provision" not in result.stdout.str()


def test_junit_has_the_properties_and_the_place(infra: Infra) -> None:
    infra.run(RENEWAL, "--junitxml=out.xml", "-o", "junit_family=xunit1", as_of="2025-12-01")
    case = next(ET.parse(infra.pytester.path / "out.xml").iter("testcase"))
    told = {p.get("name"): p.get("value") for p in case.iter("property")}
    assert told == {
        "icp.rule": "SP12/renewal",
        "icp.verdict": "violated",
        "icp.level": "mandatory",
        "icp.basis": "licence",
        "icp.as_of": "2025-12-01T23:59:59+08:00",
        "icp.article": "十二",
        "icp.due": "2025-10-06",
        "icp.subject": "renewal",
    }
    assert case.get("file") == "infra/prod.icp.yaml"
    assert case.get("line") == "5"
    assert case.get("classname") == "infra.prod.icp.yaml.SP12"
    assert case.find("failure") is not None


@pytest.mark.parametrize("family", ["xunit1", "xunit2"])
def test_junit_is_valid_but_for_what_pytest_itself_adds(infra: Infra, family: str) -> None:
    infra.write("infra/icp-waivers.yaml", WAIVER.format(expires="2025-12-31"))
    infra.write("infra/bad.icp.yaml", 'apiVersion: pytest-icp/v1\nlicense: "\\e[31m <a> ]]>"\n')
    infra.run("--junitxml=out.xml", "-o", f"junit_family={family}", as_of="2025-12-01")
    tree = ET.parse(infra.pytester.path / "out.xml")
    found = {
        tag for tag in ("failure", "skipped", "property") if tree.find(f".//{tag}") is not None
    }
    assert found == {"failure", "skipped", "property"}
    schema = XMLSchema(DATA / "junit-10.xsd")
    # The schema has properties of a whole suite only, and no place of a test.
    for case in tree.iter("testcase"):
        assert ("file" in case.attrib) is (family == "xunit1")
        for name in ("file", "line"):
            case.attrib.pop(name, None)
        for properties in case.findall("properties"):
            case.remove(properties)
    schema.validate(tree)


def test_runxfail_lets_a_waived_violation_fail(infra: Infra) -> None:
    infra.write("infra/icp-waivers.yaml", WAIVER.format(expires="2025-12-31"))
    infra.run(RENEWAL, as_of="2025-12-01").assert_outcomes(xfailed=1)
    infra.run(RENEWAL, "--runxfail", as_of="2025-12-01").assert_outcomes(failed=1)


WAIVER = """\
waivers:
  - rule: SP12/renewal
    reason: agreed with the authority
    owner: compliance
    expires: {expires}
"""


@pytest.mark.parametrize(
    ("expires", "outcome"),
    [("2025-12-01", {"xfailed": 1}), ("2025-11-30", {"failed": 1})],
    ids=["the last day counts", "the day after fails"],
)
def test_a_waiver_holds_until_the_end_of_its_last_day(
    infra: Infra, expires: str, outcome: dict[str, int]
) -> None:
    infra.write("infra/icp-waivers.yaml", WAIVER.format(expires=expires))
    infra.run(RENEWAL, as_of="2025-12-01").assert_outcomes(**outcome)


def test_waivers_may_end_in_yml_too(infra: Infra) -> None:
    infra.write("infra/icp-waivers.yml", WAIVER.format(expires="2025-12-31"))
    infra.run(RENEWAL, as_of="2025-12-01").assert_outcomes(xfailed=1)
    (infra.path.parent / "icp-waivers.yaml").symlink_to("nowhere.yaml")
    result = infra.run(as_of="2025-12-01")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*icp-waivers.yaml: no such file*"])


def test_a_waiver_that_matches_nothing_is_reported(infra: Infra) -> None:
    infra.write("infra/icp-waivers.yaml", WAIVER.format(expires="2025-12-31"))
    result = infra.run(RENEWAL, as_of="2025-06-01")
    result.stdout.fnmatch_lines(["*waivers that match nothing*", "*SP12/renewal*"])


@pytest.mark.parametrize(
    "args",
    [("-k", "update"), ("infra/test.icp.yaml",)],
    ids=["keyword", "another description"],
)
@pytest.mark.parametrize("expires", ["2025-12-31", "2025-05-01"])
def test_a_waiver_that_was_not_asked_about_is_not_called_idle(
    infra: Infra, args: tuple[str, ...], expires: str
) -> None:
    infra.write("infra/icp-waivers.yaml", WAIVER.format(expires=expires) + "    subject: prod\n")
    if "infra/test.icp.yaml" in args:
        infra.write("infra/test.icp.yaml", "apiVersion: pytest-icp/v1\n")
    shown = infra.run(*args, as_of="2025-06-01").stdout.str()
    assert "waivers that match nothing" not in shown
    # That one has expired its file says, whatever is judged.
    assert ("expired waivers" in shown) is (expires < "2025-06")


BOUND = [policy for policy in default_policies() if policy.family in {"", "B25"}]
"""The policies that bind the licence."""


def test_what_is_ignored_is_counted_and_said(infra: Infra) -> None:
    asked = ("--icp-select", "SP12/*", "--icp-ignore", "SP12/opened", "--icp-lang", "en")
    others = (len(one.obligations) for one in BOUND if one.id != "SP12")
    said = f"{sum(others) + 1} not selected by icp_select and icp_ignore (compliance *"
    infra.run(*asked).stdout.fnmatch_lines([said])
    result = infra.run(*asked, "-v")
    result.stdout.fnmatch_lines(["-* not selected -*"])
    words = " ".join(result.stdout.str().split())
    assert f": {', '.join(in_short())} -" in words


def in_short() -> Iterator[str]:
    """Name what is left out: whole provisions, and of the twelfth what is ignored."""
    for policy in BOUND:
        first, *others = (obligation.rule_id for obligation in policy.obligations)
        whole = f"{policy.id}/*" if others else first
        yield "SP12/opened" if policy.id == "SP12" else whole


def test_ordinary_tests_use_the_description(infra: Infra) -> None:
    infra.write(
        "infra/test_own.py",
        """\
        import pytest

        @pytest.mark.icp("OWN/number")
        def test_number(icp_licence, icp_description, icp_as_of):
            assert icp_licence["number"] == "京B2-20210001"
            assert icp_description.facts["company"]["name"]
            assert icp_as_of.isoformat().startswith("2025-06-01T23:59:59")
        """,
    )
    result = infra.run("infra/test_own.py", "-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["  OWN number  1"])


def test_ordinary_tests_see_the_description_as_of_the_day(infra: Infra) -> None:
    infra.describe(
        renewal="{intention: renew, applied_on: 2025-09-01, decision: pending}",
        servers="[{id: later, in_service_on: 2025-07-01}, {id: now}]",
    )
    infra.write(
        "infra/test_own.py",
        """\
        def test_later_has_not_happened(icp_description, icp_licence):
            assert icp_description.facts["renewal"]["applied_on"] == "never"
            assert [server["id"] for server in icp_description.facts["servers"]] == ["now"]
            assert icp_licence["valid_until"] == "2026-01-04"
            assert icp_description.place("/servers/0/id").excerpt.startswith("servers: ")
            assert icp_description.place("/servers/0/id").column == 56
        """,
    )
    infra.run("infra/test_own.py").assert_outcomes(passed=1)
    infra.run("infra/test_own.py", as_of="2025-10-01").assert_outcomes(failed=1)


def test_ordinary_tests_see_the_facts_of_plugins(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """\
        def pytest_icp_facts(path):
            return {"apiVersion": "pytest-icp/v1", "domains": [{"id": path.name}]}
        """,
    )
    infra.write(
        "infra/test_own.py",
        """\
        def test_own(icp_description):
            assert icp_description.facts["domains"] == [{"id": "prod.icp.yaml"}]
        """,
    )
    infra.run("infra/test_own.py").assert_outcomes(passed=1)


def test_a_test_without_a_description_says_what_is_wanted(infra: Infra) -> None:
    infra.write("other/test_own.py", "def test_own(icp_description): pass\n")
    result = infra.run("other/test_own.py")
    result.stdout.fnmatch_lines(["*there is no description in*", "*name one in icp_description"])


def test_what_was_read_is_let_go_at_the_end(infra: Infra) -> None:
    infra.write("infra/test_own.py", "def test_own(icp_description): pass\n")
    infra.write(
        "conftest.py",
        """\
        import gc

        def read():
            return {id(o) for o in gc.get_objects() if type(o).__name__ in {"Scene", "Description"}}

        # Other tests of this process keep theirs.
        BEFORE = read()

        def pytest_unconfigure():
            print("kept:", len(read() - BEFORE))
        """,
    )
    # Failures, skipped and passed ones, none keeps a frame that holds on to what was read.
    result = infra.run("-s", as_of="2025-12-01")
    assert result.parseoutcomes().keys() >= {"passed", "failed", "skipped"}
    result.stdout.fnmatch_lines(["kept: 0"])
