"""What is wrong is said once, with its place, and never with a traceback."""

from __future__ import annotations

import pytest

from tests.plugin.conftest import DESCRIPTION, OWN_POLICY, Infra


def fails(infra: Infra, *lines: str) -> None:
    """The description is one failing item that says what is wrong."""
    result = infra.run()
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"*{line}*" for line in lines])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


PROD, LICENCE = "infra/prod.icp.yaml", "infra/licence.yaml"
SCOPED = "service_lines: [{name: 信息服务业务（仅限互联网信息服务）, scope: 不含信息搜寻服务}]\n"
API = "apiVersion: pytest-icp/v1\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            *(PROD, DESCRIPTION.replace("applied_on", "aplied_on")),
            ("prod.icp.yaml:6:3*aplied_on", "did you mean*applied_on"),
        ),
        (
            PROD,
            DESCRIPTION.replace("never", "2025-02-30"),
            ("prod.icp.yaml:6:15*2025-02-30*exist",),
        ),
        (PROD, "a: [", ("prod.icp.yaml:",)),
        (PROD, "", ("empty",)),
        (PROD, API * 2, ("apiVersion",)),
        (PROD, "just words", ("prod.icp.yaml:1",)),
        (PROD, f"{API}licence_file: nowhere.yaml\n", ("nowhere.yaml",)),
        (PROD, f"{API}licence_file: ../../../etc/passwd.yaml\n", ("outside",)),
        (PROD, f"{API}include: [part.yaml]\n", ("part.yaml",)),
        (LICENCE, "number: 京B2-2C210001\n", ("licence.yaml:1:9*京B2-2C210001",)),
        (LICENCE, SCOPED, ("licence.yaml:1:*信息搜寻",)),
        (
            *("pytest.ini", "[pytest]\nicp_papers = scna\n"),
            ("there is no paper 'scna'", "did you mean*scan"),
        ),
    ],
)
def test_a_file_that_cannot_be_used(
    infra: Infra, name: str, text: str, said: tuple[str, ...]
) -> None:
    infra.write(name, text)
    fails(infra, *said)


@pytest.mark.parametrize(
    ("fact", "written", "said"),
    [
        (
            *("attestations", "[{id: scan, rule: EVID/papers#scam}]"),
            ("prod.icp.yaml:8:33*EVID/papers#scam", "did you mean*EVID/papers#scan"),
        ),
        (
            *("attestations", "[{id: scan, rule: EVID/papers}]"),
            ("prod.icp.yaml:8:33*EVID/papers has parts", "*EVID/papers#accuracy, EVID/papers#"),
        ),
        ("papers", "[scna]", ("prod.icp.yaml:8:10*scna", "did you mean*scan")),
        (
            *("sites", "[{id: w, home_page: {snapshot: ../../../etc/hostname}}]"),
            ("prod.icp.yaml:*etc/hostname",),
        ),
    ],
)
def test_a_fact_that_cannot_be_used(
    infra: Infra, fact: str, written: str, said: tuple[str, ...]
) -> None:
    infra.describe(**{fact: written})
    fails(infra, *said)


def test_bytes_that_are_not_utf8(infra: Infra) -> None:
    infra.path.write_bytes("公司".encode("gb18030"))
    fails(infra, "UTF-8")


def test_an_attestation_of_a_rule_of_ones_own(infra: Infra) -> None:
    infra.write("more/OWN.yaml", OWN_POLICY)
    infra.describe(attestations="[{id: a, rule: OWN/discipline}, {id: b, rule: PY/logs}]")
    infra.run("--icp-policies", "more", "-k", "discipline").assert_outcomes(passed=1)


def test_the_other_descriptions_are_still_decided(infra: Infra) -> None:
    infra.write("infra/other.icp.yaml", "apiVersion: pytest-icp/v2\n")
    result = infra.run("-k", "renewal or description")
    result.assert_outcomes(passed=1, failed=1)


WAIVERS = "infra/icp-waivers.yaml"
WAIVER = "waivers: [{{rule: SP12/{}, reason: r, owner: o, expires: {}}}]\n"
MORE = ("--icp-policies", "more")


@pytest.mark.parametrize(
    ("name", "text", "args", "said"),
    [
        *(
            ("none", "", args, said)
            for args, said in (
                (("--icp-as-of", "tomorrow"), "tomorrow"),
                (("--icp-as-of", "0001-01-01"), "0001-01-01*2000 to 2099"),
                (("--icp-select", "SP12/renewel"), "did you mean*SP12/renewal"),
                (("--icp-select", "SP12/renewel", "--icp-lang=zh"), "是否指 'SP12/renewal'？"),
                (("--icp-ignore", "SP99"), "SP99"),
                (("--icp-policies", "nowhere"), "nowhere"),
                (("--icp-source", "foo=x"), "--icp-source foo=x: *'foo'"),
                (("--icp-source", "compos=x"), "*did you mean*compose"),
                (("-o", "icp_workdays=none.yaml"), "none.yaml"),
            )
        ),
        (
            *("more/OWN.yaml", OWN_POLICY.replace("require:", "requires:"), MORE),
            "OWN.yaml:16:5*requires",
        ),
        ("more/OTHER.yaml", OWN_POLICY, MORE, "OTHER.yaml:1:5"),
        ("more/SP12.yaml", OWN_POLICY.replace("id: OWN", "id: SP12"), MORE, "SP12"),
        ("more/OWN.yaml", "id: [", MORE, "OWN.yaml:"),
        ("more/team/OWN.yaml", OWN_POLICY, MORE, "more/team/OWN.yaml*the folder 'team' is not*"),
        (WAIVERS, "waivers: [{rule: SP12/renewal, reason: r, owner: o}]\n", (), "expires"),
        (WAIVERS, WAIVER.format("renewel", "2025-12-01"), (), "did you mean*SP12/renewal"),
        (WAIVERS, WAIVER.format("renewal", "2025-02-30"), (), "2025-02-30"),
        (
            *(WAIVERS, WAIVER.format("renewal", "2030-01-01"), ("-o", "icp_waiver_days=365")),
            "365 days",
        ),
        (WAIVERS, "waivers: [", (), "icp-waivers.yaml"),
        (WAIVERS, "waivers: [", ("-n", "1"), "icp-waivers.yaml"),
    ],
)
def test_what_stops_a_run_is_a_usage_error(
    infra: Infra, name: str, text: str, args: tuple[str, ...], said: str
) -> None:
    infra.write(name, text)
    result = infra.run(*args, as_of="" if name == "none" else "2025-06-01")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}*"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=str)
def test_policies_that_cannot_be_used_stop_a_run_without_a_description(
    infra: Infra, workers: tuple[str, ...]
) -> None:
    infra.path.unlink()
    infra.write("own/OWN.yaml", "id: OWN\n")
    infra.write("test_own.py", "def test_own():\n    pass\n")
    result = infra.run("--icp-policies", "own", "--icp-select=OWN", *workers, "test_own.py")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "own/OWN.yaml" in result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
