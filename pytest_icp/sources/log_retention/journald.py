"""journald (``journald.conf``): the journal of systemd is always limited by size as well.

``SystemMaxUse`` has a default, a tenth of the disk, so no period is certain; nothing outlasts
``MaxRetentionSec``, for journald rotates and deletes when the oldest entry is that old. The files
in ``journald.conf.d`` override the file beside that folder, in the order of their names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.opening import is_file, is_folder
from pytest_icp.sources.log_retention.kept import File, Found, Kept, after_apply
from pytest_icp.sources.log_retention.periods import SYSTEMD, seconds, whole_days

if TYPE_CHECKING:
    from pytest_icp.sources.draft import ProvenanceLookup

_LINE = re.compile(
    r"^[ \t]*+(?:\[([^\]\r\n]*+)\]|([A-Za-z]++)[ \t]*+=[ \t]*+([^\r\n]*+))", re.MULTILINE
)
_LIMITS = ("SystemMaxUse", "SystemKeepFree", "SystemMaxFiles")

_Settings = dict[str, "tuple[str, ProvenanceLookup]"]


def read_journald(file: File) -> Iterator[Found]:
    """Yield the journal, unless nothing is stored; what overrides it is read with it."""
    request, path = file.request, file.path
    if path.parent.name.startswith("journald") and path.parent.suffix == ".d":
        main = path.parent.with_suffix("")
        if is_file(main) and main.is_relative_to(request.path):
            return
    settings: _Settings = {}
    at = _read(file, settings)
    for override in _overrides(file):
        begins = _read(File(request, override), settings)
        at = at or begins
    if at is not None and settings.get("Storage", ("", at))[0] != "none":
        yield _kept(settings, at)


def _overrides(file: File) -> list[Path]:
    """Return the files that override one, the strongest last."""
    folder = file.path.with_name(f"{file.path.name}.d")
    if file.request.given is not None or not is_folder(folder):
        return []
    named = sorted(os.listdir(folder))  # noqa: PTH208 - few of the names become paths
    return [folder / name for name in named if name.endswith(".conf")]


def _read(file: File, settings: _Settings) -> ProvenanceLookup | None:
    """Take the settings of a file; return where its section begins."""
    at: ProvenanceLookup | None = None
    section = ""
    for line in _LINE.finditer(file.text):
        file.request.meter.spend("elements")
        if line[2] is None:
            section = line[1].strip()
            if section == "Journal":
                at = at or _at(file, line, "")
        elif section == "Journal":
            settings[line[2]] = line[3].strip(), _at(file, line, line[2])
    return at


def _kept(settings: _Settings, at: ProvenanceLookup) -> Kept:
    limits = tuple(f"{name}={settings[name][0]}" for name in _LIMITS if name in settings)
    kept = Kept(name="journald", at=at, limits=limits or ("SystemMaxUse=10%",))
    if settings.get("Storage", ("", at))[0] == "volatile":
        kept = replace(kept, limits=("Storage=volatile",))
    written, period_at = settings.get("MaxRetentionSec", ("0", at))
    period = seconds(written, SYSTEMD)
    if period is None:
        return replace(kept, period_at=after_apply(period_at))
    if period:
        return replace(kept, period=whole_days(period, up=True), period_at=period_at)
    return kept


def _at(file: File, line: re.Match[str], attribute: str) -> ProvenanceLookup:
    start, end = line.span(2 if attribute else 0)
    return lambda: Provenance(place=file.place(start, end), address="journald", attribute=attribute)
