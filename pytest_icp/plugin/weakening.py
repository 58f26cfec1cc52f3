"""What weakens a run (放宽): how reports name it, and the items that fail for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from msgspec import to_builtins

from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import days_of
from pytest_icp.plugin import messages as m
from pytest_icp.plugin.collection import collected_in
from pytest_icp.plugin.flags import FLAGS, by_repository
from pytest_icp.plugin.items import TroublesItem, printable_id
from pytest_icp.plugin.options import given, now, other_day, read_options
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.session import session_of
from pytest_icp.reports.run import Trouble, unread

if TYPE_CHECKING:
    from pytest_icp.rules.waivers import Waiver

WAIVER_DAYS = 366
"""The longest term of a waiver, in days, where no option sets one: a year, a leap one too."""

_WEAKER: Mapping[str, Callable[[list[str]], bool]] = {
    "unknown": lambda value: value == ["warn"],
    "fail_on": lambda value: value == ["new"],
    "lookback": lambda value: (days_of(value[0]) or 0) < (days_of(_usual("lookback")[0]) or 0),
    "select": bool,
    "ignore": bool,
    "files": lambda value: value != _usual("files"),
    "waiver_days": lambda value: value == ["0"] or int(value[0]) > WAIVER_DAYS,
}
"""The options that can make a run milder, and the values that do."""


def name_weakening(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Keep what reports say of what weakens a run, and add the items that fail for it."""
    config = session.config
    for name, where, troubles in (*_day_of_file(config), *_long_waivers(config)):
        named = printable_id(os.path.relpath(where, config.rootpath).replace(os.sep, "/"))
        items.append(
            TroublesItem.from_parent(
                session, name=name, path=where, nodeid=f"{named}::{name}", troubles=troubles
            )
        )
    where = _configuration(config)
    said = (InputError(message) for message in _messages(config))
    found = (to_builtins(one) for error in said for one in unread(error, where))
    collected_in(config).weakened |= {str(one): one for one in found}


def _messages(config: pytest.Config) -> Iterator[Text]:
    """Yield what weakens a run, a sentence for each sort of it."""
    if day := other_day(read_options(config)):
        yield day
    if not session_of(config).runs_code:
        yield m.NO_PROJECT
    if milder := [*_milder(config)]:
        yield m.WEAKENED_BY.format(what=Text("、", ", ").join(milder))


def _milder(config: pytest.Config) -> Iterator[Text]:
    """Yield the options of the repository's files that weaken a run by name, the rest counted.

    What is typed is permitted by whoever types; options that the ini file gives in ``addopts``
    are not typed.
    """
    for name, is_weaker in _WEAKER.items():
        words = _words(given(config, name))
        if words != _usual(name) and is_weaker(words) and _is_set_by_files(config, name, words):
            yield plain(FLAGS[name].ini)
    session = session_of(config)
    scenes, runs_code = session.scenes.values(), session.runs_code
    if any(scene.context.settings.six_months == "180" for scene in scenes):
        yield plain("six_months")
    readings = [one for scene in scenes for one in scene.description.readings]
    counts = {
        m.HOOKS: _hooks(config) if runs_code else 0,
        m.KINDS_OF_OBLIGATION: len(session.kinds) if runs_code else 0,
        m.KINDS_OF_SOURCE: len(session.adapters) if runs_code else 0,
        m.ASSUMPTIONS: sum(len(reading.assume) for reading in readings),
        m.WAIVERS: len(_waivers(config)),
    }
    yield from (m.NUMBER_OF.format(what=what, n=n) for what, n in counts.items() if n)


def _waivers(config: pytest.Config) -> Sequence[Waiver]:
    """Return the waivers of the descriptions that this run opened, each once."""
    scenes = session_of(config).scenes.values()
    return list(dict.fromkeys(waiver for scene in scenes for waiver in scene.waivers))


def _hooks(config: pytest.Config) -> int:
    """Return how many hooks of pytest-icp files of the repository implement."""
    root, manager = repository_root(config.rootpath), config.pluginmanager
    modules = (one for one in manager.get_plugins() if isinstance(one, ModuleType))
    named = ((one, getattr(one, "__file__", None)) for one in modules)
    ours = (one for one, file in named if file and _is_named_in(Path(file), root))
    hooks = (caller.name for one in ours for caller in manager.get_hookcallers(one) or ())
    return sum(name.startswith("pytest_icp_") for name in hooks)


def _configuration(config: pytest.Config) -> Path:
    """Return the ini file that the repository sets options in, else the folder of the run."""
    path = config.inipath
    return path if path and _is_of_repository(config) else config.rootpath


def _is_set_by_files(config: pytest.Config, name: str, words: Iterable[str]) -> bool:
    """Whether a file of the repository, and not whoever runs pytest, sets one of these values."""
    return _is_of_repository(config) and any(by_repository(config, name, word) for word in words)


def _is_of_repository(config: pytest.Config) -> bool:
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


_Failing = Iterator[tuple[str, Path, list[Trouble]]]
"""The name of an item that fails, its file, and why."""


def _day_of_file(config: pytest.Config) -> _Failing:
    """Yield that in CI a file of the repository says as of when it is judged."""
    day = str(given(config, "as_of") or "").strip()
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    if day and in_ci and _is_set_by_files(config, "as_of", [day]):
        error = InputError(m.DAY_OF_FILE.format(day=day), hint=m.NAME_THE_DAY)
        where = _configuration(config)
        yield "icp_as_of", where, unread(error, where)


def _long_waivers(config: pytest.Config) -> _Failing:
    """Yield the waivers of more than a year, where no option sets their longest term."""
    if given(config, "waiver_days"):
        return
    start = max(read_options(config).as_of, now()).date()
    found: dict[Path, list[Trouble]] = {}
    for waiver in _waivers(config):
        if not waiver.decided_on and (waiver.expires - start).days > WAIVER_DAYS:
            message = m.LONG_WAIVER.format(expires=waiver.expires)
            where = config.rootpath / waiver.place.path
            error = InputError(message, place=waiver.place, hint=m.SHORTER)
            found.setdefault(where, []).extend(unread(error, where))
    yield from (("waivers", where, troubles) for where, troubles in found.items())
