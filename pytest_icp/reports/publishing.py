"""Writes the requested reports, and checks beforehand that they can be written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.files.refusals import reason
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.formats import Request, parse_request, render
from pytest_icp.reports.run import Run

_FOLDER = Text(zh="这是文件夹，不能写成报告", en="this is a folder; a report is a file")
_NOT_BELOW = Text(zh="{folder} 不是文件夹", en="{folder} is not a folder")
_FORBIDDEN = Text(zh="没有写入的权限", en="writing there is not permitted")
_REFUSED = Text(zh="报告无法写入：{why}", en="the report cannot be written: {why}")
_TWICE = Text(zh="两份报告写入同一个文件", en="two reports would be written to one file")
_APART = Text(
    zh="各写一个文件名，例如 {example}", en="give each a file of its own, such as {example}"
)


def requested(written: Iterable[str], folder: Path) -> tuple[Request, ...]:
    """Return the requested reports; paths are relative to ``folder``.

    Raises `InputError` for an unknown format, or a file that cannot be written.
    """
    requests: list[Request] = []
    for one in written:
        request = parse_request(one)
        file = folder / Path(request.file).expanduser()
        if any(other.path == str(file) for other in requests):
            example = f"{request.format}=other{file.suffix}"
            raise InputError(_TWICE, place=Place(path=file), hint=_APART.format(example=example))
        _must_be_writable(file)
        requests.append(replace(request, path=str(file)))
    return tuple(requests)


def deliver(run: Run, requests: Sequence[Request]) -> list[InputError]:
    """Write the reports, with the folders above them; return what could not be written."""
    refused = []
    for request in requests:
        path = Path(request.path)
        text = render(request, run)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8"))
        except OSError as error:
            refused.append(unwritten(path, error))
    return refused


def unwritten(path: Path, error: OSError) -> InputError:
    """Return the error for a file that the system refuses to write."""
    return InputError(_REFUSED.format(why=reason(error)), place=Place(path=path))


def _must_be_writable(file: Path) -> None:
    """Raise `InputError` for what is known beforehand not to be writable; create nothing."""
    if file.is_dir():
        raise InputError(_FOLDER, place=Place(path=file))
    above = next(up for up in (file, *file.parents) if up.exists())
    if above != file and not above.is_dir():
        raise InputError(_NOT_BELOW.format(folder=above), place=Place(path=file))
    if not os.access(above, os.W_OK):
        raise InputError(_FORBIDDEN, place=Place(path=file))
