"""What the sources of a description report: problems and remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_icp.facts.derived import Reading
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.schema import problems_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.text import Text
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.run import SourceRemarks, Trouble, unread

_BROKEN = Text(
    zh="来源 {kind}（{path}）不能读取：{why}", en="the {kind} source {path} cannot be read: {why}"
)
_MORE = Text(zh="（另有 {n} 个问题）", en=" (and {n:more problem})")
_AGREE = Text(
    zh="改正其中不对的一处；都不改，所依赖的规则就无法判断",
    en="correct the one that is wrong; until then no rule that reads it can be decided",
)
_STALE = Text(
    zh="其中一处由另一处生成，内容已经过时：计划请重新运行 terraform plan 和 terraform show -json，"
    "状态请用 terraform apply 部署代码所写的",
    en="one was made from the other and is out of date: for a plan, run terraform plan and "
    "terraform show -json again; for a state, apply what the code says",
)
_AND_MORE = Text(
    zh="另有 {n} 项；pytest-icp facts 全部列出", en="and {n} more; pytest-icp facts lists all"
)


def source_errors(description: Description) -> list[InputError]:
    """Return what is wrong with sources that cannot be read, each disagreement, each loose id."""
    errors: list[InputError] = []
    for reading in description.readings:
        if reading.error is not None:
            errors += _broken(reading, reading.error)
    for one in description.disagreements:
        place, hint = one.statements[-1].provenance.place, _STALE if one.stale else _AGREE
        errors.append(InputError(one.message(), place=place, hint=hint))
    for loose in description.loose:
        place = description.place(pointer(loose.tokens))
        errors.append(InputError(loose.message, place=place, hint=loose.hint))
    return errors


def source_troubles(description: Description) -> list[Trouble]:
    """Return the `source_errors` as reports want them."""
    return [
        trouble
        for error in source_errors(description)
        for trouble in unread(error, description.path)
    ]


def _broken(reading: Reading, error: InputError) -> Iterator[InputError]:
    """Yield every problem of a source; the first says that it cannot be read."""
    problems, more = problems_of(error)
    for i, one in enumerate(problems):
        last = i == len(problems) - 1
        why = one.message + _MORE.format(n=more) if last and more else one.message
        message = why if i else _BROKEN.format(kind=reading.kind, path=reading.path, why=why)
        yield InputError(message, place=one.place or reading.place, hint=one.hint)


def source_remarks(description: Description, named: str) -> list[SourceRemarks]:
    """Return the remarks of the sources of a description."""
    return [
        SourceRemarks(
            description=named,
            kind=reading.kind,
            path=reading.path,
            remarks=reading.derived.remarks,
        )
        for reading in description.readings
        if reading.derived and reading.derived.remarks
    ]


def source_section(sources: Sequence[SourceRemarks], *, most: int | None) -> Iterator[b.Section]:
    """Yield the section of the sources' remarks, where there are any.

    Of each source it has at most so many remarks (None: all).
    """
    told = [
        b.Item(b.line(f"{one.kind} {one.path}"), tuple(b.items(_remarks(one, most))))
        for one in sources
    ]
    if told:
        yield b.Section(w.SOURCES, tuple(b.items(told)))


def _remarks(one: SourceRemarks, most: int | None) -> Iterator[b.Line]:
    for remark in one.remarks[:most]:
        yield b.line(b.whole(remark))
    if most is not None and one.remarks[most:]:
        yield b.line(_AND_MORE.format(n=len(one.remarks[most:])))
