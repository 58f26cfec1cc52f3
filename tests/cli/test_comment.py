"""``pytest-icp comment``: one comment, kept current; its token is never printed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pytest_icp.cli import comment as module
from pytest_icp.cli.api import ApiError, UnavailableError
from pytest_icp.cli.comment import marker, run_comment
from pytest_icp.cli.main import main
from pytest_icp.cli.output import Output
from pytest_icp.law.errors import InputError
from pytest_icp.reports.comment import LIMIT, MARKER_ROOM
from pytest_icp.reports.markdown_blocks import units
from tests.cli.test_hosts import of_github, of_gitlab
from tests.stand_in import TOKEN, Service, service

BODY = "### ❌ This change breaks 1 rule\n"
MARK = "<!-- pytest-icp comment infra -->"
Run = Callable[..., Output]


@pytest.fixture(params=["github", "gitlab"])
def which(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stands(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "*")
    with service() as one:
        yield one


@pytest.fixture
def environment(which: str, tmp_path: Path, stands: Service) -> dict[str, str]:
    if which == "gitlab":
        return of_gitlab(stands)
    summary = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    return of_github(tmp_path, stands) | summary


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "comment.md"
    path.write_text(BODY, "utf-8")
    return path


@pytest.fixture
def run(environment: dict[str, str], report: Path) -> Run:
    def run(name: str = "infra", wait: Callable[[float], object] = print) -> Output:
        return run_comment(report, name, "en", environment, wait)

    return run


def writes(stands: Service) -> list[str]:
    """Return what was asked for that is no reading."""
    return [
        one.method
        for one in stands.asked
        if one.method != "GET" and "query(" not in str((one.sent or {}).get("query"))
    ]


def test_it_is_written_once_and_then_kept_current(run: Run, stands: Service, report: Path) -> None:
    stands.add("a word of somebody", "other")
    assert run().text == "wrote the comment"
    assert stands.bodies[1:] == [f"{MARK}\n{BODY}"]
    assert run().text == "the comment is the same already"
    assert len(writes(stands)) == 1
    report.write_text("### ✅ fixed\n", "utf-8")
    assert run().text == "updated the comment"
    assert stands.bodies[1:] == [f"{MARK}\n### ✅ fixed\n"]
    assert run("other").text == "wrote the comment"
    assert len(stands.bodies) == 3


def test_it_is_found_on_a_later_page(run: Run, stands: Service) -> None:
    stands.page = 2
    for number in range(5):
        stands.add(f"{number}", "other")
    stands.add(f"{MARK}\nold")
    assert run().text == "updated the comment"
    assert stands.bodies[5:] == [f"{MARK}\n{BODY}"]


def test_one_by_somebody_who_imitates_it_is_left_alone(run: Run, stands: Service) -> None:
    stands.add(f"{MARK}\nall is well", "other", "User")
    stands.add(f"quoted: {MARK}")
    assert run().text == "wrote the comment"
    assert stands.bodies[0].endswith("all is well")
    assert len(stands.bodies) == 3


def test_of_several_one_is_left(run: Run, stands: Service) -> None:
    # Two jobs at once have each found none.
    stands.add(f"{MARK}\nold")
    stands.add(f"{MARK}\nolder")
    assert run().text == "updated the comment"
    assert stands.bodies == [f"{MARK}\n{BODY}"]


def test_it_waits_for_a_service_that_is_not_well(run: Run, stands: Service) -> None:
    waited: list[float] = []
    stands.failing = [(502, {}), (429, {"Retry-After": "9"})]
    assert run(wait=waited.append).text == "wrote the comment"
    assert waited == [1, 9]
    stands.failing = [(502, {})] * 3
    with pytest.raises(InputError, match=r"no comment was written: .*502 Bad Gateway"):
        run(wait=waited.append)
    assert len(stands.bodies) == 1


def test_one_that_was_written_in_spite_of_an_error_is_not_written_twice(
    run: Run, stands: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = module._written
    errors = [UnavailableError("the line is cut")]

    def cut(*given: object) -> object:
        done = written(*given)  # type: ignore[arg-type]  # the same
        if errors:
            raise errors.pop()
        return done

    monkeypatch.setattr(module, "_written", cut)
    assert run(wait=lambda _: None).text == "the comment is the same already"
    assert stands.bodies == [f"{MARK}\n{BODY}"]


def test_a_token_that_may_only_read_is_no_failure(
    run: Run, stands: Service, which: str, tmp_path: Path
) -> None:
    if which == "github":
        stands.refuses = {"addC": "FORBIDDEN"}
    else:
        stands.failing = [(403, {})]
    done = run()
    assert (done.code, list(done.errors), stands.bodies) == (0, [], [])
    assert done.text.startswith("no comment was written (127.0.0.1:")
    assert "the token may not, as for a pull request from a fork" in done.text
    assert "\n" not in done.text
    if which == "github":
        assert (tmp_path / "summary.md").read_text("utf-8") == f"\n{BODY}"
        assert done.text.endswith("; the job summary has it")
    else:
        assert done.text.endswith(f"; it is in {tmp_path / 'comment.md'}")


def test_without_a_token_it_is_the_same(
    run: Run, environment: dict[str, str], stands: Service
) -> None:
    for name in ("GITHUB_TOKEN", "GITLAB_TOKEN"):
        environment.pop(name, None)
    done = run()
    assert done.code == 0
    assert "_TOKEN is not set" in done.text
    assert stands.asked == []


def test_what_somebody_can_fix_is_a_failure(
    run: Run, stands: Service, which: str, tmp_path: Path
) -> None:
    stands.failing = [(401, {})]
    with pytest.raises(InputError, match="401 Unauthorized") as caught:
        run()
    assert isinstance(caught.value, InputError)
    assert not isinstance(caught.value, ApiError)
    summary = tmp_path / "summary.md"
    assert summary.exists() == (which == "github")
    assert ("; the job summary has it" in str(caught.value)) == (which == "github")


def test_a_summary_that_cannot_be_written_is_not_said_to_have_it(
    run: Run, environment: dict[str, str], stands: Service, tmp_path: Path
) -> None:
    environment["GITHUB_STEP_SUMMARY"] = str(tmp_path)
    stands.failing = [(403, {})]
    assert "; it is in " in run().text


def test_without_a_report_no_earlier_one_is_left_standing(
    run: Run, stands: Service, report: Path
) -> None:
    stands.add(f"{MARK}\n### ✅ all is well")
    report.unlink()
    done = run()
    assert done.code == 4
    assert "comment.md" in str(done.errors[0])
    assert "This run wrote no report" in stands.bodies[0]
    report.write_text("x" * (LIMIT - MARKER_ROOM + 1), "utf-8")
    done = run()
    assert "too long for a comment: 65025 characters" in str(done.errors[0])


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("", "<!-- pytest-icp comment -->"),
        ("infra apps/a", "<!-- pytest-icp comment infra%20apps/a -->"),
        ("--> @all <b>", "<!-- pytest-icp comment --%3E%20%40all%20%3Cb%3E -->"),
        ("\udcff", "<!-- pytest-icp comment %3F -->"),
    ],
)
def test_the_marker_is_a_comment_whatever_the_name(name: str, line: str) -> None:
    assert marker(name) == line


def test_a_long_name_is_told_from_others_that_begin_like_it() -> None:
    one, other = marker("文" * 999), marker("文" * 998)
    assert one != other
    assert units(one) + 1 <= MARKER_ROOM


def test_the_command_takes_its_token_from_the_environment_alone(
    tmp_path: Path,
    stands: Service,
    report: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in of_github(tmp_path, stands).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    assert main(["comment", str(report), "--name", "infra"]) == 0
    assert stands.bodies == [f"{MARK}\n{BODY}"]
    stands.failing = [(401, {})]
    assert main(["comment", str(report), "--lang", "zh"]) == 4
    said = capsys.readouterr()
    assert said.out.splitlines() == ["已写评论 · wrote the comment"]
    assert said.err.startswith("没有写评论：127.0.0.1:")
    assert TOKEN not in said.out + said.err
    sent = [json.dumps(one.sent) for one in stands.asked]
    assert TOKEN not in "".join([*sent, *(one.path for one in stands.asked)])
