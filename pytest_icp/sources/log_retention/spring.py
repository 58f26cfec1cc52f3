"""Spring Boot (``application.yml``, ``application.properties``): the log file and access logs.

Its log file is kept as Logback does it, by days. A file of settings for Logback or Log4j beside
it decides instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.facts.files.opening import is_file
from pytest_icp.law.text import Text
from pytest_icp.sources.log_retention.boot import (
    CAP,
    HISTORY,
    POLICY,
    PROFILES,
    Setting,
    Settings,
    beside,
    documents_of,
    first,
)
from pytest_icp.sources.log_retention.dates import DATE, duration, unit_of
from pytest_icp.sources.log_retention.kept import Kept, after_apply, whole
from pytest_icp.sources.log_retention.variables import known

if TYPE_CHECKING:
    from pytest_icp.sources.log_retention.kept import File, Found

_ENDS = ("xml", "yaml", "yml", "json", "jsn", "properties")
_DECIDING = (
    *("logback-spring.xml", "logback.xml", "logback-spring.groovy", "logback.groovy"),
    *(f"log4j2{of}.{end}" for of in ("-spring", "") for end in _ENDS),
)
_FILES = ("logging.file.name", "logging.file.path", "logging.file", "logging.path")
_PATTERN = (f"{POLICY}filenamepattern", "logging.pattern.rollingfilename")
_DEFAULT_DAYS = 7
_SERVERS = {
    "tomcat": ("server.tomcat.accesslog", "maxdays", None),
    "jetty": ("server.jetty.accesslog", "retentionperiod", 31),
    "undertow": ("server.undertow.accesslog", "", None),
}
"""The access log of each server: its settings, that of the period, and its default in days."""


def read_spring(file: File) -> Iterator[Found]:
    """Yield the log file that is set up, and the access logs of the server."""
    base: Settings = {}
    for own in documents_of(file):
        if isinstance(own, Gap):
            yield own
            continue
        profile = next((own[name].value for name in PROFILES if name in own), "")
        mark = f"[{profile}]" if profile else ""
        above = base or beside(file).base
        base = base or own
        yield from _log_file(file, own, above, mark)
        for name, row in _SERVERS.items():
            yield from _access_log(file, (own, above), mark, name, row)


def _log_file(file: File, own: Settings, above: Settings, mark: str) -> Iterator[Found]:
    named = first(_FILES, own)
    if named is None:
        if first(HISTORY, own):
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
    varies = not mark and beside(file).changes(file, *HISTORY, *CAP)
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
    if any(name.startswith(POLICY) for one in (own, above) for name in one):
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
    kept = Kept(name=f"{prefix}{mark}", at=enabled.at(name), kinds=("access",))
    days = first((f"{prefix}.{period}",), own, above)
    rotate = first((f"{prefix}.rotate",), own, above)
    if rotate is not None and rotate.value == "false":
        yield kept
    elif days is None:
        span = {"days": default} if default else None
        yield replace(kept, period=span, period_at=kept.at if span else None)
    else:
        written = known(days.filled)
        varies = not mark and beside(file).changes(file, f"{prefix}.{period}")
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
