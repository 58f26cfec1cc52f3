"""Whoever changes a repository cannot make its run milder in silence."""

from __future__ import annotations

import subprocess
from html import unescape

import pytest

from pytest_icp.cli.main import main
from pytest_icp.kinds.policies import default_policies
from pytest_icp.plugin import guarding
from pytest_icp.plugin.runs import tool_version
from pytest_icp.rules.lock import lock_text
from tests.plugin.conftest import LICENCE, OWN_POLICY, Infra

REPORTS = ("markdown", "html", "sarif", "jsonl", "gitlab", "github")
FEW = "--icp-select=SP12"
"""Few rules are enough to see the rest."""
NGINX = "server { listen 80; server_name example.cn; }\n"
CONFTEST = """\
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.kind import Kind
from pytest_icp.rules.policy import Spec
from pytest_icp.sources.registry import Kind as SourceKind

def lenient(obligation, context):
    return Outcome(verdict=Verdict.SATISFIED)

def pytest_icp_checks():
    return [Kind("KIND", Spec, lenient, {"type": "object"})]

def pytest_icp_adapters():
    return {"SOURCE": SourceKind(read=None)}
"""
WAIVER = "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2025-12-31}]\n"
PARAMETERS = """\
parameters:
  - {id: own.days, title: {zh: 天, en: days}, unit: days,
     values: [{value: 5, source: {zh: 公司, en: company}, confidence: default}]}
"""


DAYS = "year: 2031\nsource: https://www.gov.cn/\nholidays: [2031-01-01]\nworkdays: []\n"
LINE = "信息服务业务（仅限互联网信息服务）"


def milder(infra: Infra, *, kind: str = "lenient", source: str = "cmdb") -> None:
    """Try all that makes a run milder, or changes what it evaluates, at once."""
    infra.write(
        "pytest.ini",
        """\
        [pytest]
        addopts = -k SP12
        testpaths = infra
        icp_ignore = SP15-03
        icp_select = SP12 OWN
        icp_unknown = warn
        icp_as_of = 2025-06-01
        icp_lookback = 30
        icp_six_months = 180
        icp_site_search = strict
        icp_waiver_days = 0
        icp_files = *.icp.yaml *.facts.yaml
        icp_policies = own
        icp_workdays = days.yaml
        icp_source = nginx=more.conf
        """,
    )
    infra.write("days.yaml", DAYS)
    infra.write("own/OWN.yaml", OWN_POLICY.replace("minLength: 1", "minLength: 0"))
    infra.write("own/parameters.yaml", PARAMETERS)
    infra.write("conftest.py", CONFTEST.replace("KIND", kind).replace("SOURCE", source))
    infra.write("infra/icp-waivers.yaml", WAIVER)
    infra.write("more.conf", NGINX)
    infra.write("infra/site.conf", NGINX)
    infra.describe(sources="[{kind: nginx, path: site.conf, assume: {production: false}}]")
    # A company that holds another licence is bound by fewer rules.
    narrower = LICENCE.replace(LINE, "国内呼叫中心业务").splitlines()
    infra.write("infra/licence.yaml", "\n".join(x for x in narrower if "scope" not in x))


TRICKS = {
    "-k in addopts": "options: addopts: -k",
    "fewer folders": "options: testpaths: infra",
    "rules left out": "options: icp_ignore: SP15-03",
    "few rules chosen": "options: icp_select: SP12",
    "unknown passes": "options: icp_unknown: warn",
    "an earlier day": "options: icp_as_of: 2025-06-01",
    "late is forgotten": "options: icp_lookback: 30",
    "half a year is 180 days": "options: icp_six_months: 180",
    "another search": "options: icp_site_search: strict",
    "waivers without end": "options: icp_waiver_days: 0",
    "other descriptions": "options: icp_files: *.facts.yaml",
    "own policies": "options: icp_policies: own",
    "other working days": "options: icp_workdays: days.yaml",
    "more sources": "options: icp_source: nginx=more.conf",
    "a policy changed": "policies: own/OWN.yaml: sha256:",
    "a number added": "policies: own/parameters.yaml: sha256:",
    "a day off added": "policies: days.yaml: sha256:",
    "a hook for kinds": "hooks: conftest.py: pytest_icp_checks",
    "a hook for sources": "hooks: conftest.py: pytest_icp_adapters",
    "a kind added": "kinds of obligation: lenient",
    "a kind of source added": "kinds of source: cmdb",
    "an assumption": "assumptions: infra/prod.icp.yaml: nginx site.conf: production = false",
    "a waiver": "waivers: infra/icp-waivers.yaml: SP12/renewal [*] 2025-12-31",
    "fewer rules": "descriptions: infra/prod.icp.yaml:",
    "a description gone": "descriptions: infra/other.icp.yaml:",
}
"""What somebody tries, and what is said of it."""


RULES = sum(len(policy.obligations) for policy in default_policies())


def lock(*arguments: str) -> None:
    assert main(["lock", *arguments, "--lang", "en"]) == 0


def outputs(infra: Infra, *arguments: str, as_of: str = "") -> dict[str, str]:
    """Run pytest, and return what it prints and writes, without what lays a text out."""
    reports = (f"--icp-report={name}=out/{name}" for name in REPORTS)
    result = infra.run("--icp-lang=en", FEW, *reports, *arguments, as_of=as_of)
    found = {"terminal": result.stdout.str()}
    for name in REPORTS:
        written = (infra.pytester.path / "out" / name).read_text("utf-8")
        found[name] = unescape(written)
    return {name: " ".join(text.replace("-\n", "-").split()) for name, text in found.items()}


def missing(found: dict[str, str], *, tricks: dict[str, str] = TRICKS) -> list[tuple[str, str]]:
    return [
        (trick, name)
        for trick, said in tricks.items()
        for name, text in found.items()
        if said not in text and not (name == "github" and "more: see the summary" in text)
    ]


def git(*arguments: str) -> None:
    who = ("-c", "user.name=n", "-c", "user.email=e@example.cn")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)  # noqa: S607


@pytest.fixture
def locked(infra: Infra) -> Infra:
    """A repository with a lock that was approved."""
    other = infra.path.read_text("utf-8")
    infra.write("infra/other.icp.yaml", other)
    git("init", "-q")
    descriptions = dict.fromkeys(("infra/prod.icp.yaml", "infra/other.icp.yaml"), RULES)
    text = lock_text({"policies": {"pytest-icp": tool_version()}, "descriptions": descriptions})
    infra.write("icp.lock", text)
    git("add", ".")
    git("commit", "-qm", "approved")
    (infra.pytester.path / "infra/other.icp.yaml").unlink()
    return infra


def test_each_trick_fails_and_is_named_in_every_output(locked: Infra) -> None:
    milder(locked)
    found = outputs(locked)
    assert missing(found) == [], found["terminal"]
    assert "FAILED icp.lock::lock" in found["terminal"]


def test_what_was_approved_is_no_failure(locked: Infra) -> None:
    milder(locked)
    lock("--force")
    text = (locked.pytester.path / "icp.lock").read_text("utf-8")
    lock("--force")
    assert (locked.pytester.path / "icp.lock").read_text("utf-8") == text
    # Options that are given for one run change nothing in the lock of the repository.
    found = locked.run("-o", "addopts=", "--icp-unknown=fail", "--icp-lookback=2y", as_of="")
    found.stdout.no_fnmatch_line("*icp.lock:*")
    assert found.ret == pytest.ExitCode.OK


@pytest.mark.parametrize("removed", [False, True])
def test_a_lock_that_a_change_replaces_or_removes_is_compared_with_its_base(
    locked: Infra, removed: bool
) -> None:
    milder(locked)
    if removed:
        (locked.pytester.path / "icp.lock").unlink()
    else:
        lock("--force")
    found = outputs(locked, "--icp-lock-base=HEAD", "-p", "no:xdist")
    named = {
        trick: f"{said} is not in the icp.lock of HEAD" if said[-1] not in ":k" else said
        for trick, said in TRICKS.items()
        # pytest-icp lock takes no part of a description that is gone.
        if "days of" not in trick
    }
    assert missing(found, tricks=named) == []
    said = "there is no icp.lock, by which somebody approves what weakens a run"
    assert all((said in text) is removed for name, text in found.items() if name != "github")
    assert "icp.lock::lock" not in found["terminal"]
    if removed:
        same = outputs(locked, "--icp-lock-base=HEAD", "-n", "1")
        assert missing(same, tricks=named) == []


@pytest.mark.parametrize("here", [True, False])
def test_a_base_without_a_lock_approves_nothing(infra: Infra, here: bool) -> None:
    git("init", "-q")
    git("commit", "-qm", "first", "--allow-empty")
    infra.write("infra/icp-waivers.yaml", WAIVER)
    if here:
        lock()
    said = {
        "lock": "HEAD has no icp.lock that can be used, so all of this is new"
        if here
        else "there is no icp.lock, by which somebody approves what weakens a run",
        "waiver": f"{TRICKS['a waiver']} is not in the icp.lock of HEAD",
    }
    assert missing(outputs(infra, "--icp-lock-base=HEAD"), tricks=said) == []


@pytest.mark.parametrize("reference", ["nowhere", "--upload-pack=touch x", "HEAD:icp.lock"])
def test_a_base_that_is_not_there_is_said(locked: Infra, reference: str) -> None:
    said = {"no commit": "there is no commit", "fetch it": "fetch the commit first"}
    assert missing(outputs(locked, f"--icp-lock-base={reference}"), tricks=said) == []
    assert not (locked.pytester.path / "x").exists()


def test_without_git_the_base_cannot_be_read(
    locked: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(locked.pytester.path))
    said = {"no git": "git cannot be run: FileNotFoundError"}
    assert missing(outputs(locked, "--icp-lock-base=HEAD"), tricks=said) == []


def test_git_is_asked_for_its_objects_alone(locked: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the repository or of the environment makes it run something."""
    root = locked.pytester.path
    ran = root / "ran"
    script = locked.write("evil.sh", f"#!/bin/sh\ntouch {ran}\ncat\n")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.evil.textconv", "filter.evil.smudge"):
        git("config", name, str(script))
    locked.write(".gitattributes", "icp.lock diff=evil filter=evil\n")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(script))
    monkeypatch.setenv("GIT_DIR", str(root / "elsewhere"))
    infra_lock = (root / "icp.lock").read_text("utf-8")
    locked.write("icp.lock", infra_lock.replace(str(RULES), "0"))
    said = {"fewer": f"{RULES} in the icp.lock of HEAD"}
    assert missing(outputs(locked, "--icp-lock-base=HEAD"), tricks=said) == []
    assert not ran.exists()


def test_another_lock_cannot_stand_before_it(locked: Infra) -> None:
    locked.write("infra/pytest.ini", "[pytest]\nicp_unknown = warn\n")
    locked.write("infra/icp.lock", "apiVersion: pytest-icp/v1\n")
    found = locked.run("--icp-lang=en", FEW, "infra")
    found.stdout.fnmatch_lines(["*options: icp_unknown: warn is not in icp.lock"])


def test_a_lock_that_cannot_be_read_fails(locked: Infra) -> None:
    locked.write("icp.lock", "apiVersion: pytest-icp/v1\noption: {}\n")
    found = locked.run("--icp-lang=en", FEW)
    found.stdout.fnmatch_lines(["icp.lock:2:1: *option*", "FAILED icp.lock::lock*"])
    (locked.pytester.path / "icp.lock").unlink()
    secret = locked.pytester.path.parent / "secret"
    secret.write_text("token: hunter2\n", "utf-8")
    (locked.pytester.path / "icp.lock").symlink_to(secret)
    found = locked.run("--icp-lang=en", FEW)
    found.stdout.fnmatch_lines(["*FAILED icp.lock::lock*outside the repository*"])
    found.stdout.no_fnmatch_line("*hunter2*")


def test_without_descriptions_a_lock_fails_all_the_same(locked: Infra) -> None:
    """A description that is renamed is no longer looked for."""
    locked.path.rename(locked.path.with_name("prod.yaml"))
    locked.write("tests/test_other.py", "def test_it(): pass\n")
    for arguments in ((), ("infra",)):
        found = locked.run("--icp-lang=en", *arguments)
        found.stdout.fnmatch_lines([f"*infra/prod.icp.yaml: {RULES} is in icp.lock, but no*"])
    # Who asks for other tests has them.
    locked.run("tests").assert_outcomes(passed=1)


def test_a_description_that_a_run_passes_by_is_told(locked: Infra) -> None:
    """The ini file cannot lead past it, but whoever names others can."""
    locked.write("infra/other.icp.yaml", locked.path.read_text("utf-8"))
    locked.run("--icp-lang=en", FEW, "infra/other.icp.yaml").stdout.fnmatch_lines(["*icp.lock .*"])
    locked.write("pytest.ini", "[pytest]\nnorecursedirs = infra\n")
    found = locked.run("--icp-lang=en", "--icp-ignore=SP15-03")
    found.stdout.fnmatch_lines([f"*infra/prod.icp.yaml: 0, which is {RULES} in icp.lock*"])
    found = locked.run("--ignore=infra", FEW, "--icp-lang=en")
    found.stdout.no_fnmatch_line("*which is *in icp.lock*")


@pytest.mark.parametrize("more", [(), ("-v",), ("-q",), ("-n", "1")])
def test_without_a_lock_it_is_said_once_what_weakens_the_run(
    infra: Infra, more: tuple[str, ...]
) -> None:
    infra.run("--icp-lang=en", FEW).stdout.no_fnmatch_line("*no icp.lock*")
    milder(infra)
    result = infra.run("--icp-lang=en", "-o", "addopts=", "-o", "icp_as_of=", *more, as_of="")
    found = " ".join(result.stdout.str().split())
    assert found.count("no icp.lock approves what weakens this run: icp_files, icp_ignore, ") == 1
    for said in ("kinds of obligation (1)", "assumptions (1)", "waivers (1)", "icp_waiver_days"):
        assert said in found
    assert found.count("icp.lock") == 1
    assert "pytest-icp lock; have it approved" in found


def test_an_earlier_day_of_the_repository_fails_in_ci(
    infra: Infra, monkeypatch: pytest.MonkeyPatch
) -> None:
    infra.write("pytest.ini", "[pytest]\nicp_as_of = 2025-06-01\n")
    said = {"the day": "the as-of date (2025-06-01) comes from a file of the repository"}
    monkeypatch.setenv("CI", "true")
    found = outputs(infra)
    assert missing(found, tricks=said) == []
    assert missing(found, tricks={"the day": "as of 2025-06-01, not today"}) == []
    assert "FAILED pytest.ini::icp_as_of" in found["terminal"]
    for permitted in (["--icp-as-of=2025-06-02"], ["-o", "icp_as_of=2025-06-01"]):
        infra.run(FEW, *permitted, as_of="").stdout.no_fnmatch_line("*pytest.ini::icp_as_of*")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--icp-as-of=2025-06-01")
    infra.run(FEW, as_of="").stdout.no_fnmatch_line("*pytest.ini::icp_as_of*")
    monkeypatch.delenv("PYTEST_ADDOPTS")
    infra.write("pytest.ini", "[pytest]\naddopts = --icp-as-of=2025-06-01\n")
    infra.run(FEW, as_of="").stdout.fnmatch_lines(["FAILED pytest.ini::icp_as_of*"])


def test_what_a_worker_sees_reaches_its_controller(infra: Infra) -> None:
    infra.write(
        "conftest.py",
        """
        def pytest_configure(config):
            config.workeroutput = {}
        def pytest_unconfigure(config):
            print(config.workeroutput["icp_weakened"])
        """,
    )
    infra.run(FEW, "-s").stdout.fnmatch_lines(["*as of 2025-06-01, not today*"])


def test_too_many_differences_are_counted(locked: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "_MOST", 3)
    milder(locked)
    assert "and 2" in outputs(locked)["jsonl"]
    (locked.pytester.path / "icp.lock").unlink()
    assert "and 2" in outputs(locked, "--icp-lock-base=HEAD")["jsonl"]


def test_a_waiver_of_over_a_year_fails(infra: Infra) -> None:
    long_one = "waivers: [{rule: SP12/renewal, reason: r, owner: o, expires: 2040-01-01}]\n"
    infra.write("infra/icp-waivers.yaml", long_one)
    said = {"the end": "this waiver lasts until 2040-01-01, which is over a year"}
    found = outputs(infra, as_of="2025-06-01")
    assert missing(found, tricks=said) == []
    assert "FAILED infra/icp-waivers.yaml::waivers" in found["terminal"]
    result = infra.run(FEW, "-o", "icp_waiver_days=0")
    result.stdout.no_fnmatch_line("*infra/icp-waivers.yaml::waivers*")


@pytest.mark.parametrize(
    ("kind", "source", "said"),
    [
        ("condition", "cmdb", "kind of obligation 'condition', which is there already"),
        ("lenient", "nginx", "kind of source 'nginx', which is there already"),
    ],
)
def test_what_is_shipped_cannot_be_replaced(
    infra: Infra, kind: str, source: str, said: str
) -> None:
    milder(infra, kind=kind, source=source)
    result = infra.run("--icp-lang=en", as_of="")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert said in " ".join(result.stderr.str().split())
    # A lock has nothing to add to that.
    infra.write("icp.lock", "apiVersion: pytest-icp/v1\n")
    infra.path.unlink()
    again = infra.run()
    assert again.ret in {pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.USAGE_ERROR}


def test_a_lock_is_not_written_over_what_cannot_be_read(
    infra: Infra, capsys: pytest.CaptureFixture[str]
) -> None:
    lock("infra")
    assert main(["lock"]) == 4
    assert "add --force" in capsys.readouterr().err
    infra.path.write_text("nonsense: 1\n", "utf-8")
    assert main(["lock", "--force"]) == 4
    assert "icp.lock was not written" in capsys.readouterr().err
