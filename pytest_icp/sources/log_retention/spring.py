"""Spring Boot (``application.yml``, ``application.properties``): the log file and access logs.

Its log file is kept as Logback does it, by days. A file of settings for Logback or Log4j beside
it decides instead; what it asks Spring for is in the files of settings beside it.
"""

from __future__ import annotations

import os
import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias
from weakref import WeakKeyDictionary

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import is_file
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, escape
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, DocumentPlaces, ProvenanceLookup
from pytest_icp.sources.log_retention.files import File, Found, fill, known, properties_of, whole
from pytest_icp.sources.log_stores import Kept, after_apply

_ALL = re.compile(r"application\.(?:ya?ml|properties)", re.IGNORECASE)
_OF_PROFILE = re.compile(r"application-[^/]*\.(?:ya?ml|properties)", re.IGNORECASE)
_OFF = re.compile(r"[-_]")
_MOST = 20
POLICY = "logging.logback.rollingpolicy."
HISTORY = (f"{POLICY}maxhistory", "logging.file.maxhistory")
CAP = (f"{POLICY}totalsizecap", "logging.file.totalsizecap")
"""The settings of how long the log file is kept, and of its size, by their new and old names."""
PROFILES = ("spring.config.activate.onprofile", "spring.profiles")
"""The settings that bind a document to a profile."""


class Setting(Confidential, Struct, frozen=True):
    """A setting: its key as written, its value, which may be a secret, and its place."""

    key: str
    value: str
    place: Callable[[], Place]

    @property
    def filled(self) -> str:
        """The value with the defaults of its variables."""
        return fill(self.value, {}, default=":")

    def at(self, address: str) -> ProvenanceLookup:
        """Return what looks up where it is."""
        return lambda: Provenance(place=self.place(), address=address, attribute=self.key)


Settings: TypeAlias = Mapping[str, Setting]
"""Settings by their keys in the one form that Spring gives all ways of writing."""


class Beside(Struct, frozen=True, eq=False):
    """The settings of the files in a folder that hold in all profiles, and what profiles change."""

    base: Settings
    changed: Mapping[str, frozenset[str]]

    def value(self, *names: str) -> str | None:
        """Return the value of a setting by its names; None if it is not set, or not known."""
        setting = first(names, self.base)
        return known(setting.filled) if setting and not self.differs(*names) else None

    def differs(self, *names: str) -> bool:
        """Whether a profile sets something else than what holds in all of them."""
        setting = first(names, self.base)
        values = {value for name in names for value in self.changed.get(name, ())}
        return bool(values - {setting.value if setting else None})

    def changes(self, file: File, own: Settings, *names: str) -> bool:
        """Whether something else is set than in a document that holds in all profiles."""
        if not _ALL.fullmatch(file.path.name):
            return False
        written, holds = first(names, own), first(names, self.base)
        other = written is not None and holds is not None and written.value != holds.value
        return other or self.differs(*names)


_KNOWN: WeakKeyDictionary[Meter, dict[Path, Beside]] = WeakKeyDictionary()


def documents_of(file: File) -> Iterator[Settings | Gap]:
    """Yield the settings of each document of a file; one that cannot be read is a gap."""
    if file.path.suffix.lower() == ".properties":
        entries = properties_of(file)
        yield {name_of(one.key): Setting(one.key, one.value, one.place) for one in entries}
        return
    for document in file.documents():
        if isinstance(document, Document):
            flat = _flat(document.data, document.places, "", "")
            yield {name_of(one.key): one for one in flat}
        else:
            kinds = frozenset({"log_stores"})
            yield Gap(message=document.message, place=document.place, kinds=kinds)


def name_of(key: str) -> str:
    """Return a key in the one form that Spring gives all its ways of writing."""
    return _OFF.sub("", key).lower()


def first(names: tuple[str, ...], *settings: Settings) -> Setting | None:
    """Return the first setting that there is of some names, in the first of several files."""
    return next((one[name] for one in settings for name in names if name in one), None)


def _flat(data: Json, places: DocumentPlaces, key: str, pointer: str) -> Iterator[Setting]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            below = f"{key}.{name}" if key else name
            yield from _flat(value, places, below, f"{pointer}/{escape(name)}")
    elif isinstance(data, (str, int, float)):
        text = str(data).lower() if isinstance(data, bool) else str(data)
        yield Setting(key, text, lambda: places.place(pointer))


def beside(file: File) -> Beside:
    """Return the settings of the folder of a file, which is read once."""
    read = _KNOWN.setdefault(file.request.meter, {})
    folder = file.path.parent
    if folder not in read:
        read[folder] = _read(file, folder)
    return read[folder]


def _read(file: File, folder: Path) -> Beside:
    alone = file.request.given is not None
    # Few of the names become paths.
    named = [file.path.name] if alone else sorted(os.listdir(folder))  # noqa: PTH208
    base: dict[str, Setting] = {}
    changed: dict[str, set[str]] = {}
    # Of files, one of properties comes first; of documents in one, the last.
    for name in [name for name in named if _ALL.fullmatch(name)][:_MOST][::-1]:
        for own in _settings(file, folder / name):
            if first(PROFILES, own):
                _change(changed, own)
            else:
                base |= own
    for name in [name for name in named if _OF_PROFILE.fullmatch(name)][:_MOST]:
        for own in _settings(file, folder / name):
            _change(changed, own)
    return Beside(base, {name: frozenset(values) for name, values in changed.items()})


def _change(changed: dict[str, set[str]], own: Settings) -> None:
    for name, setting in own.items():
        changed.setdefault(name, set()).add(setting.value)


def _settings(file: File, path: Path) -> Iterator[Settings]:
    """Yield the settings of a file beside; what is wrong with it is said where it is read."""
    try:
        found = list(documents_of(File(file.request, path)))
    except InputError:
        return
    yield from (one for one in found if not isinstance(one, Gap))


DATE = re.compile(r"%d(?:ate)?+(?:\{([^{}]*+)\})?")
"""A date in the name of a file, with its pattern."""

_QUOTED = re.compile(r"'[^']*+'")
# The finest unit counts. The letters are those of SimpleDateFormat and DateTimeFormatter.
_UNITS = (
    ("seconds", "SsAnN"),
    ("minutes", "m"),
    ("hours", "HhKk"),
    ("days", "dDEeuF"),
    ("weeks", "wW"),
    ("months", "ML"),
)
_PER_DAY = {"seconds": 86_400, "minutes": 1_440, "hours": 24}


def unit_of(pattern: str) -> str | None:
    """Return the unit of the periods of a date pattern, the finest that it shows; None if none."""
    shown = set(_QUOTED.sub("", pattern))
    return next((unit for unit, letters in _UNITS if not shown.isdisjoint(letters)), None)


def duration(n: int, unit: str) -> JsonObject:
    """Return so many periods as a span, whole days of what is shorter."""
    if unit == "months":
        return {"months": n}
    if unit == "weeks":
        return {"days": 7 * n}
    return {"days": n // _PER_DAY.get(unit, 1)}


_ENDS = ("xml", "yaml", "yml", "json", "jsn", "properties")
_DECIDING = (
    *("logback-spring.xml", "logback.xml", "logback-spring.groovy", "logback.groovy"),
    *(f"log4j2{of}.{end}" for of in ("-spring", "") for end in _ENDS),
)
_FILES = ("logging.file.name", "logging.file.path", "logging.file", "logging.path")
_PATTERN = (f"{POLICY}filenamepattern", "logging.pattern.rollingfilename")
_OF_POLICY = tuple(
    f"{POLICY}{name}"
    for name in "cleanhistoryonstart filenamepattern maxfilesize maxhistory totalsizecap".split()
)
_DEFAULT_DAYS = 7
_SERVERS = {
    "tomcat": ("server.tomcat.accesslog", "maxdays", None),
    "jetty": ("server.jetty.accesslog", "retentionperiod", 31),
    "undertow": ("server.undertow.accesslog", "", None),
}
"""The access log of each server: its settings, that of the period, and its default in days."""


def read_spring(file: File) -> Iterator[Found]:
    """Yield the log file that is set up, and the access logs of the server."""
    base: dict[str, Setting] = {}
    above = ChainMap(base, dict(beside(file).base))
    for own in documents_of(file):
        if isinstance(own, Gap):
            yield own
            continue
        profile = next((own[name].value for name in PROFILES if name in own), "")
        mark = f"[{profile}]" if profile else ""
        yield from _log_file(file, own, above, mark)
        for name, row in _SERVERS.items():
            yield from _access_log(file, (own, above), mark, name, row)
        base |= {} if profile else own


def _log_file(file: File, own: Settings, above: Settings, mark: str) -> Iterator[Found]:
    named = first(_FILES, own)
    if named is None:
        if first(HISTORY, own) and not first(_FILES, above):
            yield _NO_FILE.format(file=file.request.as_written(file.path))
        return
    decides = _deciding(file, own, above)
    if decides:
        yield _DECIDED.format(file=file.request.as_written(file.path), other=decides)
        return
    address = "logging.file"
    kept = Kept(name=f"{address}{mark}", at=named.at(address))
    history = first(HISTORY, own, above)
    if history is None:
        yield _by_default(kept, own, above)
        return
    unit = _unit(first(_PATTERN, own, above))
    count, at = known(history.filled), history.at(address)
    varies = not mark and beside(file).changes(file, own, *HISTORY, *CAP)
    if count is None or unit is None or varies:
        yield replace(kept, period_at=after_apply(at))
        return
    n = whole(count)
    cap = first(CAP, own, above)
    limited = cap is not None and not re.match(r"0+\D*$", cap.filled)
    limits = (f"total-size-cap {cap.value}",) if cap and limited else ()
    yield replace(kept, period=duration(n, unit), period_at=at, limits=limits) if n else kept


def _by_default(kept: Kept, own: Settings, above: Settings) -> Kept:
    """Return the default where it is certain: with Logback, of a version that has such settings."""
    if first(_OF_POLICY, own, above):
        return replace(kept, period={"days": _DEFAULT_DAYS}, period_at=kept.at)
    return replace(kept, why=BOOT)


def _unit(pattern: Setting | None) -> str | None:
    found = DATE.search(pattern.value) if pattern else None
    if pattern is None:
        return "days"
    return unit_of(found[1] or "yyyy-MM-dd") if found else None


def _deciding(file: File, own: Settings, above: Settings) -> str:
    """Return the file of settings that decides instead; empty if there is none."""
    # Its value is an address, which may have a password in it.
    if first(("logging.config",), own, above):
        return "logging.config"
    if file.request.given is not None:
        return ""
    return next((name for name in _DECIDING if is_file(file.path.with_name(name))), "")


def _access_log(
    file: File,
    settings: tuple[Settings, Settings],
    mark: str,
    name: str,
    row: tuple[str, str, int | None],
) -> Iterator[Found]:
    (own, above), (prefix, period, default) = settings, row
    enabled = first((f"{prefix}.enabled",), own)
    if enabled is None or enabled.filled != "true":
        if any(key.startswith(f"{prefix}.") for key in own):
            yield _NOT_ON.format(file=file.request.as_written(file.path), log=prefix)
        return
    # Whether a profile is active is not known.
    varies = not mark and beside(file).changes(file, own, f"{prefix}.enabled")
    kinds = () if mark or varies else ("access",)
    kept = Kept(name=f"{prefix}{mark}", at=enabled.at(name), kinds=kinds)
    days = first((f"{prefix}.{period}",), own, above)
    rotate = first((f"{prefix}.rotate",), own, above)
    if rotate is not None and rotate.value == "false":
        yield kept
    elif days is None:
        span = {"days": default} if default else None
        yield replace(kept, period=span, period_at=kept.at if span else None)
    else:
        written = known(days.filled)
        varies = not mark and beside(file).changes(file, own, f"{prefix}.{period}")
        if written is None or varies:
            yield replace(kept, period_at=after_apply(days.at(name)))
        else:
            n = whole(written)
            yield replace(kept, period={"days": n}, period_at=days.at(name)) if n else kept


_DECIDED = Text(
    zh="{file}：日志由 {other} 设置，请把它列为来源",
    en="{file}: {other} decides how logs are kept; name it as a source",
)
_NO_FILE = Text(
    zh="{file}：设置了保存时间，但没有设置日志文件",
    en="{file}: a period is set, and no log file that it is for",
)
_NOT_ON = Text(
    zh="{file}：{log} 没有写明启用，不算访问日志",
    en="{file}: {log} is not said to be on, so it is no access log",
)
BOOT = Text(
    zh="没有设置保存时间，用的是 Spring Boot 的默认值（2.2 版起用 Logback 时为 7 天），无法判断",
    en="no period is set, so the default of Spring Boot applies, which is not certain: 7 days with "
    "Logback since version 2.2",
)
