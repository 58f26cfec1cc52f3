"""The formats of reports, and how a user requests one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pkgutil import resolve_name
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.law.errors import InputError
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text
from pytest_icp.reports.run import Run

_UNKNOWN = Text(zh="没有报告格式“{name}”", en="there is no report format {name!r}")
_THESE = Text(zh="可用的格式：{names}", en="the formats are: {names}")
_NO_PATH = Text(zh="“{written}”等号后没有文件名", en="{written!r} names no file after the `=`")
_OMIT = Text(
    zh="写上文件名，或者去掉等号", en="write a file name, or leave the `=` out for the usual one"
)


class Format(Struct, frozen=True, kw_only=True):
    """A format: the file it is written to when none is named, and the function that makes it."""

    file: str
    maker: str

    def render(self, run: Run) -> str:
        """Return the text of a report; a run loads only the formats that it needs."""
        make: Callable[[Run], str] = resolve_name(f"pytest_icp.reports.{self.maker}")
        return make(run)


class Request(Struct, frozen=True, kw_only=True):
    """A requested report: its format and, where one was named, its file."""

    format: str
    path: str = ""

    @property
    def file(self) -> str:
        """The file to write: the one named, else the usual one of the format."""
        return self.path or FORMATS[self.format].file


def parse_request(written: str) -> Request:
    """Read ``FORMAT`` or ``FORMAT=PATH``.

    Raises `InputError` for an unknown format, and names the known ones.
    """
    name, equals, path = written.strip().partition("=")
    if name not in FORMATS:
        these = _THESE.format(names=", ".join(FORMATS))
        near = nearest(name, FORMATS)
        hint = did_you_mean(near) + Text(zh="", en=" ") + these if near else these
        raise InputError(_UNKNOWN.format(name=name), hint=hint)
    if equals and not path:
        raise InputError(_NO_PATH.format(written=written), hint=_OMIT)
    return Request(format=name, path=path)


def render(request: Request, run: Run) -> str:
    """Return the text of a report; the same run gives the same text on every machine."""
    return FORMATS[request.format].render(run)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "sarif": Format(file="icp-report.sarif", maker="sarif:sarif"),
        "sarif-github": Format(file="icp-github.sarif", maker="sarif:sarif_for_github"),
        "github": Format(file="icp-annotations.txt", maker="github:github"),
        "gitlab": Format(file="gl-code-quality-report.json", maker="gitlab:gitlab"),
        "markdown": Format(file="icp-report.md", maker="markdown:markdown"),
        "comment": Format(file="icp-comment.md", maker="comment:comment"),
        "html": Format(file="icp-report.html", maker="html:html"),
        "jsonl": Format(file="icp-report.jsonl", maker="jsonl:jsonl"),
    }
)
"""Every format by its name, in the order in which they are named to users."""
