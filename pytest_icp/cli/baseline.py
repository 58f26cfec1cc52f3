"""``pytest-icp baseline``: records the current findings, so that new ones stand out."""

from __future__ import annotations

from pathlib import Path

from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.files import write_new
from pytest_icp.cli.printing import Output, lines_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.baseline import baseline_lines

_WRITTEN = Text(
    zh="已将 {n} 项发现写入 {path}。运行 pytest --icp-baseline={path}，新增的发现会排在前面；"
    "基线不隐藏任何发现，也不改变结论。",
    en="Wrote {n:finding} to {path}. Run pytest --icp-baseline={path} to see new findings first; "
    "a baseline hides nothing and changes no verdict.",
)
_NOT_WRITTEN = Text(zh="；没有写出基线", en="; no baseline was written")


def run_baseline(evaluation: Evaluation, path: Path, columns: int, *, overwrite: bool) -> Output:
    """Write the baseline of the evaluated descriptions; the output says how many findings it has.

    Raises `InputError` if a description cannot be read, or if the file exists and ``overwrite``
    is false.
    """
    run = evaluation.run
    if run.troubles:
        first = run.troubles[0]
        place = Place(
            path=Path(first.location.path), line=first.location.line, column=first.location.column
        )
        raise InputError(first.message + _NOT_WRITTEN, place=place, hint=first.hint)
    head, *found = baseline_lines(run)
    text = "".join(f"{line}\n" for line in (head, *found))
    write_new(path, text, overwrite=overwrite)
    said = _WRITTEN.format(n=len(found), path=path)
    return Output(text="\n".join(lines_of(said, evaluation.options.language, columns)))
