"""The files of a description: the main file, those it includes, its licence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import repository_of
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import Source, read_source
from pytest_icp.facts.merging import Home, Joined, Part
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, dotted, list_of, object_of, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

SCHEMA = "description"
LICENCE = "licence"

NO_FILES = Text(zh="这份描述没有随附文件", en="this description has no files beside it")
"""Why nothing is known of the files that a description without a folder names."""

_WHOLE = Text(
    zh="把 {name} 指向的内容直接写进描述",
    en="write what `{name}` leads to into the description itself",
)
_TWICE = Text(
    zh="“{key}”中有两项的 id 都是 {name!r}", en="two elements of `{key}` have the id {name!r}"
)
_FIRST = Text(zh="第一项在 {place}", en="the first is in {place}")
_ALREADY = Text(zh="另一处是 {place}", en="the other one is {place}")


class SourceEntry(Struct, frozen=True, kw_only=True):
    """An entry of ``sources`` (来源) as written, valid under the schema, and its place."""

    written: JsonObject
    place: Place


class Written(Confidential, Struct, frozen=True, kw_only=True):
    """The files of one description, joined.

    Elements of lists are joined by id, objects by property, in the order of the includes.
    ``root`` is the folder that no path may leave.
    """

    path: Path
    root: Path
    joined: Joined

    @property
    def sources(self) -> tuple[SourceEntry, ...]:
        """The entries of ``sources`` in all files."""
        return tuple(entry for file in self.joined.files for entry in _sources(file))


def read_written(path: str | Path, *, root: Path | None = None) -> Written:
    """Read a description (``*.icp.yaml``, ``.icp.json``) with its includes and its licence.

    The default of ``root`` is the repository around the file, or its own folder.

    Raises `InputError` with the place when a file cannot be used.
    """
    inside = root or repository_of(Path(path))
    main = read_source(Path(path), root=inside)
    check(main, SCHEMA)
    return _written(main, inside)


def read_alone(main: Source) -> Written:
    """Read a description that has no files beside it, such as a row of a table.

    Raises `InputError` with the place for one that is not valid, or is continued in other files.
    """
    check(main, SCHEMA)
    for name in ("include", "licence_file"):
        if main.members.get(name):
            place = main.place(pointer((name,)), of="key")
            raise InputError(NO_FILES, place=place, hint=_WHOLE.format(name=name))
    return _written(main, main.path.parent)


def _written(main: Source, inside: Path) -> Written:
    joined = _join([main, *_included(main, inside)])
    _add_licence(joined, inside)
    return Written(path=main.path, root=inside, joined=joined)


def _sources(file: Source) -> Iterator[SourceEntry]:
    for i, entry in enumerate(list_of(file.members.get("sources"))):
        yield SourceEntry(written=object_of(entry), place=file.place(f"/sources/{i}"))


def _included(main: Source, root: Path) -> Iterator[Source]:
    for i, name in enumerate(list_of(main.members.get("include"))):
        source = _read_named(main, f"/include/{i}", str(name), root)
        check(source, SCHEMA)
        if source.members.get("include"):
            raise InputError(
                Text(
                    zh="被包含的文件不能再包含文件",
                    en="an included file cannot include others",
                ),
                place=source.place("/include"),
                hint=Text(
                    zh=f"请全部写在 {main.path.name} 中", en=f"name them all in {main.path.name}"
                ),
            )
        yield source


def _read_named(main: Source, at: str, name: str, root: Path) -> Source:
    """Read a file that the description names; an error in the name is placed at the name."""
    file = main.path.parent / name
    try:
        return read_source(file, root=root)
    except InputError as error:
        # An error inside the file has its own place.
        if error.place and error.place.line:
            raise
        message = Text(zh=f"{name}：{error.message.zh}", en=f"{name}: {error.message.en}")
        raise InputError(message, place=main.place(at), hint=error.hint) from error


def _join(files: list[Source]) -> Joined:
    """Join the facts of files: elements by id, objects by property.

    Raises `InputError` where two of them say different things.
    """
    _check_ids(files)
    joined = Joined.of(Part.of_file(files[0]))
    for file in files[1:]:
        joined.join([Part.of_file(file)])
        for names, ((first, _), (other, _), *_) in joined.contested.items():
            fact = dotted(names)
            raise InputError(
                Text(
                    zh=f"“{fact}”在两个文件里的值不一致",
                    en=f"`{fact}` has different values in two files",
                ),
                place=files[other.part].place(pointer(other.at), of="key"),
                hint=_ALREADY.format(place=files[first.part].place(pointer(first.at))),
            )
    return joined


def _check_ids(files: list[Source]) -> None:
    """Refuse an id that one file writes twice in a list."""
    for file in files:
        for key, elements in file.members.items():
            first: dict[Json, int] = {}
            for i, element in enumerate(list_of(elements)):
                name = object_of(element).get("id")
                if name is not None and first.setdefault(name, i) != i:
                    before, again = (file.place(f"/{key}/{at}/id") for at in (first[name], i))
                    message = _TWICE.format(key=key, name=name)
                    raise InputError(message, place=again, hint=_FIRST.format(place=before))


def _add_licence(joined: Joined, root: Path) -> None:
    """Add the licence of a file of its own as an inline one."""
    name = joined.facts.get("licence_file")
    if not isinstance(name, str):
        return
    naming = joined.files[joined.written["licence_file"][0].part]
    if LICENCE in joined.facts:
        raise InputError(
            Text(
                zh="许可证既写在描述中，又写在单独的文件中",
                en="the licence is both in the description and in a file of its own",
            ),
            place=naming.place("/licence_file", of="key"),
            hint=Text(
                zh="licence 与 licence_file 只保留一个",
                en="keep one of `licence` and `licence_file`",
            ),
        )
    source = _read_named(naming, "/licence_file", name, root)
    check(source, LICENCE)
    joined.facts[LICENCE] = source.data
    joined.written[LICENCE] = [Home(len(joined.parts), ())]
    joined.parts.append(Part.of_file(source))
