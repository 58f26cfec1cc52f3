"""The formats of reports: how a user requests one, and where it is written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.disk import (
    is_stream,
    make_folder_of,
    real_target,
    reason,
    repository_around,
    write_file,
)
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, did_you_mean, nearest
from pytest_icp.reports.run import Run

_UNKNOWN = Text(zh="没有报告格式“{name}”", en="there is no report format {name!r}")
_THESE = Text(zh="可用的格式：{names}", en="the formats are: {names}")
_NO_PATH = Text(zh="“{written}”等号后没有文件名", en="{written!r} names no file after the `=`")
_OMIT = Text(
    zh="写上文件名，或者去掉等号", en="write a file name, or leave the `=` out for the usual one"
)


_FOLDER = Text(zh="这是文件夹，不能写成报告", en="this is a folder; a report is a file")
_NOT_BELOW = Text(zh="{folder} 不是文件夹", en="{folder} is not a folder")
_FORBIDDEN = Text(zh="没有写入的权限", en="writing there is not permitted")
_REFUSED = Text(zh="报告无法写入：{why}", en="the report cannot be written: {why}")
_TWICE = Text(zh="两份报告写入同一个文件", en="two reports would be written to one file")
_OUTSIDE = Text(
    zh="这个文件在仓库之外，配置文件不能让报告写到那里",
    en="outside the repository, where an ini file may not have a report written",
)
_NAME_IT = Text(
    zh="在命令行写明：--icp-report {written}",
    en="name it on the command line: --icp-report {written}",
)
_APART = Text(
    zh="各写一个文件名，例如 {example}", en="give each a file of its own, such as {example}"
)

FORMATS: Mapping[str, tuple[str, str]] = {
    "sarif": ("icp-report.sarif", "sarif:sarif"),
    "sarif-github": ("icp-github.sarif", "sarif:sarif_for_github"),
    "github": ("icp-annotations.txt", "annotations:github"),
    "gitlab": ("gl-code-quality-report.json", "annotations:gitlab"),
    "markdown": ("icp-report.md", "markdown:markdown"),
    "comment": ("icp-comment.md", "markdown:comment"),
    "html": ("icp-report.html", "html:html"),
    "jsonl": ("icp-report.jsonl", "jsonl:jsonl"),
}
"""Each format, as users are told of them: the file of one without a name, and who makes it."""


class Request(Struct, frozen=True, kw_only=True):
    """A requested report: its format and, where one was named, its file."""

    format: str
    path: str = ""

    @property
    def file(self) -> str:
        """The file to write: the one named, else the usual one of the format."""
        return self.path or FORMATS[self.format][0]


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
    # A run loads only the formats that it needs.
    make: Callable[[Run], str] = resolve_name(f"pytest_icp.reports.{FORMATS[request.format][1]}")
    return make(run)


def requested(
    written: Iterable[str], folder: Path, rootdir: Path | None = None, *, anywhere: bool = True
) -> tuple[Request, ...]:
    """Return the requested reports; paths are relative to ``folder``.

    ``rootdir`` stands for the repository where there is no ``.git``. Reports outside it are
    refused unless they may lie ``anywhere``.

    Raises `InputError` for an unknown format, or a file that cannot be written.
    """
    requests: list[Request] = []
    for one in written:
        request = parse_request(one)
        file = folder / Path(request.file).expanduser()
        if any(other.path == str(file) for other in requests):
            example = f"{request.format}=other{file.suffix}"
            raise InputError(_TWICE, place=Place(path=file), hint=_APART.format(example=example))
        if not anywhere and not _is_inside(file, rootdir or folder):
            raise InputError(_OUTSIDE, place=Place(path=file), hint=_NAME_IT.format(written=one))
        _must_be_writable(file, rootdir)
        requests.append(replace(request, path=str(file)))
    return tuple(requests)


def deliver(run: Run, requests: Sequence[Request], rootdir: Path | None = None) -> list[InputError]:
    """Write the reports, with the folders above them; return what could not be written."""
    refused = []
    for request in requests:
        path = Path(request.path)
        text = render(request, run)
        try:
            make_folder_of(path, rootdir=rootdir)
            write_file(path, text.encode("utf-8"), rootdir=rootdir)
        except OSError as error:
            refused.append(unwritten(path, error))
        except InputError as error:
            refused.append(error)
    return refused


def unwritten(path: Path, error: OSError) -> InputError:
    """Return the error for a file that the system refuses to write."""
    return InputError(_REFUSED.format(why=reason(error)), place=Place(path=path))


def _is_inside(file: Path, rootdir: Path) -> bool:
    """Whether a file is named in the repository that ``rootdir`` is in."""
    repository = repository_around(rootdir / file.name, rootdir)
    named = Path(os.path.abspath(file))  # noqa: PTH100 - without `..`, and no link followed
    return repository is not None and named.is_relative_to(repository)


def _must_be_writable(file: Path, rootdir: Path | None) -> None:
    """Raise `InputError` for what is known beforehand not to be writable; create nothing."""
    try:
        real = real_target(file, rootdir=rootdir)
        if real.is_dir():
            raise InputError(_FOLDER, place=Place(path=file))
    except OSError as error:
        raise unwritten(file, error) from None
    if is_stream(file):
        return
    above = next(up for up in real.parents if up.exists())
    if not above.is_dir():
        raise InputError(_NOT_BELOW.format(folder=above), place=Place(path=file))
    if not all(os.access(one, os.W_OK) for one in (above, real) if one.exists()):
        raise InputError(_FORBIDDEN, place=Place(path=file))
