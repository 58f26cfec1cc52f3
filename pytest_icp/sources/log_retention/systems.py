"""Log systems: policies of indices (索引生命周期), Loki, Filebeat.

``min_age`` of ILM counts from the rollover of an index, so every entry stays that long; without a
rollover it counts from the creation of the index, as ``min_index_age`` of ISM always does, and the
last entries of an index stay for less. ``min_rollover_age`` counts from the rollover again. A data
stream keeps each entry for its ``data_retention``.

Without ``retention_enabled`` of Loki's compactor ``retention_period`` deletes nothing, and a period
of ``0s`` is for ever. A stream whose labels fit a ``retention_stream`` has a period of its own.

An output of Filebeat that hands on, such as ``kafka``, stores nothing. The policy that comes with
Filebeat deletes nothing, but the cluster may have another of its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import itemgetter

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Keys, Value, get, members_of
from pytest_icp.sources.log_retention.files import (
    File,
    Found,
    common_kinds,
    fill,
    known,
)
from pytest_icp.sources.log_stores import (
    ELASTIC,
    ELSEWHERE,
    GO,
    Kept,
    after_apply,
    kinds_named,
    seconds,
    whole_days,
)
from pytest_icp.sources.server_files import ServerFiles

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


def _policies(data: Json, name: str, path: Keys = ()) -> Iterator[tuple[str, Keys, JsonObject]]:
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


_SECTIONS = frozenset({"limits_config", "table_manager", "compactor", "schema_config"})
# Where the configuration stands in the values of charts.
_WITHIN = (
    *((), ("loki",), ("config",), ("loki", "config"), ("loki", "structuredConfig")),
    *(("loki", "loki"), ("loki", "loki", "structuredConfig")),
)


def read_loki(file: File) -> Iterator[Found]:
    """Yield the streams with a period of their own, and all others."""
    for root in file.values():
        if not isinstance(root, Value):
            yield root
            continue
        for path in _WITHIN:
            config = root.get(*path)
            if any(section in config for section in _SECTIONS):
                yield from _config(config)
        for tenant, limits in root.get("overrides").members():
            if "retention_period" in limits or "retention_stream" in limits:
                yield from _limits(f"tenant {tenant}", limits)


def _config(config: Value) -> Iterator[Kept]:
    enabled = config.get("compactor", "retention_enabled")
    if _says(enabled, "true"):
        yield from _limits("loki", config.get("limits_config"))
        return
    tables = config.get("table_manager")
    deletes = tables.get("retention_deletes_enabled")
    kept = Kept(name="loki", at=config.at("loki"))
    for switch in (enabled, deletes):
        if switch.text and not _says(switch, "true", "false"):
            yield replace(kept, period_at=after_apply(switch.at("loki")))
            return
    yield _with_period(kept, tables.get("retention_period")) if _says(deletes, "true") else kept


def _limits(name: str, limits: Value) -> Iterator[Kept]:
    yield _with_period(Kept(name=name, at=limits.at(name)), limits.get("retention_period"))
    for _, stream in limits.get("retention_stream").members():
        selector = stream.get("selector").text
        kept = Kept(name=f"{name} {selector}", at=stream.at(selector), kinds=kinds_named(selector))
        yield _with_period(kept, stream.get("period"))


def _says(value: Value, *words: str) -> bool:
    return (_filled(value) or "").lower() in words


def _filled(value: Value) -> str | None:
    """Return a value with the defaults of variables, which Loki writes in two ways."""
    return known(fill(value.text, {})) or known(fill(value.text, {}, default=":"))


def _with_period(kept: Kept, period: Value) -> Kept:
    """Add a period if there is one; none and ``0s`` are for ever."""
    if not period.text:
        return kept
    written, at = seconds(_filled(period) or "", GO), period.at(kept.name)
    if written is None:
        return replace(kept, period_at=after_apply(at))
    return replace(kept, period=whole_days(written), period_at=at) if written else kept


_MAIN = "filebeat.yml"
_INSTALLED = r"/etc/filebeat/|/usr/share/filebeat/"
# The number and size of files that Filebeat keeps if nothing else is set.
_FILES, _KILOBYTES = 7, 10_240


def read_filebeat(file: File) -> Iterator[Found]:
    """Yield the stores of the outputs."""
    for root in file.values():
        if isinstance(root, Gap):
            yield root
            continue
        kinds = common_kinds(list(_paths(root)))
        search = _dotted(root, "output.elasticsearch")
        if _is_on(search):
            index = _dotted(search, "index").text or "filebeat"
            at = search.at("output.elasticsearch")
            kept = Kept(name=f"elasticsearch {index}", at=at, kinds=kinds, why=ELSEWHERE)
            yield _with_policy(file, kept, root)
        written = _dotted(root, "output.file")
        if _is_on(written):
            path = "/".join(_dotted(written, name).text for name in ("path", "filename"))
            size = _dotted(written, "rotate_every_kb").text or _KILOBYTES
            number = _dotted(written, "number_of_files").text or _FILES
            limits = (f"rotate_every_kb {size}", f"number_of_files {number}")
            at = written.at("output.file")
            yield Kept(name=f"file {path.strip('/')}", at=at, kinds=kinds, limits=limits)


def _paths(root: Value) -> Iterator[str]:
    """Yield the paths of the inputs, or nothing for one that has none."""
    for _, one in _dotted(root, "filebeat.inputs").members():
        paths = [path.text for _, path in one.get("paths").members()]
        yield from paths or [""]
    for _, one in _dotted(root, "filebeat.modules").members():
        yield f"{one.get('module').text}/"


def _with_policy(file: File, kept: Kept, root: Value) -> Kept:
    """Add what the policy keeps that is set up from a file of the repository."""
    written = _dotted(root, "setup.ilm.policy_file").text
    if not written or file.request.given is not None:
        return kept
    server = ServerFiles(file.request, (_MAIN,), _INSTALLED)
    server.begin(file.path)
    for path in server.matching(written) or ():
        for policy in read_index_policies(File(file.request, path)):
            if isinstance(policy, Kept):
                return replace(policy, name=kept.name, at=kept.at, kinds=kept.kinds)
    return kept


def _is_on(output: Value) -> bool:
    return isinstance(output.data, dict) and output.get("enabled").data is not False


def _dotted(value: Value, path: str) -> Value:
    """Return the value at a path, whose keys may be written as one, joined by dots."""
    return _below(value, path.split("."))


def _below(value: Value, keys: Sequence[str]) -> Value:
    for n in range(len(keys), 0, -1):
        joined = ".".join(keys[:n])
        if joined in value:
            found = _below(value.get(joined), keys[n:])
            if found.data is not None:
                return found
    return value if not keys else value.get(*keys)
