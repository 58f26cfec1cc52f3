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


def test_a_misspelt_key(infra: Infra) -> None:
    infra.path.write_text(DESCRIPTION.replace("applied_on", "aplied_on"), "utf-8")
    fails(infra, "prod.icp.yaml:6:3*aplied_on", "did you mean*applied_on")


def test_a_date_that_does_not_exist(infra: Infra) -> None:
    infra.path.write_text(DESCRIPTION.replace("never", "2025-02-30"), "utf-8")
    fails(infra, "prod.icp.yaml:6:15*2025-02-30*exist")


def test_an_attestation_of_a_misspelt_rule(infra: Infra) -> None:
    infra.describe(attestations="[{id: scan, rule: EVID/papers#scam}]")
    fails(infra, "prod.icp.yaml:8:33*EVID/papers#scam", "did you mean*EVID/papers#scan")


def test_an_attestation_of_a_rule_with_parts(infra: Infra) -> None:
    infra.describe(attestations="[{id: scan, rule: EVID/papers}]")
    fails(infra, "prod.icp.yaml:8:33*EVID/papers has parts", "*EVID/papers#accuracy, EVID/papers#")


def test_a_misspelt_paper(infra: Infra) -> None:
    infra.describe(papers="[scna]")
    fails(infra, "prod.icp.yaml:8:10*scna", "did you mean*scan")


def test_a_misspelt_paper_of_an_option(infra: Infra) -> None:
    infra.write("pytest.ini", "[pytest]\nicp_papers = scna\n")
    fails(infra, "there is no paper 'scna'", "did you mean*scan")


def test_an_attestation_of_a_rule_of_ones_own(infra: Infra) -> None:
    infra.write("more/OWN.yaml", OWN_POLICY)
    infra.describe(attestations="[{id: a, rule: OWN/discipline}, {id: b, rule: PY/logs}]")
    infra.run("--icp-policies", "more", "-k", "discipline").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "prod.icp.yaml:"),
        ("", "empty"),
        ("apiVersion: pytest-icp/v1\napiVersion: pytest-icp/v1\n", "apiVersion"),
        ("just words", "prod.icp.yaml:1"),
        ("apiVersion: pytest-icp/v1\nlicence_file: nowhere.yaml\n", "nowhere.yaml"),
        ("apiVersion: pytest-icp/v1\nlicence_file: ../../../etc/passwd.yaml\n", "outside"),
        ("apiVersion: pytest-icp/v1\ninclude: [part.yaml]\n", "part.yaml"),
    ],
    ids=["not yaml", "empty", "twice", "no object", "missing", "outside", "missing part"],
)
def test_a_broken_description(infra: Infra, text: str, said: str) -> None:
    infra.path.write_text(text, "utf-8")
    fails(infra, said)


def test_bytes_that_are_not_utf8(infra: Infra) -> None:
    infra.path.write_bytes("公司".encode("gb18030"))
    fails(infra, "UTF-8")


def test_a_number_that_is_no_licences(infra: Infra) -> None:
    infra.write("infra/licence.yaml", "number: 京B2-2C210001\n")
    fails(infra, "licence.yaml:1:9*京B2-2C210001")


def test_a_scope_that_cannot_be_read(infra: Infra) -> None:
    infra.write(
        "infra/licence.yaml",
        "service_lines: [{name: 信息服务业务（仅限互联网信息服务）, scope: 不含信息搜寻服务}]\n",
    )
    fails(infra, "licence.yaml:1:*信息搜寻")


def test_evidence_outside_the_repository_is_refused(infra: Infra) -> None:
    infra.describe(sites="[{id: w, home_page: {snapshot: ../../../etc/hostname}}]")
    fails(infra, "prod.icp.yaml:*etc/hostname")


def test_the_other_descriptions_are_still_decided(infra: Infra) -> None:
    infra.write("infra/other.icp.yaml", "apiVersion: pytest-icp/v2\n")
    result = infra.run("-k", "renewal or description")
    result.assert_outcomes(passed=1, failed=1)


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--icp-as-of", "tomorrow"), "tomorrow"),
        (("--icp-as-of", "0001-01-01"), "0001-01-01*2000 to 2099"),
        (("--icp-select", "SP12/renewel"), "did you mean*SP12/renewal"),
        (("--icp-select", "SP12/renewel", "--icp-lang=zh"), "是否指 'SP12/renewal'？"),
        (("--icp-ignore", "SP99"), "SP99"),
        (("--icp-policies", "nowhere"), "nowhere"),
        (("--icp-source", "foo=x"), "--icp-source foo=x: *'foo'"),
        (("--icp-source", "compos=x"), "*did you mean*compose"),
        (("-o", "icp_workdays=none.yaml"), "none.yaml"),
    ],
)
def test_a_wrong_option_is_a_usage_error(infra: Infra, args: tuple[str, ...], said: str) -> None:
    result = infra.run(*args, as_of="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}*"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("OWN.yaml", OWN_POLICY.replace("require:", "requires:"), "OWN.yaml:16:5*requires"),
        ("OTHER.yaml", OWN_POLICY, "OTHER.yaml:1:5"),
        ("SP12.yaml", OWN_POLICY.replace("id: OWN", "id: SP12"), "SP12"),
        ("OWN.yaml", "id: [", "OWN.yaml:"),
    ],
    ids=["key", "name", "twice", "not yaml"],
)
def test_a_broken_policy_is_a_usage_error(infra: Infra, name: str, text: str, said: str) -> None:
    infra.write(f"more/{name}", text)
    result = infra.run("--icp-policies", "more")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}*"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("text", "said", "workers"),
    [
        ("waivers: [{rule: SP12/renewal, reason: r, owner: o}]\n", "expires", ()),
        (
            "waivers: [{rule: SP12/renewel, reason: r, owner: o, expires: 2025-12-01}]\n",
            "did you mean*SP12/renewal",
            (),
        ),
        (
            "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2025-02-30}]\n",
            "2025-02-30",
            (),
        ),
        ("waivers: [", "icp-waivers.yaml", ()),
        ("waivers: [", "icp-waivers.yaml", ("-n", "1")),
    ],
    ids=["no last day", "no rule", "no date", "not yaml", "not yaml, workers"],
)
def test_broken_waivers_stop_the_run(
    infra: Infra, text: str, said: str, workers: tuple[str, ...]
) -> None:
    infra.write("infra/icp-waivers.yaml", text)
    result = infra.run(*workers)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*{said}*"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_a_waiver_may_be_limited_in_time(infra: Infra) -> None:
    infra.write(
        "infra/icp-waivers.yaml",
        "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2030-01-01}]\n",
    )
    result = infra.run("-o", "icp_waiver_days=365")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*365 days*"])


def test_a_folder_that_is_no_line_of_business(infra: Infra) -> None:
    infra.write("more/team/OWN.yaml", OWN_POLICY)
    result = infra.run("--icp-policies", "more")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*more/team/OWN.yaml*the folder 'team' is not*"])


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
