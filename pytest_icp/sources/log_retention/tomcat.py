"""Tomcat (``server.xml``): the access logs of its valves, which it keeps for ``maxDays``.

Without it, or where the file is not rotated, nothing is deleted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.sources.elements import plain
from pytest_icp.sources.log_retention.kept import Found, Kept, after_apply, whole
from pytest_icp.sources.log_retention.loggers import idle_in

if TYPE_CHECKING:
    from pytest_icp.sources.log_retention.kept import File

_SHORT = "AccessLogValve"


def read_tomcat(file: File) -> Iterator[Found]:
    """Yield the valves that write an access log."""
    for element in file.elements().iter():
        own = element.attrib
        if plain(element.tag) != "valve" or not own.get("className", "").endswith(_SHORT):
            continue
        name = own.get("prefix") or "access_log"
        if own.get("enabled", "").lower() == "false":
            yield idle_in(file.written, (name,))
            continue
        kept = Kept(name=name, at=file.of(element, name), kinds=("access",))
        days, at = own.get("maxDays", "-1"), file.of(element, name, "maxDays")
        if "${" in days:
            yield replace(kept, period_at=after_apply(at))
        elif own.get("rotatable") == "false" or not whole(days):
            yield kept
        else:
            yield replace(kept, period={"days": whole(days)}, period_at=at)
