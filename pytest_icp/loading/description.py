"""A description: the facts of one infrastructure, out of one file or several.

The main file may keep the licence in a file of its own (``licence_file``) and be split into
parts (``include``). Lists of the parts are joined in the order of the includes; anything else
may stand in one file only. Every fact keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from pathlib import Path

from pytest_icp.core.asof import View, view
from pytest_icp.core.domains import HostError, normal_host
from pytest_icp.core.errors import InputError, Place
from pytest_icp.core.evidence import Evidence
from pytest_icp.core.jsontypes import Json, JsonObject, pointer, tokens
from pytest_icp.core.numbers import find_numbers, normal_form
from pytest_icp.core.scope import ScopeError, parse_scope
from pytest_icp.core.text import Text
from pytest_icp.core.values import frozen
from pytest_icp.loading.evidence import named_files, read_evidence
from pytest_icp.loading.plans import time_plan
from pytest_icp.loading.references import dangling
from pytest_icp.loading.schema import check
from pytest_icp.loading.source import Source, read_source

SCHEMA = "description"


@frozen
class Origin:
    """Where a stretch of a top-level fact comes from: the elements from ``start`` on."""

    start: int
    source: Source
    prefix: tuple[str, ...]


@frozen(kw_only=True)
class Description:
    """The facts of one infrastructure (基础设施描述), valid under the schema.

    ``facts`` is the joined document with the licence under ``licence``; ``root`` the folder
    that no path may leave; ``evidence`` the files that the facts name, by path as written.
    ``seen`` is the view that the facts are of, where they are as of an instant.
    """

    path: Path
    root: Path
    facts: JsonObject
    main: Source
    origins: Mapping[str, tuple[Origin, ...]] = field(repr=False)
    evidence: Mapping[str, Evidence] = field(default_factory=dict, repr=False)
    seen: View | None = field(default=None, repr=False)

    @property
    def licence(self) -> JsonObject:
        """The licence (许可证) as transcribed; empty when it is not declared."""
        licence = self.facts.get("licence")
        return licence if isinstance(licence, Mapping) else {}

    def as_of(self, instant: datetime) -> Description:
        """Return the description as of an instant (截至时点): what is later is not there yet."""
        seen = view(self.facts, time_plan(SCHEMA), instant)
        return replace(self, facts=seen.facts, seen=seen)

    def place(self, json_pointer: str) -> Place:
        """Return where a fact stands, or the nearest thing that is there, when it is absent."""
        names = tuple(self._written(json_pointer))
        origins = self.origins.get(names[0], ()) if names else ()
        if not origins:
            return self.main.place(pointer(names))
        index = int(names[1]) if len(names) > 1 and names[1].isdecimal() else 0
        origin = next(o for o in reversed(origins) if o.start <= index)
        rest = names[1:]
        if rest and rest[0].isdecimal():
            rest = (str(index - origin.start), *rest[1:])
        return origin.source.place(pointer((*origin.prefix, *rest)))

    def home(self, json_pointer: str) -> tuple[str, str]:
        """Return the schema of the file in which a fact belongs, and its pointer there."""
        names = tokens(json_pointer)
        origins = self.origins.get(names[0], ()) if names else ()
        if origins and not origins[0].prefix:
            return names[0], pointer(names[1:])
        return SCHEMA, json_pointer

    def _written(self, json_pointer: str) -> Iterator[str]:
        """Yield the tokens of a pointer as they are in the files, where later elements count."""
        value: Json = self.facts
        for name in tokens(json_pointer):
            if isinstance(value, list) and name.isdecimal() and int(name) < len(value):
                index = int(name)
                yield str(self.seen.index(value, index) if self.seen else index)
                value = value[index]
            else:
                yield name
                value = value.get(name) if isinstance(value, Mapping) else None


def load(
    path: str | Path, *, root: Path | None = None, derived: Iterable[JsonObject] = ()
) -> Description:
    """Read a description (``*.icp.yaml``, ``.icp.json``) with all that it names.

    ``root`` is the folder that no included file or evidence may leave; without it, the
    repository around the file, or its own folder where there is none. ``derived`` are parts
    that come from elsewhere; they are joined like included files.

    Raises `InputError` with the place when a file cannot be used.
    """
    file = Path(path)
    inside = root or repository_of(file)
    main = read_source(file)
    check(main, SCHEMA)
    parts = [main, *_included(main, inside), *_derived(main, derived)]
    facts, origins = _join(parts)
    _add_licence(facts, origins, inside)
    description = Description(
        path=file,
        root=inside,
        facts=facts,
        main=main,
        origins={key: tuple(stretches) for key, stretches in origins.items()},
    )
    _check_ids(description)
    _check_references(description)
    _check_licence(description)
    return replace(description, evidence=_evidence(description))


def _evidence(description: Description) -> dict[str, Evidence]:
    read: dict[str, Evidence] = {}
    for at, path, what in named_files(description.facts, SCHEMA):
        known = read.get(path)
        if known is not None and (what != "page" or known.text is not None):
            continue
        try:
            read[path] = read_evidence(
                path, what, folder=description.path.parent, root=description.root
            )
        except InputError as error:
            place = description.place(pointer(at))
            raise InputError(error.message, place=place, hint=error.hint) from error
    return read


def repository_of(path: Path) -> Path:
    """Return the nearest folder above a file that holds ``.git``, else the file's own."""
    folder = path.resolve().parent
    return next((up for up in (folder, *folder.parents) if (up / ".git").exists()), folder)


def _included(main: Source, root: Path) -> Iterator[Source]:
    names = main.data.get("include") if isinstance(main.data, Mapping) else None
    for i, name in enumerate(names if isinstance(names, list) else ()):
        source = _read_named(main, f"/include/{i}", str(name), root)
        check(source, SCHEMA)
        if isinstance(source.data, Mapping) and source.data.get("include"):
            raise InputError(
                Text(zh="被包含的文件不能再包含文件", en="an included part cannot include others"),
                place=source.place("/include"),
                hint=Text(
                    zh=f"请全部写在 {main.path.name} 中", en=f"name them all in {main.path.name}"
                ),
            )
        yield source


def _derived(main: Source, parts: Iterable[JsonObject]) -> Iterator[Source]:
    """Yield derived parts as sources whose every fact stands at the top of the main file."""
    for part in parts:
        source = Source(path=main.path, data=part, positions=main.positions)
        check(source, SCHEMA)
        yield source


def _read_named(main: Source, at: str, name: str, root: Path) -> Source:
    """Read a file that the description names, and blame the name when it cannot be."""
    file = main.path.parent / name
    try:
        return read_source(file, root=root)
    except InputError as error:
        # What is wrong inside the file has its own place; a wrong name is here.
        if error.place and error.place.line:
            raise
        message = Text(zh=f"{name}：{error.message.zh}", en=f"{name}: {error.message.en}")
        raise InputError(message, place=main.place(at), hint=error.hint) from error


def _join(parts: Iterable[Source]) -> tuple[dict[str, Json], dict[str, list[Origin]]]:
    facts: dict[str, Json] = {}
    origins: dict[str, list[Origin]] = {}
    for source in parts:
        data = source.data if isinstance(source.data, Mapping) else {}
        for key, value in data.items():
            if key in {"apiVersion", "include"} or value is None:
                continue
            known = facts.get(key)
            if key in facts and not (isinstance(value, list) and isinstance(known, list)):
                first = origins[key][0].source.place(f"/{key}")
                raise InputError(
                    Text(zh=f"「{key}」写在两个文件里", en=f"`{key}` stands in two files"),
                    place=source.place(f"/{key}", of="key"),
                    hint=Text(zh=f"已写在 {first}", en=f"it is already written in {first}"),
                )
            start = len(known) if isinstance(known, list) else 0
            origins.setdefault(key, []).append(Origin(start, source, (key,)))
            joined = isinstance(known, list) and isinstance(value, list)
            facts[key] = [*known, *value] if joined else value  # type: ignore[misc]  # both are lists
    return facts, origins


def _add_licence(facts: dict[str, Json], origins: dict[str, list[Origin]], root: Path) -> None:
    """Put the licence of a file of its own where an inline one would stand."""
    name = facts.get("licence_file")
    if not isinstance(name, str):
        return
    naming = origins["licence_file"][0].source
    if "licence" in facts:
        raise InputError(
            Text(
                zh="许可证既写在描述中，又写在单独的文件中",
                en="the licence is both inline and in a file",
            ),
            place=naming.place("/licence_file", of="key"),
            hint=Text(
                zh="licence 与 licence_file 只保留一个",
                en="keep one of `licence` and `licence_file`",
            ),
        )
    source = _read_named(naming, "/licence_file", name, root)
    check(source, "licence")
    facts["licence"] = source.data
    origins["licence"] = [Origin(0, source, ())]


def _check_ids(description: Description) -> None:
    for key, elements in description.facts.items():
        if not isinstance(elements, list):
            continue
        names = [element.get("id") for element in elements if isinstance(element, dict)]
        if len(set(map(str, names))) < len(names):
            _refuse_twice(description, key, names)


def _refuse_twice(description: Description, key: str, names: list[Json]) -> None:
    first: dict[str, int] = {}
    i = next(i for i, name in enumerate(names) if first.setdefault(str(name), i) != i)
    raise InputError(
        Text(
            zh=f"「{key}」中有两项的 id 都是 {names[i]!r}",
            en=f"two elements of `{key}` have the id {names[i]!r}",
        ),
        place=description.place(f"/{key}/{i}/id"),
        hint=_first_in(description.place(f"/{key}/{first[str(names[i])]}/id")),
    )


def _check_references(description: Description) -> None:
    for loose in dangling(description.facts, SCHEMA):
        place = description.place(pointer(loose.tokens))
        raise InputError(loose.message, place=place, hint=loose.hint)


def _first_in(place: Place) -> Text:
    return Text(zh=f"第一项在 {place}", en=f"the first is in {place}")


def _check_licence(description: Description) -> None:
    """Refuse a licence whose number, scope or domains cannot be read; nothing may rest on them."""
    licence = description.licence
    number = licence.get("number")
    if isinstance(number, str) and find_numbers(number).licences != (normal_form(number),):
        raise InputError(
            Text(
                zh=f"{number!r} 不是电信业务经营许可证编号",
                en=f"{number!r} is not the number of a telecom licence",
            ),
            place=description.place("/licence/number"),
            hint=Text(
                zh="形如 京B2-20190486 或 合字B1.B2-20180025",
                en="such as 京B2-20190486 or 合字B1.B2-20180025",
            ),
        )
    for i, line in enumerate(_objects(licence.get("service_lines"))):
        name = line.get("name")
        if not isinstance(name, str):
            continue
        try:
            parse_scope(str(line.get("scope") or ""), line=name)
        except ScopeError as error:
            at = description.place(f"/licence/service_lines/{i}/scope")
            raise InputError(_unread_scope(error), place=at) from error
    for i, attachment in enumerate(_objects(licence.get("attachments"))):
        domains = attachment.get("domains")
        for j, domain in enumerate(domains if isinstance(domains, list) else ()):
            if domain is None:
                continue
            try:
                normal_host(str(domain))
            except HostError as error:
                at = description.place(f"/licence/attachments/{i}/domains/{j}")
                raise InputError(str(error), place=at) from error


def _unread_scope(error: ScopeError) -> Text:
    meant = f"；是否指「{error.suggestion}」？" if error.suggestion else ""
    zh = f"业务范围第 {error.position + 1} 字起的「{error.residue}」无法识别{meant}"
    return Text(zh=zh, en=str(error))


def _objects(elements: Json) -> Iterator[JsonObject]:
    for element in elements if isinstance(elements, list) else ():
        yield element if isinstance(element, Mapping) else {}
