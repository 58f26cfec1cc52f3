"""Which descriptions the changes concern that git has staged (暂存的改动), for a hook."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from pytest_icp.cli.project import Project
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.disk import is_folder
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.git import SETTINGS, Git, NoGit
from pytest_icp.plugin.runs import repository_root
from pytest_icp.rules.waivers import FILE_NAMES

_NO_GIT = Text(
    zh="--staged：git 没有给出暂存的改动：{why}", en="--staged: git gives no staged changes: {why}"
)
_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"
"""The variables in which pre-commit names two commits, where it is not run for a commit."""


def concerned(project: Project, named: Sequence[Path]) -> list[Path]:
    """Return the descriptions named, and in folders named, that staged changes concern.

    A change concerns a description that reads the file, or whose source may read it, or all of
    them if it is of policies or options. Where nothing is staged, all are returned.
    Raises `InputError` without git, and for a description that does not exist.
    """
    root = repository_root(Path.cwd())
    changed = {_real(root / name) for name in _changed(root)}
    found = list(dict.fromkeys(path for one in named for path in _descriptions(project, one)))
    if not changed or any(_is_in(path, _of_all(project)) for path in changed):
        return found
    return [path for path in found if _concerns(project, path, changed)]


def _changed(root: Path) -> list[str]:
    """Return the paths that differ, from the root of the repository; what is gone is among them."""
    first, last = os.environ.get(_FROM, ""), os.environ.get(_TO, "")
    which = ["--end-of-options", f"{first}...{last}"] if first and last else ["--cached"]
    # A commit of some files only has an index of its own.
    index = {name: os.environ[name] for name in ("GIT_INDEX_FILE",) if name in os.environ}
    git = Git(root, settings={**SETTINGS, **index})
    asked = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", *which, "--")
    try:
        # Outside a repository, git would compare files.
        answer = git.ask("rev-parse", "--git-dir") and git.ask(*asked)
        why = git.why
    except NoGit as error:
        answer, why = None, str(error)
    if answer is None:
        raise InputError(_NO_GIT.format(why=why), place=Place(path=root))
    return [os.fsdecode(name) for name in answer.split(b"\0") if name]


def _descriptions(project: Project, named: Path) -> list[Path]:
    try:
        return project.files([named])
    except InputError:
        if is_folder(named):
            # There is none in it, so there is nothing to do.
            return []
        raise


def _of_all(project: Project) -> list[Path]:
    """Return the files and folders that every description is judged by."""
    files = [*project.session.own_folders, *project.options.year_files]
    if project.config.inipath:
        files.append(project.config.inipath)
    return [_real(file) for file in files]


def _concerns(project: Project, path: Path, changed: Collection[Path]) -> bool:
    """Whether one of the changed files may change the results of a description."""
    try:
        description = project.read(path)
    except InputError:
        # What it reads is not known.
        return True
    if description.readings and not all(map(os.path.exists, changed)):
        # Of a file that is gone nobody knows whether a pattern of a source had led to it.
        return True
    read = {_real(file) for file in _files(description)}
    # What appears beside a file that was read may be read next time.
    sources = [_real(path.parent / one.path) for one in description.readings]
    beside = {_real(file).parent for one in description.readings for file in one.digests}
    return any(one in read or one.parent in beside or _is_in(one, sources) for one in changed)


def _files(description: Description) -> Iterator[Path]:
    """Yield the files of a description, there or not."""
    folder = description.path.parent
    yield from (file.path for file in description.origins.files)
    yield from (folder / evidence.path for evidence in description.evidence.values())
    yield from (folder / name for name in FILE_NAMES)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_in(path: Path, places: Iterable[Path]) -> bool:
    return any(path.is_relative_to(place) for place in places)
