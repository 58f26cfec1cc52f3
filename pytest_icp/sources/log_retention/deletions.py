"""What the ``Delete`` action of Log4j 2 deletes of the files of an appender (清理条件).

Conditions are written as alternatives: an age and limits that must all hold. Whether a deletion
concerns the files at all is decided by an example of their names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.sources.elements import plain
from pytest_icp.sources.log_retention.kept import whole
from pytest_icp.sources.log_retention.plugins import attributes_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_AGE = re.compile(
    r"P?(?:(\d{1,9})D)?(?:T?(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S?)?)?", re.IGNORECASE
)
_UNITS = (86_400, 3_600, 60, 1)
_ACCUMULATED = ("ifaccumulatedfilesize", "ifaccumulatedfilecount")
_MOST = 64
_DATE = re.compile(r"%d(?:ate)?+\{([^{}]*+)\}(?:\{[^{}]*+\})*+")
_TOKEN = re.compile(r"%-?\d{0,3}+[A-Za-z]++")
_LETTERS = re.compile(r"([A-Za-z])\1*+")


class Way(Struct, frozen=True):
    """One way in which a file is deleted: after seconds, and only beyond all of the limits."""

    seconds: int = 0
    limits: tuple[str, ...] = ()
    known: bool = True


Fill = Callable[[str], str]
"""Fills in the variables of a text, as far as they have values."""


def ways(delete: Element, pattern: str, filled: Fill) -> list[Way]:
    """Return the ways in which a deletion deletes files whose names have a pattern."""
    own = attributes_of(delete)
    example = _relative(_example(pattern), own, filled)
    trial = filled(own.get("testmode", "false")).lower()
    if example is None or trial == "true":
        return []
    if trial != "false":
        return [Way(known=False)]
    return _all(delete, example, filled)


def _all(conditions: Iterable[Element], example: str, filled: Fill) -> list[Way]:
    """Return the ways in which all conditions hold."""
    found = [Way()]
    for one in conditions:
        each = _one(one, example, filled)
        if len(found) * len(each) > _MOST:
            return [Way(known=False)]
        found = [
            Way(max(a.seconds, b.seconds), a.limits + b.limits, a.known and b.known)
            for a in found
            for b in each
        ]
    return found


def _one(condition: Element, example: str, filled: Fill) -> list[Way]:
    type_, own = plain(condition.tag), attributes_of(condition)
    if type_ == "ifany":
        return [way for one in condition for way in _one(one, example, filled)]
    if type_ == "iflastmodified":
        seconds = seconds_of(filled(own.get("age", "")))
        here = Way(seconds or 0, known=seconds is not None)
    elif type_ in _ACCUMULATED:
        here = Way(limits=(f"{condition.tag.rpartition(':')[2]} {own.get('exceeds', '')}",))
    elif type_ == "iffilename" and "glob" in own:
        if not matches(filled(own["glob"]), example):
            return []
        here = Way()
    else:
        here = Way(known=type_ == "ifall")
    below = _all(condition, example, filled)
    return [
        Way(max(here.seconds, w.seconds), here.limits + w.limits, here.known and w.known)
        for w in below
    ]


def seconds_of(age: str) -> int | None:
    """Return an age in seconds: ``P30D``, ``30d``, ``12h``; ``6M`` are six minutes."""
    found = _AGE.fullmatch(age.strip())
    parts = found.groups() if found else ()
    if not any(parts):
        return None
    return sum(int(n or 0) * unit for n, unit in zip(parts, _UNITS, strict=True))


def _example(pattern: str) -> str:
    """Return a name that files of a pattern could have."""
    dated = _DATE.sub(lambda found: _LETTERS.sub(_digits, found[1]), pattern)
    return _TOKEN.sub("1", dated).replace("\\", "/").removeprefix("./")


def _digits(found: re.Match[str]) -> str:
    return f"{1:0{len(found[0])}}"


def _relative(example: str, own: Mapping[str, str], filled: Fill) -> str | None:
    """Return the example below the folder of a deletion, None if it is not reached there."""
    base = filled(own.get("basepath", "")).replace("\\", "/").removeprefix("./")
    base = base.rstrip("/")
    if base in {"", "."}:
        below = example
    elif example.startswith(f"{base}/"):
        below = example[len(base) + 1 :]
    else:
        return None
    depth = filled(own.get("maxdepth", "1"))
    deepest = whole(depth)
    return None if deepest is not None and below.count("/") >= deepest else below


def matches(glob: str, path: str) -> bool:
    """Whether a glob is of a path; ``**`` stands for any folders before the rest."""
    wanted, parts = glob.replace("\\", "/").split("/"), path.split("/")
    if "**" in wanted:
        wanted = wanted[len(wanted) - wanted[::-1].index("**") :]
        parts = parts[len(parts) - len(wanted) :] if wanted else parts
    same = len(wanted) == len(parts) or not wanted
    return same and all(map(fnmatchcase, parts, wanted or parts))
