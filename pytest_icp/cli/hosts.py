"""The services that hold pull and merge requests (托管平台): their comments, read and written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pytest_icp.cli.api import Api, ApiError, DeniedError, UnavailableError
from pytest_icp.facts.files.source import MEGABYTE, read_bytes
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain

_LARGEST_EVENT = 32 * MEGABYTE
_PAGES = 100
"""Pages of a hundred comments that are looked through."""

_NO_REQUEST = Text(
    zh="这里不是合并请求的作业：没有 GitHub Actions 或 GitLab CI 设置的变量",
    en="this is no job for a pull or merge request: the variables of GitHub Actions and GitLab CI "
    "are not there",
)
_NO_TOKEN = Text(zh="没有设置 {name}", en="{name} is not set")
_STRANGE = Text(zh="回答与预期不符", en="the answer is not what was expected")


class Comment(NamedTuple):
    """A comment of ours."""

    id: str
    body: str


class Host(Protocol):
    """A pull or merge request of a service."""

    def comments(self) -> Iterator[Comment]:
        """Yield the comments that this token's account has written, the first ones first."""
        ...

    def create(self, body: str) -> None:
        """Write a comment."""
        ...

    def update(self, comment: Comment, body: str) -> None:
        """Replace the body of a comment."""
        ...

    def delete(self, comment: Comment) -> None:
        """Remove a comment."""
        ...


def host_of(environment: Mapping[str, str]) -> Host:
    """Return the pull or merge request that a job is for, by the variables that its service sets.

    Raises `DeniedError` without a token, and `InputError` outside of such a job.
    """
    number = pull_request(environment).get("number")
    if isinstance(number, int) and "GITHUB_REPOSITORY" in environment:
        return GitHub(environment, number)
    if environment.get("CI_MERGE_REQUEST_IID", "").isdecimal():
        return GitLab(environment)
    raise InputError(_NO_REQUEST)


def pull_request(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what GitHub says of the pull request of a job; nothing outside of such a job."""
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    raw = read_bytes(Path(path), root=None, limit=_LARGEST_EVENT)
    try:
        event = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    found = event.get("pull_request") if isinstance(event, dict) else None
    return found if isinstance(found, dict) else {}


def _token(environment: Mapping[str, str], name: str) -> str:
    token = environment.get(name, "")
    if not token:
        raise DeniedError(_NO_TOKEN.format(name=name))
    return token


_COMMENTS = """
query($owner: String!, $name: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      id
      comments(first: 100, after: $after) {
        nodes { id body author { __typename login } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""
_CREATE = """
mutation($to: ID!, $body: String!) {
  addComment(input: {subjectId: $to, body: $body}) { clientMutationId }
}
"""
_UPDATE = """
mutation($id: ID!, $body: String!) {
  updateIssueComment(input: {id: $id, body: $body}) { clientMutationId }
}
"""
_DELETE = """
mutation($id: ID!) { deleteIssueComment(input: {id: $id}) { clientMutationId } }
"""


class GitHub:
    """A pull request of GitHub, by its GraphQL API: that one tells a token whose it is."""

    def __init__(self, environment: Mapping[str, str], number: int) -> None:
        token = _token(environment, "GITHUB_TOKEN")
        address = environment.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
        names = ("GITHUB_GRAPHQL_URL", "GITHUB_TOKEN")
        self._api = Api(address, {"Authorization": f"Bearer {token}"}, named=names)
        owner, _, name = environment["GITHUB_REPOSITORY"].partition("/")
        self._request: dict[str, object] = {"owner": owner, "name": name, "number": number}
        self._id = ""

    def comments(self) -> Iterator[Comment]:
        """Yield the comments of the account of the token."""
        after = None
        for _ in range(_PAGES):
            data = self._ask(_COMMENTS, **self._request, after=after)
            try:
                found = data["repository"]["pullRequest"]
                self._id, page = found["id"], found["comments"]["pageInfo"]
                for node in found["comments"]["nodes"]:
                    if _is_by(node["author"] or {}, data["viewer"]["login"]):
                        yield Comment(node["id"], node["body"])
            except (KeyError, TypeError):
                raise self._api.error(_STRANGE) from None
            after = page["endCursor"]
            if not page["hasNextPage"]:
                return

    def create(self, body: str) -> None:
        """Write a comment."""
        self._ask(_CREATE, to=self._id, body=body)

    def update(self, comment: Comment, body: str) -> None:
        """Replace the body of a comment."""
        self._ask(_UPDATE, id=comment.id, body=body)

    def delete(self, comment: Comment) -> None:
        """Remove a comment."""
        self._ask(_DELETE, id=comment.id)

    def _ask(self, query: str, **variables: object) -> Any:
        value = self._api.ask(method="POST", sent={"query": query, "variables": variables}).value
        if not isinstance(value, dict):
            raise self._api.error(_STRANGE)
        if errors := value.get("errors"):
            raise self._error(errors)
        return value.get("data")

    def _error(self, errors: object) -> ApiError:
        """Return the error for those of GraphQL, of which only the kind is quoted."""
        first = errors[0] if isinstance(errors, list) and errors else None
        said = str(first.get("type", "")) if isinstance(first, dict) else ""
        kinds = {
            "FORBIDDEN": DeniedError,
            "INSUFFICIENT_SCOPES": DeniedError,
            "RATE_LIMITED": UnavailableError,
        }
        kind = re.sub("[^A-Z_]", "", said)[:40]
        return self._api.error(plain(kind or "GraphQL"), kinds.get(kind, ApiError))


def _is_by(author: Mapping[str, Any], viewer: str) -> bool:
    """Whether a comment is by the account of the token: an app's is a bot, without ``[bot]``.

    A person may have the name of an app.
    """
    bot = author.get("__typename") == "Bot"
    return author.get("login") == viewer.removesuffix("[bot]") and bot == viewer.endswith("[bot]")


class GitLab:
    """A merge request of GitLab, by its REST API."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        token = _token(environment, "GITLAB_TOKEN")
        address = environment.get("CI_API_V4_URL", "")
        names = ("CI_API_V4_URL", "GITLAB_TOKEN")
        self._api = Api(address, {"PRIVATE-TOKEN": token}, named=names)
        project = environment.get("CI_MERGE_REQUEST_PROJECT_ID", "")
        if not project.isdecimal():
            raise InputError(_NO_REQUEST)
        number = environment["CI_MERGE_REQUEST_IID"]
        self._notes = f"/projects/{project}/merge_requests/{number}/notes"

    def comments(self) -> Iterator[Comment]:
        """Yield the notes of the account of the token."""
        try:
            own, page = self._api.ask("/user").value["id"], "1"
            for _ in range(_PAGES):
                found = self._api.ask(f"{self._notes}?sort=asc&per_page=100&page={page}")
                for note in found.value:
                    if note["author"]["id"] == own and not note["system"]:
                        yield Comment(str(int(note["id"])), note["body"])
                page = found.headers.get("X-Next-Page", "")
                if not page.isdecimal():
                    return
        except (KeyError, TypeError, ValueError):
            raise self._api.error(_STRANGE) from None

    def create(self, body: str) -> None:
        """Write a note."""
        self._api.ask(self._notes, method="POST", sent={"body": body})

    def update(self, comment: Comment, body: str) -> None:
        """Replace the body of a note."""
        self._api.ask(f"{self._notes}/{comment.id}", method="PUT", sent={"body": body})

    def delete(self, comment: Comment) -> None:
        """Remove a note."""
        self._api.ask(f"{self._notes}/{comment.id}", method="DELETE")
