"""``pytest-icp comment``: writes the comment of a pull or merge request, or keeps it current."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from time import sleep
from urllib.parse import quote

from pytest_icp.cli.api import DeniedError, UnavailableError
from pytest_icp.cli.hosts import Host, host_of
from pytest_icp.cli.output import Output
from pytest_icp.facts.files.source import MEGABYTE, read_bytes
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.github import add_to_summary
from pytest_icp.reports.comment import LIMIT, MARKER_ROOM
from pytest_icp.reports.markdown_blocks import units
from pytest_icp.reports.words import Language, in_languages

_FAILED = 4
"""The exit code where a comment is not written for a reason that somebody can fix."""

_LONGEST_NAME = 200
_PAUSES = (1, 5)
"""Seconds before each further try."""

_CREATED = Text(zh="已写评论", en="wrote the comment")
_UPDATED = Text(zh="已更新评论", en="updated the comment")
_UNCHANGED = Text(zh="评论没有变化", en="the comment is the same already")
_UNWRITTEN = Text(zh="没有写评论：{why}", en="no comment was written: {why}")
_MAY_NOT = Text(
    zh="没有写评论（{why}）：令牌没有写评论的权限，来自派生仓库的合并请求即如此；{where}",
    en="no comment was written ({why}): the token may not, as for a pull request from a fork; "
    "{where}",
)
_IN_SUMMARY = Text(zh="内容见本次作业的摘要", en="the job summary has it")
_IN_FILE = Text(zh="内容见 {path}", en="it is in {path}")
_TOO_LONG = Text(
    zh="内容过长：{n} 个字符，最多 {most} 个",
    en="too long for a comment: {n} characters, where {most} are the most",
)
_NO_REPORT = Text(
    zh="本次核对没有写出报告，因此不知道这项变更有何影响。原因见作业的日志。",
    en="This run wrote no report, so what the change does is not known. The log of the job says "
    "why.",
)


def run_comment(
    path: Path,
    name: str,
    language: Language,
    environment: Mapping[str, str] = os.environ,
    wait: Callable[[float], object] = sleep,
) -> Output:
    """Write a report as the comment of that name, or put it in the place of that comment.

    Where the token may not, it goes to the summary of the job, which is no failure. A report that
    is not there must not leave an earlier one standing: the comment then says so.
    """
    missed: list[InputError] = []
    try:
        body = _read(path)
    except InputError as error:
        missed, body = [error], f"### 🚫 pytest-icp\n\n{in_languages(_NO_REPORT, language)}\n"
    try:
        host = host_of(environment)
        said = _with_patience(host, marker(name), body, wait)
    except DeniedError as error:
        where = _summarised(body, environment) or _IN_FILE.format(path=str(path))
        said = _MAY_NOT.format(why=error.message, where=where)
    except InputError as error:
        raise _unwritten(error, body, environment) from None
    return Output(text=in_languages(said, language), errors=missed, code=_FAILED if missed else 0)


def marker(name: str) -> str:
    """Return the line by which the comment of a name is found again, whatever the name is."""
    written = quote(name, safe="/", errors="replace")
    if len(written) > _LONGEST_NAME:
        digest = sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
        written = f"{written[:_LONGEST_NAME]}…{digest}"
    return f"<!-- pytest-icp comment {written} -->".replace("  ", " ")


def _read(path: Path) -> str:
    """Return a report; raises `InputError` for one that is not there, or does not fit."""
    text = read_bytes(path, root=None, limit=MEGABYTE).decode("utf-8", "replace")
    most = LIMIT - MARKER_ROOM
    if (n := units(text)) > most:
        raise InputError(_TOO_LONG.format(n=str(n), most=str(most)), place=Place(path=path))
    return text


def _with_patience(host: Host, mark: str, body: str, wait: Callable[[float], object]) -> Text:
    """Write a comment; what fails is tried again, from the beginning: it may have been written."""
    for pause in _PAUSES:
        try:
            return _written(host, mark, body)
        except UnavailableError as error:
            wait(error.seconds or pause)
    return _written(host, mark, body)


def _written(host: Host, mark: str, body: str) -> Text:
    wanted = f"{mark}\n{body}"
    own = [one for one in host.comments() if one.body.startswith(mark)]
    for more in own[1:]:
        # Two jobs at once have both written one.
        host.delete(more)
    if not own:
        host.create(wanted)
        return _CREATED
    if own[0].body.split() == wanted.split():
        return _UNCHANGED
    host.update(own[0], wanted)
    return _UPDATED


def _unwritten(error: InputError, body: str, environment: Mapping[str, str]) -> InputError:
    where = _summarised(body, environment)
    said = Text(zh="；", en="; ") + where if where else Text(zh="", en="")
    return InputError(
        _UNWRITTEN.format(why=error.message) + said, place=error.place, hint=error.hint
    )


def _summarised(body: str, environment: Mapping[str, str]) -> Text | None:
    """Add a report to the summary of the job; None where there is none, or it cannot be written."""
    path = environment.get("GITHUB_STEP_SUMMARY")
    if path:
        with suppress(OSError):
            add_to_summary(Path(path), body)
            return _IN_SUMMARY
    return None
