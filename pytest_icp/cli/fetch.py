"""``pytest-icp fetch``: fetches what a comparison with an earlier commit needs, and no more."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_icp.cli.hosts import pull_request
from pytest_icp.facts.files.opening import is_there
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.base_commit import APART, NO_GIT
from pytest_icp.plugin.git import SETTINGS, Git, NoGit

_SECONDS = 300
_DEEPER = (32, 128, 512, 2048)
"""Commits by which a shallow clone is deepened, one step after the other; then wholly."""

_FETCHING = {
    **SETTINGS,
    # Helpers of git that run a command are no protocol of these.
    "GIT_ALLOW_PROTOCOL": "https:http:ssh:git:file",
}
_FETCH = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules")

_NAME_ONE = Text(
    zh="没有写明提交，这里也不是合并请求的作业",
    en="no commit is named, and this is no pull request",
)
_NOT_FETCHED = Text(
    zh="取不到提交“{written}”：{why}", en="the commit {written!r} cannot be fetched: {why}"
)


def run_fetch(written: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the commit that a change is compared with, after what it needs was fetched.

    ``written`` names a commit; empty, it is that of the pull or merge request of the job. A file
    or folder is what it is. Raises `InputError` for what cannot be fetched.
    """
    here = Path.cwd()
    git = Git(here, settings=_FETCHING, seconds=_SECONDS)
    try:
        fetch = _Fetch(git, environment)
        if not written and (merged := fetch.merged()):
            return merged
        wanted = written or _base(environment)
        if not wanted:
            raise InputError(_NAME_ONE)
        if not fetch.has(wanted) and is_there(here / wanted):
            return wanted
        return fetch.merge_base(wanted)
    except NoGit as error:
        raise InputError(NO_GIT.format(why=str(error))) from None


def _base(environment: Mapping[str, str]) -> str:
    """Return the commit that a pull or merge request is to be merged into, where it is known."""
    # Of a merged result that is the commit of the target branch.
    for name in ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_MERGE_REQUEST_DIFF_BASE_SHA"):
        if sha := environment.get(name):
            return sha
    found = pull_request(environment).get("base")
    return str(found.get("sha") or "") if isinstance(found, dict) else ""


class _Fetch:
    """Fetches commits into a clone, from where it came from, else from the service of the job."""

    def __init__(self, git: Git, environment: Mapping[str, str]) -> None:
        self._git, self._environment = git, environment

    def has(self, written: str) -> str:
        """Return the id of a commit that is there, else nothing."""
        found = self._git.ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{written}^0"
        )
        return found.decode().strip() if found else ""

    def merged(self) -> str:
        """Return what a pull request was merged into for this job; nothing if HEAD is no merge.

        What the event names as its base may be older, and what others did since is no change of
        the pull request.
        """
        environment, head = self._environment, self.has("HEAD")
        of_service = re.fullmatch("refs/pull/[0-9]+/merge", environment.get("GITHUB_REF", ""))
        if not head or not of_service or head != environment.get("GITHUB_SHA"):
            return ""
        if not self.has("HEAD^1") and self._is_shallow():
            self._fetch("--depth=2", head)
        return self.has("HEAD^1") if self.has("HEAD^2") else ""

    def merge_base(self, written: str) -> str:
        """Return the merge base of a commit and HEAD; raises `InputError` if there is none."""
        named = self.has(written) or self._named(written)
        head = self.has("HEAD")
        steps = iter((*(f"--deepen={n}" for n in _DEEPER), "--unshallow"))
        while not (found := self._git.ask("merge-base", head, named)):
            step = next(steps, "")
            if not step or not self._is_shallow():
                raise InputError(APART.format(written=written))
            # What this clone alone has cannot be asked for.
            if not self._fetch(step, named, head) and not self._fetch(step, named):
                raise InputError(_NOT_FETCHED.format(written=written, why=self._git.why))
        return found.decode().split()[0]

    def _named(self, written: str) -> str:
        """Fetch a commit or branch that is not there, and return its id."""
        depth = ("--depth=1",) if self._is_shallow() else ()
        into, name = "refs/icp/base", written.removeprefix("origin/")
        if name.startswith("-") or not self._fetch(*depth, f"+{name}:{into}"):
            raise InputError(_NOT_FETCHED.format(written=written, why=self._git.why))
        return self.has(into)

    def _is_shallow(self) -> bool:
        return self._git.ask("rev-parse", "--is-shallow-repository") == b"true\n"

    def _fetch(self, *arguments: str) -> bool:
        """Fetch from one of the places; whether one of them had it."""
        options = [one for one in arguments if one.startswith("--")]
        wanted = [one for one in arguments if not one.startswith("--")]
        for git, place in self._places():
            if git.ask(*_FETCH, *options, "--", place, *wanted) is not None:
                return True
            self._git.why = git.why
        return False

    def _places(self) -> Iterator[tuple[Git, str]]:
        """Yield where a clone came from, and the repository of the pull request.

        The job's token goes to the service alone, and only where there is no other way.
        """
        yield self._git, "origin"
        environment = self._environment
        server, name = (environment.get(f"GITHUB_{one}") for one in ("SERVER_URL", "REPOSITORY"))
        token = environment.get("GITHUB_TOKEN")
        if server and name and server.startswith("https://"):
            place = f"{server}/{name}"
            if token:
                basic = b64encode(f"x-access-token:{token}".encode()).decode()
                settings = _FETCHING | {
                    "GIT_CONFIG_COUNT": "1",
                    "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
                    "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {basic}",
                }
                yield Git(Path.cwd(), settings=settings, seconds=_SECONDS), place
            else:
                yield self._git, place
