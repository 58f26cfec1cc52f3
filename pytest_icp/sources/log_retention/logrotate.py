"""logrotate (``logrotate.conf``, ``logrotate.d/*``): how long rotated files are kept.

``rotate N`` keeps N old files: what was written just before a rotation stays for N intervals, what
was written just after one for N + 1, so N intervals are certain. ``minsize`` delays a rotation,
``size`` and ``maxsize`` bring it about at any time, so that no period is certain.
``maxage`` deletes, at a rotation, what was last written so many days before. What a file of
``logrotate.d`` does not set is set in logrotate.conf, which is read if it stands beside the folder.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from itertools import accumulate

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.disk import is_file
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup
from pytest_icp.sources.log_retention.files import (
    NOT_HERE,
    File,
    Found,
    Kept,
    after_apply,
    gap,
    kinds_named,
    looked_up,
    whole,
)
from pytest_icp.sources.server_files import ServerFiles

_MAIN = "logrotate.conf"
_LINE = re.compile(r"[^\r\n]++")
_WORD = re.compile(r"\"[^\"]*+\"|'[^']*+'|[^\s\"']++")
_SETTING = re.compile(r"([a-z]++)[ \t=]*+([^#]*+)")
_SCRIPTS = frozenset({"prerotate", "postrotate", "firstaction", "lastaction", "preremove"})
_REMOVES = re.compile(r"\b(?:rm|unlink|shred|truncate|tmpwatch|tmpreaper)\b")
_OLD_FILES = re.compile(r"log|gz|\*")
# What logrotate does not read in a folder that it includes, its `tabooext`.
_TABOO = re.compile(r"(?:~|,v|\.(?:bak|swp|disabled|cfsaved|(?:rpm|dpkg-|ucf-|pac)\w++))$")
# The first setting of a block may stand behind its brace.
_OPENED = re.compile(r"([/~\"'][^{}#]*+\{)[ \t]++([a-z].*+)", re.DOTALL)
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


class _Setting(Struct, frozen=True):
    """What a directive says, and where."""

    value: str
    at: ProvenanceLookup


_Settings = dict[str, _Setting]
"""By name; ``every`` is the interval or the size at which files are rotated: the last one counts.

``deletes`` is a script that deletes files by itself.
"""


class _Block(Struct, frozen=True, eq=False):
    """The patterns of files before a pair of braces, and the settings that apply to them."""

    names: list[str]
    at: ProvenanceLookup
    settings: _Settings


def read_logrotate(file: File) -> Iterator[Found]:
    """Yield the logs of each pair of braces, named by the first pattern before it."""
    yield from _Reader(file, {} if file.path.name == _MAIN else _inherited(file)).found()


def _inherited(file: File) -> Mapping[str, _Setting] | None:
    """Return the settings of logrotate.conf beside the folder; None if it cannot be read."""
    main = file.path.parent.parent / _MAIN
    if file.alone or not is_file(main):
        return None
    try:
        above = _Reader(File(file.request, main), {})
        deque(above.blocks(), maxlen=0)
    except InputError:
        return None
    return above.inherited


class _Reader:
    """Reads one file; ``settings`` are those that apply to it, None if they are not at hand."""

    def __init__(self, file: File, settings: Mapping[str, _Setting] | None) -> None:
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
                for found in _Reader(File(request, one), self.inherited).found():
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
                yield line, opened[2]
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
            settings["every"] = _Setting(name, at)
            if value[:1].isalpha():
                # What takes no value leaves the rest of its line to another setting.
                self._set(settings, line, value, address)
        elif name == "size":
            settings["every"] = _Setting(f"size {value}", at)
        else:
            settings[name] = _Setting(value, at)

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
            default = {"rotate": _Setting("0", block.at), "every": _Setting("size 1M", block.at)}
            settings = default | settings
        if "rotate" not in settings or "every" not in settings:
            missing = "daily, weekly" if "rotate" in settings else "rotate"
            return replace(kept, why=_ELSEWHERE.format(setting=missing))
        return _limited(kept, settings)


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
_ELSEWHERE = Text(
    zh="这里没有设置 {setting}，由 logrotate.conf 决定，保存多久无法判断",
    en="{setting} is not set here but in logrotate.conf, so how long it is kept is not known",
)
