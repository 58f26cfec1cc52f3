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

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Value
from pytest_icp.sources.log_retention.files import (
    ELASTIC,
    GO,
    File,
    Found,
    Kept,
    after_apply,
    fill,
    kinds_named,
    known,
    seconds,
    whole_days,
)
from pytest_icp.sources.server_files import ServerFiles


def of_documents(
    read: Callable[[File, Value], Iterable[Found]],
) -> Callable[[File], Iterator[Found]]:
    """Return what reads each document of a file; one that cannot be read is a gap."""

    def each(file: File) -> Iterator[Found]:
        for root in file.values:
            if isinstance(root, Gap):
                yield root
            else:
                yield from read(file, root)

    return each


_DEEPEST = 6
# What stands between a policy and its name.
_WRAPPERS = frozenset({"policy", "policies", "template", "lifecycle", "_source"})


def read_index_policies(file: File, root: Value) -> Iterator[Kept]:
    """Yield what each policy keeps, by its name or that of the file."""
    yield from _policies(root, file.path.stem)


def _policies(value: Value, name: str) -> Iterator[Kept]:
    """Yield what the policies in a value keep; ``name`` is that of what is around it."""
    if read := _reader_of(value):
        name = value.get("policy_id").text or name
        yield read(Kept(name=name, at=value.at(name), kinds=kinds_named(name)), value)
    elif "apiVersion" not in value and len(value.path) < _DEEPEST:
        name = value.get("_id").text or value.get("name").text or name
        for key, inner in value.members():
            yield from _policies(inner, name if key in _WRAPPERS or key.isdecimal() else key)


def _reader_of(value: Value) -> Callable[[Kept, Value], Kept] | None:
    """Return what reads a policy; None if the value is not one."""
    if isinstance(value.get("phases").data, dict):
        return _phases
    if "data_retention" in value:
        return _data_stream
    states = value.get("default_state").data and value.get("states").data
    return _states if isinstance(states, list) else None


def _aged(kept: Kept, age: Value, why: Text | None = None) -> Kept:
    """Add the age at which entries are deleted; it is no more than a bound if there is a why."""
    written = seconds(age.data, ELASTIC)
    if written is None:
        return kept.lasting(None, age.at(kept.name))
    return replace(
        kept.lasting(whole_days(written, up=why is not None), age.at(kept.name)), why=why
    )


def _data_stream(kept: Kept, policy: Value) -> Kept:
    off = policy.get("enabled").text.lower() == "false"
    return kept if off else _aged(kept, policy.get("data_retention"))


def _phases(kept: Kept, policy: Value) -> Kept:
    """Add what the phases of ILM delete."""
    delete = policy.get("phases", "delete")
    if "delete" not in delete.get("actions"):
        return kept
    rolled = "rollover" in policy.get("phases", "hot", "actions")
    why = None if rolled else _FROM_CREATION
    if "min_age" in delete:
        return _aged(kept, delete.get("min_age"), why)
    return replace(kept.lasting({"days": 0}, delete.at(kept.name)), why=why)


def _states(kept: Kept, policy: Value) -> Kept:
    """Add what the states of ISM delete, if each has one way on."""
    states = {state.get("name").text: state for _, state in policy.get("states").members()}
    name = policy.get("default_state").text
    conditions: list[tuple[str, Value]] = []
    while (state := states.pop(name, None)) is not None:
        if any("delete" in action for _, action in state.get("actions").members()):
            return _deleted(kept, state, conditions)
        ways = state.get("transitions").members()
        if not ways:
            return kept
        if len(ways) > 1:
            break
        name = ways[0][1].get("state_name").text
        conditions += ways[0][1].get("conditions").members()
    return replace(kept, why=_BRANCHES.format(state=name))


def _deleted(kept: Kept, state: Value, conditions: list[tuple[str, Value]]) -> Kept:
    """Add the age at which a state is reached that deletes the index."""
    ages = {key: [one for name, one in conditions if name == key] for key in _AGES}
    for one in (one for some in ages.values() for one in some):
        if seconds(one.data, ELASTIC) is None:
            return kept.lasting(None, one.at(kept.name))
    rolled, indexed = ages[_ROLLED], ages[_INDEXED]
    others = tuple(dict.fromkeys(name for name, _ in conditions if name not in _AGES))
    if others and not rolled:
        return replace(kept, limits=others)
    if not rolled and not indexed:
        return replace(kept.lasting({"days": 0}, state.at(kept.name)), why=_FROM_CREATION)
    last = max(rolled or indexed, key=lambda one: seconds(one.data, ELASTIC) or 0)
    return _aged(kept, last, None if rolled else _FROM_CREATION)


_AGES = _ROLLED, _INDEXED = "min_rollover_age", "min_index_age"

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


def read_loki(_file: File, root: Value) -> Iterator[Kept]:
    """Yield the streams with a period of their own, and all others."""
    for config in (root.get(*path) for path in _WITHIN):
        if any(section in config for section in _SECTIONS):
            yield from _config(config)
    for tenant, limits in root.get("overrides").members():
        if "retention_period" in limits or "retention_stream" in limits:
            yield from _limits(f"tenant {tenant}", limits)


def _config(config: Value) -> Iterator[Kept]:
    enabled = config.get("compactor", "retention_enabled")
    if _switch(enabled) == "true":
        yield from _limits("loki", config.get("limits_config"))
        return
    tables = config.get("table_manager")
    deletes = tables.get("retention_deletes_enabled")
    kept = Kept(name="loki", at=config.at("loki"))
    for switch in (enabled, deletes):
        if _switch(switch) not in {"", "true", "false"}:
            yield replace(kept, period_at=after_apply(switch.at("loki")))
            return
    on = _switch(deletes) == "true"
    yield _with_period(kept, tables.get("retention_period")) if on else kept


def _limits(name: str, limits: Value) -> Iterator[Kept]:
    yield _with_period(Kept(name=name, at=limits.at(name)), limits.get("retention_period"))
    for _, stream in limits.get("retention_stream").members():
        selector = stream.get("selector").text
        kept = Kept(name=f"{name} {selector}", at=stream.at(selector), kinds=kinds_named(selector))
        yield _with_period(kept, stream.get("period"))


def _switch(value: Value) -> str:
    """Return ``true`` or ``false``, as far as a switch is set and known."""
    return (value.text and (_filled(value) or "?")).lower()


def _filled(value: Value) -> str | None:
    """Return a value with the defaults of variables, which Loki writes in two ways."""
    return known(fill(value.text, {})) or known(fill(value.text, {}, default=":"))


def _with_period(kept: Kept, period: Value) -> Kept:
    """Add a period if there is one; none and ``0s`` are for ever."""
    written = seconds(_filled(period) or "", GO) if period.text else 0
    days = None if written is None else whole_days(written) if written else {}
    return kept.lasting(days, period.at(kept.name))


# The number and size of files that Filebeat keeps if nothing else is set.
_FILES, _KILOBYTES = 7, 10_240


def read_filebeat(file: File, root: Value) -> Iterator[Kept]:
    """Yield the stores of the outputs."""
    kinds = _common_kinds(root)
    search = _dotted(root, "output.elasticsearch")
    if _is_on(search):
        index = _dotted(search, "index").text or "filebeat"
        at = search.at("output.elasticsearch")
        kept = Kept(name=f"elasticsearch {index}", at=at, kinds=kinds, why=ELSEWHERE)
        yield _with_policy(file, kept, _dotted(root, "setup.ilm.policy_file").text)
    written = _dotted(root, "output.file")
    if _is_on(written):
        path = "/".join(_dotted(written, name).text for name in ("path", "filename"))
        size = _dotted(written, "rotate_every_kb").text or _KILOBYTES
        number = _dotted(written, "number_of_files").text or _FILES
        limits = (f"rotate_every_kb {size}", f"number_of_files {number}")
        at = written.at("output.file")
        yield Kept(name=f"file {path.strip('/')}", at=at, kinds=kinds, limits=limits)


def _common_kinds(root: Value) -> tuple[str, ...]:
    """Return the kinds that the paths of all inputs say; a module may read any."""
    inputs = [one for _, one in _dotted(root, "filebeat.inputs").members()]
    paths = [path.text for one in inputs for _, path in one.get("paths").members() or [("", one)]]
    paths += ["" for _ in _dotted(root, "filebeat.modules").members()]
    named = [set(kinds_named(path)) for path in paths]
    return tuple(sorted(set.intersection(*named))) if named else ()


def _with_policy(file: File, kept: Kept, written: str) -> Kept:
    """Add what the policy keeps that is set up from a file of the repository."""
    if not written or file.alone:
        return kept
    server = ServerFiles(file.request, ("filebeat.yml",), r"/etc/filebeat/|/usr/share/filebeat/")
    server.begin(file.path)
    for path in server.matching(written) or ():
        for policy in of_documents(read_index_policies)(File(file.request, path)):
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


ELSEWHERE = Text(
    zh="日志发送到别处，保存多久由那里的设置决定，这里无法判断",
    en="it is sent elsewhere, and settings there decide how long it is kept",
)
"""Why it is not known how long what is sent to another system is kept."""
