"""``--icp-since``: what a change does, in real runs over small repositories."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.files.schema import validator
from tests.plugin.conftest import OWN_POLICY, Infra
from tests.repositories import commit, git

DAY = "2025-12-01"
DONE = "{intention: renew, applied_on: 2025-09-01, decision: pending}"
NOT_DONE = "{intention: renew, applied_on: never}"


@pytest.fixture
def base(infra: Infra) -> Infra:
    """A repository whose one commit meets SP12/renewal."""
    infra.describe(renewal=DONE)
    commit(infra.pytester.path)
    return infra


def changes(
    infra: Infra, *more: str, since: str = "main", only: str = "SP12"
) -> tuple[pytest.RunResult, Any]:
    """Run a few rules, or what is selected, and return also what the JSON Lines say of it."""
    run = infra.run(
        *(f"--icp-since={since}", "--icp-lang=en", "--icp-report=jsonl=../since.jsonl"),
        *([f"--icp-select={only}"] if only else []),
        *more,
        as_of=DAY,
    )
    file = infra.pytester.path.parent / "since.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    for line in lines:
        validator("finding").validate(line)
    return run, lines


def of(lines: Any, grade: str) -> list[Any]:
    return [line for line in lines if line["grade"] == grade]


def test_a_breach_is_named_with_its_line(base: Infra) -> None:
    base.describe(renewal=NOT_DONE)
    run, lines = changes(base)
    run.stdout.fnmatch_lines(
        [
            "*- What this change does (since main of 2025-05-01): 1 new, 0 fixed -*",
            "  infra/prod.icp.yaml:*SP12/renewal: satisfied → violated [[]renewal[]]*",
            "=* FAILURES *=",
        ]
    )
    (line,) = [one for one in of(lines, "change") if one["rule"] == "SP12/renewal"]
    assert (line["before"], line["after"]) == ("satisfied", "violated")
    assert [one["new"] for one in of(lines, "violated")] == [True]


def test_a_rule_that_the_change_leaves_out_is_not_fixed(base: Infra) -> None:
    base.describe(renewal=NOT_DONE)
    commit(base.pytester.path)
    base.write("pytest.ini", "[pytest]\nicp_ignore = SP12/renewal\n")
    run, lines = changes(base)
    setting, line = of(lines, "change")
    assert (line["rule"], line["before"]) == ("SP12/renewal", "violated")
    assert "after" not in line
    assert setting["setting"] == "icp_ignore"
    run.stdout.fnmatch_lines(
        [
            "*: 0 new, 0 fixed -*",
            "*no longer looked at, so not fixed: 1 rule: SP12/renewal*",
            "*icp_ignore: not set → SP12/renewal",
        ]
    )


WAIVERS = """\
waivers:
  - {rule: SP02/home-page, reason: agreed, owner: compliance, expires: 2026-01-31}
  - {rule: SP12/renewal, subject: ren*, reason: agreed, owner: compliance, expires: 2026-01-31}
"""


def test_a_waiver_is_named(base: Infra) -> None:
    base.describe(renewal=NOT_DONE)
    commit(base.pytester.path)
    base.write("infra/icp-waivers.yaml", WAIVERS)
    run, lines = changes(base)
    (line,) = of(lines, "change")
    assert (line["rule"], line["after"]) == ("SP12/renewal", "waived")
    assert line["place"]["path"] == "infra/prod.icp.yaml"
    run.stdout.fnmatch_lines(["  infra/prod.icp.yaml:*SP12/renewal: violated → waived*"])


def test_a_description_that_is_gone_is_not_fixed(base: Infra) -> None:
    base.write("other/a.icp.yaml", base.path.read_text("utf-8"))
    base.write("other/licence.yaml", (base.path.parent / "licence.yaml").read_text("utf-8"))
    base.path.unlink()
    _, lines = changes(base)
    gone = [one for one in of(lines, "change") if "after" not in one]
    assert {one["description"] for one in gone} == {"infra/prod.icp.yaml"}
    assert len(gone) > 1


def rules(lines: Any) -> list[Any]:
    return [one for one in of(lines, "change") if "rule" in one]


def test_each_side_has_its_own_policies_and_ini(base: Infra) -> None:
    base.write("policies/OWN.yaml", OWN_POLICY)
    base.write("pytest.ini", "[pytest]\nicp_policies = policies\n")
    _, lines = changes(base, only="OWN")
    assert rules(lines) == []
    commit(base.pytester.path)
    base.write("policies/OWN.yaml", OWN_POLICY.replace("minLength: 1", "minLength: 99"))
    _, lines = changes(base, only="OWN")
    (line,) = rules(lines)
    assert (line["rule"], line["before"], line["after"]) == (
        *("OWN/discipline", "satisfied", "violated"),
    )
    (named,) = [one["setting"] for one in of(lines, "change") if "setting" in one]
    assert named == "policies/OWN.yaml"
    # Those of the command line are those of each side, too; also where only one has them.
    (base.pytester.path / "pytest.ini").unlink()
    base.write("more/OWN2.yaml", OWN_POLICY.replace("id: OWN", "id: OWN2"))
    given = ("--icp-policies=policies", "--icp-policies=more")
    _, lines = changes(base, *given, only="OWN")
    assert [one["rule"] for one in rules(lines)] == ["OWN/discipline"]
    # So are those of `addopts`.
    ini = base.write("pytest.ini", "[pytest]\naddopts = --icp-policies=policies\n")
    commit(base.pytester.path)
    ini.write_text("[pytest]\naddopts = --icp-policies policies\n", "utf-8")
    base.write("policies/OWN.yaml", OWN_POLICY)
    _, lines = changes(base, only="OWN")
    assert [one.get("before") for one in rules(lines)] == ["violated"]


HOOKS = """\
from pathlib import Path
def pytest_icp_policies(config):
    return [Path(__file__).parent / "policies"]
def pytest_icp_facts(config, path):
    return {"sites": [{"id": "www.example.cn", "domains": ["www.example.cn"]}]}
"""


def test_each_side_has_its_own_hooks(base: Infra) -> None:
    base.write("policies/OWN.yaml", OWN_POLICY)
    base.write("conftest.py", HOOKS)
    commit(base.pytester.path)
    base.write("policies/OWN.yaml", OWN_POLICY.replace("minLength: 1", "minLength: 99"))
    base.write("conftest.py", HOOKS.replace("www.example.cn", "example.cn"))
    _, lines = changes(base, only="OWN")
    (line,) = rules(lines)
    assert (line["rule"], line["before"]) == ("OWN/discipline", "satisfied")
    assert "sites: example.cn" in [
        one["subject"] for one in of(lines, "change") if "subject" in one
    ]


def test_a_base_without_hooks_runs_no_code(base: Infra) -> None:
    base.write("conftest.py", "raise SystemExit\n")
    commit(base.pytester.path)
    base.write("conftest.py", "")
    run, lines = changes(base)
    assert of(lines, "change") == []
    run.stdout.fnmatch_lines(["*nothing: no verdict and no date differs*"])


def test_what_git_does_not_have_is_not_compared(base: Infra) -> None:
    with base.path.open("a", encoding="utf-8") as file:
        file.write("sources: [{kind: nginx, path: site.conf}]\n")
    base.write(".gitignore", "site.conf\n")
    commit(base.pytester.path)
    base.write("infra/site.conf", "server { listen 80; server_name example.cn other.cn; }\n")
    run, lines = changes(base, only="LIC/domains,SP02,SP10")
    assert of(lines, "change") == []
    (line,) = of(lines, "not compared")
    assert "infra/site.conf: not comparable" in line["message"]["en"]
    run.stdout.fnmatch_lines(["*git does not have infra/site.conf*"])
    # Nothing that rests on it is known either.
    _, lines = changes(base, "--icp-fail-on=new", only="LIC/domains,SP02,SP10")
    fails = [one for one in of(lines, "unknown") if "tolerated" not in one]
    assert fails
    assert len(fails) < len(of(lines, "unknown"))


def test_a_description_that_git_does_not_have_is_not_compared(infra: Infra) -> None:
    infra.write("README", "")
    git(infra.pytester.path, "init", "-q")
    git(infra.pytester.path, "add", "README")
    git(infra.pytester.path, "commit", "-q", "-m", "a")
    _, lines = changes(infra)
    assert of(lines, "change") == []
    assert not any(one["new"] for one in of(lines, "unknown"))


def test_a_new_description_is_new_as_a_whole(infra: Infra) -> None:
    git(infra.pytester.path, "init", "-q")
    git(infra.pytester.path, "commit", "-q", "--allow-empty", "-m", "a")
    git(infra.pytester.path, "add", "-A")
    run, lines = changes(infra)
    assert all(one["new"] for one in of(lines, "violated"))
    run.stdout.fnmatch_lines(["*SP12/renewal: not looked at → violated*"])


def test_a_folder_and_an_earlier_report_will_do(base: Infra) -> None:
    path = base.pytester.path
    _, _ = changes(base)
    base.write("before/infra/licence.yaml", (path / "infra/licence.yaml").read_text("utf-8"))
    base.write("before/infra/prod.icp.yaml", base.path.read_text("utf-8"))
    base.describe(renewal=NOT_DONE)
    earlier = path / ".git" / "earlier.jsonl"
    (path.parent / "since.jsonl").rename(earlier)
    run, lines = changes(base, "infra", since="before")
    (line,) = of(lines, "change")
    assert (line["rule"], line["before"]) == ("SP12/renewal", "satisfied")
    run, lines = changes(base, "infra", since=".git/earlier.jsonl")
    run.stdout.fnmatch_lines(["*SP12/renewal: satisfied → violated*"])
    (line,) = of(lines, "change")
    assert (line["rule"], line["before"]) == ("SP12/renewal", "satisfied")


@pytest.mark.parametrize("text", ["{}\n", "\xff"])
def test_what_is_no_report_leaves_the_head_alone(base: Infra, text: str) -> None:
    path = base.pytester.path / "r.jsonl"
    path.write_bytes(text.encode("latin-1"))
    run, lines = changes(base, "--icp-unknown=warn", since="r.jsonl", only="SP12/renewal")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stdout.fnmatch_lines(["*the base cannot be used: this is no JSON Lines report*"])
    assert of(lines, "change") == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mian", "did you mean 'main'?"),
        ("nowhere", "git fetch origin nowhere"),
        ("--help", "no commit, folder or file '--help'"),
    ],
)
def test_a_ref_that_is_not_there(base: Infra, written: str, said: str) -> None:
    run = base.run(f"--icp-since={written}", "--icp-lang=en")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert said in " ".join(run.stderr.str().split())


def test_a_shallow_clone_is_told_how_to_deepen(base: Infra, tmp_path: Path) -> None:
    path = base.pytester.path
    commit(path)
    git(path, "branch", "old", "HEAD~1")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{path}", str(shallow))
    base.pytester.chdir()
    run = base.run(f"--rootdir={shallow}", str(shallow), "--icp-since=old", "--icp-lang=en")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert "git fetch --deepen=100 origin" in " ".join(run.stderr.str().split())


def test_without_a_repository_or_without_git(infra: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    run = infra.run("--icp-since=main", "--icp-lang=en")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert "this is not a git repository" in run.stderr.str()
    git(infra.pytester.path, "init", "-q")
    run = infra.run("--icp-since=HEAD", "--icp-lang=en")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    monkeypatch.setenv("PATH", "")
    run = infra.run("--icp-since=main", "--icp-lang=en")
    assert "git cannot be run: FileNotFoundError" in run.stderr.str()


def test_histories_without_a_common_commit(base: Infra) -> None:
    path = base.pytester.path
    git(path, "checkout", "-q", "--orphan", "apart")
    commit(path, "2025-05-02")
    run = base.run("--icp-since=main", "--icp-lang=en")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    assert "HEAD and 'main' have no commit in common" in run.stderr.str()


def test_a_description_of_the_base_that_cannot_be_read(base: Infra) -> None:
    good = base.path.read_text("utf-8")
    base.path.write_text("apiVersion: [\n", "utf-8")
    commit(base.pytester.path)
    base.path.write_text(good, "utf-8")
    run, lines = changes(base, "--icp-unknown=warn", only="SP12/renewal")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stdout.fnmatch_lines(["*infra/prod.icp.yaml:*: the base cannot be used: *"])
    assert of(lines, "change") == []
    assert of(lines, "not compared")


def test_policies_of_the_base_that_cannot_be_used(base: Infra) -> None:
    base.write("policies/OWN.yaml", "obligations: [\n")
    base.write("pytest.ini", "[pytest]\nicp_policies = policies\n")
    commit(base.pytester.path)
    (base.pytester.path / "policies" / "OWN.yaml").unlink()
    base.describe(renewal=NOT_DONE)
    run, lines = changes(base, "--icp-fail-on=new")
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    run.stdout.fnmatch_lines(["*the base cannot be used: policies/OWN.yaml:*"])
    assert not any(one["new"] or "tolerated" in one for one in of(lines, "violated"))


def test_workers_do_not_judge_the_base_again(base: Infra) -> None:
    pytest.importorskip("xdist")
    base.describe(renewal=NOT_DONE)
    run, lines = changes(base, "-n1", "--icp-fail-on=new", "--icp-select=SP10")
    (line,) = of(lines, "change")
    assert line["rule"] == "SP12/renewal"
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    run.stdout.fnmatch_lines(["*tolerated, there since main of 2025-05-01*", "*1 failed, *"])


SITE = "server {{ listen 80; server_name {}; }}\n"


def test_a_source_of_the_command_line_is_that_of_each_side(base: Infra) -> None:
    base.write("infra/site.conf", SITE.format("example.cn"))
    commit(base.pytester.path)
    base.write("infra/site.conf", SITE.format("example.cn other.cn"))
    given = "--icp-source=nginx=infra/site.conf"
    _, lines = changes(base, "infra", given, only="LIC/domains")
    assert [one["subject"] for one in of(lines, "change") if "rule" not in one] == [
        "sites: other.cn"
    ]
    # One that is new is that of the change alone.
    base.write("infra/new.conf", SITE.format("new.cn"))
    git(base.pytester.path, "add", "infra/new.conf")
    _, lines = changes(base, "infra", "--icp-source=nginx=infra/new.conf", only="LIC/domains")
    assert "sites: new.cn" in [one["subject"] for one in of(lines, "change")]
    # One that git does not have is the same for both.
    (base.pytester.path / "infra/site.conf").rename(base.pytester.path / "infra/own.conf")
    given = "--icp-source=nginx=infra/own.conf"
    _, lines = changes(base, "infra", given, only="LIC/domains")
    assert of(lines, "change") == []
    assert "infra/own.conf" in of(lines, "not compared")[0]["message"]["en"]
    # So is one outside the repository.
    outside = base.pytester.path.parent / "outside.conf"
    (base.pytester.path / "infra/own.conf").rename(outside)
    _, lines = changes(base, "infra", f"--icp-source=nginx={outside}", only="LIC/domains")
    assert of(lines, "change") == []
    assert "../outside.conf" in of(lines, "not compared")[0]["message"]["en"]


def test_standard_input_is_the_same_for_both(base: Infra, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "pytest_icp.plugin.options._standard_input", lambda _: SITE.format("example.cn").encode()
    )
    _, lines = changes(base, "infra", "--icp-source=nginx=-", only="LIC/domains")
    assert [one for one in of(lines, "change") if one["part"] == "listed"] == []


def test_a_head_that_cannot_be_read_is_said_as_ever(base: Infra) -> None:
    base.path.write_text("apiVersion: [\n", "utf-8")
    run, lines = changes(base)
    assert run.ret == pytest.ExitCode.TESTS_FAILED
    assert {one["description"] for one in of(lines, "change")} == {"infra/prod.icp.yaml"}
    assert all("after" not in one for one in of(lines, "change"))


def test_an_ini_file_names_no_base_outside_the_repository(base: Infra) -> None:
    (base.pytester.path.parent / "elsewhere").mkdir()
    base.write("pytest.ini", "[pytest]\nicp_since = ../elsewhere\n")
    run = base.run("--icp-lang=en")
    assert run.ret == pytest.ExitCode.USAGE_ERROR
    run.stderr.fnmatch_lines(["*--icp-since: *"])


def test_testpaths_and_named_files_are_looked_for_on_both_sides(base: Infra) -> None:
    ini = base.write("pytest.ini", "[pytest]\ntestpaths = infra\n")
    base.write("test_it.py", "def test_it(): pass\n")
    commit(base.pytester.path)
    base.write("empty/README", "")
    base.write("../empty/README", "")
    ini.write_text("[pytest]\ntestpaths = empty\n", "utf-8")
    _, lines = changes(base)
    assert {one["description"] for one in of(lines, "change")} == {"infra/prod.icp.yaml"}
    elsewhere = base.pytester.path.parent
    _, lines = changes(base, "infra/prod.icp.yaml::SP12", "test_it.py", str(elsewhere / "empty"))
    assert of(lines, "change") == []


def test_a_configuration_that_is_named_is_that_of_each_side(base: Infra) -> None:
    ini = base.write("conf/own.ini", "[pytest]\nicp_ignore = SP12/renewal\n")
    _, lines = changes(base, "-c", "conf/own.ini", "--rootdir=.", "infra")
    assert [one["rule"] for one in rules(lines)] == ["SP12/renewal"]
    commit(base.pytester.path)
    _, lines = changes(base, "-c", "conf/own.ini", "--rootdir=.", "infra")
    assert of(lines, "change") == []
    ini.unlink()
    outside = base.pytester.path.parent / "outside.ini"
    outside.write_text("[pytest]\nicp_ignore = SP12/renewal\n", "utf-8")
    more = (
        "-c",
        str(outside),
        "--rootdir=.",
        "infra",
        "-o",
        "icp_ignore=SP12/opened",
        "-o",
        "cache_dir=x",
    )
    _, lines = changes(base, *more)
    assert of(lines, "change") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [({"incidents": "[]", "select": "null"}, {"select": "null"}), ({"select": "SP08"}, {})],
    ids=["a list is gone", "fewer are named"],
)
def test_what_is_no_longer_selected_is_named_first_and_is_new(
    base: Infra, before: dict[str, str], after: dict[str, str]
) -> None:
    base.describe(renewal=DONE, **before)
    commit(base.pytester.path)
    base.describe(renewal=DONE, **{"select": "null"} | after)
    run, lines = changes(base, "--icp-fail-on=new", "--icp-unknown=warn", only="")
    gone = [one["rule"] for one in of(lines, "change") if "rule" in one and "after" not in one]
    assert "SP08/report" in gone
    assert all(rule.startswith("SP08/") for rule in gone)
    titled = next(i for i, line in enumerate(run.outlines) if "What this change does" in line)
    assert "no longer looked at, so not fixed: " in run.outlines[titled + 1]
    run.stdout.fnmatch_lines(["rules that are no longer looked at fail the run: *"])
    assert run.ret == pytest.ExitCode.TESTS_FAILED
