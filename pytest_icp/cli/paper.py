"""``pytest-icp init LICENCE.pdf``: writes a licence file, and its comparison with the policies."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_icp.cli.output import relative_to_folder, write_new
from pytest_icp.cli.schema import FOLDER
from pytest_icp.facts.files.disk import NOT_THERE, is_there
from pytest_icp.facts.paper import PaperLicence
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Lang, Text
from pytest_icp.plugin.runs import tool_version
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.paper import (
    ComparisonText,
    fields_of,
    licence_text,
    other_lines,
    unread_lines,
)
from pytest_icp.rules.comparison import Comparison, compare
from pytest_icp.rules.policy import Policy
from pytest_icp.sources.paper import read_licence, read_pages

LICENCE = "licence.yaml"
COMPARISON = "licence.comparison.txt"

_NO_LICENCE = Text(
    zh="文件中没有增值电信业务经营许可证的内容",
    en="no part of a telecom licence was found in this file",
)
_WHICH = Text(
    zh="须为许可证正文、附页和特别规定事项的文字",
    en="give the text of the whole licence, with annexes and special provisions",
)
_WRITTEN = Text(
    zh="已由 {paper} 写入 {licence}：读到 {read} 栏，{unread} 栏没有读到。请与原件逐栏核对。",
    en="Wrote {licence} from {paper}: {read:field} read, {unread} not. "
    "Compare each with the original.",
)
_COMPARED = Text(
    zh="以下比对另存于 {comparison}，供日后查证。",
    en="The comparison below is also saved in {comparison}, as a record.",
)
_RECORD = Text(
    zh="特别规定与规定库（pytest-icp {version}）的比对，编号 {number}。",
    en="The special provisions of licence {number}, compared with pytest-icp {version}.",
)
_SOURCE = Text(zh="许可证文件 {paper}，SHA-256：", en="Licence file {paper}, SHA-256:")
_UNKNOWN = Text(zh="未读到", en="(not read)")


def targets(folder: Path) -> tuple[Path, Path]:
    """Return the files to write in a folder: the licence, and how its provisions compare."""
    return folder / LICENCE, folder / COMPARISON


def check_exists(paper: Path) -> None:
    """Raise `InputError` for a paper that is missing."""
    if not is_there(paper):
        raise InputError(NOT_THERE, place=Place(path=paper))


def run_paper(
    paper: Path,
    folder: Path,
    policies: Sequence[Policy],
    lang: Lang,
    screen: Screen,
    *,
    overwrite: bool = False,
) -> str:
    """Write the licence file, in ``lang``, and the comparison; return a summary of the differences.

    Raises `InputError` for a paper that cannot be used, or if a file exists already.
    """
    raw, pages = read_pages(paper)
    reading = read_licence(pages)
    fields = [field for _, field in fields_of(reading)]
    if not (reading.provisions or any(field.value for field in fields)):
        raise InputError(_NO_LICENCE, place=Place(path=paper), hint=_WHICH)
    compared = compare(reading.provisions, policies, _permits(reading))
    licence, comparison = targets(folder)
    schema = relative_to_folder(Path(FOLDER, "licence.schema.json"), folder)
    files = {"paper": paper.name, "comparison": COMPARISON}
    text = licence_text(reading, compared, lang, schema=schema, **files)
    record = "\n".join(_record(paper.name, raw, reading, compared))
    write_new(licence, text, overwrite=overwrite)
    write_new(comparison, f"{record}\n", overwrite=overwrite)
    unread = sum(1 for field in fields if field.value is None)
    written = _WRITTEN.format(
        paper=paper, licence=licence, read=len(fields) - unread, unread=unread
    )
    lines = [
        screen.steps(written),
        *unread_lines(reading, screen),
        screen.steps(_COMPARED.format(comparison=comparison)),
        "",
        *ComparisonText(screen).lines(compared),
        *other_lines(reading, screen),
        "",
    ]
    return "\n".join(lines)


def _permits(reading: PaperLicence) -> frozenset[str] | None:
    """Return the codes that the licence permits; None unless all of its lines were read."""
    lines = reading.service_lines
    if not lines or any(line.scope.value is None for line in lines):
        return None
    return frozenset(code for line in lines for code in line.permits)


def _record(
    paper: str, raw: bytes, reading: PaperLicence, compared: Sequence[Comparison]
) -> Iterator[str]:
    """Yield the record for auditors: the paper, the policies, and every difference."""
    screen, number = Screen("both"), reading.number.value
    record = _RECORD.format(
        number=number if isinstance(number, str) else _UNKNOWN,
        version=tool_version(),
    )
    for text in (record, _SOURCE.format(paper=paper)):
        yield screen.steps(text)
    yield f"  {hashlib.sha256(raw).hexdigest()}"
    yield ""
    yield from ComparisonText(screen).lines(compared)
    yield from other_lines(reading, screen)
