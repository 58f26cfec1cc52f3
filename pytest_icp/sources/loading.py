"""The sources of a description are read by the adapters of their kinds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.derived import Reading
from pytest_icp.facts.description import Description
from pytest_icp.facts.description import load as load_description
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.facts.files.source import real_path, tidy
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.written import SCHEMA, repository_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.facts.written import Entry, Written
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.registry import Kind

STANDARD_INPUT = "-"

_NO_PATH = Text(zh="「{written}」不是 类型=路径", en="{written!r} is not KIND=PATH")
_SUCH_AS = Text(zh="例如 kubernetes=deploy/", en="for example kubernetes=deploy/")
_ONLY_AS_OPTION = Text(
    zh="标准输入只能在命令行中使用", en="standard input can only be named on the command line"
)
_AS_OPTION = Text(zh="改用 --icp-source {kind}=-", en="use --icp-source {kind}=- instead")


class NamedSource(Confidential, Struct, frozen=True, kw_only=True):
    """A source as a description or an option names it (来源).

    ``written`` is the path as written there, at ``place``; ``path`` is where it leads, and
    ``root`` the folder that no file of it may leave. ``given`` is the content of standard input.
    """

    kind: str
    written: str
    path: Path
    root: Path
    place: Place
    settings: Mapping[str, Json] = field(default_factory=dict)
    given: bytes | None = None


def named_source(written: str, folder: Path) -> NamedSource:
    """Read ``KIND=PATH``, the path relative to a folder; what it leads to is not looked at.

    Who names a source so may name any file; those beside it stay inside its own repository.
    Raises `InputError` for what is not of this form.
    """
    kind, equals, path = written.strip().partition("=")
    if not (kind and equals and path):
        raise InputError(_NO_PATH.format(written=written), hint=_SUCH_AS)
    file = tidy(folder / path)
    return NamedSource(
        kind=kind, written=path, path=file, root=repository_of(file), place=Place(path=file)
    )


def load(
    path: str | Path,
    *,
    root: Path | None = None,
    named: Sequence[NamedSource] = (),
    kinds: Mapping[str, Kind] | None = None,
    readings: Sequence[Reading] = (),
) -> Description:
    """Read a description (``*.icp.yaml``, ``.icp.json``), and the facts of its sources.

    ``root`` is the folder that no file may leave; without it, the repository around the
    description, or its own folder where there is none. ``named`` are sources beside those that
    the description names; ``kinds`` are kinds of source beside the product's own; ``readings``
    are facts that were derived before.

    Raises `InputError` with the place when the description cannot be used; what cannot be read
    of a source is told in the ``readings`` of the description.
    """
    derive = partial(_derive, named=named, kinds=kinds or {}, readings=readings)
    return load_description(path, root=root, derive=derive)


def everything() -> frozenset[str]:
    """Return the top-level facts of a description: what a source of no known kind may give."""
    return frozenset(schema_document(SCHEMA)["properties"]) - NOT_FACTS


def _derive(
    written: Written,
    *,
    named: Sequence[NamedSource],
    kinds: Mapping[str, Kind],
    readings: Sequence[Reading],
) -> Iterator[Reading]:
    yield from readings
    sources = (*(_named(entry, written) for entry in written.sources), *named)
    if sources:
        from pytest_icp.sources.registry import KINDS

        known = {**KINDS, **kinds}
        for source in sources:
            yield _reading(source, written.path.parent, known)


def _named(entry: Entry, written: Written) -> NamedSource:
    settings = dict(entry.written)
    kind, path = str(settings.pop("kind")), str(settings.pop("path"))
    return NamedSource(
        kind=kind,
        written=path,
        path=tidy(written.path.parent / path),
        root=written.root,
        place=entry.place,
        settings=settings,
    )


def _reading(source: NamedSource, folder: Path, kinds: Mapping[str, Kind]) -> Reading:
    """Read one source; what goes wrong is told, and the others are read all the same."""
    from pytest_icp.sources.registry import kind_of
    from pytest_icp.sources.request import Request

    reading = Reading(kind=source.kind, path=source.written, place=source.place, gives=everything())
    try:
        kind = kind_of(source.kind, kinds)
        reading = replace(reading, gives=kind.gives, generated=kind.generated)
        _check_path(source)
        request = Request(
            path=source.path,
            root=source.root,
            folder=folder,
            settings=source.settings,
            given=source.given,
        )
        return replace(reading, derived=kind.read(request))
    except InputError as error:
        error.place = error.place or source.place
        return replace(reading, error=error)


def _check_path(source: NamedSource) -> None:
    if source.given is not None:
        return
    if source.written == STANDARD_INPUT:
        raise InputError(_ONLY_AS_OPTION, hint=_AS_OPTION.format(kind=source.kind))
    real_path(source.path, root=source.root)
