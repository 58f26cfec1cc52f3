"""Which logs nothing writes to (没有写入者的日志): no logger names them, or every logger is off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from pytest_icp.law.text import Text
from pytest_icp.sources.listing import listed


class Logger(Struct, frozen=True):
    """A logger: the names that it writes to, whether it is off, and whether it hands on.

    ``additive``: what it logs also goes to where the loggers above it write to.
    """

    refs: tuple[str, ...]
    off: bool = False
    additive: bool = True


def idle(
    names: Iterable[str], loggers: Sequence[Logger], handed: Mapping[str, Sequence[str]]
) -> list[str]:
    """Return the names that nothing writes to, sorted.

    ``handed`` are the names that an appender hands on to, by its own. Without a logger the file is
    a part of something, and a name with a variable may be any: then none is known to be idle.
    """
    # Into one that is off, others may still write that hand on to it.
    silent = not any(one.additive and not one.off for one in loggers)
    used = {name for one in loggers if not (one.off and silent) for name in one.refs}
    if not loggers or any("${" in name for refs in (used, *handed.values()) for name in refs):
        return []
    waiting = list(used)
    while waiting:
        for name in handed.get(waiting.pop(), ()):
            if name not in used:
                used.add(name)
                waiting.append(name)
    return sorted(set(names) - used)


def is_off(level: str) -> bool:
    """Whether a level lets nothing through."""
    return level.strip().upper() == "OFF"


def idle_in(file: str, names: Sequence[str]) -> Text:
    """Return the remark on names that nothing in a file writes to."""
    return _IDLE.format(file=file, names=listed(names))


_IDLE = Text(
    zh="{file}：没有日志写入 {names}，不算日志存储",
    en="{file}: nothing logs to {names}, which are no stores of logs for that reason",
)
