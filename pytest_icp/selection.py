"""Which obligations run: ``icp_select`` and ``icp_ignore``, by rule id or glob."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase

import pytest

from pytest_icp.options import Options, read_options
from pytest_icp.session import session_key, session_of

WORKER_REFUSED = "icp_refused"
"""The key under which an xdist worker sends back what it had to refuse."""

WORKER_RULES = "icp_rules"
"""The key under which it sends back the rules of ordinary tests."""

rules_key = pytest.StashKey[list[str]]()
"""The rules of the ordinary tests that rules were chosen among."""


def select(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Stop for what was refused at collection, and deselect the rules not asked for.

    Raises `pytest.UsageError` for policies, waivers or a rule id that cannot be used.
    """
    session = config.stash.get(session_key, None)
    if session and session.refused:
        _stop(config, items, list(dict.fromkeys(session.refused)))
    options = read_options(config)
    if not (options.select or options.ignore):
        return
    rules = session_of(config).rule_ids
    marked = _marked(items)
    must_be_rules(options, rules | marked)
    _keep(config, sorted(marked - rules))
    kept: list[pytest.Item] = []
    dropped: list[pytest.Item] = []
    for item in items:
        rule = rule_of(item)
        (kept if rule is None or wanted(rule, options) else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def _stop(config: pytest.Config, items: list[pytest.Item], refused: list[str]) -> None:
    """Stop the run; a worker lets its controller do so, as nobody would see its own error."""
    output: dict[str, object] | None = getattr(config, "workeroutput", None)
    if output is None:
        raise pytest.UsageError("\n".join(refused))
    output[WORKER_REFUSED] = refused
    items.clear()


def _keep(config: pytest.Config, rules: list[str]) -> None:
    """Keep which rules ordinary tests have; a worker tells its controller."""
    config.stash[rules_key] = rules
    output: dict[str, object] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output[WORKER_RULES] = rules


def rule_of(item: pytest.Item) -> str | None:
    """Return the rule that an item decides or fuzzes: its own, or that of its marker."""
    marker = item.get_closest_marker("icp") or item.get_closest_marker("icp_fuzz")
    return str(marker.args[0]) if marker and marker.args else None


def wanted(rule: str, options: Options) -> bool:
    """Whether ``icp_select`` and ``icp_ignore`` let a rule in."""
    if any(_matches(rule, glob) for glob in options.ignore):
        return False
    return not options.select or any(_matches(rule, glob) for glob in options.select)


def _matches(rule: str, glob: str) -> bool:
    """Whether a rule is meant by its id, by a glob, or by its whole provision."""
    return fnmatchcase(rule, glob) or rule.partition("/")[0] == glob


def must_be_rules(options: Options, rules: frozenset[str]) -> None:
    """Raise `pytest.UsageError` for a rule or glob of the options that matches none there is."""
    for glob in (*options.select, *options.ignore):
        if not any(_matches(rule, glob) for rule in rules):
            from pytest_icp.usage import no_rule, refused

            near = get_close_matches(glob, rules, n=1)
            raise refused(no_rule(glob, near), options.language)


def _marked(items: list[pytest.Item]) -> frozenset[str]:
    return frozenset(rule for item in items if (rule := rule_of(item)))
