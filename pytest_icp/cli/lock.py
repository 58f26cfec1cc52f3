"""``pytest-icp lock``: writes ``icp.lock``, by which somebody approves what weakens a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.files import write_new
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.present import lock_path, present
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.words import each_language
from pytest_icp.rules.lock import lock_text, weakened_by

_UNREAD = Text(
    zh="这份描述不能读取，没有写出 icp.lock",
    en="this description cannot be read; icp.lock was not written",
)
_SEE = Text(zh="运行 pytest-icp evaluate 查看原因", en="run pytest-icp evaluate to see why")
_WRITTEN = Text(
    zh="已写出 {path}：{n} 份描述，{weak} 项须经批准。",
    en="Wrote {path}: {n:description}, {weak:entry} to approve.",
)
_COMMIT = Text(
    zh="请提交此文件，并在 CODEOWNERS 中写明由谁批准它的改动。",
    en="Commit it, and name in CODEOWNERS who approves changes of it.",
)


def run_lock(
    evaluation: Evaluation, addopts: Iterable[str], columns: int, *, overwrite: bool
) -> str:
    """Write the lock of the descriptions that were collected.

    ``addopts`` are those of the ini file, which a command itself does not take. Raises
    `InputError` if a description cannot be read, or if the file exists and ``overwrite`` is false.
    """
    path = lock_path(evaluation.config)
    opened = evaluation.session.opened
    unread = next((file for file, scene in opened.items() if scene is None), None)
    if unread is not None:
        raise InputError(_UNREAD, place=Place(path=unread), hint=_SEE)
    now = present(evaluation.config, {}, addopts=addopts)
    write_new(path, lock_text(now), overwrite=overwrite)
    weak = len([*weakened_by(now)])
    said = (_WRITTEN.format(path=path, n=len(opened), weak=weak), _COMMIT)
    return "\n".join(_lines(said, evaluation, columns))


def _lines(said: Sequence[Text], evaluation: Evaluation, columns: int) -> Iterable[str]:
    for text in said:
        for words in each_language(text, evaluation.options.language):
            yield from wrap(words.replace(f"{Path.cwd()}/", ""), columns)
