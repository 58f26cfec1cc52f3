"""Spring Boot (``application.yml``, ``application.properties``): the log file and access logs.

Its log file is kept as Logback does it, by days. A file of settings for Logback or Log4j beside
it decides instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.opening import is_file
from pytest_icp.law.jsontypes import escape
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document
from pytest_icp.sources.log_retention.dates import duration, unit_of
from pytest_icp.sources.log_retention.kept import File, Found, Kept, after_apply, whole
from pytest_icp.sources.log_retention.logback import DATE
from pytest_icp.sources.log_retention.properties import properties_of
from pytest_icp.sources.log_retention.variables import fill, known

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.law.location import Place
    from pytest_icp.sources.documents import DocumentPlaces
    from pytest_icp.sources.draft import ProvenanceLookup

_BASES = ("application.yml", "application.yaml", "application.properties")
_DECIDING = re.compile(r"(?:logback|log4j2)[^/]*\.(?:xml|ya?ml|properties|jsn|json)", re.IGNORECASE)
_OFF = re.compile(r"[-_]")
_PROFILES = ("spring.config.activate.onprofile", "spring.profiles")
_FILES = ("logging.file.name", "logging.file.path", "logging.file", "logging.path")
_POLICY = "logging.logback.rollingpolicy."
_HISTORY = (f"{_POLICY}maxhistory", "logging.file.maxhistory")
_CAP = (f"{_POLICY}totalsizecap", "logging.file.totalsizecap")
_PATTERN = (f"{_POLICY}filenamepattern", "logging.pattern.rollingfilename")
_DEFAULT_DAYS = 7
_SERVERS = {
    "tomcat": ("server.tomcat.accesslog", "maxdays", None),
    "jetty": ("server.jetty.accesslog", "retentionperiod", 31),
    "undertow": ("server.undertow.accesslog", "", None),
}
"""The access log of each server: its settings, that of the period, and its default in days."""


class _Setting(Confidential, Struct, frozen=True):
    """A setting: its key as written, its value, which may be a secret, and its place."""

    _shown = ("key",)

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


_Settings = Mapping[str, _Setting]


def read_spring(file: File) -> Iterator[Found]:
    """Yield the log file that is set up, and the access logs of the server."""
    base: _Settings = {}
    for own in _documents(file):
        if isinstance(own, Gap):
            yield own
            continue
        profile = next((own[name].value for name in _PROFILES if name in own), "")
        mark = f"[{profile}]" if profile else ""
        above = base or _beside(file)
        base = base or own
        yield from _log_file(file, own, above, mark)
        for name, row in _SERVERS.items():
            yield from _access_log(file, (own, above), mark, name, row)


def _documents(file: File) -> Iterator[_Settings | Gap]:
    if file.path.suffix.lower() == ".properties":
        entries = properties_of(file)
        yield {_name(one.key): _Setting(one.key, one.value, one.place) for one in entries}
        return
    for document in file.documents():
        if isinstance(document, Document):
            flat = _flat(document.data, document.places, "", "")
            yield {_name(one.key): one for one in flat}
        else:
            kinds = frozenset({"log_stores"})
            yield Gap(message=document.message, place=document.place, kinds=kinds)


def _name(key: str) -> str:
    """Return a key in the one form that Spring gives all its ways of writing."""
    return _OFF.sub("", key).lower()


def _flat(data: Json, places: DocumentPlaces, key: str, pointer: str) -> Iterator[_Setting]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            below = f"{key}.{name}" if key else name
            yield from _flat(value, places, below, f"{pointer}/{escape(name)}")
    elif isinstance(data, str | int | float):
        text = str(data).lower() if isinstance(data, bool) else str(data)
        yield _Setting(key, text, lambda: places.place(pointer))


def _beside(file: File) -> _Settings:
    """Return the settings that hold in all profiles, from the file beside that of a profile."""
    if file.path.name.lower() in _BASES or file.request.given is not None:
        return {}
    for name in _BASES:
        path = file.path.with_name(name)
        if is_file(path):
            found = next(_documents(File(file.request, path)), {})
            return {} if isinstance(found, Gap) else found
    return {}


def _first(names: tuple[str, ...], *settings: _Settings) -> _Setting | None:
    return next((one[name] for one in settings for name in names if name in one), None)


def _log_file(file: File, own: _Settings, above: _Settings, mark: str) -> Iterator[Found]:
    named = _first(_FILES, own)
    if named is None:
        if _first(_HISTORY, own):
            yield _NO_FILE.format(file=file.request.as_written(file.path))
        return
    decides = _deciding(file, own, above)
    if decides:
        yield _DECIDED.format(file=file.request.as_written(file.path), other=decides)
        return
    address = "logging.file"
    kept = Kept(name=f"{address}{mark}", at=named.at(address))
    history = _first(_HISTORY, own, above)
    if history is None:
        yield _by_default(kept, own, above)
        return
    unit = _unit(_first(_PATTERN, own, above))
    count, at = known(history.filled), history.at(address)
    if count is None or unit is None:
        yield replace(kept, period_at=after_apply(at))
        return
    n = whole(count)
    cap = _first(_CAP, own, above)
    limited = cap is not None and not re.match(r"0+\D*$", cap.filled)
    limits = (f"total-size-cap {cap.value}",) if cap and limited else ()
    yield replace(kept, period=duration(n, unit), period_at=at, limits=limits) if n else kept


def _by_default(kept: Kept, own: _Settings, above: _Settings) -> Kept:
    """Return the default where it is certain: with Logback, of a version that has such settings."""
    if any(name.startswith(_POLICY) for one in (own, above) for name in one):
        return replace(kept, period={"days": _DEFAULT_DAYS}, period_at=kept.at)
    return replace(kept, why=_BOOT)


def _unit(pattern: _Setting | None) -> str | None:
    found = DATE.search(pattern.value) if pattern else None
    if pattern is None:
        return "days"
    return unit_of(found[1] or "yyyy-MM-dd") if found else None


def _deciding(file: File, own: _Settings, above: _Settings) -> str:
    """Return the file of settings that decides instead; empty if there is none."""
    config = _first(("logging.config",), own, above)
    if config is not None:
        return config.value
    if file.request.given is not None:
        return ""
    folder = file.path.parent
    return next((p.name for p in sorted(folder.iterdir()) if _DECIDING.fullmatch(p.name)), "")


def _access_log(
    file: File,
    settings: tuple[_Settings, _Settings],
    mark: str,
    name: str,
    row: tuple[str, str, int | None],
) -> Iterator[Found]:
    (own, above), (prefix, period, default) = settings, row
    enabled = _first((f"{prefix}.enabled",), own)
    if enabled is None or enabled.filled != "true":
        if any(key.startswith(f"{prefix}.") for key in own):
            yield _NOT_ON.format(file=file.request.as_written(file.path), log=prefix)
        return
    kept = Kept(name=f"{prefix}{mark}", at=enabled.at(name), kinds=("access",))
    days = _first((f"{prefix}.{period}",), own, above)
    rotate = _first((f"{prefix}.rotate",), own, above)
    if rotate is not None and rotate.value == "false":
        yield kept
    elif days is None:
        span = {"days": default} if default else None
        yield replace(kept, period=span, period_at=kept.at if span else None)
    else:
        written = known(days.filled)
        if written is None:
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
_BOOT = Text(
    zh="没有设置保存时间，用的是 Spring Boot 的默认值（2.2 版起用 Logback 时为 7 天），无法判断",
    en="no period is set, so the default of Spring Boot applies, which is not certain: 7 days with "
    "Logback since version 2.2",
)
