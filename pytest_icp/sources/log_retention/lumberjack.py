"""Settings of Go services for lumberjack, and for what does the same: ``max_age`` in days.

An object is read that has an age beside a number of files (``max_age``, ``max_backups``), or
beside a size and what only a log file has. The names differ in case and signs alone. go-zero says
``KeepDays``, gin-vue-admin ``retention-day``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.law.jsontypes import escape, tokens
from pytest_icp.law.location import Place
from pytest_icp.sources.documents import Document
from pytest_icp.sources.log_retention.kept import (
    Found,
    Kept,
    after_apply,
    kinds_named,
    signs,
    whole,
)
from pytest_icp.sources.toml import toml_in

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.draft import ProvenanceLookup
    from pytest_icp.sources.log_retention.kept import File

_AGES = ("maxage", "maxagedays")
_PERIODS = (*_AGES, "retentionday", "retentiondays", "keepdays")
_NUMBERS = ("maxbackups", "maxbackup")
_OF_A_FILE = {"filename", "localtime", "compress"}
# What the names beside an age have, so that files of others with an age need not be searched.
_BESIDE = signs("(?i)backup|name|time|compress|director|keep")
_FILES = ("filename", "file", "path", "filepath", "logpath", "logfile", "servicename")
_TO_FILES = ("file", "volume")
_NONE = ("", "0", "-1", "None")
_LONGEST = 3_650

_Placed = tuple["Json", Callable[[str], Place]]


def read_lumberjack(file: File) -> Iterator[Found]:
    """Yield the logs whose settings have an age and a number of files."""
    beside = _BESIDE.is_valid(file.text)
    for found in _documents(file):
        if isinstance(found, Gap):
            yield found
        elif beside:
            yield from _settings(*found)


def _documents(file: File) -> Iterator[_Placed | Gap]:
    toml = file.path.suffix.lower() == ".toml"
    read = toml_in(file.path, file.text, file.request.meter) if toml else file.documents()
    for document in read:
        if isinstance(document, Document):
            yield document.data, document.places.place
        else:
            kinds = frozenset({"log_stores"})
            yield Gap(message=document.message, place=document.place, kinds=kinds)


def _settings(data: Json, place: Callable[[str], Place]) -> Iterator[Kept]:
    """Yield the logs of a value and of all that are in it."""
    waiting = [("", data)]
    while waiting:
        pointer, value = waiting.pop()
        members: Iterable[tuple[object, Json]] = enumerate(value) if isinstance(value, list) else ()
        if isinstance(value, dict):
            members = value.items()
            names = {key.replace("-", "").replace("_", "").lower(): key for key in value}
            if not names.keys().isdisjoint(_PERIODS):
                yield from _log(value, names, place, pointer)
        inner = [
            (f"{pointer}/{escape(str(key))}", one)
            for key, one in members
            if isinstance(one, (dict, list))
        ]
        waiting += reversed(inner)


def _log(
    data: Mapping[str, Json], names: Mapping[str, str], place: Callable[[str], Place], pointer: str
) -> Iterator[Kept]:
    """Yield the log of an object if it has an age beside a number of files."""
    number = next((names[name] for name in _NUMBERS if name in names), None)
    of_a_file = "maxsize" in names and not _OF_A_FILE.isdisjoint(names)
    ages = _AGES if number or of_a_file else ()
    if "director" in names:
        ages = (*ages, "retentionday", "retentiondays")
    age = next((names[name] for name in ages if name in names), None)
    counts = True
    if "keepdays" in names and str(data.get(names.get("mode", ""))) in _TO_FILES:
        age = names["keepdays"]
        counts = data.get(names.get("rotation", "")) == "size"
    if age is None:
        return
    name = ".".join(tokens(pointer)) or "log"
    files = [str(data[names[one]]) for one in _FILES if one in names]
    kept = Kept(name=name, at=_at(place, pointer, name), kinds=kinds_named(name, *files))
    if number and counts and str(data[number]) not in _NONE:
        kept = replace(kept, limits=(f"{number} {data[number]}",))
    written, at = str(data[age]), _at(place, f"{pointer}/{escape(age)}", name)
    days = whole(written)
    if written in _NONE:
        yield kept
    elif days is None or days > _LONGEST:
        yield replace(kept, period_at=after_apply(at))
    else:
        yield replace(kept, period={"days": days}, period_at=at)


def _at(place: Callable[[str], Place], pointer: str, name: str) -> ProvenanceLookup:
    attribute = ".".join(tokens(pointer))
    return lambda: Provenance(place=place(pointer), address=name, attribute=attribute)
