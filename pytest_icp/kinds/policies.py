"""Reads policies with the kinds of the package and of plugins, or stand-ins for these (未运行)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds import Kind
from pytest_icp.kinds import kinds as known_kinds
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import unknown
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of
from pytest_icp.law.text import Text, plain
from pytest_icp.rules import policies
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Obligation, Policy, Spec
from pytest_icp.rules.policy_files import PARTS


@cache
def default_policies() -> tuple[Policy, ...]:
    """Return the policies that the package ships."""
    return load_policies([resource("policies")])


def load_policies(
    folders: Iterable[str | Path],
    *,
    kinds: Mapping[str, Kind] | None = None,
    told: bool = False,
    rootdir: Path | None = None,
) -> tuple[Policy, ...]:
    """Read the policies of several folders, in the order of their ids within each.

    ``kinds`` are more kinds of obligation by name. ``told`` accepts policies that name facts
    that no description has, for those who list all of them. No file may lie outside the
    repository of its folder; ``rootdir`` stands for it where there is no ``.git``.

    Raises `InputError` with the place for a file that cannot be used, an id that is used
    twice, or a citation, a number or a fact that is not defined.
    """
    return policies.load_policies(
        map(Path, folders),
        kinds={**known_kinds(), **(kinds or {})},
        allow_unknown=told,
        rootdir=rootdir,
    )


def written_policies(
    folders: Iterable[Path],
    *,
    kinds: Mapping[str, Kind] | None = None,
    rootdir: Path | None = None,
) -> tuple[WrittenPolicy, ...]:
    """Read policies as `load_policies` does, each together with the data of its file."""
    return policies.written_policies(
        folders, kinds={**known_kinds(), **(kinds or {})}, rootdir=rootdir
    )


# ---- Kinds of obligation that a repository's own code would bring, where that is not run (未运行)

_ANY_SCHEMA: JsonObject = {"type": "object", "additionalProperties": True}
_NOT_RUN = Text(
    zh="义务类别“{kind}”由仓库的代码提供，没有运行，无法判断",
    en="the kind {kind!r} comes with code of the repository, which is not run, so this cannot be "
    "decided",
)


class _AnyFields(Spec, frozen=True):
    """The fields of a kind whose code is not run: what it reads of them is not known."""

    @classmethod
    def from_written(cls, _written: JsonObject) -> _AnyFields:
        return cls()


def absent_kinds(folders: Collection[Path], known: Collection[str]) -> dict[str, Kind]:
    """Return a kind for each that policies name and that is not known: nothing is decided by it."""
    files = (path for folder in folders for path in folder.rglob("*.y*ml"))
    names = {name for path in files for name in _named(path)}
    return {
        name: Kind(name, _AnyFields, _undecided, _ANY_SCHEMA) for name in names.difference(known)
    }


def _named(path: Path) -> Iterator[str]:
    """Yield the kinds that a file of policies names; what is wrong with it is said elsewhere."""
    try:
        data: Json = read_source(path).data
    except InputError:
        return
    for one in map(object_of, list_of(object_of(data).get("obligations"))):
        for each in (one, *map(object_of, list_of(one.get(PARTS)))):
            kind = each.get("kind")
            if isinstance(kind, str):
                yield kind


def _undecided(obligation: Obligation, context: Context) -> Outcome:  # noqa: ARG001 - a check
    message = _NOT_RUN.format(kind=obligation.kind)
    whole, required = Subject((), {}), obligation.meaning
    findings = unknown(whole, (), message, found=plain(""), required=required).findings
    return Outcome(verdict=Verdict.UNKNOWN, reason=message, findings=findings, subjects=1)
