"""The settings of Spring Boot in a file, and in the files beside it (``application*.yml``)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

from msgspec import Struct

from pytest_icp.facts.derived import Gap, Provenance
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import escape
from pytest_icp.sources.documents import Document
from pytest_icp.sources.log_retention.kept import File
from pytest_icp.sources.log_retention.properties import properties_of
from pytest_icp.sources.log_retention.variables import fill, known

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.law.jsontypes import Json
    from pytest_icp.law.location import Place
    from pytest_icp.sources.documents import DocumentPlaces
    from pytest_icp.sources.draft import ProvenanceLookup

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

    def changes(self, file: File, *names: str) -> bool:
        """Whether a profile sets something else than a file that holds in all of them."""
        return bool(_ALL.fullmatch(file.path.name)) and self.differs(*names)


_NOTHING = Beside({}, {})
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
    if file.request.given is not None:
        return _NOTHING
    read = _KNOWN.setdefault(file.request.meter, {})
    folder = file.path.parent
    if folder not in read:
        read[folder] = _read(file, folder)
    return read[folder]


def _read(file: File, folder: Path) -> Beside:
    named = sorted(os.listdir(folder))  # noqa: PTH208 - few of the names become paths
    base: dict[str, Setting] = {}
    changed: dict[str, set[str]] = {}
    for name in [name for name in named if _ALL.fullmatch(name)][:_MOST]:
        for own in _settings(file, folder / name):
            if first(PROFILES, own):
                _change(changed, own)
            else:
                base = {**own, **base}
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
