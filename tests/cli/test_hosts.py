"""Whose comments are ours, on both services."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.cli.api import ApiError, DeniedError, UnavailableError
from pytest_icp.cli.hosts import host_of, pull_request
from pytest_icp.law.errors import InputError
from tests.stand_in import TOKEN, Service, service


@pytest.fixture
def stands(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("no_proxy", "*")
    with service() as one:
        yield one


def of_github(folder: Path, stands: Service) -> dict[str, str]:
    """The variables of a job of GitHub."""
    event = folder / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 7, "base": {"sha": "0" * 40}}}))
    return {
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_GRAPHQL_URL": f"{stands.address}/graphql",
        "GITHUB_TOKEN": TOKEN,
    }


def of_gitlab(stands: Service) -> dict[str, str]:
    """The variables of a job of GitLab."""
    return {
        "CI_API_V4_URL": stands.address,
        "CI_MERGE_REQUEST_PROJECT_ID": "3",
        "CI_MERGE_REQUEST_IID": "7",
        "GITLAB_TOKEN": TOKEN,
    }


def test_what_an_event_says(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    for written in ("{", "[]", "{}", '{"pull_request": 1}', "[" * 99_999):
        event.write_text(written)
        assert pull_request({"GITHUB_EVENT_PATH": str(event)}) == {}
    assert pull_request({}) == {}
    with pytest.raises(InputError):
        pull_request({"GITHUB_EVENT_PATH": str(tmp_path / "none")})


def test_outside_of_a_job(tmp_path: Path, stands: Service) -> None:
    with pytest.raises(InputError, match="this is no job for a pull or merge request"):
        host_of({})
    given = of_gitlab(stands) | {"CI_MERGE_REQUEST_PROJECT_ID": "../x"}
    with pytest.raises(InputError, match="this is no job"):
        host_of(given)
    for given in (of_github(tmp_path, stands), of_gitlab(stands)):
        for name in ("GITHUB_TOKEN", "GITLAB_TOKEN"):
            given.pop(name, None)
        with pytest.raises(DeniedError, match="_TOKEN is not set"):
            host_of(given)


@pytest.mark.parametrize("which", ["github", "gitlab"])
def test_only_those_of_the_account_are_ours(tmp_path: Path, stands: Service, which: str) -> None:
    stands.page = 2
    stands.add("one")
    # Somebody with the name of the app, somebody else, and an account that is gone.
    stands.add("two", "github-actions", "User") if which == "github" else stands.add("two", "x")
    stands.add("three", "other")
    stands.add("four", "") if which == "github" else stands.add("four", "github-actions", "system")
    stands.add("five")
    host = host_of(of_github(tmp_path, stands) if which == "github" else of_gitlab(stands))
    assert [one.body for one in host.comments()] == ["one", "five"]
    pages = [one for one in stands.asked if "user" not in one.path]
    assert len(pages) == 3


def test_a_person_has_a_name_of_its_own(tmp_path: Path, stands: Service) -> None:
    data: Any = stands.graphql(
        {"query": "comments(", "variables": {"owner": "o", "name": "r", "number": 7, "after": None}}
    )
    person = {"__typename": "User", "login": "me"}
    nodes = [{"id": "1", "body": "a", "author": person}]
    data["data"]["viewer"]["login"] = "me"
    data["data"]["repository"]["pullRequest"]["comments"]["nodes"] = nodes
    stands.answer = data
    assert [one.id for one in host_of(of_github(tmp_path, stands)).comments()] == ["1"]


def test_it_looks_through_no_more_pages_than_there_can_be(
    tmp_path: Path, stands: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pytest_icp.cli.hosts._PAGES", 2)
    stands.page = 1
    for number in range(4):
        stands.add(str(number))
    for given in (of_github(tmp_path, stands), of_gitlab(stands)):
        assert len(list(host_of(given).comments())) == 2


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("FORBIDDEN", DeniedError),
        ("INSUFFICIENT_SCOPES", DeniedError),
        ("RATE_LIMITED", UnavailableError),
        ("NOT_FOUND", ApiError),
        ("", ApiError),
    ],
)
def test_the_errors_of_graphql(
    tmp_path: Path, stands: Service, kind: str, error: type[ApiError]
) -> None:
    stands.refuses = {"comments(": kind}
    with pytest.raises(ApiError, match=kind or "GraphQL") as caught:
        list(host_of(of_github(tmp_path, stands)).comments())
    assert type(caught.value) is error
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "answer", [[], 1, {}, {"data": {}}, {"data": {"repository": None}}, {"errors": 1}]
)
def test_answers_that_nobody_expects(tmp_path: Path, stands: Service, answer: object) -> None:
    stands.answer = answer
    for given in (of_github(tmp_path, stands), of_gitlab(stands)):
        with pytest.raises(ApiError):
            list(host_of(given).comments())
