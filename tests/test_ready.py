"""What is ready to use elsewhere: the action, the GitLab template and the hook, as written."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import DESCRIPTION, LICENCE

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "templates/pytest-icp.gitlab-ci.yml"
BASH = shutil.which("bash")
REPORT = "gl-code-quality-report.json"

# Python as the service has it; what pip would install is written down instead.
PYTHON = """\
#!/bin/sh
if [ "$3" = pip ]; then printf '%s\\n' "$@" > pip.txt; else exec {python} "$@"; fi
"""

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
        | {"PYTEST_ADDOPTS": "-p no:cacheprovider"}
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


def act(work: Path, *, event: str = "push", base: str = "", **inputs: str) -> Job:
    """Run the last step with these inputs, and the defaults of the others."""
    github = {"event_name": event, "event.pull_request.base.sha": base}
    action = read("action.yml")
    given = {name: one["default"] for name, one in action["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    step = action["runs"]["steps"][-1]
    variables = {
        name: re.sub(
            r"\$\{\{ (inputs|github)\.([\w.-]+) \}\}",
            lambda m: (given if m[1] == "inputs" else github)[m[2]],
            value,
        )
        for name, value in step["env"].items()
    }
    output, summary = work.parent / "output", work.parent / "summary"
    output.touch()
    summary.touch()
    done = shell(
        work,
        step["run"],
        GITHUB_ACTIONS="true",
        GITHUB_OUTPUT=str(output),
        GITHUB_STEP_SUMMARY=str(summary),
        **variables,
    )
    lines = output.read_text("utf-8").splitlines()
    outputs = dict(line.split("=", 1) for line in lines)
    return Job(done.returncode, done.stdout + done.stderr, outputs, summary.read_text("utf-8"))


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
    assert (job.code, job.outputs) == (1, {"exit-code": "1", "sarif": "icp.sarif"})
    assert re.search(r"^::error file=infra/prod\.icp\.yaml,line=5,", job.text, re.MULTILINE)
    assert "SP12/renewal" in job.summary
    # What is not fetched cannot be compared, and every report says so.
    assert "there is no commit" in job.summary
    # Who trusts the repository may say so.
    trusted = act(work, event=event, no_project="false", **given)
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
    (script,) = (s["run"] for s in read("action.yml")["runs"]["steps"] if "pip" in s.get("run", ""))
    assert shell(work, script, GITHUB_ACTION_PATH="/a b/pytest-icp").returncode == 0
    assert (work / "pip.txt").read_text("utf-8").splitlines()[-1] == "/a b/pytest-icp"


def test_every_input_is_described_and_used() -> None:
    action = read("action.yml")
    steps = json.dumps(action["runs"]["steps"])
    assert set(re.findall(r"inputs\.([\w-]+)", steps)) == set(action["inputs"])
    assert all(one["description"] for one in action["inputs"].values())
    judge = action["runs"]["steps"][-1]
    written = set(re.findall(r'echo "([\w-]+)=', judge["run"]))
    assert written == set(action["outputs"])
    for name, one in action["outputs"].items():
        assert one["value"] == f"${{{{ steps.{judge['id']}.outputs.{name} }}}}"


# ---- the GitLab template -------------------------------------------------------------------------


def test_the_template_writes_its_artifacts(work: Path) -> None:
    job = read(TEMPLATE)["pytest-icp"]
    options = "--icp-as-of=2025-12-01 --icp-unknown=warn"
    done = shell(work, "\n".join(job["script"]), ICP_PATHS="infra", ICP_ARGS=options)
    assert done.returncode == 1, done.stderr
    reports = job["artifacts"]["reports"]
    assert job["artifacts"]["when"] == "always"
    entries = json.loads((work / reports["codequality"]).read_text("utf-8"))
    assert "SP12/renewal" in {entry["check_name"] for entry in entries}
    assert "infra/prod.icp.yaml" in {entry["location"]["path"] for entry in entries}
    assert 'file="infra/prod.icp.yaml"' in (work / reports["junit"]).read_text("utf-8")


def test_the_template_runs_nothing_of_a_merge_request(work: Path) -> None:
    evil(work)
    job = read(TEMPLATE)["pytest-icp"]
    variables = {"CI_PIPELINE_SOURCE": "merge_request_event", "ICP_PATHS": "infra"}
    more = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "0" * 40, "ICP_ARGS": "--as-of=2025-12-01"}
    done = shell(work, "\n".join(job["script"]), **variables, **more)
    assert done.returncode == 1, done.stderr
    assert not (work / "ran").exists()
    entries = json.loads((work / REPORT).read_text("utf-8"))
    assert "SP12/renewal" in {entry["check_name"] for entry in entries}
    assert any("0000" in entry["description"] for entry in entries)


def test_the_template_needs_nothing_but_what_pip_installs(work: Path) -> None:
    job = read(TEMPLATE)["pytest-icp"]
    done = shell(work, "\n".join(job["before_script"]))
    assert done.returncode != 0
    assert "ICP_INSTALL: say what pip installs" in done.stderr
    (script,) = job["before_script"]
    assert shell(work, script, ICP_INSTALL="a b").returncode == 0
    assert (work / "pip.txt").read_text("utf-8").splitlines()[-1] == "a b"
    (work / "pytest.ini").write_text("[pytest]\ntestpaths = infra\n", "utf-8")
    done = shell(work, "\n".join(job["script"]))
    assert done.returncode == 1, done.stderr
    assert (work / REPORT).is_file()


# ---- the hook of pre-commit ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("prod.icp.yaml", True),
        ("infra/prod.icp.yml", True),
        ("infra/prod.icp.json", True),
        ("infra/licence.yaml", True),
        ("infra/icp-license-2.yml", True),
        ("infra/icp-waivers.yaml", True),
        ("LICENSE", False),
        ("docs/licence.md", False),
        ("infra/licence/values.yaml", False),
        ("prod-icp.yaml", False),
        ("prod.icp.yaml.orig", False),
    ],
)
def test_the_hook_runs_for_what_a_verdict_rests_on(name: str, meant: bool) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    assert bool(re.search(hook["files"], name)) is meant


def test_the_hook_judges_every_description(work: Path) -> None:
    (hook,) = read(".pre-commit-hooks.yaml")
    command, *arguments = [*shlex.split(hook["entry"]), *hook["args"]]
    assert (command, hook["pass_filenames"]) == ("pytest-icp", False)
    line = shlex.join(["python", "-m", "pytest_icp", *arguments, "--as-of=2025-12-01"])
    done = shell(work, line)
    assert done.returncode == 1, done.stderr
    assert "infra/prod.icp.yaml:5" in done.stdout
