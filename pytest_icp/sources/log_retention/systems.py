"""Settings of log systems: logrotate, index policies (索引生命周期), Loki, Filebeat.

``rotate N`` of logrotate (``logrotate.conf``, ``logrotate.d/*``) keeps N old files: what was
written just before a rotation stays for N intervals, what was written just after one for N + 1, so
N intervals are certain. ``minsize`` delays a rotation, ``size`` and ``maxsize`` bring it about at
any time, so that no period is certain. ``maxage`` deletes, at a rotation, what was last written so
many days before. What a file of ``logrotate.d`` does not set is set in logrotate.conf, which is
read if it stands beside the folder.

``min_age`` of ILM counts from the rollover of an index, so every entry stays that long; without a
rollover it counts from the creation of the index, as ``min_index_age`` of ISM always does, and the
last entries of an index stay for less. ``min_rollover_age`` counts from the rollover again. A data
stream keeps each entry for its ``data_retention``. Curator counts from the day in the name of an
index, or from its creation.

Without ``retention_enabled`` of Loki's compactor ``retention_period`` deletes nothing, and a period
of ``0s`` is for ever. A stream whose labels fit a ``retention_stream`` has a period of its own.

An output of Filebeat that hands on, such as ``kafka``, stores nothing. The policy that comes with
Filebeat deletes nothing, but the cluster may have another of its name.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import partial
from itertools import accumulate
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Gap
from pytest_icp.facts.files.disk import is_file
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup, Setting, Value
from pytest_icp.sources.log_retention.files import (
    ELASTIC,
    GO,
    NOT_HERE,
    File,
    Found,
    Kept,
    after_apply,
    fill,
    gap,
    kinds_named,
    known,
    looked_up,
    seconds,
    whole,
    whole_days,
)
from pytest_icp.sources.server_files import ServerFiles

_MAIN = "logrotate.conf"
_LINE = re.compile(r"[^\r\n]++")
_WORD = re.compile(r"\"[^\"]*+\"|'[^']*+'|[^\s\"']++")
_SETTING = re.compile(r"([a-z]++)[ \t=]*+([^#]*+)")
_SCRIPTS = frozenset({"prerotate", "postrotate", "firstaction", "lastaction", "preremove"})
_REMOVES = re.compile(r"\b(?:rm|unlink|shred|truncate|tmpwatch|tmpreaper)\b")
_OLD_FILES = re.compile(r"log|gz|\*|\b(?:find|xargs)\b|-exec\b")
_AGED = re.compile(r"-[acm](?:time|min)\b|\btmp(?:watch|reaper)\b")
_INDICES = re.compile(
    r"\bcurator(?:_cli)?(?::\S{1,99})?[ \t]-"
    r"|-X[ \t]?[\"']?DELETE\b[^\n]{0,300}(?:9200|elastic|opensearch)"
)
# What logrotate does not read in a folder that it includes, its `tabooext`.
_TABOO = re.compile(r"(?:~|,v|\.(?:bak|swp|disabled|cfsaved|(?:rpm|dpkg-|ucf-|pac)\w++))$")
# The settings of a block may stand behind its brace, and before the one that closes it.
_OPENED = re.compile(r"([/~\"'][^{}#]*+\{)[ \t]++([a-z}].*+)", re.DOTALL)
_CLOSED = re.compile(r"(?:([a-z][^{}]*+))?\}")
_TEMPLATE = re.compile(r"\{[{%]")


# The spans of intervals, and the days that each has at most. logrotate itself runs once a day,
# unless somebody changes that.
_UNITS = {
    "hourly": ("hours", 1),
    "daily": ("days", 1),
    "weekly": ("weeks", 7),
    "monthly": ("months", 31),
    "yearly": ("years", 366),
}
_LEAST = tuple(accumulate((0, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)))
"""The days that so many months have at least: those that begin with February."""

# Where nginx and Apache httpd write their access logs unless they are told otherwise.
_ACCESS_LOGS = {
    "/var/log/nginx": "access.log",
    "/usr/local/nginx/logs": "access.log",
    "/usr/local/openresty/nginx/logs": "access.log",
    "/var/log/apache2": "access.log",
    "/var/log/httpd": "access_log",
    "/usr/local/apache2/logs": "access_log",
}


_Settings = dict[str, Setting]
"""What directives say, by name.

``every`` is the interval or the size at which files are rotated: the last one counts.
``deletes`` is a script that deletes files by itself.
"""


class _Block(Struct, frozen=True, eq=False):
    """The patterns of files before a pair of braces, and the settings that apply to them."""

    names: list[str]
    at: ProvenanceLookup
    settings: _Settings


def read_logrotate(file: File) -> Iterator[Found]:
    """Yield the logs of each pair of braces, named by the first pattern before it."""
    yield from _Logrotate(file, {} if file.path.name == _MAIN else _inherited(file)).found()


def _inherited(file: File) -> Mapping[str, Setting] | None:
    """Return the settings of logrotate.conf beside the folder; None if it cannot be read."""
    main = file.path.parent.parent / _MAIN
    if file.alone or not is_file(main):
        return None
    try:
        above = _Logrotate(File(file.request, main), {})
        deque(above.blocks(), maxlen=0)
    except InputError:
        return None
    return above.inherited


class _Logrotate:
    """Reads one file; ``settings`` are those that apply to it, None if they are not at hand."""

    def __init__(self, file: File, settings: Mapping[str, Setting] | None) -> None:
        self._file = file
        self._complete = settings is not None
        self._settings = dict(settings or {})
        self.inherited = self._settings
        self._includes: list[tuple[str, Place]] = []
        self._unrendered: Place | None = None

    def found(self) -> Iterator[Found]:
        """Yield what the file keeps, and what the files that it includes keep."""
        blocks = list(self.blocks())
        if self._unrendered is not None:
            yield gap(_NOT_RENDERED, self._unrendered)
        seen = set[str]()
        for block in blocks:
            twice = next((name for name in block.names if name in seen), None)
            if twice is None:
                yield self._kept(block)
            else:
                # logrotate takes it for a fault, and leaves the second block out.
                yield _TWICE.format(name=twice, place=str(block.at().place.line))
            seen.update(block.names)
        for written, place in self._includes:
            yield from self._included(written, place)

    def _included(self, written: str, place: Place) -> Iterator[Found]:
        request, path = self._file.request, self._file.path
        files = None
        if not self._file.alone and path.name == _MAIN:
            server = ServerFiles(request, (_MAIN,), r"/etc/")
            server.begin(path)
            files = server.matching(f"{written.rstrip('/')}/*")
            files = server.matching(written) if files is None else files
        if files is None:
            yield gap(NOT_HERE.format(path=written), place)
        for one in files or ():
            if not _TABOO.search(one.name):
                for found in _Logrotate(File(request, one), self.inherited).found():
                    yield replace(found, path=one) if isinstance(found, Kept) else found

    def blocks(self) -> Iterator[_Block]:
        """Yield the blocks; a setting outside of them applies to all that follow.

        Raises `InputError` at a block or a script that does not end.
        """
        names: list[str] = []
        block: _Block | None = None
        for line, text in self._lines():
            opens = text.endswith(("{", "{}"))
            if block is not None and not text.startswith("}"):
                self._set(block.settings, line, text, block.names[0])
            elif block is not None:
                yield block
                block = None
            elif opens or not text[0].isalpha():
                names += [word.strip("\"'") for word in _WORD.findall(text.rstrip("{}"))]
                if names and opens:
                    at = self._at(line, names[0])
                    block, names = _Block(names, at, dict(self._settings)), []
                if block is not None and text.endswith("{}"):
                    yield block
                    block = None
            else:
                self._set(self._settings, line, text, "")
        if block is not None:
            raise InputError(_NO_END.format(what="}"), place=block.at().place)

    def _lines(self) -> Iterator[tuple[re.Match[str], str]]:
        """Yield the lines that say something; of a script, only that it deletes files."""
        script: re.Match[str] | None = None
        for line in _LINE.finditer(self._file.text):
            self._file.request.meter.spend("elements")
            text = line[0].strip()
            if script is not None:
                if text == "endscript":
                    script = None
                elif _deletes(text):
                    yield script, f"deletes {script[0].strip()}"
            elif _TEMPLATE.match(text) and not text.endswith(("{", "{}")):
                self._unrendered = self._unrendered or self._place(line)
            elif opened := _OPENED.fullmatch(text):
                yield line, opened[1]
                yield from ((line, one) for one in _parts(opened[2]))
            elif text.endswith("}") and _CLOSED.fullmatch(text):
                yield from ((line, one) for one in _parts(text))
            elif text and not text.startswith("#"):
                script = line if text in _SCRIPTS else None
                yield line, text
        if script is not None:
            raise InputError(_NO_END.format(what="endscript"), place=self._place(script))

    def _set(self, settings: _Settings, line: re.Match[str], text: str, address: str) -> None:
        found = _SETTING.match(text)
        name, value = (found[1], found[2].strip()) if found else ("", "")
        if name == "include" and not address:
            self._includes.append((value, self._place(line)))
            self.inherited = dict(settings)
            return
        at = self._at(line, address, name)
        if name in _UNITS:
            settings["every"] = Setting(name, at)
            if value[:1].isalpha():
                # What takes no value leaves the rest of its line to another setting.
                self._set(settings, line, value, address)
        elif name == "size":
            settings["every"] = Setting(f"size {value}", at)
        else:
            settings[name] = Setting(value, at)

    def _place(self, line: re.Match[str]) -> Place:
        start = line.start() + len(line[0]) - len(line[0].lstrip())
        return self._file.place(start, line.end())

    def _at(self, line: re.Match[str], address: str, attribute: str = "") -> ProvenanceLookup:
        return looked_up(partial(self._place, line), address, attribute)

    def _kept(self, block: _Block) -> Kept:
        kept = Kept(name=block.names[0], at=block.at, kinds=_kinds(block.names))
        settings = block.settings
        if self._unrendered is not None:
            return replace(kept, period_at=after_apply(block.at))
        if "deletes" in settings:
            script = settings["deletes"]
            return replace(kept, period_at=script.at, why=_DELETING.format(script=script.value))
        if self._complete:
            default = {"rotate": Setting("0", block.at), "every": Setting("size 1M", block.at)}
            settings = default | settings
        if "rotate" not in settings or "every" not in settings:
            missing = "daily, weekly" if "rotate" in settings else "rotate"
            return replace(kept, why=_ELSEWHERE.format(setting=missing))
        return _limited(kept, settings)


def _parts(text: str) -> list[str]:
    """Return what is written in a block, and the brace that closes it if that is beside it."""
    closed = _CLOSED.fullmatch(text)
    return [part for part in (closed[1], "}") if part] if closed else [text]


def read_script(file: File) -> Iterator[Gap]:
    """Yield a gap for each command of a script, or a table of cron, that deletes logs."""
    # A command may go on in the next line.
    for line in _LINE.finditer(file.text.replace("\\\n", "  ")):
        if not line[0].lstrip().startswith("#") and cleans(line[0]):
            # It may have a password in it.
            yield gap(CLEANS, replace(file.place(*line.span()), excerpt=""))


def cleans(command: str) -> bool:
    """Whether a command deletes logs by their age, or indices."""
    by_age = _AGED.search(command) and "log" in command.lower() and _deletes(command)
    return bool(by_age) or _INDICES.search(command) is not None


def _deletes(command: str) -> bool:
    removes = _REMOVES.search(command) and _OLD_FILES.search(command)
    return "-delete" in command or removes is not None


def _limited(kept: Kept, settings: _Settings) -> Kept:
    """Add how long files are kept by the settings, of which none is missing."""
    rotate, every, age = settings["rotate"], settings["every"], settings.get("maxage")
    count = -1 if rotate.value == "-1" else whole(rotate.value)
    days = whole(age.value) if age else None
    if count is None or (age and days is None):
        return kept.lasting(None, age.at if age and count is not None else rotate.at)
    if count < 0:
        return kept.lasting({"days": days}, age.at) if age and days is not None else kept
    unit, longest = _UNITS.get(every.value, ("", 0))
    # The first of these is enough: by size alone, delayed by size, and sooner by size.
    sizes = [] if unit else [every.value]
    sizes += [
        f"{each} {settings[each].value}" for each in ("minsize", "maxsize") if each in settings
    ]
    limits = (*sizes[:1], f"rotate {count}")
    if not unit or "minsize" in settings:
        return replace(kept, limits=limits)
    if sizes:
        return kept.lasting(_longest(unit, longest, count, days), rotate.at, limits)
    if age and days is not None and days < count * longest:
        return kept.lasting({"days": min(_least(unit, count), days)}, age.at)
    return kept.lasting(_span(unit, count), rotate.at)


def _span(unit: str, count: int) -> JsonObject:
    """Return so many intervals as a span."""
    return {unit: count} if unit in {"months", "years"} else {"days": _least(unit, count)}


def _least(unit: str, count: int) -> int:
    """Return the days that so many intervals have at least."""
    years, months = divmod(count, 12)
    return {
        "hours": count // 24,
        "days": count,
        "weeks": 7 * count,
        "months": 365 * years + _LEAST[months],
        "years": 365 * count,
    }[unit]


def _longest(unit: str, longest: int, count: int, days: int | None) -> JsonObject:
    """Return what no entry outlasts if each file grows as long as it may.

    By age, a file goes at the first rotation after that many whole days, and it may have been
    written to for one interval before.
    """
    by_count = (count + 1) * longest
    by_age = by_count if days is None else days + 1 + 2 * longest
    if by_age < by_count or unit == "hours":
        return {"days": min(by_age, by_count)}
    return _span(unit, count + 1)


def _kinds(patterns: list[str]) -> tuple[str, ...]:
    """Return the kinds that the names of files say.

    A pattern for the folder in which nginx or Apache httpd writes its access log covers that log.
    """
    written = [pattern.rpartition("/") for pattern in patterns]
    covered = any(
        folder in _ACCESS_LOGS and fnmatchcase(_ACCESS_LOGS[folder], name)
        for folder, _, name in written
    )
    return kinds_named(*patterns) or (("access",) if covered else ())


_NO_END = Text(zh="缺少 {what}", en="{what} is missing")
_NOT_RENDERED = Text(
    zh="模板尚未渲染，无法判断日志保存多久；请改用渲染后的文件",
    en="this template is not rendered, so how long logs are kept is not known; "
    "use the rendered file instead",
)
_TWICE = Text(
    zh="第 {place} 行的 {name} 前面已有设置，logrotate 不采用这一段",
    en="{name} has settings before, so logrotate leaves the block at line {place} out",
)
_DELETING = Text(
    zh="{script} 中的命令自行删除文件，保存多久无法判断",
    en="commands in {script} delete files by themselves, so how long it is kept is not known",
)
CLEANS = Text(
    zh="这里的命令自行删除日志，保存多久无法判断；请在描述中手写这些日志（log_stores）",
    en="a command here deletes logs by itself, so how long they are kept is not known; declare "
    "them by hand (`log_stores`)",
)
_ELSEWHERE = Text(
    zh="这里没有设置 {setting}，由 logrotate.conf 决定，保存多久无法判断",
    en="{setting} is not set here but in logrotate.conf, so how long it is kept is not known",
)


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
_INDEX = "settings.index.lifecycle"
_LED = Text(
    zh="由索引策略 {policy} 决定，而不是这里的 data_retention，保存多久无法判断",
    en="the policy {policy} decides, and not the data_retention here, so how long it is kept is "
    "not known",
)
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
        policy = _dotted(value, f"{_INDEX}.name").text
        led = policy and _dotted(value, f"{_INDEX}.prefer_ilm").text.lower() != "false"
        for key, inner in value.members():
            if led and key == "lifecycle":
                yield Kept(name=name, at=inner.at(name), why=_LED.format(policy=policy[:80]))
            else:
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
    last = max((*rolled, *indexed), key=lambda one: seconds(one.data, ELASTIC) or 0)
    if rolled and last not in rolled:
        # When an index is rolled over before that age is not known.
        return replace(kept, why=_FROM_CREATION)
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


# The days of the units of Curator, whose months and years are of one length.
_CURATED = {"days": 1, "weeks": 7, "months": 30, "years": 365}


def read_curator(_file: File, root: Value) -> Iterator[Kept]:
    """Yield the indices that Curator deletes by the age that their name or creation tells."""
    for number, action in root.get("actions").members():
        off = action.get("options", "disable_action").text.lower() == "true"
        if action.get("action").text == "delete_indices" and not off:
            filters = [one for _, one in action.get("filters").members()]
            patterns = [one.get("value").text for one in filters if _filters_by("pattern", one)]
            name = "/".join(patterns) or f"action {number}"
            kept = Kept(name=name, at=action.at(name), kinds=kinds_named(*patterns))
            ages = [one for one in filters if _filters_by("age", one)]
            others = tuple(one.get("filtertype").text for one in filters if one not in ages)
            yield _curated(kept, ages[0]) if len(ages) == 1 else replace(kept, limits=others)


def _filters_by(type_: str, one: Value) -> bool:
    return one.get("filtertype").text == type_


def _curated(kept: Kept, age: Value) -> Kept:
    """Add the age of an index at which Curator deletes it."""
    unit, count = _CURATED.get(age.get("unit").text), whole(age.get("unit_count").text)
    older = age.get("direction").text == "older"
    days = {"days": unit * count} if older and unit and count is not None else None
    why = _FROM_CREATION if days else None
    return replace(kept.lasting(days, age.get("unit_count").at(kept.name)), why=why)


_IN_TEXT = re.compile(
    r"^[ \t]*+retention_(?:period|stream|enabled|deletes_enabled)[ \t]*+:", re.MULTILINE
)
_TEXT = Text(
    zh="Loki 的设置在这里是一段文本，没有读取，保存多久无法判断；请写成 structuredConfig",
    en="the settings of Loki are a text here, which is not read, so how long logs are kept is not "
    "known; write them as `structuredConfig`",
)
_SECTIONS = frozenset({"limits_config", "table_manager", "schema_config"})


def read_loki(file: File, root: Value) -> Iterator[Found]:
    """Yield the streams and tenants with a period of their own, and all others.

    In the values of charts, a configuration stands at different depths. The limits of Promtail
    are of how much it sends.
    """
    if any(section in root for section in _SECTIONS) and "scrape_configs" not in root:
        yield from _config(root)
        written = root.get("limits_config", "per_tenant_override_config")
        name = PurePosixPath(written.text).name
        if name and not file.beside(name.__eq__):
            yield gap(NOT_HERE.format(path=written.text[:80]), written.place())
    for tenant, limits in root.get("overrides").members():
        if "retention_period" in limits or "retention_stream" in limits:
            yield from _limits(f"tenant {tenant}", limits)
    if "apiVersion" not in root and len(root.path) < _DEEPEST:
        for _, inner in root.members():
            yield from read_loki(file, inner)
    if _IN_TEXT.search(root.text) and "scrape_configs" not in root.text:
        yield gap(_TEXT, replace(root.place(), excerpt=""))


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


def read_filebeat(_file: File, root: Value) -> Iterator[Kept]:
    """Yield the stores of the outputs."""
    kinds = _common_kinds(root)
    search = _dotted(root, "output.elasticsearch")
    if _is_on(search):
        index = _dotted(search, "index").text or "filebeat"
        at = search.at("output.elasticsearch")
        yield Kept(name=f"elasticsearch {index}", at=at, kinds=kinds, why=ELSEWHERE)
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
