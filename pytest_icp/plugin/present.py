"""What a run rests on (现状), section by section as ``icp.lock`` has it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from pytest_icp.facts.files.flow import flow
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import days_of
from pytest_icp.plugin.flags import FLAGS, by_repository, is_overridden, written
from pytest_icp.plugin.options import given, read_options
from pytest_icp.plugin.reach import reached
from pytest_icp.plugin.runs import repository_root, tool_version
from pytest_icp.plugin.session import session_of
from pytest_icp.rules.lock import NAME, WEAKENING

if TYPE_CHECKING:
    import pytest

    from pytest_icp.engine import Scene
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.rules.lock import Section
    from pytest_icp.rules.waivers import Waiver

WAIVER_DAYS = 366
"""The longest term of a waiver, in days, where no option sets one: a year, a leap one too."""

_PRODUCT = "pytest-icp"
_HOOKS = "pytest_icp_"
_PYTEST = ("addopts", "testpaths")
"""The options of pytest itself by which an ini file leaves out rules or descriptions."""

_WEAKER: Mapping[str, Callable[[list[str]], bool]] = {
    "unknown": lambda value: value == ["warn"],
    "fail_on": lambda value: value == ["new"],
    "lookback": lambda value: (days_of(value[0]) or 0) < (days_of(_usual("lookback")[0]) or 0),
    "select": bool,
    "ignore": bool,
    "files": lambda value: value != _usual("files"),
    "six_months": lambda value: value == ["180"],
    "waiver_days": lambda value: value == ["0"] or int(value[0]) > WAIVER_DAYS,
}
"""The options that can make a run milder, and the values that do."""

_DECIDING = ("since", "as_of", "site_search", "papers", "policies", "workdays", "source")
"""Further options that change what is evaluated, or as of when."""


def present(
    config: pytest.Config, locked: Mapping[str, Section], *, addopts: Iterable[str] = ()
) -> dict[str, Section | None]:
    """Return the sections as they are now; None is what this run did not look at.

    Of what ``locked`` has and this run did not read, only that is asked if it is still there.
    ``addopts`` are those of the ini file, where the run itself does not take them.
    """
    found = _Present(config, locked).sections()
    if words := [*addopts]:
        found["options"] = {**_named(found["options"]), "addopts": words}
    return found


def _named(section: Section | None) -> Mapping[str, Json]:
    return section if isinstance(section, Mapping) else {}


def weakening(config: pytest.Config) -> dict[str, Section | None]:
    """Return the sections of what weakens this run; what is typed is permitted by whoever types.

    Options that the ini file gives in ``addopts`` are not typed.
    """
    found = _Present(config, {}).sections()
    values = {name: _words(given(config, name)) for name in _WEAKER}
    milder = {
        FLAGS[name].ini: words
        for name, words in values.items()
        if words != _usual(name) and _WEAKER[name](words) and set_by_files(config, name, words)
    }
    return {name: milder if name == "options" else found[name] for name in WEAKENING}


def lock_path(config: pytest.Config) -> Path:
    """Return the lock of the repository, or of the part of it that is run, else where it belongs.

    The one nearest to the root of the repository counts, lest a change puts another before it. It
    belongs beside the ini file, without one at the root of the repository.
    """
    root, top = config.rootpath, repository_root(config.rootpath)
    above = [*(up for up in reversed(root.parents) if up.is_relative_to(top)), root]
    locks = (up / NAME for up in above)
    found = next((path for path in locks if path.exists() or path.is_symlink()), None)
    if found or config.inipath is None or not of_repository(config):
        return found or top / NAME
    return config.inipath.parent / NAME


def set_by_files(config: pytest.Config, name: str, words: Iterable[str]) -> bool:
    """Whether a file of the repository, and not whoever runs pytest, sets one of these values."""
    return of_repository(config) and any(by_repository(config, name, word) for word in words)


def of_repository(config: pytest.Config) -> bool:
    """Whether the ini file of a run is one of the repository, which a change may change."""
    path = config.inipath
    return path is not None and _is_named_in(path, repository_root(config.rootpath))


def _is_named_in(path: Path, folder: Path) -> bool:
    """Whether a path is named in a folder, wherever links of it lead."""
    return Path(os.path.abspath(path)).is_relative_to(folder)  # noqa: PTH100 - follows no link


def _usual(name: str) -> list[str]:
    return _words(FLAGS[name].default)


def _words(value: Any) -> list[str]:
    """Return the values of an option, one or several."""
    if isinstance(value, (list, tuple)):
        return [str(one) for one in value]
    text = str(value or "").strip()
    return [text] if text else []


class _Present:
    """Looks at the descriptions that were opened, and at the configuration of pytest."""

    def __init__(self, config: pytest.Config, locked: Mapping[str, Section]) -> None:
        self._config, self._locked = config, locked
        self._session = session_of(config)
        self._folder = lock_path(config).parent
        self._opened = {self._name(path): scene for path, scene in self._session.opened.items()}
        self._ran_code = self._session.runs_code

    def sections(self) -> dict[str, Section | None]:
        """Return all sections."""
        ours = of_repository(self._config) or not self._config.getoption("inifilename")
        return {
            "policies": self._policies(),
            "descriptions": self._descriptions(),
            "options": self._options() if ours else None,
            "hooks": self._hooks() if self._ran_code else None,
            "kinds": sorted(self._session.kinds) if self._ran_code else None,
            "sources": sorted(self._session.adapters) if self._ran_code else None,
            "assumptions": self._assumptions(),
            "waivers": self._waivers(),
        }

    def _name(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._folder)).as_posix()

    def _skipped(self, section: str, known: Mapping[str, Any]) -> dict[str, Any]:
        """Return None for each locked file that is there, but that this run did not read."""
        locked = self._locked.get(section, {})
        names = [name for name in locked if name not in known]
        return {name: None for name in names if (self._folder / name).exists()}

    def _policies(self) -> dict[str, Any]:
        """Return the version of the policies of the product, and the digests of other files."""
        root = repository_root(self._config.rootpath)
        files = [*read_options(self._config).year_files]
        for folder in self._session.own_folders:
            files += [path for path in folder.rglob("*.y*ml") if path.suffix in {".yaml", ".yml"}]
        inside = (path for path in files if path.is_file() and _is_named_in(path, root))
        found = {self._name(path): _digest(path, root) for path in inside}
        return {**self._skipped("policies", found), **found, _PRODUCT: tool_version()}

    def _descriptions(self) -> dict[str, Any]:
        """Return how many rules bind each description; none where this run passed one by."""
        found = {name: scene and self._rules(scene) for name, scene in self._opened.items()}
        passed = self._skipped("descriptions", found)
        here = reached(self._config)
        for name in passed:
            path = (self._folder / name).resolve()
            if any(path.is_relative_to(up) for up in here):
                passed[name] = 0
        return {**found, **passed}

    def _rules(self, scene: Scene) -> int:
        from pytest_icp.engine import binding

        policies = binding(self._session.policies, scene.description)
        return sum(len(policy.obligations) for policy in policies)

    def _options(self) -> dict[str, Any]:
        """Return what the ini file sets; not what the command line overrides."""
        config = self._config
        found: dict[str, Any] = {ini: _words(config.getini(ini)) for ini in _PYTEST}
        for name in (*_WEAKER, *_DECIDING):
            words = _words(written(config, name))
            found[FLAGS[name].ini] = words if words != _usual(name) else []
        found |= {ini: None for ini in found if is_overridden(config, ini)}
        return {name: words for name, words in found.items() if words != []}

    def _hooks(self) -> dict[str, Any]:
        """Return the hooks of pytest-icp that files of the repository implement."""
        root = repository_root(self._config.rootpath)
        found: dict[str, Any] = {}
        manager = self._config.pluginmanager
        for plugin in manager.get_plugins():
            file = getattr(plugin, "__file__", None) if isinstance(plugin, ModuleType) else None
            if not file or not _is_named_in(Path(file), root):
                continue
            callers = manager.get_hookcallers(plugin) or ()
            if names := sorted({one.name for one in callers if one.name.startswith(_HOOKS)}):
                found[self._name(Path(file))] = names
        return {**found, **self._skipped("hooks", found)}

    def _assumptions(self) -> dict[str, Any]:
        found = {
            name: [
                f"{reading.kind} {reading.path}: {fact} = {flow(value)}"
                for reading in scene.description.readings
                for fact, value in reading.assume.items()
            ]
            for name, scene in self._opened.items()
            if scene and any(reading.assume for reading in scene.description.readings)
        }
        return {**found, **self._skipped("assumptions", found)}

    def _waivers(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for waiver in self.waivers():
            rows = found.setdefault(self._name(Path(waiver.place.path)), [])
            until = f"decided {waiver.decided_on}" if waiver.decided_on else waiver.expires
            rows.append(f"{waiver.rule} [{waiver.subject}] {until}")
        folders = {path.parent for path, scene in self._session.opened.items() if scene}
        unread = self._skipped("waivers", found)
        return {
            **{name: sorted(set(rows)) for name, rows in found.items()},
            **{n: None for n in unread if (self._folder / n).absolute().parent not in folders},
        }

    def waivers(self) -> Sequence[Waiver]:
        """Return the waivers of the descriptions that were opened, each once."""
        scenes = [scene for scene in self._opened.values() if scene]
        return list(dict.fromkeys(waiver for scene in scenes for waiver in scene.waivers))


def waivers_of(config: pytest.Config) -> Sequence[Waiver]:
    """Return the waivers of the descriptions that this run opened, each once."""
    return _Present(config, {}).waivers()


def _digest(path: Path, root: Path) -> str:
    """Return the digest of a file, the same whatever its line ends are, else why it has none.

    That of a file outside the repository would tell what is in it.
    """
    from pytest_icp.facts.files.source import MEGABYTE, read_bytes

    try:
        raw = read_bytes(path, root=root, limit=64 * MEGABYTE).replace(b"\r\n", b"\n")
    except InputError as error:
        return error.message.en
    return f"sha256:{sha256(raw).hexdigest()[:32]}"
