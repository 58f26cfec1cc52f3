"""What was collected (已收集), and which of it runs; the rest is deselected."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.session import IcpSession, Refused, session_key, session_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_icp.kinds.result import Primitives
    from pytest_icp.rules.selection import RuleIds

RECORDER = "icp-recorder"
"""The name of the plugin that takes the results; an xdist worker has none."""

WORKER_COLLECTED = "icp_collected"
"""The key under which an xdist worker sends back what it collected."""

_SENT = ("files", "rules", "records", "tests", "own_rules", "weakened", "refused")

_key = pytest.StashKey["Collected"]()


class Collected:
    """What one process collected, by node id.

    ``files`` are the paths of the descriptions; ``rules`` those that are selected of each that was
    read, ``records`` what it rests on; ``tests`` the ordinary tests with the marker ``icp``, each
    as reports have one that is not decided, and ``own_rules`` their rules that no policy has.
    ``weakened`` is what weakens the run, by its words; ``refused`` are the errors that a worker
    stopped for. ``finished`` is whether the collection came to its end.
    """

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.rules: dict[str, list[str]] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.tests: dict[str, dict[str, Any]] = {}
        self.own_rules: dict[str, None] = {}
        self.weakened: dict[str, Primitives] = {}
        self.refused: dict[str, None] = {}
        self.finished = False

    def note(self, items: Iterable[object]) -> None:
        """Note the ordinary tests with a marker; plugins name things that are not items, too."""
        for item in items:
            if isinstance(item, pytest.Item) and not hasattr(item, "obligation"):
                marker = item.get_closest_marker("icp")
                if marker and marker.args:
                    self.tests[item.nodeid] = marked(item, marker, "unknown")

    def add(self, parts: Mapping[str, Any]) -> None:
        """Add what a worker sent."""
        for name in _SENT:
            getattr(self, name).update(parts[name])


def marked(item: pytest.Item, marker: pytest.Mark, verdict: str) -> Primitives:
    """Return the verdict of an ordinary test with a marker, as reports have it."""
    path, line, name = item.location
    return {
        "rule_id": str(marker.args[0]),
        "verdict": verdict,
        "title": name,
        "name": name,
        "why": "",
        "path": PurePath(path).as_posix(),
        "line": (line or 0) + 1,
    }


def collected_in(config: pytest.Config) -> Collected:
    """Return what was collected in this process; a worker sends it to its controller."""
    known = config.stash.get(_key, None)
    if known is None:
        known = config.stash[_key] = Collected()
        output: dict[str, Any] | None = getattr(config, "workeroutput", None)
        if output is not None:
            output[WORKER_COLLECTED] = {name: getattr(known, name) for name in _SENT}
    return known


# ---- Which items run: the rules that are selected of each description; the others are deselected


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stop for errors at collection, and deselect rules.

    Raises `pytest.UsageError` for policies, waivers or a rule id that cannot be used.
    """
    session = config.stash.get(session_key, None)
    refused = [*(session.refused if session else ()), *_wrong_markers(config, items)]
    if refused:
        _stop(config, items, list(dict.fromkeys(refused)))
    options = read_options(config)
    marked = frozenset(rule for item in items if (rule := rule_of(item)))
    if not (marked or options.select or options.ignore):
        return
    session = session_of(config)
    try:
        rules = session.rule_ids
    except Refused as why:
        # No description has opened them before.
        _stop(config, items, [str(why)])
        return
    try:
        must_be_rules(options, rules | marked)
    except pytest.UsageError:
        # Of a run that does not take place, the header would say what it leaves out.
        items.clear()
        raise
    collected_in(config).own_rules |= dict.fromkeys(sorted(marked - rules))
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        (kept if _is_selected(item, session) else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def _is_selected(item: pytest.Item, session: IcpSession) -> bool:
    """Whether an item is to run: the rule that it decides or fuzzes in a description, or its own.

    Only options leave ordinary tests out.
    """
    rule = rule_of(item)
    if rule is None:
        return True
    if hasattr(item, "obligation") or hasattr(item, "fuzzed"):
        return rule.partition("#")[0] in session.selection(item.path).rules
    return session.lets_in(rule)


def _stop(config: pytest.Config, items: list[pytest.Item], refused: list[str]) -> None:
    """Stop the run; a worker sends its errors to the controller, which prints them."""
    if not hasattr(config, "workeroutput"):
        raise pytest.UsageError("\n".join(refused))
    collected_in(config).refused |= dict.fromkeys(refused)
    items.clear()


def _wrong_markers(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    """Return what is wrong with the markers of ordinary tests, each marker once."""
    found: dict[str, tuple[pytest.Item, pytest.Mark]] = {}
    for item in items:
        marker = item.get_closest_marker("icp")
        if marker and not hasattr(item, "obligation"):
            found.setdefault(_written(marker), (item, marker))
    if not found:
        return []
    from pytest_icp.reports.errors import error_text

    try:
        known = session_of(config).known_rules
    except Refused as refused:
        return [str(refused)]
    language, base = read_options(config).language, config.rootpath
    faults = (_fault(item, marker, known) for item, marker in found.values())
    return [error_text(fault, language, base) for fault in faults if fault]


def _fault(item: pytest.Item, marker: pytest.Mark, known: RuleIds) -> InputError | None:
    """Return what is wrong with the rule that a marker names."""
    from pytest_icp.law.location import Place
    from pytest_icp.plugin.messages import NO_RULE_ID, SUCH_AS
    from pytest_icp.rules.selection import is_rule_id, no_such_rule

    place = Place(path=item.path, line=(item.location[1] or 0) + 1)
    if len(marker.args) != 1 or marker.kwargs or not is_rule_id(marker.args[0]):
        message = NO_RULE_ID.format(written=_written(marker))
        return InputError(message, place=place, hint=SUCH_AS)
    (rule,) = marker.args
    return no_such_rule(rule, known.every, place) if known.misspelt(rule) else None


def _written(marker: pytest.Mark) -> str:
    named = (f"{name}={value!r}" for name, value in marker.kwargs.items())
    return f"icp({', '.join([*map(repr, marker.args), *named])})"


def rule_of(item: pytest.Item) -> str | None:
    """Return the rule that an item decides or fuzzes: its own, or that of its marker."""
    marker = item.get_closest_marker("icp") or item.get_closest_marker("icp_fuzz")
    return str(marker.args[0]) if marker and marker.args else None


def must_be_rules(options: Options, rules: frozenset[str]) -> None:
    """Raise `pytest.UsageError` for a name in the options that means no rule."""
    from pytest_icp.rules.selection import misspelt

    for option in ("select", "ignore"):
        for name in misspelt(getattr(options, option), rules):
            from pytest_icp.plugin.usage import refused
            from pytest_icp.rules.selection import no_such_name

            raise refused(no_such_name(name, rules), options.language, option=f"icp_{option}")
