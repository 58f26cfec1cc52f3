"""Policies of indices (索引生命周期): ILM and data streams of Elasticsearch, ISM of OpenSearch.

``min_age`` of ILM counts from the rollover of an index, so every entry stays that long; without a
rollover it counts from the creation of the index, as ``min_index_age`` of ISM always does, and the
last entries of an index stay for less. ``min_rollover_age`` counts from the rollover again. A data
stream keeps each entry for its ``data_retention``.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.law.text import Text
from pytest_icp.sources.log_retention.files import Found
from pytest_icp.sources.log_stores import Kept, after_apply, kinds_named
from pytest_icp.sources.periods import ELASTIC, seconds, whole_days
from pytest_icp.sources.values import Path, Value, get, members_of

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.sources.log_retention.files import File

_DEEPEST = 6
_CONTAINERS = (dict, list)
# What stands between a policy and its name.
_WRAPPERS = frozenset({"policy", "policies", "template", "lifecycle", "_source"})


def read_index_policies(file: File) -> Iterator[Found]:
    """Yield what each policy keeps, by its name or that of the file."""
    for root in file.values():
        if isinstance(root, Value):
            for name, path, body in _policies(root.data, file.path.stem):
                yield _kept(name, Value(body, root.places, path))
        else:
            yield root


def _policies(data: Json, name: str, path: Path = ()) -> Iterator[tuple[str, Path, JsonObject]]:
    """Yield the policies in data with their names and paths."""
    if isinstance(data, dict):
        if _is_policy(data):
            yield str(data.get("policy_id") or name), path, data
            return
        if "apiVersion" in data:
            return
        name = str(data.get("_id") or data.get("name") or name)
    if len(path) < _DEEPEST:
        for key, inner in members_of(data):
            if isinstance(inner, _CONTAINERS):
                called = name if key in _WRAPPERS or key.isdecimal() else key
                yield from _policies(inner, called, (*path, key))


def _is_policy(body: JsonObject) -> bool:
    if isinstance(body.get("phases"), dict) or "data_retention" in body:
        return True
    return bool(isinstance(body.get("states"), list) and body.get("default_state"))


def _kept(name: str, policy: Value) -> Kept:
    """Return how long the indices of a policy are kept."""
    kept = Kept(name=name, at=policy.at(name), kinds=kinds_named(name))
    if "phases" in policy:
        return _phases(kept, policy)
    if "data_retention" in policy:
        off = policy.get("enabled").text.lower() == "false"
        return kept if off else _aged(kept, policy.get("data_retention"))
    return _states(kept, policy)


def _aged(kept: Kept, age: Value, why: Text | None = None) -> Kept:
    """Add the age at which entries are deleted; it is no more than a bound if there is a why."""
    at, written = age.at(kept.name), seconds(age.data, ELASTIC)
    if written is None:
        return replace(kept, period_at=after_apply(at))
    period = whole_days(written, up=why is not None)
    return replace(kept, period=period, period_at=at, why=why)


def _phases(kept: Kept, policy: Value) -> Kept:
    """Add what the phases of ILM delete."""
    phases = get(policy.data, "phases")
    delete = get(phases, "delete")
    if not _has(get(delete, "actions"), "delete"):
        return kept
    why = None if _has(get(phases, "hot", "actions"), "rollover") else _FROM_CREATION
    if _has(delete, "min_age"):
        return _aged(kept, policy.get("phases", "delete", "min_age"), why)
    at = policy.get("phases", "delete").at(kept.name)
    return replace(kept, period={"days": 0}, period_at=at, why=why)


def _has(data: Json, key: str) -> bool:
    return isinstance(data, dict) and key in data


def _states(kept: Kept, policy: Value) -> Kept:
    """Add what the states of ISM delete, if each has one way on."""
    states = {state.get("name").text: state for _, state in policy.get("states").members()}
    name = policy.get("default_state").text
    indexed: list[tuple[float, Value]] = []
    rolled: list[tuple[float, Value]] = []
    others: dict[str, None] = {}
    while (state := states.pop(name, None)) is not None:
        actions = [action for _, action in state.get("actions").members()]
        if any("delete" in action for action in actions):
            return _deleted(kept, state, indexed, rolled, tuple(others))
        ways = state.get("transitions").members()
        if not ways:
            return kept
        if len(ways) > 1:
            return replace(kept, why=_BRANCHES.format(state=name))
        way = ways[0][1]
        name = way.get("state_name").text
        for condition, value in way.get("conditions").members():
            age = seconds(value.data, ELASTIC)
            if condition not in _AGES:
                others[condition] = None
            elif age is None:
                return replace(kept, period_at=after_apply(value.at(kept.name)))
            else:
                (rolled if condition == _ROLLED else indexed).append((age, value))
    return replace(kept, why=_BRANCHES.format(state=name))


def _deleted(
    kept: Kept,
    state: Value,
    indexed: list[tuple[float, Value]],
    rolled: list[tuple[float, Value]],
    others: tuple[str, ...],
) -> Kept:
    """Add the age at which a state is reached that deletes the index."""
    if others and not rolled:
        return replace(kept, limits=others)
    if not rolled and not indexed:
        return replace(kept, period={"days": 0}, period_at=state.at(kept.name), why=_FROM_CREATION)
    _, last = max(rolled or indexed, key=itemgetter(0))
    return _aged(kept, last, None if rolled else _FROM_CREATION)


_ROLLED = "min_rollover_age"
_AGES = frozenset({"min_index_age", _ROLLED})

_FROM_CREATION = Text(
    zh="自索引创建起计算，后写入的日志保存得更短，至少保存多久无法判断",
    en="it counts from the creation of the index, so later entries are kept for less, and for how "
    "long at least is not known",
)
_BRANCHES = Text(
    zh="状态 {state} 之后何时删除无法判断，保存多久也就无法判断",
    en="what follows the state {state!r} is not certain, so how long it is kept is not known",
)
