"""Loads a description together with the facts of its sources, each read by its kind (来源类型)."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.facts.assumptions import check_assumptions
from pytest_icp.facts.breakdowns import internal_errors
from pytest_icp.facts.derived import Derived, Gap, Provenance, Reading
from pytest_icp.facts.description import Description
from pytest_icp.facts.description import load as load_description
from pytest_icp.facts.description import load_alone as load_description_alone
from pytest_icp.facts.files.budget import (
    ALL_SOURCES,
    OVER_TOGETHER,
    SMALLER,
    Meter,
    OverBudgetError,
)
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import real_path, repository_of, tidy
from pytest_icp.facts.files.properties import property_at, schema_document
from pytest_icp.facts.files.schema import InvalidDocument
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.written import NO_FILES, SCHEMA
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, texts_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, did_you_mean, nearest

if TYPE_CHECKING:
    from pytest_icp.facts.files.source import Source
    from pytest_icp.facts.written import SourceEntry, Written
    from pytest_icp.law.jsontypes import JsonObject
    from pytest_icp.sources.request import Adapter, Request


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of source (来源类型): its adapter, and the top-level facts it may give.

    When such a source cannot be read, elements of every fact in ``gives`` may be missing; where
    that differs from one source to the next, ``gives_of`` tells it of what is requested. A
    ``generated`` source is made by a tool from files that a person edits, as a plan is; where
    those files give the same fact, they are shown instead. A ``deployed`` source lists what is in
    use, so none of it has ended; it does not say since when. The ids of a ``rooted`` one are
    addresses in its own root: another root has others of the same name.
    """

    read: Adapter
    gives: frozenset[str] = frozenset()
    gives_of: Callable[[Request], frozenset[str]] | None = None
    generated: bool = False
    deployed: bool = False
    rooted: bool = False

    def given_by(self, request: Request) -> frozenset[str]:
        """Return the top-level facts that a source may give."""
        return self.gives_of(request) if self.gives_of else self.gives


def _lazily(reader: str) -> Adapter:
    """Return a reader that is imported when it reads: a run loads only the parsers it needs."""
    module, _, name = reader.rpartition(".")

    def read(request: Request) -> Derived:
        adapter: Adapter = getattr(import_module(f"{__package__}.{module}"), name)
        return adapter(request)

    return read


def _lists_of(request: Request) -> frozenset[str]:
    from pytest_icp.sources.register import lists_of

    return lists_of(request)


_TERRAFORM = "sites servers domains network_links data_stores log_stores"
_DEPLOYED = {
    "nginx": ("nginx.read_nginx", "sites"),
    "caddy": ("caddy.read_caddy", "sites"),
    "apache": ("apache.read_apache", "sites"),
    "zone": ("zone.read_zone", "sites domains servers network_links"),
    "html": ("html.read_html", "sites"),
    "terraform-plan": ("terraform.plan.read_plan", _TERRAFORM),
    "terraform-state": ("terraform.plan.read_state", _TERRAFORM),
    "terraform": ("terraform.source.read_source", _TERRAFORM),
    "kubernetes": (
        "kubernetes.read_kubernetes",
        "sites servers network_links log_stores data_stores",
    ),
    "compose": ("compose.read_compose", "sites data_stores"),
    "ansible": ("ansible.read_ansible", "servers"),
    "app": ("app.read_app", "sites"),
    "log-retention": ("log_retention.read_log_retention", "log_stores"),
    "serverless": ("serverless.read_serverless", "sites servers log_stores data_stores"),
    "cloud-export": ("cloud_export.read_cloud_export", _TERRAFORM),
}
_GENERATED = {"terraform-plan", "terraform-state"}
_ROOTED = {*_GENERATED, "terraform", "kubernetes", "serverless", "ansible"}

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        **{
            name: Kind(
                read=_lazily(reader),
                gives=frozenset(gives.split()),
                generated=name in _GENERATED,
                deployed=True,
                rooted=name in _ROOTED,
            )
            for name, (reader, gives) in _DEPLOYED.items()
        },
        "register": Kind(read=_lazily("register.read_register"), gives_of=_lists_of),
    }
)
"""The built-in kinds by name."""


def kind_of(name: str, kinds: Mapping[str, Kind]) -> Kind:
    """Return the kind with a name; raise `InputError` with a suggestion if there is none."""
    found = kinds.get(name)
    if found is None:
        available = _AVAILABLE.format(names=", ".join(sorted(kinds)))
        near = nearest(name, kinds)
        hint = did_you_mean(near) + Text(zh="", en=" ") + available if near else available
        raise InputError(_UNKNOWN.format(name=name), hint=hint)
    return found


_END = "ended_on"


def _in_use(name: str, value: Json) -> Json:
    """Return a fact of a deployed file with the end of each element that may have one: never.

    An end that the file tells stays; the place of the word is that of its element.
    """
    if not isinstance(value, list) or property_at(SCHEMA, f"{name}.{_END}") is None:
        return value
    return [
        {**element, _END: element.get(_END) or NEVER} if isinstance(element, Mapping) else element
        for element in value
    ]


STANDARD_INPUT = "-"

_UNKNOWN = Text(zh="未知的来源类型“{name}”", en="unknown kind of source {name!r}")
_AVAILABLE = Text(zh="可用的类型：{names}", en="available kinds: {names}")
_NO_PATH = Text(zh="“{written}”不是 类型=路径", en="{written!r} is not KIND=PATH")
_EXAMPLE = Text(zh="例如 kubernetes=deploy/", en="for example kubernetes=deploy/")
_ONLY_AS_OPTION = Text(
    zh="标准输入只能在命令行中使用", en="standard input can only be named on the command line"
)
_NOT_RUN = Text(
    zh="来源类型“{kind}”由仓库的代码提供，没有运行",
    en="the kind of source {kind!r} comes with code of the repository, which is not run",
)
_MISSPELT = Text(
    zh="没有内置的来源类型“{kind}”，是否指“{near}”？",
    en="there is no built-in kind of source {kind!r}; did you mean {near!r}?",
)
_LIKE = 0.75
"""How similar a name must be to a kind of source for it to be suggested."""
_IN_FILE = Text(zh="{name}：{why}", en="{name}: {why}")
_AS_OPTION = Text(zh="改用 --icp-source {kind}=-", en="use --icp-source {kind}=- instead")
_NOT_FILLED_IN = Text(
    zh="“{name}”没有填写，还是初稿中的 {value}",
    en="`{name}` is not filled in: it is still the {value} of the first draft",
)
_FILL_IN = Text(
    zh="把尖括号连同其中的文字改成实际的值",
    en="replace the angle brackets, and what is between them, with the actual value",
)


class NamedSource(Confidential, Struct, frozen=True, kw_only=True):
    """A source named by a description or an option (来源).

    ``written`` is the path as written at ``place``, ``path`` the file it leads to, and ``root``
    the folder that contains every file it may read; ``environment`` is that of what it lists.
    ``given`` is the content of standard input.
    """

    kind: str
    written: str
    path: Path
    root: Path
    place: Place
    settings: Mapping[str, Json] = field(default_factory=dict)
    assume: JsonObject = field(default_factory=dict)
    environment: str = ""
    given: bytes | None = None


def named_source(
    written: str, folder: Path, *, root: Path | None = None, rootdir: Path | None = None
) -> NamedSource:
    """Parse ``KIND=PATH``, the path relative to a folder; the file is not opened.

    It and the files that it refers to must be inside ``root``, by default the repository that it
    is named in; ``rootdir`` stands for that where there is no ``.git``.
    Raises `InputError` for any other form.
    """
    kind, equals, path = written.strip().partition("=")
    if not (kind and equals and path):
        raise InputError(_NO_PATH.format(written=written), hint=_EXAMPLE)
    file = tidy(folder / path)
    return NamedSource(
        kind=kind,
        written=path,
        path=file,
        root=root or repository_of(file, rootdir),
        place=Place(path=file),
    )


class Memory:
    """What sources told (来源的结果), for who reads one description again and again."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[NamedSource, Reading]] = {}

    def read(
        self, source: NamedSource, folder: Path, kinds: Mapping[str, Kind], together: Meter
    ) -> Reading:
        """Return what a source tells; one that could be read is read once."""
        own = (source.kind, source.path, source.root, folder, source.given)
        key = (*own, repr(source.settings), repr(source.assume), source.environment)
        _, known = self._known.get(key, (None, None))
        if known is None:
            known = _reading(source, folder, kinds, together)
            if known.error is None:
                self._known[key] = source, known
        # The entry may have moved in its file, and those who join facts may add to them.
        told = known.derived and replace(known.derived, facts=deepcopy(known.derived.facts))
        return replace(known, place=source.place, path=source.written, derived=told)

    def forget(self, file: Path) -> None:
        """Forget the sources that a file is one of, or that have read it."""
        real = Path(os.path.realpath(file))
        self._known = {
            key: (source, known)
            for key, (source, known) in self._known.items()
            if not real.is_relative_to(os.path.realpath(source.path))
            and str(real) not in map(os.path.realpath, known.digests)
        }


def load(
    path: str | Path,
    *,
    root: Path | None = None,
    named: Sequence[NamedSource] = (),
    kinds: Mapping[str, Kind] | None = None,
    readings: Sequence[Reading] = (),
    may_be_absent: bool = False,
    memory: Memory | None = None,
) -> Description:
    """Read a description (``*.icp.yaml``, ``.icp.json``) and the facts of its sources.

    ``root`` is the folder that contains every file that may be read; by default the repository
    around the description, or its own folder outside a repository. ``named`` are sources in
    addition to those of the description, ``kinds`` kinds of source in addition to the built-in
    ones, ``readings`` facts that were derived before. With ``may_be_absent``, a source of another
    kind is one that is not read: what it may give is not known. What is in a ``memory`` is not
    read again.

    Raises `InputError` with the place when the description cannot be used. Errors in a source
    are in the ``readings`` of the description.
    """
    read = memory.read if memory else _reading
    known = {**KINDS, **(kinds or {})}

    def derive(written: Written) -> Iterator[Reading]:
        yield from readings
        together = Meter(ALL_SOURCES, over=OVER_TOGETHER)
        for source in (*(_named(entry, written) for entry in written.sources), *named):
            if may_be_absent and source.kind not in known:
                near = nearest(source.kind, known, cutoff=_LIKE)
                why = _MISSPELT if near else _NOT_RUN
                yield _absent(source, why.format(kind=source.kind, near=near))
            else:
                yield read(source, written.path.parent, known, together)

    return load_description(path, root=root, derive=derive)


def load_alone(source: Source) -> Description:
    """Read a description that has no files beside it: what its sources give is not known.

    Raises `InputError` with the place when it cannot be used.
    """

    def derive(written: Written) -> Iterator[Reading]:
        for entry in written.sources:
            yield _absent(_named(entry, written), NO_FILES)

    return load_description_alone(source, derive=derive)


def all_facts() -> frozenset[str]:
    """Return all top-level facts of a description: a source of an unknown kind may give any."""
    return frozenset(schema_document(SCHEMA)["properties"]) - NOT_FACTS


def _absent(source: NamedSource, why: Text) -> Reading:
    """Return the reading of a source that nothing here reads: it may give any fact."""
    gives = all_facts()
    gap = Gap(message=why, place=source.place, kinds=gives)
    nothing = Derived(facts={}, trace=lambda _: Provenance(place=source.place), gaps=(gap,))
    return Reading(
        kind=source.kind, path=source.written, place=source.place, gives=gives, derived=nothing
    )


def _named(entry: SourceEntry, written: Written) -> NamedSource:
    settings = dict(entry.written)
    kind, path = str(settings.pop("kind")), str(settings.pop("path"))
    assume, environment = settings.pop("assume", None), settings.pop("environment", None)
    return NamedSource(
        kind=kind,
        written=path,
        path=tidy(written.path.parent / path),
        root=written.root,
        place=entry.place,
        settings=settings,
        assume=assume if isinstance(assume, Mapping) else {},
        environment=str(environment or ""),
    )


def _reading(
    source: NamedSource, folder: Path, kinds: Mapping[str, Kind], together: Meter
) -> Reading:
    """Read one source; an error becomes part of the reading, so the others are still read.

    ``together`` is what all sources of the description may take.
    """
    from pytest_icp.sources.request import Request

    reading = Reading(kind=source.kind, path=source.written, place=source.place, gives=frozenset())
    gives, meter = all_facts, Meter(within=together)
    try:
        kind = kind_of(source.kind, kinds)
        request = Request(
            path=source.path,
            root=source.root,
            folder=folder,
            settings=source.settings,
            given=source.given,
            meter=meter,
        )
        if source.given is not None:
            request.digests[Path(STANDARD_INPUT)] = sha256(source.given).hexdigest()
        gives = partial(kind.given_by, request)
        reading = replace(
            reading,
            generated=kind.generated,
            deployed=kind.deployed,
            # A root is told from others by its path, and by the files of variables given to it.
            root=" ".join([source.written, *texts_of(source.settings.get("vars"))])
            if kind.rooted
            else "",
            environment=source.environment,
            digests=request.digests,
        )
        _check_filled_in(source)
        if source.assume:
            check_assumptions(source.assume, gives())
            reading = replace(reading, assume=source.assume)
        _check_path(source)
        together.check()
        with internal_errors(Place(path=source.path)):
            derived = kind.read(request)
            if kind.deployed or derived.current:
                reading = replace(reading, deployed=True)
                facts = {name: _in_use(name, value) for name, value in derived.facts.items()}
                derived = replace(derived, facts=facts)
            lists = (one for one in derived.facts.values() if isinstance(one, list))
            request.meter.spend("elements", sum(map(len, lists)))
    except OverBudgetError as error:
        too_much = InputError(error.message, place=source.place, hint=SMALLER)
        return replace(reading, gives=gives(), error=too_much)
    except InputError as error:
        return replace(reading, gives=gives(), error=_placed(error, source))
    finally:
        meter.close()
    return replace(reading, gives=kind.gives or frozenset(derived.facts), derived=derived)


def _placed(error: InputError, source: NamedSource) -> InputError:
    """Return an error at its line in a file, else at the entry that names the source.

    What is wrong with cells of a workbook, which has no lines, has their addresses.
    """
    place = error.place or source.place
    if place.line or source.place.line is None or isinstance(error, InvalidDocument):
        error.place = place
        return error
    message = error.message
    if error.place is not None and Path(place.path) != source.path:
        name = os.path.relpath(place.path, source.path)
        message = _IN_FILE.format(name=Path(name).as_posix(), why=message)
    return InputError(message, place=source.place, hint=error.hint)


def _check_filled_in(source: NamedSource) -> None:
    """Refuse a setting that ``init`` left open, and nobody has filled in."""
    for name, value in source.settings.items():
        if isinstance(value, str) and value.startswith("<") and value.endswith(">"):
            raise InputError(_NOT_FILLED_IN.format(name=name, value=value), hint=_FILL_IN)


def _check_path(source: NamedSource) -> None:
    if source.given is not None:
        return
    if source.written == STANDARD_INPUT:
        raise InputError(_ONLY_AS_OPTION, hint=_AS_OPTION.format(kind=source.kind))
    real_path(source.path, root=source.root)
