"""What is ready to use elsewhere: the action, the GitLab template and the hook, as written."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.cli.conftest import DESCRIPTION, LICENCE
from tests.helpers import AS_USERS
from tests.repositories import commit, git

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "templates/pytest-icp.gitlab-ci.yml"
BASH = shutil.which("bash")
LOCK = ".github/action-requirements.txt"
REPORT = "gl-code-quality-report.json"

# Python as the service has it; what pip would install is written down instead. Where the arguments
# have the word KILLED, this process or the script that has started it is killed. What reads nothing
# of a project would begin anew in a process without the options for pytest.
PYTHON = """\
#!/bin/sh
[ "$1" = -P ] && unset PYTEST_ADDOPTS
case " $* " in
  *" ${{KILLED:-nothing}} "*)
    [ "$WHICH" = script ] && kill "-$SIGNAL" "$PPID"
    kill "-$SIGNAL" $$
    ;;
esac
if [ "$3" = pip ]; then printf '%s\\n' "$@" > pip.txt; else exec {python} "$@"; fi
"""
TOKEN = "ghs_0123456789abcdefSECRET"  # noqa: S105 - of a stand-in

# What the action asks of gh, with the comments of the pull request in a file; jq filters for it.
GH = """\
#!{python}
import json, os, pathlib, subprocess, sys
name, *given = sys.argv[1:]
file = pathlib.Path({comments!r})
comments = json.loads(file.read_text("utf-8"))
with file.with_name("asked").open("a") as asked:
    print(os.getcwd(), os.environ["GH_HOST"], *sys.argv[1:], file=asked)
assert name == "api" and os.environ["GH_TOKEN"] == {token!r}
if os.environ.get("REFUSED", "nothing") in " ".join(given):
    sys.exit("HTTP 403")
path = next(one for one in given if one.startswith(("repos/", "graphql")))
if "--jq" in given:
    own = {{"data": {{"viewer": {{"login": "github-actions[bot]"}}}}}}
    answer = own if path == "graphql" else comments
    filtered = ["jq", "-r", given[given.index("--jq") + 1]]
    sys.exit(subprocess.run(filtered, input=json.dumps(answer), text=True).returncode)
body = pathlib.Path(next(one for one in given if "body=@" in one).partition("@")[2])
number = path.rpartition("/")[2]
if number == "comments":
    comments.append({{"id": len(comments) + 1, "user": {{"login": "github-actions[bot]"}}}})
    number = len(comments)
comments[int(number) - 1]["body"] = body.read_text("utf-8")
file.write_text(json.dumps(comments), "utf-8")
"""
KILLS = [("script", "KILL"), ("script", "TERM"), ("judge", "KILL")]

pytestmark = pytest.mark.skipif(os.name != "posix" or not BASH, reason="needs bash")


def read(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The folder that a job works in: a checkout with a description that violates a rule."""
    infra = tmp_path / "work" / "infra"
    infra.mkdir(parents=True)
    (infra / "licence.yaml").write_text(LICENCE, "utf-8")
    (infra / "prod.icp.yaml").write_text(DESCRIPTION, "utf-8")
    shim = tmp_path / "bin" / "python"
    shim.parent.mkdir()
    shim.write_text(PYTHON.format(python=shlex.quote(sys.executable)), "utf-8")
    shim.chmod(0o755)
    return infra.parent


def shell(work: Path, script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a script as both services do: it ends with the first command that fails."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "ICP_", "PYTEST_"))}
    return subprocess.run(
        [BASH or "", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=work,
        env=kept
        | {"PATH": f"{work.parent / 'bin'}{os.pathsep}{os.environ['PATH']}", "PYTHONUTF8": "1"}
        | {"PYTEST_ADDOPTS": AS_USERS}
        | variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


# ---- the action ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Job:
    """What a step of the action leaves behind."""

    code: int
    text: str
    outputs: dict[str, str]
    summary: str


def step_of(name: str) -> Any:
    """Return a step of the action that runs a script, by its id or name."""
    steps = read("action.yml")["runs"]["steps"]
    return next(one for one in steps if name in {one.get("id"), one["name"]})


def evaluated(expression: str, names: dict[str, str]) -> str:
    """Return what an expression of GitHub Actions gives, as far as the action uses them."""
    written = expression.strip().replace("!cancelled()", "'true'")
    written = written.replace("&&", " and ").replace("||", " or ")
    parts = re.split(r"('[^']*')", written)
    known = re.compile(r"(?:inputs|github|steps)[\w.-]+")
    parts[::2] = [known.sub(lambda m: repr(names.get(m[0], "")), one) for one in parts[::2]]
    return str(eval("".join(parts)) or "")  # noqa: S307 - of our own file


def filled(variables: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    """Return the variables of a step, with what its expressions give."""
    return {
        name: re.sub(r"\$\{\{(.*?)\}\}", lambda m: evaluated(m[1], names), value)
        for name, value in variables.items()
    }


def head_of(work: Path) -> str:
    return git(work, "rev-parse", "HEAD") if (work / ".git").exists() else ""


def act(
    work: Path,
    *,
    event: str = "push",
    base: str = "",
    commenting: bool = False,
    **inputs: str,
) -> Job:
    """Run the judging step with these inputs, and the defaults of the others.

    ``commenting``: also the steps before and after it.
    """
    names = {"github.event_name": event, "github.event.pull_request.base.sha": base}
    if event.startswith("pull_request"):
        names |= {"github.event.pull_request": "there", "github.event.pull_request.number": "7"}
    action = read("action.yml")
    given = {name: one["default"] for name, one in action["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    names |= {f"inputs.{name}": value for name, value in given.items()}
    output, summary = work.parent / "output", work.parent / "summary"
    summary.touch()
    code, text, outputs = 0, "", {}
    for name in ("base", "judge", "Write the comment") if commenting else ("judge",):
        step = step_of(name)
        condition = step.get("if", "'true'").removeprefix("${{").removesuffix("}}")
        if not evaluated(condition, names):
            continue
        output.write_text("", "utf-8")
        job = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r"}
        job |= {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": head_of(work)}
        job |= {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": str(output)}
        job |= {"GITHUB_STEP_SUMMARY": str(summary)} | filled(step["env"], names)
        done = shell(work, step["run"], **job)
        code, text = code or done.returncode, text + done.stdout + done.stderr
        found = dict(line.split("=", 1) for line in output.read_text("utf-8").splitlines())
        names |= {f"steps.{step.get('id')}.outputs.{one}": v for one, v in found.items()}
        outputs |= found
    return Job(code, text, outputs, summary.read_text("utf-8"))


def test_the_action_fails_and_annotates_and_summarises(work: Path) -> None:
    job = act(work, paths="infra", as_of="2025-12-01", lang="en", unknown="warn")
    assert job.code == 1
    assert job.outputs == {"exit-code": "1"}
    assert re.search(r"^::error file=infra/prod\.icp\.yaml,line=5,", job.text, re.MULTILINE)
    assert "as of 2025-12-01" in job.text
    assert "SP12/renewal" in job.summary


def test_the_action_writes_what_it_is_asked_for(work: Path) -> None:
    job = act(
        work,
        paths="infra\n",
        as_of="2025-06-01",
        unknown="warn",
        sarif="out put/icp.sarif",
        reports="html=icp.html\n\njsonl=icp.jsonl\n",
        args="--icp-select=SP12/renewal\n-q\n",
    )
    assert job.code == 0
    assert job.outputs == {"exit-code": "0", "sarif": "out put/icp.sarif"}
    log = json.loads((work / "out put" / "icp.sarif").read_text("utf-8"))
    assert log["version"] == "2.1.0"
    assert (work / "icp.html").is_file()
    assert (work / "icp.jsonl").is_file()


EVIL = "open('ran', 'w').close()\n"


def evil(work: Path) -> None:
    """Write all that a run of pytest would load."""
    (work / "pytest.ini").write_text("[pytest]\naddopts = -p evil\nicp_ignore = SP12\n", "utf-8")
    for name in ("conftest", "evil", "infra/conftest", "infra/__init__", "pip", "sitecustomize"):
        (work / f"{name}.py").write_text(EVIL, "utf-8")


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_the_action_runs_nothing_of_a_pull_request(work: Path, event: str) -> None:
    evil(work)
    given = {"as_of": "2025-12-01", "lang": "en", "unknown": "warn", "sarif": "icp.sarif"}
    job = act(work, event=event, base="0" * 40, **given)
    assert not (work / "ran").exists()
    assert job.code == 1
    assert "\n### ❌ " in Path(job.outputs.pop("comment")).read_text("utf-8")
    assert job.outputs == {"exit-code": "1", "sarif": "icp.sarif"}
    assert re.search(r"^::error file=infra/prod\.icp\.yaml,line=5,", job.text, re.MULTILINE)
    assert "SP12/renewal" in job.summary


def test_who_trusts_the_repository_may_say_so(work: Path) -> None:
    evil(work)
    given = {"as_of": "2025-12-01", "unknown": "warn"}
    trusted = act(work, event="pull_request", no_project="false", **given)
    assert (work / "ran").exists()
    assert trusted.code == 0


def test_the_action_names_no_file_of_an_earlier_run(work: Path) -> None:
    (work / "icp.sarif").write_text("{}", "utf-8")
    job = act(work, paths="infra", as_of="never", sarif="icp.sarif")
    assert (job.code, job.outputs) == (4, {"exit-code": "4"})


def test_the_action_leaves_to_the_ini_file_what_it_is_not_told(work: Path) -> None:
    ini = "[pytest]\ntestpaths = infra\nicp_as_of = 2025-06-01\nicp_lang = en\nicp_unknown = warn\n"
    (work / "pytest.ini").write_text(f"{ini}icp_select = SP12/renewal\n", "utf-8")
    job = act(work)
    assert job.code == 0
    assert "as of 2025-06-01" in job.text
    assert "截至" not in job.text


def test_what_an_input_says_is_not_run(work: Path) -> None:
    said = "$(touch ran); `touch ran`; touch ran"
    job = act(work, paths=said, lang=said, sarif=said, args=said)
    assert job.code == 4
    assert not (work / "ran").exists()
    scripts = [step.get("run", "") for step in read("action.yml")["runs"]["steps"]]
    assert "${{" not in "".join(scripts)


def test_the_action_installs_the_package_that_it_came_with(work: Path) -> None:
    step = step_of("Install pytest-icp")
    for extras, installed in (("all", "[all]"), ("zone,pdf", "[zone,pdf]"), ("", "")):
        given = filled(step["env"], {"inputs.extras": extras})
        assert shell(work, step["run"], GITHUB_ACTION_PATH="/a b/icp", **given).returncode == 0
        said = (work / "pip.txt").read_text("utf-8").splitlines()
        assert said[-1] == f"/a b/icp{installed}"
        assert "--no-index" in said
    assert read("action.yml")["inputs"]["extras"]["default"] == "all"


def test_the_lock_file_of_the_action_has_what_the_package_asks_for() -> None:
    locked = re.findall(r"(?m)^([\w-]+)==(\S+)[^\\]*\\$", (ROOT / LOCK).read_text("utf-8"))
    versions = {name: Version(version) for name, version in locked}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    (every,) = map(Requirement, extras["all"])
    asked = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    asked += [one for name in every.extras for one in extras[name]]
    for one in map(Requirement, asked):
        assert versions[canonicalize_name(one.name)] in one.specifier, one
    for part in re.split(r"(?m)^(?=[\w-]+==)", (ROOT / LOCK).read_text("utf-8"))[1:]:
        assert "--hash=sha256:" in part


def test_the_hook_installs_what_descriptions_may_need() -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert hook["additional_dependencies"] == [".[all]"]


def test_every_input_is_described_and_used() -> None:
    action = read("action.yml")
    steps = json.dumps(action["runs"]["steps"])
    assert set(re.findall(r"inputs\.([\w-]+)", steps)) == set(action["inputs"])
    assert all(one["description"] for one in action["inputs"].values())
    judge = step_of("judge")
    written = set(re.findall(r'echo "([\w-]+)=', judge["run"]))
    assert written == set(action["outputs"])
    for name, one in action["outputs"].items():
        assert one["value"] == f"${{{{ steps.{judge['id']}.outputs.{name} }}}}"


def test_only_what_needs_the_token_of_the_action_has_it() -> None:
    steps = [one for one in read("action.yml")["runs"]["steps"] if "run" in one]
    having = [one for one in steps if "token" in json.dumps(one.get("env", {}))]
    assert [one["name"] for one in having] == ["Write the comment"]
    # Nothing of the repository is run, and nothing of the checkout is looked at.
    assert "python" not in having[0]["run"]
    assert 'cd "$(mktemp -d)"' in having[0]["run"]


@pytest.fixture
def base(work: Path) -> str:
    """The commit that a change which violates a rule is made for."""
    path = work / "infra" / "prod.icp.yaml"
    path.write_text(DESCRIPTION.replace("never", "2025-09-01"), "utf-8")
    first = commit(work)
    path.write_text(DESCRIPTION, "utf-8")
    commit(work)
    return first


@dataclass(frozen=True)
class PullRequest:
    """A pull request whose comments gh reads and writes."""

    work: Path
    base: str

    @property
    def _file(self) -> Path:
        return self.work.parent / "comments.json"

    def has(self, *comments: tuple[str, str]) -> None:
        """Let it have these comments, each by somebody."""
        found = [
            {"id": n, "user": {"login": login}, "body": body}
            for n, (login, body) in enumerate(comments, 1)
        ]
        self._file.write_text(json.dumps(found), "utf-8")

    @property
    def bodies(self) -> list[str]:
        return [one["body"] for one in json.loads(self._file.read_text("utf-8"))]

    @property
    def asked(self) -> str:
        return self._file.with_name("asked").read_text("utf-8")

    def job(self, **inputs: str) -> Job:
        """Run the action for it."""
        given = {"lang": "en", "paths": "infra", "args": "--select=SP12", "token": TOKEN} | inputs
        given = {"as_of": "2025-12-01"} | given
        return act(
            self.work,
            event="pull_request",
            base=self.base,
            commenting=True,
            **given,
        )

    def write(self, comment: Path, name: str = "a job", **variables: str) -> str:
        """Run the step that writes the comment alone; return what it prints."""
        step = step_of("Write the comment")
        names = {"steps.judge.outputs.comment": str(comment), "inputs.token": TOKEN}
        names |= {"github.event.pull_request.number": "7", "inputs.comment-name": name}
        given = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "o/r"}
        done = shell(self.work, step["run"], **given, **filled(step["env"], names), **variables)
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def pull_request(work: Path, base: str) -> PullRequest:
    if not shutil.which("jq"):
        pytest.skip("needs jq")
    found = PullRequest(work, base)
    found.has()
    gh = work.parent / "bin" / "gh"
    written = GH.format(python=sys.executable, comments=str(found._file), token=TOKEN)
    gh.write_text(written, "utf-8")
    gh.chmod(0o755)
    return found


def test_the_action_writes_one_comment_and_keeps_it_current(pull_request: PullRequest) -> None:
    job = pull_request.job()
    assert job.code == 1
    assert "wrote the comment" in job.text
    (body,) = pull_request.bodies
    mark, _, rest = body.partition("\n")
    assert re.fullmatch(r"<!-- pytest-icp comment \d+ 5 -->", mark)
    said = "### ❌ This change breaks 1 rule of the licence: SP12/renewal\n\nCompared with "
    assert rest.startswith("> ⏰ **LICENCE ENDS in 34 days, on 2026-01-04; renewal was due by")
    assert said in rest
    assert pull_request.base[:7] in rest.replace("<!-- -->", "")
    assert TOKEN not in job.text
    assert "SP12/renewal" in job.summary
    # What gh reads of the folder that it runs in, or of another host, is not of the checkout.
    assert all(
        not Path(line.split()[0]).is_relative_to(pull_request.work) and " github.com api " in line
        for line in pull_request.asked.splitlines()
    )
    somebody = ("somebody", f"{mark}\nall is well")
    quoting = ("github-actions[bot]", f"quoted: {mark}")
    pull_request.has(somebody, quoting, ("github-actions[bot]", f"{mark}\nold"))
    pull_request.write(Path(job.outputs["comment"]), "infra")
    assert pull_request.bodies == [somebody[1], quoting[1], body]
    pull_request.write(Path(job.outputs["comment"]), "another job")
    assert len(pull_request.bodies) == 4


def test_a_run_without_a_report_leaves_no_earlier_comment_standing(
    pull_request: PullRequest,
) -> None:
    job = pull_request.job(as_of="never")
    assert job.code == 4
    assert "this run wrote no report" in job.summary
    (body,) = pull_request.bodies
    assert "this run wrote no report" in body


def test_a_comment_that_may_not_be_written_is_no_failure(pull_request: PullRequest) -> None:
    comment = pull_request.work.parent / "comment.md"
    comment.write_text("old", "utf-8")
    assert "no comment was written" not in pull_request.write(comment)
    before = pull_request.bodies
    comment.write_text("new", "utf-8")
    for refused in ("graphql", "--paginate", "issues/7/comments -F", "PATCH"):
        name = "another job" if refused.startswith("issues") else "a job"
        said = pull_request.write(comment, name, REFUSED=refused)
        assert "pytest-icp: no comment was written: " in said, refused
        assert pull_request.bodies == before, refused


def test_without_gh_one_line_says_so(pull_request: PullRequest) -> None:
    gh = pull_request.work.parent / "bin" / "gh"
    gh.unlink()
    if shutil.which("gh"):
        pytest.skip("gh is installed here")
    comment = pull_request.work.parent / "comment.md"
    comment.write_text("all is well", "utf-8")
    said = pull_request.write(comment)
    assert said.count("no comment was written: this runner has no gh") == 1


def test_a_comment_is_never_what_a_link_leads_to(pull_request: PullRequest) -> None:
    secret = pull_request.work.parent / "secret"
    secret.write_text(OF_RUNNER, "utf-8")
    link = pull_request.work / "comment.md"
    link.symlink_to(secret)
    pull_request.write(link)
    (body,) = pull_request.bodies
    assert OF_RUNNER not in body


def since_of(work: Path, **given: str) -> tuple[str, str]:
    """Return what the action compares with, and what it prints."""
    output = work.parent / "output"
    output.write_text("", "utf-8")
    empty = {"ICP_SINCE": "", "ICP_BASE": "", "GITHUB_REF": "", "GITHUB_SHA": ""}
    variables = empty | given | {"GITHUB_OUTPUT": str(output)}
    done = shell(work, step_of("base")["run"], **variables)
    assert done.returncode == 0, done.stderr
    return output.read_text("utf-8").strip(), done.stdout


def test_the_base_of_a_merge_commit_is_its_first_parent(work: Path, base: str) -> None:
    git(work, "checkout", "-q", "-b", "other", base)
    newer = commit(work)
    git(work, "merge", "-q", "--no-ff", "-m", "m", "main", "-X", "theirs")
    merged = {"GITHUB_REF": "refs/pull/7/merge", "GITHUB_SHA": head_of(work), "ICP_BASE": base}
    assert since_of(work, **merged) == (f"since={newer}", "")
    # A branch that has merged another one is no merge commit of GitHub.
    assert since_of(work, **merged | {"GITHUB_REF": "refs/heads/other"}) == (f"since={base}", "")
    assert since_of(work, **merged | {"ICP_SINCE": "main"}) == ("since=main", "")
    assert since_of(work, ICP_SINCE="infra") == ("since=infra", "")


def test_what_the_clone_does_not_have_is_not_compared_with(work: Path) -> None:
    commit(work)
    since, said = since_of(work, ICP_SINCE="no-such")
    assert since == ""
    assert said.startswith("::warning title=pytest-icp::nothing is compared: this clone has no")


# ---- what a change brings under the names of the reports -----------------------------------------

OF_RUNNER = "the token of the runner"
BROUGHT = ["file", "link", "dangling", "folder", "link to a folder"]


@dataclass(frozen=True)
class Change:
    """A change that brings something where a job writes its reports."""

    work: Path

    @property
    def secret(self) -> Path:
        """A file of the runner."""
        path = self.work.parent / "runner" / "environ"
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            path.write_text(OF_RUNNER, "utf-8")
        return path

    def brings(self, what: str, name: str) -> None:
        """Put something into the checkout."""
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        match what:
            case "file":
                path.write_text("[]", "utf-8")
            case "link":
                path.symlink_to(self.secret)
            case "dangling":
                path.symlink_to(self.secret.parent / "new")
            case "folder":
                path.mkdir()
                (path / "inner").symlink_to(self.secret)
            case _:
                path.symlink_to(self.secret.parent, target_is_directory=True)

    def is_gone(self, *names: str) -> bool:
        """Whether nothing of it is left under these names, and the runner's file is as it was."""
        assert self.secret.read_text("utf-8") == OF_RUNNER
        assert [one.name for one in self.secret.parent.iterdir()] == ["environ"]
        return not any(os.path.lexists(self.work / name) for name in names)

    def is_ours(self, name: str) -> bool:
        """Whether a name has a plain file of this run, and the runner's file is as it was."""
        path = self.work / name
        assert self.is_gone("no-such-name")
        links = [one for one in (path, *path.parents) if one.is_symlink()]
        return not links and path.is_file() and "SP12/renewal" in path.read_text("utf-8")


@pytest.fixture
def change(work: Path) -> Change:
    return Change(work)


def test_the_action_writes_through_nothing_that_a_change_brings(work: Path, change: Change) -> None:
    change.brings("folder", "icp.sarif")
    reports = [f"jsonl={work}/out/icp.jsonl"]
    for what in BROUGHT:
        change.brings(what, f"{what}.jsonl")
        change.brings(what, f"out/{what}.html")
        reports += [f"jsonl={what}.jsonl", f"html=./out//{what}.html"]
    # The same above a report.
    for what in ("file", "dangling", "link to a folder"):
        change.brings(what, f"above/{what}")
        reports.append(f"html=above/{what}/er/page.html")
    given = {"sarif": "icp.sarif", "reports": "\n".join(reports)}
    job = act(work, event="pull_request", as_of="2025-12-01", unknown="warn", **given)
    assert (job.code, job.outputs["sarif"]) == (1, "icp.sarif")
    names = [Path(one.partition("=")[2]) for one in reports]
    assert all(change.is_ours(str(name)) for name in ("icp.sarif", *names))


def test_the_action_follows_no_link_that_code_of_the_repository_makes(
    work: Path, change: Change
) -> None:
    lines = f"import os\nos.symlink({str(change.secret)!r}, 'icp.sarif')\n"
    (work / "conftest.py").write_text(lines, "utf-8")
    job = act(work, paths="infra", sarif="icp.sarif", as_of="2025-12-01", unknown="warn")
    assert (job.code, job.outputs["sarif"]) == (1, "icp.sarif")
    assert change.is_ours("icp.sarif")
    (work / "icp.sarif").unlink()
    assert act(work, paths="infra", sarif="icp.sarif", as_of="never").code == 4
    assert change.is_gone("icp.sarif")


@pytest.mark.parametrize(("which", "signal"), KILLS)
def test_a_killed_action_leaves_no_report(
    work: Path, change: Change, monkeypatch: pytest.MonkeyPatch, which: str, signal: str
) -> None:
    for name, value in {"KILLED": "evaluate", "WHICH": which, "SIGNAL": signal}.items():
        monkeypatch.setenv(name, value)
    change.brings("file", "icp.sarif")
    change.brings("link", "page.html")
    change.brings("link to a folder", "out")
    given = {"sarif": "icp.sarif", "reports": "html=page.html\njsonl=out/icp.jsonl"}
    job = act(work, event="pull_request", **given)
    number = {"KILL": 9, "TERM": 15}[signal]
    assert job.code == (-number if which == "script" else 128 + number)
    assert "sarif" not in job.outputs
    assert change.is_gone("icp.sarif", "page.html", "out")


@pytest.mark.parametrize("name", ["html=../x", "html=infra/../../x", "html=.", "html"])
def test_the_action_takes_no_report_without_the_name_of_a_file(work: Path, name: str) -> None:
    job = act(work, reports=name)
    assert (job.code, job.outputs) == (4, {"exit-code": "4"})
    assert f"::error title=pytest-icp::{name}: " in job.text
    assert (work / "infra" / "prod.icp.yaml").is_file()


def test_the_action_writes_what_lies_elsewhere_as_it_is_named(work: Path, change: Change) -> None:
    elsewhere = change.secret.parent / "icp.sarif"
    elsewhere.write_text("old", "utf-8")
    given = {"as_of": "2025-12-01", "unknown": "warn", "paths": "infra"}
    job = act(work, sarif=str(elsewhere), reports="jsonl=/dev/stdout", **given)
    assert job.outputs["sarif"] == str(elsewhere)
    assert json.loads(elsewhere.read_text("utf-8"))["version"] == "2.1.0"
    assert '"rule": "SP12/renewal"' in job.text.replace('":"', '": "')
    job = act(work, sarif=str(elsewhere), **given | {"as_of": "never"})
    assert (job.outputs, elsewhere.exists()) == ({"exit-code": "4"}, False)


def test_a_report_that_cannot_be_put_in_its_place_fails_the_action(work: Path) -> None:
    given = {"as_of": "2025-06-01", "unknown": "warn", "args": "--icp-select=SP12/renewal"}
    job = act(work, paths="infra", reports="html=one/two\njsonl=one", **given)
    assert (job.code, job.outputs) == (4, {"exit-code": "4"})
    assert act(work, paths="infra", reports=" html=page/ ", **given).code == 0
    assert (work / "page").is_file()


# ---- the GitLab template -------------------------------------------------------------------------


def gitlab(work: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the job of the template, as GitLab does: in one shell, in the folder of the project."""
    job = read(TEMPLATE)["pytest-icp"]
    given = {"CI_PROJECT_DIR": str(work), "ICP_INSTALL": "pytest-icp"} | variables
    return shell(work, "\n".join((*job["before_script"], *job["script"])), **given)


def merge_request(base: str = "") -> dict[str, str]:
    """Return variables of a merge request."""
    there = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base} if base else {}
    return {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "7"} | there


def artifacts() -> list[str]:
    """Return the names of the reports that GitLab shows."""
    return [*read(TEMPLATE)["pytest-icp"]["artifacts"]["reports"].values()]


def test_the_template_writes_its_artifacts(work: Path) -> None:
    job = read(TEMPLATE)["pytest-icp"]
    options = "--icp-as-of=2025-12-01 --icp-unknown=warn"
    done = gitlab(work, ICP_PATHS="infra", ICP_ARGS=options)
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    assert job["artifacts"]["when"] == "always"
    entries = json.loads((work / reports["codequality"]).read_text("utf-8"))
    assert "SP12/renewal" in {entry["check_name"] for entry in entries}
    assert "infra/prod.icp.yaml" in {entry["location"]["path"] for entry in entries}
    assert 'file="infra/prod.icp.yaml"' in (work / reports["junit"]).read_text("utf-8")
    assert set(artifacts()) | {"infra", "pip.txt"} == {one.name for one in work.iterdir()}


def test_the_template_runs_nothing_of_a_merge_request(work: Path) -> None:
    evil(work)
    done = gitlab(work, **merge_request("0" * 40), ICP_PATHS="infra", ICP_ARGS="--as-of=2025-12-01")
    assert done.returncode == 1, done.stderr
    assert not (work / "ran").exists()
    entries = json.loads((work / REPORT).read_text("utf-8"))
    assert "SP12/renewal" in {entry["check_name"] for entry in entries}


def test_the_template_says_what_a_change_does_and_posts_nothing(
    work: Path, change: Change, base: str
) -> None:
    options = "--as-of=2025-12-01 --lang=en --fail-on=new --select=SP12"
    given = merge_request(base) | {"ICP_PATHS": "infra", "ICP_ARGS": options}
    change.brings("link", "icp-comment.md")
    done = gitlab(work, **given)
    assert done.returncode == 1, done.stderr
    assert "What this change does" in done.stdout
    done = gitlab(work, **given | {"ICP_SINCE": "no-such", "ICP_ARGS": "--as-of=2025-12-01"})
    assert "nothing is compared: this clone has no commit no-such" in done.stderr
    assert "What this change does" not in done.stdout
    assert "TOKEN" not in (ROOT / TEMPLATE).read_text("utf-8")
    assert "paths" not in read(TEMPLATE)["pytest-icp"]["artifacts"]


@pytest.mark.parametrize(
    ("source", "at_report", "at_junit"),
    [
        ("push", "folder", "folder"),
        ("merge_request_event", "file", "link to a folder"),
        ("merge_request_event", "dangling", "link"),
        ("merge_request_event", "link to a folder", "folder"),
    ],
)
def test_the_template_writes_through_nothing_that_a_change_brings(
    work: Path, change: Change, source: str, at_report: str, at_junit: str
) -> None:
    junit = next(name for name in artifacts() if name != REPORT)
    change.brings(at_report, REPORT)
    change.brings(at_junit, junit)
    done = gitlab(work, CI_PIPELINE_SOURCE=source, ICP_PATHS="infra")
    assert done.returncode == 1, done.stderr
    assert change.is_ours(REPORT)
    assert change.is_gone(junit) if source != "push" else (work / junit).is_file()


@pytest.mark.parametrize(
    ("word", "which", "signal"),
    [("pip", "script", "KILL"), *(("evaluate", *one) for one in KILLS)],
)
def test_a_killed_job_of_the_template_shows_nothing_of_a_change(
    work: Path, change: Change, word: str, which: str, signal: str
) -> None:
    first, second = artifacts()
    change.brings("file", first)
    change.brings("link", second)
    done = gitlab(work, **merge_request(), KILLED=word, WHICH=which, SIGNAL=signal)
    number = {"KILL": 9, "TERM": 15}[signal]
    assert done.returncode == (-number if which == "script" else 128 + number)
    assert change.is_gone(first, second)


def test_the_template_deletes_first_even_where_another_before_script_is_written(
    work: Path, change: Change
) -> None:
    for name in artifacts():
        change.brings("link", name)
    script = "\n".join(read(TEMPLATE)["pytest-icp"]["script"])
    killed = {"KILLED": "evaluate", "WHICH": "script", "SIGNAL": "KILL"}
    shell(work, script, CI_PROJECT_DIR=str(work), **merge_request(), **killed)
    assert change.is_gone(*artifacts())


def test_the_template_minds_no_odd_name_of_its_folder(work: Path) -> None:
    odd = work.rename(work.parent / "- a $(touch ran) *'\"\n;")
    # The job of somebody who goes into a folder first.
    script = "\n".join(("cd infra", *read(TEMPLATE)["pytest-icp"]["script"]))
    done = shell(odd, script, **merge_request(), CI_PROJECT_DIR=str(odd))
    assert done.returncode == 1, done.stderr
    assert json.loads((odd / REPORT).read_text("utf-8"))
    assert {one.name for one in odd.iterdir()} == {"infra", REPORT}


def test_the_template_needs_nothing_but_what_pip_installs(work: Path) -> None:
    done = gitlab(work, ICP_INSTALL="")
    assert done.returncode != 0
    assert "ICP_INSTALL: say what pip installs" in done.stderr
    (work / "pytest.ini").write_text("[pytest]\ntestpaths = infra\n", "utf-8")
    done = gitlab(work, ICP_INSTALL="a b")
    assert done.returncode == 1, done.stderr
    assert (work / "pip.txt").read_text("utf-8").splitlines()[-1] == "a b"
    assert (work / REPORT).is_file()


# ---- the hook of pre-commit ----------------------------------------------------------------------


def test_the_hook_judges_what_is_staged_and_prints_a_line_for_each_finding(work: Path) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    command, *arguments = [*shlex.split(hook["entry"]), *hook["args"]]
    # Names of files could be taken for options; what is removed has none.
    assert (command, hook["pass_filenames"], hook["always_run"]) == ("pytest-icp", False, True)
    commit(work)
    line = shlex.join(["python", "-m", "pytest_icp", *arguments, "--as-of=2025-12-01"])
    (work / "infra" / "licence.yaml").write_text(f"{LICENCE}# changed\n", "utf-8")
    done = shell(work, f"git add -A && {line}")
    assert done.returncode == 1, done.stderr
    assert "\ninfra/prod.icp.yaml:5:15: SP12/renewal: " in f"\n{done.stdout}"
    assert "-->" not in done.stdout


# ---- the image -----------------------------------------------------------------------------------


def test_the_image_is_given_what_the_wheel_is_made_of() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    made_of = {
        *("pyproject.toml", project["project"]["readme"], *project["project"]["license-files"]),
        *(*wheel["packages"], *wheel["force-include"]),
    }
    text = (ROOT / "Containerfile").read_text("utf-8")
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY ")]
    assert {
        name for names in copied for name in names if not name.startswith(("/", "-"))
    } == made_of


def test_the_image_has_the_extras_that_read_and_write_files() -> None:
    assert "\nARG EXTRAS=all\n" in (ROOT / "Containerfile").read_text("utf-8")
