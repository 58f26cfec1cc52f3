"""Source kind ``log-retention``: how long applications and log systems keep logs.

A file, or a folder of which every file is read that a format recognises. Each log is a store
(日志存储); why its period is not known, a remark says. A new format is a function
``(File) -> Iterable[Found]`` and a row in `FORMATS`: every row whose path and signs fit reads the
file; if no path fits, the first that finds something does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from jsonschema_rs import Draft202012Validator, RegexOptions
from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Gap, Status
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup, Value
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.log_retention.files import LOGS, File, Found, Kept, gap
from pytest_icp.sources.log_retention.log4j2 import read_log4j2
from pytest_icp.sources.log_retention.logback import read_logback, read_spring
from pytest_icp.sources.log_retention.systems import (
    ELSEWHERE,
    of_documents,
    read_curator,
    read_filebeat,
    read_index_policies,
    read_logrotate,
    read_loki,
    read_script,
)
from pytest_icp.sources.request import Request


class InnerFile(File):
    """A file that a value is (内含文件), or names: what it says is said at that value."""

    def __init__(
        self, request: Request, name: str, outer: Value, address: str, given: bytes | None = None
    ) -> None:
        path = Path(name)
        given = outer.text.encode() if given is None else given
        super().__init__(replace(request, path=path, given=given), path)
        self._at = outer.at(address)
        # Its address: ``ConfigMap/namespace/name/file``.
        self.called = f"{address}/{name}"
        # The files of a ConfigMap, by name, which stand in one folder where it is mounted.
        self.around_it: list[InnerFile] = [self]

    def beside(self, named: Callable[[str], object]) -> Sequence[File]:
        """Return the files of the same ConfigMap that are so named, sorted."""
        found = [one for one in self.around_it if named(one.path.name)]
        return sorted(found, key=lambda one: one.path)

    def moved(self, found: Found) -> Found:
        """Return what was found with its places in the file around."""
        if isinstance(found, Gap):
            return replace(found, place=self.around(found.place))
        if isinstance(found, Kept):
            period_at = found.period_at and self.placed(found.period_at)
            id_ = f"{self.called}:{found.name}"
            return replace(found, id=id_, at=self.placed(found.at), period_at=period_at)
        return found

    def placed(self, at: ProvenanceLookup) -> ProvenanceLookup:
        """Return what looks up where something in it is in the file around."""
        return lambda: replace(at(), place=self.around(at().place))

    def around(self, place: Place) -> Place:
        """Return the place in the file around: its line if the text is a block, else the value."""
        around = self._at().place
        block = around.excerpt.rstrip().endswith(("|", "|-", "|+"))
        line = (around.line or 1) + (place.line or 1) if block else around.line
        # The line is not quoted: all of the file may stand on it.
        return replace(around, line=line, column=None, excerpt="", width=1)


def inner_files(request: Request, config_map: Value, address: str) -> list[InnerFile]:
    """Return the files of a ConfigMap."""
    data = config_map.get("data").members()
    return together([InnerFile(request, name, value, address) for name, value in data])


def together(files: list[InnerFile]) -> list[InnerFile]:
    """Return the files of one ConfigMap, which are beside each other."""
    folder = object()
    for one in files:
        one.folder, one.around_it = folder, files
    return files


def read_manifest(file: File, root: Value) -> Iterator[Found]:
    """Yield the files in the ConfigMaps of a document, also of those in lists."""
    kind, version = root.get("kind").text, root.get("apiVersion").text
    if kind.endswith("List"):
        for _, inner in root.get("items").members():
            yield from read_manifest(file, inner)
    elif kind == "ConfigMap" and version and "/" not in version:
        metadata = root.get("metadata")
        names = ("ConfigMap", metadata.get("namespace").text, metadata.get("name").text)
        yield from inner_files(file.request, root, "/".join(filter(None, names)))


class Format(Struct, frozen=True):
    """A format (格式): the paths and the content that are recognised, and what reads them.

    ``paths`` is searched in the name of a file and of its folder, with ``/`` between them;
    ``signs`` in the text, by the engine of jsonschema-rs, which takes linear time, and a
    thousandth of what `re` takes.
    """

    name: str
    paths: re.Pattern[str]
    signs: Draft202012Validator
    read: Callable[[File], Iterable[Found]]

    def is_in(self, file: File) -> bool:
        """Whether the text of a file has the signs of the format."""
        return self.signs.is_valid(file.text)


_DOCUMENTS = r"(?i)\.(?:json|ya?ml)$"
FORMATS = tuple(
    Format(
        name,
        re.compile(paths),
        Draft202012Validator({"pattern": signs}, pattern_options=RegexOptions()),
        read,
    )
    for name, paths, signs, read in (
        (
            "Logback",
            r"(?i)(?:^|/)logback[^/]*\.xml$|logback(?:-spring)?\.xml$",
            # The main file may only include others.
            r"(?i)<(?:appender|include)\b",
            read_logback,
        ),
        (
            "Spring Boot",
            r"(?i)(?:^|/)(?:application|bootstrap)[^/]*\.(?:ya?ml|properties)$",
            r"(?i)\b(?:logging|accesslog)\b",
            read_spring,
        ),
        (
            "Log4j 2",
            r"(?i)log4j[^/]*\.(?:xml|properties|ya?ml|jsn|json)$",
            r"(?i)\b(?:Rolling|(?:Rolling)?RandomAccess|MemoryMapped)?File\b|\bXInclude\b",
            read_log4j2,
        ),
        (
            "logrotate",
            r"logrotate[^/]*+(?:/[^/]++)?+(?<!\.yaml)(?<!\.yml)(?<!\.json)(?<!\.sh)$",
            (
                r"(?m)^[ \t]*(?:rotate[ \t=]+[-\d{]"
                r"|(?:hour|dai|week|month|year)ly(?:[ \t\r]*$|[ \t]+rotate\b)"
                r"|(?:max|min)?(?:size|age)[ \t=]+[\d{]"
                r"|(?:missingok|notifempty|delaycompress|copytruncate|sharedscripts)\b"
                r"|include[ \t]+[^;\r\n]+$)"
            ),
            read_logrotate,
        ),
        (
            "cron",
            r"(?i)(?:^|/)(?:cron[^/]*(?:/[^/]+)?|[^/]+\.(?:sh|cron))$",
            r"-[acm](?:time|min)\b|\btmp(?:watch|reaper)\b|\bcurator|DELETE\b",
            read_script,
        ),
        (
            "ILM, ISM",
            _DOCUMENTS,
            r"\b(?:phases|default_state|data_retention)\"?\s*:",
            of_documents(read_index_policies),
        ),
        (
            "Curator",
            _DOCUMENTS,
            r"(?m)^[ \t]*action[ \t]*:[ \t]*[\"']?delete_indices\b",
            of_documents(read_curator),
        ),
        (
            "Loki",
            _DOCUMENTS,
            r"(?m)\b(?:limits_config|schema_config|table_manager)\"?\s*:|^overrides:[ \t\r]*$",
            of_documents(read_loki),
        ),
        (
            "Filebeat",
            r"(?i)\.ya?ml$",
            r"(?m)^(?:filebeat[.:]|output\.(?:elasticsearch|file)\b)",
            of_documents(read_filebeat),
        ),
        (
            "ConfigMap",
            _DOCUMENTS,
            r"\bkind\"?\s*:\s*[\"']?ConfigMap\b",
            of_documents(read_manifest),
        ),
    )
)


class Stores:
    """The stores of logs that files set up, and the files in ConfigMaps.

    Without ``elsewhere``, those are left out of which is only said that logs are sent there.
    """

    def __init__(self, request: Request, into: Gathering, *, elsewhere: bool = True) -> None:
        self._request = request
        self._into = into
        self._elsewhere = elsewhere
        self._kept: dict[str, Kept] = {}

    def read(self, file: File, *, alone: bool = False) -> bool:
        """Take what is in a file; return whether there is anything.

        A file whose name no format knows is read if it was asked for ``alone``, by the first format
        that finds something in it.
        """
        near = "/".join(file.called.split("/")[-2:])
        named = [one for one in FORMATS if one.paths.search(near) and one.is_in(file)]
        by_signs = (one for one in FORMATS if alone and one.is_in(file))
        names = Counter[str]()
        for one in named or by_signs:
            for found in one.read(file):
                self._take(file, file.moved(found), names)
            if names and not named:
                break
        return bool(names)

    def _take(self, file: File, found: Found, names: Counter[str]) -> None:
        """Take what a format found; of two logs in a file with one name, the second is ``#2``."""
        if isinstance(found, Kept):
            written = file.written if found.path is None else self._request.as_written(found.path)
            id_ = found.id or f"{written}:{found.name}"
            names[id_] += 1
            times = names[id_]
            self._keep(id_ if times == 1 or found.id else f"{id_}#{times}", found)
        elif isinstance(found, File):
            names[""] += self.read_inner(found)
        else:
            names[""] += 1
            if isinstance(found, Gap):
                self._into.gap(found.message, found.place, *found.kinds)
            else:
                self._into.remark(found)

    def read_inner(self, inner: File) -> bool:
        """Take what is in a file inside of another; one that cannot be read is a gap."""
        try:
            return self.read(inner)
        except InputError as error:
            found = gap(error.message, error.place or Place(path=inner.path))
            self._take(inner, inner.moved(found), Counter())
            return True

    def _keep(self, id_: str, kept: Kept) -> None:
        """Keep a log; of one that is found twice, a period that is known, and a limit of size."""
        if kept.why == ELSEWHERE and not self._elsewhere:
            return
        before = self._kept.setdefault(id_, kept)
        if before.period is None and before.why != _DIFFERS:
            self._kept[id_] = kept if kept.period is not None else before
        elif kept.period not in (None, before.period):
            self._kept[id_] = replace(before, period=None, limits=(), why=_DIFFERS)
        elif kept.is_bound:
            # What one place keeps for certain, another deletes earlier.
            self._kept[id_] = kept

    def finish(self) -> None:
        """Add the logs to the facts, with remarks on those of which no period is known."""
        said: dict[Text, list[str]] = {}
        for id_, kept in self._kept.items():
            self._add(id_, kept)
            why = _why(kept)
            if why:
                said.setdefault(why, []).append(id_)
        for why, ids in said.items():
            self._into.remark(listed(ids) + Text(zh="：", en=": ") + why)

    def _add(self, id_: str, kept: Kept) -> None:
        into = self._into
        into.add(LOGS, id_, kept.at)
        if kept.kinds:
            into.set(LOGS, id_, "kinds", list(kept.kinds), kept.at)
        at = kept.period_at or (lambda: replace(kept.at(), status=Status.NOT_TOLD))
        retention = {"at_most": kept.period} if kept.is_bound else kept.period
        into.set(LOGS, id_, "retention", retention, at)


def _why(kept: Kept) -> Text | None:
    """Return why it is not known how long a log is kept; None if it is."""
    if kept.why is not None:
        return kept.why
    if kept.limits:
        return (_BOTH if kept.period else _BY_SIZE).format(limits=listed(kept.limits))
    if kept.period is not None:
        return None
    return _VARIABLE if kept.period_at else _NOTHING_ENDS


def read_log_retention(request: Request) -> Derived:
    """Read how long logs are kept (日志保存设置): each log is a store of logs.

    A period is known where a file sets one and nothing but time limits it. Of a folder, a file
    that cannot be read is a gap.

    Raises `InputError` if there is no log in what is read.
    """
    into = Gathering(request)
    stores = Stores(request, into)
    found = False
    for path in request.files():
        with into.reading(path, LOGS):
            found |= stores.read(File(request, path), alone=request.alone)
    if not (found or into.unread):
        hint = _FORMATS.format(names=listed([one.name for one in FORMATS]))
        raise InputError(_NONE, place=Place(path=request.path), hint=hint)
    stores.finish()
    return into.derived()


_NONE = Text(zh="没有关于日志保存时间的设置", en="nothing here says how long logs are kept")
_FORMATS = Text(zh="能够读取的格式：{names}", en="formats that are read: {names}")
_BY_SIZE = Text(
    zh="按大小或者文件数清理（{limits}），保存多久无法判断",
    en="limited by size or number of files ({limits}), so how long it is kept is not known",
)
_BOTH = Text(
    zh="除时间以外还按大小清理（{limits}），可能保存得更短",
    en="limited by size as well ({limits}), so it may be kept for less than the time that is set",
)
_VARIABLE = Text(
    zh="从这里所设的值看不出保存多久",
    en="how long it is kept does not follow from what is set here, so it is not known",
)
_NOTHING_ENDS = Text(
    zh="这里没有设置清理，保存多久无法判断",
    en="nothing here deletes it, so how long it is kept is not known",
)
_DIFFERS = Text(
    zh="各处设置的保存时间不同，保存多久无法判断",
    en="different periods are set in different places, so how long it is kept is not known",
)
